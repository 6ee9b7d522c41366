import { type Cluster, createCluster } from 'kubette';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executablePath, type Surfer, surf } from './browser.js';

const agent = (image: string) => `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: default}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: main, image: "${image}"}]}
`;

describe.skipIf(!executablePath)('the timeline', () => {
  let cluster: Cluster;
  let surfer: Surfer;
  let page: Page;
  let before: number;

  beforeAll(async () => {
    surfer = await surf();
    page = surfer.page;
    cluster = await createCluster({
      clock: 'virtual',
      nodes: 4,
      onError: (where, error) => surfer.complaints.push(`${where}: ${error}`),
    });
    await cluster.settled();
    before = cluster.revision;
    await cluster.apply(agent('agent:1'));
    await cluster.settled();
    await cluster.advance('1m');
    const { url } = await cluster.listen();
    await page.goto(url);
    await slider().waitFor();
  });

  afterAll(async () => {
    await surfer?.close();
    await cluster?.close();
  });

  const slider = () => page.getByRole('slider', { name: 'Moment that is shown' });
  const at = () => new URL(page.url()).searchParams.get('at');

  it('goes change by change by keyboard, and shows what was then', async () => {
    await slider().focus();
    const newest = Number(await slider().getAttribute('aria-valuenow'));
    await page.keyboard.press('ArrowLeft');
    await expect.poll(at).toBe(String(newest - 1));
    await page.keyboard.press('Home');
    await page.getByText('The cluster has no nodes yet.').waitFor();
    await page.keyboard.press('End');
    await page.getByText('4/4', { exact: false }).waitFor();
    expect(at()).toBeNull();
  });

  it('is dragged, and tells what came and went between where it was and where it is', async () => {
    await slider().focus();
    const { x, y, width } = (await slider().boundingBox())!;
    await page.mouse.move(x + width - 1, y + 10);
    await page.mouse.down();
    for (let i = 1; i <= 20; i++) await page.mouse.move(x + width * (1 - i / 20), y + 10);
    await page.mouse.up();
    await page.getByText('The cluster has no nodes yet.').waitFor();
    await page.getByText('of daemon pods 4 came.', { exact: false }).waitFor();
    await surfer.screenshot('timeline');
    expect(await surfer.barriers()).toEqual([]);
  });

  it('plays what was, to the present', async () => {
    await page.goto(`${new URL(page.url()).origin}/?at=${before}`);
    await slider().waitFor();
    await page.getByLabel('Speed of playing').selectOption('60');
    await page.getByRole('button', { name: 'Play the past' }).click();
    await page.getByText('4/4', { exact: false }).waitFor();
    await expect.poll(at, { timeout: 15_000 }).toBeNull();
    await page.getByRole('button', { name: 'Play the past' }).waitFor();
  });

  it('plays change by change, and passes over what nobody sees', async () => {
    const from = cluster.registry.revision;
    for (let i = 0; i < 40; i++)
      await cluster.apply(
        `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: noise, namespace: default}\ndata: {n: "${i}"}`,
      );
    await cluster.apply('apiVersion: v1\nkind: Node\nmetadata: {name: late}');
    await cluster.settled();
    await page.goto(`${new URL(page.url()).origin}/?at=${from}`);
    await slider().waitFor();
    const shown = new Set<string>();
    page.on('request', request => {
      const { query = '', variables } = (request.postDataJSON() ?? {}) as {
        query?: string;
        variables?: { at?: string };
      };
      if (query.includes('clusterMap') && variables?.at) shown.add(variables.at);
    });
    await page.getByLabel('Speed of playing').selectOption('by change');
    await page.getByRole('button', { name: 'Play the past' }).click();
    await expect.poll(at, { timeout: 15_000 }).toBeNull();
    expect(shown.size).toBeGreaterThan(0);
    for (const revision of shown) {
      const write = await cluster.registry.log.write(Number(revision));
      expect(['pods', 'nodes', 'daemonsets.apps']).toContain(write?.entry.resource);
    }
  });

  it('asked nothing of any other machine, and had nothing to complain of', () => {
    expect(surfer.foreign).toEqual([]);
    expect(surfer.complaints).toEqual([]);
  });
});
