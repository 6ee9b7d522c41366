import { templateGeneration } from '../../resources/daemon-set.js';
import { setPodDefaults } from '../../resources/defaults/pod-spec.js';
import { cloneJson, share } from '../../resources/json.js';
import type { Affinity, DaemonSet, Draft, NodeSelectorTerm, Pod, PodSpec } from '../../resources/types.js';
import { controllerReference } from './claim.js';
import { REVISION_HASH_LABEL, TEMPLATE_GENERATION_LABEL } from './daemon-pod.js';

/** Longest name that an object may have, and so the longest stem of a generated one. */
const MAX_NAME = 253;

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
  const { metadata: template } = set.spec.template;
  const { name, namespace = '' } = set.metadata;
  const generation = templateGeneration(set);
  const metadata = {
    generateName: name.length < MAX_NAME ? `${name}-` : name,
    namespace,
    labels: share({
      ...template?.labels,
      ...(generation === undefined ? {} : { [TEMPLATE_GENERATION_LABEL]: String(generation) }),
      ...(hash === '' ? {} : { [REVISION_HASH_LABEL]: hash }),
    }),
    ...(template?.annotations ? { annotations: share({ ...template.annotations }) } : {}),
    ...(template?.finalizers ? { finalizers: share([...template.finalizers]) } : {}),
    ownerReferences: share([controllerReference(set)]),
  };
  return node => ({ apiVersion: 'v1', kind: 'Pod', metadata, spec: specFor(node), status: {} });
}

/**
 * `spec` as pods will have it once they have their defaults, with every field of it shared by all pods of the set, in
 * memory and as text: that is most of a pod.
 */
export function sharedSpec(spec: PodSpec): PodSpec {
  const pod = cloneJson({ metadata: {}, spec, status: {} }) as Pod;
  setPodDefaults(pod);
  for (const field of Object.values(pod.spec)) share(field);
  return pod.spec;
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
