import type { Node, Pod } from '../../resources/types.js';
import { ZONE_LABEL } from '../../resources/well-known.js';
import type { Obstacle } from '../check.js';
import type { NodeInfo } from '../node-info.js';
import { claimsOf, type VolumeCheck } from './pod-volumes.js';
import type { StorageView } from './storage-view.js';

/** Labels by which volumes and nodes say where they are, the old ones with what they are called today. */
const TODAY: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': ZONE_LABEL,
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  [ZONE_LABEL]: ZONE_LABEL,
  'topology.kubernetes.io/region': 'topology.kubernetes.io/region',
};
/** A volume that is in several zones names them all in one value. */
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

/** Volumes that say by labels in which zone and region they are. */
export class VolumeZone implements VolumeCheck {
  readonly name = 'VolumeZone';
  readonly #places: readonly Place[];

  constructor(pod: Pod, storage: StorageView) {
    this.#places = claimsOf(pod).flatMap(({ name }) => {
      const claim = storage.claim(pod.metadata.namespace ?? '', name);
      const volume = claim?.spec.volumeName ? storage.volume(claim.spec.volumeName) : undefined;
      return Object.entries(volume?.metadata.labels ?? {})
        .filter(([label]) => Object.hasOwn(TODAY, label))
        .map(([label, value]) => ({ volume: volume!.metadata.name, label, values: value.split(SEPARATOR) }));
    });
  }

  obstacle({ node }: NodeInfo): Obstacle | undefined {
    return this.#wrong(node) ? ELSEWHERE : undefined;
  }

  describe({ node }: NodeInfo, obstacle: Obstacle | undefined): string {
    if (!obstacle) return 'its volumes can be reached from the zone of the node';
    const { volume, label, values } = this.#wrong(node)!;
    return `volume ${volume} is in ${label}=${values.join(', ')}`;
  }

  #wrong(node: Node): Place | undefined {
    if (this.#places.length === 0) return undefined;
    const labels = node.metadata.labels ?? {};
    // A node that says nothing is in no zone.
    if (!Object.keys(TODAY).some(label => Object.hasOwn(labels, label))) return undefined;
    return this.#places.find(({ label, values }) => !values.includes(labels[label] ?? labels[TODAY[label]!] ?? ''));
  }
}
