import { readFileSync } from 'node:fs';
import { type Cluster, createCluster } from 'kubette';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type daemonSets, deployments, nodes, type statefulSets } from '../../src/resources/index.js';
import { at, executablePath, type Surfer, surf } from './browser.js';

const workload = (kind: string, name: string, more = '') => `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}, namespace: default}
spec:
  replicas: 3
  ${more}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "${name}:1"}]}
`;

/** A DaemonSet whose pods never get ready. */
const asleep = `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: asleep, namespace: default}
spec:
  selector: {matchLabels: {app: asleep}}
  template:
    metadata: {labels: {app: asleep}, annotations: {kubette.dev/behavior: never-ready}}
    spec:
      nodeSelector: {kubernetes.io/hostname: worker-2}
      containers: [{name: main, image: "asleep:1"}]
`;

describe.skipIf(!executablePath)('with nothing but keys', () => {
  let cluster: Cluster;
  let surfer: Surfer;
  let page: Page;
  let url: string;

  beforeAll(async () => {
    surfer = await surf({ permissions: ['clipboard-read', 'clipboard-write'] });
    page = surfer.page;
  });

  beforeEach(async () => {
    cluster = await createCluster({
      clock: 'virtual',
      // That controllers meet each other's writes, and try again, is as it should be.
      onError: (where, error) => {
        if (!/has been modified/.test(String(error))) surfer.complaints.push(`${where}: ${error}`);
      },
    });
    await cluster.apply(readFileSync(at('examples/fluentd-elasticsearch.yaml'), 'utf8'));
    await cluster.apply(`${workload('Deployment', 'web')}---\n${workload('StatefulSet', 'db')}---\n${asleep}`);
    await cluster.settled();
    await cluster.advance('1m');
    ({ url } = await cluster.listen());
  });

  afterEach(async () => {
    await page.goto('about:blank');
    await cluster?.close();
    expect(surfer.complaints.splice(0)).toEqual([]);
  });

  afterAll(async () => {
    await surfer?.close();
  });

  const open = async (query = '') => {
    await page.goto(`${url}/${query}`);
    await page.getByRole('group', { name: /Clock|時鐘/ }).waitFor();
  };
  const isFocused = (element: Locator) =>
    element.first().evaluate(e => e === e.ownerDocument.activeElement, undefined, { timeout: 1000 });
  const focused = (element: Locator) => expect.poll(() => isFocused(element)).toBe(true);
  /** Goes on from where the focus is; the whole page is gone round at most once. */
  const tabTo = async (element: Locator, key = 'Tab') => {
    await element.first().waitFor();
    for (let i = 0; i < 150; i++) {
      if (await isFocused(element)) return;
      await page.keyboard.press(key);
    }
    throw new Error(`no ${key} leads to ${element}`);
  };
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  /** Whoever did something is still somewhere on the page, and not at its beginning. */
  const isSomewhere = () => expect.poll(() => page.evaluate<string>('document.activeElement.tagName')).not.toBe('BODY');
  const use = async (element: Locator, key = 'Enter') => {
    await tabTo(element);
    await press(key);
    await isSomewhere();
  };
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const grid = () => page.getByRole('grid');
  const panel = () => page.getByRole('complementary', { name: 'What is selected' });
  const card = (name: string) => page.getByRole('article', { name });
  const search = () => new URL(page.url()).searchParams;
  const image = (kind: typeof daemonSets | typeof deployments | typeof statefulSets, namespace: string, name: string) =>
    cluster.registry.get(kind as typeof deployments, namespace, name)!.object.spec.template.spec.containers[0]!.image;

  it.each(['', '?view=matrix'])('one Tab leads to the grid of /%s, one past it, and one back', async query => {
    await open(query);
    await tabTo(grid());
    await press('Tab');
    await focused(button('Play the past'));
    await press('Shift+Tab');
    await focused(grid());
    await press('Shift+Tab');
    expect(await isFocused(grid())).toBe(false);
  });

  it('a node with something to look at is found on the map, and why is asked', async () => {
    await open();
    await use(button('Map'));
    await tabTo(button(/^not ready asleep worker-2$/));
    await tabTo(grid());
    await press('ArrowRight');
    while (!/worker-2\..* not ready/.test(await grid().getByRole('gridcell').innerText())) await press('ArrowRight');
    await press('Enter');
    await panel().getByText('Requested by pods').waitFor();
    await use(panel().getByRole('button', { name: /asleep/ }));
    await panel().getByText('it runs but is not ready').first().waitFor();
    expect(search().get('sel')).toBe('ds/default/asleep/worker-2');
    await press('Escape');
    await expect.poll(() => panel().count()).toBe(0);
    await focused(grid());
    // The list at the left leads there too, and the panel has a button that closes it.
    await use(button(/^not ready asleep worker-2$/));
    await use(panel().getByRole('button', { name: 'Close' }));
    await focused(button(/^not ready asleep worker-2$/));
  });

  it('filter, groups and size', async () => {
    await open();
    await tabTo(page.getByLabel('Filter'));
    await page.keyboard.type('state:unready');
    await grid()
      .and(page.getByLabel('Map of 1 nodes', { exact: false }))
      .waitFor();
    await press('Control+A', 'Delete');
    await tabTo(page.getByLabel('Group by'));
    await press('ArrowUp');
    await expect.poll(() => search().get('group')).toBe('kubernetes.io/hostname');
    await tabTo(page.getByLabel('Size'));
    await press('ArrowRight', 'ArrowRight');
    await expect.poll(() => search().get('zoom')).toBe('1');
    await isSomewhere();
  });

  it('the matrix', async () => {
    await open();
    await use(button('Matrix'));
    await tabTo(grid());
    const cell = () => grid().getByRole('gridcell').innerText();
    await press('ArrowDown');
    const first = await cell();
    await press('ArrowDown', 'ArrowRight');
    expect(await cell()).not.toBe(first);
    await press('End', 'Enter');
    await panel().getByRole('tab', { name: 'Why' }).waitFor();
    await press('Escape');
    await focused(grid());
  });

  it('rollouts: restart, another image, pause, resume, undo', async () => {
    await open();
    await use(button('Rollouts'));
    const set = card('fluentd-elasticsearch');
    await use(set.getByRole('button', { name: 'Restart' }));
    await use(set.getByRole('button', { name: 'Restart the rollout' }));
    await set.getByText('daemonset.apps/fluentd-elasticsearch restarted').waitFor();
    await isSomewhere();
    await use(set.getByRole('button', { name: 'Close' }));
    await focused(set.getByRole('button', { name: 'Restart' }));

    await use(button('Deployment'));
    await use(card('web').getByRole('button', { name: 'Image…' }));
    const field = card('web').getByRole('textbox', { name: 'Image' });
    await expect.poll(() => field.inputValue()).toBe('web:1');
    await tabTo(field);
    await press('Control+A');
    await page.keyboard.type('web:2');
    await press('Enter');
    await expect.poll(() => image(deployments, 'default', 'web')).toBe('web:2');
    await isSomewhere();
    await press('Escape');
    await focused(card('web').getByRole('button', { name: 'Image…' }));
    await use(card('web').getByRole('button', { name: 'Pause', exact: true }));
    await use(card('web').getByRole('button', { name: 'Pause the rollout' }));
    await card('web').getByText('Paused: what changes').waitFor();
    await isSomewhere();
    await use(card('web').getByRole('button', { name: 'Resume', exact: true }));
    await use(card('web').getByRole('button', { name: 'Resume the rollout' }));
    await card('web').getByRole('button', { name: 'Undo…' }).waitFor();
    await isSomewhere();
    await use(card('web').getByRole('button', { name: 'Undo…' }));
    await use(card('web').getByRole('button', { name: 'Go back' }));
    await expect.poll(() => image(deployments, 'default', 'web')).toBe('web:1');
    await isSomewhere();
  });

  it('the timeline: back, the differences, play, live', async () => {
    await open();
    const slider = page.getByRole('slider', { name: 'Moment that is shown' });
    await tabTo(slider);
    await press('ArrowLeft', 'ArrowLeft');
    await page.getByText('You look at revision').waitFor();
    await press('Home');
    await page.getByText('The cluster has no nodes yet.').waitFor();
    await focused(slider);
    await use(button('Live'));
    await expect.poll(() => search().get('at')).toBeNull();
    await tabTo(slider, 'Shift+Tab');
    await press('ArrowLeft');
    await use(button('To the present'));
    await expect.poll(() => search().get('at')).toBeNull();
    await isSomewhere();
    await tabTo(page.getByLabel('Speed of playing'));
    await press('End');
    await use(button('Play the past'), 'Space');
    await expect.poll(() => search().get('at')).not.toBeNull();
    await use(button('Stop playing'), 'Space');
    await use(button('Live'));
    await expect.poll(() => search().get('at')).toBeNull();
  });

  it('the clock: step, rate, pause', async () => {
    await open();
    const clock = page.getByRole('group', { name: 'Clock of the cluster' });
    const before = cluster.registry.clock.now();
    await use(button('Move the clock by 1m'));
    await expect.poll(() => cluster.registry.clock.now() - before).toBe(60_000);
    await use(button('Let the clock go 10 times as fast as real time'));
    await expect.poll(() => cluster.clock.rate).toBe(10);
    await use(button('Move the clock by 1m'));
    await clock.getByText('stop it first').waitFor();
    await use(clock.getByRole('button', { name: 'Close' }));
    await focused(button('Move the clock by 1m'));
    await tabTo(button('Stop the clock'), 'Shift+Tab');
    await press('Enter');
    await expect.poll(() => cluster.clock.rate).toBe(0);
  });

  it('what if: changes, what would come of them, a second list, and made true', async () => {
    await open();
    await use(button('What if'));
    const lists = page.locator('.change-list');
    await tabTo(page.getByLabel('What', { exact: true }));
    await page.keyboard.type('Image');
    await tabTo(page.getByLabel('Kind'));
    await page.keyboard.type('Deployment');
    await expect.poll(() => page.getByLabel('Name', { exact: true }).inputValue()).toBe('web');
    const field = page.getByRole('textbox', { name: 'Image' });
    await expect.poll(() => field.inputValue()).toBe('web:1');
    await tabTo(field);
    await press('Control+A');
    await page.keyboard.type('web:2');
    await use(button('Add to the list'));
    await lists.getByText('kubectl set image deployment/web -n default main=web:2').first().waitFor();
    await focused(page.getByText('Add a change'));
    await use(button('Ask what would happen'));
    await page.getByText('All is at rest after').waitFor();
    await focused(button('Ask what would happen'));

    await use(button('Compare with another list'));
    const second = lists.nth(1);
    await use(second.getByRole('button', { name: /^Remove:/ }));
    await second.getByText('None yet.').waitFor();
    await tabTo(second.getByLabel('What', { exact: true }));
    await page.keyboard.type('Cordon');
    await tabTo(second.getByRole('combobox', { name: 'Node' }));
    await page.keyboard.type('worker-1');
    await use(second.getByRole('button', { name: 'Add to the list' }));
    await use(button('Ask what would happen'));
    await use(button('Scenario B: show it on the map'));
    await use(button('Apply B to the cluster…'));
    await use(button('Cancel'));
    await focused(button('Apply B to the cluster…'));
    await use(button('Apply B to the cluster…'));
    await use(button('Apply them'));
    await page.getByText('All of them were made.').waitFor();
    await isSomewhere();
    expect(cluster.registry.get(nodes, '', 'worker-1')!.object.spec!.unschedulable).toBe(true);
    expect(image(deployments, 'default', 'web')).toBe('web:1');
  });

  it('the tabs of the panel, and what is copied', async () => {
    await open();
    await use(page.getByRole('button', { name: /^asleep/ }));
    const tab = (name: string) => panel().getByRole('tab', { name, exact: true });
    await tabTo(tab('Why'));
    await press('ArrowRight');
    await panel().getByText('kind: DaemonSet').waitFor();
    await use(panel().getByRole('button', { name: 'Copy: DaemonSet asleep' }));
    await expect.poll(() => page.evaluate<string>('navigator.clipboard.readText()')).toContain('name: asleep');
    await tabTo(tab('YAML'), 'Shift+Tab');
    await press('ArrowRight');
    await panel().getByText('SuccessfulCreate', { exact: true }).first().waitFor();
    await press('ArrowRight');
    await panel().locator('.versions .diff').first().waitFor();
    await press('End');
    await use(panel().getByRole('button', { name: 'Copy: kubectl' }));
    await expect.poll(() => page.evaluate<string>('navigator.clipboard.readText()')).toContain('kubectl --server');
    await use(panel().getByRole('link', { name: 'Open this query in the playground' }), 'Tab');
  });

  it('language and colours', async () => {
    await open();
    await tabTo(page.getByLabel('Language'));
    await press('ArrowDown');
    await page.getByText('需要注意').waitFor();
    await tabTo(page.getByLabel('配色'));
    await press('End');
    await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe('dark');
    await press('Home');
    await tabTo(page.getByLabel('語言'), 'Shift+Tab');
    await press('ArrowUp');
    await page.getByText('To look at').waitFor();
  });

  it('a chapter of the tour, why a pod is there, and the next chapter', async () => {
    await open();
    await press('Alt+t');
    await use(page.getByRole('navigation', { name: 'Chapters' }).getByRole('button').nth(2));
    const now = page.locator('.steps li.now');
    const heading = page.locator('.lesson > h2');
    await focused(heading);
    await now.waitFor();
    const steps = await page.locator('.steps > li').count();
    for (let step = 0; step < steps; step++) {
      const perform = now.getByRole('button', { name: 'Do it', exact: true });
      await use(perform);
      await focused(now.getByRole('button', { name: 'Go on', exact: true }));
      if (step === 0) {
        await tabTo(grid());
        await press('Home', 'Enter');
        await page.locator('.why-here').getByText('is not tolerated').first().waitFor();
        await use(page.locator('.why-here').getByRole('button', { name: 'Close' }));
        await focused(grid());
        await tabTo(now.getByRole('button', { name: 'Go on', exact: true }), 'Shift+Tab');
      }
      await press('Enter');
      await isSomewhere();
    }
    await focused(page.locator('.finish'));
    await use(button('Next chapter'));
    await focused(heading);
    expect(search().get('chapter')).toBe('4');
  }, 120_000);
});
