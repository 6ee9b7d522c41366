import { formatTime } from '../../../../src/clock/clock.js';
import type { VirtualClock } from '../../../../src/clock/virtual-clock.js';
import { daemonSetController } from '../../../../src/controllers/daemonset/controller.js';
import { Runtime } from '../../../../src/controllers/runtime/runtime.js';
import type { Controller, ControllerContext } from '../../../../src/controllers/runtime/types.js';
import type { Registry } from '../../../../src/registry/registry.js';
import type { Era } from '../../../../src/resources/definition.js';
import { controllerRevisions, daemonSets, nodes, pods } from '../../../../src/resources/index.js';
import { isTerminating } from '../../../../src/resources/state.js';
import type {
  ControllerRevision,
  DaemonSet,
  DaemonSetSpec,
  DaemonSetStatus,
  Draft,
  Node,
  Pod,
  PodSpec,
  Taint,
} from '../../../../src/resources/types.js';
import { openRegistry, type TestRegistry } from '../../../support/registry.js';

export const NAMESPACE = 'default';

export interface SetOptions {
  readonly name?: string;
  readonly image?: string;
  readonly app?: string;
  readonly pod?: Partial<PodSpec>;
  readonly spec?: Partial<DaemonSetSpec>;
}

export function daemonSet({
  name = 'agent',
  app = name,
  image = 'registry.example/agent:1',
  pod,
  spec,
}: SetOptions = {}): Draft<DaemonSet> {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      selector: { matchLabels: { app } },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      template: { metadata: { labels: { app } }, spec: { containers: [{ name: 'main', image }], ...pod } },
      ...spec,
    },
    status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  };
}

/** A registry in memory, a virtual clock, the DaemonSet controller, and a kubelet and scheduler that act when they are told to. */
export class TestCluster {
  readonly clock: VirtualClock;
  readonly registry: Registry;
  readonly runtime: Runtime;
  /** `reason message` of the events, oldest first. */
  readonly events: string[] = [];
  /** Errors of syncs. */
  readonly errors: unknown[] = [];
  /** After how many ms the last {@link sync} wants another one. */
  delays: number[] = [];
  readonly #controller: Controller;
  readonly #woken: string[] = [];

  private constructor(registry: TestRegistry, acts: boolean) {
    this.registry = registry;
    this.clock = registry.clock;
    this.runtime = new Runtime(this.registry, { onError: (_controller, _key, error) => this.errors.push(error) });
    const context: ControllerContext = {
      registry,
      recorder: () => ({ event: (_about, _type, reason, message) => void this.events.push(`${reason} ${message}`) }),
    };
    this.#controller = daemonSetController(context);
    this.runtime.add(acts ? this.#controller : this.#listener());
  }

  static async start(nodeCount = 0, era: Era = 'current'): Promise<TestCluster> {
    return TestCluster.#open(nodeCount, era, true);
  }

  /** A cluster whose controller does nothing until {@link sync} tells it to, though it hears what it is {@link woken} by. */
  static async idle(nodeCount = 0, era: Era = 'current'): Promise<TestCluster> {
    return TestCluster.#open(nodeCount, era, false);
  }

  static async #open(nodeCount: number, era: Era, acts: boolean): Promise<TestCluster> {
    const cluster = new TestCluster(await openRegistry([NAMESPACE], { era }), acts);
    for (let i = 0; i < nodeCount; i++) await cluster.addNode(`node-${i}`);
    cluster.runtime.start();
    return cluster;
  }

  /** In the place of the controller: woken as it is, writes down for which sets, and leaves it at that. */
  #listener(): Controller {
    const { name, watches } = this.#controller;
    return { name, watches, reconcile: async key => void this.#woken.push(key) };
  }

  /** The sets that the controller of an {@link idle} cluster was to look at since the last call, one a time it was woken. */
  async woken(): Promise<string[]> {
    await this.settled();
    return this.#woken
      .splice(0)
      .map(key => key.slice(NAMESPACE.length + 1))
      .sort();
  }

  /**
   * One sync of a set in an {@link idle} cluster, as upstream's unit tests count it: pods created/pods deleted/other events. As
   * there, pods that it deleted are gone at once.
   */
  async sync(name = 'agent', namespace = NAMESPACE): Promise<string> {
    this.events.length = 0;
    this.delays = [];
    const queue = { add() {}, addAfter: (_key: string, ms: number) => void this.delays.push(ms) };
    await this.#controller.reconcile(`${namespace}/${name}`, queue);
    const { SuccessfulCreate: created = 0, SuccessfulDelete: deleted = 0, ...others } = this.happened();
    for (const pod of this.pods()) if (isTerminating(pod)) await this.finalise(pod);
    return [created, deleted, Object.values(others).reduce((sum, count) => sum + count, 0)].join('/');
  }

  settled(): Promise<void> {
    return this.runtime.settled();
  }

  /** Moves the clock, letting everything settle at each timer on the way. */
  advance(ms: number): Promise<void> {
    return this.clock.advance(ms, () => this.settled());
  }

