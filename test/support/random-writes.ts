import { Random } from '../../src/clock/random.js';
import { TEMPLATE_HASH_LABEL } from '../../src/controllers/deployment/replica-sets.js';
import { REVISION_HASH_LABEL } from '../../src/controllers/workloads/revisions.js';
import type { Registry } from '../../src/registry/registry.js';
import type { ResourceDefinition } from '../../src/resources/definition.js';
import { daemonSets, deployments, nodes, pods, replicaSets, statefulSets } from '../../src/resources/index.js';
import type { DaemonSet, Draft, Node, OwnerReference, Pod } from '../../src/resources/types.js';
import type { Deployment, ReplicaSet, StatefulSet } from '../../src/resources/workload-types.js';
import type { Entry } from '../../src/store/entry.js';
import { addDaemonPod, addDaemonSet, addNode, observe, RUNNING } from './small-cluster.js';

/** A controlling reference to an object. */
export const controlledBy = (kind: string, { name, uid }: Pick<Entry, 'name' | 'uid'>): OwnerReference => ({
  apiVersion: 'apps/v1',
  kind,
  name,
  uid,
  controller: true,
});

/** A ReplicaSet that a Deployment controls, or nobody. */
export function addReplicaSet(registry: Registry, name: string, owners: OwnerReference[] = [], image = 'x') {
  const app = owners[0]?.name ?? name;
  const draft: Draft<ReplicaSet> = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace: 'default',
      ownerReferences: owners,
      labels: { [TEMPLATE_HASH_LABEL]: image === 'x:0' ? 'h0' : 'h1' },
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app } },
      template: templateOf(app, image),
    },
    status: { replicas: 0 },
  };
  return registry.create(replicaSets, draft);
}

const templateOf = (app: string, image: string) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'main', image }] },
});

/** A Deployment or StatefulSet of a template. */
export function addRolling<T extends Deployment | StatefulSet>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  name: string,
  spec: Readonly<Record<string, unknown>>,
): Promise<Entry<T>> {
  return registry.create(kind, {
    apiVersion: 'apps/v1',
    kind: kind.kind,
    metadata: { name, namespace: 'default' },
    spec: { ...spec, selector: { matchLabels: { app: name } }, template: templateOf(name, 'x:0') },
  } as never);
}

/** A pod that no DaemonSet controls; on a node, or on none. */
export async function addPod(
  registry: Registry,
  name: string,
  more: {
    readonly node?: string;
    readonly owners?: OwnerReference[];
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
  } = {},
): Promise<Entry<Pod>> {
  const { node, owners = [], namespace = 'default', labels = { app: name } } = more;
  const containers = [{ name: 'main', image: 'x', resources: { requests: { cpu: '250m', memory: '1Ki' } } }];
  return registry.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels, ownerReferences: owners },
    spec: { ...(node ? { nodeName: node } : {}), containers },
    status: {},
  });
}

/** Changes a small cluster again and again, in any way that placements have to do with; the same seed does the same. */
export class RandomWrites {
  readonly #registry: Registry;
  readonly #random: Random;
  #made = 0;

  constructor(registry: Registry, seed: number) {
    this.#registry = registry;
    this.#random = new Random(seed);
  }

