import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Duplex, pipeline, Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { createGzip } from 'node:zlib';
import { ANONYMOUS, type User } from '../access/user.js';
import type { Happening } from '../faults/faults.js';
import type { FaultOf } from '../faults/rule.js';
import { messageOf, type Status, StatusError } from '../registry/status.js';
import { type Deed, failed, type Outcome } from '../registry/turns.js';
import { toYaml } from '../registry/yaml.js';
import { type Accepted, type FormsName, type MediaType, negotiate } from './negotiate.js';
import { blocksOf, gather } from './pieces.js';
import { encodeProtobuf, hasProtobuf, type TypedObject } from './protobuf/index.js';
import type { Target } from './routes.js';

/** The largest request body that is read: 3 MiB, as kube-apiserver's `--max-resource-write-bytes`. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;
/** Answers above this many bytes are compressed for clients that accept it, as upstream does. */
const GZIP_THRESHOLD = 128 * 1024;

export const JSON_TYPE = 'application/json';
export const YAML_TYPE = 'application/yaml';
export const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf';
const NO_FAULTS: readonly string[] = [];
const NEWLINE = Buffer.from('\n');
const TEXT_TYPE = 'text/plain; charset=utf-8';

/** What an answered request is told to the metrics and the access log. */
export interface Answered {
  readonly method: string;
  readonly url: string;
  /** `get`, `list`, `watch`, …; the lower-case method outside of resources. */
  readonly verb: string;
  /** Plural of the resource; empty outside of resources. */
  readonly resource: string;
  readonly subresource: string;
  readonly code: number;
  /** Wall time from the arrival of the head to the answer being handed to the socket, in ms. For watches: how long it was open. */
  readonly milliseconds: number;
  readonly userAgent: string;
}

/** An answer without an end yet. */
export interface Stream {
  /** Answers false if the reader has to catch up first: {@link Stream.onDrain} tells when it has. */
  write(chunk: Buffer): boolean;
  /** Bytes that were written and that the socket has not taken yet. */
  readonly waiting: number;
  readonly closed: boolean;
  /** What is written between the two goes out together. */
  cork(): void;
  uncork(): void;
  /** Closes it behind all that was written. */
  end(): void;
  /** Closes it at once. */
  destroy(): void;
  /** Breaks it off behind all that was written, and this. */
  breakOff(chunk: Buffer): void;
  onDrain(call: () => void): void;
  onClose(call: () => void): void;
}

/** A connection whose client waits for it to become a WebSocket. */
export interface Upgrade {
  readonly socket: Duplex;
  /** What came behind the head of the request. */
  readonly head: Buffer;
}

/** What would be answered, had nobody tampered with it. */
export interface Truth {
  readonly code: number;
  /** The body. */
  readonly chunks: readonly Buffer[];
  send(): void;
}

/** Whose exchanges these are. */
export interface Host {
  onAnswered(answered: Answered, exchange: Exchange): void;
  /** An answer without an end has begun. */
  onBegan(answered: Answered, exchange: Exchange): void;
  newAuditId(): string;
  /** Headers that tell how a request is served, name and value by turns. */
  servedBy(exchange: Exchange): readonly string[];
}

/** One request and the one answer to it. All that is sent to a client goes through here. */
export class Exchange {
  /** Who asks. */
  user: User = ANONYMOUS;
  verb: string;
  /** The forms that the answer may have. */
  forms: FormsName = 'object';
  /** The resource that is asked for, if it is one. */
  target: Target | undefined;
  /** The name of the object that it creates, which its path does not tell. */
  created = '';
  cacheControl = 'no-cache, private';
  /** Whether it is known who asks, and in whose name. */
  admitted = false;
  /** The rules by which it was disturbed. */
  faults: readonly string[] = NO_FAULTS;
  /** What happens to the events of the watch that it opens. */
  watchFault: Happening | undefined;
  /** How old the answer to a read is to be. */
  stale: FaultOf<'staleRead'> | undefined;
  /** Is given the answer in place of the client, once. */
  tamper: ((truth: Truth) => void) | undefined;
  readonly #warnings: string[] = [];
  readonly #started = performance.now(); // the machine's own time: latencies are not the cluster's business
  readonly #host: Host;
  readonly #connection: (() => Upgrade) | undefined;
  #body: Promise<Buffer> | undefined;
  #isTampered = false;
  #sent: Outcome = { code: 0 };

