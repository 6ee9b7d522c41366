import type { Pod } from '../../resources/types.js';
import { type Sentence, sentence } from '../../words/sentence.js';
import type { Obstacle } from '../check.js';
import type { NodeInfo } from '../node-info.js';
import { classOf } from './match.js';
import { claimsOf, type VolumeCheck } from './pod-volumes.js';
import type { StorageView } from './storage-view.js';

const TOO_MANY: Obstacle = {
  check: 'NodeVolumeLimits',
  reasons: ['node(s) exceed max volume count'],
  preemptable: true,
};

/** Volumes by what makes them the same, with their driver. */
type Attached = Map<string, string>;

/** How many volumes of a driver a node can have, as its CSINode says. */
export class NodeVolumeLimits implements VolumeCheck {
  readonly name = 'NodeVolumeLimits';
  readonly #pod: Pod;
  readonly #storage: StorageView;
  readonly #wanted: Attached = new Map();

  constructor(pod: Pod, storage: StorageView) {
    this.#pod = pod;
    this.#storage = storage;
    this.#collect(pod, this.#wanted);
  }

  obstacle(info: NodeInfo): Obstacle | undefined {
    return this.#exceeded(info) ? TOO_MANY : undefined;
  }

  describe(info: NodeInfo, obstacle: Obstacle | undefined): readonly Sentence[] {
    if (!obstacle) return [sentence('volumes.room')];
    const { driver, limit } = this.#exceeded(info)!;
    return [sentence('volumes.full', { limit: String(limit), driver })];
  }

  #exceeded(info: NodeInfo): { driver: string; limit: number } | undefined {
    if (this.#wanted.size === 0) return undefined;
    const drivers = this.#storage.csiNode(info.name)?.spec.drivers ?? [];
    const limited = drivers.filter(driver => driver.allocatable?.count !== undefined);
    if (limited.length === 0) return undefined;
    const attached: Attached = new Map();
    for (const other of info.pods.values())
      if (other.metadata.uid !== this.#pod.metadata.uid) this.#collect(other, attached);
    const together = [...new Map([...attached, ...this.#wanted]).values()];
    for (const { name, allocatable } of limited) {
      // What is full already is no obstacle to a pod that brings nothing more.
      const brings = [...this.#wanted].some(([volume, driver]) => driver === name && !attached.has(volume));
      const limit = allocatable!.count!;
      if (brings && together.filter(driver => driver === name).length > limit) return { driver: name, limit };
    }
    return undefined;
  }

  /** Adds the volumes of a pod that are attached to its node by a driver. */
  #collect(pod: Pod, into: Attached): void {
    const namespace = pod.metadata.namespace ?? '';
    for (const { name } of claimsOf(pod)) {
      const claim = this.#storage.claim(namespace, name);
      if (!claim) continue;
      const volume = claim.spec.volumeName ? this.#storage.volume(claim.spec.volumeName) : undefined;
      if (volume?.spec.csi) {
        const { driver, volumeHandle } = volume.spec.csi;
        into.set(`${driver}/${volumeHandle}`, driver);
      } else if (!volume) {
        const provisioner = this.#storage.storageClass(classOf(claim))?.provisioner;
        if (provisioner) into.set(`${provisioner}/claim/${namespace}/${name}`, provisioner);
      }
    }
  }
}
