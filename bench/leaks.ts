// npx tsx bench/leaks.ts [how many]: what is left of many clusters that were closed.
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Cluster, type ClusterOptions, createCluster } from '../src/index.js';
import { daemonSet } from './subjects.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const MIB = 1024 * 1024;
const AGENT = daemonSet('agent');

const many = Number(process.argv[2] ?? 10_000);
const folder = mkdtempSync(join(tmpdir(), 'kubette-clusters-'));

/** What the process holds: heap after everything that can go has gone, and what keeps it alive. */
async function held(): Promise<string> {
  for (let i = 0; i < 3; i++) {
    await new Promise(resolve => setTimeout(resolve, 20));
    collect();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const resources = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) resources.set(name, (resources.get(name) ?? 0) + 1);
  const open = [...resources].map(([name, count]) => `${name} ${count}`).join(', ');
  return `heap ${(heapUsed / MIB).toFixed(1)} MiB, buffers ${(arrayBuffers / MIB).toFixed(1)} MiB, open: ${open || 'nothing'}`;
}

/** Asks without what `fetch` remembers of every server that there ever was. */
const asked = (url: string) =>
  new Promise<void>((resolve, reject) => {
    get(url, { agent: false }, response => response.resume().on('close', resolve)).on('error', reject);
  });

/** A DaemonSet in it; every few of them asked over HTTP, watched, forked, with a clock that goes, or kept in a file. */
async function used(i: number): Promise<Cluster> {
  const options: ClusterOptions = {
    ...(i % 5 === 0 ? { clock: 'real' } : { clock: 'virtual' }),
    ...(i % 100 === 1 ? { data: join(folder, `${i}.db`) } : {}),
  };
  const cluster = await createCluster({ nodes: 2, ...options });
  await cluster.apply(AGENT);
  if (i % 3 === 0) await cluster.settled();
  if (i % 10 === 2) {
    const { url } = await cluster.listen();
    await asked(`${url}/api/v1/pods`);
    // Its end is not awaited: it is the cluster that ends it.
    asked(`${url}/api/v1/pods?watch=true`).catch(() => {});
  }
  if (i % 20 === 3) await (await cluster.fork()).close();
  if (i % 20 === 4) await cluster.forks.create({ rate: 5 });
  return cluster;
}

const beside = await Promise.all(Array.from({ length: 100 }, (_, i) => used(i)));
await Promise.all(beside.map(cluster => cluster.settled()));
console.log(`100 side by side        ${await held()}`);
await Promise.all(beside.splice(0).map(cluster => cluster.close()));
console.log(`closed                  ${await held()}`);

for (let i = 1; i <= many; i++) {
  await (await used(i)).close();
  if (i % Math.max(1, Math.floor(many / 10)) === 0) console.log(`${String(i).padStart(6)} were there  ${await held()}`);
}
rmSync(folder, { recursive: true, force: true });
