import { readFileSync } from 'node:fs';
import { after, before, beforeEach, test } from 'node:test';
import { createCluster } from 'kubette';
import { assertThat } from 'kubette/assert';

const manifests = readFileSync(new URL('../fluentd-elasticsearch.yaml', import.meta.url), 'utf8');
let cluster;
before(async () => {
  cluster = await createCluster({ clock: 'virtual', manifests });
});
beforeEach(() => cluster.reset());
after(() => cluster.close());

test('the log collector runs on every worker, and says so', async () => {
  await cluster.settled();
  const fluentd = cluster.object('ds/fluentd-elasticsearch', 'kube-system');
  assertThat(fluentd).toBePlacedWhereWanted();
  assertThat(fluentd).toHaveEvent('SuccessfulCreate', 'Created pod: fluentd-elasticsearch-');
});
