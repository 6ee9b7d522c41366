import type { Clock, Timer } from '../clock/clock.js';
import type { Registry } from '../registry/registry.js';
import { StatusError } from '../registry/status.js';
import type { AnyDefinition, Watch, WatchEvent } from '../registry/types.js';
import { apiVersionOf } from '../resources/definition.js';
import type { JsonObject } from '../resources/json.js';
import type { Entry } from '../store/entry.js';
import { type Exchange, JSON_TYPE, PROTOBUF_TYPE } from './http.js';
import type { Accepted } from './negotiate.js';
import type { ReadParameters } from './parameters.js';
import { encodeProtobuf, encodeWatchFrame, hasProtobuf } from './protobuf.js';
import { type IncludeObject, partialJson, tableJson } from './table.js';

/** How often a watcher that asked for bookmarks is told how far it is. */
const BOOKMARK_MS = 60_000;
/** A watch without `timeoutSeconds` is ended after this long, so that clients spread anew over servers; upstream takes 30 to 60 minutes. */
const DEFAULT_TIMEOUT_MS = 45 * 60_000;
/** Node is given this many bytes ahead of the socket, so that many small events go out in one write. */
const WRITE_AHEAD_BYTES = 256 * 1024;
/** A reader that falls behind by this many bytes of events is cut off; it resumes where it was. */
export const MAX_BEHIND_BYTES = 16 * 1024 * 1024;
/** Sent events are dropped from the queue by this many at a time. */
const FORGET_SENT = 4096;

/** How events are written for one form of answer. */
interface Framing {
  readonly contentType: string;
  object(type: 'ADDED' | 'MODIFIED' | 'DELETED', entry: Entry): Buffer;
  bookmark(revision: number, initialEventsEnd: boolean): Buffer;
  error(error: StatusError): Buffer;
}

/** What the watchers of one server share: who is open, and how they are all ended. */
export class Watchers {
  readonly #open = new Set<WatchStream>();

