import type { Registry } from '../../registry/registry.js';
import { messageOf, StatusError } from '../../registry/status.js';
import { pods } from '../../resources/index.js';
import type { DaemonSet, Draft, Pod } from '../../resources/types.js';
import type { Recorder } from '../runtime/types.js';
import type { DaemonPod } from './daemon-pod.js';

/** Creates, and likewise deletes, that one sync makes at most; the next one goes on (SYN-01, SYN-07). */
const BURST = 250;

/** What a sync writes through. */
export interface PodControl {
  readonly registry: Pick<Registry, 'create' | 'delete'>;
  readonly recorder: Recorder;
}

/**
 * Creates a pod for every node named, slowly at first, then deletes pods, all at once (SYN-01..06). Once a batch of creates
 * has failures the creates left over are skipped: what one quota refuses it would refuse to hundreds.
 *
 * Upstream counts what it expects to see of this in its caches and keeps still until then. Reads of the registry show every
 * write at once, so there is nothing to wait for.
 * @throws Error whatever went wrong, after everything was tried; several errors as one AggregateError
 */
export async function syncPods(
  control: PodControl,
  set: DaemonSet,
  create: readonly string[],
  remove: readonly DaemonPod[],
  draftFor: (node: string) => Draft<Pod>,
): Promise<void> {
  const errors: unknown[] = [];
  const wanted = create.slice(0, BURST);
  for (let at = 0, size = 1; at < wanted.length && errors.length === 0; at += size, size *= 2) {
    errors.push(...(await failures(wanted.slice(at, at + size).map(node => createPod(control, set, draftFor(node))))));
  }
  errors.push(...(await failures(remove.slice(0, BURST).map(pod => deletePod(control, set, pod)))));
  throwAny(errors);
}

async function createPod({ registry, recorder }: PodControl, set: DaemonSet, draft: Draft<Pod>): Promise<void> {
  const { namespace } = set.metadata;
  if (Object.keys(draft.metadata.labels ?? {}).length === 0) throw new Error('unable to create pods, no labels');
  try {
    const { name } = await registry.create(pods, draft, { namespace: namespace! });
    recorder.event(set, 'Normal', 'SuccessfulCreate', `Created pod: ${name}`);
  } catch (error) {
    // The set is about to go as well: no reason to complain, nor to try again (SYN-04).
    if (isNamespaceTerminating(error)) return;
    recorder.event(set, 'Warning', 'FailedCreate', `Error creating: ${messageOf(error)}`);
    throw error;
  }
}

async function deletePod(
  { registry, recorder }: PodControl,
  set: DaemonSet,
  { namespace, name }: DaemonPod,
): Promise<void> {
  try {
    await registry.delete(pods, namespace, name);
    recorder.event(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
  } catch (error) {
    // Somebody else was faster.
    if (StatusError.is(error, 'NotFound')) return;
    recorder.event(set, 'Warning', 'FailedDelete', `Error deleting: ${messageOf(error)}`);
    throw error;
  }
}

function isNamespaceTerminating(error: unknown): boolean {
  return (
    error instanceof StatusError && (error.details?.causes ?? []).some(cause => cause.reason === 'NamespaceTerminating')
  );
}

/**
 * Waits for all of the writes, also if some fail.
 * @throws Error what went wrong; several different errors as one AggregateError
 */
export async function all(writes: readonly Promise<unknown>[]): Promise<void> {
  throwAny(await failures(writes));
}

async function failures(writes: readonly Promise<unknown>[]): Promise<unknown[]> {
  const results = await Promise.allSettled(writes);
  return results.filter(result => result.status === 'rejected').map(result => result.reason);
}

function throwAny(errors: readonly unknown[]): void {
  if (errors.length === 0) return;
  const messages = [...new Set(errors.map(messageOf))];
  if (messages.length === 1) throw errors[0];
  throw new AggregateError(errors, `[${messages.join(', ')}]`);
}
