import { StatusError } from '../registry/status.js';
import type {
  DeleteOptions,
  FieldValidation,
  ListOptions,
  ResourceVersionMatch,
  WatchOptions,
  WriteOptions,
} from '../registry/types.js';
import { type FieldError, forbidden, invalid, notSupported, required, tooLong } from '../resources/field-error.js';
import { isInteger } from '../resources/selector.js';

/**
 * The parameters of list and watch requests and of writes: read from the query as upstream's conversions read them
 * (first value wins, any text but `0` and `false` is true). What may be combined in a list or a watch is the registry's
 * to say; the options of writes are checked here, as upstream's `Validate…Options` check them.
 */

/** What a list or watch request asks for; `watch` tells which of the two it is. */
export interface ReadParameters extends ListOptions, WatchOptions {
  watch: boolean;
  timeoutSeconds?: number;
}

const NONE: Readonly<ReadParameters> = Object.freeze({ watch: false });

/**
 * @param watch whether the path alone says that this is a watch (`/api/v1/watch/…`).
 * @throws StatusError 400 for what cannot be read.
 */
export function readParameters(query: URLSearchParams, watch: boolean): ReadParameters {
  if (query.size === 0 && !watch) return NONE;
  const parameters: ReadParameters = { watch: watch || bool(query, 'watch') === true };
  setText(parameters, query, 'labelSelector');
  setText(parameters, query, 'fieldSelector');
  setText(parameters, query, 'resourceVersion');
  setText(parameters, query, 'continue');
  const match = query.get('resourceVersionMatch');
  if (match) parameters.resourceVersionMatch = match as ResourceVersionMatch;
  const timeout = int(query, 'timeoutSeconds');
  if (timeout !== undefined) parameters.timeoutSeconds = timeout;
  const limit = int(query, 'limit');
  if (limit !== undefined) parameters.limit = limit;
  if (bool(query, 'allowWatchBookmarks')) parameters.allowWatchBookmarks = true;
  const initial = bool(query, 'sendInitialEvents');
  if (initial !== undefined) parameters.sendInitialEvents = initial;
  return parameters;
}

/** The names of the parameter objects in upstream's messages. */
type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions';

export interface WriteParameters extends WriteOptions {
  force?: boolean;
}

const MAX_FIELD_MANAGER = 128;

/**
 * The parameters of create, update and patch. The field manager falls back to the program's name in the User-Agent,
 * and validation of fields to `Warn`, as on a real server.
 * @throws StatusError 422
 */
export function writeParameters(
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  query: URLSearchParams,
  userAgent: string | undefined,
  apply = false,
): WriteParameters {
  const errors: FieldError[] = [];
  const parameters: WriteParameters = {
    fieldManager: query.get('fieldManager') || managerFromUserAgent(userAgent),
    fieldValidation: 'Warn',
  };
  const force = bool(query, 'force');
  if (force !== undefined) parameters.force = force;
  if (kind === 'PatchOptions') {
    if (apply && !query.get('fieldManager')) errors.push(required('fieldManager', 'is required for apply patch'));
    if (!apply && force !== undefined) errors.push(forbidden('force', 'may not be specified for non-apply patch'));
  }
  const manager = query.get('fieldManager') ?? '';
  if (Buffer.byteLength(manager) > MAX_FIELD_MANAGER) errors.push(tooLong('fieldManager', MAX_FIELD_MANAGER));
  errors.push(...unprintable(manager));
  parameters.dryRun = dryRun(query.getAll('dryRun'), errors);
  const validation = query.get('fieldValidation');
  if (validation) {
    if (validation === 'Ignore' || validation === 'Strict' || validation === 'Warn')
      parameters.fieldValidation = validation satisfies FieldValidation;
    else errors.push(notSupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn']));
  }
  refuse(kind, errors);
  return parameters;
}

/** DeleteOptions from the query, for requests without a body. */
export function deleteParameters(query: URLSearchParams): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  const grace = int(query, 'gracePeriodSeconds');
  if (grace !== undefined) body.gracePeriodSeconds = grace;
  const orphan = bool(query, 'orphanDependents');
  if (orphan !== undefined) body.orphanDependents = orphan;
  const policy = query.get('propagationPolicy');
  if (policy !== null) body.propagationPolicy = policy;
  if (query.has('dryRun')) body.dryRun = query.getAll('dryRun');
  return body;
}

