import type { Pod, Volume } from '../../resources/types.js';
import { type Sentence, sentence } from '../../words/sentence.js';
import type { Obstacle } from '../check.js';
import type { ClusterView } from '../cluster-view.js';
import type { NodeInfo } from '../node-info.js';
import { claimsOf, disksOf, type VolumeCheck } from './pod-volumes.js';
import type { StorageView } from './storage-view.js';

const obstacleOf = (reason: string): Obstacle => ({
  check: 'VolumeRestrictions',
  reasons: [reason],
  preemptable: true,
});
const DISK_TAKEN = obstacleOf('node(s) had no available disk');
const CLAIM_TAKEN = obstacleOf(
  'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode',
);

/** Volumes that no two pods may have at once: claims for a single pod, and disks where one of the pods would write. */
export class VolumeRestrictions implements VolumeCheck {
  readonly name = 'VolumeRestrictions';
  readonly beforehand: string | undefined;
  readonly #pod: Pod;
  /** The pod's claims for a single pod, and how often other pods with a node use them, wherever they stand. */
  readonly #uses = new Map<string, number>();

  constructor(pod: Pod, storage: StorageView, view: ClusterView) {
    this.#pod = pod;
    for (const { name, ephemeral } of claimsOf(pod)) {
      if (ephemeral) continue;
      const claim = storage.claim(pod.metadata.namespace ?? '', name);
      if (!claim) {
        this.beforehand = `persistentvolumeclaim "${name}" not found`;
        return;
      }
      if (claim.spec.accessModes?.includes('ReadWriteOncePod')) this.#uses.set(name, 0);
    }
    if (this.#uses.size === 0) return;
    for (const info of view.nodes()) for (const other of info.pods.values()) this.update(other, 1);
  }

  update(other: Pod, sign: 1 | -1): void {
    if (this.#uses.size === 0) return;
    const { uid, namespace } = other.metadata;
    if (uid === this.#pod.metadata.uid || namespace !== this.#pod.metadata.namespace) return;
    for (const { name } of claimsOf(other)) {
      const uses = this.#uses.get(name);
      if (uses !== undefined) this.#uses.set(name, uses + sign);
    }
  }

  obstacle(info: NodeInfo): Obstacle | undefined {
    if (this.#contestedDisk(info)) return DISK_TAKEN;
    return this.#contestedClaim() ? CLAIM_TAKEN : undefined;
  }

  describe(info: NodeInfo, obstacle: Obstacle | undefined): readonly Sentence[] {
    if (obstacle === DISK_TAKEN) return [sentence('disks.taken', { volume: this.#contestedDisk(info)!.name })];
    if (obstacle === CLAIM_TAKEN) return [sentence('disks.claimTaken', { claim: this.#contestedClaim()! })];
    return [sentence('disks.free')];
  }

  #contestedClaim(): string | undefined {
    for (const [name, uses] of this.#uses) if (uses > 0) return name;
    return undefined;
  }

  #contestedDisk(info: NodeInfo): Volume | undefined {
    const disks = disksOf(this.#pod);
    if (disks.length === 0) return undefined;
    for (const other of info.pods.values()) {
      if (other.metadata.uid === this.#pod.metadata.uid) continue;
      const theirs = disksOf(other);
      const contested = disks.find(disk => theirs.some(taken => areInConflict(disk, taken)));
      if (contested) return contested;
    }
    return undefined;
  }
}

interface Disk {
  readonly readOnly?: boolean;
  readonly [field: string]: unknown;
}

/** What makes two disks of a source the same, and whether pods can share it if all of them only read. */
const SOURCES: Readonly<Record<string, { same(a: Disk, b: Disk): boolean; readers: boolean }>> = {
  gcePersistentDisk: { same: (a, b) => a.pdName === b.pdName, readers: true },
  awsElasticBlockStore: { same: (a, b) => a.volumeID === b.volumeID, readers: false },
  iscsi: { same: (a, b) => a.iqn === b.iqn, readers: true },
  rbd: {
    same: (a, b) =>
      a.pool === b.pool &&
      a.image === b.image &&
      ((a.monitors ?? []) as string[]).some(monitor => ((b.monitors ?? []) as string[]).includes(monitor)),
    readers: true,
  },
};

function areInConflict(a: Volume, b: Volume): boolean {
  return Object.entries(SOURCES).some(([source, { same, readers }]) => {
    const [mine, theirs] = [a[source] as Disk | undefined, b[source] as Disk | undefined];
    return mine && theirs && same(mine, theirs) && !(readers && mine.readOnly && theirs.readOnly);
  });
}
