import type { Clock } from '../clock/clock.js';
import { described, JournalMatcher } from './journal-match.js';
import { type Asked, kindOf } from './matching.js';
import { NearMisses } from './near-misses.js';
import type { FaultMatch } from './rule.js';
import { Unmet } from './unmet.js';

/** How many requests are kept unless told otherwise. */
const SIZE = 1000;
/** And how much of a body, where bodies are kept, in bytes. */
const BODY_BYTES = 16 * 1024;
/** How many requests are told of where there were too many. */
const TOLD = 5;

/** What of the past is kept for those who look back. */
export interface JournalOptions {
  /** How many requests are kept: the latest. 1000, if absent; none are with 0. */
  readonly size?: number;
  /** Whether bodies are kept too, or how many bytes of each: 16384, if true. Those with secrets in them never are. */
  readonly bodies?: boolean | number;
}

/** A request as the server tells of it. */
export interface Told {
  readonly method: string;
  readonly url: string;
  readonly verb: string;
  readonly resource: Asked['resource'];
  readonly user: string;
  readonly userAgent: string;
  readonly code: number;
  readonly milliseconds: number;
  readonly faults: readonly string[];
}

/** A request that was answered, or of a watch: that is. */
export interface JournalEntry {
  /** Counted from 1 on. */
  readonly number: number;
  /** When it was answered, by the cluster's clock (ms since the epoch). */
  readonly time: number;
  readonly user: string;
  readonly userAgent: string;
  readonly method: string;
  readonly url: string;
  /** As roles name it: `list`, `patch`; the lower-case method for what is no resource. */
  readonly verb: string;
  /** `pods`, `daemonsets.apps`, `pods/status`; empty for what is none. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** 0 if the connection was broken before there was an answer. */
  readonly code: number;
  /** How long it took, by the machine's time; of a watch that is open still, until it began. */
  readonly milliseconds: number;
  /** Whether it is a watch, or another answer without an end, that goes on. */
  readonly open: boolean;
  /** The rules of faults by which it was disturbed. */
  readonly faults: readonly string[];
  /** What was sent, as far as it is kept; absent where nothing is. */
  readonly body?: string;
}

/** Which requests are meant; all that is said must be true of one. In texts `*` stands for anything. */
export interface JournalMatch extends Omit<FaultMatch, 'labels' | 'webhook'> {
  /** One of these. */
  readonly code?: number | readonly number[];
  /** A rule by which it was disturbed. */
  readonly fault?: string;
  /** A part of its body, where bodies are kept. */
  readonly body?: string;
}

/** How often: exactly, or between two numbers. */
export type Times = number | { readonly least?: number; readonly most?: number };

/** An entry as it is kept: what is there already is put into words when somebody asks. */
class Kept {
  milliseconds: number;
  body: string | undefined;

  constructor(
    readonly told: Told,
    readonly number: number,
    readonly time: number,
    public open: boolean,
  ) {
    this.milliseconds = told.milliseconds;
  }
}

/** What can still be added to an entry. */
export type Note = Pick<Kept, 'milliseconds' | 'open' | 'body'>;

/** The requests that were made lately, the oldest of them first; what came before is forgotten. */
export class Journal {
  readonly #clock: Clock;
  /** How many requests it holds at most; 0 if it is off. */
  readonly size: number;
  /** How much of a body is kept, in bytes. */
  readonly bodyBytes: number;
  #ring: Kept[] = [];
  /** Where in the ring the oldest is, once it is full. */
  #oldest = 0;
  #number = 0;

  /** @throws TypeError for options that make no sense */
  constructor(clock: Clock, { size = SIZE, bodies = false }: JournalOptions = {}) {
    if (!(Number.isInteger(size) && size >= 0)) throw new TypeError(`journal.size must be a whole number, not ${size}`);
    this.bodyBytes = bodies === true ? BODY_BYTES : Number(bodies);
    if (!(Number.isInteger(this.bodyBytes) && this.bodyBytes >= 0))
      throw new TypeError(`journal.bodies must be true, false or a number of bytes, not ${String(bodies)}`);
    this.#clock = clock;
    this.size = size;
  }

  /**
   * The requests that match, the oldest first; all, without a match.
   * @throws RuleError (a TypeError) for a match that makes no sense
   */
  find(match: JournalMatch = {}): readonly JournalEntry[] {
    const matcher = new JournalMatcher(match);
    return this.#all().filter(entry => matcher.misses(entry).length === 0);
  }

  /** How many match. @throws RuleError */
  count(match: JournalMatch = {}): number {
    return this.find(match).length;
  }

  /**
   * Answers the requests that match, if there were so many; without `times`, if there was one.
   * @throws Unmet (an Error) that says how many there were, and which came closest; RuleError
   */
  verify(match: JournalMatch, { times = { least: 1 } }: { readonly times?: Times } = {}): readonly JournalEntry[] {
    const found = this.find(match);
    const { least = 0, most = Number.POSITIVE_INFINITY } =
      typeof times === 'number' ? { least: times, most: times } : times;
    if (found.length >= least && found.length <= most) return found;
    const said = Object.entries(match).map(
      ([part, value]) => `${part} ${Array.isArray(value) ? value.join(', ') : value}`,
    );
    const title = `expected ${howOften(least, most)} with ${said.join(', ') || 'anything'}, found ${found.length}`;
    const lines = found.length > most ? found.slice(0, TOLD).map(described) : this.#closest(match);
    throw new Unmet(
      lines.length === 0
        ? title
        : [`${title}${found.length > most ? ':' : '; the closest were'}`, ...lines].join('\n    '),
    );
  }

  /** Forgets all. Answers how many there were. */
  clear(): number {
    const count = this.#ring.length;
    this.#ring = [];
    this.#oldest = 0;
    return count;
  }

  /** Takes a request in. @param open whether its answer has no end yet. Answers where the rest of it is to be noted. */
  add(told: Told, open: boolean): Note {
    const kept = new Kept(told, ++this.#number, this.#clock.now(), open);
    if (this.#ring.length < this.size) {
      this.#ring.push(kept);
    } else {
      this.#ring[this.#oldest] = kept;
      this.#oldest = (this.#oldest + 1) % this.size;
    }
    return kept;
  }

  #all(): JournalEntry[] {
    return [...this.#ring.slice(this.#oldest), ...this.#ring.slice(0, this.#oldest)].map(shown);
  }

  #closest(match: JournalMatch): string[] {
    const matcher = new JournalMatcher(match);
    const near = new NearMisses();
    for (const entry of this.#all()) {
      const missed = matcher.misses(entry);
      if (missed.length > 0) near.add(missed.length, () => ({ request: described(entry), missed }));
    }
    return near.lines();
  }
}

function shown({ told: { resource, ...told }, number, time, milliseconds, open, body }: Kept): JournalEntry {
  return {
    ...told,
    number,
    time,
    milliseconds,
    open,
    resource: resource ? kindOf(resource) : '',
    namespace: resource?.namespace ?? '',
    name: resource?.name ?? '',
    ...(body === undefined ? {} : { body }),
  };
}

/** `2 requests`, `1 request or more`. */
function howOften(least: number, most: number): string {
  const requests = (count: number) => `${count} request${count === 1 ? '' : 's'}`;
  if (least === most) return requests(least);
  if (most === Number.POSITIVE_INFINITY) return `${requests(least)} or more`;
  return least === 0 ? `at most ${requests(most)}` : `${least} to ${requests(most)}`;
}
