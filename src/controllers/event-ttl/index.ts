import type { Registry } from '../../registry/registry.js';
import { StatusError } from '../../registry/status.js';
import { events } from '../../resources/index.js';
import type { Event } from '../../resources/types.js';
import type { Change, Entry } from '../../store/entry.js';
import { keyOf } from '../runtime/keys.js';
import { type Controller, type ControllerContext, nothing, type Queue, source } from '../runtime/types.js';
import { EventOrder, type Kept } from './event-order.js';

export interface EventTtlOptions {
  /** How long an event stays after it was last written, in ms; an hour unless told otherwise (kube-apiserver's `--event-ttl`). */
  readonly ttl?: number;
  /** How many events there may be; beyond that the oldest go. Default 20,000. */
  readonly maxEvents?: number;
}

/** The only key: it is always the oldest that go. */
const OLDEST = 'oldest';

/** Events removed in one go. */
const BATCH = 64;

/** Of every registry that has been asked. */
const orders = new WeakMap<Registry, EventOrder>();

/** The events of a registry in order. Handed on to forks and copies: to put all in order again would be most of what they cost. */
function inOrder(registry: Registry, order = () => sorted(registry.all(events))): EventOrder {
  let kept = orders.get(registry);
  if (!kept) {
    const made = order();
    kept = made;
    orders.set(registry, made);
    registry.onFork(fork => inOrder(fork, () => made.copy()));
  }
  return kept;
}

/**
 * Removes Events an hour after their last write, as etcd's leases do it for kube-apiserver, and the oldest as soon as
 * there are too many. Knows all events in the order of their last write, so that it never has to look for the oldest.
 */
export function eventTtlController({ registry }: ControllerContext, options: EventTtlOptions = {}): Controller {
  const ttl = options.ttl ?? 3_600_000;
  const maxEvents = options.maxEvents ?? 20_000;
  const kept = inOrder(registry);

  function keys({ type, entry, time }: Change<Event>): string[] {
    const key = keyOf(entry);
    const known = kept.get(key);
    // Known from the start.
    if (type === 'ADDED' && known?.entry.revision === entry.revision) return [OLDEST];
    if (type === 'DELETED') {
      kept.delete(key);
      return [];
    }
    const first = kept.size === 0 || (known !== undefined && kept.size === 1);
    kept.append(key, { entry, written: time });
    return first || kept.size > maxEvents ? [OLDEST] : [];
  }

  async function remove({ entry }: Kept): Promise<void> {
    const { namespace, name, uid, revision } = entry;
    const preconditions = { uid, resourceVersion: String(revision) };
    try {
      await registry.delete(events, namespace, name, { preconditions });
    } catch (error) {
      // Gone, or written again and therefore young.
      if (!StatusError.is(error, 'NotFound') && !StatusError.is(error, 'Conflict')) throw error;
    }
  }

  return {
    name: 'event-ttl',
    background: true,
    watches: [source(events, keys, nothing)],
    async reconcile(key: string, queue: Queue) {
      const now = registry.clock.now();
      const batch: Kept[] = [];
      for (const event of kept.values()) {
        const { entry, written = lastTold(entry.object) } = event;
        const over = kept.size - batch.length > maxEvents;
        if (!over && written + ttl > now) {
          queue.addAfter(key, written + ttl - now, 'upkeep');
          break;
        }
        if (batch.push(event) === BATCH) {
          queue.add(key);
          break;
        }
      }
      await Promise.all(batch.map(remove));
    },
  };
}

const sorted = (entries: readonly Entry<Event>[]): EventOrder =>
  new EventOrder(new Map([...entries].sort((a, b) => a.revision - b.revision).map(entry => [keyOf(entry), { entry }])));

/** When the event itself says that it was last written. */
function lastTold({ metadata, lastTimestamp, series }: Event): number {
  const times = [metadata.creationTimestamp, lastTimestamp, series?.lastObservedTime];
  return Math.max(...times.map(time => Date.parse(time ?? '')).filter(time => !Number.isNaN(time)));
}
