import type { Clock } from '../../src/clock/clock.js';
import type { Registry } from '../../src/registry/registry.js';
import { controllerRevisions, daemonSets, namespaces, nodes, pods } from '../../src/resources/index.js';
import type {
  DaemonSet,
  DaemonSetSpec,
  Draft,
  KubeObject,
  Node,
  Pod,
  PodSpec,
  PodTemplateSpec,
  Taint,
} from '../../src/resources/types.js';
import { addNamespace } from '../support/registry.js';
import {
  type Deed,
  type History,
  type NodeShape,
  type PodDeed,
  SELECTORS,
  SET_SLOTS,
  type Strategy,
  type TemplateShape,
} from './history.js';
import { attempt, MORTAL_NAMESPACE, putLimit, putQuota } from './refusals.js';

/** Where a history is played. */
export interface World {
  readonly registry: Registry;
  readonly clock: Pick<Clock, 'now'>;
  settled(): Promise<void>;
  /** Lets the controllers go on for a few turns of the event loop. */
  turns(count: number): Promise<void>;
  advance(ms: number): Promise<void>;
}

/** Plays a history, and something more after each step. */
export async function play(
  world: World,
  { nodes, steps }: History,
  meanwhile: () => Promise<void> | void = () => {},
): Promise<void> {
  for (const [i, shape] of nodes.entries()) await attempt(() => putNode(world, i, shape));
  await world.settled();
  for (const [i, step] of steps.entries()) {
    await attempt(() => take(world, step, i));
    await meanwhile();
    if (step.after === 'all') await world.settled();
    else await world.turns(step.after);
  }
}

const nodeName = (i: number) => `node-${i}`;
const pick = <T>(all: readonly T[], i: number): T | undefined => all[i % Math.max(all.length, 1)];

async function take(world: World, step: Deed, count: number): Promise<unknown> {
  const { registry } = world;
  switch (step.do) {
    case 'node':
      return putNode(world, step.node, step.shape);
    case 'remove node':
      return registry.delete(nodes, '', nodeName(step.node));
    case 'rejoin':
      await attempt(() => registry.delete(nodes, '', nodeName(step.node)));
      return putNode(world, step.node, step.shape);
    case 'cordon':
      return changeNode(world, step.node, node => ({
        ...node,
        spec: { ...node.spec, unschedulable: !node.spec.unschedulable },
      }));
    case 'label':
      return changeNode(world, step.node, node => relabelled(node, step.labels));
    case 'taint':
      return changeNode(world, step.node, node => ({
        ...node,
        spec: { ...node.spec, taints: taintsWith(node, step.taints) },
      }));
    case 'behave':
      return changeNode(world, step.node, node => behaving(node, step.behavior));
    case 'set':
      return putSet(world, step.set, step.selector, step.template, step.strategy);
    case 'template':
      return changeSet(world, step.set, set => withTemplate(set, { ...shapeOf(set), ...step.change }));
    case 'strategy':
      return changeSet(world, step.set, set => ({ ...set, spec: { ...set.spec, ...step.strategy } }));
    case 'annotate set':
      return changeSet(world, step.set, set => annotated(set, { note: String(count) }));
    case 'hold set':
      return changeSet(world, step.set, set => ({
        ...set,
        metadata: { ...set.metadata, finalizers: finalizersOf(set, true) },
      }));
    case 'release set':
      return changeSet(world, step.set, set => ({
        ...set,
        metadata: { ...set.metadata, finalizers: finalizersOf(set, false) },
      }));
    case 'delete set': {
      const { namespace, name } = SET_SLOTS[step.set]!;
      return registry.delete(daemonSets, namespace, name, { propagationPolicy: step.policy });
    }
    case 'succeed':
      return succeed(world, step.set, step.change);
    case 'quota':
      return putQuota(registry, SET_SLOTS[step.set]!.namespace, step.pods);
    case 'limit':
      return putLimit(registry, SET_SLOTS[step.set]!.namespace, step.cpu);
    case 'end namespace':
      return registry.delete(namespaces, '', MORTAL_NAMESPACE);
    case 'pod': {
      const pod = pick(registry.all(pods), step.pod)?.object;
      return pod && changePod(world, pod, step.what);
    }
    case 'stray':
      return addStray(world, step.set, step.node, step.what, count);
    case 'revision':
      return changeRevision(world, step.revision, step.what, count);
    case 'wait':
      return world.advance(step.seconds * 1000);
  }
}

// ---- nodes ----

async function putNode(world: World, i: number, { labels, taints, cpu, pods }: NodeShape): Promise<void> {
  const name = nodeName(i);
  const { registry } = world;
  const capacity = { cpu, memory: '8Gi', pods };
  if (!registry.get(nodes, '', name)) {
    await registry.create(nodes, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels },
      spec: { taints: [...taints] },
      status: { capacity, allocatable: capacity },
    });
    return;
  }
  await changeNode(world, i, node => relabelled(node, labels));
  const node = registry.get(nodes, '', name)!.object;
  await registry.update(
    nodes,
    { ...node, status: { ...node.status, capacity, allocatable: capacity } },
    { subresource: 'status' },
  );
}

