import { formatMicroTime, formatTime } from '../../clock/clock.js';
import type { Registry } from '../../registry/registry.js';
import { StatusError } from '../../registry/status.js';
import { events } from '../../resources/index.js';
import type { Draft, Event, KubeObject, ObjectReference } from '../../resources/types.js';
import type { Controller, ControllerContext, EventDetails, Queue, Recorder } from '../runtime/types.js';
import { Correlator, type Counted } from './correlator.js';
import { EventNames } from './names.js';
import { type Serial, SeriesKeeper } from './series.js';
import { referenceTo, type Sighting } from './sighting.js';

export interface RecorderOptions {
  /** Events that may wait to be written; those beyond are dropped, as client-go drops them. Default 32,768. */
  readonly maxPending?: number;
}

/** What became of the events that were offered, since the start. */
interface RecorderStats {
  readonly offered: number;
  /** Too many about the same object. */
  readonly filtered: number;
  /** Too many waiting. */
  readonly dropped: number;
  /** Refused by the registry: the namespace ends or is gone. */
  readonly refused: number;
  readonly written: number;
}

export interface RecorderFactory {
  readonly recorder: ControllerContext['recorder'];
  /** Writes what the recorders were told; without it in the runtime nothing is written. */
  readonly controller: Controller;
  readonly stats: RecorderStats;
}

/** Work of the writer: what waits, and series that may have ended. */
const WRITE = 'write';
const END_SERIES = 'end-series';

/** Reports looked at in one go; events written in one go. */
const LOOK = 512;
const BATCH = 64;

/** Where the components of the control plane say that they run. */
const CONTROL_PLANE = 'control-plane';

type Pending = Counted | Serial;

/** What a component told, and when (ms since the epoch). */
interface Report {
  readonly component: string;
  readonly host: string;
  readonly about: KubeObject | ObjectReference;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly more: EventDetails | undefined;
  readonly at: number;
}

/**
 * Makes the recorders of all components. To tell of an event costs next to nothing: it is correlated and written later,
 * when nothing more important is to be done. An event that is seen again before it was written is written once.
 */
export function createRecorderFactory(registry: Registry, options: RecorderOptions = {}): RecorderFactory {
  return new EventWriter(registry, options.maxPending ?? 32_768);
}

class EventWriter implements RecorderFactory {
  readonly stats = { offered: 0, filtered: 0, dropped: 0, refused: 0, written: 0 };
  readonly #registry: Registry;
  readonly #maxPending: number;
  readonly #correlator: Correlator;
  readonly #series: SeriesKeeper;
  /** Told, but not looked at yet. */
  #heard: Report[] = [];
  /** By namespace and name, in the order in which they are to be written. */
  readonly #pending = new Map<string, Pending>();
  #queue: Queue | undefined;

  constructor(registry: Registry, maxPending: number) {
    this.#registry = registry;
    this.#maxPending = maxPending;
    const names = new EventNames(registry.random);
    this.#correlator = new Correlator(names);
    this.#series = new SeriesKeeper(names);
  }

  readonly recorder = (component: string, host = ''): Recorder => ({
    event: (about, type, reason, message, more) =>
      this.#hear({ component, host, about, type, reason, message, more, at: this.#registry.clock.now() }),
  });

