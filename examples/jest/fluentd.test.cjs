const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { setUpCluster } = require('kubette/jest');

const manifest = readFileSync(join(__dirname, '../fluentd-elasticsearch.yaml'), 'utf8');
const kubette = setUpCluster({ manifests: manifest });

test('the log collector runs on every worker', async () => {
  const { cluster } = kubette;
  await cluster.settled();
  expect(cluster.object('ds/fluentd-elasticsearch', 'kube-system')).toBePlacedWhereWanted();
});

test('a node that leaves takes its pod along', async () => {
  const { cluster } = kubette;
  await cluster.settled();
  await cluster.object('node/worker-1').delete();
  await cluster.advance('2m');
  expect(cluster.object('ds/fluentd-elasticsearch', 'kube-system')).toRunOnlyOn(['worker-2', 'worker-3']);
});
