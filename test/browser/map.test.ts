import { readFileSync } from 'node:fs';
import { type Cluster, createCluster } from 'kubette';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pods } from '../../src/resources/index.js';
import { type BreakableProxy, breakableProxy } from '../support/breakable-proxy.js';
import { at, executablePath, type Surfer, surf } from './browser.js';

describe.skipIf(!executablePath)('the map', () => {
  let cluster: Cluster;
  let surfer: Surfer;
  let page: Page;
  let direct: string;
  let proxy: BreakableProxy;

  beforeAll(async () => {
    surfer = await surf();
    page = surfer.page;
    cluster = await createCluster({
      clock: 'virtual',
      // A quota that forbids a pod is what one test is about.
      onError: (where, error) => /exceeded quota/.test(String(error)) || surfer.complaints.push(`${where}: ${error}`),
    });
    await cluster.apply(readFileSync(at('examples/fluentd-elasticsearch.yaml'), 'utf8'));
    await cluster.settled();
    const { url, port } = await cluster.listen();
    direct = url;
    proxy = await breakableProxy(port);
    await page.goto(url);
    await page.getByText('3/3', { exact: false }).waitFor();
  });

  afterAll(async () => {
    await surfer?.close();
    await proxy?.close();
    await cluster?.close();
  });

  const problems = async () => (await page.locator('.problems li').allInnerTexts()).map(text => text.split(/\s*\n\s*/));
  const podOn = (node: string) => cluster.registry.all(pods).find(p => p.object.spec.nodeName === node)!.name;
  const grid = () => page.getByRole('grid');
  /** What a screen reader is told of the place that the keyboard is on. */
  const active = () => grid().getByRole('gridcell').innerText();
  const search = () => new URL(page.url()).searchParams;

  async function patch(path: string, body: unknown): Promise<void> {
    const response = await fetch(`${direct}${path}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    await cluster.settled();
  }
  const taint = (node: string, effect?: string) =>
    patch(`/api/v1/nodes/${node}`, { spec: { taints: effect ? [{ key: 'gpu', value: 'yes', effect }] : null } });
  async function remove(path: string): Promise<void> {
    expect((await fetch(`${direct}${path}`, { method: 'DELETE' })).ok).toBe(true);
    await cluster.settled();
  }

  it('shows a cluster in which all is well, in both languages, light and dark, wide and narrow', async () => {
    await page.getByText('Every daemon pod is where it is wanted').waitFor();
    await surfer.screenshot('map');
    expect(await surfer.barriers()).toEqual([]);
    await page.getByLabel('Colours').selectOption('dark');
    await page.getByLabel('Language').selectOption('zh-TW');
    await page.getByText('每個 daemon pod').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-TW');
    await page.setViewportSize({ width: 760, height: 900 });
    await surfer.screenshot('map-dark-narrow');
    expect(await surfer.barriers()).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByLabel('語言').selectOption('en');
    await page.getByLabel('Colours').selectOption('auto');
  });

  it('tells at once what is missing and what should not be there, and when all is well again', async () => {
    await cluster.apply(
      'apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: none, namespace: kube-system}\nspec: {hard: {pods: "0"}}',
    );
    await cluster.settled();
    const pod = podOn('worker-1');
    await remove(`/api/v1/namespaces/kube-system/pods/${pod}?gracePeriodSeconds=0`);
    await page.getByText('2/3', { exact: false }).waitFor();
    expect(await problems()).toEqual([['missing', 'fluentd-elasticsearch', 'worker-1']]);
    await surfer.screenshot('map-missing');
    expect(await surfer.barriers()).toEqual([]);
    await remove('/api/v1/namespaces/kube-system/resourcequotas/none');
    await cluster.advance('2m');
    await page.getByText('3/3', { exact: false }).waitFor();
    expect(await problems()).toEqual([]);
    // A pod that no longer belongs on its node goes, and the node counts no more.
    await taint('worker-2', 'NoExecute');
    await page.getByText('2/2', { exact: false }).waitFor();
    await taint('worker-2');
    await page.getByText('3/3', { exact: false }).waitFor();
  });

  it('lists all daemon pods that are not ready, the worst first, and does not say that all is well', async () => {
    const set = (name: string, more: { annotations?: object; requests?: object }) =>
      cluster.apply({
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name, namespace: 'default' },
        spec: {
          selector: { matchLabels: { name } },
          template: {
            metadata: { labels: { name }, annotations: more.annotations ?? {} },
            spec: {
              nodeSelector: { 'kubernetes.io/hostname': 'worker-1' },
              containers: [{ name: 'main', image: 'main:1', resources: { requests: more.requests ?? {} } }],
            },
          },
        },
      });
    await set('asleep', { annotations: { 'kubette.dev/behavior': 'never-ready' } });
    await set('huge', { requests: { cpu: '900' } });
    await set('shaky', { annotations: { 'kubette.dev/behavior': 'crash-loop', 'kubette.dev/exit-after': '1s' } });
    await cluster.advance('3m');
    await expect.poll(problems).toEqual([
      ['failing', 'shaky', 'worker-1'],
      ['pending', 'huge', 'worker-1'],
      ['not ready', 'asleep', 'worker-1'],
    ]);
    expect(await page.getByText('Every daemon pod is where it is wanted').count()).toBe(0);
    await surfer.screenshot('map-not-ready');
    expect(await surfer.barriers()).toEqual([]);
    for (const name of ['asleep', 'huge', 'shaky']) await remove(`/apis/apps/v1/namespaces/default/daemonsets/${name}`);
    await cluster.advance('2m');
    await page.getByText('Every daemon pod is where it is wanted').waitFor();
  });

  it('is walked through by keyboard, and says in words where one is', async () => {
    await grid().focus();
    await page.keyboard.press('ArrowRight');
    expect(await active()).toMatch(/^control-plane\. control-plane:NoSchedule/);
    await page.keyboard.press('End');
    expect(await active()).toMatch(/^worker-3\. 1 ready/);
    await page.keyboard.press('ArrowLeft');
    expect(await active()).toMatch(/^worker-2/);
    await page.keyboard.press('Enter');
    expect(search().get('sel')).toBe('node/worker-2');
    expect(await grid().getAttribute('aria-activedescendant')).toBe(await grid().getByRole('row').getAttribute('id'));
  });

  it('has filter, groups and size in the URL, and is found again by it', async () => {
    await page.goto(direct);
    await page.getByLabel('Filter').fill('ds:fluentd-elasticsearch node:worker-3');
    await page.getByLabel('Group by').selectOption('kubernetes.io/hostname');
    await page.getByLabel('Size').fill('3');
    await grid()
      .and(page.getByLabel('Map of 1 nodes', { exact: false }))
      .waitFor();
    await page.getByText('1 of 4 nodes').waitFor();
    const address = page.url();
    expect(Object.fromEntries(search())).toEqual({
      q: 'ds:fluentd-elasticsearch node:worker-3',
      group: 'kubernetes.io/hostname',
      zoom: '3',
    });
    await page.goto('about:blank');
    await page.goto(address);
    await grid()
      .and(page.getByLabel('Map of 1 nodes', { exact: false }))
      .waitFor();
    expect(await page.getByLabel('Filter').inputValue()).toBe('ds:fluentd-elasticsearch node:worker-3');
    await page.getByLabel('Filter').fill('nothing-like-this');
    await page.getByText('No node fits the filter').waitFor();
    await page.goBack();
  });

  it('goes on from where it was when the connection is cut, and misses nothing', async () => {
    await page.goto(proxy.url);
    await page.getByText('3/3', { exact: false }).waitFor();
    await proxy.cut(async () => {
      await page.getByText('The server does not answer', { exact: false }).waitFor();
      await surfer.screenshot('map-lost');
      await taint('worker-3', 'NoExecute');
    });
    await page.getByText('2/2', { exact: false }).waitFor();
    await page.getByText('The server does not answer', { exact: false }).waitFor({ state: 'hidden' });
    // Of what had not changed meanwhile nothing was told again.
    const last = proxy.sent().lastIndexOf('"whole":');
    expect(proxy.sent().slice(last, last + 13)).toBe('"whole":false');
    await taint('worker-3');
    await page.getByText('3/3', { exact: false }).waitFor();
    // The cut is the one thing that the console may complain of.
    surfer.complaints.splice(
      0,
      surfer.complaints.length,
      ...surfer.complaints.filter(c => !/WebSocket|net::ERR/.test(c)),
    );
  });

  it('shows an earlier moment, and says so', async () => {
    const revision = cluster.registry.revision;
    await taint('worker-1', 'NoExecute');
    await page.goto(`${direct}/?at=${revision}`);
    await page.getByText(`You look at revision ${revision}`, { exact: false }).waitFor();
    await page.getByText('3/3', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'To the present' }).click();
    await page.getByText('2/2', { exact: false }).waitFor();
    await taint('worker-1');
    await page.goto(`${direct}/?at=999999`);
    await page.getByText('is still to come', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'To the present' }).click();
    await page.getByText('3/3', { exact: false }).waitFor();
  });

  it('asked nothing of any other machine, and had nothing to complain of', () => {
    expect(surfer.foreign).toEqual([]);
    expect(surfer.complaints).toEqual([]);
  });
});