  readonly controller: Controller = {
    name: 'events',
    background: true,
    watches: [],
    start: queue => {
      this.#queue = queue;
      if (this.#heard.length + this.#pending.size > 0) queue.add(WRITE);
      this.#awaitEnd();
    },
    reconcile: (key, queue) => (key === WRITE ? this.#writeSome(queue) : this.#endSeries(queue)),
  };

  #hear(report: Report): void {
    this.stats.offered++;
    if (this.#heard.length + this.#pending.size >= this.#maxPending) this.#correlate();
    if (this.#pending.size >= this.#maxPending) {
      this.stats.dropped++;
      return;
    }
    this.#heard.push(report);
    this.#queue?.add(WRITE);
  }

  /** Decides what is to be written of what was told, `most` reports at once. */
  #correlate(most = Number.POSITIVE_INFINITY): void {
    if (this.#heard.length === 0) return;
    for (const report of this.#heard.splice(0, most)) {
      const sighting = sightingOf(report);
      const source = sighting.action === undefined ? this.#correlator : this.#series;
      const event = source.observe(sighting, report.at);
      if (event) this.#pending.set(`${event.namespace}/${event.name}`, event);
      else if (sighting.action === undefined) this.stats.filtered++;
    }
    this.#awaitEnd();
  }

  async #writeSome(queue: Queue): Promise<void> {
    // Better looked at first, all of it: the last report may be one more of the first event. But not while a whole batch waits.
    this.#correlate(LOOK);
    if (this.#heard.length > 0 && this.#pending.size < BATCH) {
      queue.add(WRITE);
      return;
    }
    const batch: [string, Pending][] = [];
    for (const item of this.#pending) {
      batch.push(item);
      if (batch.length === BATCH) break;
    }
    for (const [key] of batch) this.#pending.delete(key);
    await Promise.all(batch.map(([key, event]) => this.#write(key, event)));
    if (this.#heard.length + this.#pending.size > 0) queue.add(WRITE);
  }

  async #write(key: string, event: Pending): Promise<void> {
    try {
      const { namespace, name } = event;
      const existing = this.#registry.get(events, namespace, name)?.object;
      if (existing) await this.#registry.update(events, { ...existing, ...progress(event) });
      else await this.#registry.create(events, draft(event), { namespace });
      this.stats.written++;
    } catch (error) {
      if (error instanceof StatusError && error.code < 500) {
        this.stats.refused++;
        return;
      }
      // Could not be stored: once more, unless a later state of it waits already.
      if (!this.#pending.has(key)) this.#pending.set(key, event);
      throw error;
    }
  }

  async #endSeries(queue: Queue): Promise<void> {
    this.#correlate();
    for (const event of this.#series.end(this.#registry.clock.now())) {
      this.#pending.set(`${event.namespace}/${event.name}`, event);
    }
    if (this.#pending.size > 0) queue.add(WRITE);
    this.#awaitEnd();
  }

  #awaitEnd(): void {
    const end = this.#series.nextEnd;
    if (end !== undefined) this.#queue?.addAfter(END_SERIES, end - this.#registry.clock.now(), 'upkeep');
  }
}

function sightingOf({ component, host, about, type, reason, message, more }: Report): Sighting {
  return {
    component,
    host,
    about: more?.fieldPath ? { ...referenceTo(about), fieldPath: more.fieldPath } : referenceTo(about),
    type,
    reason,
    message,
    action: more?.action,
    related: more?.related && referenceTo(more.related),
  };
}

/** What changes of an event when it is seen again. */
function progress(event: Pending): Partial<Event> {
  if ('eventTime' in event) {
    const { series } = event;
    return series ? { series: { count: series.count, lastObservedTime: formatMicroTime(series.lastSeen) } } : {};
  }
  return { message: event.message, lastTimestamp: formatTime(event.lastSeen), count: event.count };
}

function draft(event: Pending): Draft<Event> {
  const { namespace, name, sighting } = event;
  const { component, host, about, type, reason } = sighting;
  const common = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: about,
    reason,
  };
  if ('eventTime' in event) {
    return {
      ...common,
      message: sighting.message,
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      type,
      eventTime: formatMicroTime(event.eventTime),
      ...progress(event),
      ...(sighting.action ? { action: sighting.action } : {}),
      ...(sighting.related ? { related: sighting.related } : {}),
      reportingComponent: component,
      reportingInstance: `${component}-${host || CONTROL_PLANE}`,
    };
  }
  return {
    ...common,
    message: event.message,
    source: { component, ...(host ? { host } : {}) },
    firstTimestamp: formatTime(event.firstSeen),
    lastTimestamp: formatTime(event.lastSeen),
    count: event.count,
    type,
    eventTime: null,
    reportingComponent: component,
    reportingInstance: host,
  };
}
