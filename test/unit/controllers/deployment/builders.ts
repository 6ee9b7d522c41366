import { formatTime } from '../../../../src/clock/clock.js';
import { withReplicas } from '../../../../src/controllers/deployment/annotations.js';
import type { IntOrString } from '../../../../src/resources/types.js';
import type { Deployment, ReplicaSet, ReplicaStatus } from '../../../../src/resources/workload-types.js';

/** When the tests take place, ms since the epoch. */
export const NOW = Date.parse('2025-06-01T12:00:00Z');

export interface DeploymentFacts extends Partial<Omit<Deployment['spec'], 'replicas'>> {
  readonly surge?: IntOrString;
  readonly unavailable?: IntOrString;
  readonly annotations?: Record<string, string>;
  readonly status?: ReplicaStatus;
}

/** A Deployment `web` of generation 1, whose rollout may neither add nor miss pods unless told otherwise. */
export function deployment(
  replicas: number,
  { surge = 0, unavailable = 0, annotations, status = {}, ...spec }: DeploymentFacts = {},
): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'web',
      namespace: 'default',
      uid: 'deployment',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: formatTime(NOW),
      ...(annotations ? { annotations } : {}),
    },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'web:1' }] } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable } },
      ...spec,
    },
    status,
  };
}

export interface SetFacts {
  /** Days before now when it was made. */
  readonly age?: number;
  readonly available?: number;
  readonly status?: ReplicaStatus;
  readonly annotations?: Record<string, string>;
  /** The Deployment that scaled it last. */
  readonly scaledBy?: Deployment;
}

/** A set of `replicas` pods; none of them is available unless told otherwise. */
export function set(name: string, replicas: number, facts: SetFacts = {}): ReplicaSet {
  const { age = 0, available, status, annotations = {}, scaledBy } = facts;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace: 'default',
      uid: name,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: formatTime(NOW - age * 86_400_000),
      annotations: scaledBy ? withReplicas(annotations, scaledBy) : annotations,
    },
    spec: { replicas, template: { spec: { containers: [] } } },
    status: { ...(available === undefined ? {} : { availableReplicas: available }), ...status },
  };
}
