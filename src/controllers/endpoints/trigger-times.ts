import { formatTime } from '../../clock/clock.js';
import { conditionOf } from '../../resources/state.js';
import type { Pod, Service } from '../../resources/types.js';

const LAST_CHANGE = 'endpoints.kubernetes.io/last-change-trigger-time';

interface Known {
  readonly service: number;
  /** When each pod became ready or not, by name. */
  readonly pods: ReadonlyMap<string, number>;
}

/** Finds out which change it was that set off a write: measuring tools read how long it took from there. */
export class TriggerTimes {
  readonly #known = new Map<string, Known>();

  /**
   * The time of the first change since the last call for this Service, as an annotation; none if there was none. The first
   * call answers when the Service was made.
   */
  next(key: string, service: Service, pods: readonly Pod[]): Record<string, string> {
    const created = Date.parse(service.metadata.creationTimestamp);
    const former = this.#known.get(key);
    const times = new Map<string, number>();
    let first = Number.POSITIVE_INFINITY;
    for (const pod of pods) {
      const time = Date.parse(conditionOf(pod, 'Ready')?.lastTransitionTime ?? '');
      if (Number.isNaN(time)) continue;
      times.set(pod.metadata.name, time);
      if (time > (former?.pods.get(pod.metadata.name) ?? 0)) first = Math.min(first, time);
    }
    if (!former) first = created;
    else if (created > former.service) first = Math.min(first, created);
    this.#known.set(key, { service: created, pods: times });
    return Number.isFinite(first) ? { [LAST_CHANGE]: formatTime(first) } : {};
  }

  forget(key: string): void {
    this.#known.delete(key);
  }
}

/** The annotations with the trigger time that is given, and without a former one. */
export function withTriggerTime(
  annotations: Record<string, string> | undefined,
  time: Record<string, string>,
): Record<string, string> {
  const { [LAST_CHANGE]: _, ...others } = annotations ?? {};
  return { ...others, ...time };
}
