import { Agent, type OutgoingHttpHeaders, request } from 'node:http';
import { WorldClock } from '../../clock/world-clock.js';
import { type NetworkSetting, networkOptions, rangesOf } from '../../network/options.js';
import type { Status } from '../../registry/status.js';
import { failed } from '../../registry/turns.js';
import type { User } from '../../registry/types.js';
import type { Cluster } from '../cluster.js';
import { createCluster } from '../create.js';
import type { ClusterOptions } from '../options.js';
import {
  type AnswerLine,
  APPLY,
  type Asked,
  type Beginning,
  CALL,
  type DisturbedLine,
  hashOf,
  type Line,
  readLines,
  type WriteLine,
} from './format.js';
import type { Sink } from './recorder.js';
import { doAgain } from './witnessed.js';

/** Where a replay goes another way than what was recorded. */
export interface Difference {
  /** The request after which it was, as it was recorded; absent if before all of them. */
  readonly request: Pick<Asked, 'n' | 'method' | 'path'> | undefined;
  /** What differs: `write 57: MODIFIED pods default/agent-x7k2p`. */
  readonly what: string;
  /** How it was, and how it is now, line by line; what is the same is left out. */
  readonly was: readonly string[];
  readonly is: readonly string[];
}

/** What came of a replay. */
export interface Replay {
  readonly requests: number;
  readonly writes: number;
  /** Of all that was written. */
  readonly hash: string;
  /** Whether whole logs were compared; else answers, and how many objects of a kind were written after each. */
  readonly exact: boolean;
  /** Whether the recording ends in order. */
  readonly complete: boolean;
  readonly difference: Difference | undefined;
  /** What a rule of faults first did to a commit or a webhook, up to the difference: it is not done again. */
  readonly disturbed: Disturbed | undefined;
}

/** What went wrong on purpose, and after which request. */
interface Disturbed extends DisturbedLine {
  readonly request: number | undefined;
}

/**
 * Runs a recorded session again, in a new cluster in memory on a clock that stands still but for what the recording tells, and compares all that
 * comes of it.
 * @param given what is to be another way than it was; then only answers are compared, and how much was written of what after each request
 * @throws Error if the file is no recording
 */
export async function replay(file: string, given: ClusterOptions = {}): Promise<Replay> {
  const lines = readLines(file);
  const beginning = (await lines.next()).value as Beginning;
  const came = new Written();
  const cluster = await createCluster({
    ...beginning.options,
    network: besideOthers(beginning.options.network),
    ...given,
    clock: new WorldClock(beginning.start),
    rate: 0,
    record: came,
  });
  try {
    const run = new Run(cluster, came, comparedBy(beginning, given));
    await run.listen();
    const difference = await run.play(lines);
    return { ...run.told, hash: came.hash, writes: came.count, difference };
  } finally {
    await cluster.close();
  }
}

/** The network of the recorded cluster, whose addresses may be in use: ports answer in place of them. */
function besideOthers(setting: NetworkSetting | undefined): NetworkSetting {
  const options = networkOptions(setting);
  return options ? { ...options, ...rangesOf(options), mode: 'ports' } : 'off';
}

const comparedBy = ({ rate }: Beginning, given: ClusterOptions): Compared =>
  rate !== undefined ? 'answers' : Object.keys(given).length > 0 ? 'counts' : 'all';

type Compared = 'all' | 'counts' | 'answers';

/** What the cluster of the replay writes. */
class Written implements Sink {
  readonly #lines: WriteLine[] = [];
  count = 0;
  hash = '';

  write(text: string): void {
    const line = JSON.parse(text) as Line;
    if (!('write' in line)) return;
    this.#lines.push(line);
    this.count++;
    this.hash = hashOf(this.hash, line.type, line.what, String(line.at), line.hash);
  }

  async close(): Promise<void> {}

  /** Those that nobody has taken yet. */
  take(): WriteLine[] {
    return this.#lines.splice(0);
  }
}

