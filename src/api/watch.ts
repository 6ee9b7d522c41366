import type { Clock, Timer } from '../clock/clock.js';
import { Random } from '../clock/random.js';
import { type Disturbance, disturbed } from '../faults/disturbed-watch.js';
import type { Happening } from '../faults/faults.js';
import { lengthOf } from '../registry/client-view.js';
import type { Registry } from '../registry/registry.js';
import { StatusError } from '../registry/status.js';
import type { AnyDefinition, Watch, WatchEvent, WatchOptions } from '../registry/types.js';
import { apiVersionOf } from '../resources/definition.js';
import type { JsonObject } from '../resources/json.js';
import type { Entry } from '../store/entry.js';
import { type Exchange, JSON_TYPE, PROTOBUF_TYPE, type Stream } from './http.js';
import { textOf } from './list-document.js';
import type { Accepted } from './negotiate.js';
import type { ReadParameters } from './parameters.js';
import { encodeProtobuf, encodeWatchFrame, hasProtobuf, LENGTH_BYTES, type TypedObject } from './protobuf/index.js';
import { type IncludeObject, includeObject, partialJson, tableOf } from './table.js';

/** How often a watcher that asked for bookmarks is told how far it is. */
const BOOKMARK_MS = 60_000;
/** And this long before its end, so that it can be taken up again where it was. */
const BOOKMARK_BEFORE_END_MS = 2000;
/** A watch without `timeoutSeconds` is ended after this long up to twice as long, so that not all of them come back at once. */
const MIN_TIMEOUT_MS = 30 * 60_000;
/** Node is given this many bytes ahead of the socket, so that many small events go out in one write. */
const WRITE_AHEAD_BYTES = 256 * 1024;
/** A reader that falls behind by this many bytes of events is cut off; it resumes where it was. */
export const MAX_BEHIND_BYTES = 16 * 1024 * 1024;
/** Sent events are dropped from the queue by this many at a time. */
const FORGET_SENT = 4096;

/** How events are written for one form of answer. */
interface Framing {
  readonly contentType: string;
  /** Whether frames are bytes that tell their length first, rather than lines of text. */
  readonly binary: boolean;
  object(type: EventType, entry: Entry): Buffer;
  bookmark(revision: number, initialEventsEnd: boolean): Buffer;
  error(error: StatusError): Buffer;
}

/** What the watchers of one server share: who is open, and how they are all ended. */
export class Watchers {
  readonly #open = new Set<WatchStream>();
  /** Dice of its own: who watches must not change what names objects get. */
  readonly #random = new Random('watches');

