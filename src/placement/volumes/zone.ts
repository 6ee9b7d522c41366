import type { Node, Pod } from '../../resources/types.js';
import { ZONE_LABEL } from '../../resources/well-known.js';
import { type Sentence, sentence } from '../../words/sentence.js';
import type { Obstacle } from '../check.js';
import type { NodeInfo } from '../node-info.js';
import { claimsOf, type VolumeCheck } from './pod-volumes.js';
import type { StorageView } from './storage-view.js';

/** Labels by which volumes and nodes say where they are, and what the old ones are called today. */
const TODAY: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': ZONE_LABEL,
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
};
const LABELS = [...Object.keys(TODAY), ...Object.values(TODAY)];
/** A volume that is in several zones names them all in one value. One that is empty says nothing. */
const SEPARATOR = '__';

const ELSEWHERE: Obstacle = {
  check: 'VolumeZone',
  reasons: ['node(s) had no available volume zone'],
  preemptable: false,
};

interface Place {
  readonly volume: string;
  readonly label: string;
  readonly values: readonly string[];
}

/** Volumes that say by labels in which zone and region they are. Of those that are made for a pod it is not asked. */
export class VolumeZone implements VolumeCheck {
  readonly name = 'VolumeZone';
  readonly beforehand: string | undefined;
  readonly #places: Place[] = [];

  constructor(pod: Pod, storage: StorageView) {
    for (const { name, ephemeral } of claimsOf(pod)) {
      const claim = storage.claim(pod.metadata.namespace ?? '', name);
      if (ephemeral || !claim?.spec.volumeName) continue;
      const volume = storage.volume(claim.spec.volumeName);
      if (!volume) {
        this.beforehand = `persistentvolume "${claim.spec.volumeName}" not found`;
        return;
      }
      for (const [label, value] of Object.entries(volume.metadata.labels ?? {})) {
        const values = value.split(SEPARATOR);
        if (LABELS.includes(label) && !values.includes(''))
          this.#places.push({ volume: volume.metadata.name, label, values });
      }
    }
  }

  obstacle({ node }: NodeInfo): Obstacle | undefined {
    return this.#wrong(node) ? ELSEWHERE : undefined;
  }

  describe({ node }: NodeInfo, obstacle: Obstacle | undefined): readonly Sentence[] {
    if (!obstacle) return [sentence('volumes.inZone')];
    const { volume, label, values } = this.#wrong(node)!;
    return [sentence('volumes.otherZone', { volume, label, zones: values })];
  }

  #wrong(node: Node): Place | undefined {
    if (this.#places.length === 0) return undefined;
    const labels = node.metadata.labels ?? {};
    // A node that says nothing is in no zone.
    if (!LABELS.some(label => Object.hasOwn(labels, label))) return undefined;
    return this.#places.find(({ label, values }) => {
      const value = labels[label] ?? labels[TODAY[label] ?? label];
      return value === undefined || !values.includes(value);
    });
  }
}
