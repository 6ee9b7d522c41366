import type { Registry } from '../../registry/registry.js';
import { messageOf, StatusError } from '../../registry/status.js';
import { pods } from '../../resources/index.js';
import type { Draft, KubeObject, Pod } from '../../resources/types.js';
import type { Recorder } from '../runtime/types.js';

/** What controllers of workloads make and delete pods through. */
export interface PodControl {
  readonly registry: Pick<Registry, 'create' | 'delete'>;
  readonly recorder: Recorder;
}

/**
 * Creates a pod for `owner` and tells it in an event about the owner. That the namespace is about to end is no failure, and no
 * event: the owner will go as well (SYN-04).
 * @throws StatusError if it is refused
 */
export async function createPod(
  { registry, recorder }: PodControl,
  owner: KubeObject,
  draft: Draft<Pod>,
): Promise<void> {
  const { namespace } = owner.metadata;
  if (Object.keys(draft.metadata.labels ?? {}).length === 0) throw new Error('unable to create pods, no labels');
  try {
    const { name } = await registry.create(pods, draft, { namespace: namespace! });
    recorder.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${name}`);
  } catch (error) {
    if (isNamespaceTerminating(error)) return;
    recorder.event(owner, 'Warning', 'FailedCreate', `Error creating: ${messageOf(error)}`);
    throw error;
  }
}

/**
 * Deletes a pod of `owner` and tells it in an event about the owner. One that is gone already is no failure, and no event.
 * @throws Error if it is refused
 */
export async function deletePod(
  { registry, recorder }: PodControl,
  owner: KubeObject,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<void> {
  try {
    await registry.delete(pods, namespace, name);
    recorder.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
  } catch (error) {
    if (StatusError.is(error, 'NotFound')) return;
    recorder.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${messageOf(error)}`);
    throw new Error(`unable to delete pods: ${messageOf(error)}`);
  }
}

/** Whether a write was refused because its namespace is about to go. */
export function isNamespaceTerminating(error: unknown): boolean {
  return (
    error instanceof StatusError && (error.details?.causes ?? []).some(cause => cause.reason === 'NamespaceTerminating')
  );
}

/**
 * Does `write` for every item, slowly at first: one, then twice as many each time. Once a batch has failures the items left
 * over are skipped: what one quota refuses it would refuse to hundreds (SYN-02, SYN-03).
 * @returns what went wrong in the batch that was the last
 */
export async function slowStart<T>(items: readonly T[], write: (item: T) => Promise<unknown>): Promise<unknown[]> {
  let errors: unknown[] = [];
  for (let at = 0, size = 1; at < items.length && errors.length === 0; at += size, size *= 2) {
    errors = await failures(items.slice(at, at + size).map(write));
  }
  return errors;
}

/**
 * Waits for all of the writes, also if some fail.
 * @throws Error what went wrong; several different errors as one AggregateError
 */
export async function all(writes: readonly Promise<unknown>[]): Promise<void> {
  throwAny(await failures(writes));
}

/** Waits for all of the writes, and answers what went wrong. */
export async function failures(writes: readonly Promise<unknown>[]): Promise<unknown[]> {
  const results = await Promise.allSettled(writes);
  return results.filter(result => result.status === 'rejected').map(result => result.reason);
}

/** @throws Error if there are errors: the one if all say the same, else all as one AggregateError */
export function throwAny(errors: readonly unknown[]): void {
  if (errors.length === 0) return;
  const messages = [...new Set(errors.map(messageOf))];
  if (messages.length === 1) throw errors[0];
  throw new AggregateError(errors, `[${messages.join(', ')}]`);
}
