import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { useServer as serve } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { Deadline } from '../clock/deadline.js';
import { type GraphService, newContext } from './context.js';
import { formatError } from './errors.js';
import { limitRules } from './http.js';
import { costError, costOf, fragmentsOf } from './limits/cost.js';
import { loadSchema } from './schema.js';

/** GraphQL over WebSocket (protocol `graphql-transport-ws`), started. */
export interface WebSocketHandler {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

/** Starts GraphQL over WebSocket. */
export function startWebSocket(service: GraphService): WebSocketHandler {
  const { limits, report } = service;
  const server = new WebSocketServer({ noServer: true, maxPayload: limits.bodyBytes });
  const protocol = serve(
    {
      onSubscribe: ({ extra }, __, payload) => prepare(payload, extra.request, service),
      onNext: (_, __, ___, ____, result) => format(result, report),
    },
    server,
  );

  return {
    upgrade(request, socket, head) {
      if (isForeign(request)) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, client => server.emit('connection', client, request));
    },
    async close() {
      await protocol.dispose();
      server.close();
    },
  };
}

/** Parses, validates and weighs an operation: the same rules as over HTTP. Answers what to execute, or what is wrong. */
async function prepare(
  payload: SubscribePayload,
  request: IncomingMessage,
  service: GraphService,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { limits } = service;
  const schema = loadSchema();
  try {
    const document = parse(payload.query, { maxTokens: limits.tokens });
    const errors = validate(schema, document, [...specifiedRules, ...limitRules(limits)]);
    if (errors.length > 0) return errors;
    const operation = getOperationAST(document, payload.operationName);
    if (!operation) return [new GraphQLError('Unknown operation, or several and none is named.')];
    const variables = payload.variables ?? {};
    const cost = costOf({ schema, operation, fragments: fragmentsOf(document), variables });
    const error = costError(cost, limits.cost, operation);
    if (error) return [error];
    return {
      schema,
      document,
      operationName: payload.operationName ?? null,
      variableValues: variables,
      contextValue: await newContext(
        service,
        request,
        isLasting(operation) ? undefined : new Deadline(limits.requestMs),
      ),
    };
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

const isLasting = ({ operation }: OperationDefinitionNode) => operation === 'subscription';

function format(result: ExecutionResult, report: (error: unknown) => void): FormattedExecutionResult {
  const { errors, ...rest } = result;
  return errors ? { ...rest, errors: errors.map(error => formatError(error.toJSON(), error, report)) } : rest;
}

/** Whether a browser asks on behalf of another site's page. Programs send no `Origin`. */
function isForeign({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  return origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host);
}
