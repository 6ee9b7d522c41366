import { Random } from '../../src/clock/random.js';
import type { Answered } from './normalise.js';
import type { Scenario, Step } from './replay.js';

/** Chances, of which one is drawn by its weight. */
type Chances<T> = readonly (readonly [weight: number, what: () => T])[];

/**
 * A random history of a few nodes and two DaemonSets at most, as a scenario: the same seed makes the same. Only what leads to one
 * end whatever the order in which controllers get to it is in it. Where they may choose (which nodes a rollout that stalls has
 * reached), nothing is done that hangs on it until the stall has been overcome.
 */
export function randomHistory(seed: number): Scenario {
  return { name: `history-${seed}`, about: `Random history ${seed}`, steps: [...new History(seed).steps()] };
}

const TAINTS = [
  { key: 'a', value: '1', effect: 'NoSchedule' },
  { key: 'a', value: '1', effect: 'NoExecute' },
  { key: 'b', effect: 'NoSchedule' },
  { key: 'b', effect: 'PreferNoSchedule' },
  { key: 'c', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/network-unavailable', effect: 'NoSchedule' },
];
const TOLERATIONS = [
  { key: 'a', operator: 'Exists' },
  { key: 'a', operator: 'Equal', value: '1', effect: 'NoSchedule' },
  { key: 'b', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'c', operator: 'Exists', effect: 'NoExecute' },
  { operator: 'Exists' },
];
const LOOK: Step = { observe: ['pods', 'daemonsets', 'revisions'] };
const SETTLE: Step = { settle: true };

class History {
  readonly #random: Random;
  readonly #nodes: string[] = [];
  readonly #sets = new Set<string>();
  #count = 0;
  #failures = 0;

  constructor(readonly seed: number) {
    this.#random = new Random(seed);
  }

  *steps(): Generator<Step> {
    const count = 2 + this.#below(4);
    yield { nodes: Array.from({ length: count }, () => this.#newNode()) };
    yield* this.#createSet();
    yield SETTLE;
    yield LOOK;
    for (let rounds = 4 + this.#below(3); rounds > 0; rounds--) {
      for (let events = this.#chance(0.3) ? 2 : 1; events > 0; events--) yield* this.#event();
      yield SETTLE;
      yield LOOK;
    }
    yield { observe: ['events'] };
  }

  #below(n: number): number {
    return this.#random.below(n);
  }

  #chance(share: number): boolean {
    return this.#below(1000) < share * 1000;
  }

  #pick<T>(all: readonly T[]): T {
    return all[this.#below(all.length)]!;
  }

  #some<T>(all: readonly T[], share: number): T[] {
    return all.filter(() => this.#chance(share));
  }

  #draw<T>(chances: Chances<T>): T {
    let at = this.#below(chances.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, what] of chances) if ((at -= weight) < 0) return what();
    throw new Error('no chance');
  }

  #event(): Iterable<Step> {
    return this.#draw<Iterable<Step>>([
      [6, () => this.#nodeEvent()],
      [6, () => this.#podEvent()],
      [8, () => this.#setEvent()],
      [2, () => this.#createSet()],
    ]);
  }

  #nodeEvent(): Step[] {
    const name = this.#pick(this.#nodes);
    return this.#draw<Step[]>([
      [3, () => [{ nodes: [this.#newNode()] }]],
      [4, () => [{ node: { name, taints: this.#taints() } }]],
      [2, () => [{ node: { name, taints: null } }]],
      [4, () => [{ node: { name, labels: { zone: this.#pick(['x', 'y', null]), disk: this.#pick(['ssd', null]) } } }]],
      [2, () => [{ node: { name, unschedulable: this.#chance(0.5) } }]],
      [1, () => this.#removeNode(name)],
    ]);
  }

  #removeNode(name: string): Step[] {
    if (this.#nodes.length < 2) return [];
    this.#nodes.splice(this.#nodes.indexOf(name), 1);
    // Until the garbage collector has taken its pods.
    return [{ delete: { kind: 'Node', name } }, { wait: 75 }, ...this.#touch()];
  }

  /** That a node is gone tells no set to look again; a change of its labels does. */
  #touch(): Step[] {
    const labels = { touched: `${++this.#count}` };
    return [...this.#sets].map(name => ({ patch: { kind: 'DaemonSet', name, body: { metadata: { labels } } } }));
  }

  #podEvent(): Step[] {
    const on = this.#pick(this.#nodes);
    const of = this.#pick([...this.#sets, undefined]);
    return this.#draw<Step[]>([
      [4, () => [{ pods: { on, of, delete: true } }]],
      [3, () => (this.#failures++ < 2 ? [{ pods: { on, of, status: { phase: 'Failed' } } }] : [])],
      [2, () => [{ pods: { on, of, patch: { metadata: { labels: { app: this.#pick(['s1', 's2', 'stray']) } } } } }]],
      [2, () => [{ pods: { on, of, patch: { metadata: { ownerReferences: null } } } }]],
      [2, () => [{ pods: { on, of, patch: { metadata: { labels: { 'controller-revision-hash': null } } } } }]],
      [2, () => [this.#barePod(on)]],
    ]);
  }

  #barePod(nodeName: string): Step {
    const labels = { app: this.#pick(['s1', 's2']) };
    const metadata = { name: `bare-${++this.#count}`, labels };
    return {
      apply: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata,
        spec: { nodeName, containers: [{ name: 'main', image: 'a:1' }] },
      },
    };
  }

  *#setEvent(): Generator<Step> {
    const name = this.#pick([...this.#sets]);
    if (!name) return;
    const template = (body: object): Step => ({
      patch: { kind: 'DaemonSet', name, body: { spec: { template: body } } },
    });
    const strategy = (updateStrategy: object): Step => ({
      patch: { kind: 'DaemonSet', name, body: { spec: { updateStrategy } } },
    });
    const containers = () => [this.#container()];
    yield* this.#draw<Iterable<Step>>([
      [6, () => [template({ spec: { containers: containers() } })]],
      [2, () => [template({ spec: { nodeSelector: null, ...this.#wishes() } })]],
      [2, () => [template({ spec: { tolerations: this.#some(TOLERATIONS, 0.3) } })]],
      [1, () => [template({ metadata: { labels: { track: this.#pick(['stable', 'canary']) } } })]],
      [2, () => [strategy({ type: 'OnDelete', rollingUpdate: null })]],
      [2, () => [strategy({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: this.#unavailable() } })]],
      [1, () => [{ patch: { kind: 'DaemonSet', name, body: { spec: { revisionHistoryLimit: this.#below(3) } } } }]],
      [3, () => this.#stall(name)],
      [2, () => this.#deleteSet(name)],
    ]);
  }

  /** A rollout that gets stuck, and is overcome: by going back, or by a third template. */
  *#stall(name: string): Generator<Step> {
    const patch = (metadata: object, spec: object): Step => ({
      patch: { kind: 'DaemonSet', name, body: { spec: { template: { metadata, spec } } } },
    });
    const containers = [this.#container()];
    yield SETTLE;
    yield patch({ annotations: { 'kubelet/behaviour': 'never-ready' } }, { containers });
    yield SETTLE;
    yield { observe: ['daemonsets', 'revisions'] };
    yield patch({ annotations: null }, this.#chance(0.5) ? {} : { containers: [this.#container()] });
  }

  *#deleteSet(name: string): Generator<Step> {
    const propagationPolicy = this.#pick(['Background', 'Foreground', 'Orphan']);
    yield { delete: { kind: 'DaemonSet', name, propagationPolicy } };
    yield SETTLE;
    yield LOOK;
    this.#sets.delete(name);
    yield* this.#createSet();
  }

  #newNode(): Answered {
    // The scheduler of 1.20 does not quite forget what stood on a node whose name it meets again.
    const name = `n${++this.#count}-${this.seed}`;
    this.#nodes.push(name);
    return {
      name,
      labels: { zone: this.#pick(['x', 'y']), ...(this.#chance(0.5) ? { disk: 'ssd' } : {}) },
      taints: this.#chance(0.3) ? this.#taints() : undefined,
      unschedulable: this.#chance(0.1),
      cpu: this.#chance(0.2) ? '300m' : '8',
    };
  }

  #taints(): object[] {
    return this.#some(TAINTS, 0.3);
  }

  #unavailable(): number | string {
    return this.#pick([1, 2, '30%', '100%']);
  }

  #container(): object {
    return {
      name: 'main',
      image: `registry.example/agent:${this.#below(4)}`,
      resources: this.#chance(0.4) ? { requests: { cpu: this.#pick(['200m', '1']) } } : {},
      ports: this.#chance(0.15) ? [{ containerPort: 8000, hostPort: 8000 }] : [],
    };
  }

  /** Which nodes a template wants. */
  #wishes(): object {
    const zone = (operator: string, values: string[]) => ({ matchExpressions: [{ key: 'zone', operator, values }] });
    const required = (...nodeSelectorTerms: object[]) => ({
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
    });
    return this.#draw<object>([
      [6, () => ({})],
      [3, () => ({ nodeSelector: { disk: 'ssd' } })],
      [2, () => required(zone('In', ['x']))],
      [2, () => required(zone('NotIn', ['x']))],
      [1, () => ({ nodeSelector: { disk: 'ssd' }, ...required(zone('In', ['x']), zone('In', ['y'])) })],
    ]);
  }

  #createSet(): Step[] {
    const name = ['s1', 's2'].find(free => !this.#sets.has(free));
    if (!name) return [];
    this.#sets.add(name);
    const app = this.#chance(0.85) ? name : 's1';
    const type = this.#chance(0.75) ? 'RollingUpdate' : 'OnDelete';
    const spec = {
      selector: { matchLabels: { app } },
      updateStrategy: {
        type,
        ...(type === 'OnDelete' ? {} : { rollingUpdate: { maxUnavailable: this.#unavailable() } }),
      },
      revisionHistoryLimit: this.#pick([0, 2, 10]),
      template: {
        metadata: { labels: { app } },
        spec: {
          containers: [this.#container()],
          ...(this.#chance(0.2) ? { hostNetwork: true } : {}),
          ...this.#wishes(),
          tolerations: this.#some(TOLERATIONS, 0.2),
        },
      },
    };
    return [{ apply: { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name }, spec } }];
  }
}
