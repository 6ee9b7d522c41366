import type { Pod, Volume } from '../../resources/types.js';
import type { Sentence } from '../../words/sentence.js';
import type { CheckName, Obstacle } from '../check.js';
import type { NodeInfo } from '../node-info.js';

/** A claim that a pod uses; `ephemeral`: one that is made for the pod and goes with it. */
export interface UsedClaim {
  readonly name: string;
  readonly ephemeral: boolean;
}

/** What of a pod's volumes matters to where it may go. */
interface RelevantVolumes {
  readonly claims: readonly { readonly claimName?: string | undefined; readonly volume: string }[];
  readonly disks: readonly Volume[];
}

const NONE: RelevantVolumes = { claims: [], disks: [] };
const relevant = new WeakMap<readonly Volume[], RelevantVolumes>();

/** Disks that pods name themselves, of which not every two pods of a node may have the same. */
const DISKS = ['gcePersistentDisk', 'awsElasticBlockStore', 'rbd', 'iscsi'];

function relevantVolumes({ spec: { volumes } }: Pod): RelevantVolumes {
  if (!volumes) return NONE;
  let known = relevant.get(volumes);
  if (!known) {
    const claims = volumes.flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
      const claim = persistentVolumeClaim as { claimName?: string } | undefined;
      return claim || ephemeral ? [{ claimName: claim?.claimName, volume: name }] : [];
    });
    const disks = volumes.filter(volume => DISKS.some(source => volume[source]));
    known = claims.length + disks.length > 0 ? { claims, disks } : NONE;
    relevant.set(volumes, known);
  }
  return known;
}

/** Whether a pod's volumes have a say in where it goes. */
export const hasVolumesToPlace = (pod: Pod): boolean => relevantVolumes(pod) !== NONE;

/** The claims that a pod uses, in the order of its volumes. */
export function claimsOf(pod: Pod): readonly UsedClaim[] {
  return relevantVolumes(pod).claims.map(({ claimName, volume }) =>
    claimName === undefined
      ? { name: `${pod.metadata.name}-${volume}`, ephemeral: true }
      : { name: claimName, ephemeral: false },
  );
}

/** The disks that a pod names itself. */
export const disksOf = (pod: Pod): readonly Volume[] => relevantVolumes(pod).disks;

/** One of the scheduler's plugins for volumes, worked out for a pod. */
export interface VolumeCheck {
  readonly name: CheckName;
  /** What keeps the pod from every node, whatever they are like. */
  readonly beforehand?: string | undefined;
  obstacle(info: NodeInfo): Obstacle | undefined;
  describe(info: NodeInfo, obstacle: Obstacle | undefined): readonly Sentence[];
  /** Counts a pod in (1) or out (-1), on trial. */
  update?(other: Pod, sign: 1 | -1): void;
}
