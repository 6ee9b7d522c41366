import { Random } from '../../clock/random.js';
import type { Container, Pod } from '../../resources/types.js';
import type { PodSettings } from '../options.js';

/** One run of a container, from its start to its end. */
export interface Run {
  /** ms since the epoch. */
  readonly startedAt: number;
  /** ms since the epoch; absent while it runs. */
  readonly finishedAt?: number;
  readonly exitCode?: number;
}

export interface LogLine {
  /** ms since the epoch. */
  readonly at: number;
  readonly stream: 'Stdout' | 'Stderr';
  readonly text: string;
}

/** A log as its readers see it. */
export interface Lines {
  /** The number of the first line that is kept. */
  first(now: number): number;
  /** How many lines there are at `now`. */
  count(now: number): number;
  /** The line of a number below {@link count}, at a time when there are `count`. */
  line(number: number, count: number): LogLine;
  /** When the next line is due after `now`, ms since the epoch; undefined if there is none to come. */
  nextAfter(now: number): number | undefined;
}

/** As a real log is rotated, only so many lines are kept. */
const KEPT = 50_000;

/**
 * What a container has logged in one run. Nothing of it is stored: every line follows from the pod, the container, the time it
 * started and the line's number, so that the same cluster at the same time always shows the same log.
 */
export class LogLines implements Lines {
  readonly #pod: Pod;
  readonly #container: Container;
  readonly #run: Run;
  readonly #settings: PodSettings;
  /** Said at once when the container starts. */
  readonly #opening: readonly string[];
  /** The user's own lines, said in turn; undefined: lines made up. */
  readonly #own: readonly string[] | undefined;

  constructor(pod: Pod, container: Container, run: Run, settings: PodSettings) {
    this.#pod = pod;
    this.#container = container;
    this.#run = run;
    this.#settings = settings;
    const own = settings.log === undefined ? undefined : linesOf(settings.log);
    const atOnce = settings.logInterval <= 0;
    this.#opening = own ? (atOnce ? own : own.slice(0, 1)) : isTalkative(container) ? this.#greeting() : [];
    this.#own = own && !atOnce && own.length > 0 ? own : undefined;
  }

  first(now: number): number {
    return Math.max(this.count(now) - KEPT, 0);
  }

  count(now: number): number {
    const { finishedAt } = this.#run;
    const until = Math.min(finishedAt ?? now, now);
    const isOver = finishedAt !== undefined && finishedAt <= now;
    return this.#opening.length + this.#periods(until) + (isOver && this.#saysGoodbye ? 1 : 0);
  }

  line(number: number, count: number): LogLine {
    const { startedAt, finishedAt } = this.#run;
    if (number < this.#opening.length) {
      return this.#said(startedAt, 'Stdout', 'INFO ', this.#opening[number]!);
    }
    if (this.#saysGoodbye && finishedAt !== undefined && number === count - 1) return this.#goodbye(finishedAt);
    const period = number - this.#opening.length + 1;
    return this.#periodic(period, startedAt + period * this.#interval);
  }

  nextAfter(now: number): number | undefined {
    if (!this.#isPeriodic) return undefined;
    return this.#run.startedAt + (this.#periods(now) + 1) * this.#interval;
  }

  get #interval(): number {
    return this.#settings.logInterval;
  }

  get #isPeriodic(): boolean {
    return this.#interval > 0 && (this.#own !== undefined || (this.#isMadeUp && isTalkative(this.#container)));
  }

  get #isMadeUp(): boolean {
    return this.#settings.log === undefined;
  }

  get #saysGoodbye(): boolean {
    return this.#isMadeUp && isTalkative(this.#container);
  }

  #periods(until: number): number {
    return this.#isPeriodic ? Math.max(Math.floor((until - this.#run.startedAt) / this.#interval), 0) : 0;
  }

  #greeting(): string[] {
    const { name, image = '', ports = [] } = this.#container;
    const { metadata, spec } = this.#pod;
    return [
      `starting container=${name} image=${image} pod=${metadata.namespace}/${metadata.name} node=${spec.nodeName}`,
      ...ports.map(port => `listening port=${port.containerPort} protocol=${(port.protocol ?? 'TCP').toLowerCase()}`),
      'ready',
    ];
  }

  #periodic(period: number, at: number): LogLine {
    if (this.#own) return { at, stream: 'Stdout', text: this.#own[period % this.#own.length]! };
    const dice = new Random(`${this.#pod.metadata.uid}/${this.#container.name}/${this.#run.startedAt}/${period}`);
    const uptime = Math.round((at - this.#run.startedAt) / 1000);
    const [requests, latency] = [dice.below(200), 1 + dice.below(40)];
    if (dice.below(20) === 0) {
      return this.#said(
        at,
        'Stderr',
        'WARN ',
        `slow response path=/items/${dice.below(1000)} latency=${latency * 50}ms`,
      );
    }
    return this.#said(at, 'Stdout', 'INFO ', `alive uptime=${uptime}s requests=${requests} latency=${latency}ms`);
  }

  #goodbye(at: number): LogLine {
    const { exitCode = 0 } = this.#run;
    return exitCode === 0
      ? this.#said(at, 'Stdout', 'INFO ', 'done, exiting')
      : this.#said(at, 'Stderr', 'ERROR', `fatal, exiting code=${exitCode}`);
  }

  #said(at: number, stream: LogLine['stream'], level: string, text: string): LogLine {
    return { at, stream, text: this.#isMadeUp ? `${new Date(at).toISOString()} ${level} ${text}` : text };
  }
}

/** A container that somebody sits in front of says only what it answers, which nobody keeps. */
const isTalkative = ({ stdin }: Container): boolean => !stdin;

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
