import { jsonSyntaxError } from '../../../resources/go-json.js';
import { isObject, type JsonObject } from '../../../resources/json.js';
import { type Status, StatusError } from '../../status.js';
import type { Answer } from './consultation.js';

/** A webhook could not be asked, or what it answered says nothing: its `failurePolicy` decides. */
export class CallError extends Error {
  constructor(name: string, why: string) {
    super(`failed calling webhook ${JSON.stringify(name)}: ${why}`);
  }
}

/** What a webhook answered. */
export interface Verdict {
  readonly allowed: boolean;
  /** Why not. */
  readonly status?: Partial<Status>;
  readonly warnings: readonly string[];
  /** A JSON patch; empty for none. */
  readonly patch: readonly unknown[];
}

/**
 * @param apiVersion of the review that was sent
 * @throws CallError
 */
export function verdictOf(name: string, answer: Answer, apiVersion: string, mutating: boolean): Verdict {
  if ('failure' in answer) throw new CallError(name, answer.failure);
  const invalid = (why: string) => new CallError(name, `received invalid webhook response: ${why}`);
  const review = isObject(answer.review) ? answer.review : {};
  const { response } = review;
  if (!isObject(response)) throw invalid('webhook response was absent');
  const isFirst = apiVersion === 'admission.k8s.io/v1beta1';
  if (!isFirst) checkForm(review, response, answer.uid, apiVersion, mutating, invalid);
  const { patch } = response;
  return {
    allowed: response.allowed === true,
    ...(isObject(response.status) ? { status: response.status as Partial<Status> } : {}),
    warnings: Array.isArray(response.warnings) ? response.warnings.filter(text => typeof text === 'string') : [],
    patch: mutating && typeof patch === 'string' && patch !== '' ? operations(name, patch, response.patchType) : [],
  };
}

/** Reviews of `v1beta1` were never held to this. */
function checkForm(
  review: JsonObject,
  { uid = '', patch = '', patchType }: JsonObject,
  asked: string,
  apiVersion: string,
  mutating: boolean,
  invalid: (why: string) => CallError,
): void {
  const quoted = (text: unknown) => JSON.stringify(text);
  if (uid !== asked) throw invalid(`expected response.uid=${quoted(asked)}, got ${quoted(uid)}`);
  if (review.apiVersion !== apiVersion || review.kind !== 'AdmissionReview') {
    const kind = (version: unknown, of: unknown) => `${String(version ?? '/')}, Kind=${String(of ?? '')}`;
    const got = kind(review.apiVersion, review.kind);
    throw invalid(`expected webhook response of ${kind(apiVersion, 'AdmissionReview')}, got ${got}`);
  }
  if (!mutating) {
    if (patch) throw invalid('validating webhook may not return response.patch');
    if (patchType !== undefined && patchType !== null)
      throw invalid('validating webhook may not return response.patchType');
    return;
  }
  const hasType = patchType !== undefined && patchType !== null;
  if (patch && !hasType) throw invalid('webhook returned response.patch but not response.patchType');
  if (!patch && hasType) throw invalid('webhook returned response.patchType but not response.patch');
  if (patchType === '') throw invalid(`webhook returned invalid response.patchType of ""`);
}

function operations(name: string, patch: string, type: unknown): readonly unknown[] {
  const text = Buffer.from(patch, 'base64').toString();
  const broken = (why: string) => new CallError(name, `received undecodable patch in webhook response: ${why}`);
  const why = jsonSyntaxError(text);
  if (why !== undefined) throw broken(why);
  const found: unknown = JSON.parse(text);
  if (!Array.isArray(found)) throw broken('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  if (found.length > 0 && type !== undefined && type !== 'JSONPatch')
    throw new CallError(name, `unsupported patch type ${JSON.stringify(type)}`);
  return found;
}

/** What the client is told whose request a webhook denied: what the webhook said, but never that all went well. */
export function denial(name: string, { status = {} }: Verdict): StatusError {
  const { code = 0, message, reason = '', details } = status;
  const said = message ? `: ${message}` : reason ? `: ${reason}` : ' without explanation';
  const by = `admission webhook ${JSON.stringify(name)} denied the request${said}`;
  return new StatusError(code < 400 ? 400 : code, reason, by, details);
}
