import type { PersistentVolume, PersistentVolumeClaim } from '../../placement/volumes/match.js';
import type { CSINode, StorageClass } from '../../placement/volumes/storage-view.js';
import type { Registry } from '../../registry/registry.js';
import type { ResourceDefinition } from '../../resources/definition.js';
import { persistentVolumeClaims, persistentVolumes } from '../../resources/plain/volumes.js';
import type { KubeObject } from '../../resources/types.js';

/** Kinds that the registry only keeps, as those see them who read their fields. */
export const claims = persistentVolumeClaims as ResourceDefinition<PersistentVolumeClaim>;
export const volumes = persistentVolumes as ResourceDefinition<PersistentVolume>;
export const storageClassesOf = ({ kinds }: Registry) =>
  kinds.byResource('storageclasses.storage.k8s.io') as ResourceDefinition<StorageClass>;
export const csiNodesOf = ({ kinds }: Registry) =>
  kinds.byResource('csinodes.storage.k8s.io') as ResourceDefinition<CSINode>;

/** Somebody chose the volume for the claim, or the claim for the volume: it was not asked for by name. */
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';

/** `volume` as it is when it is kept for `claim`, whoever chose it. */
export function keptFor(volume: PersistentVolume, { metadata }: PersistentVolumeClaim): PersistentVolume {
  const { namespace = '', name, uid, resourceVersion } = metadata;
  const claimRef = { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion };
  const chosen = volume.spec.claimRef ? volume : annotated(volume, BOUND_BY_CONTROLLER);
  return { ...chosen, spec: { ...volume.spec, claimRef } };
}

/** `object` with one more annotation. */
export const annotated = <T extends KubeObject>(object: T, annotation: string, value = 'yes'): T => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [annotation]: value } },
});
