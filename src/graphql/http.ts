import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type Request, type Response } from 'express';
import { GraphQLError, Kind, type OperationDefinitionNode } from 'graphql';
import { Deadline } from '../clock/deadline.js';
import { type GraphContext, type GraphService, newContext } from './context.js';
import { formatError } from './errors.js';
import { costError, costOf, fragmentsOf } from './limits/cost.js';
import type { Limits } from './limits/limits.js';
import { withOneTimeError } from './limits/time.js';
import { limitRules } from './operations.js';
import { loadSchema } from './schema.js';

/** GraphQL over HTTP, started. */
export interface HttpServer {
  handle(request: Request, response: Response): void;
  close(): Promise<void>;
}

/** Starts GraphQL over HTTP. */
export async function startHttp(service: GraphService): Promise<HttpServer> {
  const { limits, report } = service;
  const apollo = new ApolloServer<GraphContext>({
    schema: loadSchema(),
    introspection: true,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: limits.tokens },
    validationRules: limitRules(limits),
    formatError: (formatted, error) => formatError(formatted, error, report),
    plugins: [ApolloServerPluginLandingPageDisabled(), operationLimits(limits)],
    // Clusters are ended by whoever started them.
    stopOnTerminationSignals: false,
    logger: { debug() {}, info() {}, warn() {}, error: report },
  });
  await apollo.start();
  const parseBody = express.json({ limit: limits.bodyBytes });
  const answer = expressMiddleware(apollo, {
    context: ({ req }) => newContext(service, req, new Deadline(limits.requestMs)),
  });

  return {
    handle(request, response) {
      const failed = (error?: unknown) => sendError(response, error, report);
      parseBody(request, response, (error?: unknown) => {
        if (error) return failed(error);
        // The body parser leaves requests of other content types alone; Apollo answers those itself.
        request.body ??= {};
        Promise.resolve(answer(request, response, failed)).catch(failed);
      });
    },
    close: () => apollo.stop(),
  };
}

/** Refuses operations that cost too much or cannot be answered over HTTP; tells the cost of the others. */
function operationLimits(limits: Limits): ApolloServerPlugin<GraphContext> {
  return {
    async requestDidStart() {
      let cost: number | undefined;
      return {
        async didResolveOperation({ schema, document, operation, request }) {
          if (!operation) return;
          cost = costOf({ schema, operation, fragments: fragmentsOf(document), variables: request.variables ?? {} });
          const error = subscriptionOverHttp(operation) ?? costError(cost, limits.cost, operation);
          if (error) throw Object.assign(error, { extensions: { ...error.extensions, http: { status: 400 } } });
        },
        async willSendResponse({ response, operation }) {
          if (cost === undefined || response.body.kind !== 'single' || isIntrospection(operation)) return;
          const { singleResult } = response.body;
          if (singleResult.errors) singleResult.errors = withOneTimeError(singleResult.errors);
          singleResult.extensions = { ...singleResult.extensions, cost: { requested: cost, limit: limits.cost } };
        },
      };
    },
  };
}

const SUBSCRIPTIONS =
  'Subscriptions are served over WebSocket, at this same address, and as server-sent events, at /stream below it.';

function subscriptionOverHttp(operation: OperationDefinitionNode): GraphQLError | undefined {
  if (operation.operation !== 'subscription') return undefined;
  return new GraphQLError(SUBSCRIPTIONS, {
    nodes: operation,
    extensions: { code: 'BAD_REQUEST' },
  });
}

/** Whether an operation asks for nothing but the schema: a matter of tools, which need not know what it costs. */
function isIntrospection(operation: OperationDefinitionNode | undefined): boolean {
  return !!operation?.selectionSet.selections.every(s => s.kind === Kind.FIELD && s.name.value.startsWith('__'));
}

/** Answers what went wrong before or around GraphQL, in the form of a GraphQL answer. */
export function sendError(response: Response, error: unknown, report: (error: unknown) => void): void {
  const { status = 500, message = '' } = (error ?? {}) as { status?: number; message?: string };
  const ours = status >= 500;
  if (ours) report(error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.status(status).json({
    errors: [
      {
        message: ours ? 'Internal server error' : message,
        extensions: { code: ours ? 'INTERNAL_SERVER_ERROR' : 'BAD_REQUEST' },
      },
    ],
  });
}
