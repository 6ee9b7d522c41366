import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { KubeConfig } from '@kubernetes/client-node';
import { createCluster } from 'kubette';
import { startOperator } from './operator.mjs';

const manifests = readFileSync(new URL('../fluentd-elasticsearch.yaml', import.meta.url), 'utf8');
let cluster;
let stop;
before(async () => {
  cluster = await createCluster({ clock: 'virtual', manifests });
  const { url } = await cluster.listen();
  const config = new KubeConfig();
  // This client wants it to be said that a server has no TLS.
  config.loadFromClusterAndUser({ name: 'kubette', server: url, skipTLSVerify: true }, { name: 'test' });
  stop = await startOperator(config);
});
after(async () => {
  await stop();
  await cluster.close();
});

const readyPods = node => node?.metadata.labels?.['example.com/ready-pods'];

test('a node says how many of its pods are ready', async () => {
  await cluster.object('node/worker-1').until(node => readyPods(node) === '1');
});

test('a pod that fails is not counted', async () => {
  await cluster.object('node/worker-2').until(node => readyPods(node) === '1');
  const [pod] = cluster.object('node/worker-2').pods();
  const annotations = { 'kubette.dev/behavior': 'crash-loop' };
  await cluster.object(`pod/${pod.metadata.name}`, 'kube-system').patch({ metadata: { annotations } });
  await cluster.advance('1m');
  await cluster.object('node/worker-2').until(node => readyPods(node) === '0');
});

test('a server that has its troubles is asked again', async () => {
  cluster.faults.add({ match: { verbs: ['patch'], resources: ['nodes'] }, when: { times: 2 }, fault: 'etcdTimeout' });
  await cluster.object('node/worker-3').until(node => readyPods(node) === '1');
  await cluster.object('ds/fluentd-elasticsearch', 'kube-system').delete();
  await cluster.settled();
  await cluster.object('node/worker-3').until(node => readyPods(node) === '0');
  cluster.faults.verify();
});
