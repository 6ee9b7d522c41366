import { podsByNode } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import { hasEnded } from '../resources/state.js';
import type { Pod } from '../resources/types.js';
import { type Footprint, footprintOf } from './admission.js';

/** What a pod takes of its node, and the address that it has there. */
interface Taken extends Footprint {
  readonly podIP: string | undefined;
}

const takenBy = (pod: Pod): Taken => ({ ...footprintOf(pod), podIP: pod.status.podIP });

/**
 * What the admitted pods of each node take of it: kept with every write, so that taking a pod in does not mean looking at
 * all others again. Made for a node when it is first asked for.
 */
export class Ledger {
  readonly #registry: Registry;
  /** Node → uid → what the pod takes. */
  readonly #nodes = new Map<string, Map<string, Taken>>();

  constructor(registry: Registry) {
    this.#registry = registry;
    registry.onApply(({ type, entry }) => {
      if (entry.resource !== 'pods') return;
      const pod = entry.object as Pod;
      const taken = pod.spec.nodeName === undefined ? undefined : this.#nodes.get(pod.spec.nodeName);
      if (!taken) return;
      if (type === 'DELETED' || !isAdmitted(pod)) taken.delete(entry.uid);
      else {
        const known = taken.get(entry.uid);
        if (!known || known.podIP !== pod.status.podIP || isChanged(pod)) taken.set(entry.uid, takenBy(pod));
      }
    });
  }

  /** By the uid of the pod. */
  of(node: string): ReadonlyMap<string, Taken> {
    let taken = this.#nodes.get(node);
    if (!taken) {
      taken = new Map();
      for (const { object } of podsByNode(this.#registry).get(node)) {
        if (isAdmitted(object)) taken.set(object.metadata.uid, takenBy(object));
      }
      this.#nodes.set(node, taken);
    }
    return taken;
  }

  forget(node: string): void {
    this.#nodes.delete(node);
  }
}

/** Whether it may ask for something else than when it was made. */
const isChanged = ({ metadata }: Pod) => (metadata.generation ?? 1) > 1;

/** Whether the kubelet has taken the pod in, and it has not ended since. */
const isAdmitted = (pod: Pod) => pod.status.startTime !== undefined && !hasEnded(pod);
