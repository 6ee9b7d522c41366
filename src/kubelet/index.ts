import type { Controller, ControllerContext } from '../controllers/runtime/types.js';
import type { Registry } from '../registry/registry.js';
import type { ContainerRuntime } from '../resources/container-runtime.js';
import { Kubelets } from './kubelets.js';
import { nodeAgentController } from './node-agent.js';
import { type KubeletOptions, resolveOptions } from './options.js';
import { podWorkerController } from './pod-worker.js';
import { SimulatedRuntime } from './runtime/container-runtime.js';

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

/**
 * What can be done with the containers of the simulated kubelets. Where they are switched off, no container can be reached.
 * @throws Error that names the option that makes no sense
 */
export function containerRuntime(registry: Registry, options: KubeletOptions = {}): ContainerRuntime {
  const { pods, mode } = resolveOptions(options);
  return new SimulatedRuntime(registry, pods, mode === 'off');
}
