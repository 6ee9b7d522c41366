import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { TooSlowError } from '../explain/feed.js';
import { StatusError } from '../registry/status.js';

/** The caller's arguments make no sense. */
export function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** `NotFound` → `NOT_FOUND`. Some Statuses have no reason. */
const codeOf = (reason: string) => (reason || 'Unknown').replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

/**
 * What a client gets to see of an error. A Kubernetes error comes with its whole `Status` in `extensions.status`; a query
 * that is wrong is told why; of anything else, which can only be our own fault, nothing is told.
 *
 * @param report is given errors that clients do not get to see.
 */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  report: (error: unknown) => void,
): GraphQLFormattedError {
  const cause = rootCause(error);
  const { path, locations } = formatted;
  const place = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
  if (cause instanceof StatusError) {
    const { stacktrace: _, ...extensions } = formatted.extensions ?? {};
    return {
      message: cause.message,
      ...place,
      extensions: { ...extensions, code: codeOf(cause.reason), status: cause.status },
    };
  }
  if (cause instanceof TooSlowError) {
    return { message: cause.message, ...place, extensions: { code: 'TOO_SLOW', revision: String(cause.revision) } };
  }
  const code = formatted.extensions?.code;
  if (cause instanceof GraphQLError || (typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR')) {
    const { stacktrace: _, ...extensions } = formatted.extensions ?? {};
    // Apollo gives all errors of validation one code; rules of our own have better ones.
    const ownCode = cause instanceof GraphQLError ? cause.extensions.code : undefined;
    return {
      message: formatted.message,
      ...place,
      extensions: { ...extensions, ...(ownCode ? { code: ownCode } : {}) },
    };
  }
  report(cause);
  return { message: 'Internal server error', ...place, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

/** What was thrown, under the GraphQLErrors that say where. */
function rootCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}
