import { copyFileSync } from 'node:fs';
import { type Cluster, createCluster } from 'kubette';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodes, pods } from '../../src/resources/index.js';
import { at, executablePath, type Surfer, surf } from './browser.js';

const daemonSet = (name: string, image: string, more: { spec?: object; annotations?: object; pod?: object } = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name, namespace: 'kube-system' },
  spec: {
    ...more.spec,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name }, annotations: more.annotations ?? {} },
      spec: {
        ...more.pod,
        containers: [{ name: 'main', image, resources: { requests: { cpu: '100m', memory: '200Mi' } } }],
      },
    },
  },
});

const deployment = (name: string, replicas: number, cpu: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        containers: [{ name: 'main', image: `${name}:1`, resources: { requests: { cpu, memory: '256Mi' } } }],
      },
    },
  },
});

/** Makes docs/page.png, the picture in the README, where `KUBETTE_PICTURE=write`; a test sees to it that it can be made. */
describe.skipIf(!executablePath)('the picture of the page', () => {
  let cluster: Cluster;
  let surfer: Surfer;

  beforeAll(async () => {
    surfer = await surf();
    cluster = await createCluster({ clock: 'virtual', nodes: 0, seed: 'picture' });
  });

  afterAll(async () => {
    await surfer?.close();
    await cluster?.close();
  });

  it('shows nodes in zones, what is missing, what is failing, and why', async () => {
    for (let i = 1; i <= 21; i++) {
      const name = `node-${String(i).padStart(2, '0')}`;
      await cluster.apply({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name,
          labels: { 'topology.kubernetes.io/zone': `zone-${'abc'[(i - 1) % 3]}`, 'kubernetes.io/hostname': name },
        },
        spec: { ...(i % 12 === 8 ? { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] } : {}) },
      });
    }
    await cluster.settled();
    const everywhere = { pod: { tolerations: [{ operator: 'Exists' }] } };
    await cluster.apply(daemonSet('cilium', 'cilium:1.16', everywhere));
    await cluster.apply(daemonSet('kube-proxy', 'kube-proxy:1.35', everywhere));
    await cluster.apply(daemonSet('csi-node', 'csi-node:2.1'));
    await cluster.apply(daemonSet('fluentd-elasticsearch', 'fluentd:2.5.2'));
    await cluster.apply(
      daemonSet('node-exporter', 'node-exporter:1.7', { spec: { updateStrategy: { type: 'OnDelete' } } }),
    );
    await cluster.apply(deployment('web', 60, '200m'));
    await cluster.apply(deployment('api', 50, '150m'));
    await cluster.settled();
    await cluster.advance('5m');
    // A newer template that nobody has brought to the nodes yet but two, a pod that fails, and a quota that forbids new ones.
    await cluster.apply(
      daemonSet('node-exporter', 'node-exporter:1.8', { spec: { updateStrategy: { type: 'OnDelete' } } }),
    );
    await cluster.settled();
    const { url } = await cluster.listen();
    const podOn = (set: string, node: string) =>
      cluster.registry.all(pods).find(pod => pod.name.startsWith(set) && pod.object.spec.nodeName === node)!;
    const remove = async (set: string, node: string) => {
      const { namespace, name } = podOn(set, node);
      await cluster.registry.delete(pods, namespace, name, { gracePeriodSeconds: 0 });
      await cluster.settled();
    };
    for (const node of ['node-03', 'node-06', 'node-09']) await remove('node-exporter', node);
    await cluster.advance('3m');
    const failing = podOn('fluentd', 'node-15');
    await cluster.registry.patch(pods, failing.namespace, failing.name, {
      type: 'merge',
      body: { metadata: { annotations: { 'kubette.dev/behavior': 'crash-loop' } } },
    });
    await cluster.advance('2m');
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'limit', namespace: 'kube-system' },
      spec: { hard: { pods: '90' } },
    });
    await cluster.settled();
    await remove('node-exporter', 'node-01');
    await remove('csi-node', 'node-14');
    await cluster.registry.patch(nodes, '', 'node-21', {
      type: 'merge',
      body: { spec: { unschedulable: true } },
    });
    await cluster.advance('1m');

    await surfer.page.goto(`${url}/?sel=ds/kube-system/csi-node/node-14`);
    await surfer.page.getByText('the controller could not make it', { exact: false }).first().waitFor();
    await surfer.page.locator('.problems li').nth(1).waitFor();
    const problems = (await surfer.page.locator('.problems li').allInnerTexts()).map(text => text.split(/\s*\n\s*/));
    expect(problems).toEqual([
      ['missing', 'node-exporter', 'node-01'],
      ['missing', 'csi-node', 'node-14'],
      ['failing', 'fluentd-elasticsearch', 'node-15'],
    ]);
    await surfer.screenshot('page');
    if (process.env.KUBETTE_PICTURE === 'write') copyFileSync(at('.cache/screenshots/page.png'), at('docs/page.png'));
  });
});
