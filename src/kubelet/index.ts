import type { Controller, ControllerContext } from '../controllers/runtime/types.js';
import { Kubelets } from './kubelets.js';
import { nodeAgentController } from './node-agent.js';
import type { KubeletOptions } from './options.js';
import { podWorkerController } from './pod-worker.js';

export type { KubeletOptions } from './options.js';
export { presentNode } from './present-node.js';

/**
 * The simulated kubelets of all nodes; none if they are switched off.
 * @throws Error that names the option that makes no sense
 */
export function kubeletControllers(context: ControllerContext, options: KubeletOptions = {}): Controller[] {
  if (options.mode === 'off') return [];
  const kubelets = new Kubelets(context, options);
  return [nodeAgentController(context, kubelets), podWorkerController(context, kubelets)];
}
