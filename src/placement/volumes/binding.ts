import type { Node, Pod } from '../../resources/types.js';
import { type Sentence, sentence } from '../../words/sentence.js';
import type { Obstacle } from '../check.js';
import { matchesTerm } from '../node-affinity.js';
import type { NodeInfo } from '../node-info.js';
import { classOf, compareSizes, type PersistentVolume, type PersistentVolumeClaim, volumesFor } from './match.js';
import { claimsOf, type UsedClaim, type VolumeCheck } from './pod-volumes.js';
import { NO_PROVISIONER, SELECTED_NODE, type StorageView, waitsForConsumer } from './storage-view.js';

/** What has to be done on a node before a pod can have its volumes there. */
export interface VolumePlan {
  /** Claims that get volumes which are there. */
  readonly bindings: readonly { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }[];
  /** Claims whose volumes are to be made for the node. */
  readonly provisions: readonly PersistentVolumeClaim[];
}

const WRONG_NODE = 'node(s) had volume node affinity conflict';
const NO_VOLUME = "node(s) didn't find available persistent volumes to bind";
const LOST_VOLUME = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';

/** The claim and its volume know of each other. */
export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';

/** The volumes of a pod's claims: those that they have must suit the node, the others must be found or made for it. */
export class VolumeBinding implements VolumeCheck {
  readonly name = 'VolumeBinding';
  readonly beforehand: string | undefined;
  readonly #storage: StorageView;
  /** Claims that have their volume, … */
  readonly #bound: PersistentVolumeClaim[] = [];
  /** … and those that get one with the node, the smallest first. */
  readonly #open: PersistentVolumeClaim[] = [];
  /** The volumes that would do for an open claim on some node. */
  readonly #choice = new Map<PersistentVolumeClaim, readonly PersistentVolume[]>();

  constructor(pod: Pod, storage: StorageView) {
    this.#storage = storage;
    let isUnbound = false;
    for (const used of claimsOf(pod)) {
      const claim = storage.claim(pod.metadata.namespace ?? '', used.name);
      this.beforehand = whyUnusable(pod, used, claim);
      if (this.beforehand || !claim) return;
      if (claim.spec.volumeName) {
        if (claim.metadata.annotations?.[BIND_COMPLETED] !== undefined) this.#bound.push(claim);
        else isUnbound = true;
      } else if (waitsForConsumer(storage.storageClass(classOf(claim)))) {
        this.#open.push(claim);
      } else {
        isUnbound = true;
      }
    }
    if (isUnbound) {
      this.beforehand = 'pod has unbound immediate PersistentVolumeClaims';
      return;
    }
    this.#open.sort((a, b) => compareSizes(a.spec.resources?.requests, b.spec.resources?.requests));
    for (const claim of this.#open) this.#choice.set(claim, volumesFor(storage.volumes(), claim));
  }

  obstacle({ node }: NodeInfo): Obstacle | undefined {
    const reasons = [
      ...(this.#bound.some(claim => this.#isElsewhere(claim, node)) ? [WRONG_NODE] : []),
      ...(this.#search(node) ? [] : [NO_VOLUME]),
      ...(this.#bound.some(claim => !this.#storage.volume(claim.spec.volumeName!)) ? [LOST_VOLUME] : []),
    ];
    return reasons.length > 0 ? { check: 'VolumeBinding', reasons, preemptable: false } : undefined;
  }

  describe(_info: NodeInfo, obstacle: Obstacle | undefined): readonly Sentence[] {
    switch (obstacle?.reasons[0]) {
      case undefined:
        return [sentence(this.#open.length > 0 ? 'volumes.bindable' : 'volumes.reachable')];
      case WRONG_NODE:
        return [sentence('volumes.elsewhere')];
      case NO_VOLUME:
        return [sentence('volumes.none', { claims: this.#open.map(claim => claim.metadata.name) })];
      default:
        return [sentence('volumes.gone')];
    }
  }

  /** What is to be done for the pod to have its volumes on a node where it fits; `undefined` if it has them all. */
  plan(node: Node): VolumePlan | undefined {
    return this.#open.length > 0 ? this.#search(node) : undefined;
  }

  #isElsewhere(claim: PersistentVolumeClaim, node: Node): boolean {
    const volume = this.#storage.volume(claim.spec.volumeName!);
    return volume !== undefined && !isAccessible(volume, node);
  }

  /** A volume for each open claim, or a place to make it; `undefined` if there is none for one of them. */
  #search(node: Node): VolumePlan | undefined {
    const bindings: { claim: PersistentVolumeClaim; volume: PersistentVolume }[] = [];
    const provisions: PersistentVolumeClaim[] = [];
    for (const claim of this.#open) {
      const selected = claim.metadata.annotations?.[SELECTED_NODE];
      if (selected !== undefined && selected !== node.metadata.name) return undefined;
      const volume =
        selected === undefined &&
        this.#choice.get(claim)!.find(one => isAccessible(one, node) && !bindings.some(known => known.volume === one));
      if (volume) bindings.push({ claim, volume });
      else if (this.#canBeMade(claim, node)) provisions.push(claim);
      else return undefined;
    }
    return { bindings, provisions };
  }

  #canBeMade(claim: PersistentVolumeClaim, node: Node): boolean {
    const storageClass = this.#storage.storageClass(classOf(claim));
    if (!storageClass?.provisioner || storageClass.provisioner === NO_PROVISIONER) return false;
    const { allowedTopologies = [] } = storageClass;
    return allowedTopologies.length === 0 || allowedTopologies.some(term => isWithin(term.matchLabelExpressions, node));
  }
}

function whyUnusable(pod: Pod, { name, ephemeral }: UsedClaim, claim: PersistentVolumeClaim | undefined) {
  if (!claim) {
    return ephemeral
      ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
      : `persistentvolumeclaim "${name}" not found`;
  }
  if (claim.status.phase === 'Lost') {
    return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName ?? ''}"`;
  }
  if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim "${name}" is being deleted`;
  const { namespace = '', name: podName, uid } = pod.metadata;
  if (ephemeral && !claim.metadata.ownerReferences?.some(owner => owner.controller && owner.uid === uid)) {
    return `PVC ${namespace}/${name} was not created for pod ${namespace}/${podName} (pod is not owner)`;
  }
  return undefined;
}

/** Whether the volume can be had on the node, as far as it says anything about nodes. */
function isAccessible({ spec: { nodeAffinity } }: PersistentVolume, node: Node): boolean {
  const terms = nodeAffinity?.required?.nodeSelectorTerms;
  return !terms || terms.some(term => matchesTerm(term, node));
}

/** Whether the node has one of the values of every label; terms without labels allow nothing. */
function isWithin(expressions: readonly { key: string; values: string[] }[] | undefined, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  return !!expressions?.length && expressions.every(({ key, values }) => values.some(value => labels[key] === value));
}
