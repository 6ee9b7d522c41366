import { templateGeneration } from '../../resources/daemon-set.js';
import { daemonSets } from '../../resources/index.js';
import type { Affinity, DaemonSet, Draft, NodeSelectorTerm, Pod, PodSpec } from '../../resources/types.js';
import { podMetadata } from '../workloads/pod-template.js';
import { REVISION_HASH_LABEL } from '../workloads/revisions.js';
import { TEMPLATE_GENERATION_LABEL } from './daemon-pod.js';

/**
 * What makes a set's pods: from the name of a node the draft of its pod (POD-01..06). What all of them share is made once.
 * @param hash of the current revision; empty if unknown
 * @param specFor the template's spec, with what brings the pod to the node
 */
export function podDrafts(
  set: DaemonSet,
  hash: string,
  specFor: (node: string) => PodSpec,
): (node: string) => Draft<Pod> {
  const generation = templateGeneration(set);
  const metadata = podMetadata(daemonSets, set, set.spec.template, {
    ...(generation === undefined ? {} : { [TEMPLATE_GENERATION_LABEL]: String(generation) }),
    ...(hash === '' ? {} : { [REVISION_HASH_LABEL]: hash }),
  });
  return node => ({ apiVersion: 'v1', kind: 'Pod', metadata, spec: specFor(node), status: {} });
}

/**
 * Affinity that leaves the scheduler one node to choose: the required terms make way for one by the node's name, all else
 * stays (POD-05). Mirrors `ReplaceDaemonSetPodNodeNameNodeAffinity`.
 */
export function pinnedTo(node: string, affinity: Affinity | undefined): Affinity {
  const term: NodeSelectorTerm = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
    },
  };
}
