import type { IncomingMessage } from 'node:http';
import express, { type Request, type Response } from 'express';
import type { ExecutionResult } from 'graphql';
import { createHandler, type Response as HandlerResponse } from 'graphql-sse';
import type { GraphContext, GraphService } from './context.js';
import { sendError } from './http.js';
import { formatResult, isForeign, prepare, withLastError } from './operations.js';

/** GraphQL as server-sent events, started: one stream for each operation, asked for by POST, or by GET as an EventSource does. */
export interface SseHandler {
  handle(request: Request, response: Response): void;
  close(): Promise<void>;
}

const EVENT_STREAM = 'text/event-stream';

/** Starts GraphQL as server-sent events (the distinct connections mode of graphql-sse's protocol). */
export function startSse(service: GraphService): SseHandler {
  const { limits, report } = service;
  const open = new Set<Outlet>();
  const parseBody = express.json({ limit: limits.bodyBytes });
  const answer = createHandler<IncomingMessage, { readonly outlet: Outlet }, Record<PropertyKey, unknown>>({
    // Without tokens there are no streams that several operations share, nobody reads, and nothing bounds.
    authenticate: () => null as never,
    async onSubscribe({ raw }, { query, operationName, variables }) {
      const resumeFrom = raw.headers['last-event-id'];
      const from = typeof resumeFrom === 'string' && resumeFrom !== '' ? resumeFrom : undefined;
      const prepared = await prepare({ query, operationName, variables }, raw, service, from);
      return 'schema' in prepared
        ? { ...prepared, contextValue: { ...prepared.contextValue } }
        : { data: null, errors: prepared };
    },
    onOperation: (_, __, ___, result) => withLastError(result) as typeof result,
    async onNext(context, { context: { outlet } }, result) {
      await outlet.isFree();
      const { position } = (context ?? {}) as Partial<GraphContext>;
      const extensions = position === undefined ? {} : { extensions: { revision: position } };
      return { ...formatResult(result as ExecutionResult, report), ...extensions } as typeof result;
    },
  });

  async function serve(request: Request, response: Response): Promise<void> {
    const outlet = new Outlet(response);
    const [body, init] = await answer({
      method: request.method,
      url: request.url,
      headers: {
        get(name) {
          const header = request.headers[name];
          // Browsers ask for events alone; others may take more besides.
          if (name === 'accept') return header?.includes(EVENT_STREAM) ? EVENT_STREAM : (header as string | undefined);
          return Array.isArray(header) ? header.join(', ') : header;
        },
      },
      body: request.body ?? {},
      raw: request,
      context: { outlet },
    });
    await send(outlet, body, init);
  }

  async function send(outlet: Outlet, ...[body, init]: HandlerResponse): Promise<void> {
    if (body === null || typeof body === 'string') {
      outlet.end(init, body ?? '');
      return;
    }
    open.add(outlet);
    try {
      await outlet.pour(body, init);
    } finally {
      open.delete(outlet);
    }
  }

  return {
    handle(request, response) {
      const failed = (error?: unknown) => sendError(response, error, report);
      if (isForeign(request)) return failed({ status: 403, message: 'not for pages of other sites' });
      // What begins a stream for many operations.
      if (request.method === 'PUT')
        return failed({
          status: 405,
          message: 'single connection mode is not served: one request for each operation, or a WebSocket',
        });
      if (!request.headers.accept?.includes(EVENT_STREAM))
        return failed({ status: 406, message: `what is told here comes as ${EVENT_STREAM}` });
      parseBody(request, response, (error?: unknown) => {
        if (error) failed(error);
        else serve(request, response).catch(failed);
      });
    },
    async close() {
      for (const outlet of open) outlet.close();
    },
  };
}

/** One response, into which events go as fast as they are read, and no faster. */
class Outlet {
  readonly #response: Response;
  /** Events that are told, and those of them that are written. */
  #told = 0;
  #written = 0;
  #waiting: (() => void) | undefined;
  #stop: (() => void) | undefined;

  constructor(response: Response) {
    this.#response = response;
  }

  /** Resolves when what was told before has been written, and taken by the socket. */
  async isFree(): Promise<void> {
    while (!this.#response.closed && (this.#told > this.#written || this.#response.writableNeedDrain)) {
      await new Promise<void>(resolve => {
        this.#waiting = resolve;
      });
    }
    this.#told++;
  }

  /** Writes a stream of events to its end. */
  async pour(events: AsyncGenerator<string, void, undefined>, { status, headers }: HandlerResponse[1]): Promise<void> {
    const response = this.#response;
    const stop = () => {
      this.#waiting?.();
      void events.return();
    };
    this.#stop = stop;
    response.on('close', stop);
    response.on('drain', () => this.#waiting?.());
    response.writeHead(status, headers);
    for await (const event of events) {
      if (response.closed) break;
      response.write(withId(event));
      if (event.startsWith(NEXT)) this.#written++;
      this.#waiting?.();
    }
    response.off('close', stop);
    response.end();
  }

  /** Answers at once. */
  end({ status, headers }: HandlerResponse[1], body: string): void {
    this.#response.writeHead(status, headers).end(body);
  }

  /** Ends the stream. */
  close(): void {
    this.#stop?.();
  }
}

const NEXT = 'event: next\n';
const POSITION = /"extensions":\{"revision":"(\d+)"\}\}\n\n$/;

/** An event with the id that an EventSource sends when it comes back: the revision that it goes on from. */
function withId(event: string): string {
  const position = event.startsWith(NEXT) ? POSITION.exec(event.slice(-80))?.[1] : undefined;
  return position === undefined ? event : `id: ${position}\n${event}`;
}
