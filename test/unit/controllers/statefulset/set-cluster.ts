import { formatTime } from '../../../../src/clock/clock.js';
import { statefulSetController } from '../../../../src/controllers/statefulset/index.js';
import { claimProtection } from '../../../../src/controllers/storage-protection/index.js';
import { controllerRevisions, persistentVolumeClaims, pods, statefulSets } from '../../../../src/resources/index.js';
import type {
  ControllerRevision,
  KubeObject,
  Pod,
  PodPhase,
  PodTemplateSpec,
} from '../../../../src/resources/types.js';
import type { StatefulSet } from '../../../../src/resources/workload-types.js';
import { ModelCluster } from '../../../support/model-cluster.js';

type Spec = Partial<StatefulSet['spec']>;

/** A model cluster of the StatefulSet controller, and what lets claims go, whose set is called `web`: the test says how its pods fare. */
export class SetCluster {
  private constructor(readonly model: ModelCluster) {}

  static async start(): Promise<SetCluster> {
    return new SetCluster(await ModelCluster.start(statefulSetController, claimProtection));
  }

  async create(spec: Spec = {}): Promise<void> {
    await this.model.registry.create(statefulSets, {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas: 3,
        serviceName: 'nginx',
        selector: { matchLabels: { app: 'web' } },
        template: template('web:1'),
        ...spec,
      },
      status: {},
    } as never);
    await this.model.settle();
  }

  get set(): StatefulSet {
    return this.model.registry.get(statefulSets, 'default', 'web')!.object;
  }

  get status(): StatefulSet['status'] {
    return this.set.status;
  }

  async change(spec: Spec): Promise<void> {
    await this.model.registry.update(statefulSets, { ...this.set, spec: { ...this.set.spec, ...spec } });
    await this.model.settle();
  }

  /** The pods that are there, as `0:web:1`: ordinal and image; one that goes has a `-` before it. */
  get pods(): string[] {
    return this.all(pods)
      .map(({ metadata, spec }) => {
        const going = metadata.deletionTimestamp ? '-' : '';
        return {
          ordinal: Number(metadata.name.slice(4)),
          text: `${going}${metadata.name.slice(4)}:${spec.containers[0]!.image}`,
        };
      })
      .sort((a, b) => a.ordinal - b.ordinal)
      .map(({ text }) => text);
  }

  all<T extends KubeObject>(kind: Parameters<typeof this.model.registry.all<T>>[0]): readonly T[] {
    return this.model.registry.all(kind, 'default').map(({ object }) => object);
  }

  pod(ordinal: number): Pod {
    return this.model.getPod(`web-${ordinal}`)!;
  }

  get revisions(): readonly ControllerRevision[] {
    return [...this.all(controllerRevisions)].sort((a, b) => a.revision - b.revision);
  }

  get claims(): string[] {
    return this.all(persistentVolumeClaims).map(({ metadata }) => metadata.name);
  }

  /** Lets pods run, and be ready or not. */
  async run(ordinals: readonly number[], ready = true): Promise<void> {
    for (const ordinal of ordinals) await this.#report(ordinal, 'Running', ready);
  }

  async end(ordinal: number, phase: 'Succeeded' | 'Failed'): Promise<void> {
    await this.#report(ordinal, phase, false);
  }

  /** Lets every pod run that comes, until none does any more. Answers the ordinals in their order. */
  async runAll(): Promise<number[]> {
    const order: number[] = [];
    for (let next = this.#waiting(); next !== undefined; next = this.#waiting()) {
      order.push(next);
      await this.run([next]);
    }
    return order;
  }

  #waiting(): number | undefined {
    const waiting = this.all(pods).filter(pod => pod.status.phase === 'Pending' && !pod.metadata.deletionTimestamp);
    return waiting.map(({ metadata }) => Number(metadata.name.slice(4))).sort((a, b) => a - b)[0];
  }

  async #report(ordinal: number, phase: PodPhase, ready: boolean): Promise<void> {
    const lastTransitionTime = formatTime(this.model.clock.now());
    const conditions = [{ type: 'Ready', status: ready ? ('True' as const) : ('False' as const), lastTransitionTime }];
    await this.model.setPodStatus(`web-${ordinal}`, { phase, conditions });
  }

  /** Puts a pod on a node, so that it takes its time to go. */
  async bind(ordinal: number): Promise<void> {
    await this.model.registry.bind('default', `web-${ordinal}`, 'n1');
    await this.model.settle();
  }

  async close(): Promise<void> {
    await this.model.close();
  }
}

export const template = (image: string): PodTemplateSpec =>
  ({ metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image }] } }) as PodTemplateSpec;
