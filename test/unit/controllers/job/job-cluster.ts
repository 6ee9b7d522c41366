import { formatTime } from '../../../../src/clock/clock.js';
import { jobController } from '../../../../src/controllers/job/index.js';
import { jobs, pods } from '../../../../src/resources/index.js';
import { isTerminating } from '../../../../src/resources/state.js';
import type { Condition, ObjectMeta, Pod, PodSpec } from '../../../../src/resources/types.js';
import type { Job, JobSpec } from '../../../../src/resources/workload-types.js';
import { ModelCluster } from '../../../support/model-cluster.js';

type Settings = Omit<Partial<JobSpec>, 'template'> & { pod?: Partial<PodSpec>; template?: Partial<ObjectMeta> };

/** A model cluster of the Job controller alone, whose Job is called `work`: the test says what becomes of its pods. */
export class JobCluster {
  private constructor(readonly model: ModelCluster) {}

  static async start(): Promise<JobCluster> {
    return new JobCluster(await ModelCluster.start(jobController));
  }

  async create({ pod, template, ...spec }: Settings = {}): Promise<void> {
    await this.model.registry.create(jobs, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'work', namespace: 'default' },
      spec: {
        ...spec,
        template: {
          ...(template ? { metadata: template as ObjectMeta } : {}),
          spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a:1' }], ...pod },
        },
      },
      status: {},
    });
    await this.model.settle();
  }

  get job(): Job {
    return this.model.registry.get(jobs, 'default', 'work')!.object;
  }

  get status(): Job['status'] {
    return this.job.status;
  }

  /** Conditions that hold, as `Type Reason`. */
  get conditions(): string[] {
    return (this.status.conditions ?? []).filter(c => c.status === 'True').map(c => `${c.type} ${c.reason}`);
  }

  async change(spec: Partial<JobSpec>): Promise<void> {
    await this.model.registry.update(jobs, { ...this.job, spec: { ...this.job.spec, ...spec } });
    await this.model.settle();
  }

  async delete(propagationPolicy: 'Background' | 'Orphan' = 'Background'): Promise<void> {
    await this.model.registry.delete(jobs, 'default', 'work', { propagationPolicy });
    await this.model.settle();
  }

  get pods(): readonly Pod[] {
    return this.model.registry.all(pods, 'default').map(({ object }) => object);
  }

  /** Pods that are at work. */
  get active(): readonly Pod[] {
    return this.pods.filter(pod => !isTerminating(pod) && !['Succeeded', 'Failed'].includes(pod.status.phase!));
  }

  /** The indexes that are being worked at, in the order of their pods' making. */
  get indexes(): number[] {
    return this.active.map(indexOf).sort((a, b) => a - b);
  }

  podOf(index: number): Pod {
    return this.active.find(pod => indexOf(pod) === index)!;
  }

  async bind(pod: Pod): Promise<void> {
    await this.model.registry.bind('default', pod.metadata.name, 'n1');
    await this.model.settle();
  }

  /** Lets a pod end with a code. */
  async end(pod: Pod, exitCode: number, conditions: Condition[] = []): Promise<void> {
    const now = formatTime(this.model.clock.now());
    await this.model.setPodStatus(pod.metadata.name, {
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      conditions,
      containerStatuses: pod.spec.containers.map(({ name, image = '' }) => ({
        name,
        image,
        imageID: '',
        ready: false,
        restartCount: 0,
        state: { terminated: { exitCode, startedAt: now, finishedAt: now } },
      })),
    });
  }

  /** Lets each active pod end with a code, and answers how many did. */
  async endAll(exitCode: number): Promise<number> {
    const { active } = this;
    for (const pod of active) await this.end(pod, exitCode);
    return active.length;
  }

  async close(): Promise<void> {
    await this.model.close();
  }
}

export const indexOf = ({ metadata }: Pod): number =>
  Number(metadata.annotations?.['batch.kubernetes.io/job-completion-index']);
