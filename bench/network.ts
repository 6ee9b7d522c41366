// What sockets cost, as ratios taken in one run:
//   npx tsx bench/network.ts [nodes] [rounds]
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NetworkInfo } from '../src/admin/control.js';
import type { DaemonSet } from '../src/resources/types.js';
import { type Running, rssMiB, send, start } from './processes.js';
import { throughput } from './throughput.js';

const [nodes = 1000, rounds = 3] = process.argv.slice(2).map(Number);
const PORT = 18_433;
const BARE_PORT = 18_434;
const REST_S = 10;
const SETS = '/apis/apps/v1/namespaces/default/daemonsets';

const daemonSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'exporter' },
  spec: {
    selector: { matchLabels: { app: 'exporter' } },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
    template: {
      metadata: { labels: { app: 'exporter' } },
      spec: {
        containers: [
          { name: 'main', image: 'exporter:1', ports: [{ name: 'http', containerPort: 9100, hostPort: 9100 }] },
        ],
      },
    },
  },
};
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'exporter' },
  spec: { selector: { app: 'exporter' }, ports: [{ port: 80, targetPort: 'http' }] },
};

/** What a piece of work took: of the clock on the wall, and of a processor. Milliseconds. */
interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

interface Measured {
  readonly rollout: Cost;
  readonly update: Cost;
  readonly rssMiB: number;
  /** CPU at rest, ms a second. */
  readonly atRest: number;
}

/** CPU that a process has had so far, ms. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function costOf(pid: number, work: () => Promise<void>): Promise<Cost> {
  const [began, cpu] = [performance.now(), cpuMs(pid)];
  await work();
  return { wallMs: performance.now() - began, cpuMs: cpuMs(pid) - cpu };
}

async function rolledOut({ url }: Running): Promise<void> {
  for (;;) {
    const { status, metadata } = JSON.parse(await send(`${url}${SETS}/exporter`)) as DaemonSet;
    const { observedGeneration, updatedNumberScheduled = 0, numberAvailable = 0 } = status;
    if (observedGeneration === metadata.generation && updatedNumberScheduled === nodes && numberAvailable === nodes)
      return;
    await sleep(20);
  }
}

/** Events and what else is done afterwards, and whatever sockets there are to be. */
async function quiet({ pid }: Running): Promise<void> {
  for (let last = cpuMs(pid); ; ) {
    await sleep(500);
    const now = cpuMs(pid);
    if (now - last < 30) return;
    last = now;
  }
}

function serve(network: string): Promise<Running> {
  const args = ['dist/cli/main.js', '--in-memory', '--port', String(PORT), '--nodes', String(nodes)];
  return start([...args, '--network', network], PORT, '/readyz');
}

async function measure(network: string, then = async (_server: Running) => {}): Promise<Measured> {
  const server = await serve(network);
  try {
    await quiet(server);
    await send(`${server.url}/api/v1/namespaces/default/services`, 'POST', service);
    const rollout = await costOf(server.pid, async () => {
      await send(`${server.url}${SETS}`, 'POST', daemonSet);
      await rolledOut(server);
      await quiet(server);
    });
    const rss = rssMiB(server.pid);
    const rest = await costOf(server.pid, () => sleep(REST_S * 1000));
    await then(server);
    const update = await costOf(server.pid, async () => {
      const current = JSON.parse(await send(`${server.url}${SETS}/exporter`)) as DaemonSet;
      current.spec.template.spec.containers[0]!.image = 'exporter:2';
      await send(`${server.url}${SETS}/exporter`, 'PUT', current);
      await rolledOut(server);
      await quiet(server);
    });
    return { rollout, update, rssMiB: rss, atRest: rest.cpuMs / REST_S };
  } finally {
    await server.stop();
  }
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Requests a second by each way, against a bare server that sends the same bytes. */
async function requests(server: Running): Promise<void> {
  const { addresses } = JSON.parse(await send(`${server.url}/_kubette/v1/addresses`)) as NetworkInfo;
  console.log(`listening sockets         ${addresses.length}`);
  const places = {
    pod: addresses.find(({ way }) => way === 'pod'),
    node: addresses.find(({ way }) => way === 'node'),
    Service: addresses.find(({ kind }) => kind === 'Service'),
  };
  for (const [what, place] of Object.entries(places)) {
    const [t] = await throughput({ ...server, url: `http://${place!.at}` }, BARE_PORT, [
      { what, path: '/healthz', connections: 20 },
    ]);
    const share = ((100 * t!.ours) / t!.bare).toFixed(0);
    console.log(
      `GET by ${what.padEnd(19)}${t!.ours.toFixed(0)} req/s, p99 ${t!.p99Ms} ms: ${share} % of bare node:http`,
    );
  }
}

const without: Measured[] = [];
const withSockets: Measured[] = [];
for (let round = 0; round < rounds; round++) {
  without.push(await measure('off'));
  withSockets.push(await measure('loopback', round === 0 ? requests : undefined));
}

const of = (runs: readonly Measured[], value: (one: Measured) => number) => median(runs.map(value));
for (const [what, value, unit] of [
  ['rollout, CPU', (one: Measured) => one.rollout.cpuMs, 'ms'],
  ['rolling update, CPU', (one: Measured) => one.update.cpuMs, 'ms'],
  ['memory', (one: Measured) => one.rssMiB, 'MiB'],
] as const) {
  const [off, on] = [of(without, value), of(withSockets, value)];
  const each = (((on - off) / nodes) * 1024).toFixed(1);
  const more = unit === 'MiB' ? `, ${each} KiB a pod` : '';
  console.log(
    `${what.padEnd(26)}${on.toFixed(0)} ${unit} against ${off.toFixed(0)}: ${(on / off).toFixed(2)} times${more}`,
  );
}
console.log(
  `CPU at rest               ${of(withSockets, one => one.atRest).toFixed(1)} ms a second against ${of(without, one => one.atRest).toFixed(1)}`,
);
