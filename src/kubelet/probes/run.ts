import type { Probe } from '../../resources/types.js';
import type { ProbeKind } from '../../resources/validation/probes.js';
import type { Answer } from './ask.js';

/** `passed` or `failed` once it did so as many times in a row as it takes; `open` until then. */
export type Standing = 'open' | 'passed' | 'failed';

/** One probe of one run of a container: when it is asked, and what has come of it so far. Times are ms by the cluster's clock. */
export class ProbeRun {
  readonly kind: ProbeKind;
  standing: Standing;
  /** The answer before, and how many times it came in a row. */
  #last: Standing;
  #inRow = 0;
  /** When it was asked last. */
  #askedAt: number | undefined;
  /** In what manner the pod answered then; undefined if nobody can tell beforehand what it answers. */
  #manner: string | undefined;
  #dueAt: number | undefined;
  /** It could not be asked last time. */
  #isVain = false;

  /**
   * @param startedAt when the container started
   * @param standing what is known of it already
   */
  constructor(kind: ProbeKind, { initialDelaySeconds = 0 }: Probe, startedAt: number, standing: Standing) {
    this.kind = kind;
    this.standing = standing;
    this.#last = standing;
    this.#dueAt = startedAt + initialDelaySeconds * 1000;
  }

  /**
   * When it is asked next: on the beat of its period. Never, where the answer is known: what answers is told to answer as it did before, and its standing follows
   * from that already.
   * @param manner how the pod answers now
   */
  due({ periodSeconds = 10 }: Probe, manner: string | undefined, now: number): number | undefined {
    // What has failed is restarted; another run is asked then.
    if (this.kind !== 'readinessProbe' && this.standing === 'failed') return undefined;
    if (this.kind === 'startupProbe' && this.standing === 'passed') return undefined;
    if (this.#askedAt !== undefined && !this.isOpen && manner !== undefined && manner === this.#manner) {
      this.#dueAt = undefined;
      return undefined;
    }
    this.#dueAt ??= nextBeat(this.#askedAt!, periodSeconds * 1000, now);
    return this.#dueAt;
  }

  /** Whether its standing may change without anything else happening. */
  get isOpen(): boolean {
    return !this.#isVain && (this.standing !== this.#last || this.standing === 'open');
  }

  /** Takes in what came of asking. */
  take({ result }: Answer, probe: Probe, manner: string | undefined, now: number): void {
    const { periodSeconds = 10, successThreshold = 1, failureThreshold = 3 } = probe;
    const period = periodSeconds * 1000;
    const due = this.#dueAt ?? now;
    this.#askedAt = now - due < period ? due : now;
    this.#dueAt = this.#askedAt + period;
    this.#isVain = result === 'unknown';
    if (this.#isVain) return;
    this.#manner = manner;
    const answer = result === 'success' ? 'passed' : 'failed';
    this.#inRow = answer === this.#last ? this.#inRow + 1 : 1;
    this.#last = answer;
    if (this.#inRow >= (answer === 'passed' ? successThreshold : failureThreshold)) this.standing = answer;
  }
}

function nextBeat(askedAt: number, period: number, now: number): number {
  return askedAt + Math.max(1, Math.ceil((now - askedAt) / period)) * period;
}
