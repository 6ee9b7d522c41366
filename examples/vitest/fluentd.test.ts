import { readFileSync } from 'node:fs';
import { clusterTest } from 'kubette/vitest';
import { expect } from 'vitest';

const manifest = readFileSync(new URL('../fluentd-elasticsearch.yaml', import.meta.url), 'utf8');
const test = clusterTest();

test('the log collector runs on every worker', async ({ cluster }) => {
  await cluster.apply(manifest);
  await cluster.settled();
  const fluentd = cluster.object('ds/fluentd-elasticsearch', 'kube-system');
  expect(fluentd).toBePlacedWhereWanted();
  expect(fluentd).toRunOnlyOn(['worker-1', 'worker-2', 'worker-3']);
});

test('an image that is not there stops the rollout at the first node', async ({ cluster }) => {
  await cluster.apply(manifest);
  await cluster.settled();
  const fluentd = cluster.object('ds/fluentd-elasticsearch', 'kube-system');
  await cluster.apply(manifest.replace(/image: .*/, 'image: fluentd:missing'));
  await cluster.advance('5m');
  expect(fluentd).not.toBeRolledOut();
  expect(fluentd).toHaveReadyPods(2);
  expect(fluentd.rollout?.message).toContain('1 out of 3 new pods have been updated');
});