class Run {
  readonly #cluster: Cluster;
  readonly #came: Written;
  readonly #agent = new Agent({ keepAlive: true });
  #compared: Compared;
  #port = 0;
  #requests = 0;
  #complete = false;
  /** The request that was made last. */
  #latest: Asked | undefined;
  #answer: AnswerLine | undefined;
  #disturbed: Disturbed | undefined;

  constructor(cluster: Cluster, came: Written, compared: Compared) {
    this.#cluster = cluster;
    this.#came = came;
    this.#compared = compared;
  }

  get told(): Pick<Replay, 'requests' | 'exact' | 'complete' | 'disturbed'> {
    return {
      requests: this.#requests,
      exact: this.#compared === 'all',
      complete: this.#complete,
      disturbed: this.#disturbed,
    };
  }

  async listen(): Promise<void> {
    this.#port = (await this.#cluster.listen()).port;
  }

  /** Does all that was done, until something is different. */
  async play(lines: AsyncIterable<Line>): Promise<Difference | undefined> {
    let expected: WriteLine[] = [];
    try {
      for await (const line of lines) {
        if ('write' in line) expected.push(line);
        else if ('disturbed' in line) this.#disturbed ??= { ...line, request: this.#latest?.n };
        else if ('answer' in line) {
          const different = line.answer === this.#latest?.n && this.#compareAnswers(line);
          if (different) return different;
        } else if ('n' in line || 'end' in line) {
          const different = await this.#reach(line.at, expected);
          if (different) return different;
          expected = [];
          if ('end' in line) this.#complete = true;
          else await this.#ask(line);
        }
      }
      // Whoever was killed left no end: what is there of it is compared.
      return this.#complete ? undefined : await this.#reach(expected.at(-1)?.at ?? 0, expected, true);
    } finally {
      this.#agent.destroy();
    }
  }