async function changeNode({ registry }: World, i: number, change: (node: Node) => Node): Promise<void> {
  const entry = registry.get(nodes, '', nodeName(i));
  if (entry) await registry.update(nodes, change(entry.object));
}

const relabelled = (node: Node, labels: Record<string, string>): Node => ({
  ...node,
  metadata: { ...node.metadata, labels: { ...labels } },
});

/** The taints in the place of all but those of the cluster itself. */
const taintsWith = (node: Node, taints: readonly Taint[]) => [
  ...(node.spec.taints ?? []).filter(t => t.key.startsWith('node.kubernetes.io/') && t.effect === 'NoSchedule'),
  ...taints,
];

function annotated<T extends KubeObject>(object: T, annotations: Record<string, string>): T {
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations } },
  };
}

function behaving(node: Node, behavior: string): Node {
  const { 'kubette.dev/behavior': _, ...others } = node.metadata.annotations ?? {};
  const annotations = behavior === '' ? others : { ...others, 'kubette.dev/behavior': behavior };
  return { ...node, metadata: { ...node.metadata, annotations } };
}

// ---- sets ----

const SHAPE = 'test/shape';

/** The shape that a set's template was made from. */
const shapeOf = (set: DaemonSet) => JSON.parse(set.metadata.annotations![SHAPE]!) as TemplateShape;

function podSpec(shape: TemplateShape): PodSpec {
  const { terms, nodeSelector, hostNetwork } = shape;
  const isPinned = shape.nodeName !== undefined;
  // Whoever passes by the scheduler should not ask for what the kubelet may not have.
  const cpu = isPinned ? 0 : shape.cpu;
  const hostPort = shape.hostPort && !isPinned;
  return {
    ...(isPinned ? { nodeName: nodeName(shape.nodeName!) } : {}),
    ...(nodeSelector ? { nodeSelector } : {}),
    ...(terms
      ? {
          affinity: {
            nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [...terms] } },
          },
        }
      : {}),
    ...(hostNetwork ? { hostNetwork } : {}),
    tolerations: [...shape.tolerations],
    containers: [
      {
        name: 'main',
        image: `registry.example/agent:${shape.image}`,
        ...(cpu ? { resources: { requests: { cpu: String(cpu) } } } : {}),
        ...(hostPort ? { ports: [{ containerPort: 9100, hostPort: 9100 }] } : {}),
      },
    ],
  };
}

function templateOf(app: string, shape: TemplateShape): PodTemplateSpec {
  return {
    metadata: {
      labels: { app, tier: 'daemon' },
      annotations: {
        'kubette.dev/ready-delay': `${shape.readyDelay}s`,
        'kubette.dev/stop-delay': `${shape.stopDelay}s`,
      },
      ...(shape.finalizer ? { finalizers: [HOLD] } : {}),
    },
    spec: podSpec(shape),
  };
}

const withTemplate = (set: DaemonSet, shape: TemplateShape): DaemonSet =>
  annotated(
    { ...set, spec: { ...set.spec, template: templateOf(set.metadata.name, shape) } },
    { [SHAPE]: JSON.stringify(shape) },
  );

async function putSet(
  world: World,
  i: number,
  selector: number,
  shape: TemplateShape,
  strategy: Strategy,
): Promise<void> {
  const { namespace, name } = SET_SLOTS[i]!;
  if (world.registry.get(daemonSets, namespace, name)) {
    await changeSet(world, i, set => withTemplate({ ...set, spec: { ...set.spec, ...strategy } }, shape));
    return;
  }
  if (!world.registry.get(namespaces, '', namespace)) await addNamespace(world.registry, namespace);
  const spec = { selector: SELECTORS[selector]!(name), template: templateOf(name, shape), ...strategy };
  await world.registry.create(daemonSets, draftOf(i, shape, spec));
}

function draftOf(i: number, shape: TemplateShape, spec: DaemonSetSpec): Draft<DaemonSet> {
  const { namespace, name } = SET_SLOTS[i]!;
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { namespace, name, annotations: { [SHAPE]: JSON.stringify(shape) } },
    spec,
    status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  };
}

/** Its pods outlive a set, and another one of its name and selector comes, of the same template or another. */
async function succeed(world: World, i: number, change: Partial<TemplateShape>): Promise<void> {
  const { namespace, name } = SET_SLOTS[i]!;
  const { registry } = world;
  const former = registry.get(daemonSets, namespace, name)?.object;
  if (!former) return;
  await registry.delete(daemonSets, namespace, name, { propagationPolicy: 'Orphan' });
  await world.settled();
  const { spec } = withTemplate(former, { ...shapeOf(former), ...change });
  await registry.create(daemonSets, draftOf(i, { ...shapeOf(former), ...change }, spec));
}

