import { formatTime } from '../../clock/clock.js';
import { podsByNode } from '../../registry/indexes.js';
import { leases, nodes, pods } from '../../resources/index.js';
import { conditionOf, isReady, withCondition } from '../../resources/state.js';
import type { Lease, Node, Taint } from '../../resources/types.js';
import { LEASE_NAMESPACE } from '../../resources/well-known.js';
import type { Change } from '../../store/entry.js';
import { type Controller, type ControllerContext, nothing, type Queue, source } from '../runtime/types.js';
import { silentAt, unknownConditions } from './health.js';
import { executeKey, isMarkedForEviction, taintsOf } from './taints.js';
import { TTL_ANNOTATION, ttlAt, ttlStep } from './ttl.js';
import { type EvictionRates, Zones, zoneOf } from './zones.js';

export interface NodeLifecycleOptions {
  /** Milliseconds without a heartbeat until a node counts as unreachable (`--node-monitor-grace-period`). */
  monitorGracePeriod?: number;
  /** The same for a node that never reported (`--node-startup-grace-period`). */
  startupGracePeriod?: number;
  /** How fast nodes are marked for eviction. */
  eviction?: Partial<EvictionRates>;
}

/** Labels that follow another one, for the sake of old clients. */
const SHADOW_LABELS = { 'kubernetes.io/os': 'beta.kubernetes.io/os', 'kubernetes.io/arch': 'beta.kubernetes.io/arch' };

/**
 * Keeps the taints of nodes in line with their conditions, gives up nodes that are not heard of, and takes the pods of
 * such nodes out of service (TNT-02 to TNT-07). Also sets the annotation that upstream's TTL controller sets,
 * since both come to each new node in one write.
 *
 * Upstream takes pods out of service only when it was the controller itself that gave the node up. Here they go as well when a
 * kubelet of ours says that its node is not Ready: nobody stands behind it who could keep them in service. Where there is no
 * kubelet, which is where there is no Lease, clients say of pods what they like, as they do of their nodes.
 */
