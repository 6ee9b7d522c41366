import { jobs } from '../../resources/index.js';
import type { Container, Draft, Pod, PodTemplateSpec } from '../../resources/types.js';
import type { Job } from '../../resources/workload-types.js';
import { podMetadata, sharedSpec } from '../workloads/pod-template.js';
import { failureAnnotations } from './index-failures.js';
import { COMPLETION_INDEX, isIndexed, TRACKING_FINALIZER } from './job-pods.js';

/** By which a container of an Indexed Job's pod knows its part. */
const INDEX_VARIABLE = 'JOB_COMPLETION_INDEX';
/** Longest stem of a generated name that is cut so that the index stays whole. */
const MAX_STEM = 58;

/**
 * What makes a Job's pods: from an index the draft of its pod. What all of them share is made once.
 * @param goOnFrom the pods whose failures their successors remember
 */
export function podDrafts(job: Job, goOnFrom: ReadonlyMap<number, Pod>): (index: number | undefined) => Draft<Pod> {
  const { template, backoffLimitPerIndex } = job.spec;
  const finalizers = [...new Set([...(template.metadata?.finalizers ?? []), TRACKING_FINALIZER])];
  const metadata = podMetadata(jobs, job, { ...template, metadata: { ...template.metadata, finalizers } });
  const spec = sharedSpec(isIndexed(job) ? withIndexVariable(template).spec : template.spec);
  return index => {
    const draft = { apiVersion: 'v1', kind: 'Pod', metadata, spec, status: {} };
    if (index === undefined) return draft;
    const failures = backoffLimitPerIndex === undefined ? {} : failureAnnotations(job, goOnFrom.get(index));
    const mark = { [COMPLETION_INDEX]: String(index) };
    return {
      ...draft,
      metadata: {
        ...metadata,
        generateName: stemOf(job.metadata.name, index),
        labels: { ...metadata.labels, ...mark },
        annotations: { ...metadata.annotations, ...mark, ...failures },
      },
      spec: { ...spec, hostname: `${job.metadata.name}-${index}` },
    };
  };
}

function stemOf(name: string, index: number): string {
  const end = `-${index}-`;
  return name.slice(0, MAX_STEM - end.length) + end;
}

function withIndexVariable({ metadata, spec }: PodTemplateSpec): PodTemplateSpec {
  const variable = {
    name: INDEX_VARIABLE,
    valueFrom: { fieldRef: { fieldPath: `metadata.labels['${COMPLETION_INDEX}']` } },
  };
  const add = (container: Container): Container =>
    container.env?.some(({ name }) => name === INDEX_VARIABLE)
      ? container
      : { ...container, env: [...(container.env ?? []), variable] };
  return {
    ...(metadata ? { metadata } : {}),
    spec: {
      ...spec,
      ...(spec.initContainers ? { initContainers: spec.initContainers.map(add) } : {}),
      containers: spec.containers.map(add),
    },
  };
}
