import { equalJson } from '../json.js';
import type { DaemonSet, KubeObject, PodTemplateSpec } from '../types.js';
import type { CronJob, Job, JobSpec, PodTemplate, ReplicationController, StatefulSet } from '../workload-types.js';
import { podMakerNameWarnings, podTemplateWarnings } from './pod.js';
import { claimSpecWarnings } from './volumes.js';

const MANY_COMPLETIONS = 100_000;
const MANY_AT_ONCE = 10_000;

/** Who changes nothing of the spec has been told before. */
const isSame = (object: KubeObject, old?: KubeObject) =>
  old !== undefined && object.metadata.generation === old.metadata.generation;

const onceOfName = (object: KubeObject, old?: KubeObject) => (old ? [] : podMakerNameWarnings(object));

/** Of a Deployment or a ReplicaSet. */
export function replicatedWarnings<T extends KubeObject & { spec: { template: PodTemplateSpec } }>(
  object: T,
  old?: T,
): string[] {
  if (isSame(object, old)) return [];
  return [...onceOfName(object, old), ...podTemplateWarnings('spec.template', object.spec.template)];
}

/** Upstream looks at the template that was there before an update; the one that comes is told of at the next. */
export function controllerWarnings(object: ReplicationController, old?: ReplicationController): string[] {
  if (isSame(object, old)) return [];
  const { template } = (old ?? object).spec;
  return [...onceOfName(object, old), ...(template ? podTemplateWarnings('spec.template', template) : [])];
}

export function daemonSetWarnings({ spec: { template } }: DaemonSet, old?: DaemonSet): string[] {
  return old && equalJson(template, old.spec.template) ? [] : podTemplateWarnings('spec.template', template);
}

export function statefulSetWarnings(object: StatefulSet, old?: StatefulSet): string[] {
  const { template, volumeClaimTemplates = [], revisionHistoryLimit = 0 } = object.spec;
  return [
    ...(isSame(object, old) ? [] : podTemplateWarnings('spec.template', template)),
    // Upstream's paths: on create it leaves the claim's spec out, on update it writes it large.
    ...volumeClaimTemplates.flatMap(({ spec }, i) =>
      claimSpecWarnings(`spec.volumeClaimTemplates[${i}]${old ? '.Spec' : ''}`, spec),
    ),
    ...(revisionHistoryLimit < 0
      ? ['spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended']
      : []),
  ];
}

export function jobWarnings(job: Job, old?: Job): string[] {
  return isSame(job, old) ? [] : [...onceOfName(job, old), ...jobSpecWarnings('spec', job.spec)];
}

export function cronJobWarnings(object: CronJob, old?: CronJob): string[] {
  if (isSame(object, old)) return [];
  return [...onceOfName(object, old), ...jobSpecWarnings('spec.jobTemplate.spec', object.spec.jobTemplate.spec)];
}

export function podTemplateObjectWarnings(object: PodTemplate, old?: PodTemplate): string[] {
  return isSame(object, old) ? [] : podTemplateWarnings('template', object.template);
}

function jobSpecWarnings(
  path: string,
  { completionMode, completions = 0, parallelism = 0, template }: JobSpec,
): string[] {
  const isTooMuch = completionMode === 'Indexed' && completions > MANY_COMPLETIONS && parallelism > MANY_AT_ONCE;
  return [
    // What would not fit into the status.
    ...(isTooMuch
      ? [
          `${path}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`,
        ]
      : []),
    ...podTemplateWarnings(`${path}.template`, template),
  ];
}