  constructor(readonly registry: Registry) {}

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
    include: IncludeObject,
  ): void {
    const framing = framingOf(definition, accepted, include, this.registry.clock);
    const stream = new WatchStream(exchange, framing, this.registry, parameters, () => this.#open.delete(stream));
    stream.start(definition, namespace);
    this.#open.add(stream);
  }

  /** Ends every stream, as a server does that shuts down: clients come back and resume. */
  close(): void {
    for (const stream of this.#open) stream.end();
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
  #bookmarks: Timer | undefined;
  #timeout: Timer | undefined;

  constructor(
    readonly exchange: Exchange,
    readonly framing: Framing,
    readonly registry: Registry,
    readonly parameters: ReadParameters,
    readonly onClosed: () => void,
  ) {}

  start(definition: AnyDefinition, namespace: string): void {
    const { exchange, parameters, registry } = this;
    this.#watch = registry.watch(definition, { ...parameters, namespace }, event => this.#deliver(event));
    this.#starting = false;
    exchange.stream(this.framing.contentType);
    exchange.res.once('close', () => this.#close());
    exchange.res.on('drain', () => {
      this.#blocked = false;
      this.#flush();
    });
    const seconds = parameters.timeoutSeconds ?? 0;
    this.#timeout = registry.clock.after(seconds > 0 ? seconds * 1000 : DEFAULT_TIMEOUT_MS, () => this.end());
    if (parameters.allowWatchBookmarks) this.#bookmarkLater();
    if (exchange.res.closed) this.#close();
  }

  /** Sends what is waiting, then the end. */
  end(): void {
    if (this.#ended) return;
    this.#flush();
    this.#ended = true;
    this.#close();
    this.exchange.res.end();
  }

  #deliver(event: WatchEvent): void {
    if (this.#ended) return;
    if (this.#starting) this.#initial++;
    else if ('entry' in event) {
      this.#behindBytes += event.entry.bytes.length;
      if (this.#behindBytes > MAX_BEHIND_BYTES) {
        this.#ended = true;
        this.#close();
        this.exchange.res.destroy();
        return;
      }
    }
    this.#queue.push(event);
    if (!this.#blocked && !this.#scheduled) {
      this.#scheduled = true;
      // The events of one commit come one by one in the same turn: send them together.
      process.nextTick(() => {
        this.#scheduled = false;
        if (!this.#blocked) this.#flush();
      });
    }
  }

  #flush(): void {
    const { res } = this.exchange;
    const queue = this.#queue;
    if (this.#ended || this.#next === queue.length) return;
    let failed = false;
    res.cork();
    while (this.#next < queue.length) {
      const event = queue[this.#next++]!;
      if (this.#initial > 0) this.#initial--;
      else if ('entry' in event) this.#behindBytes -= event.entry.bytes.length;
      this.#blocked = !res.write(this.#frame(event)) || this.#blocked;
      failed ||= event.type === 'ERROR';
      if (res.writableLength > WRITE_AHEAD_BYTES) break;
    }
    res.uncork();
    if (this.#next === queue.length || this.#next > FORGET_SENT) {
      queue.splice(0, this.#next);
      this.#next = 0;
    }
    if (failed) this.end();
  }

  #frame(event: WatchEvent): Buffer {
    switch (event.type) {
      case 'BOOKMARK':
        return this.framing.bookmark(event.revision, event.initialEventsEnd);
      case 'ERROR':
        return this.framing.error(event.error);
      default:
        return this.framing.object(event.type, event.entry);
    }
  }

  #bookmarkLater(): void {
    this.#bookmarks = this.registry.clock.after(BOOKMARK_MS, () => {
      this.#deliver({ type: 'BOOKMARK', revision: this.registry.revision, initialEventsEnd: false });
      this.#bookmarkLater();
    });
  }

  #close(): void {
    this.#ended = true;
    this.#watch?.close();
    this.#bookmarks?.cancel();
    this.#timeout?.cancel();
    this.#queue.length = 0;
    this.onClosed();
  }
}

/** @throws StatusError 406 for YAML, which knows no stream of events */
function framingOf(definition: AnyDefinition, accepted: Accepted, include: IncludeObject, clock: Clock): Framing {
  if (accepted.media === 'yaml') {
    throw StatusError.notAcceptable(
      `only the following media types are accepted: ${JSON_TYPE};stream=watch, ${PROTOBUF_TYPE};stream=watch`,
    );
  }
  if (accepted.as === 'Table') return tableFraming(definition, accepted, include, clock);
  if (accepted.as) return partialFraming(accepted);
  if (accepted.media === 'protobuf' && hasProtobuf(apiVersionOf(definition), definition.kind))
    return protobufFraming(definition);
  return jsonFraming(definition);
}

const LINE_END = Buffer.from('}\n');
const EVENT_HEADS = {
  ADDED: Buffer.from('{"type":"ADDED","object":'),
  MODIFIED: Buffer.from('{"type":"MODIFIED","object":'),
  DELETED: Buffer.from('{"type":"DELETED","object":'),
} as const;

/** Lines that were written for one watcher and fit the next one. */
const lines = new WeakMap<Entry, { type: string; line: Buffer }>();

/** The line of one event: built from the object's stored bytes, once for all watchers. */
function objectLine(type: 'ADDED' | 'MODIFIED' | 'DELETED', entry: Entry): Buffer {
  const known = lines.get(entry);
  if (known?.type === type) return known.line;
  const line = Buffer.concat([EVENT_HEADS[type], entry.bytes, LINE_END]);
  lines.set(entry, { type, line });
  return line;
}

function eventLine(type: string, object: string): Buffer {
  return Buffer.from(`{"type":"${type}","object":${object}}\n`);
}

function errorLine(error: StatusError): Buffer {
  return eventLine('ERROR', JSON.stringify(error.status));
}

/** The metadata of a bookmark: how far the stream is, and whether the first events are complete. */
function bookmarkMeta(revision: number, initialEventsEnd: boolean): string {
  const meta = {
    resourceVersion: String(revision),
    creationTimestamp: null,
    ...(initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
  };
  return JSON.stringify(meta);
}

function jsonFraming(definition: AnyDefinition): Framing {
  const head = `{"kind":"${definition.kind}","apiVersion":"${apiVersionOf(definition)}","metadata":`;
  return {
    contentType: JSON_TYPE,
    object: objectLine,
    bookmark: (revision, end) => eventLine('BOOKMARK', `${head}${bookmarkMeta(revision, end)}}`),
    error: errorLine,
  };
}

/** Frames that were written for one watcher and fit the next one. */
const frames = new WeakMap<Entry, { type: string; frame: Buffer }>();

function protobufFraming(definition: AnyDefinition): Framing {
  const apiVersion = apiVersionOf(definition);
  return {
    contentType: `${PROTOBUF_TYPE};stream=watch`,
    object: (type, entry) => {
      const known = frames.get(entry);
      if (known?.type === type) return known.frame;
      const frame = encodeWatchFrame(type, encodeProtobuf({ ...entry.object }));
      frames.set(entry, { type, frame });
      return frame;
    },
    bookmark: (revision, end) =>
      encodeWatchFrame(
        'BOOKMARK',
        encodeProtobuf({
          apiVersion,
          kind: definition.kind,
          metadata: JSON.parse(bookmarkMeta(revision, end)) as JsonObject,
        }),
      ),
    error: error => encodeWatchFrame('ERROR', encodeProtobuf({ ...error.status })),
  };
}

function partialFraming({ version }: Accepted): Framing {
  const head = `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/${version}","metadata":`;
  return {
    contentType: `${JSON_TYPE};as=PartialObjectMetadata;v=${version};g=meta.k8s.io`,
    object: (type, entry) => eventLine(type, partialJson(entry.object, version)),
    bookmark: (revision, end) => eventLine('BOOKMARK', `${head}${bookmarkMeta(revision, end)}}`),
    error: errorLine,
  };
}

/** Every event is a table of one row; the first one tells the columns. */
function tableFraming(definition: AnyDefinition, { version }: Accepted, include: IncludeObject, clock: Clock): Framing {
  let columns = true;
  const table = (entries: readonly Entry[], revision: number) => {
    const json = tableJson(
      definition,
      entries,
      { resourceVersion: String(revision) },
      { version, include, now: clock.now(), columns },
    );
    columns = false;
    return json;
  };
  return {
    contentType: `${JSON_TYPE};as=Table;v=${version};g=meta.k8s.io`,
    object: (type, entry) => eventLine(type, table([entry], entry.revision)),
    bookmark: (revision, end) => {
      const cells = JSON.stringify(definition.printer.columns.map(() => null));
      const object =
        include === 'None'
          ? 'null'
          : `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/${version}","metadata":${bookmarkMeta(revision, end)}}`;
      const rows = `"rows":[{"cells":${cells},"object":${object}}]`;
      return eventLine(
        'BOOKMARK',
        table([], revision).replace('"rows":[]', () => rows),
      );
    },
    error: errorLine,
  };
}