  constructor(
    readonly req: IncomingMessage,
    readonly res: ServerResponse,
    /** The parameters of the URL. */
    readonly query: URLSearchParams,
    host: Host,
    /** Takes up the WebSocket that was asked for, if one was. */
    readonly webSocket?: (binary: boolean) => Stream,
    /** Hands the connection over as it is, where a WebSocket was asked for. */
    connection?: () => Upgrade,
  ) {
    this.#connection = connection;
    this.verb = req.method!.toLowerCase();
    this.#host = host;
  }

  /** Text for a `Warning: 299` header of the answer; the same text is sent once. */
  warn = (message: string): void => {
    if (!this.#warnings.includes(message)) this.#warnings.push(message);
  };

  /** The whole body. @throws StatusError (as a rejection) 413, 400: see {@link readBody} */
  body(): Promise<Buffer> {
    this.#body ??= readBody(this.req);
    return this.#body;
  }

  /** The request as it can be made again; its body has come as a whole. */
  async deed(): Promise<Deed> {
    const { method, url, headers } = this.req;
    const { 'content-type': type, 'user-agent': agent, accept } = headers;
    return {
      method: method!,
      path: url!,
      user: this.user,
      headers: { 'content-type': type, 'user-agent': agent, accept },
      body: await this.body(),
      outcome: failure => (failure ? failed(failure) : this.#sent),
    };
  }

  /** The body, if somebody has begun to read it. */
  get read(): Promise<Buffer> | undefined {
    return this.#body;
  }

  /** What the client wants to get; see {@link negotiate}. Throws 406. */
  accepted(): Accepted {
    return negotiate(this.req.headers.accept, this.forms);
  }

  /** Whether JSON is to be indented: `?pretty`, else for browsers, curl and wget, as upstream guesses. */
  get pretty(): boolean {
    const wanted = this.query.get('pretty');
    if (wanted) return wanted === '1' || /^(t|true)$/i.test(wanted);
    const agent = this.req.headers['user-agent'];
    return (
      agent !== undefined && (agent.startsWith('curl') || agent.startsWith('Wget') || agent.startsWith('Mozilla/5.0'))
    );
  }

  /** The connection, for whoever takes the WebSocket up that was asked for. There is no other answer then. */
  takeOver(): Upgrade {
    const connection = this.#connection!();
    connection.socket.once('close', () => this.#answered(101));
    return connection;
  }

  /** Answers with these bytes, one write for all of them. */
  send(code: number, contentType: string, chunks: readonly Buffer[], headers: readonly string[] = []): void {
    // What came of it is the truth, whatever the client is told.
    if (!this.#isTampered) this.#sent = { code, body: chunks };
    if (this.tamper) {
      this.#tamperedWith(code, chunks, () => this.send(code, contentType, chunks, headers));
      return;
    }
    let length = 0;
    for (const chunk of chunks) length += chunk.length;
    if (length > GZIP_THRESHOLD && acceptsGzip(this.req)) this.#sendInBlocks(code, contentType, chunks, headers);
    else this.#write(code, contentType, chunks, length, headers);
  }

  /** Answers with what is too long to be made in one go, perhaps. @throws whatever goes wrong before anything was sent */
  sendPieces(contentType: string, pieces: Generator<Buffer>): void {
    const made = gather(pieces);
    if ('whole' in made) {
      this.send(200, contentType, made.whole);
      return;
    }
    const send = () => this.#sendInBlocks(200, contentType, made.unending, []);
    if (this.tamper) this.#tamperedWith(200, [], send);
    else send();
  }

  /** Answers with an object as JSON, indented where the client reads it with its own eyes. */
  json(code: number, object: unknown, contentType = JSON_TYPE, headers: readonly string[] = []): void {
    this.send(
      code,
      contentType,
      [Buffer.from(this.pretty ? `${JSON.stringify(object, null, 2)}\n` : `${JSON.stringify(object)}\n`)],
      headers,
    );
  }

  /** Answers with a document that clients keep, or with a head alone if they have it still. */
  document(etag: string, contentType: string, body: Buffer): void {
    const headers = ['ETag', etag, 'Vary', 'Accept'];
    if (isKept(this.req, etag)) this.empty(304, ['Cache-Control', this.cacheControl, ...headers]);
    else this.send(200, contentType, [body], headers);
  }

  /** Answers with a head alone. */
  empty(code: number, headers: readonly string[] = []): void {
    if (this.tamper) {
      this.#tamperedWith(code, [], () => this.empty(code, headers));
      return;
    }
    const served = this.admitted ? this.#host.servedBy(this) : [];
    this.res.writeHead(code, ['Audit-Id', this.#auditId(), ...served, ...headers]);
    this.res.end();
    this.#answered(code);
  }

  text(code: number, text: string, contentType = TEXT_TYPE): void {
    this.send(code, contentType, [Buffer.from(text)], ['X-Content-Type-Options', 'nosniff']);
  }

  /**
   * Answers with an object in a media type.
   * @param json the object's JSON
   */
  object(code: number, media: MediaType, json: string, headers: readonly string[] = []): void {
    if (media === 'yaml') {
      this.send(code, YAML_TYPE, [Buffer.from(toYaml(JSON.parse(json)))], headers);
      return;
    }
    if (media === 'protobuf') {
      // Some documents are older than the field `apiVersion`.
      const object: TypedObject = { apiVersion: '', ...JSON.parse(json) };
      // What has no protobuf form is answered as JSON, which every client of these knows as well.
      if (hasProtobuf(object.apiVersion, object.kind)) {
        this.send(code, PROTOBUF_TYPE, [encodeProtobuf(object)], headers);
        return;
      }
    }
    if (this.pretty) this.json(code, JSON.parse(json), JSON_TYPE, headers);
    else this.send(code, JSON_TYPE, [Buffer.from(json), NEWLINE], headers);
  }

  /** Answers with a `Status`, in the media type that the client accepts; in JSON if there is none. */
  status(code: number, status: Omit<Status, 'code'>): void {
    const retry = status.details?.retryAfterSeconds;
    this.object(code, this.#media(), JSON.stringify(status), retry ? ['Retry-After', String(retry)] : []);
  }

  #media(): MediaType {
    try {
      return negotiate(this.req.headers.accept, 'document').media;
    } catch {
      return 'json';
    }
  }

  /** Answers with the `Status` of an error; anything that is no {@link StatusError} is an internal error (500). */
  fail(error: unknown): void {
    if (this.res.headersSent) {
      this.res.destroy();
      return;
    }
    const status = statusOf(error);
    this.status(status.code, status);
  }

  /**
   * Breaks the connection off.
   * @param chunks of an answer that is to end in the middle; without one there is no answer
   */
  breakOff(chunks?: readonly Buffer[]): void {
    const { req, res } = this;
    const body = Buffer.concat(chunks ?? []);
    if (chunks && !this.webSocket) {
      res.writeHead(200, [...this.#head(JSON_TYPE, []), 'Content-Length', String(Math.max(body.length, 2))]);
      res.write(body.length > 0 ? body.subarray(0, body.length >> 1) : '{', () => req.socket.destroy());
    } else {
      resetConnection(req.socket);
    }
    this.#answered(chunks ? 200 : 0);
  }

  #tamperedWith(code: number, chunks: readonly Buffer[], send: () => void): void {
    const tamper = this.tamper!;
    this.tamper = undefined;
    this.#isTampered = true;
    tamper({ code, chunks, send });
  }

  /**
   * Begins an answer that has no end yet, over a WebSocket if one was asked for, and tells about it once it is over.
   * @param binary whether messages of a WebSocket are bytes rather than text
   * @throws StatusError 400 if a WebSocket was asked for in the wrong way
   */
  stream(contentType: string, binary: boolean): Stream {
    const stream = this.webSocket ? this.webSocket(binary) : streamOn(this.res);
    const code = this.webSocket ? 101 : 200;
    stream.onClose(() => this.#answered(code));
    if (!this.webSocket) {
      this.res.writeHead(code, this.#head(contentType, []));
      this.res.flushHeaders();
    }
    this.#host.onBegan(this.#told(code), this);
    return stream;
  }

  /** Sent, and compressed, as it is made and as the client takes it, so that a list of any size takes no more memory than its blocks. */
  #sendInBlocks(code: number, contentType: string, pieces: Iterable<Buffer>, extra: readonly string[]): void {
    const head = this.#head(contentType, extra);
    // A client that goes away in the middle ends the pipeline, and there is nobody left to tell.
    const over = () => this.#answered(code);
    const blocks = Readable.from(blocksOf(pieces), { highWaterMark: 1 });
    if (acceptsGzip(this.req)) {
      this.res.writeHead(code, [...head, 'Content-Encoding', 'gzip', 'Vary', 'Accept-Encoding']);
      pipeline(blocks, createGzip({ level: 1 }), this.res, over);
    } else {
      this.res.writeHead(code, head);
      pipeline(blocks, this.res, over);
    }
  }

  #head(contentType: string, extra: readonly string[]): string[] {
    const head = ['Audit-Id', this.#auditId(), 'Content-Type', contentType, 'Cache-Control', this.cacheControl];
    if (this.admitted) head.push(...this.#host.servedBy(this));
    if (extra.length) head.push(...extra);
    if (this.#warnings.length) head.push(...this.#warningHeaders());
    return head;
  }

  /** The id that the request brought, or one for it. */
  #auditId(): string {
    return (this.req.headers['audit-id'] as string | undefined) || this.#host.newAuditId();
  }

  #write(code: number, contentType: string, chunks: readonly Buffer[], length: number, extra: readonly string[]): void {
    const { res } = this;
    res.writeHead(code, [...this.#head(contentType, extra), 'Content-Length', String(length)]);
    if (this.req.method === 'HEAD' || chunks.length === 0) res.end();
    else if (chunks.length === 1) res.end(chunks[0]);
    else {
      res.cork();
      for (const chunk of chunks) res.write(chunk);
      res.end();
      res.uncork();
    }
    this.#answered(code);
  }

  #warningHeaders(): string[] {
    return this.#warnings.flatMap(text => ['Warning', `299 - "${headerText(text).replace(/[\\"]/g, '\\$&')}"`]);
  }

  #answered(code: number): void {
    this.#host.onAnswered(this.#told(code), this);
  }

  #told(code: number): Answered {
    const { req } = this;
    return {
      method: req.method!,
      url: req.url!,
      verb: this.verb,
      resource: this.target?.definition.plural ?? '',
      subresource: this.target?.subresource?.name ?? '',
      code,
      milliseconds: performance.now() - this.#started,
      userAgent: req.headers['user-agent'] ?? '',
    };
  }
}

/** Ends a connection as one that broke: with a reset, where it is not encrypted. */
function resetConnection(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

/** Whether a client has the document with this tag. */
function isKept({ headers }: IncomingMessage, etag: string): boolean {
  const kept = headers['if-none-match'];
  if (kept === undefined) return false;
  return kept.split(',').some(tag => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}

function streamOn(res: ServerResponse): Stream {
  return {
    write: chunk => res.write(chunk),
    get waiting() {
      return res.writableLength;
    },
    get closed() {
      return res.closed;
    },
    cork: () => res.cork(),
    uncork: () => res.uncork(),
    end: () => res.end(),
    destroy: () => res.destroy(),
    breakOff: chunk => void res.write(chunk, () => res.destroy()),
    onDrain: call => res.on('drain', call),
    onClose: call => res.once('close', call),
  };
}

/** The `Status` that a client gets for `error`. */
function statusOf(error: unknown): Status {
  if (error instanceof StatusError) return error.status;
  return StatusError.internal(messageOf(error)).status;
}

/**
 * Reads the whole body of a request.
 * @throws StatusError 413 above `limit` bytes; 400 if the client went away before its end.
 */
export function readBody(req: IncomingMessage, limit = MAX_BODY_BYTES): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let refused = false;
    req.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else if (!refused) {
        // The rest is read and dropped, so that the client gets to see the answer.
        refused = true;
        chunks.length = 0;
        reject(StatusError.tooLarge(`Request entity too large: limit is ${limit}`));
      }
    });
    req.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    req.on('error', () => reject(StatusError.badRequest('unexpected EOF')));
  });
}

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/.source;
/** A media type with its parameters, as Go's `mime` reads it. */
const MEDIA_TYPE = new RegExp(
  `^\\s*(${TOKEN}(?:/${TOKEN})?)\\s*(?:;\\s*${TOKEN}\\s*=\\s*(?:${TOKEN}|"(?:[^"\\\\]|\\\\.)*")\\s*)*;?\\s*$`,
);

/**
 * The media type of a request's body without its parameters, in lower case; empty if none was given.
 * @throws StatusError 415 if it cannot be read
 */
export function mediaTypeOf(req: IncomingMessage): string {
  const header = req.headers['content-type'];
  if (!header || header === JSON_TYPE) return header ?? '';
  const name = MEDIA_TYPE.exec(header)?.[1];
  if (name === undefined) throw unknownMediaType();
  return name.toLowerCase();
}

/** What stands before the parameters of a patch's media type: whatever these are. */
export const patchTypeOf = (req: IncomingMessage): string => (req.headers['content-type'] ?? '').split(';', 1)[0]!;

/** The body's media type is none that objects are read in. */
export const unknownMediaType = (): StatusError =>
  StatusError.unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${JSON_TYPE}, ${YAML_TYPE}, ${PROTOBUF_TYPE}`,
  );

function acceptsGzip(req: IncomingMessage): boolean {
  const header = req.headers['accept-encoding'];
  return typeof header === 'string' && /(^|[,\s])gzip\s*(,|$|;\s*q=(?!0(\.0*)?\s*(,|$)))/i.test(header);
}

/** Header values are one line of Latin-1. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, ' ');
}
