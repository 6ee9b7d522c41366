import { METRICS_TYPE } from '../api/metrics.js';
import { formatTime } from '../clock/clock.js';
import type { Registry } from '../registry/registry.js';
import { qualifiedName } from '../resources/definition.js';
import { daemonSets } from '../resources/index.js';
import type { BehaviorControl, ClockControl, ForkControl, SnapshotControl, StageControl } from './control.js';
import type { AdminRoute } from './rest.js';
import { schemaOf } from './schemas.js';

/** A fault in the background. */
export interface BackgroundError {
  /** By the cluster's clock, ms since the epoch. */
  readonly time: number;
  readonly where: string;
  readonly message: string;
}

/** What is looked into. */
export interface HealthOptions {
  readonly registry: Registry;
  readonly clock: ClockControl;
  readonly forks: ForkControl;
  readonly snapshots: SnapshotControl;
  readonly behaviors: BehaviorControl;
  readonly stages: StageControl;
  readonly version: () => string;
  readonly kubernetesVersion: string;
  /** The options of the cluster, without what is secret. */
  readonly settings: object;
  /** The newest faults in the background. */
  readonly errors: () => readonly BackgroundError[];
  /** Keys waiting, by controller. */
  readonly queueDepths: () => Readonly<Record<string, number>>;
  /** In Prometheus' format. */
  readonly metrics: () => Promise<string>;
}

/** How the cluster is, shortly (`health`), in numbers (`metrics`), and in full (`diagnostics`). */
export function healthRoutes(options: HealthOptions): AdminRoute[] {
  const { registry, clock, version, kubernetesVersion } = options;
  const health = () => {
    const { failure, pending } = registry.log;
    const { mode, rate, time } = clock.state;
    return {
      status: failure ? 'failing' : 'ok',
      failing: failure ? [failure] : [],
      version: version(),
      kubernetesVersion,
      revision: registry.revision,
      pending,
      busy: Object.values(options.queueDepths()).some(depth => depth > 0),
      clock: { mode, rate, time: formatTime(time) },
    };
  };
  return [
    {
      method: 'GET',
      path: ['health'],
      doc: {
        summary: 'Whether all is well',
        answers: {
          200: { description: 'It is', schema: schemaOf('Health') },
          503: { description: 'It is not', schema: schemaOf('Health') },
        },
      },
      answer() {
        const body = health();
        return { code: body.status === 'ok' ? 200 : 503, body };
      },
    },
    {
      method: 'GET',
      path: ['metrics'],
      doc: {
        summary: 'Requests, watches, queues and the process in numbers, as at `/metrics`',
        answers: {
          200: { description: 'In the format of Prometheus', schema: { type: 'string' }, types: ['text/plain'] },
        },
      },
      async answer(exchange): Promise<'answered'> {
        exchange.text(200, await options.metrics(), METRICS_TYPE);
        return 'answered';
      },
    },
    {
      method: 'GET',
      path: ['diagnostics'],
      doc: {
        summary: 'All that somebody needs who is to find out what is wrong',
        answers: { 200: { description: 'Nothing of it is secret', schema: schemaOf('Diagnostics') } },
      },
      answer: async ({ user }) => ({
        code: 200,
        body: {
          ...health(),
          settings: options.settings,
          log: { compacted: registry.log.compacted, frozen: registry.log.frozen ?? null },
          queues: Object.fromEntries(Object.entries(options.queueDepths()).filter(([, depth]) => depth > 0)),
          errors: options.errors().map(({ time, ...error }) => ({ time: formatTime(time), ...error })),
          objects: objectCounts(registry),
          daemonSets: registry.all(daemonSets).map(({ namespace, name, object: { status } }) => ({
            name: `${namespace}/${name}`,
            desired: status.desiredNumberScheduled ?? 0,
            current: status.currentNumberScheduled ?? 0,
            ready: status.numberReady ?? 0,
            misscheduled: status.numberMisscheduled ?? 0,
          })),
          behaviors: options.behaviors.list(),
          stages: options.stages.list(),
          snapshots: await options.snapshots.list(user),
          forks: options.forks.list(user),
          process: {
            node: process.version,
            platform: `${process.platform} ${process.arch}`,
            uptimeSeconds: Math.round(process.uptime()),
            memory: process.memoryUsage(),
            eventLoopUtilization: performance.eventLoopUtilization().utilization,
          },
        },
      }),
    },
  ];
}

/** How many objects there are, by resource. */
function objectCounts(registry: Registry): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of registry.kinds.stored()) {
    const count = registry.log.table(qualifiedName(kind)).size;
    if (count > 0) counts[qualifiedName(kind)] = count;
  }
  return counts;
}