  /** One thing happens, or a few if they belong together. */
  async write(): Promise<void> {
    const registry = this.#registry;
    const name = `x${this.#made++}`;
    const [node, pod, set] = [
      this.#pick(registry.all(nodes)),
      this.#pick(registry.all(pods)),
      this.#pick(registry.all(daemonSets)),
    ];
    const onNode = this.#random.below(4) > 0 && node ? { node: node.name } : {};
    switch (this.#random.below(14)) {
      case 0:
        // Small ones, so that there is not always room.
        await addNode(registry, name, { cpu: '500m' });
        return;
      case 1:
        if (node && this.#random.below(2) === 0) await registry.delete(nodes, '', node.name);
        return;
      case 2:
        if (node) await registry.update<Node>(nodes, { ...node.object, spec: this.#taints() });
        return;
      case 3:
        if (registry.all(daemonSets).length < 4) await addDaemonSet(registry, name);
        return;
      case 4:
        if (set && this.#random.below(3) === 0) await registry.delete(daemonSets, set.namespace, set.name);
        return;
      case 5:
        if (set) await observe(registry, await registry.update(daemonSets, withImage(set.object, name)));
        return;
      case 6:
      case 7:
        if (set && node) {
          const hash = `h${set.object.metadata.generation! - this.#random.below(2)}`;
          await addDaemonPod(registry, set, node.name, { suffix: name, hash, unbound: this.#random.below(3) === 0 });
        }
        return;
      case 8: {
        const owner = this.#pick([...registry.all(replicaSets), ...registry.all(statefulSets)]);
        const owners = owner ? [controlledBy(owner.object.kind, owner)] : [];
        await addPod(registry, name, { ...onNode, owners, labels: this.#hashes() });
        return;
      }
      case 9: {
        const [web = { name: 'web', uid: 'web' }] = registry.all(deployments);
        const owners = this.#random.below(2) === 0 ? [controlledBy('Deployment', web)] : [];
        const all = registry.all(replicaSets);
        const former = this.#pick(all);
        if (!former || (all.length < 3 && this.#random.below(3) === 0))
          await addReplicaSet(registry, `r${this.#random.below(2)}${name}`, owners, this.#image());
        else if (this.#random.below(4) === 0) await registry.delete(replicaSets, 'default', former.name);
        else {
          const metadata = { ...former.object.metadata, ownerReferences: owners };
          await registry.update(replicaSets, { ...former.object, metadata });
        }
        return;
      }
      case 10: {
        const [web] = registry.all(deployments);
        if (!web) await addRolling(registry, deployments, 'web', {});
        else if (this.#random.below(4) === 0) await registry.delete(deployments, 'default', 'web');
        else await registry.update(deployments, withImage(web.object, this.#image()));
        return;
      }
      case 11: {
        const [db] = registry.all(statefulSets);
        const updateRevision = `h${this.#random.below(2)}`;
        if (!db) await addRolling(registry, statefulSets, 'db', { serviceName: 'db' });
        else if (this.#random.below(4) === 0) await registry.delete(statefulSets, 'default', 'db');
        else {
          const status = { replicas: 0, updateRevision };
          await registry.update<StatefulSet>(statefulSets, { ...db.object, status }, { subresource: 'status' });
        }
        return;
      }
      case 12:
        if (pod) await registry.delete(pods, pod.namespace, pod.name, { gracePeriodSeconds: this.#random.below(2) });
        return;
      default: {
        if (!pod) return;
        const phase = this.#pick(['Pending', 'Running', 'Running', 'Failed', 'Succeeded'] as const)!;
        const status = { ...pod.object.status, ...(phase === 'Running' ? RUNNING : { phase, conditions: [] }) };
        await registry.update<Pod>(pods, { ...pod.object, status }, { subresource: 'status' });
        if (!pod.object.spec.nodeName && node) await registry.bind(pod.namespace, pod.name, node.name).catch(() => {});
      }
    }
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[this.#random.below(items.length)];
  }

  #image = () => `x:${this.#random.below(2)}`;

  /** What pods are known by that are not a DaemonSet's. */
  #hashes(): Record<string, string> {
    const hash = `h${this.#random.below(2)}`;
    return { [TEMPLATE_HASH_LABEL]: hash, [REVISION_HASH_LABEL]: hash };
  }

  #taints(): Node['spec'] {
    if (this.#random.below(2) === 0) return {};
    const effect = this.#random.below(2) === 0 ? 'NoSchedule' : 'NoExecute';
    return { taints: [{ key: 'gpu', value: 'yes', effect }] };
  }
}

function withImage<T extends DaemonSet | Deployment>(object: T, image: string): T {
  const { template } = object.spec;
  const containers = template.spec.containers.map(container => ({ ...container, image }));
  return { ...object, spec: { ...object.spec, template: { ...template, spec: { ...template.spec, containers } } } };
}
