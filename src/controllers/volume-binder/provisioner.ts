import type { PersistentVolume, PersistentVolumeClaim } from '../../placement/volumes/match.js';
import type { StorageClass } from '../../placement/volumes/storage-view.js';
import type { Draft, Node } from '../../resources/types.js';
import { HOSTNAME_LABEL } from '../../resources/well-known.js';
import { keptFor } from './kinds.js';

/** The provisioner of classes whose volumes are made here, out of nothing. */
export const PROVISIONER = 'volumes.kubette.dev';

/** The class of claims that name none, in a cluster whose machines are simulated: as kind and minikube are born with one. */
export const STANDARD_CLASS: Draft<StorageClass> = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: PROVISIONER,
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
};

const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';

/**
 * The volume that is made for a claim. It can be had everywhere, but when a node was chosen for its first consumer: then it lies on
 * that node, as the volumes of local disks do.
 */
export function madeFor(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  node: Node | undefined,
): Draft<PersistentVolume> {
  const name = `pvc-${claim.metadata.uid}`;
  const { accessModes, resources, volumeMode } = claim.spec;
  const volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { [PROVISIONED_BY]: PROVISIONER } },
    spec: {
      capacity: { storage: resources?.requests?.storage ?? '0' },
      ...(accessModes ? { accessModes } : {}),
      ...(volumeMode ? { volumeMode } : {}),
      storageClassName: storageClass.metadata.name,
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      csi: { driver: PROVISIONER, volumeHandle: name },
      ...(node ? { nodeAffinity: { required: { nodeSelectorTerms: [onNode(node)] } } } : {}),
    },
    status: {},
  };
  const { spec } = keptFor(volume as unknown as PersistentVolume, claim);
  return { ...volume, spec };
}

const onNode = ({ metadata: { name, labels } }: Node) => ({
  matchExpressions: [{ key: HOSTNAME_LABEL, operator: 'In', values: [labels?.[HOSTNAME_LABEL] ?? name] }],
});

/** Whether a volume was made here, and goes with its claim. */
export const goesWithClaim = ({ metadata, spec }: PersistentVolume): boolean =>
  metadata.annotations?.[PROVISIONED_BY] === PROVISIONER && spec.persistentVolumeReclaimPolicy === 'Delete';
