// What it costs that probes are made, as ratios taken in one run:
//   npx tsx bench/probes.ts [nodes] [rounds]
import { type Cluster, createCluster } from '../src/index.js';

const [nodes = 1000, rounds = 3] = process.argv.slice(2).map(Number);
const UPDATES = 3;
const httpGet = { path: '/healthz', port: 9100 };

const daemonSet = (version: string) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent', namespace: 'default' },
  spec: {
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
    selector: { matchLabels: { app: 'agent' } },
    template: {
      metadata: { labels: { app: 'agent' }, annotations: { version } },
      spec: {
        containers: [{ name: 'main', image: 'agent:1', readinessProbe: { httpGet }, livenessProbe: { httpGet } }],
      },
    },
  },
});

/** CPU of this process that a piece of work took, ms. */
async function costOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const bringAbout = (cluster: Cluster, version: number) =>
  costOf(async () => {
    await cluster.apply(daemonSet(String(version)));
    await cluster.comeToRest();
  });

async function measure(probes: 'on' | 'off') {
  const cluster = await createCluster({ nodes, clock: 'virtual', kubelet: { probes } });
  const rollout = await bringAbout(cluster, 0);
  let update = 0;
  for (let i = 1; i <= UPDATES; i++) update += await bringAbout(cluster, i);
  const rest = await costOf(() => cluster.advance('30m'));
  await cluster.close();
  return { rollout, update: update / UPDATES, rest };
}

for (let round = 1; round <= rounds; round++) {
  const off = await measure('off');
  const on = await measure('on');
  const ratio = (figure: 'rollout' | 'update') => (on[figure] / off[figure]).toFixed(2);
  console.log(
    `round ${round}, ${nodes} pods with two HTTP probes each, CPU against none made: rollout ${ratio('rollout')}, rolling update ${ratio('update')}, ` +
      `thirty minutes at rest ${on.rest.toFixed(0)} ms against ${off.rest.toFixed(0)}`,
  );
}
