import { LruMap } from './lru.js';
import type { EventNames } from './names.js';
import { keyOf, namespaceOf, type Sighting } from './sighting.js';

/** An object may be reported on by one source so many times in a row, … */
const BURST = 25;
/** … and after that once in so many milliseconds. */
const REFILL = 300_000;
/** From so many different messages of one reason on, they are combined into one event, … */
const MAX_SIMILAR = 10;
/** … unless it was quiet for so many milliseconds. */
const SIMILAR_INTERVAL = 600_000;
/** Objects that are remembered, for each source that reports on them; client-go remembers 4,096 events of one source. */
const SUBJECTS = 16_384;
/** Events that are remembered for each of these. */
const EVENTS_OF_SUBJECT = 128;

const COMBINED = '(combined from similar events): ';

/** An event of the old API, as it shall be written. */
export interface Counted {
  readonly namespace: string;
  readonly name: string;
  readonly sighting: Sighting;
  readonly message: string;
  readonly count: number;
  /** ms since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** What is known of an object that one source reports on. */
interface Subject {
  /** Reports that it still may make, as of `refilledAt`. */
  tokens: number;
  refilledAt: number;
  readonly similar: Map<string, Similar>;
  readonly events: LruMap<string, Known>;
}

/** The different messages that came for one type and reason. */
interface Similar {
  readonly messages: string[];
  lastSeen: number;
}

/** An event that was seen before. */
interface Known {
  readonly name: string;
  readonly firstSeen: number;
  count: number;
}

/**
 * Decides what becomes of a sighting, as client-go's EventCorrelator does: the same event again counts up the one there
 * is, many alike are combined into one, and a source that reports on one object without end is no longer heard.
 */
export class Correlator {
  readonly #names: EventNames;
  readonly #subjects = new LruMap<string, Subject>(SUBJECTS);

  constructor(names: EventNames) {
    this.#names = names;
  }

  /** The event to write; none if there were too many. `now` is in ms since the epoch. */
  observe(sighting: Sighting, now: number): Counted | undefined {
    const { about } = sighting;
    const subject = this.#subjects.getOrMake(
      keyOf(sighting.component, sighting.host, about.kind, about.namespace, about.name, about.uid, about.apiVersion),
      () => ({ tokens: BURST, refilledAt: now, similar: new Map(), events: new LruMap(EVENTS_OF_SUBJECT) }),
    );
    const combined = isOneOfMany(subject, sighting, now);
    const { type, reason } = sighting;
    const key = combined ? keyOf(type, reason) : keyOf(type, reason, about.fieldPath, sighting.message);
    const event = subject.events.getOrMake(key, () => ({
      name: this.#names.next(about.name ?? '', now),
      firstSeen: now,
      count: 0,
    }));
    // Counts also while it is not heard, so that the count is right when it is again.
    event.count++;
    if (!mayReport(subject, now)) return undefined;
    return {
      namespace: namespaceOf(about),
      name: event.name,
      sighting,
      message: combined ? COMBINED + sighting.message : sighting.message,
      count: event.count,
      firstSeen: event.firstSeen,
      lastSeen: now,
    };
  }
}

function isOneOfMany({ similar }: Subject, { type, reason, message }: Sighting, now: number): boolean {
  const key = keyOf(type, reason);
  let record = similar.get(key);
  if (!record || now - record.lastSeen > SIMILAR_INTERVAL) similar.set(key, (record = { messages: [], lastSeen: now }));
  record.lastSeen = now;
  if (record.messages.includes(message)) return false;
  if (record.messages.length + 1 >= MAX_SIMILAR) return true;
  record.messages.push(message);
  return false;
}

/** Takes one of the tokens that the source has for this object. */
function mayReport(subject: Subject, now: number): boolean {
  subject.tokens = Math.min(BURST, subject.tokens + (now - subject.refilledAt) / REFILL);
  subject.refilledAt = now;
  if (subject.tokens < 1) return false;
  subject.tokens--;
  return true;
}
