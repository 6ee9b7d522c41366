import { daemonPodOf } from '../controllers/daemonset/daemon-pod.js';
import { type Amounts, reservedRequests } from '../placement/pod-resources.js';
import { controllerOf } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import { pods } from '../resources/index.js';
import { hasEnded } from '../resources/state.js';
import type { OwnerReference, Pod } from '../resources/types.js';
import type { Entry } from '../store/entry.js';

/** What a look at all pods needs of each. Small enough to keep for every pod of the cluster. */
export interface PodOutline {
  /** Who controls it. */
  readonly controller: OwnerReference | undefined;
  /** What it holds of its node; nothing once it has ended. */
  readonly requests: Amounts | undefined;
  /** Whether one of its containers cannot go on: it waits for something else than its start, as in CrashLoopBackOff. */
  readonly stuck: boolean;
}

const outlines = new WeakMap<Entry<Pod>, PodOutline>();

/** A pod's outline, remembered: entries never change, and looking into one may mean parsing it again. */
export function outlineOf(entry: Entry<Pod>): PodOutline {
  let outline = outlines.get(entry);
  if (!outline) {
    const { object } = entry;
    const ended = hasEnded(object);
    outline = {
      controller: controllerOf(object),
      requests: ended ? undefined : reservedRequests(object),
      stuck: !ended && isStuck(object),
    };
    outlines.set(entry, outline);
  }
  return outline;
}

/** Why a container waits that is on its way. */
const STARTING = new Set(['ContainerCreating', 'PodInitializing']);

const isStuck = ({ status: { initContainerStatuses = [], containerStatuses = [] } }: Pod): boolean =>
  [...initContainerStatuses, ...containerStatuses].some(
    ({ state }) => state?.waiting?.reason !== undefined && !STARTING.has(state.waiting.reason),
  );

/** Pods that are looked into in one turn of the event loop. */
const IN_ONE_TURN = 1000;

/** Looks into all pods, and lets others come in between: what follows can be quick about it. */
export async function outlineAll(registry: Registry): Promise<void> {
  let looked = 0;
  for (const entry of registry.all(pods)) {
    if (outlines.has(entry)) continue;
    outlineOf(entry);
    daemonPodOf(entry);
    if (++looked % IN_ONE_TURN === 0) await new Promise(resolve => setImmediate(resolve));
  }
}
