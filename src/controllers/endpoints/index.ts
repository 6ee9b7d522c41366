export { endpointsController } from './endpoints-controller.js';
export { endpointSliceController } from './slice-controller.js';
