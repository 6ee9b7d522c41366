import { type Cluster, createCluster } from 'kubette';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { executablePath, type Surfer, surf } from './browser.js';

const MANIFESTS = `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: exporter}
spec:
  selector: {matchLabels: {app: exporter}}
  template:
    metadata:
      labels: {app: exporter}
      annotations: {kubette.dev/push-to: "http://exporter/in", kubette.dev/push-every: 1h}
    spec:
      containers:
      - {name: main, image: "exporter:1", ports: [{name: http, containerPort: 9100, hostPort: 9100}]}
---
apiVersion: v1
kind: Service
metadata: {name: exporter}
spec: {type: NodePort, selector: {app: exporter}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: exporters}
spec: {clusterIP: None, selector: {app: exporter}, ports: [{port: 9100}]}
`;

describe.skipIf(!executablePath)('the network on the page', () => {
  let cluster: Cluster;
  let surfer: Surfer;
  let page: Page;

  beforeAll(async () => {
    surfer = await surf();
    page = surfer.page;
  });
  afterAll(() => surfer?.close());
  afterEach(async () => {
    await page.goto('about:blank');
    await cluster?.close();
  });

  /** It answers at free ports: no other test has them. */
  const open = async (nodes: number) => {
    cluster = await createCluster({ clock: 'virtual', nodes, manifests: MANIFESTS });
    await cluster.openNetwork();
    const { url } = await cluster.listen();
    await page.goto(`${url}/?view=network`);
    await page.locator('.address').first().waitFor();
  };
  const field = (name: string) => page.locator('.request-form').getByLabel(name, { exact: true });
  const way = (name: string) => page.locator('.ways').getByRole('button', { name, exact: true }).click();
  const send = async (times = '1') => {
    await page.locator('.times select').selectOption(times);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.hops').waitFor();
  };
  const podOn = (node: string) =>
    cluster
      .object('ds/exporter')
      .pods()
      .find(({ spec }) => spec.nodeName === node)!.metadata.name;
  const line = (text: string) => page.locator('.address').filter({ hasText: text });

  it('sends requests by all four ways, and tells who answered', async () => {
    await open(3);
    await line(podOn('node-2')).filter({ hasText: '172.18.' }).click();
    await send();
    await page.getByText(`Pod default/${podOn('node-2')} on node-2 answered 200`).waitFor();
    // What came is told by itself.
    await line(podOn('node-2')).filter({ hasText: '172.18.' }).locator('.came', { hasText: /1$/ }).waitFor();

    await way('DNS');
    await field('Name').fill('exporters.default.svc.cluster.local');
    expect(await field('Port').inputValue()).toBe('9100');
    await send('10');
    expect(await page.locator('.answerers li').count()).toBe(3);
    expect(await page.locator('.hops').innerText()).toContain('Asked for exporters.default.svc.cluster.local');

    await way('Service');
    await field('Service').fill('default/exporter');
    await field('From').fill(`default/${podOn('node-1')}`);
    await send('100');
    const counts = await page.locator('.answerers .numbers').allInnerTexts();
    expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(100);
    expect(counts).toHaveLength(3);

    // The same Service by the port of a node; a pod's line tells what reached it by any way, a second later at most.
    const reached = () =>
      cluster.addresses.find(one => one.name === podOn('node-2') && one.way === 'pod' && one.protocol === 'TCP')!.came;
    const shown = async () =>
      Number(
        (await line(podOn('node-2')).filter({ hasText: '10.128.' }).locator('.came').innerText()).replace(/\D/g, ''),
      );
    const before = reached();
    expect(before).toBeGreaterThan(1);
    await expect.poll(shown, { timeout: 5000 }).toBe(before);
    await field('By the port of node').fill('node-1');
    await send('100');
    await page.locator('.hops', { hasText: /To 172\.18\.\d+\.\d+:3\d{4}/ }).waitFor();
    expect(reached()).toBeGreaterThan(before);
    await expect.poll(shown, { timeout: 5000 }).toBe(reached());

    await way('Push');
    await page.getByText('3 pods push every 3,600 s to').waitFor();
    await page.getByText('http://exporter:80/in').waitFor();
    await send();
    expect(await page.locator('.hops').innerText()).toMatch(/answered 200/);
    await page.locator('.hops', { hasText: /Pod default\/exporter-\w+ on node-\d answered 200/ }).waitFor();
    expect(await page.locator('.hops').innerText()).toMatch(/answered 200/);
    expect(await surfer.barriers()).toEqual([]);
    await surfer.screenshot('network-requests');
  }, 60_000);

  it("fills in from a pod's line by which Services it is reached, and whether it pushes", async () => {
    await open(3);
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'another' },
      spec: { selector: { app: 'none' }, ports: [{ port: 1 }] },
    });
    const own = () => line(podOn('node-2')).filter({ hasText: '10.128.' });
    await own().click();
    await expect.poll(() => field('Name').inputValue()).toBe('exporters.default.svc.cluster.local');
    expect(await field('Port').inputValue()).toBe('9100');
    await way('Service');
    expect(await field('Service').inputValue()).toBe('default/exporter');
    expect(await field('Port').inputValue()).toBe('80');
    expect(await field('By the port of node').inputValue()).toBe('');
    await field('Service').fill('default/another');
    await field('By the port of node').waitFor({ state: 'detached' });
    await way('Push');
    expect(await field('Pod').inputValue()).toBe(`default/${podOn('node-2')}`);

    // Who does not push is not filled in; where nobody does, it is said how a pod is made to.
    await cluster.object('ds/exporter').patch({
      spec: { template: { metadata: { annotations: { 'kubette.dev/push-to': 'nothing' } } } },
    });
    await page.getByText('No pod pushes. One does as soon as it is told where to:').waitFor();
    await expect.poll(() => field('Pod').inputValue()).toBe('');
    await cluster.comeToRest();
    await own().click();
    await way('Push');
    await page.getByText('No pod pushes.').waitFor();
    expect(await field('Pod').inputValue()).toBe('');
    expect(await page.locator('.pushes code').innerText()).toMatch(
      /^kubectl annotate pod -n default exporter-\w+ kubette/,
    );
    await cluster.object(`pod/${podOn('node-3')}`).patch({
      metadata: { annotations: { 'kubette.dev/push-to': 'http://exporter/in' } },
    });
    await page.getByText('1 pod pushes every 3,600 s to').waitFor();
    await expect.poll(() => field('Pod').inputValue()).toBe(`default/${podOn('node-3')}`);
  }, 60_000);

  it('follows what comes for as long as it is looked at, and is told nothing while nothing changes', async () => {
    const frames: { readonly id?: string; readonly type: string; readonly payload?: { query?: string } }[] = [];
    const heard: { readonly id?: string; readonly type: string }[] = [];
    page.on('websocket', socket => {
      socket.on('framesent', ({ payload }) => frames.push(JSON.parse(String(payload))));
      socket.on('framereceived', ({ payload }) => heard.push(JSON.parse(String(payload))));
    });
    await open(3);
    const followed = frames.find(({ payload }) => payload?.query?.includes('subscription Traffic'))!;
    const told = () => heard.filter(({ id, type }) => id === followed.id && type === 'next').length;
    await line(podOn('node-1')).filter({ hasText: '172.18.' }).click();
    await send();
    await line(podOn('node-1')).filter({ hasText: '172.18.' }).locator('.came', { hasText: /1$/ }).waitFor();
    const before = told();
    // What is written meanwhile, and what time passes, is not about who answers.
    await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other' } });
    await cluster.advance('10m');
    await way('DNS');
    expect(told()).toBe(before);
    await page.locator('header nav').getByText('Matrix').click();
    await expect.poll(() => frames.some(({ id, type }) => id === followed.id && type === 'complete')).toBe(true);
    const { at } = cluster.addresses.find(({ way: one }) => one === 'node')!;
    await (await fetch(`http://${at}/`)).text();
    expect(told()).toBe(before);
  }, 60_000);

  it('leads from address to address by keys, and draws no more lines than can be seen', async () => {
    await open(500);
    expect(cluster.addresses.length).toBeGreaterThan(1000);
    const drawn = async () => page.locator('.address').count();
    expect(await drawn()).toBeLessThan(60);
    const list = page.getByRole('listbox');
    await list.focus();
    await page.keyboard.press('End');
    const active = page.locator('.address.active');
    await active.waitFor();
    const last = cluster.addresses.at(-1)!;
    expect(await active.innerText()).toContain(`${last.address}:${last.port}`);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.locator('.address.active[aria-selected=true]').waitFor();
    expect(await drawn()).toBeLessThan(60);
    await page.locator('.filter input').fill('node-499');
    await expect.poll(() => page.getByRole('listbox').getAttribute('aria-label')).toMatch(/^3 addresses/);
    await page.locator('.filter input').fill('nobody');
    await page.getByText('Nothing that answers fits the filter.').waitFor();
  }, 60_000);

  it('says how to have one where there is none; a fork opens its own', async () => {
    cluster = await createCluster({ clock: 'virtual', manifests: MANIFESTS });
    await cluster.settled();
    const { url } = await cluster.listen();
    await page.goto(`${url}/?view=network`);
    await page.getByText('kubette --network loopback').waitFor();
    const { id } = await cluster.forks.create({ rate: 0 });
    await page.goto(`${url}/?view=network&fork=${id}`);
    await page.getByRole('button', { name: 'Open its network' }).click();
    await page.locator('.address').first().waitFor();
    await page.goto(`${url}/?view=network&at=1`);
    await page.getByText('the past has no sockets').waitFor();
  }, 60_000);

  it('and nothing was complained of', () => {
    expect(surfer.foreign).toEqual([]);
    expect(surfer.complaints).toEqual([]);
  });
});