export function nodeLifecycleController(context: ControllerContext, options: NodeLifecycleOptions = {}): Controller {
  const { registry } = context;
  const recorder = context.recorder('node-controller');
  const byNode = podsByNode(registry);
  const startedAt = registry.clock.now();
  const grace = { monitor: options.monitorGracePeriod ?? 50_000, startup: options.startupGracePeriod ?? 60_000 };
  const zones = new Zones({ rate: 0.1, secondaryRate: 0.01, largeZone: 50, unhealthyShare: 0.55, ...options.eviction });
  /** Nodes as last seen: to tell of those that came, went, or stopped being ready. */
  const seen = new Map<string, Node>();
  /** When leases that run out had last been renewed when they were looked at, by node. */
  const renewals = new Map<string, string>();

  let count = registry.all(nodes).length;
  let step = ttlStep(count, 0);
  registry.onApply(({ type, entry }) => {
    if (entry.resource !== 'nodes' || type === 'MODIFIED') return;
    count += type === 'ADDED' ? 1 : -1;
    step = ttlStep(count, step);
  });

  function forget(name: string, queue: Queue): void {
    const former = seen.get(name);
    if (!former) return;
    seen.delete(name);
    renewals.delete(name);
    for (const other of zones.forget(name, registry.clock.now())) queue.add(other);
    recorder.event(former, 'Normal', 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`);
  }

  function welcome(node: Node, queue: Queue): void {
    const { name, uid, annotations } = node.metadata;
    const former = seen.get(name);
    if (former && former.metadata.uid !== uid) forget(name, queue);
    // What has the annotation one that ran before has told of.
    if (!seen.has(name) && annotations?.[TTL_ANNOTATION] === undefined)
      recorder.event(node, 'Normal', 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`);
  }

  /** Gives the node up if it has been silent for too long. */
  async function checkHealth(node: Node, queue: Queue): Promise<void> {
    const now = registry.clock.now();
    const { name } = node.metadata;
    const lease: Lease | undefined = registry.get(leases, LEASE_NAMESPACE, name)?.object;
    const at = silentAt(node, lease, grace, startedAt);
    if (at === undefined) {
      renewals.delete(name);
      return;
    }
    if (at > now) {
      // A lease that has been renewed since the last look will be again.
      const before = renewals.get(name);
      const renewed = lease?.spec?.renewTime ?? '';
      renewals.set(name, renewed);
      queue.addAfter(name, at - now, before !== undefined && before !== renewed ? 'upkeep' : undefined);
      return;
    }
    const status = { ...node.status, conditions: unknownConditions(node, now) };
    await registry.update(nodes, { ...node, status }, { subresource: 'status' });
  }

  /** The NoExecute taint that the node is to have now: the one it asks for, when its turn has come. */
  function executeTaint(node: Node, queue: Queue): string | undefined {
    const now = registry.clock.now();
    const { name } = node.metadata;
    const wanted = executeKey(node);
    for (const other of zones.observe(name, zoneOf(node), isReady(node), now)) queue.add(other);
    const waits = wanted !== undefined && !zones.allGone && !isMarkedForEviction(node);
    const turn = waits ? zones.request(name, now) : zones.withdraw(name, now);
    if (turn.wake) queue.addAfter(turn.wake.name, turn.wake.after);
    if (zones.allGone) return undefined;
    return !waits || ('granted' in turn && turn.granted) ? wanted : undefined;
  }

  async function updateNode(node: Node, execute: string | undefined): Promise<void> {
    const taints = taintsOf(node, execute, registry.clock.now());
    const labels = shadowed(node.metadata.labels);
    const ttl = ttlAt(step);
    const { annotations } = node.metadata;
    if (
      taints.length === (node.spec.taints?.length ?? 0) &&
      taints.every((taint, i) => taint === node.spec.taints![i]) &&
      labels === node.metadata.labels &&
      annotations?.[TTL_ANNOTATION] === ttl
    ) {
      return;
    }
    const { taints: _, ...spec } = node.spec;
    await registry.update(nodes, {
      ...node,
      metadata: {
        ...node.metadata,
        ...(labels ? { labels } : {}),
        annotations: { ...annotations, [TTL_ANNOTATION]: ttl },
      },
      spec: { ...spec, ...(taints.length > 0 ? { taints: taints as Taint[] } : {}) },
    });
  }

  /** TNT-05: Ready turns False on every pod of a node that is not ready; the pods stay. */
  async function takeOutOfService(name: string): Promise<void> {
    const lastTransitionTime = formatTime(registry.clock.now());
    const marked = byNode.get(name).filter(entry => isReady(entry.object));
    await Promise.all(
      marked.map(async ({ object: pod }) => {
        const ready = { ...conditionOf(pod, 'Ready')!, status: 'False', lastTransitionTime } as const;
        const conditions = withCondition(pod.status.conditions, ready);
        await registry.update(pods, { ...pod, status: { ...pod.status, conditions } }, { subresource: 'status' });
        recorder.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
      }),
    );
  }

  return {
    name: 'node-lifecycle',
    workers: 64,
    watches: [
      source(nodes, ({ entry }) => [entry.name]),
      source(leases, change =>
        change.entry.namespace === LEASE_NAMESPACE && mayRunOut(change) ? [change.entry.name] : [],
      ),
      source(
        pods,
        ({ type, entry }) => {
          const { nodeName } = entry.object.spec;
          if (type === 'DELETED' || !nodeName || !isReady(entry.object)) return [];
          const node = registry.get(nodes, '', nodeName)?.object;
          return node && isUnready(node) ? [nodeName] : [];
        },
        nothing,
      ),
    ],
    async reconcile(name: string, queue: Queue) {
      const found = registry.get(nodes, '', name)?.object;
      if (!found) {
        forget(name, queue);
        return;
      }
      welcome(found, queue);
      await checkHealth(found, queue);
      const node = registry.get(nodes, '', name)?.object;
      if (!node) return;
      const former = seen.get(name);
      seen.set(name, node);
      if (former && isReady(former) && isUnready(node)) {
        recorder.event(node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
      }
      await Promise.all([
        updateNode(node, executeTaint(node, queue)),
        isUnready(node) && registry.get(leases, LEASE_NAMESPACE, name) ? takeOutOfService(name) : undefined,
      ]);
    },
  };
}

/** Known not to be ready, which a node that never reported is not. */
const isUnready = (node: Node) => conditionOf(node, 'Ready') !== undefined && !isReady(node);

/** Whether a lease began to have an end, or came with one. Renewals are looked at when the old end is reached. */
function mayRunOut({ type, entry, previous }: Change<Lease>): boolean {
  if (type === 'DELETED') return false;
  const ends = entry.object.spec?.leaseDurationSeconds !== undefined;
  return ends && previous?.object.spec?.leaseDurationSeconds === undefined;
}

function shadowed(labels: Record<string, string> | undefined): Record<string, string> | undefined {
  let result = labels;
  for (const [primary, shadow] of Object.entries(SHADOW_LABELS)) {
    const value = labels?.[primary];
    if (value !== undefined && result?.[shadow] !== value) result = { ...result, [shadow]: value };
  }
  return result;
}
