import { type Named, StatusError } from '../registry/status.js';
import type { ReadFault } from './rule.js';

/** An answer in place of the true one. */
export type FaultAnswer =
  | { readonly error: StatusError }
  /** What is no `Status`, because upstream answers so too. */
  | { readonly code: number; readonly text: string; readonly contentType: string; readonly headers: readonly string[] };

const PLAIN = 'text/plain; charset=utf-8';
const RETRY_AFTER_S = 1;
/** What stands between a client and its server answers in HTML. */
const PROXY_PAGE =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n';

/** By code: reason and message of an error that says no more. As `NewGenericServerResponse` of apimachinery words them. */
const GENERIC: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  400: ['BadRequest', 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', 'Unauthorized'],
  403: ['Forbidden', 'forbidden'],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  406: ['NotAcceptable', 'the server was unable to respond with a content type that the client supports'],
  409: ['Conflict', 'the server reported a conflict'],
  410: ['Expired', 'The resourceVersion for the provided request is too old.'],
  413: ['RequestEntityTooLarge', 'the request is too large'],
  415: ['UnsupportedMediaType', 'the media type was not supported by the server'],
  422: ['Invalid', 'the server rejected our request due to an error in our request'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  500: ['InternalError', 'an error on the server has prevented the request from succeeding'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: [
    'Timeout',
    'the server was unable to return a response in the time allotted, but may still be processing the request',
  ],
};

/** What a request is about, as words of errors name it. */
export interface About extends Named {
  readonly name: string;
  /** What a list or a watch names that it goes on from: a token, or a revision. */
  readonly from?: 'continue' | 'list' | 'watch' | undefined;
}

const GONE = {
  continue:
    'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.',
  list: 'The resourceVersion for the provided list is too old.',
  watch: 'The resourceVersion for the provided watch is too old.',
};

/** What is answered in place of the truth; undefined if the fault is no answer. */
export function answerOf(fault: ReadFault, about: About): FaultAnswer | undefined {
  switch (fault.kind) {
    case 'conflict':
      return { error: StatusError.conflict(about, about.name) };
    case 'tooManyRequests':
      return {
        code: 429,
        text: 'Too many requests, please try again later.\n',
        contentType: PLAIN,
        headers: ['Retry-After', String(fault.retryAfter ?? RETRY_AFTER_S)],
      };
    case 'storageInitializing':
      return {
        error: new StatusError(429, 'TooManyRequests', 'storage is (re)initializing', {
          retryAfterSeconds: fault.retryAfter ?? RETRY_AFTER_S,
        }),
      };
    case 'etcdTimeout':
      return { error: new StatusError(500, '', 'etcdserver: request timed out') };
    case 'etcdLeaderChanged':
      return { error: new StatusError(500, '', 'etcdserver: leader changed') };
    case 'timeout':
      return {
        error: new StatusError(504, 'Timeout', 'Timeout: request did not complete within the allotted timeout', {}),
      };
    case 'unavailable':
      return { error: generic({ code: 503, retryAfter: fault.retryAfter }) };
    case 'error':
      return { error: generic(fault) };
    case 'gone':
      return { error: StatusError.expired(GONE[about.from ?? 'list']) };
    case 'garbage': {
      const { code = 200, body = PROXY_PAGE, contentType = 'text/html' } = fault;
      return { code, text: body, contentType, headers: [] };
    }
    case 'emptyAnswer':
      return { code: fault.code ?? 200, text: '', contentType: 'application/json', headers: [] };
    default:
      return undefined;
  }
}

interface Generic {
  readonly code: number;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly retryAfter?: number | undefined;
}

function generic({ code, reason, message, retryAfter }: Generic): StatusError {
  const [usual, words] = GENERIC[code] ?? ['', `the server responded with the status code ${code}`];
  const retry = retryAfter ?? (code === 429 ? RETRY_AFTER_S : undefined);
  return new StatusError(code, reason ?? usual, message ?? words, retry ? { retryAfterSeconds: retry } : undefined);
}
