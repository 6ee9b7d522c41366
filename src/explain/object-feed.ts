import { lengthOf } from '../registry/client-view.js';
import type { Registry } from '../registry/registry.js';
import type { StatusError } from '../registry/status.js';
import type { Watch, WatchEvent } from '../registry/types.js';
import type { ResourceDefinition } from '../resources/definition.js';
import type { KubeObject } from '../resources/types.js';
import type { ChangeType, Entry } from '../store/entry.js';
import { Feed, TooSlowError } from './feed.js';

export interface ObjectChange<T extends KubeObject = KubeObject> {
  readonly type: ChangeType;
  /** The revision of the write. */
  readonly revision: number;
  readonly entry: Entry<T>;
}

export interface ObjectFeedOptions<T extends KubeObject> {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Tells what comes after this revision. */
  readonly since: number;
  /** Which of them are told. */
  readonly wanted?: (change: ObjectChange<T>) => boolean;
  /** JSON that waits for the reader, in bytes. */
  readonly maxBytes: number;
}

/** Told ones are dropped from the queue when they are so many. */
const FORGET_TOLD = 1024;

/**
 * Every version of the objects of a kind, in order: what a watch tells, for one who reads at leisure. What waits is bounded. When
 * that is reached, nothing is added any more: the reader gets what is there, and then how to go on.
 */
export class ObjectFeed<T extends KubeObject> extends Feed<ObjectChange<T>> {
  readonly #options: ObjectFeedOptions<T>;
  readonly #watch: Watch;
  readonly #queue: ObjectChange<T>[] = [];
  /** What of the queue is still to be told begins here. */
  #next = 0;
  #bytes = 0;
  /** The last that came into the queue. */
  #revision: number;
  #full = false;
  #failure: StatusError | undefined;

  /** @throws StatusError 400 for a selector that makes no sense */
  constructor(registry: Registry, kind: ResourceDefinition<T>, options: ObjectFeedOptions<T>) {
    super();
    this.#options = options;
    this.#revision = options.since;
    const { namespace = '', labelSelector = '', fieldSelector = '', since } = options;
    const wanted = { namespace, labelSelector, fieldSelector, resourceVersion: String(since) };
    this.#watch = registry.watch(kind, wanted, event => this.#deliver(event));
    // It may have been full before it was known how to stop.
    if (this.#full) this.#watch.close();
  }

  #deliver(event: WatchEvent<T>): void {
    if (event.type === 'BOOKMARK' || this.#full || this.#failure) return;
    if (event.type === 'ERROR') this.#failure = event.error;
    else if (this.#options.wanted?.(event) === false) return;
    else if (!this.#add(event)) {
      this.#full = true;
      this.#watch?.close();
      return;
    }
    this.wake();
  }

  #add(change: ObjectChange<T>): boolean {
    const size = lengthOf(change.entry);
    if (this.#queue.length > this.#next && this.#bytes + size > this.#options.maxBytes) return false;
    this.#queue.push(change);
    this.#bytes += size;
    this.#revision = change.revision;
    return true;
  }

  protected override take(): ObjectChange<T> | undefined {
    const change = this.#queue[this.#next];
    if (change) {
      this.#bytes -= lengthOf(change.entry);
      if (++this.#next === this.#queue.length || this.#next > FORGET_TOLD) {
        this.#queue.splice(0, this.#next);
        this.#next = 0;
      }
      return change;
    }
    if (this.#failure) throw this.#failure;
    if (this.#full) throw new TooSlowError(this.#revision);
    return undefined;
  }

  protected override close(): void {
    this.#watch.close();
    this.#queue.length = 0;
    this.#next = 0;
  }
}