  constructor(readonly registry: Registry) {
    // What a client knows of a kind is no longer true: it comes back and learns anew.
    registry.kinds.onRemove(kind => {
      for (const stream of this.#open) if (stream.definition === kind) stream.end();
    });
  }

  /** How many watches are open. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Answers with a stream of events.
   * @throws StatusError 400, 422, 500: bad parameters, before anything was sent
   */
  open(
    exchange: Exchange,
    definition: AnyDefinition,
    namespace: string,
    parameters: ReadParameters,
    accepted: Accepted,
  ): void {
    const stream = new WatchStream(definition, this.registry, () => this.#open.delete(stream));
    this.#open.add(stream);
    const timeout = (parameters.timeoutSeconds ?? 0) * 1000 || MIN_TIMEOUT_MS + this.#random.below(MIN_TIMEOUT_MS);
    try {
      stream.start(exchange, { ...parameters, namespace }, timeout, accepted);
    } catch (error) {
      stream.close();
      throw error;
    }
  }

  /** Ends every stream, as a server does that shuts down: clients come back and resume. */
  close(): void {
    for (const stream of this.#open) stream.end();
  }

  /** Breaks every stream off, as a server that dies. */
  breakOff(): void {
    for (const stream of this.#open) stream.breakOff();
  }
}

/**
 * One open watch. Events wait in a queue of references until the socket takes them; what waits is bounded, but for the
 * first events, which the server holds anyway.
 */
class WatchStream {
  readonly #queue: WatchEvent[] = [];
  /** What of the queue is still to be sent begins here. */
  #next = 0;
  #starting = true;
  /** How many of the first events are still in the queue. */
  #initial = 0;
  /** The size of what waits in the queue, first events aside. */
  #behindBytes = 0;
  #blocked = false;
  #scheduled = false;
  #ended = false;
  #watch: Watch | undefined;
  #disturbance: Disturbance | undefined;
  /** The event in whose middle it is to break off. */
  #broken: WatchEvent | undefined;
  #bookmarks: Timer | undefined;
  #timeout: Timer | undefined;
  #framing!: Framing;
  #stream!: Stream;

  constructor(
    readonly definition: AnyDefinition,
    readonly registry: Registry,
    readonly onClosed: () => void,
  ) {}

  /**
   * @param timeout ms until the end
   * @throws StatusError for bad parameters, before anything was sent
   */
  start(exchange: Exchange, options: WatchOptions, timeout: number, accepted: Accepted): void {
    const { registry, definition } = this;
    if (exchange.watchFault) this.#disturbance = this.#disturbed(exchange.watchFault);
    this.#watch = registry.watch(definition, options, event => this.#receive(event));
    this.#starting = false;
    const frames = framingOf(exchange, definition, accepted, registry.clock);
    const framing = frames.binary && exchange.webSocket ? withoutLengths(frames) : frames;
    this.#framing = framing;
    const stream = exchange.stream(framing.contentType, framing.binary);
    this.#stream = stream;
    stream.onClose(() => this.close());
    // Not at once: a quick reader would keep all others waiting until it has the whole of a long first list.
    stream.onDrain(() =>
      setImmediate(() => {
        this.#blocked = false;
        this.#flush();
      }),
    );
    this.#timeout = registry.clock.after(timeout, () => this.end());
    if (options.allowWatchBookmarks) this.#bookmarkLater(registry.clock.now() + timeout - BOOKMARK_BEFORE_END_MS);
    if (stream.closed) this.close();
  }

  /** Sends what is waiting, then the end. */
  end(): void {
    if (this.#ended) return;
    this.#flush();
    this.close();
    this.#stream.end();
  }

  /** Ends at once. */
  breakOff(): void {
    if (this.#ended) return;
    this.close();
    this.#stream.destroy();
  }

  /** Lets go of everything; the stream is closed, or will be. */
  close(): void {
    this.#ended = true;
    this.#watch?.close();
    this.#disturbance?.close();
    this.#bookmarks?.cancel();
    this.#timeout?.cancel();
    this.#queue.length = 0;
    this.onClosed();
  }

  #receive(event: WatchEvent): void {
    if (this.#disturbance) this.#disturbance.take(event);
    else this.#deliver(event);
  }

  #disturbed(happening: Happening): Disturbance {
    return disturbed(happening, this.registry.clock, {
      deliver: event => this.#deliver(event),
      end: () => this.end(),
      breakIn: event => {
        this.#broken = event;
        this.#deliver(event);
      },
      revision: () => this.registry.revision,
    });
  }

  #deliver(event: WatchEvent): void {
    if (this.#ended) return;
    if (this.#starting) this.#initial++;
    else if ('entry' in event) {
      this.#behindBytes += lengthOf(event.entry);
      if (this.#behindBytes > MAX_BEHIND_BYTES) {
        this.close();
        this.#stream.destroy();
        return;
      }
    }
    this.#queue.push(event);
    if (!this.#blocked && !this.#scheduled) {
      this.#scheduled = true;
      // The events of one commit come one by one in the same turn: send them together.
      queueMicrotask(() => {
        this.#scheduled = false;
        if (!this.#blocked) this.#flush();
      });
    }
  }

  #flush(): void {
    const stream = this.#stream;
    const queue = this.#queue;
    if (this.#ended || this.#next === queue.length) return;
    let failed = false;
    stream.cork();
    while (this.#next < queue.length) {
      const event = queue[this.#next++]!;
      if (this.#initial > 0) this.#initial--;
      else if ('entry' in event) this.#behindBytes -= lengthOf(event.entry);
      const frame = this.#frame(event);
      if (event === this.#broken) {
        stream.breakOff(frame.subarray(0, frame.length >> 1));
        stream.uncork();
        this.close();
        return;
      }
      this.#blocked = !stream.write(frame) || this.#blocked;
      failed ||= event.type === 'ERROR';
      if (stream.waiting > WRITE_AHEAD_BYTES) break;
    }
    stream.uncork();
    if (this.#next === queue.length || this.#next > FORGET_SENT) {
      queue.splice(0, this.#next);
      this.#next = 0;
    }
    if (failed) this.end();
  }

  #frame(event: WatchEvent): Buffer {
    switch (event.type) {
      case 'BOOKMARK':
        return this.#framing.bookmark(event.revision, event.initialEventsEnd);
      case 'ERROR':
        return this.#framing.error(event.error);
      default:
        return this.#framing.object(event.type, event.entry);
    }
  }

  /** Once a minute, and once more at `last`: then the watch is nearly over. */
  #bookmarkLater(last: number): void {
    const { clock } = this.registry;
    const wait = last - clock.now();
    if (wait <= 0) return;
    this.#bookmarks = clock.after(Math.min(BOOKMARK_MS, wait), () => {
      this.#receive({ type: 'BOOKMARK', revision: this.registry.revision, initialEventsEnd: false });
      this.#bookmarkLater(last);
    });
  }
}

/**
 * How the events are to be written.
 * @throws StatusError 400 for an unknown `includeObject`; 406 for YAML, which knows no stream of events
 */
function framingOf(exchange: Exchange, definition: AnyDefinition, accepted: Accepted, clock: Clock): Framing {
  if (accepted.media === 'yaml') {
    throw StatusError.notAcceptable(
      `only the following media types are accepted: ${JSON_TYPE};stream=watch, ${PROTOBUF_TYPE};stream=watch`,
    );
  }
  if (accepted.as === 'Table') return tableFraming(definition, accepted, includeObject(exchange.query), clock);
  const protobuf = accepted.media === 'protobuf';
  if (accepted.as) return protobuf ? partialProtobufFraming(accepted) : partialFraming(accepted);
  const type = { apiVersion: apiVersionOf(definition), kind: definition.kind };
  return protobuf && hasProtobuf(type.apiVersion, type.kind) ? protobufFraming(type) : jsonFraming(definition);
}

const LINE_END = Buffer.from('}\n');
const EVENT_HEADS = {
  ADDED: Buffer.from('{"type":"ADDED","object":'),
  MODIFIED: Buffer.from('{"type":"MODIFIED","object":'),
  DELETED: Buffer.from('{"type":"DELETED","object":'),
} as const;

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** How many events are remembered as they were written: several commits. A first list of all pods is not to lie in memory afterwards. */
const REMEMBERED = 512;

/** What was written for one watcher, and fits the next one. */
class LastWritten {
  readonly #written = new Map<Entry, { type: EventType; bytes: Buffer }>();

  of(type: EventType, entry: Entry, write: () => Buffer): Buffer {
    const known = this.#written.get(entry);
    if (known?.type === type) return known.bytes;
    const bytes = write();
    this.#written.set(entry, { type, bytes });
    if (this.#written.size > REMEMBERED) this.#written.delete(this.#written.keys().next().value!);
    return bytes;
  }
}

const lines = new LastWritten();

/** The line of one event: built from the object's stored bytes, once for all watchers. */
function objectLine(type: EventType, entry: Entry): Buffer {
  return lines.of(type, entry, () => Buffer.concat([EVENT_HEADS[type], entry.bytes, LINE_END]));
}

function eventLine(type: string, object: string): Buffer {
  return Buffer.from(`{"type":"${type}","object":${object}}\n`);
}

function errorLine(error: StatusError): Buffer {
  return eventLine('ERROR', JSON.stringify(error.status));
}

/** The metadata of a bookmark: how far the stream is, and whether the first events are complete. */
function bookmarkMeta(revision: number, initialEventsEnd: boolean): JsonObject {
  return {
    resourceVersion: String(revision),
    ...(initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
  };
}

/** What a bookmark tells of, as JSON: an object that has nothing but its metadata. */
function bookmarkObject(kind: string, apiVersion: string): (revision: number, initialEventsEnd: boolean) => string {
  const head = `{"kind":"${kind}","apiVersion":"${apiVersion}","metadata":`;
  return (revision, initialEventsEnd) => `${head}${JSON.stringify(bookmarkMeta(revision, initialEventsEnd))}}`;
}

function jsonFraming(definition: AnyDefinition): Framing {
  const marked = bookmarkObject(definition.kind, apiVersionOf(definition));
  return {
    contentType: JSON_TYPE,
    binary: false,
    object: objectLine,
    bookmark: (revision, end) => eventLine('BOOKMARK', marked(revision, end)),
    error: errorLine,
  };
}

const frames = new LastWritten();

function protobufFraming(type: Pick<TypedObject, 'apiVersion' | 'kind'>): Framing {
  return protobufFrames(type, (event, entry) =>
    frames.of(event, entry, () => encodeWatchFrame(event, encodeProtobuf({ ...entry.object }))),
  );
}

function partialProtobufFraming({ version }: Accepted): Framing {
  const type = { apiVersion: `meta.k8s.io/${version}`, kind: 'PartialObjectMetadata' };
  return protobufFrames(type, (event, { object }) =>
    encodeWatchFrame(event, encodeProtobuf({ ...type, metadata: object.metadata as unknown as JsonObject })),
  );
}

/** Messages of a WebSocket are as long as they are. */
function withoutLengths(framing: Framing): Framing {
  return {
    ...framing,
    object: (type, entry) => framing.object(type, entry).subarray(LENGTH_BYTES),
    bookmark: (revision, end) => framing.bookmark(revision, end).subarray(LENGTH_BYTES),
    error: error => framing.error(error).subarray(LENGTH_BYTES),
  };
}

/** @param type of the objects in bookmarks */
function protobufFrames(type: Pick<TypedObject, 'apiVersion' | 'kind'>, object: Framing['object']): Framing {
  return {
    contentType: `${PROTOBUF_TYPE};stream=watch`,
    binary: true,
    object,
    bookmark: (revision, end) =>
      encodeWatchFrame('BOOKMARK', encodeProtobuf({ ...type, metadata: bookmarkMeta(revision, end) })),
    error: error => encodeWatchFrame('ERROR', encodeProtobuf({ ...error.status })),
  };
}

function partialFraming({ version }: Accepted): Framing {
  const marked = bookmarkObject('PartialObjectMetadata', `meta.k8s.io/${version}`);
  return {
    contentType: JSON_TYPE,
    binary: false,
    object: (type, entry) => eventLine(type, partialJson(entry, version)),
    bookmark: (revision, end) => eventLine('BOOKMARK', marked(revision, end)),
    error: errorLine,
  };
}

/** Every event is a table of one row; the first one tells the columns. */
function tableFraming(definition: AnyDefinition, { version }: Accepted, include: IncludeObject, clock: Clock): Framing {
  let columns = true;
  const marked =
    include === 'Object'
      ? bookmarkObject(definition.kind, apiVersionOf(definition))
      : bookmarkObject('PartialObjectMetadata', `meta.k8s.io/${version}`);
  const table = (entries: readonly Entry[], revision: number) => {
    const meta = { resourceVersion: String(revision) };
    const json = textOf(tableOf(definition, entries, meta, { version, include, now: clock.now(), columns }));
    columns = false;
    return json;
  };
  return {
    contentType: JSON_TYPE,
    binary: false,
    object: (type, entry) => eventLine(type, table([entry], entry.revision)),
    bookmark: (revision, end) => {
      const cells = JSON.stringify(definition.printer.columns.map(() => null));
      const object = include === 'None' ? 'null' : marked(revision, end);
      const rows = `"rows":[{"cells":${cells},"object":${object}}]`;
      return eventLine(
        'BOOKMARK',
        table([], revision).replace('"rows":[]', () => rows),
      );
    },
    error: errorLine,
  };
}
