import { explainFit, PodFit } from '../../../src/placement/fit.js';
import { NodeInfo } from '../../../src/placement/node-info.js';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../src/placement/volumes/match.js';
import type { CSINode, StorageClass, StorageView } from '../../../src/placement/volumes/storage-view.js';
import type { KubeObject, Pod, Volume } from '../../../src/resources/types.js';
import { type TestView, viewOf } from './clusters.js';
import { node, pod } from './objects.js';

const metadata = (name: string): KubeObject['metadata'] => ({
  name,
  uid: `uid-${name}`,
  resourceVersion: '1',
  creationTimestamp: '2025-01-01T00:00:00Z',
});

type More<T> = { meta?: Partial<KubeObject['metadata']>; phase?: string } & Partial<T>;

export const claim = (
  name: string,
  { meta, phase = 'Pending', ...spec }: More<PersistentVolumeClaim['spec']> = {},
): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { ...metadata(name), namespace: 'default', ...meta },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '2Gi' } },
    storageClassName: 'late',
    ...spec,
  },
  status: { phase },
});

/** One that has its volume. */
export const bound = (name: string, volumeName: string, more: More<PersistentVolumeClaim['spec']> = {}) =>
  claim(name, {
    volumeName,
    phase: 'Bound',
    ...more,
    meta: { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' }, ...more.meta },
  });

export const volume = (
  name: string,
  { meta, phase = 'Available', ...spec }: More<PersistentVolume['spec']> = {},
): PersistentVolume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { ...metadata(name), ...meta },
  spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '2Gi' }, storageClassName: 'late', ...spec },
  status: { phase },
});

/** For {@link volume}: only on nodes with one of these names. */
export const on = (...names: string[]) => ({
  nodeAffinity: {
    required: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: names }] }] },
  },
});

export const storageClass = (name: string, more: Partial<StorageClass> = {}): StorageClass => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: metadata(name),
  provisioner: 'kubernetes.io/no-provisioner',
  volumeBindingMode: 'WaitForFirstConsumer',
  ...more,
});

export const csiNode = (name: string, ...drivers: CSINode['spec']['drivers'] & object): CSINode => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'CSINode',
  metadata: metadata(name),
  spec: { drivers },
});

export type Stored = PersistentVolumeClaim | PersistentVolume | StorageClass | CSINode;

/** A cluster of nodes, and what is stored in it. Without a word about it, claims of the class `late` wait for their pod. */
export function cluster(infos: readonly NodeInfo[], ...stored: Stored[]): TestView {
  const of = <T>(kind: string) => stored.filter(object => object.kind === kind) as unknown as (T & KubeObject)[];
  const named = <T>(kind: string, name: string) => of<T>(kind).find(object => object.metadata.name === name);
  const storage: StorageView = {
    claim: (namespace, name) =>
      of<PersistentVolumeClaim>('PersistentVolumeClaim').find(
        one => one.metadata.namespace === namespace && one.metadata.name === name,
      ),
    volume: name => named<PersistentVolume>('PersistentVolume', name),
    volumes: () => of<PersistentVolume>('PersistentVolume'),
    storageClass: name =>
      named<StorageClass>('StorageClass', name) ?? (name === 'late' ? storageClass('late') : undefined),
    csiNode: name => named<CSINode>('CSINode', name),
  };
  return { ...viewOf(infos), storage };
}

export const place = (name: string, labels: Record<string, string> = {}, ...pods: Pod[]) =>
  new NodeInfo(node({ name, labels }), pods);
export const twoNodes = (...stored: Stored[]) => cluster([place('n1'), place('n2')], ...stored);

export const using = (...claims: string[]): Volume[] =>
  claims.map(name => ({ name, persistentVolumeClaim: { claimName: name } }));
export const web = (...volumes: Volume[]) => pod('web', { volumes });
export const scratch: Volume = { name: 'scratch', ephemeral: { volumeClaimTemplate: {} } };

// ---- what is asked of a pod ----

export const reasons = (p: Pod, view: TestView, name = 'n1') => new PodFit(p, view).obstacle(view.info(name))?.reasons;
export const fitting = (p: Pod, view: TestView) =>
  [...view.nodes()].map(info => info.name).filter(name => reasons(p, view, name) === undefined);
export const beforehand = (p: Pod, view: TestView) => new PodFit(p, view).beforehand;
export const message = (p: Pod, view: TestView, check: string, name = 'n1') =>
  explainFit(p, view.info(name), view).find(one => one.check === check)?.message;

export const plan = (p: Pod, view: TestView, name = 'n1') => {
  const found = new PodFit(p, view).volumePlan(view.info(name));
  return (
    found && {
      bindings: found.bindings.map(one => [one.claim.metadata.name, one.volume.metadata.name]),
      provisions: found.provisions.map(one => one.metadata.name),
    }
  );
};
