// npm run bench: what Kubette costs, as ratios taken in one run. docs/performance.md says how to read it.
import { existsSync } from 'node:fs';
import { rssMiB, start } from './processes.js';
import { type Rollout, rollout } from './rollout.js';
import { throughput } from './throughput.js';

/** A real v1.20 control plane on a machine of two cores, recorded once: see docs/performance.md. */
const REAL = { rollout: 242, startS: 5.5, getRate: 4700, rssMiB: 810 };

const PORT = 18_431;
const BARE_PORT = 18_432;
const number = (value: number, digits = 0) =>
  value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

if (!existsSync('dist/cli/main.js')) throw new Error('run npm run build first');

const starts: number[] = [];
for (let i = 0; i < 5; i++) {
  const server = await start(['dist/cli/main.js', '--in-memory', '--port', String(PORT)], PORT, '/readyz');
  starts.push(server.startMs);
  await server.stop();
}
const startMs = starts.sort((a, b) => a - b)[2]!;
console.log(
  `start to first answer     ${number(startMs)} ms: ${number((REAL.startS * 1000) / startMs)} times as fast as a real control plane`,
);

const rollouts: Rollout[] = [];
for (const nodes of [1000, 5000]) {
  const r = await rollout(nodes, PORT);
  rollouts.push(r);
  const rate = r.nodes / (r.ms / 1000);
  console.log(
    `DaemonSet on ${number(nodes)} nodes  ${number(rate)} pods/s (${number(r.ms)} ms): ${number(rate / REAL.rollout, 1)} times a real control plane; ` +
      `${number(r.ms / r.rawMs, 1)} times as long as better-sqlite3 alone takes for the same ${number(r.rows)} rows`,
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
      (t.what.startsWith('GET') ? `, ${number(t.ours / REAL.getRate, 1)} times a real control plane` : ''),
  );
}
console.log(`memory under load         ${number(rssMiB(server.pid))} MiB`);
await server.stop();
