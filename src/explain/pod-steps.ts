import { hasEnded, isReady, isTerminating } from '../resources/state.js';
import type { Pod } from '../resources/types.js';
import type { Change, Entry } from '../store/entry.js';

/** What happens to a pod, in the order of its life. */
export type PodStep = 'CREATED' | 'BOUND' | 'READY' | 'UNREADY' | 'TERMINATING' | 'ENDED' | 'DELETED';

/** One thing that happened to one pod. */
export interface PodEvent {
  readonly step: PodStep;
  /** The pod as it was then. */
  readonly pod: Entry<Pod>;
}

/**
 * What happened to pods in one go. Another step begins with another time, and when something new is begun after something else has come
 * to its end: so a rollout has its steps also where pods take no time to start and stop.
 */
export interface Step {
  /** ms since the story began. */
  readonly after: number;
  readonly events: readonly PodEvent[];
}

const BEGINNINGS: ReadonlySet<PodStep> = new Set(['CREATED', 'TERMINATING']);
const ENDS: ReadonlySet<PodStep> = new Set(['READY', 'UNREADY', 'ENDED', 'DELETED']);

/** The story of pods, step by step, as the log tells it. */
export class PodSteps {
  readonly steps: { readonly after: number; readonly events: PodEvent[] }[] = [];
  readonly #began: number;
  /** Whether something has come to its end in the last step. */
  #ended = false;

  /** @param began ms since the epoch, by the cluster's clock */
  constructor(began: number) {
    this.#began = began;
  }

  /** Takes in what came next; changes of other kinds are no part of the story. */
  add(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.entry.resource !== 'pods') continue;
      const pod = change.entry as Entry<Pod>;
      for (const step of stepsOf(change as Change<Pod>)) this.#tell(change.time - this.#began, { step, pod });
    }
  }

  #tell(after: number, event: PodEvent): void {
    const last = this.steps.at(-1);
    if (last?.after === after && !(this.#ended && BEGINNINGS.has(event.step))) last.events.push(event);
    else {
      this.steps.push({ after, events: [event] });
      this.#ended = false;
    }
    this.#ended ||= ENDS.has(event.step);
  }
}

/** What a change of a pod comes to; several things, where it is not one write but what several came to. */
export function stepsOf({ type, entry: { object: pod }, previous }: Omit<Change<Pod>, 'revision' | 'time'>): PodStep[] {
  if (type === 'DELETED') return ['DELETED'];
  const before = previous?.object;
  const steps: PodStep[] = [];
  if (type === 'ADDED') steps.push('CREATED');
  if (pod.spec.nodeName && !before?.spec.nodeName) steps.push('BOUND');
  const wasReady = before !== undefined && isReady(before);
  if (isReady(pod) !== wasReady) steps.push(wasReady ? 'UNREADY' : 'READY');
  if (isTerminating(pod) && !(before && isTerminating(before))) steps.push('TERMINATING');
  if (hasEnded(pod) && !(before && hasEnded(before))) steps.push('ENDED');
  return steps;
}
