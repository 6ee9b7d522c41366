import { readFileSync } from 'node:fs';
import { type Cluster, createCluster } from 'kubette';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pods } from '../../src/resources/index.js';
import { at, executablePath, type Surfer, surf } from './browser.js';

describe.skipIf(!executablePath)('the playground', () => {
  let cluster: Cluster;
  let surfer: Surfer;
  let page: Page;

  beforeAll(async () => {
    surfer = await surf();
    page = surfer.page;
    cluster = await createCluster({
      clock: 'virtual',
      onError: (where, error) => surfer.complaints.push(`${where}: ${error}`),
    });
    await cluster.apply(readFileSync(at('examples/fluentd-elasticsearch.yaml'), 'utf8'));
    await cluster.settled();
    const { url } = await cluster.listen();
    await page.goto(`${url}/graphql`);
    await page.locator('.graphiql-query-editor .CodeMirror').waitFor();
  });

  afterAll(async () => {
    await surfer?.close();
    await cluster?.close();
  });

  const run = () => page.getByRole('button', { name: /execute query/i }).click();
  /** All of the result, not only what the editor has drawn of it. */
  const result = () =>
    page
      .locator('.result-window .CodeMirror')
      .evaluate(element => (element as unknown as { CodeMirror: { getValue(): string } }).CodeMirror.getValue());

  it('runs its first example and shows why each pod is where it is', async () => {
    await run();
    await page.locator('.result-window', { hasText: 'totalCount' }).waitFor();
    await surfer.screenshot('playground');
    const { data } = JSON.parse(await result());
    expect(data.placements.totalCount).toBe(4);
    type Row = { node: { name: string }; actual: string; pod: { status: string } | null };
    expect(data.placements.nodes.map(({ node, actual, pod }: Row) => [node.name, actual, pod?.status])).toEqual([
      ['worker-1', 'PRESENT', 'Running'],
      ['worker-2', 'PRESENT', 'Running'],
      ['worker-3', 'PRESENT', 'Running'],
      ['control-plane', 'NOT_WANTED', undefined],
    ]);
    expect(data.placements.nodes[3].reason).toMatch(/taint node-role.kubernetes.io\/control-plane:NoSchedule/);
  });

  it('documents the schema', async () => {
    await page.getByRole('button', { name: /show documentation explorer/i }).click();
    await page.getByText('The cluster as a graph').waitFor();
    await page
      .locator('.graphiql-doc-explorer-content a', { hasText: /^Query$/ })
      .first()
      .click();
    await page.getByText('For every DaemonSet and every node: whether a pod is wanted there').first().waitFor();
    await surfer.screenshot('playground-docs');
    await page.getByRole('button', { name: /hide documentation explorer/i }).click();
  });

  it('follows placements over a WebSocket', async () => {
    await page.getByRole('tab', { name: 'Watch' }).click();
    // GraphiQL takes a moment to see that the document is another, and of another kind.
    await page.waitForTimeout(500);
    // Listened for from the first moment: the frame may be sent before `run` is done.
    const subscribed = new Promise<void>(resolve => {
      page.once('websocket', socket =>
        socket.on('framesent', ({ payload }) => String(payload).includes('"subscribe"') && resolve()),
      );
    });
    await run();
    await subscribed;
    // The subscription begins a moment after it was asked for: pods are replaced until one is seen.
    for (let i = 0; i < 50; i++) {
      const pod = cluster.registry.all(pods).find(p => p.object.spec.nodeName === 'worker-2');
      if (pod) await cluster.registry.delete(pods, pod.namespace, pod.name, { gracePeriodSeconds: 0 });
      await cluster.settled();
      if ((await page.locator('.result-window', { hasText: 'placementChanged' }).count()) > 0) break;
    }
    await page.locator('.result-window', { hasText: 'worker-2' }).waitFor();
    await surfer.screenshot('playground-subscription');
    await page.getByRole('button', { name: /stop query/i }).click();
  });

  it('looks right in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.getByRole('tab', { name: 'Placements' }).click();
    await page.locator('.result-window', { hasText: 'totalCount' }).waitFor();
    await surfer.screenshot('playground-dark');
  });

  it('asked nothing of any other machine, and had nothing to complain of', () => {
    expect(surfer.foreign).toEqual([]);
    expect(surfer.complaints).toEqual([]);
  });
});
