export { stageController } from './controller.js';
export type { StageHost } from './host.js';
export { Lifecycles, type StageReport } from './lifecycles.js';
