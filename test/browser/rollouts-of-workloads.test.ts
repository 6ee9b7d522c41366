import { type Cluster, createCluster } from 'kubette';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executablePath, type Surfer, surf } from './browser.js';

const WORKLOADS = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  replicas: 6
  minReadySeconds: 5
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "web:1"}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: default}
spec:
  replicas: 4
  serviceName: db
  minReadySeconds: 5
  selector: {matchLabels: {app: db}}
  updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: main, image: "db:1"}]}
`;

describe.skipIf(!executablePath)('rollouts of Deployments and StatefulSets', () => {
  let cluster: Cluster;
  let surfer: Surfer;
  let page: Page;
  let url: string;

  beforeAll(async () => {
    surfer = await surf();
    page = surfer.page;
    cluster = await createCluster({
      clock: 'virtual',
      // That controllers meet each other's writes, and try again, is as it should be.
      onError: (where, error) => {
        if (!/has been modified/.test(String(error))) surfer.complaints.push(`${where}: ${error}`);
      },
    });
    await cluster.apply(WORKLOADS);
    await cluster.settled();
    await cluster.advance('2m');
    ({ url } = await cluster.listen());
  });

  afterAll(async () => {
    await surfer?.close();
    await cluster?.close();
  });

  const card = (name: string) => page.getByRole('article', { name });
  const advance = () => page.getByRole('button', { name: 'Move the clock by 1m' }).click();
  const pods = (group: string) =>
    page
      .getByRole('list', { name: group })
      .getByRole('button')
      .evaluateAll(buttons => buttons.map(button => button.getAttribute('aria-label')!.split(', ')[1]));
  const setImage = async (name: string, image: string) => {
    await card(name).getByRole('button', { name: 'Image…' }).click();
    const field = card(name).getByRole('textbox', { name: 'Image' });
    await expect.poll(() => field.inputValue()).toMatch(/:\d$/);
    await field.fill(image);
    await field.press('Enter');
  };

  it('are chosen by kind and name, and the URL says so', async () => {
    await page.goto(`${url}/?view=rollouts`);
    await page.getByRole('button', { name: 'Deployment' }).click();
    await card('web').getByText('deployment "web" successfully rolled out').waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get('of')).toBe('Deployment');
    await surfer.screenshot('rollouts-deployments');
    await card('web').getByRole('button', { name: 'Show its pods' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('of')).toBe('Deployment/default/web');
    await page.getByRole('list', { name: /revision 1/ }).waitFor();
    expect(await pods('revision 1')).toEqual(Array(6).fill('ready'));
  });

  it('shows the pods of a Deployment by ReplicaSet while they are replaced, and goes back', async () => {
    await setImage('web', 'web:2');
    await card('web')
      .getByText(/Waiting for deployment "web" rollout to finish: \d out of 6/)
      .waitFor();
    await page.getByRole('list', { name: /revision 2/ }).waitFor();
    expect((await pods('revision 1')).length).toBeGreaterThan(0);
    await card('web').getByText('Just now:').waitFor();
    await surfer.screenshot('rollouts-deployment');
    await advance();
    await card('web').getByText('deployment "web" successfully rolled out').waitFor();
    await expect.poll(() => page.getByRole('list', { name: /revision 1/ }).count()).toBe(0);
    await card('web').getByRole('button', { name: 'Close' }).click();
    await card('web').getByRole('button', { name: 'Undo…' }).click();
    await card('web').getByRole('combobox', { name: 'Revision' }).selectOption('1 · web:1');
    await card('web').getByRole('button', { name: 'Go back' }).click();
    await page.getByRole('list', { name: /revision 3/ }).waitFor();
    await advance();
    await card('web').getByText('deployment "web" successfully rolled out').waitFor();
    await card('web').getByRole('button', { name: 'Close' }).click();
  });

  it('a Deployment that is paused says so, and goes on when it is resumed', async () => {
    await card('web').getByRole('button', { name: 'Pause', exact: true }).click();
    await card('web').getByText('kubectl rollout pause deployment/web -n default').waitFor();
    await card('web').getByRole('button', { name: 'Pause the rollout' }).click();
    await card('web').getByText('Paused: what changes').waitFor();
    expect(await card('web').getByRole('button', { name: 'Restart' }).count()).toBe(0);
    await setImage('web', 'web:3');
    await expect.poll(() => page.getByRole('list', { name: /revision/ }).count()).toBe(1);
    await card('web').getByRole('button', { name: 'Resume', exact: true }).click();
    await card('web').getByRole('button', { name: 'Resume the rollout' }).click();
    await page.getByRole('list', { name: /revision 4/ }).waitFor();
    await advance();
    await card('web').getByText('deployment "web" successfully rolled out').waitFor();
  });

  it('shows the pods of a StatefulSet by number, and which the partition holds', async () => {
    await page.goto(`${url}/?view=rollouts&of=StatefulSet/default/db`);
    await card('db').getByText('partitioned roll out complete').waitFor();
    await setImage('db', 'db:2');
    await card('db')
      .getByText('Waiting for partitioned roll out to finish', { exact: false })
      .or(card('db').getByText('pods to be ready'))
      .first()
      .waitFor();
    await advance();
    await card('db').getByText('partitioned roll out complete: 2 new pods have been updated...').waitFor();
    const words = (group: string) =>
      page
        .getByRole('list', { name: group })
        .getByRole('button')
        .evaluateAll(buttons => buttons.map(button => button.getAttribute('aria-label')!.replace(/, [^,]*$/, '')));
    await expect.poll(() => words('Pods 2 to 3')).toEqual(['db-3, ready', 'db-2, ready']);
    expect(await words('Pods 0 to 1')).toEqual([
      'db-1, ready, of an older template',
      'db-0, ready, of an older template',
    ]);
    await surfer.screenshot('rollouts-stateful-set');
    await card('db').getByRole('button', { name: 'Close' }).click();
    await card('db').getByRole('button', { name: 'Undo…' }).click();
    await card('db').getByRole('combobox', { name: 'Revision' }).selectOption('1 · db:1');
    await card('db').getByText('--to-revision=1').waitFor();
    await card('db').getByRole('button', { name: 'Cancel' }).click();
  });

  it('leads with the keyboard from pod to pod, and into one', async () => {
    const first = page.getByRole('button', { name: /^db-3,/ });
    await first.focus();
    await page.keyboard.press('ArrowRight');
    await page
      .getByRole('button', { name: /^db-2,/ })
      .and(page.locator(':focus'))
      .waitFor();
    await page.keyboard.press('Enter');
    await page
      .getByRole('complementary', { name: 'What is selected' })
      .getByRole('heading', { name: 'db-2' })
      .waitFor();
    await page.keyboard.press('Escape');
    await page
      .getByRole('button', { name: /^db-2,/ })
      .and(page.locator(':focus'))
      .waitFor();
  });

  it('says how many of many it shows, shows more, and has the server look for those that the filter names', async () => {
    const idle = WORKLOADS.split('---')[0]!.replace('replicas: 6', 'replicas: 0');
    const names = Array.from({ length: 149 }, (_, i) => `idle-${String(i).padStart(3, '0')}`);
    await cluster.apply(names.map(name => idle.replace('name: web', `name: ${name}`)).join('---\n'));
    await page.goto(`${url}/?view=rollouts&of=Deployment`);
    await page.getByText('The first 100 of 150.').waitFor();
    await page.getByText('Under way: 0 of the first 100.').waitFor();
    expect(await page.getByRole('article').count()).toBe(100);
    await page.getByRole('button', { name: 'Show more' }).press('Enter');
    await card('idle-100').getByRole('button', { name: 'idle-100' }).and(page.locator(':focus')).waitFor();
    expect(await page.getByRole('article').count()).toBe(150);
    expect(await page.getByText('The first', { exact: false }).count()).toBe(0);
    await page.getByLabel('Filter').fill('ns:default WEB');
    await page.getByText('1 Deployment').waitFor();
    expect(await page.getByRole('article').count()).toBe(1);
    // What is said of nodes is said of those that its pods are on.
    await page.getByLabel('Filter').fill('-zone:a');
    await card('web').waitFor();
    expect(await page.getByRole('article').count()).toBe(1);
    await page.getByLabel('Filter').fill('such-as-there-is-none');
    await page.getByText('No Deployment fits the filter.').waitFor();
  });

  it('asked nothing of any other machine, and had nothing to complain of', () => {
    expect(surfer.foreign).toEqual([]);
    expect(surfer.complaints).toEqual([]);
  });
});
