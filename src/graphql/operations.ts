import type { IncomingMessage } from 'node:http';
import {
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { Deadline } from '../clock/deadline.js';
import { type GraphContext, type GraphService, newContext } from './context.js';
import { formatError } from './errors.js';
import { aliasLimit } from './limits/aliases.js';
import { costError, costOf, fragmentsOf } from './limits/cost.js';
import { depthLimit } from './limits/depth.js';
import type { Limits } from './limits/limits.js';
import { loadSchema } from './schema.js';

/** The rules that a document must keep besides those of the language, on every transport. */
export function limitRules(limits: Limits): ValidationRule[] {
  return [depthLimit(limits.depth), aliasLimit(limits.aliases)];
}

/** An operation as transports that can follow it are sent it. */
export interface Requested {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/** An operation that may be carried out. */
export type Prepared = ExecutionArgs & { readonly contextValue: GraphContext };

/**
 * Parses, validates and weighs an operation: the same rules as over HTTP. Answers what to execute, or what is wrong.
 * @param resumeFrom what a subscription goes on from, where the transport knows better than its arguments
 */
export async function prepare(
  requested: Requested,
  request: IncomingMessage,
  service: GraphService,
  resumeFrom?: string,
): Promise<Prepared | readonly GraphQLError[]> {
  const { limits } = service;
  const schema = loadSchema();
  try {
    const document = parse(requested.query, { maxTokens: limits.tokens });
    const errors = validate(schema, document, [...specifiedRules, ...limitRules(limits)]);
    if (errors.length > 0) return errors;
    const operation = getOperationAST(document, requested.operationName);
    if (!operation) return [new GraphQLError('Unknown operation, or several and none is named.')];
    const variables = requested.variables ?? {};
    const cost = costOf({ schema, operation, fragments: fragmentsOf(document), variables });
    const error = costError(cost, limits.cost, operation);
    if (error) return [error];
    return {
      schema,
      document,
      operationName: requested.operationName ?? null,
      variableValues: variables,
      contextValue: { ...(await newContext(service, request, deadlineOf(operation, limits))), resumeFrom },
    };
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

/** A subscription has all the time there is. */
const deadlineOf = ({ operation }: OperationDefinitionNode, { requestMs }: Limits) =>
  operation === 'subscription' ? undefined : new Deadline(requestMs);

/** A result as clients get it: of errors only what they may see. */
export function formatResult(result: ExecutionResult, report: (error: unknown) => void): FormattedExecutionResult {
  const { errors, ...rest } = result;
  return errors ? { ...rest, errors: errors.map(error => formatError(error.toJSON(), error, report)) } : rest;
}

/** The results of a subscription, of which an error that ends it is the last. All else is handed on as it is. */
export function withLastError<R>(results: R): R | AsyncIterableIterator<ExecutionResult> {
  if (!isStream(results)) return results;
  let isOver = false;
  const end = { value: undefined, done: true } as const;
  const stream: AsyncIterableIterator<ExecutionResult> = {
    [Symbol.asyncIterator]: () => stream,
    async next() {
      if (isOver) return end;
      try {
        return await results.next();
      } catch (error) {
        isOver = true;
        const originalError = error instanceof Error ? error : new Error(String(error));
        return { value: { errors: [new GraphQLError(originalError.message, { originalError })] }, done: false };
      }
    },
    // Not by way of a generator: that would wait for what may never come.
    return: async () => (await results.return?.()) ?? end,
    throw: async error => (await results.throw?.(error)) ?? end,
  };
  return stream;
}

function isStream(results: unknown): results is AsyncIterableIterator<ExecutionResult> {
  return typeof (results as Partial<AsyncIterable<unknown>> | undefined)?.[Symbol.asyncIterator] === 'function';
}

/** Whether a browser asks on behalf of another site's page. Programs send no `Origin`. */
export function isForeign({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  return origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host);
}