async function changeSet({ registry }: World, i: number, change: (set: DaemonSet) => DaemonSet): Promise<void> {
  const { namespace, name } = SET_SLOTS[i]!;
  const entry = registry.get(daemonSets, namespace, name);
  if (entry) await registry.update(daemonSets, change(entry.object));
}

// ---- pods and revisions ----

const HOLD = 'example.com/hold';

function finalizersOf(object: KubeObject, held: boolean): string[] {
  const others = (object.metadata.finalizers ?? []).filter(f => f !== HOLD);
  // Nothing may be added once the object is going.
  return held && object.metadata.deletionTimestamp === undefined ? [...others, HOLD] : others;
}

async function changePod({ registry, clock }: World, pod: Pod, what: PodDeed): Promise<unknown> {
  const { namespace = '', name, labels = {} } = pod.metadata;
  const remake = (metadata: Partial<Pod['metadata']>) =>
    registry.update(pods, { ...pod, metadata: { ...pod.metadata, ...metadata } });
  const report = (status: Partial<Pod['status']>) =>
    registry.update(pods, { ...pod, status: { ...pod.status, ...status } }, { subresource: 'status' });
  const notReady = (pod.status.conditions ?? []).map(condition =>
    condition.type === 'Ready' && condition.status === 'True'
      ? ({
          ...condition,
          status: 'False',
          lastTransitionTime: new Date(clock.now()).toISOString().replace(/\.\d+/, ''),
        } as const)
      : condition,
  );
  switch (what) {
    case 'delete':
      return registry.delete(pods, namespace, name);
    case 'kill':
      return registry.delete(pods, namespace, name, { gracePeriodSeconds: 0 });
    case 'delete slowly':
      return registry.delete(pods, namespace, name, { gracePeriodSeconds: 300 });
    case 'hurry':
      return registry.delete(pods, namespace, name, { gracePeriodSeconds: 1 });
    case 'fail':
      return report({ phase: 'Failed', conditions: notReady });
    case 'succeed':
      return report({ phase: 'Succeeded', conditions: notReady });
    case 'unready':
      return report({ conditions: notReady });
    case 'stray':
      return remake({ labels: { ...labels, app: 'none', tier: 'none' } });
    case 'return':
      return remake({
        labels: { ...labels, app: SET_SLOTS.find(slot => slot.namespace === namespace)!.name, tier: 'daemon' },
      });
    case 'orphan':
      return remake({ ownerReferences: [] });
    case 'hold':
      return remake({ finalizers: finalizersOf(pod, true) });
    case 'release':
      return remake({ finalizers: finalizersOf(pod, false) });
    case 'strip':
      return remake({ labels: Object.fromEntries(Object.entries(labels).filter(([key]) => key !== HASH)) });
  }
}

const HASH = 'controller-revision-hash';

async function addStray(
  { registry }: World,
  i: number,
  node: number,
  what: 'bound' | 'unbound' | 'foreign' | 'failed',
  count: number,
): Promise<void> {
  const { namespace, name: app } = SET_SLOTS[i]!;
  const home = registry.get(namespaces, '', namespace);
  if (!home) return;
  const owner = { apiVersion: 'v1', kind: 'Namespace', name: namespace, uid: home.uid, controller: true };
  const draft: Draft<Pod> = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace,
      name: `stray-${count}`,
      labels: { app, tier: 'daemon' },
      ...(what === 'foreign' ? { ownerReferences: [owner] } : {}),
    },
    spec: {
      ...(what === 'unbound' ? {} : { nodeName: nodeName(node) }),
      containers: [{ name: 'main', image: 'registry.example/stray:1' }],
    },
    status: {},
  };
  const { object } = await registry.create(pods, draft);
  if (what === 'failed')
    await registry.update(pods, { ...object, status: { phase: 'Failed' } }, { subresource: 'status' });
}

async function changeRevision(
  { registry }: World,
  i: number,
  what: 'delete' | 'strip' | 'orphan' | 'double',
  count: number,
): Promise<unknown> {
  const revision = pick(registry.all(controllerRevisions), i)?.object;
  if (!revision) return undefined;
  const { metadata } = revision;
  const { [HASH]: _, ...labels } = metadata.labels ?? {};
  switch (what) {
    case 'delete':
      return registry.delete(controllerRevisions, metadata.namespace!, metadata.name);
    case 'strip':
      return registry.update(controllerRevisions, { ...revision, metadata: { ...metadata, labels } });
    case 'orphan':
      return registry.update(controllerRevisions, { ...revision, metadata: { ...metadata, ownerReferences: [] } });
    case 'double': {
      // Nobody's: a set does not hear of one that is made as its own (CTL-08).
      const {
        uid: _uid,
        resourceVersion: _version,
        creationTimestamp: _time,
        ownerReferences: _owners,
        ...copied
      } = metadata;
      const name = `double-${count}`;
      return registry.create(controllerRevisions, {
        ...revision,
        metadata: { ...copied, name, labels: { ...labels, [HASH]: name } },
        revision: revision.revision + 1,
      });
    }
  }
}
