// npm run bench: what Kubette costs, as ratios taken in one run. docs/performance.md says how to read it.
import { existsSync } from 'node:fs';
import { clusters } from './clusters.js';
import { graph } from './graph.js';
import { importing } from './import.js';
import { rssMiB, start } from './processes.js';
import { rollout } from './rollout.js';
import { throughput } from './throughput.js';
import { whatIf } from './what-if.js';
import { yardstick } from './yardstick.js';

/** A real v1.20 control plane on a machine of two cores, recorded once: see docs/performance.md, also for the yardstick. */
const REAL = { rollout: 242, startS: 5.5, getRate: 4700, rssMiB: 810 };

/**
 * What others need until they are ready for tests, in seconds, as published: envtest (controller-runtime#1529, k8ssandra-operator#372); kind 0.29 and k3d
 * 5.8 until the command returns (minikube's timeToK8s for v1.36.0).
 */
const OTHERS = { envtestS: [4.6, 15], kindS: [12.6, 14.2] };

const PORT = 18_431;
const BARE_PORT = 18_432;
const number = (value: number, digits = 0) =>
  value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

if (!existsSync('dist/cli/main.js')) throw new Error('run npm run build first');

const { byRequests, byRows } = await yardstick(PORT);
console.log(
  `this machine              ${number(byRequests, 1)} times (bare node:http) to ${number(byRows, 1)} times (better-sqlite3) as slow as the real control plane's; in brackets: reckoned for a real one as slow`,
);
/** How a ratio to the recorded figures would come out if they had been taken on this machine. */
const reckoned = (times: number) => {
  const [least, most] = [byRequests, byRows].sort((a, b) => a - b);
  return `${number(times, 1)} times (${number(times * least!, 1)} to ${number(times * most!, 1)})`;
};

const starts: number[] = [];
for (let i = 0; i < 5; i++) {
  const server = await start(['dist/cli/main.js', '--in-memory', '--port', String(PORT)], PORT, '/readyz');
  starts.push(server.startMs);
  await server.stop();
}
const startMs = starts.sort((a, b) => a - b)[2]!;
console.log(
  `start to first answer     ${number(startMs)} ms: ${reckoned((REAL.startS * 1000) / startMs)} as fast as a real control plane`,
);

const c = await clusters();
const row = (...cells: string[]) => console.log(`| ${cells.join(' | ')} |`);
/** How many times as fast as others say that they start. */
const times = (s: readonly number[]) => s.map(one => number((one * 1000) / startMs)).join(' to ');
console.log('clusters for tests');
row('ready for tests', 'time', 'against what is published');
row('---', '---', '---');
row('`createCluster()`, the first of a process', `${number(c.firstMs)} ms`, '');
row('`createCluster()`, each that follows', `${number(c.nextMs, 1)} ms`, '');
row(
  '`kubette` or `kubette exec`, until it answers',
  `${number(startMs)} ms`,
  `${times(OTHERS.envtestS)} times as fast as envtest, ${times(OTHERS.kindS)} times as fast as kind and k3d`,
);
row('a DaemonSet rolled out in the first', `${number(c.rolledOutMs)} ms`, 'envtest runs no controllers');
row(
  `${c.beside} side by side, each with a DaemonSet rolled out`,
  `${number(c.besideMs)} ms`,
  `${number(c.heapMiB, 2)} MiB of heap each`,
);
row(
  `\`reset()\` of ${number(c.pods)} pods`,
  `${number(c.resetMs, 1)} ms`,
  'others are started anew, or emptied object by object',
);
row(`\`restore()\` of ${number(c.pods)} pods`, `${number(c.restoreMs, 1)} ms`, '');
row(`\`fork()\` of ${number(c.pods)} pods`, `${number(c.forkMs, 1)} ms`, '');

const rate = ({ nodes, ms }: { nodes: number; ms: number }) => nodes / (ms / 1000);
for (const nodes of [1000, 5000]) {
  const r = await rollout(nodes, PORT);
  const bound = await rollout(nodes, PORT, 'bound');
  console.log(
    `DaemonSet on ${number(nodes)} nodes  ${number(rate(r))} pods/s (${number(r.ms)} ms): ${reckoned(rate(r) / REAL.rollout)} a real control plane; ` +
      `${number(r.ms / r.rawMs, 1)} times as long as better-sqlite3 alone takes for the same ${number(r.rows)} rows`,
  );
  console.log(
    `  until bound only        ${number(rate(bound))} pods/s (${number(bound.ms)} ms), as the real one was measured: ${reckoned(rate(bound) / REAL.rollout)} a real control plane`,
  );
  console.log(`  GET meanwhile           p99 ${number(r.getP99Ms, 1)} ms over ${number(r.gets)} requests`);
  console.log(
    `  memory                  ${number(r.rssBeforeMiB)} MiB before, ${number(r.rssAfterMiB)} MiB after` +
      (nodes === 1000 ? `: ${number((100 * r.rssAfterMiB) / REAL.rssMiB)} % of a real control plane's` : ''),
  );
}

const server = await start(
  ['dist/cli/main.js', '--in-memory', '--port', String(PORT), '--nodes', '1000'],
  PORT,
  '/readyz',
);
await new Promise(resolve => setTimeout(resolve, 1500));
for (const t of await throughput(server, BARE_PORT, [
  { what: 'GET a node', path: '/api/v1/nodes/node-0001', connections: 20 },
  { what: 'LIST 1,000 nodes', path: '/api/v1/nodes', connections: 4 },
])) {
  console.log(
    `${t.what.padEnd(26)}${number(t.ours)} req/s, p99 ${number(t.p99Ms)} ms (${number(t.bytes)} bytes): ${number((100 * t.ours) / t.bare)} % of bare node:http` +
      (t.what.startsWith('GET') ? `, ${reckoned(t.ours / REAL.getRate)} a real control plane` : ''),
  );
}
console.log(`memory under load         ${number(rssMiB(server.pid))} MiB`);
await server.stop();

const w = await whatIf(5000, 4);
console.log(
  `what if ${number(w.nodes)} nodes were tainted  ${number(w.whatIfMs)} ms: ${number((100 * w.whatIfMs) / w.reallyMs)} % of really tainting them, with the same ${number(w.differences)} differences among ${number(w.pods)} pods; ` +
    `holds ${number(w.whatIfMiB)} MiB (${number(w.reallyMiB)}); one node ${number(w.oneMs)} ms`,
);

const i = await importing(2000, 20);
console.log(
  `import of ${number(i.nodes)} nodes and ${number(i.pods)} pods  ${number(i.importMs)} ms until at rest: ${number((100 * i.importMs) / i.rolloutMs)} % of rolling them out`,
);

for (const nodes of [1000, 5000]) {
  const g = await graph(nodes, 20, PORT);
  const ofList = (ms: number) => `${number(ms)} ms (${number((100 * ms) / g.listMs, 1)} %)`;
  console.log(
    `GraphQL, ${number(g.nodes)} nodes × ${g.daemonSets}     against LIST of the same pods over REST, ${number(g.listMs)} ms: all placements with reasons ${ofList(g.allMs)}, ${number((100 * g.allBytes) / g.listBytes)} % of its bytes; ` +
      `the first 500 ${ofList(g.firstMs)}, counts by node ${ofList(g.countsMs)}, 500 pods with node and placement ${ofList(g.edgesMs)}; ` +
      `the map at first ${ofList(g.firstMapMs)}, then ${ofList(g.mapMs)}, ${number((100 * g.mapBytes) / g.listBytes, 1)} % of its bytes`,
  );
}
