import type { Clock, Timer } from '../clock/clock.js';
import { parseDuration } from '../clock/duration.js';
import { StatusError } from '../registry/status.js';
import type { WatchEvent } from '../registry/types.js';
import type { Happening } from './faults.js';
import { drawDuration } from './latency.js';
import type { WatchPoint } from './rule.js';

/** What can be done to a watch. */
export interface WatchDeeds {
  deliver(event: WatchEvent): void;
  /** Ends it behind all that was delivered. */
  end(): void;
  /** Breaks its connection in the middle of an event, behind all that was delivered. */
  breakIn(event: WatchEvent): void;
  /** The newest revision. */
  revision(): number;
}

/** What stands between a watch and its client. */
export interface Disturbance {
  /** Takes an event on its way to the client. */
  take(event: WatchEvent): void;
  /** Lets go of timers. */
  close(): void;
}

/** How long an event that is to come after the next one waits for it. */
const LONGEST_WAIT_MS = 1000;

/** What happens to the events of a watch. */
export function disturbed(happening: Happening, clock: Clock, deeds: WatchDeeds): Disturbance {
  const { fault, dice, took } = happening;
  const drawn = (share: number | undefined) => share === undefined || dice.uint32() / 2 ** 32 < share;
  switch (fault.kind) {
    case 'watchEnds':
      return atPoint(fault, clock, deeds, () => {
        took();
        queueMicrotask(() => deeds.end());
      });
    case 'watchGone':
      return atPoint(fault, clock, deeds, event => {
        took();
        const from = event && 'revision' in event ? event.revision : deeds.revision();
        const now = deeds.revision();
        deeds.deliver({
          type: 'ERROR',
          error: StatusError.expired(`too old resource version: ${from} (${now})`),
        });
      });
    case 'watchStalls':
      return atPoint(fault, clock, deeds, took);
    case 'halfFrame':
      return brokenOff(fault, clock, deeds, took);
    case 'lateEvents': {
      let last = 0;
      return withTimers(clock, after => event => {
        took();
        last = Math.max(last, clock.now() + drawDuration(fault.by, dice));
        after(last - clock.now(), () => deeds.deliver(event));
      });
    }
    case 'noBookmarks':
      return passing(event => {
        // Without the end of what there is at first a client would not even begin.
        if (event.type !== 'BOOKMARK' || event.initialEventsEnd) deeds.deliver(event);
        else took();
      });
    case 'duplicateEvents':
      return passing(event => {
        deeds.deliver(event);
        if (!('entry' in event) || !drawn(fault.share)) return;
        took();
        deeds.deliver(event);
      });
    case 'reorderedEvents':
      return reordered(clock, deeds, took);
    case 'missedEvents': {
      const { nth, every, share } = fault;
      const chosen = nth ?? (every === undefined && share === undefined ? 1 : undefined);
      let count = 0;
      return passing(event => {
        const isMissed =
          'entry' in event &&
          ++count > 0 &&
          drawn(share) &&
          (chosen === undefined || (typeof chosen === 'number' ? chosen === count : chosen.includes(count))) &&
          (every === undefined || count % every === 0);
        if (isMissed) took();
        else deeds.deliver(event);
      });
    }
    default:
      return passing(event => deeds.deliver(event));
  }
}

const passing = (take: (event: WatchEvent) => void): Disturbance => ({ take, close() {} });

function withTimers(
  clock: Clock,
  make: (after: (ms: number, call: () => void) => Timer) => (event: WatchEvent) => void,
): Disturbance {
  const timers = new Set<Timer>();
  const after = (ms: number, call: () => void): Timer => {
    const timer = clock.after(ms, () => {
      timers.delete(timer);
      call();
    });
    timers.add(timer);
    return timer;
  };
  return {
    take: make(after),
    close() {
      for (const timer of timers) timer.cancel();
    },
  };
}

/** All goes well up to a point: behind so many events, or after a time. Then something happens, and nothing more comes. */
function atPoint(
  { events, after }: WatchPoint,
  clock: Clock,
  deeds: WatchDeeds,
  happens: (last?: WatchEvent) => void,
): Disturbance {
  const wanted = events ?? (after === undefined ? 1 : Number.POSITIVE_INFINITY);
  let count = 0;
  let over = false;
  return withTimers(clock, later => {
    const reach = (last?: WatchEvent) => {
      if (over) return;
      over = true;
      happens(last);
    };
    if (after !== undefined) later(parseDuration(after)!, reach);
    return event => {
      if (over) return;
      deeds.deliver(event);
      if ('entry' in event && ++count >= wanted) reach(event);
    };
  });
}

/** The event at the point comes in half. */
function brokenOff({ events, after }: WatchPoint, clock: Clock, deeds: WatchDeeds, took: () => void): Disturbance {
  const from = clock.now() + parseDuration(after ?? '0')!;
  let count = 0;
  return passing(event => {
    if ('entry' in event && ++count >= (events ?? 1) && clock.now() >= from) {
      took();
      deeds.breakIn(event);
    } else {
      deeds.deliver(event);
    }
  });
}

/** Of two that follow each other and are about different objects the second comes first. */
function reordered(clock: Clock, deeds: WatchDeeds, took: () => void): Disturbance {
  let held: WatchEvent | undefined;
  let timer: Timer | undefined;
  return withTimers(clock, after => {
    const release = () => {
      timer?.cancel();
      const event = held;
      held = undefined;
      if (event) deeds.deliver(event);
    };
    return event => {
      if (held && 'entry' in held && 'entry' in event && held.entry.uid !== event.entry.uid) {
        took();
        deeds.deliver(event);
        release();
        return;
      }
      release();
      if ('entry' in event) {
        held = event;
        timer = after(LONGEST_WAIT_MS, release);
      } else {
        deeds.deliver(event);
      }
    };
  });
}
