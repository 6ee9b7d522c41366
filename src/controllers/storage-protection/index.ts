import { ownersOf } from '../../registry/indexes.js';
import type { Registry } from '../../registry/registry.js';
import { qualifiedName, type ResourceDefinition } from '../../resources/definition.js';
import { pods } from '../../resources/index.js';
import { valueAt } from '../../resources/plain/cells.js';
import { persistentVolumeClaims, persistentVolumes } from '../../resources/plain/volumes.js';
import { isTerminating } from '../../resources/state.js';
import type { KubeObject, Pod } from '../../resources/types.js';
import { PROTECTION_FINALIZERS } from '../../resources/well-known.js';
import { keyOf, splitKey } from '../runtime/keys.js';
import { type Controller, type ControllerContext, nothing, type Source, source } from '../runtime/types.js';

/** Keeps a claim that is deleted until no pod that has a node uses it. */
export function claimProtection({ registry }: ControllerContext): Controller {
  const isUsed = (claim: KubeObject) =>
    registry.all(pods, claim.metadata.namespace).some(({ object }) => object.spec.nodeName && uses(object, claim));
  const ofPods = source(
    pods,
    ({ type, entry }) =>
      type === 'DELETED'
        ? registry
            .all(persistentVolumeClaims, entry.namespace)
            .filter(({ object }) => isTerminating(object))
            .map(keyOf)
        : [],
    nothing,
  );
  return protection(registry, 'pvc-protection', persistentVolumeClaims, isUsed, [ofPods]);
}

/** Keeps a volume that is deleted until it belongs to no claim any more. */
export function volumeProtection({ registry }: ControllerContext): Controller {
  const isUsed = (volume: KubeObject) => valueAt(volume, 'status.phase') === 'Bound';
  return protection(registry, 'pv-protection', persistentVolumes, isUsed, []);
}

/** Keeps a class of attributes that is deleted until no claim and no volume names it. */
export function attributesClassProtection({ registry }: ControllerContext): Controller {
  const classes = registry.kinds.byResource('volumeattributesclasses.storage.k8s.io')!;
  const isUsed = ({ metadata: { name } }: KubeObject) =>
    [...registry.all(persistentVolumeClaims), ...registry.all(persistentVolumes)].some(({ object }) =>
      ATTRIBUTES_CLASS.some(path => valueAt(object, path) === name),
    );
  const terminating = () => registry.all(classes).flatMap(entry => (isTerminating(entry.object) ? [keyOf(entry)] : []));
  const others: readonly Source[] = [
    source(persistentVolumeClaims, ({ type }) => (type === 'ADDED' ? [] : terminating())),
    source(persistentVolumes, ({ type }) => (type === 'ADDED' ? [] : terminating())),
  ];
  return protection(registry, 'volumeattributesclass-protection', classes, isUsed, others);
}

/** Where claims and volumes name a class of attributes. */
const ATTRIBUTES_CLASS = [
  'spec.volumeAttributesClassName',
  'status.currentVolumeAttributesClassName',
  'status.modifyVolumeStatus.targetVolumeAttributesClassName',
];

/** Gives objects of a kind the finalizer, if admission has not, and takes it from those that are deleted and not used. */
function protection(
  registry: Registry,
  name: string,
  kind: ResourceDefinition,
  isUsed: (object: KubeObject) => boolean,
  others: readonly Source[],
): Controller {
  const finalizer = PROTECTION_FINALIZERS[qualifiedName(kind) as keyof typeof PROTECTION_FINALIZERS];
  return {
    name,
    watches: [source(kind, ({ type, entry }) => (type === 'DELETED' ? [] : [keyOf(entry)])), ...others],
    async reconcile(key) {
      const at = splitKey(key);
      const object = registry.get(kind, at.namespace, at.name)?.object;
      if (!object) return;
      const { finalizers = [] } = object.metadata;
      const has = finalizers.includes(finalizer);
      if (isTerminating(object) ? !has || isUsed(object) : has) return;
      const wanted = has ? finalizers.filter(other => other !== finalizer) : [...finalizers, finalizer];
      await registry.update(kind, { ...object, metadata: { ...object.metadata, finalizers: wanted } });
    },
  };
}

/** Whether a pod has the claim among its volumes, or it was made for one of them. */
function uses(pod: Pod, claim: KubeObject): boolean {
  const { name } = claim.metadata;
  return (pod.spec.volumes ?? []).some(({ name: volume, persistentVolumeClaim, ephemeral }) => {
    if ((persistentVolumeClaim as { claimName?: string } | undefined)?.claimName === name) return true;
    const isShutDown = isTerminating(pod) && pod.metadata.deletionGracePeriodSeconds === 0;
    return (
      ephemeral !== undefined &&
      !isShutDown &&
      `${pod.metadata.name}-${volume}` === name &&
      ownersOf(claim).some(({ uid, controller }) => controller && uid === pod.metadata.uid)
    );
  });
}
