import type { ControllerRevision, DaemonSet, KubeObject, OwnerReference, Pod } from '../resources/types.js';
import type { Entry } from '../store/entry.js';

const HASH = 'controller-revision-hash';
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

/** The reference to the owner that controls an object; undefined if none does. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find(reference => reference.controller === true);
}

/** The hash of a template, as its revision and the pods made from it carry it. */
export function revisionHash(object: KubeObject): string | undefined {
  return object.metadata.labels?.[HASH];
}

/** The node that a daemon pod is bound to or, while it waits for the scheduler, meant for. */
export function targetNode(pod: Pod): string | undefined {
  if (pod.spec.nodeName) return pod.spec.nodeName;
  const terms =
    pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const { matchFields = [] } of terms) {
    for (const { key, operator, values = [] } of matchFields) {
      if (key === 'metadata.name' && operator === 'In') return values.length === 1 ? values[0] : undefined;
    }
  }
  return undefined;
}

/** Whether a pod is of the present template: by its hash or, as upstream still does, by the template's generation. */
export function isUpToDate(pod: Pod, daemonSet: DaemonSet, currentHash: string | undefined): boolean {
  const generation = daemonSet.metadata.annotations?.[TEMPLATE_GENERATION];
  return (
    (currentHash !== undefined && revisionHash(pod) === currentHash) ||
    (generation !== undefined && pod.metadata.labels?.['pod-template-generation'] === generation)
  );
}

/** The order in which the controller keeps pods of one node: bound ones before others, then the oldest, then by name. */
export function keptFirst(a: Entry<Pod>, b: Entry<Pod>): number {
  return (
    Number(!a.object.spec.nodeName) - Number(!b.object.spec.nodeName) ||
    compare(a.object.metadata.creationTimestamp, b.object.metadata.creationTimestamp) ||
    compare(a.name, b.name)
  );
}

/** The newest of the revisions whose number the controller keeps highest: that of the present template once it has looked. */
export function currentRevisionOf(
  revisions: readonly Entry<ControllerRevision>[],
): Entry<ControllerRevision> | undefined {
  let current: Entry<ControllerRevision> | undefined;
  for (const revision of revisions)
    if (!current || revision.object.revision > current.object.revision) current = revision;
  return current;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
