import type { Job, JobSpec } from '../workload-types.js';

const BACKOFF_LIMIT = 6;
const MAX_INT32 = 2 ** 31 - 1;

/** Labels by which a Job finds its pods: without a domain for old clients. */
const UID_LABELS = ['batch.kubernetes.io/controller-uid', 'controller-uid'] as const;
const NAME_LABELS = ['batch.kubernetes.io/job-name', 'job-name'] as const;

/** The labels that the pods of a Job carry, label → value. */
export function generatedLabels({ metadata }: Job): Record<string, string> {
  return {
    ...Object.fromEntries(UID_LABELS.map(label => [label, metadata.uid])),
    ...Object.fromEntries(NAME_LABELS.map(label => [label, metadata.name])),
  };
}

/** Mirrors `SetDefaults_Job`. */
export function setJobDefaults({ metadata, spec }: Job): void {
  // Without either it is one pod; with a parallelism alone, pods work on one queue.
  if (spec.parallelism === undefined) spec.completions ??= 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? BACKOFF_LIMIT : MAX_INT32;
  const { labels } = spec.template.metadata ?? {};
  // One and the same map, as upstream has it: a Job that takes on the labels of its pods has the generated ones too.
  if (labels && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = labels;
  for (const { onPodConditions = [] } of spec.podFailurePolicy?.rules ?? [])
    for (const condition of onPodConditions) condition.status ||= 'True';
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed';
}

/** A selector that finds the Job's own pods and no others, unless the user cares for it. Mirrors `generateSelector`. */
export function generateJobSelector(job: Job): void {
  const spec: JobSpec = job.spec;
  if (spec.manualSelector) return;
  const metadata = (spec.template.metadata ??= {});
  const labels = (metadata.labels ??= {});
  for (const [label, value] of Object.entries(generatedLabels(job))) labels[label] ??= value;
  if (Object.keys(job.metadata.labels ?? {}).length === 0) job.metadata.labels = labels;
  const selector = (spec.selector ??= {});
  selector.matchLabels ??= {};
  selector.matchLabels[UID_LABELS[0]] ??= job.metadata.uid;
}
