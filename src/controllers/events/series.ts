import type { EventNames } from './names.js';
import { keyOf, namespaceOf, type Sighting } from './sighting.js';

/** A series has ended when nothing of it was seen for so many milliseconds. */
export const SERIES_END = 6 * 60_000;
/** Events that may become a series; beyond these the oldest are forgotten. */
const CAPACITY = 16_384;

/** An event of `events.k8s.io`, as it shall be written. */
export interface Serial {
  readonly namespace: string;
  readonly name: string;
  readonly sighting: Sighting;
  /** ms since the epoch. */
  readonly eventTime: number;
  /** From the second sighting on. */
  series?: { readonly count: number; readonly lastSeen: number };
}

/**
 * Makes series of events that repeat, as client-go's newer recorder does. Not the message counts, but what was done to
 * which version of which object. A series is written when it begins and when it has ended.
 */
export class SeriesKeeper {
  readonly #names: EventNames;
  /** Those seen last come last. */
  readonly #open = new Map<string, Serial>();

  constructor(names: EventNames) {
    this.#names = names;
  }

  /** When the next series may end, in ms since the epoch. */
  get nextEnd(): number | undefined {
    const oldest = this.#open.values().next().value;
    return oldest && lastSeen(oldest) + SERIES_END;
  }

  /** The event to write; none if it only goes on. */
  observe(sighting: Sighting, now: number): Serial | undefined {
    const { about, related } = sighting;
    const key = keyOf(
      sighting.component,
      sighting.type,
      sighting.reason,
      sighting.action,
      ...parts(about),
      ...parts(related ?? {}),
    );
    const known = this.#open.get(key);
    this.#open.delete(key);
    if (!known) {
      if (this.#open.size >= CAPACITY) this.#open.delete(this.#open.keys().next().value!);
      const event = {
        namespace: namespaceOf(about),
        name: this.#names.next(about.name ?? '', now),
        sighting,
        eventTime: now,
      };
      this.#open.set(key, event);
      return event;
    }
    const series = { count: (known.series?.count ?? 1) + 1, lastSeen: now };
    const event = { ...known, series };
    this.#open.set(key, event);
    return known.series ? undefined : event;
  }

  /** Ends what has not been seen for long enough; answers the series among them, to be written for the last time. */
  end(now: number): Serial[] {
    const ended: Serial[] = [];
    for (const [key, event] of this.#open) {
      if (lastSeen(event) + SERIES_END > now) break;
      this.#open.delete(key);
      if (event.series) ended.push(event);
    }
    return ended;
  }
}

const lastSeen = ({ series, eventTime }: Serial) => series?.lastSeen ?? eventTime;

const parts = (o: Sighting['about']) => [
  o.kind,
  o.namespace,
  o.name,
  o.uid,
  o.apiVersion,
  o.resourceVersion,
  o.fieldPath,
];
