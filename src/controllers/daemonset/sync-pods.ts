import type { DaemonSet, Draft, Pod } from '../../resources/types.js';
import { createPod, deletePod, failures, type PodControl, slowStart, throwAny } from '../workloads/pod-control.js';
import type { CreateAttempts } from './create-attempts.js';
import type { DaemonPod } from './daemon-pod.js';

/** Creates, and likewise deletes, that one sync makes at most; the next one goes on (SYN-01, SYN-07). */
const BURST = 250;

/**
 * Creates a pod for every node named, slowly at first, then deletes pods, all at once (SYN-01..06).
 *
 * Upstream counts what it expects to see of this in its caches and keeps still until then. Reads of the registry show every
 * write at once, so there is nothing to wait for.
 * @throws Error whatever went wrong, after everything was tried; several errors as one AggregateError
 */
export async function syncPods(
  control: PodControl & { readonly attempts: Pick<CreateAttempts, 'note'> },
  set: DaemonSet,
  create: readonly string[],
  remove: readonly DaemonPod[],
  draftFor: (node: string) => Draft<Pod>,
): Promise<void> {
  const refused = await slowStart(create.slice(0, BURST), node => createPod(control, set, draftFor(node)));
  if (create.length > 0) control.attempts.note(set.metadata.uid, refused);
  const stuck = await failures(remove.slice(0, BURST).map(pod => deletePod(control, set, pod)));
  throwAny([...refused, ...stuck]);
}
