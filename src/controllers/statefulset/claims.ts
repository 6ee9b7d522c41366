import type { Registry } from '../../registry/registry.js';
import { messageOf, StatusError } from '../../registry/status.js';
import { persistentVolumeClaims, pods, statefulSets } from '../../resources/index.js';
import { equalJson } from '../../resources/json.js';
import { isTerminating } from '../../resources/state.js';
import type { KubeObject, OwnerReference, Pod } from '../../resources/types.js';
import type { ClaimTemplate, StatefulSet } from '../../resources/workload-types.js';
import { controllerReference } from '../workloads/claim.js';
import { failures, isNamespaceTerminating, type PodControl, throwAny } from '../workloads/pod-control.js';
import { endOrdinal, firstOrdinal, ordinalOf, podName } from './set-pods.js';

/** The name of an ordinal's claim for a volume. */
export const claimName = ({ metadata }: StatefulSet, volume: string, ordinal: number): string =>
  `${volume}-${metadata.name}-${ordinal}`;

function* claimNames(set: StatefulSet, ordinal: number): Iterable<[string, ClaimTemplate]> {
  for (const template of set.spec.volumeClaimTemplates ?? [])
    yield [claimName(set, template.metadata.name ?? '', ordinal), template];
}

/** The set and ordinal that a claim's name may tell, to find the set by. */
export function mayClaim(set: StatefulSet, claim: string): boolean {
  const volumes = set.spec.volumeClaimTemplates ?? [];
  return volumes.some(
    ({ metadata: { name } }) =>
      claim.startsWith(`${name}-`) && ordinalOf(set, claim.slice((name ?? '').length + 1)) !== undefined,
  );
}

/**
 * Makes the claims of an ordinal that are not there.
 * @throws Error that tells which could not be made, or are about to go
 */
export async function createClaims(
  { registry, recorder }: PodControl & { registry: Registry },
  set: StatefulSet,
  ordinal: number,
): Promise<void> {
  const { namespace = '' } = set.metadata;
  const inSet = `StatefulSet ${set.metadata.name}`;
  const pod = podName(set, ordinal);
  const create = async ([name, template]: [string, ClaimTemplate]) => {
    const known = registry.get(persistentVolumeClaims, namespace, name)?.object;
    if (known && isTerminating(known)) throw new Error(`pvc ${name} is being deleted`);
    if (known) return;
    const labels = { ...template.metadata.labels, ...set.spec.selector?.matchLabels };
    const draft = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { ...template.metadata, name, namespace, labels },
      spec: template.spec,
    };
    try {
      await registry.create(persistentVolumeClaims, draft, { namespace });
    } catch (error) {
      if (isNamespaceTerminating(error)) throw error;
      const message = `create Claim ${name} for Pod ${pod} in ${inSet} failed error: ${messageOf(error)}`;
      recorder.event(set, 'Warning', 'FailedCreate', message);
      throw new Error(`failed to create PVC ${name}: ${messageOf(error)}`);
    }
    recorder.event(set, 'Normal', 'SuccessfulCreate', `create Claim ${name} Pod ${pod} in ${inSet} success`);
  };
  throwAny(await failures([...claimNames(set, ordinal)].map(create)));
}

/** Whether a claim of an ordinal still belongs to a pod of that name that is gone: it will go as well. */
export function hasStaleClaims(registry: Registry, set: StatefulSet, ordinal: number): boolean {
  const { namespace = '' } = set.metadata;
  const name = podName(set, ordinal);
  const uid = registry.get(pods, namespace, name)?.uid;
  return [...claimNames(set, ordinal)].some(([claim]) =>
    registry
      .get(persistentVolumeClaims, namespace, claim)
      ?.object.metadata.ownerReferences?.some(
        owner => owner.kind === 'Pod' && owner.name === name && owner.uid !== uid,
      ),
  );
}

/**
 * Gives the claims of a pod to those whose end is to be theirs: to the set, or to a pod that is to go for good, as the set's policy
 * says. Others' ownership stays. Mirrors `updateClaimOwnerRefForSetAndPod`.
 */
export async function retainClaims(registry: Registry, set: StatefulSet, pod: Pod): Promise<void> {
  const ordinal = ordinalOf(set, pod.metadata.name);
  if (ordinal === undefined) return;
  for (const [name] of claimNames(set, ordinal)) {
    const claim = registry.get(persistentVolumeClaims, set.metadata.namespace ?? '', name)?.object;
    if (!claim) continue;
    const ownerReferences = ownersFor(claim, set, pod, ordinal);
    if (equalJson(ownerReferences, claim.metadata.ownerReferences ?? [])) continue;
    try {
      await registry.update(persistentVolumeClaims, { ...claim, metadata: { ...claim.metadata, ownerReferences } });
    } catch (error) {
      if (!StatusError.is(error, 'NotFound')) throw error;
    }
  }
}

function ownersFor({ metadata }: KubeObject, set: StatefulSet, pod: Pod, ordinal: number): OwnerReference[] {
  const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy;
  const isCondemned = ordinal < firstOrdinal(set) || ordinal >= endOrdinal(set);
  const byPod = whenScaled === 'Delete' && isCondemned;
  const bySet = whenDeleted === 'Delete' && !byPod;
  const { uid } = set.metadata;
  const others = (metadata.ownerReferences ?? []).filter(owner => owner.uid !== uid && owner.uid !== pod.metadata.uid);
  // What somebody else controls is his.
  if (others.some(owner => owner.controller)) return [...(metadata.ownerReferences ?? [])];
  return [
    ...others,
    ...(bySet ? [controllerReference(statefulSets, set)] : []),
    ...(byPod ? [controllerReference(pods, pod)] : []),
  ];
}
