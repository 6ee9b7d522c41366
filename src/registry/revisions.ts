import { type FieldError, forbidden, notSupported } from '../resources/field-error.js';
import { without } from '../resources/json.js';
import type { KubeObject } from '../resources/types.js';
import type { Registry } from './registry.js';
import { StatusError } from './status.js';
import type { ListOptions, ResourceVersionMatch, WatchOptions } from './types.js';

/** What `resourceVersion` and its companions mean, and may not mean, in reads. */

const LIST_OPTIONS = { group: 'meta.k8s.io', kind: 'ListOptions' };
const MAX_REVISION = 2n ** 64n - 1n;

/** @throws StatusError 422 for parameters of a list that make no sense together, as upstream's `ValidateListOptions` */
export function checkListOptions(options: ListOptions): void {
  const { resourceVersionMatch: match, resourceVersion, sendInitialEvents } = options;
  if (match === undefined && sendInitialEvents === undefined) return;
  const errors: FieldError[] = [];
  if (match !== undefined) {
    if (!resourceVersion) errors.push(noMatch('resourceVersionMatch is forbidden unless resourceVersion is provided'));
    errors.push(...checkContinue(options));
    if (match !== 'Exact' && match !== 'NotOlderThan')
      errors.push(notSupported('resourceVersionMatch', match, ['Exact', 'NotOlderThan', '']));
    if (match === 'Exact' && resourceVersion === '0')
      errors.push(noMatch('resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  if (sendInitialEvents !== undefined)
    errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  refuse(errors);
}

/** @throws StatusError 422 for parameters of a watch that make no sense together */
export function checkWatchOptions(options: WatchOptions): void {
  const { resourceVersionMatch: match, sendInitialEvents } = options;
  if (match === undefined && sendInitialEvents === undefined) return;
  const errors: FieldError[] = [];
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan')
    errors.push(noMatch('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
  if (match !== undefined) {
    if (sendInitialEvents === undefined)
      errors.push(noMatch('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
    if (match !== 'NotOlderThan') errors.push(notSupported('resourceVersionMatch', match, ['NotOlderThan']));
    errors.push(...checkContinue(options));
  }
  refuse(errors);
}

const noMatch = (why: string) => forbidden('resourceVersionMatch', why);

function checkContinue(options: { continue?: string; resourceVersionMatch?: ResourceVersionMatch }): FieldError[] {
  return options.continue ? [noMatch('resourceVersionMatch is forbidden when continue is provided')] : [];
}

function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw StatusError.invalid(LIST_OPTIONS, '', errors);
}

/**
 * Reads the `resourceVersion` of a GET or a watch; `undefined` if absent or empty.
 * @throws StatusError 500 with upstream's wording if it is no number
 */
export function parseRevision(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const problem = revisionProblem(text);
  if (problem) throw new StatusError(500, '', problem);
  return Number(text);
}

/**
 * Reads the `resourceVersion` of a list, which upstream refuses in another way (since 1.33).
 * @throws StatusError 400 if it is no number
 */
export function parseListRevision(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const problem = revisionProblem(text);
  if (problem) throw StatusError.badRequest(`invalid resource version: ${problem}`);
  return Number(text);
}

function revisionProblem(text: string): string | undefined {
  const why = numberProblem(text);
  return why && `resourceVersion: Invalid value: ${JSON.stringify(text)}: ${why}`;
}

/** What Go's `ParseUint` has against a text. */
function numberProblem(text: string): string | undefined {
  const why = !/^\d+$/.test(text) ? 'invalid syntax' : BigInt(text) > MAX_REVISION ? 'value out of range' : undefined;
  return why && `strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`;
}

/**
 * Reads the `metadata.resourceVersion` of an object that is sent; 0 if it names none.
 * @throws StatusError 500 with upstream's wording if it is no number
 */
export function bodyRevision(text: string | undefined): number {
  if (!text) return 0;
  const problem = numberProblem(text);
  if (problem) throw new StatusError(500, '', problem);
  return Number(text);
}

/**
 * An object that a client means to change and that is created: whatever its version is of is gone, or never was.
 * @throws StatusError 500 if the version is no number
 */
export function withoutVersion<T extends KubeObject>(object: T): T {
  bodyRevision(object.metadata.resourceVersion);
  return { ...object, metadata: without(object.metadata, 'resourceVersion') as T['metadata'] };
}

/** @throws StatusError 500 if a GET's `resourceVersion` is no number, 504 if the cluster has not come so far */
export function checkReached(registry: Registry, resourceVersion: string): void {
  const wanted = parseRevision(resourceVersion) ?? 0;
  if (wanted > registry.revision) throw revisionTooLarge(wanted, registry.revision);
}

/**
 * A revision that is still to come.
 * @param retryAfterSeconds 0: unsaid, as where upstream has asked etcd itself for exactly this revision
 */
export function revisionTooLarge(wanted: number, current: number, retryAfterSeconds = 1): StatusError {
  const message = `Timeout: Too large resource version: ${BigInt(wanted)}, current: ${current}`;
  return new StatusError(504, 'Timeout', message, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    ...(retryAfterSeconds ? { retryAfterSeconds } : {}),
  });
}