  /** Counts the syncs from now on, those that the runtime starts. */
  countReconciles(): () => number {
    let count = 0;
    const reconcile = this.#controller.reconcile.bind(this.#controller);
    this.#controller.reconcile = (key, queue) => {
      count++;
      return reconcile(key, queue);
    };
    return () => count;
  }

  /** Events since the last call, counted by reason. */
  happened(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const event of this.events.splice(0)) {
      const [reason] = event.split(' ');
      counts[reason!] = (counts[reason!] ?? 0) + 1;
    }
    return counts;
  }

  /** Settles, then tells how many pods were made and deleted since the last call. */
  async traffic(): Promise<{ created: number; deleted: number }> {
    await this.settled();
    const { SuccessfulCreate = 0, SuccessfulDelete = 0 } = this.happened();
    return { created: SuccessfulCreate, deleted: SuccessfulDelete };
  }

  // ---- nodes ----

  async addNode(
    name: string,
    { labels = {}, taints = [] as Taint[], allocatable = {} as Record<string, string> } = {},
  ): Promise<void> {
    const capacity = { cpu: '4', memory: '8Gi', pods: '110', ...allocatable };
    await this.registry.create(nodes, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
      spec: {},
      status: { capacity, allocatable: capacity },
    });
    // Admission taints every new node; here they are ready from the start.
    await this.changeNode(name, node => ({ ...node, spec: { ...node.spec, taints } }));
  }

  async changeNode(name: string, change: (node: Node) => Node): Promise<void> {
    await this.registry.update(nodes, change(this.registry.get(nodes, '', name)!.object));
  }

  taint(name: string, ...taints: Taint[]): Promise<void> {
    return this.changeNode(name, node => ({ ...node, spec: { ...node.spec, taints } }));
  }

  label(name: string, labels: Record<string, string>): Promise<void> {
    return this.changeNode(name, node => ({ ...node, metadata: { ...node.metadata, labels } }));
  }

  async removeNode(name: string): Promise<void> {
    await this.registry.delete(nodes, '', name);
  }

  // ---- sets ----

  async createSet(options: SetOptions = {}): Promise<DaemonSet> {
    return (await this.registry.create(daemonSets, daemonSet(options))).object;
  }

  /** A set that selects everything, which only old data can hold. */
  async createLegacySet(): Promise<void> {
    const { log } = this.registry;
    const { metadata, spec, ...draft } = daemonSet();
    const identity = { namespace: NAMESPACE, name: metadata.name!, uid: 'legacy' };
    const object = { ...draft, metadata: { ...metadata, ...identity, generation: 1 }, spec: { ...spec, selector: {} } };
    log.append({ type: 'ADDED', resource: 'daemonsets.apps', ...identity, object: object as DaemonSet });
    await log.committed();
  }

  set(name = 'agent'): DaemonSet {
    return this.registry.get(daemonSets, NAMESPACE, name)!.object;
  }

  status(name = 'agent'): DaemonSetStatus {
    return this.set(name).status;
  }

  async patchSet(body: object, name = 'agent'): Promise<void> {
    await this.registry.patch(daemonSets, NAMESPACE, name, { type: 'merge', body });
  }

  setImage(image: string, name = 'agent'): Promise<void> {
    return this.patchSet({ spec: { template: { spec: { containers: [{ name: 'main', image }] } } } }, name);
  }

  revisions(): ControllerRevision[] {
    return this.registry
      .all(controllerRevisions)
      .map(entry => entry.object)
      .sort((a, b) => a.revision - b.revision);
  }

  // ---- pods ----

  pods(): Pod[] {
    return this.registry.all(pods).map(entry => entry.object);
  }

  /** Live pods, by the node they are bound to or meant for. */
  podsOn(node: string): Pod[] {
    return this.pods().filter(pod => nodeOf(pod) === node);
  }

  /** A pod by hand, bound to a node or, where that is `''`, to none. */
  async createPod(name: string, metadata: Partial<Pod['metadata']>, node: string): Promise<Pod> {
    const containers = [{ name: 'main', image: 'registry.example/agent:1' }];
    const spec = node === '' ? { containers } : { nodeName: node, containers };
    const draft: Draft<Pod> = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: NAMESPACE, ...metadata },
      spec,
      status: {},
    };
    return (await this.registry.create(pods, draft)).object;
  }

  async patchPod(pod: Pod, body: object): Promise<void> {
    await this.registry.patch(pods, NAMESPACE, pod.metadata.name, { type: 'merge', body });
  }

  async setStatus(pod: Pod, phase: Pod['status']['phase'], ready: boolean): Promise<void> {
    const live = this.registry.get(pods, NAMESPACE, pod.metadata.name)!.object;
    const condition = {
      type: 'Ready',
      status: ready ? 'True' : 'False',
      lastProbeTime: null,
      lastTransitionTime: formatTime(this.clock.now()),
    } as const;
    await this.registry.update(
      pods,
      { ...live, status: { ...live.status, phase, conditions: [condition] } },
      { subresource: 'status' },
    );
  }

  /** Takes a pod away without grace, as kubelets do with what is marked for deletion. */
  async finalise({ metadata }: Pod): Promise<void> {
    await this.registry.delete(pods, NAMESPACE, metadata.name, { gracePeriodSeconds: 0 });
  }

  /** Plays scheduler and kubelets once: what waits is bound and gets ready, what is marked for deletion goes. */
  async runPods(ready = true): Promise<void> {
    await this.settled();
    for (const pod of this.pods()) {
      const { name } = pod.metadata;
      if (isTerminating(pod)) await this.finalise(pod);
      else if (!pod.status.conditions?.some(c => c.type === 'Ready' && c.status === 'True')) {
        if (!pod.spec.nodeName) await this.registry.bind(NAMESPACE, name, nodeOf(pod)!);
        await this.setStatus(pod, 'Running', ready);
      }
    }
    await this.settled();
  }

  /** {@link runPods} until nothing changes any more. */
  async rollOut(): Promise<void> {
    for (let revision = -1; revision !== this.registry.revision; ) {
      revision = this.registry.revision;
      await this.runPods();
    }
  }
}

export function nodeOf(pod: Pod): string | undefined {
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return pod.spec.nodeName ?? terms?.[0]?.matchFields?.[0]?.values?.[0];
}

export const hashOf = (pod: Pod): string | undefined => pod.metadata.labels?.['controller-revision-hash'];
export const imageOf = (pod: Pod): string | undefined => pod.spec.containers[0]!.image;
