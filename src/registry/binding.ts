import { formatTime } from '../clock/clock.js';
import type { ResourceDefinition } from '../resources/definition.js';
import { pods } from '../resources/index.js';
import { withCondition } from '../resources/state.js';
import type { Pod } from '../resources/types.js';
import { checkPreconditions } from './deletion.js';
import type { Registry } from './registry.js';
import { StatusError } from './status.js';
import type { WriteOptions } from './types.js';

/** What a binding may be told. */
export type BindOptions = Pick<WriteOptions, 'dryRun' | 'user' | 'warn'> & {
  /** The pod that is meant. */
  readonly uid?: string;
};

const BINDING = { group: '', plural: 'pods/binding' };

/**
 * The pod as it is when it is assigned to a node. Part of a decision.
 * @throws StatusError 409 (already assigned, or going), or what users configured says; Unanswered
 */
export function boundPod(registry: Registry, pod: Pod, node: string, options: BindOptions): Pod {
  const { name, namespace = '', deletionTimestamp } = pod.metadata;
  const { uid, user } = options;
  const kind = pods as unknown as ResourceDefinition;
  registry.consult({ operation: 'CREATE', kind, namespace, name, subresource: 'binding', user, options }, () => ({
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name, namespace },
    target: { kind: 'Node', name: node },
  }));
  if (uid) checkPreconditions(pods, pod, { uid });
  if (deletionTimestamp !== undefined)
    throw StatusError.conflict(BINDING, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec.nodeName)
    throw StatusError.conflict(BINDING, name, `pod ${name} is already assigned to node "${pod.spec.nodeName}"`);
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: formatTime(registry.clock.now()),
  } as const;
  // The room that was made for the pod is taken now (ClearingNominatedNodeNameAfterBinding, on since 1.35).
  const { nominatedNodeName: _made, ...status } = pod.status;
  return {
    ...pod,
    spec: { ...pod.spec, nodeName: node },
    status: { ...status, conditions: withCondition(status.conditions, scheduled) },
  };
}