const POLICIES = ['Foreground', 'Background', 'Orphan'] as const;

/**
 * DeleteOptions as a client sent them, checked.
 * @param body the object of the request's body or query.
 * @throws StatusError 422
 */
export function deleteOptions(body: Record<string, unknown>): DeleteOptions {
  const errors: FieldError[] = [];
  const options: DeleteOptions = { dryRun: dryRun(Array.isArray(body.dryRun) ? body.dryRun.map(String) : [], errors) };
  if (typeof body.gracePeriodSeconds === 'number') options.gracePeriodSeconds = body.gracePeriodSeconds;
  if (typeof body.orphanDependents === 'boolean') options.orphanDependents = body.orphanDependents;
  const policy = body.propagationPolicy;
  if (policy !== undefined && policy !== null) {
    if (options.orphanDependents !== undefined)
      errors.push(invalid('propagationPolicy', policy, 'orphanDependents and deletionPropagation cannot be both set'));
    const known = POLICIES.find(p => p === policy);
    if (known) options.propagationPolicy = known;
    else errors.push(notSupported('propagationPolicy', policy, [...POLICIES, 'nil']));
  }
  const pre = body.preconditions;
  if (pre !== null && typeof pre === 'object') {
    const { uid, resourceVersion } = pre as { uid?: unknown; resourceVersion?: unknown };
    options.preconditions = {
      ...(typeof uid === 'string' ? { uid } : {}),
      ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
    };
  }
  refuse('DeleteOptions', errors);
  return options;
}

function dryRun(values: readonly string[], errors: FieldError[]): boolean {
  if (values.some(value => value !== 'All')) errors.push(notSupported('dryRun', values, ['All']));
  return values.length > 0;
}

function refuse(kind: OptionsKind, errors: readonly FieldError[]): void {
  if (errors.length) throw StatusError.invalid({ group: 'meta.k8s.io', kind }, '', errors);
}

function setText(
  into: ReadParameters,
  query: URLSearchParams,
  key: 'labelSelector' | 'fieldSelector' | 'resourceVersion' | 'continue',
): void {
  const value = query.get(key);
  if (value) into[key] = value;
}

/** A parameter that is true or false: any text but `0` and `false` is true. */
export function bool(query: URLSearchParams, key: string): boolean | undefined {
  const value = query.get(key);
  return value === null ? undefined : value !== '0' && value.toLowerCase() !== 'false';
}

/** A whole number. @throws StatusError 400 */
export function int(query: URLSearchParams, key: string): number | undefined {
  const value = query.get(key);
  if (value === null) return undefined;
  if (!isInteger(value)) {
    const why = /^[+-]?\d+$/.test(value) ? 'value out of range' : 'invalid syntax';
    throw StatusError.badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: ${why}`);
  }
  return Number(value);
}

/** `kubectl/v1.35.0 (linux/amd64) …` → `kubectl`; who does not say who it is, is `unknown`. */
function managerFromUserAgent(userAgent = ''): string {
  const slash = userAgent.indexOf('/');
  const program = slash < 0 ? userAgent : userAgent.slice(0, slash);
  const readable =
    isPrintable(program) && program.length <= MAX_FIELD_MANAGER
      ? program
      : program.replace(/[^\x20-\x7e]/g, '').slice(0, MAX_FIELD_MANAGER);
  return readable || 'unknown';
}

/** What Go's `unicode.IsPrint` is true of. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u;

function isPrintable(text: string): boolean {
  return PRINTABLE.test(text);
}

function unprintable(manager: string): FieldError[] {
  let at = 0;
  const errors: FieldError[] = [];
  for (const character of manager) {
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    if (!isPrintable(character))
      errors.push(invalid('fieldManager', manager, `invalid character U+${code} (at position ${at})`));
    at += Buffer.byteLength(character);
  }
  return errors;
}
