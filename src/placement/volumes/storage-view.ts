import type { KubeObject } from '../../resources/types.js';
import type { PersistentVolume, PersistentVolumeClaim } from './match.js';

export interface StorageClass extends KubeObject {
  provisioner: string;
  reclaimPolicy?: string;
  volumeBindingMode?: string;
  /** Where its volumes can be made; anywhere if it is empty. */
  allowedTopologies?: { matchLabelExpressions?: { key: string; values: string[] }[] }[];
}

/** What the storage drivers of a node say of it. */
export interface CSINode extends KubeObject {
  spec: { drivers?: { name: string; allocatable?: { count?: number } }[] };
}

/** What the rules about volumes may see. */
export interface StorageView {
  claim(namespace: string, name: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  volumes(): Iterable<PersistentVolume>;
  storageClass(name: string): StorageClass | undefined;
  csiNode(name: string): CSINode | undefined;
}

/** The node that was chosen for the pod of a claim: there its volume shall be made. */
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

/** The class's volumes are there already, or not at all. */
export const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

/** Whether the claims of a class get their volumes only when a pod that uses them has a node. */
export const waitsForConsumer = (storageClass: StorageClass | undefined): boolean =>
  storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
