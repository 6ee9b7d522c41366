import { Random } from '../../src/clock/random.js';
import type { DaemonSetSpec, Taint } from '../../src/resources/types.js';
import type { Answered } from '../conformance/normalise.js';
import { pathOf, RestClient } from '../conformance/rest.js';

/** A write that the server has said is done. */
export interface Acknowledged {
  readonly uid: string;
  readonly name: string;
  /** Not of an object that went at once. */
  readonly resourceVersion?: number;
}

const NAMESPACE = 'default';

/** Nodes to which nothing ever happens, and others that come and go. */
export const CORE = Array.from({ length: 6 }, (_, i) => `core-${i}`);
const EDGE = Array.from({ length: 6 }, (_, i) => `edge-${i}`);

/** How a set is rolled out, and where it runs. */
interface Plan {
  readonly updateStrategy: DaemonSetSpec['updateStrategy'];
  readonly nodeSelector?: Record<string, string>;
}

const rolling = (maxUnavailable: number | string, maxSurge: number | string): DaemonSetSpec['updateStrategy'] => ({
  type: 'RollingUpdate',
  rollingUpdate: { maxUnavailable, maxSurge },
});

/** The sets. Those on the core are left alone but for their rollouts. */
export const PLANS: Readonly<Record<string, Plan>> = {
  steady: { updateStrategy: rolling(2, 0), nodeSelector: { core: 'yes' } },
  doubling: { updateStrategy: rolling(0, 2), nodeSelector: { core: 'yes' } },
  everywhere: { updateStrategy: rolling('25%', 0) },
  zonal: { updateStrategy: rolling(0, '30%'), nodeSelector: { zone: 'a' } },
  manual: { updateStrategy: { type: 'OnDelete' } },
};
const NAMES = Object.keys(PLANS);
const MORTAL = ['everywhere', 'zonal', 'manual'];

const TAINTS: readonly Taint[][] = [
  [],
  [],
  [{ key: 'flaky', effect: 'NoSchedule' }],
  [{ key: 'flaky', effect: 'NoExecute' }],
];

/** Somebody who does all kinds of things to a cluster, and keeps what was acknowledged. */
export class Client {
  readonly acknowledged: Acknowledged[] = [];
  /** Pods that it has deleted, or has wanted to. */
  readonly deleted = new Set<string>();
  readonly #dice: Random;
  #rest = new RestClient('');
  #image = 0;
  #count = 0;

  constructor(seed: number) {
    this.#dice = new Random(seed);
  }

  /** From now on the server is there. */
  moveTo(url: string): void {
    this.#rest = new RestClient(url);
  }

  /** A whole number in 0 .. `n`-1. */
  below(n: number): number {
    return this.#dice.below(n);
  }

  list(kind: string): Promise<Answered[]> {
    return this.#rest.list(kind);
  }

  /** All nodes and sets that are not there. */
  async furnish(): Promise<void> {
    for (const name of CORE) await this.#putNode(name, { core: 'yes', zone: 'b' });
    for (const name of EDGE) await this.#putNode(name, this.#labels());
    for (const name of NAMES) await this.#putSet(name);
  }

  /** Begins rollouts, of at least three sets. */
  async rollOut(): Promise<void> {
    this.#image++;
    for (const name of ['steady', 'doubling', this.#pick(MORTAL)]) {
      const body = { spec: { template: { spec: { containers: [{ name: 'main', image: this.#imageName() }] } } } };
      await this.#write('PATCH', 'DaemonSet', name, body);
    }
  }

  /** One thing, of many that happen to nodes, sets and pods. */
  async doSomething(): Promise<void> {
    const edge = this.#pick(EDGE);
    switch (this.below(7)) {
      case 0:
        return this.#write('DELETE', 'Node', edge);
      case 1:
        return this.#putNode(edge, this.#labels());
      case 2:
        return this.#write('PATCH', 'Node', edge, { spec: { taints: this.#pick(TAINTS) } });
      case 3:
        return this.#write('PATCH', 'Node', edge, { metadata: { labels: this.#labels() } });
      case 4: {
        const pods = (await this.list('Pod')).filter(
          pod => pod.spec.nodeName?.startsWith('edge') || pod.metadata.name.startsWith('manual'),
        );
        const pod = this.#pick(pods);
        if (!pod) return;
        this.deleted.add(pod.metadata.name);
        return this.#write('DELETE', 'Pod', pod.metadata.name);
      }
      case 5: {
        const propagationPolicy = this.#pick(['Background', 'Foreground']);
        return this.#write('DELETE', 'DaemonSet', this.#pick(MORTAL), { propagationPolicy });
      }
      default:
        for (const name of NAMES) await this.#putSet(name);
    }
  }

  /** A small write of its own. Answers its revision. */
  async note(): Promise<number> {
    const name = `note-${this.#count++}`;
    await this.#write('POST', 'ConfigMap', name, { metadata: { name } });
    return this.acknowledged.findLast(a => a.name === name)!.resourceVersion!;
  }

  #pick<T>(all: readonly T[]): T {
    return all[this.below(all.length)]!;
  }

  #labels = () => ({ zone: this.#pick(['a', 'b']) });
  #imageName = () => `registry.example/agent:${this.#image}`;

  async #putNode(name: string, labels: Record<string, string>): Promise<void> {
    const room = { cpu: '4', memory: '8Gi', pods: '110' };
    const status = { capacity: room, allocatable: room };
    await this.#write('POST', 'Node', name, { metadata: { name, labels }, status });
  }

  async #putSet(name: string): Promise<void> {
    const { updateStrategy, nodeSelector = {} } = PLANS[name]!;
    const annotations = { 'kubette.dev/ready-delay': '40ms', 'kubette.dev/stop-delay': '40ms' };
    const labels = { app: name };
    await this.#write('POST', 'DaemonSet', name, {
      metadata: { name },
      spec: {
        selector: { matchLabels: labels },
        updateStrategy,
        template: {
          metadata: { labels, annotations },
          spec: { nodeSelector, containers: [{ name: 'main', image: this.#imageName() }] },
        },
      },
    });
  }

  /** @throws Error if the server is gone, or says that it is at fault */
  async #write(method: string, kind: string, name: string, body?: object): Promise<void> {
    const path = pathOf(kind, NAMESPACE, method === 'POST' ? undefined : name);
    const type = method === 'PATCH' ? 'application/merge-patch+json' : undefined;
    const { status, body: answer } = await this.#rest.send(method, path, body, type);
    if (status >= 500) throw new Error(`${method} ${path}: ${status} ${answer?.message}`);
    // Not there, or there already.
    if (status >= 300) return;
    if (answer.kind === 'Status') this.acknowledged.push({ uid: answer.details.uid, name });
    else {
      const { uid, resourceVersion } = answer.metadata;
      this.acknowledged.push({ uid, name, resourceVersion: Number(resourceVersion) });
    }
  }
}
