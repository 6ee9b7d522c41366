import { type Cluster, createCluster } from 'kubette';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { daemonSets } from '../../src/resources/index.js';
import { executablePath, type Surfer, surf } from './browser.js';

const agent = (name: string, type: string) => `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ${name}, namespace: default}
spec:
  selector: {matchLabels: {app: ${name}}}
  minReadySeconds: 5
  updateStrategy: {type: ${type}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "${name}:1"}]}
`;

const POLICY = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: images}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [UPDATE], resources: [daemonsets]}]
  validations:
    - expression: "!object.spec.template.spec.containers[0].image.startsWith('forbidden')"
      message: no such image here
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: images}
spec: {policyName: images, validationActions: [Deny]}
`;

describe.skipIf(!executablePath)('rollouts, and the clock that they go by', () => {
  let cluster: Cluster;
  let surfer: Surfer;
  let page: Page;

  beforeAll(async () => {
    surfer = await surf();
    page = surfer.page;
    cluster = await createCluster({
      clock: 'virtual',
      nodes: 6,
      onError: (where, error) => surfer.complaints.push(`${where}: ${error}`),
    });
    await cluster.apply(`${agent('agent', 'RollingUpdate')}---\n${agent('by-hand', 'OnDelete')}`);
    await cluster.settled();
    await cluster.advance('1m');
    const { url } = await cluster.listen();
    await page.goto(`${url}/?view=rollouts`);
    await card('agent').waitFor();
  });

  afterAll(async () => {
    await surfer?.close();
    await cluster?.close();
  });

  const card = (name: string) => page.getByRole('article', { name });
  const image = () =>
    cluster.registry.get(daemonSets, 'default', 'agent')!.object.spec.template.spec.containers[0]!.image;

  it('shows one under way, moved by the clock in the header, to its end', async () => {
    await card('agent').getByText('daemon set "agent" successfully rolled out').waitFor();
    await card('agent').getByRole('button', { name: 'Image…' }).press('Enter');
    await card('agent').getByLabel('Container').and(page.locator(':focus')).waitFor();
    const field = card('agent').getByRole('textbox', { name: 'Image' });
    await expect.poll(() => field.inputValue()).toBe('agent:1');
    await field.fill('agent:2');
    await field.press('Enter');
    await card('agent')
      .getByText(/\d out of 6 new pods have been updated/)
      .waitFor();
    await page.getByText('Under way: 1.').waitFor();
    expect(image()).toBe('agent:2');
    await surfer.screenshot('rollouts');
    expect(await surfer.barriers()).toEqual([]);
    await page.getByRole('button', { name: 'Move the clock by 1m' }).click();
    await card('agent').getByText('daemon set "agent" successfully rolled out').waitFor();
    await card('agent').getByText('revision 2').waitFor();
    expect(await page.locator('.clock time').getAttribute('datetime')).toBe('2025-01-01T00:02:00Z');
  });

  it('goes back to the revision that is chosen, and gives the focus back', async () => {
    const opener = card('agent').getByRole('button', { name: 'Undo…' });
    await opener.click();
    await card('agent').getByLabel('Revision').and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Escape');
    await opener.and(page.locator(':focus')).waitFor();
    await opener.click();
    await card('agent').getByRole('combobox', { name: 'Revision' }).selectOption('1 · agent:1');
    await card('agent').getByRole('button', { name: 'Go back' }).click();
    await card('agent').getByText('daemonset.apps/agent rolled back').waitFor();
    expect(image()).toBe('agent:1');
    await page.getByRole('button', { name: 'Move the clock by 1m' }).click();
    await card('agent').getByText('revision 3').waitFor();
    await card('agent').getByRole('button', { name: 'Close' }).click();
  });

  it('tells why it is refused, and keeps what was typed', async () => {
    await cluster.apply(POLICY);
    const field = card('agent').getByRole('textbox', { name: 'Image' });
    await card('agent').getByRole('button', { name: 'Image…' }).click();
    await expect.poll(() => field.inputValue()).toBe('agent:1');
    await field.fill('forbidden:1');
    await field.press('Enter');
    await card('agent').getByRole('alert').getByText('no such image here', { exact: false }).waitFor();
    expect(await field.inputValue()).toBe('forbidden:1');
    expect(image()).toBe('agent:1');
    await card('agent').getByRole('button', { name: 'Cancel' }).click();
  });

  it('has a clock that goes, stands still, and says when it cannot be moved', async () => {
    const time = async () => Date.parse((await page.locator('.clock time').getAttribute('datetime'))!);
    const before = await time();
    await page.getByRole('button', { name: 'go 100 times as fast' }).click();
    await expect.poll(time, { timeout: 10_000 }).toBeGreaterThan(before + 20_000);
    await page.getByRole('button', { name: 'Move the clock by 1h' }).press('Enter');
    await page.getByText('Only a clock that stands still can be moved').waitFor();
    await page.getByRole('button', { name: 'Stop the clock' }).click();
    await page.getByRole('button', { name: 'Stop the clock' }).and(page.locator('[aria-pressed=true]')).waitFor();
    // It is moved by others too: the page hears of it by what is written.
    await cluster.advance('2h');
    await cluster.apply('apiVersion: v1\nkind: Node\nmetadata: {name: late}');
    await expect.poll(time, { timeout: 10_000 }).toBeGreaterThan(before + 7_200_000);
  });

  it('asked nothing of any other machine, and had nothing to complain of', () => {
    expect(surfer.foreign).toEqual([]);
    expect(surfer.complaints).toEqual([]);
  });
});
