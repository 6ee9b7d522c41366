import type { Answered } from './http.js';

/** Prometheus' exposition format. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Upper bounds in seconds of the buckets that request durations are counted in. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Series {
  readonly labels: Readonly<Record<'verb' | 'resource' | 'subresource' | 'code', string>>;
  count: number;
  seconds: number;
  /** How many fell into each bucket, the last one being all above. */
  readonly buckets: number[];
}

/** Read when somebody asks for `/metrics`. */
export interface Gauges {
  readonly revision: () => number;
  readonly watchers: () => number;
  /** Controller → keys waiting in its queue. */
  readonly queueDepths?: (() => Readonly<Record<string, number>>) | undefined;
}

/** Counts requests as they are answered; everything else is gathered when it is asked for, and prom-client loaded only then. */
export class Metrics {
  readonly #series = new Map<string, Series>();
  #render: Promise<() => Promise<string>> | undefined;

  constructor(readonly gauges: Gauges) {}

  observe(answered: Answered): void {
    const { verb, resource, subresource, code } = answered;
    const key = `${verb} ${resource} ${subresource} ${code}`;
    let series = this.#series.get(key);
    if (!series) {
      series = {
        labels: { verb: verb.toUpperCase(), resource, subresource, code: String(code) },
        count: 0,
        seconds: 0,
        buckets: BUCKETS.map(() => 0),
      };
      this.#series.set(key, series);
    }
    const seconds = answered.milliseconds / 1000;
    series.count++;
    series.seconds += seconds;
    const bucket = BUCKETS.findIndex(bound => seconds <= bound);
    if (bucket >= 0) series.buckets[bucket]!++;
  }

  /** The text of `/metrics`, in Prometheus' exposition format. */
  async text(): Promise<string> {
    this.#render ??= this.#register();
    return `${(await (await this.#render)()).trimEnd()}\n${this.#durations()}`;
  }

  async #register(): Promise<() => Promise<string>> {
    const { Counter, Gauge, Registry, collectDefaultMetrics } = await import('prom-client');
    const registry = new Registry();
    const registers = [registry];
    collectDefaultMetrics({ register: registry });
    const series = this.#series;
    const { gauges } = this;
    new Counter({
      name: 'apiserver_request_total',
      help: 'Requests answered, by verb, resource and status code.',
      labelNames: ['verb', 'resource', 'subresource', 'code'] as const,
      registers,
      collect() {
        this.reset();
        for (const { labels, count } of series.values()) this.inc(labels, count);
      },
    });
    new Gauge({
      name: 'apiserver_registered_watchers',
      help: 'Watches that are open.',
      registers,
      collect() {
        this.set(gauges.watchers());
      },
    });
    new Gauge({
      name: 'kubette_revision',
      help: 'The newest committed revision: how many writes there have been.',
      registers,
      collect() {
        this.set(gauges.revision());
      },
    });
    new Gauge({
      name: 'workqueue_depth',
      help: 'Keys waiting in the queue of each controller.',
      labelNames: ['name'] as const,
      registers,
      collect() {
        this.reset();
        for (const [name, depth] of Object.entries(gauges.queueDepths?.() ?? {})) this.set({ name }, depth);
      },
    });
    return () => registry.metrics();
  }

  /** The histogram is written by hand: prom-client's can only be fed one observation at a time. Watches are left out, as upstream does. */
  #durations(): string {
    const name = 'apiserver_request_duration_seconds';
    const lines = [`# HELP ${name} Time to answer, by verb, resource and status code.`, `# TYPE ${name} histogram`];
    for (const { labels, count, seconds, buckets } of this.#series.values()) {
      if (labels.verb === 'WATCH') continue;
      const shown = Object.entries(labels)
        .map(([label, value]) => `${label}="${value.replace(/[\\"\n]/g, '')}"`)
        .join(',');
      let below = 0;
      BUCKETS.forEach((bound, i) => {
        below += buckets[i]!;
        lines.push(`${name}_bucket{le="${bound}",${shown}} ${below}`);
      });
      lines.push(
        `${name}_bucket{le="+Inf",${shown}} ${count}`,
        `${name}_sum{${shown}} ${seconds}`,
        `${name}_count{${shown}} ${count}`,
      );
    }
    return `${lines.join('\n')}\n`;
  }
}
