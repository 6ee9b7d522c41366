import type { Controller, ControllerContext } from '../controllers/runtime/types.js';
import type { Registry } from '../registry/registry.js';
import type { ContainerRuntime } from '../resources/container-runtime.js';
import type { Pod } from '../resources/types.js';
import { stageController } from '../stages/index.js';
import { BehaviorRules } from './behavior-rules.js';
import { Instructions } from './instructions.js';
import { Kubelets } from './kubelets.js';
import { nodeAgentController } from './node-agent.js';
import { type KubeletOptions, resolveOptions } from './options.js';
import { podWorkerController } from './pod-worker.js';
import { probesController } from './probes/controller.js';
import { Probes } from './probes/probes.js';
import { SimulatedRuntime } from './runtime/container-runtime.js';
import type { NameService } from './shell/names.js';
import { stageHost } from './stage-host.js';

export type { BehaviorRule, BehaviorRuleState, BehaviorRules, NodeMatch, PodMatch } from './behavior-rules.js';
export { type Instructions, saysTheSame } from './instructions.js';
export type { KubeletOptions } from './options.js';
export { presentNode } from './present-node.js';

/** What containers work with. */
interface RuntimeParts {
  readonly instructions?: Instructions;
  /** What those write through who end what runs in a container. */
  readonly writer?: Registry;
  /** Whether pods may hand connections on to a host; to none unless told otherwise. */
  readonly mayReach?: (host: string, port: number) => boolean;
  /** Whom the containers of a pod ask for names. */
  readonly namesFor?: (pod: Pod) => Promise<NameService>;
}

/**
 * The simulated kubelets of all nodes; none if they are switched off. And what leads objects through stages, where there are any for
 * their kind: pods and nodes live by nothing else then.
 * @throws Error that names the option that makes no sense
 */
export function kubeletControllers(
  context: ControllerContext,
  options: KubeletOptions = {},
  {
    instructions: told = instructions(context.registry, options),
    containers = containerRuntime(context.registry, options),
  }: { readonly instructions?: Instructions; readonly containers?: ContainerRuntime } = {},
): Controller[] {
  const kubelets = new Kubelets(context, options, told);
  const staged = stageController(context, stageHost(context.registry, kubelets));
  const { mode, probes: isProbing, version } = kubelets.options;
  if (mode === 'off') return [staged];
  const probes = isProbing === 'on' ? new Probes(containers, version) : undefined;
  return [
    nodeAgentController(context, kubelets),
    podWorkerController(context, kubelets, probes),
    ...(probes ? [probesController(context, kubelets, probes)] : []),
    staged,
  ];
}

/**
 * What can be done with the containers of the simulated kubelets. Where they are switched off, no container can be reached.
 * @throws Error that names the option that makes no sense
 */
export function containerRuntime(
  registry: Registry,
  options: KubeletOptions = {},
  {
    instructions: told = instructions(registry, options),
    writer = registry,
    mayReach = () => false,
    namesFor,
  }: RuntimeParts = {},
): ContainerRuntime {
  return new SimulatedRuntime(registry, told, { isOff: options.mode === 'off', writer, mayReach, namesFor });
}

/**
 * What pods are told, by the options too.
 * @throws Error that names the option that makes no sense
 */
export function instructions(
  registry: Registry,
  options: KubeletOptions,
  rules = behaviorRules(registry, options),
): Instructions {
  return new Instructions(registry, resolveOptions(options), rules);
}

/**
 * What pods and nodes are made to do, to begin with what the options say.
 * @throws TypeError for a rule that makes no sense
 */
export function behaviorRules({ clock }: Registry, { rules = [] }: KubeletOptions = {}): BehaviorRules {
  const made = new BehaviorRules(clock);
  for (const rule of rules) made.add(rule);
  return made;
}
