import { readFileSync } from 'node:fs';
import { type Cluster, createCluster } from 'kubette';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodes, pods } from '../../src/resources/index.js';
import { at, executablePath, type Surfer, surf } from './browser.js';

describe.skipIf(!executablePath)('the panel for what is selected, and what if', () => {
  let cluster: Cluster;
  let surfer: Surfer;
  let page: Page;
  let url: string;

  beforeAll(async () => {
    surfer = await surf();
    page = surfer.page;
    cluster = await createCluster({
      clock: 'virtual',
      onError: (where, error) => surfer.complaints.push(`${where}: ${error}`),
    });
    await cluster.apply(readFileSync(at('examples/fluentd-elasticsearch.yaml'), 'utf8'));
    await cluster.settled();
    ({ url } = await cluster.listen());
  });

  afterAll(async () => {
    await surfer?.close();
    await cluster?.close();
  });

  const panel = () => page.getByRole('complementary', { name: 'What is selected' });
  const action = (name: string) => panel().getByRole('button', { name, exact: true });
  const tab = (name: string) => panel().getByRole('tab', { name, exact: true });
  const taintsOf = (name: string) =>
    (cluster.registry.get(nodes, '', name)!.object.spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
  const podOn = (node: string) => cluster.registry.all(pods).find(p => p.object.spec.nodeName === node);

  it('tells why a pod is there, with every check, and follows what changes', async () => {
    await page.goto(`${url}/?sel=ds/kube-system/fluentd-elasticsearch/worker-1`);
    await panel().getByText('A pod is wanted, and it runs and is ready.').waitFor();
    expect(await panel().locator('.checks .pass').count()).toBeGreaterThan(2);
    expect(await surfer.barriers()).toEqual([]);
    await surfer.screenshot('detail-pair');
    await cluster.registry.patch(nodes, '', 'worker-1', {
      type: 'merge',
      body: { spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } },
    });
    await panel().getByText('taint gpu:NoSchedule is not tolerated').first().waitFor();
    expect(await panel().locator('.checks .keep').count()).toBe(1);
    await cluster.registry.patch(nodes, '', 'worker-1', { type: 'merge', body: { spec: { taints: null } } });
    await panel().getByText('A pod is wanted, and it runs and is ready.').waitFor();
  });

  it('shows the pod as YAML, its events, and the same question for others', async () => {
    await page.goto(`${url}/?sel=ds/kube-system/fluentd-elasticsearch/worker-1`);
    await tab('Why').focus();
    await page.keyboard.press('ArrowRight');
    await panel().getByText('kind: Pod').waitFor();
    expect(new URL(page.url()).searchParams.get('tab')).toBe('yaml');
    await page.keyboard.press('ArrowRight');
    await panel().getByText('Scheduled', { exact: true }).waitFor();
    await tab('Ask yourself').click();
    await panel()
      .getByText(`kubectl --server ${url} describe pod ${podOn('worker-1')!.name}`)
      .waitFor();
    await panel().getByRole('link', { name: 'Open this query in the playground' }).click();
    await page.locator('.graphiql-query-editor').waitFor();
    expect(page.url()).toContain('/graphql?query=query+Pair');
  });

  it('opens from the map by Enter, is left by Escape, and gives the focus back', async () => {
    await page.goto(url);
    const grid = page.getByRole('grid');
    await grid.getByText('Arrow keys').waitFor();
    await grid.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await panel().getByText('Requested by pods').waitFor();
    expect(
      await panel()
        .getByRole('heading', { level: 2 })
        .evaluate(e => e === e.ownerDocument.activeElement),
    ).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(() => panel().count()).toBe(0);
    expect(await grid.evaluate(e => e === e.ownerDocument.activeElement)).toBe(true);
  });

  it('does what its actions say, and tells what the server refuses', async () => {
    await page.goto(`${url}/?sel=node/worker-2`);
    await action('Taint…').click();
    await panel().getByText('kubectl taint nodes worker-2 dedicated:NoSchedule').waitFor();
    await action('Taint the node').click();
    await panel().getByText('node/worker-2 tainted').waitFor();
    expect(taintsOf('worker-2')).toEqual(['dedicated:NoSchedule']);
    await panel().getByRole('textbox', { name: 'Key' }).fill('not a key');
    await action('Taint the node').click();
    expect(await panel().getByRole('alert').innerText()).toContain('not a key');
    expect(await action('Taint the node').isDisabled()).toBe(true);
    surfer.complaints.length = 0;
  });

  it('shows each version with what it changed, and leads to its moment', async () => {
    await page.goto(`${url}/?sel=node/worker-2&tab=history`);
    await panel().locator('.diff .added', { hasText: 'key: dedicated' }).waitFor();
    const first = panel().locator('.versions > li').first();
    const revision = (await first.getByRole('button').innerText()).replace(/\D/g, '');
    await first.getByRole('button').click();
    expect(new URL(page.url()).searchParams.get('at')).toBe(revision);
    await panel().locator('.versions').waitFor();
    expect(await surfer.barriers()).toEqual([]);
    await surfer.screenshot('detail-history');
  });

  it('leaves the map painted when that becomes narrower', async () => {
    await page.goto(`${url}/?sel=node/worker-1`);
    await panel().getByText('Conditions').waitFor();
    // Scrolled in the same frame: it is painted before the canvas has its new size, and has nothing new to paint after that.
    await page.evaluate(`
      document.querySelector('.detail').style.flexBasis = '300px';
      document.querySelector('.scroller').dispatchEvent(new Event('scroll'));
      new Promise(resolve => setTimeout(() => requestAnimationFrame(resolve), 300))`);
    const corner = await page.evaluate<number[]>(
      "[...document.querySelector('.scroller > canvas').getContext('2d').getImageData(2, 2, 1, 1).data].slice(0, 3)",
    );
    expect(corner).not.toEqual([0, 0, 0]);
  });

  it('asks again for an object when it changes, and not when others do', async () => {
    const { name } = podOn('worker-1')!;
    await page.goto(`${url}/?sel=object/Pod/kube-system/${name}&tab=yaml`);
    await panel().getByText('kind: Pod').waitFor();
    let asked = 0;
    page.on('request', request => {
      if (request.postData()?.includes('query Yaml')) asked++;
    });
    const label = (of: string, value: string) =>
      cluster.registry.patch(pods, 'kube-system', of, {
        type: 'merge',
        body: { metadata: { labels: { seen: value } } },
      });
    await label(name, 'first');
    await panel().getByText('seen: first').waitFor();
    const before = asked;
    await label(podOn('worker-2')!.name, 'other');
    await cluster.registry.patch(nodes, '', 'worker-2', { type: 'merge', body: { metadata: { labels: { x: 'y' } } } });
    // The page has heard of the others by the time it shows what came after them.
    await label(name, 'second');
    await panel().getByText('seen: second').waitFor();
    expect(asked).toBe(before + 1);
  });

  it('changes nothing in the past, and says why', async () => {
    await page.goto(`${url}/?sel=node/worker-2&at=${cluster.registry.revision}`);
    await panel().getByText('You look at the past').waitFor();
    expect(await action('Drain…').isDisabled()).toBe(true);
  });

  it('asks what would be if, shows it, and applies it only after a confirmation', async () => {
    await page.goto(`${url}/?sel=node/worker-3`);
    await action('Taint…').click();
    await panel().getByRole('combobox', { name: 'Effect' }).selectOption('NoExecute');
    await action('What if?').click();
    await page.getByText('Placements of DaemonSets that would be different: 1.', { exact: false }).waitFor();
    await page.locator('.outcome .entry', { hasText: 'worker-3' }).getByText('goes').waitFor();
    expect(JSON.parse(new URL(page.url()).searchParams.get('changes')!)).toEqual([
      { taint: { node: 'worker-3', taints: ['dedicated:NoExecute'], overwrite: true } },
    ]);
    expect(taintsOf('worker-3')).toEqual([]);
    expect(await surfer.barriers()).toEqual([]);
    await surfer.screenshot('what-if');

    await page.getByRole('button', { name: 'Compare with another list' }).click();
    await page.getByRole('button', { name: 'Ask what would happen' }).click();
    await page.getByRole('button', { name: 'Scenario B: show it on the map' }).waitFor();
    expect(await page.locator('.outcome').count()).toBe(2);

    await page.getByRole('button', { name: 'Apply A to the cluster…' }).click();
    expect(taintsOf('worker-3')).toEqual([]);
    await page.getByRole('button', { name: 'Apply them' }).click();
    await page.getByText('All of them were made.').waitFor();
    expect(taintsOf('worker-3')).toEqual(['dedicated:NoExecute']);
    await cluster.settled();
    expect(podOn('worker-3')).toBeUndefined();
    expect(surfer.foreign).toEqual([]);
    expect(surfer.complaints).toEqual([]);
  });
});
