import { batch, type ReadonlySignal, signal } from '@preact/signals';
import { GONE, Graph, GraphError } from '../graph/client.js';
import { CLUSTER_MAP_AT, CLUSTER_MAP_LIVE, type ClusterMap } from '../graph/cluster-map.js';
import { Picture } from './picture.js';

/** How it stands between the page and a cluster. */
export type Connection =
  | { readonly state: 'loading' }
  /** What is shown is the present, and what changes is told. */
  | { readonly state: 'live' }
  /** What is shown is an earlier moment. */
  | { readonly state: 'past' }
  /** The server is gone; asked again at `retryAt` (ms by `performance.now()`). What is shown is what was seen last. */
  | { readonly state: 'lost'; readonly error: GraphError; readonly retryAt: number }
  /** It was a fork, and is closed. */
  | { readonly state: 'gone' }
  /** The server answers, but not this. */
  | { readonly state: 'refused'; readonly error: GraphError };

/** What there is to be seen. */
export interface Shown {
  readonly picture: Picture;
  /** Rises with each change of the picture, which stays the same object. */
  readonly version: number;
}

/** Waits between attempts to connect again, in ms; the last one goes on. */
const RETRY_AFTER = [250, 1000, 2000, 5000];

/**
 * A cluster as the page follows it: the one it came from, or a fork. Data flows from here to all that is drawn: messages change the
 * picture, and who looks is told once of each picture that is put together.
 */
export class World {
  readonly graph: Graph;
  readonly picture = new Picture();
  readonly #shown = signal<Shown>({ picture: this.picture, version: 0 });
  readonly #connection = signal<Connection>({ state: 'loading' });
  #stop: () => void = () => {};
  #failures = 0;
  #at: string | undefined;

  constructor(prefix?: string) {
    this.graph = new Graph(prefix);
    this.#follow();
  }

  /** The picture, for who is to be told whenever it has changed. */
  look(): Shown {
    return this.#shown.value;
  }

  get connection(): ReadonlySignal<Connection> {
    return this.#connection;
  }

  /** Shows a moment (a revision or a time) instead of the present; undefined: the present, from what is shown on. */
  show(at: string | undefined): void {
    if (at === this.#at) return;
    this.#at = at;
    this.#begin();
  }

  /** Tries again at once what failed. */
  retry(): void {
    this.#failures = 0;
    this.#begin();
  }

  close(): void {
    this.#stop();
    this.graph.close();
  }

  #begin(): void {
    this.#stop();
    if (this.#at === undefined) this.#follow();
    else this.#look(this.#at);
  }

  /** The revision from which on the server needs to tell. */
  get #since(): string | null {
    return this.picture.complete ? this.picture.revision : null;
  }

  #follow(): void {
    this.#stop = this.graph.follow<{ clusterMap: ClusterMap }>(
      CLUSTER_MAP_LIVE,
      { since: this.#since },
      {
        next: ({ clusterMap }) => {
          this.#failures = 0;
          this.#take(clusterMap, 'live');
        },
        over: error => void this.#lost(error ?? GraphError.of(undefined)),
      },
    );
  }

  #look(at: string): void {
    const abort = new AbortController();
    this.#stop = () => abort.abort();
    this.graph.ask<{ clusterMap: ClusterMap }>(CLUSTER_MAP_AT, { at, since: this.#since }, abort.signal).then(
      ({ clusterMap }) => {
        if (abort.signal.aborted) return;
        this.#failures = 0;
        this.#take(clusterMap, 'past');
      },
      error => {
        if (!abort.signal.aborted) void this.#lost(GraphError.of(error));
      },
    );
  }

  #take(message: ClusterMap, state: 'live' | 'past'): void {
    this.picture.apply(message);
    if (message.more) return;
    batch(() => {
      this.#shown.value = { picture: this.picture, version: this.#shown.value.version + 1 };
      if (this.#connection.value.state !== state) this.#connection.value = { state };
    });
  }

  async #lost(error: GraphError): Promise<void> {
    if (error.code === GONE) {
      this.#connection.value = { state: 'gone' };
      return;
    }
    // An answer was given, and it would be given again.
    if (error.code !== 'UNREACHABLE' && error.details.some(({ extensions }) => extensions?.code)) {
      this.#connection.value = { state: 'refused', error };
      this.#stop = () => {};
      return;
    }
    const wait = RETRY_AFTER[Math.min(this.#failures++, RETRY_AFTER.length - 1)]!;
    this.#connection.value = { state: 'lost', error, retryAt: performance.now() + wait };
    const timer = setTimeout(() => this.#begin(), wait);
    this.#stop = () => clearTimeout(timer);
    if (await this.graph.isGone()) {
      this.#stop();
      this.#connection.value = { state: 'gone' };
    }
  }
}
