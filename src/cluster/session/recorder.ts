import { createWriteStream, openSync, type WriteStream } from 'node:fs';
import { ADMIN } from '../../access/user.js';
import { JSON_TYPE } from '../../api/http.js';
import { decodeProtobuf } from '../../api/protobuf/index.js';
import type { Clock } from '../../clock/clock.js';
import { stateOf } from '../../clock/world-clock.js';
import { type Manifests, parseManifests } from '../../registry/manifests.js';
import type { Registry } from '../../registry/registry.js';
import { type Deed, failed, type Outcome } from '../../registry/turns.js';
import type { Change } from '../../store/entry.js';
import type { ClusterOptions } from '../options.js';
import { kubetteVersion } from '../version.js';
import { APPLY, type Asked, FORMAT, hashOf, type Line, writeLine } from './format.js';
import { veiled, veiledBody, veiledCall } from './veil.js';

/** Writes between two checkpoints. */
const CHECKPOINT = 1000;
/** What the disk may be behind by, in bytes: a recording that it cannot keep up with ends. */
const MOST_BEHIND = 256 * 1024 * 1024;

/** Where lines go. */
export interface Sink {
  write(line: string): void;
  close(): Promise<void>;
}

/** A file that is written as fast as the disk takes it, while nobody waits. @throws Error (of node:fs) if it cannot be written */
export function fileSink(file: string, onError: (error: unknown) => void): Sink {
  const fd = openSync(file, 'w');
  const stream: WriteStream = createWriteStream(file, { fd });
  let isBroken = false;
  const fail = (error: unknown) => {
    if (!isBroken) onError(error);
    isBroken = true;
  };
  stream.on('error', fail);
  return {
    write(line) {
      if (isBroken) return;
      if (stream.writableLength > MOST_BEHIND)
        fail(new Error(`${file}: the disk is too slow, nothing more is recorded`));
      else stream.write(line);
    },
    close: () => new Promise(resolve => (stream.closed ? resolve() : stream.end(resolve))),
  };
}

/** What counts for what a cluster does, and can be told in JSON. */
const TOLD = [
  'seed',
  'era',
  'nodes',
  'manifests',
  'import',
  'kubelet',
  'network',
  'controllers',
  'enableAdmissionPlugins',
  'disableAdmissionPlugins',
  'webhookHosts',
  'authorization',
  'history',
] as const satisfies readonly (keyof ClusterOptions)[];

/**
 * Writes down what is asked of a cluster that may change something, and every write that comes of it, as lines of JSON. A cluster that is
 * put back to a snapshot goes on in the same recording.
 */
export class Recorder {
  readonly #sink: Sink;
  #requests = 0;
  #writes = 0;
  #hash = '';
  #registry: Registry | undefined;
  #unfollow = () => {};

  constructor(sink: Sink, options: ClusterOptions, clock: Clock) {
    this.#sink = sink;
    const told = Object.fromEntries(TOLD.flatMap(name => (options[name] === undefined ? [] : [[name, options[name]]])));
    this.#write({
      kubette: kubetteVersion(),
      format: FORMAT,
      ...timeOf(clock, 'start'),
      options: veiled(told) as ClusterOptions,
    });
  }

  /** Notes what the log of a new cluster begins with, and from now on all that is asked and written. */
  async begin(registry: Registry): Promise<void> {
    await registry.log.committed();
    for (const { revision } of await registry.log.find(0, registry.revision)) {
      const change = await registry.log.write(revision);
      if (change) this.#changed(change);
    }
    this.attach(registry);
  }

  /** Goes on with another life of the cluster. */
  attach(registry: Registry): void {
    this.#unfollow();
    this.#registry = registry;
    this.#unfollow = registry.follow(changes => {
      for (const change of changes) this.#changed(change);
    });
    registry.turns.witness = deed => this.#asked(deed);
  }

  /** Notes that a commit or a webhook was made to fail. */
  disturbed(rule: string, fault: string): void {
    // Slow is not wrong.
    if (fault !== 'slowDisk') this.#write({ disturbed: fault, rule });
  }

  /** Ends the recording in order. */
  async close(): Promise<void> {
    this.#unfollow();
    if (this.#registry) this.#write({ end: this.#writes, at: this.#registry.clock.now(), hash: this.#hash });
    await this.#sink.close();
  }

  #asked(deed: Deed): (outcome: Outcome) => void {
    const n = ++this.#requests;
    this.#write({ n, ...timeOf(this.#registry!.clock, 'at'), ...requestOf(deed) });
    return ({ code, message, body }) =>
      this.#write({
        answer: n,
        code,
        ...(message === undefined ? {} : { message }),
        ...(body && !isOfSecrets(deed.path) ? { hash: hashOf(...body) } : {}),
      });
  }

  #changed(change: Change): void {
    const line = writeLine(change, change.previous);
    this.#write(line);
    this.#hash = hashOf(this.#hash, line.type, line.what, String(line.at), line.hash);
    if (++this.#writes % CHECKPOINT === 0) this.#write({ checkpoint: this.#writes, hash: this.#hash });
  }

  #write(line: Line): void {
    this.#sink.write(`${JSON.stringify(line)}\n`);
  }
}

/** What a clock shows, and how fast it goes if it does. */
function timeOf<Field extends string>(clock: Clock, field: Field): Record<Field, number> & { rate?: number } {
  const { rate, time } = stateOf(clock);
  return { [field]: time, ...(rate > 0 ? { rate } : {}) } as Record<Field, number> & { rate?: number };
}

/** What a program applies without a request, as something that can be done again. */
export const appliedInProcess = (manifests: Manifests): Deed => ({
  method: APPLY,
  path: '',
  headers: {},
  body: parseManifests(manifests),
  outcome: failure => (failure ? failed(failure) : { code: 200 }),
});

/** Answers that differ each time by their nature. */
const isOfSecrets = (path: string): boolean =>
  /\/(secrets|certificatesigningrequests|serviceaccounts\/[^/]+\/token)(\/|\?|$)/.test(path) ||
  path.includes('/configmaps/kube-root-ca.crt');

function requestOf({ method, path, user, headers, body }: Deed): Omit<Asked, 'n' | 'at'> {
  const told = user && user.name !== ADMIN.name ? { user } : {};
  return { method, path, ...told, headers, ...bodyOf(path, headers, body) };
}

const SECRET = { apiVersion: 'v1', kind: 'Secret' };

function bodyOf(path: string, headers: Deed['headers'], body: Deed['body']): Partial<Pick<Asked, 'body' | 'headers'>> {
  if (!Buffer.isBuffer(body))
    return Object.keys(body).length > 0 ? { body: JSON.stringify(veiledCall(path, body)) } : {};
  const { 'content-type': type } = headers;
  if (body.length === 0) return {};
  if (!type?.includes('protobuf')) return { body: veiledBody(path, type, body.toString()) };
  if (!isOfSecrets(path)) return { body: { base64: body.toString('base64') } };
  return {
    headers: { ...headers, 'content-type': JSON_TYPE },
    body: JSON.stringify(veiled(decodeProtobuf(body, SECRET))),
  };
}
