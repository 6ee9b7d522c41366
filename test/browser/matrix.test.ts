import { type Cluster, createCluster } from 'kubette';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executablePath, type Surfer, surf } from './browser.js';

const agent = (name: string) => `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ${name}, namespace: default}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "${name}:1"}]}
`;

describe.skipIf(!executablePath)('the matrix', () => {
  let cluster: Cluster;
  let surfer: Surfer;
  let page: Page;
  let url: string;

  beforeAll(async () => {
    surfer = await surf();
    page = surfer.page;
    // A quota that leaves pods out is what the matrix is to show.
    cluster = await createCluster({ clock: 'virtual', nodes: 60, onError: () => {} });
    await cluster.apply(['dns', 'logs'].map(agent).join('---\n'));
    await cluster.settled();
    await cluster.advance('1m');
    await cluster.apply(
      'apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: few, namespace: default}\nspec: {hard: {pods: "120"}}',
    );
    await cluster.apply(agent('proxy'));
    await cluster.settled();
    ({ url } = await cluster.listen());
    await page.goto(`${url}/?view=matrix&group=`);
    await page.getByRole('grid').waitFor();
  });

  afterAll(async () => {
    await surfer?.close();
    await cluster?.close();
  });

  const grid = () => page.getByRole('grid');
  const active = () => grid().getByRole('gridcell').innerText();
  const search = () => new URL(page.url()).searchParams;
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };

  it('is walked through by keyboard in two dimensions, and says what is where', async () => {
    await grid()
      .and(page.getByLabel('Matrix of 60 nodes and 3 DaemonSets', { exact: false }))
      .waitFor();
    await grid().focus();
    await press('ArrowDown');
    expect(await active()).toMatch(/^node-01, default\/dns: ready$/);
    await press('ArrowRight', 'ArrowRight', 'ArrowDown');
    expect(await active()).toMatch(/^node-02, default\/proxy: missing$/);
    expect(await grid().getAttribute('aria-activedescendant')).toBe(
      await grid().getByRole('gridcell').getAttribute('id'),
    );
    await press('Enter');
    expect(search().get('sel')).toBe('ds/default/proxy/node-02');
    await surfer.screenshot('matrix');
    expect(await surfer.barriers()).toEqual([]);
  });

  it('leads from one cell that should be looked at to the next', async () => {
    await grid().focus();
    await press('Home', 'n');
    const first = await active();
    expect(first).toMatch(/default\/proxy: missing$/);
    await press('n');
    expect(await active()).not.toBe(first);
    await press('Shift+N');
    expect(await active()).toBe(first);
  });

  it('jumps by its ruler, and opens what is pressed', async () => {
    const scrollTop = () => page.locator('.table .scroller').evaluate(element => element.scrollTop);
    expect(await scrollTop()).toBe(0);
    const ruler = (await page.locator('.ruler').boundingBox())!;
    await page.mouse.click(ruler.x + 10, ruler.y + ruler.height - 5);
    expect(await scrollTop()).toBeGreaterThan(100);
    const box = (await grid().boundingBox())!;
    await page.mouse.click(box.x + 30, box.y + box.height - 60);
    await expect.poll(() => search().get('sel')).toMatch(/^node\/node-\d+$/);
  });

  it('has groups that fold, as the map has them', async () => {
    await page.goto(`${url}/?view=matrix&group=kubernetes.io/os`);
    await grid().waitFor();
    await grid().focus();
    await press('ArrowDown', 'Home');
    expect(await active()).toMatch(/^linux, 60 nodes, .*, unfolded$/);
    await press('ArrowLeft');
    expect(await active()).toMatch(/, folded$/);
    await press('ArrowDown');
    expect(await active()).toMatch(/, folded$/);
    await press('Enter');
    expect(await active()).toMatch(/, unfolded$/);
  });

  it('asked nothing of any other machine, and had nothing to complain of', () => {
    expect(surfer.foreign).toEqual([]);
    expect(surfer.complaints).toEqual([]);
  });
});