  /** Lets all come of it that came of it until then, and compares. */
  async #reach(at: number, expected: readonly WriteLine[], isCut = false): Promise<Difference | undefined> {
    const { clock } = this.#cluster;
    await this.#cluster.settled();
    if (at > clock.now()) await clock.advance(at - clock.now());
    const came = this.#came.take();
    if (this.#compared === 'answers') return undefined;
    if (this.#compared === 'counts') return this.#compareCounts(expected, came);
    const count = isCut ? expected.length : Math.max(expected.length, came.length);
    for (let i = 0; i < count; i++) {
      const [was, is] = [expected[i], came[i]];
      if (was?.hash === is?.hash && JSON.stringify(was) === JSON.stringify(is)) continue;
      const { write, type, what } = (was ?? is)!;
      return { ...this.#where, what: `write ${write}: ${type} ${what}`, ...apart(toldOf(was), toldOf(is)) };
    }
    return undefined;
  }

  async #ask(asked: Asked): Promise<void> {
    if (asked.rate !== undefined) this.#compared = 'answers';
    this.#latest = asked;
    this.#requests++;
    if (asked.method === APPLY || asked.method === CALL) {
      const given = JSON.parse(asked.body as string);
      const work = asked.method === APPLY ? this.#cluster.apply(given) : doAgain(this.#cluster.registry, given);
      this.#answer = { answer: asked.n, ...(await work.then(() => ({ code: 200 }), failed)) };
    } else this.#answer = await send(asked, this.#port, this.#agent);
  }

  #compareAnswers(was: AnswerLine): Difference | undefined {
    const is = this.#answer!;
    const same = (one?: string, other?: string) => one === undefined || other === undefined || one === other;
    // Of a read only what it made counts.
    const isAlike =
      this.#latest?.method === 'GET' ||
      (was.code === is.code && (this.#compared !== 'all' || (was.message === is.message && same(was.hash, is.hash))));
    if (isAlike) return undefined;
    const told = ({ code, message, hash }: AnswerLine) => [
      `code ${code}${message === undefined ? '' : `: ${message}`}`,
      ...(was.code === is.code && was.message === is.message ? [`an answer of the hash ${hash}`] : []),
    ];
    return { ...this.#where, what: 'the answer', ...apart(told(was), told(is)) };
  }

  #compareCounts(expected: readonly WriteLine[], came: readonly WriteLine[]): Difference | undefined {
    const [was, is] = [countsOf(expected), countsOf(came)].map(counts =>
      [...counts].map(([what, count]) => `${what}: ${count}`).sort(),
    ) as [string[], string[]];
    const different = apart(was, is);
    if (different.was.length + different.is.length === 0) return undefined;
    return { ...this.#where, what: 'what was written', ...different };
  }

  get #where(): Pick<Difference, 'request'> {
    if (!this.#latest) return { request: undefined };
    const { n, method, path } = this.#latest;
    return { request: { n, method, path } };
  }
}

/** Told only for others to look at, or written again and again. */
const NOISE = ['events', 'leases.coordination.k8s.io'];
const DONE = { ADDED: 'created', MODIFIED: 'changed', DELETED: 'deleted' } as const;

/** How many objects of a kind were created, changed and deleted. */
function countsOf(lines: readonly WriteLine[]): Map<string, number> {
  const objects = new Map<string, Set<string>>();
  for (const { type, what } of lines) {
    const [resource = '', name = ''] = what.split(' ');
    if (NOISE.includes(resource)) continue;
    const key = `${resource} ${DONE[type]}`;
    objects.set(key, (objects.get(key) ?? new Set()).add(name));
  }
  return new Map([...objects].map(([key, names]) => [key, names.size]));
}

/** A write in lines that can be set against those of another. */
function toldOf(line: WriteLine | undefined): string[] {
  if (!line) return ['nothing was written'];
  const { write, type, what, at, object, changes, hash } = line;
  return [
    `${write} ${type} ${what}`,
    `at ${new Date(at).toISOString()}`,
    ...(changes ?? []).map(([path, after]) => `${path}: ${JSON.stringify(after)}`),
    ...leaves(object, ''),
    `hash ${hash}`,
  ];
}

/** Every value in an object, with where it stands. */
function leaves(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null)
    return value === undefined ? [] : [`${path}: ${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, path === '' ? key : `${path}.${key}`));
}

/** What stands in one of two lists only. */
function apart(was: readonly string[], is: readonly string[]): Pick<Difference, 'was' | 'is'> {
  const only = (some: readonly string[], others: readonly string[]) => {
    const known = new Set(others);
    const own = some.filter(line => !known.has(line));
    // A hash says something only where nothing else does.
    return own.length > 1 ? own.filter(line => !line.startsWith('hash ')) : own;
  };
  return { was: only(was, is), is: only(is, was) };
}

/** Makes a request again, in the name of whoever made it. */
function send({ n, method, path, user, headers, body }: Asked, port: number, agent: Agent): Promise<AnswerLine> {
  const bytes = typeof body === 'object' ? Buffer.from(body.base64, 'base64') : Buffer.from(body ?? '');
  const all = { ...headers, ...(user ? inTheNameOf(user) : {}), 'content-length': bytes.length };
  const given = Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined),
  ) as OutgoingHttpHeaders;
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', agent, method, path, headers: given }, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const code = response.statusCode!;
        const message = code < 400 ? messageIn(path, chunks) : statusIn(chunks)?.message;
        resolve({ answer: n, code, ...(message === undefined ? {} : { message }), hash: hashOf(...chunks) });
      });
    });
    sent.on('error', reject);
    sent.end(bytes);
  });
}

function statusIn(chunks: readonly Buffer[]): Partial<Status> | undefined {
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as Partial<Status>;
  } catch {
    return undefined;
  }
}

/** GraphQL answers 200 to what it refuses. */
function messageIn(path: string, chunks: readonly Buffer[]): string | undefined {
  if (path !== '/graphql') return undefined;
  const answer = statusIn(chunks) as { errors?: readonly { readonly message: string }[] } | undefined;
  return answer?.errors?.[0]?.message;
}

function inTheNameOf({ name, uid, groups, extra = {} }: User): OutgoingHttpHeaders {
  return {
    'impersonate-user': name,
    'impersonate-group': [...groups],
    ...(uid ? { 'impersonate-uid': uid } : {}),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, values]) => [`impersonate-extra-${encodeURIComponent(key)}`, [...values]]),
    ),
  };
}
