import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Cluster, createCluster } from '../src/index.js';
import { daemonSet } from './subjects.js';

/** Pods that a cluster has which is put back and forked. */
const PODS = 1000;
const BESIDE = 100;
const MIB = 1024 * 1024;

const AGENT = daemonSet('agent');

/** What clusters for tests cost in one process: milliseconds, medians but for `firstMs`; MiB of heap. */
export interface Clusters {
  readonly pods: number;
  readonly beside: number;
  /** The first cluster of a process, with all that it loads. */
  readonly firstMs: number;
  readonly nextMs: number;
  /** The first of a process of its own, until a DaemonSet's pods run. */
  readonly rolledOutMs: number;
  /** Many side by side, each with a DaemonSet that is rolled out: until the last one is, and what one holds. */
  readonly besideMs: number;
  readonly heapMiB: number;
  readonly resetMs: number;
  readonly restoreMs: number;
  readonly forkMs: number;
}

/** Measures what clusters for tests cost: to make, put back, fork and have side by side. */
export async function clusters(): Promise<Clusters> {
  const first = await timed(() => createCluster({ clock: 'virtual' }));
  const rolledOut = await timed(() => rolled(first.result));
  await first.result.close();
  const next = await often(200, () => createCluster({ clock: 'virtual' }));

  const before = heap();
  const many = await timed(async () => {
    const made = await Promise.all(Array.from({ length: BESIDE }, () => createCluster({ clock: 'virtual' })));
    await Promise.all(made.map(rolled));
    return made;
  });
  const heapMiB = (heap() - before) / BESIDE / MIB;
  await Promise.all(many.result.map(cluster => cluster.close()));

  const large = await createCluster({ clock: 'virtual', nodes: PODS, manifests: AGENT });
  await large.settled();
  await large.snapshot('rolled-out');
  const forkMs = await often(20, () => large.fork());
  const restoreMs = await often(20, () => large.restore('rolled-out'));
  const resetMs = await often(20, () => large.reset());
  await large.close();
  return {
    pods: PODS,
    beside: BESIDE,
    firstMs: first.ms,
    nextMs: next,
    rolledOutMs: rolledOut.ms,
    besideMs: many.ms,
    heapMiB,
    resetMs,
    restoreMs,
    forkMs,
  };
}

async function rolled(cluster: Cluster): Promise<void> {
  await cluster.apply(AGENT);
  await cluster.settled();
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  const from = performance.now();
  const result = await work();
  return { ms: performance.now() - from, result };
}

/** The median; a cluster that comes of it is closed. */
async function often(times: number, work: () => Promise<Cluster | unknown>): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) {
    const { ms, result } = await timed(work);
    all.push(ms);
    const { close } = (result ?? {}) as Partial<Cluster>;
    if (close) await close.call(result);
  }
  return all.sort((a, b) => a - b)[Math.floor(times / 2)]!;
}

/** What the heap holds once everything has gone that can go. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
