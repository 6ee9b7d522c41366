import { revisionData } from '../../src/controllers/workloads/revisions.js';
import type { Registry } from '../../src/registry/registry.js';
import { controllerRevisions, daemonSets, nodes, pods } from '../../src/resources/index.js';
import type { ControllerRevision, DaemonSet, Draft, Node, Pod, PodStatus, Taint } from '../../src/resources/types.js';
import type { Entry } from '../../src/store/entry.js';

export interface NodeOptions {
  readonly labels?: Record<string, string>;
  readonly taints?: Taint[];
  readonly cpu?: string;
  readonly unschedulable?: boolean;
}

export async function addNode(registry: Registry, name: string, options: NodeOptions = {}): Promise<Entry<Node>> {
  const { labels = {}, taints, cpu = '4', unschedulable } = options;
  const room = { cpu, memory: '8Gi', pods: '110' };
  const node: Draft<Node> = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec: { ...(taints ? { taints } : {}), ...(unschedulable ? { unschedulable } : {}) },
    status: { capacity: room, allocatable: room, conditions: [{ type: 'Ready', status: 'True' }] },
  };
  const { object } = await registry.create(nodes, node);
  // A new node is tainted until it is ready; here it is ready at once.
  return registry.update<Node>(nodes, { ...object, spec: node.spec });
}

export interface DaemonSetOptions {
  readonly namespace?: string;
  readonly spec?: Partial<DaemonSet['spec']['template']['spec']>;
  readonly cpu?: string;
  readonly updateStrategy?: DaemonSet['spec']['updateStrategy'];
}

/** A DaemonSet as its controller has seen it, with its first revision of hash `h1`. */
export async function addDaemonSet(
  registry: Registry,
  name: string,
  options: DaemonSetOptions = {},
): Promise<Entry<DaemonSet>> {
  const { namespace = 'default', cpu = '100m', spec = {}, updateStrategy = {} } = options;
  const labels = { app: name };
  const draft: Draft<DaemonSet> = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy,
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: `${name}:1`, resources: { requests: { cpu } } }], ...spec },
      },
    },
    status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  };
  const created = await registry.create(daemonSets, draft);
  return observe(registry, created);
}

/** Writes into the status that the controller has seen the present generation, and makes the revision of its template. */
export async function observe(registry: Registry, daemonSet: Entry<DaemonSet>): Promise<Entry<DaemonSet>> {
  const { object, namespace, name } = daemonSet;
  const generation = object.metadata.generation ?? 1;
  const hash = `h${generation}`;
  const revision: Draft<ControllerRevision> = {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { ...object.spec.selector.matchLabels, 'controller-revision-hash': hash },
      ownerReferences: [owner(daemonSet)],
    },
    data: revisionData(object.spec.template).data,
    revision: generation,
  };
  await registry.create(controllerRevisions, revision);
  return registry.update<DaemonSet>(
    daemonSets,
    { ...object, status: { ...object.status, observedGeneration: generation } },
    { subresource: 'status' },
  );
}

export interface PodOptions {
  readonly hash?: string;
  readonly suffix?: string;
  /** Leaves the pod to the scheduler, meant for its node. */
  readonly unbound?: boolean;
  readonly status?: PodStatus;
}

export const RUNNING: PodStatus = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };

/** A pod of the DaemonSet on (or, unbound, for) a node; running and ready unless told otherwise. */
export async function addDaemonPod(
  registry: Registry,
  daemonSet: Entry<DaemonSet>,
  node: string,
  options: PodOptions = {},
): Promise<Entry<Pod>> {
  const { hash = 'h1', suffix = '', unbound = false, status = RUNNING } = options;
  const { template } = daemonSet.object.spec;
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
  const draft: Draft<Pod> = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${daemonSet.name}-${node}${suffix}`,
      namespace: daemonSet.namespace,
      labels: { ...template.metadata?.labels, 'controller-revision-hash': hash },
      ownerReferences: [owner(daemonSet)],
    },
    spec: {
      ...template.spec,
      ...(unbound ? {} : { nodeName: node }),
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } },
    },
    status: {},
  };
  const { object } = await registry.create(pods, draft);
  return registry.update<Pod>(pods, { ...object, status: { ...object.status, ...status } }, { subresource: 'status' });
}

const owner = (daemonSet: Entry<DaemonSet>) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  name: daemonSet.name,
  uid: daemonSet.uid,
  controller: true,
  blockOwnerDeletion: true,
});
