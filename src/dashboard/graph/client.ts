import { type Client, createClient } from 'graphql-ws';

/** One error of a GraphQL answer. */
export interface GraphErrorDetail {
  readonly message: string;
  readonly extensions?: {
    readonly code?: string;
    readonly status?: { readonly message?: string };
    readonly done?: readonly string[];
  };
}

/** What the server refused, or the reason for which it could not be asked. */
export class GraphError extends Error {
  /** The code of the first error: `NOT_FOUND`, `Expired` …; `UNREACHABLE` when there was no answer at all. */
  readonly code: string;
  readonly details: readonly GraphErrorDetail[];

  constructor(details: readonly GraphErrorDetail[]) {
    super(details.map(detail => detail.message).join('\n') || 'Something went wrong');
    this.details = details;
    this.code = details[0]?.extensions?.code ?? '';
  }

  /** What was done before it was refused. */
  get done(): readonly string[] {
    return this.details.flatMap(({ extensions }) => extensions?.done ?? []);
  }

  static of(error: unknown): GraphError {
    if (error instanceof GraphError) return error;
    if (Array.isArray(error)) return new GraphError(error as GraphErrorDetail[]);
    return new GraphError([
      { message: error instanceof Error ? error.message : 'No connection', extensions: { code: 'UNREACHABLE' } },
    ]);
  }
}

/** The code for a fork that is closed. */
export const GONE = 'FORK_GONE';

export type Variables = Readonly<Record<string, unknown>>;

/** What hears of a subscription. */
export interface Sink<T> {
  next(data: T): void;
  /** It is over: the server ended it (`null`), refused it, or is gone. */
  over(error: GraphError | null): void;
}

/** The GraphQL API of one cluster: the one that the page came from, or a fork of it. */
export class Graph {
  /** Where the API of this cluster begins: `/`, or `/forks/<id>/`. */
  readonly prefix: string;
  readonly #http: string;
  readonly #socket: Client;

  constructor(prefix = '/') {
    this.prefix = prefix;
    const http = new URL(`${prefix}graphql`, location.href);
    const websocket = new URL(http);
    websocket.protocol = http.protocol === 'https:' ? 'wss:' : 'ws:';
    this.#http = http.href;
    // Who subscribes says where to go on from, which the client does not know: it must not connect again by itself.
    this.#socket = createClient({ url: websocket.href, lazy: true, retryAttempts: 0 });
  }

  /** Asks a query or mutation. @throws GraphError */
  async ask<T>(query: string, variables: Variables = {}, signal?: AbortSignal): Promise<T> {
    const { data, errors } = await this.#post<T>(query, variables, signal);
    if (errors?.length) throw new GraphError(errors);
    return data!;
  }

  async #post<T>(query: string, variables: Variables, signal?: AbortSignal) {
    try {
      const response = await fetch(this.#http, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query, variables }),
        signal: signal ?? null,
      });
      const answer = (await response.json()) as { data?: T; errors?: GraphErrorDetail[]; message?: string };
      if (answer.data !== undefined || answer.errors) return answer;
      // Nobody speaks GraphQL there: of a fork that was closed, only a Status is left.
      const code = response.status === 404 ? GONE : 'UNREACHABLE';
      throw new GraphError([{ message: answer.message ?? response.statusText, extensions: { code } }]);
    } catch (error) {
      throw GraphError.of(error);
    }
  }

  /** Whether it was a fork, and is closed: a socket that is not let in does not say why. */
  async isGone(): Promise<boolean> {
    if (this.prefix === '/') return false;
    return this.ask('{ __typename }').then(
      () => false,
      error => GraphError.of(error).code === GONE,
    );
  }

  /** Subscribes; the answer ends it. `sink.over` is not called by that. */
  follow<T>(query: string, variables: Variables, sink: Sink<T>): () => void {
    let ended = false;
    const over = (error: GraphError | null) => {
      if (ended) return;
      ended = true;
      sink.over(error);
    };
    const unsubscribe = this.#socket.subscribe<T>(
      { query, variables },
      {
        next: ({ data, errors }) => {
          if (errors?.length) over(new GraphError(errors));
          else if (data && !ended) sink.next(data);
        },
        error: error => over(GraphError.of(error)),
        complete: () => over(null),
      },
    );
    return () => {
      ended = true;
      unsubscribe();
    };
  }

  close(): void {
    void this.#socket.dispose();
  }
}
