import { type Cluster, createCluster } from 'kubette';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examples } from '../../src/playground/examples.js';
import { executablePath, type Surfer, surf } from './browser.js';

const manifest = (image: string) => `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: default}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: main, image: "${image}"}]}
`;

/** What the tabs are called, and whether they go on. */
const tabs = examples.map((text, index) => {
  const [, operation = '', name = ''] = text.match(/^(query|mutation|subscription) (\w+)/m) ?? [];
  return { index, name, follows: operation === 'subscription' };
});

describe.skipIf(!executablePath).each([4, 500])('the examples of the playground, with %i nodes', nodes => {
  let cluster: Cluster;
  let surfer: Surfer;
  let page: Page;
  /** Who listens to what the page sends over its sockets. */
  const heard = new Set<(frame: string) => unknown>();

  beforeAll(async () => {
    surfer = await surf();
    page = surfer.page;
    page.on('websocket', socket =>
      socket.on('framesent', ({ payload }) => {
        for (const listener of heard) listener(String(payload));
      }),
    );
    cluster = await createCluster({
      clock: 'virtual',
      nodes,
      onError: (where, error) => surfer.complaints.push(`${where}: ${error}`),
    });
    await cluster.apply(manifest('agent:1'));
    await cluster.settled();
    const { url } = await cluster.listen();
    await page.goto(`${url}/graphql`);
    await page.locator('.graphiql-query-editor .CodeMirror').waitFor();
  }, 60_000);

  afterAll(async () => {
    await surfer?.close();
    await cluster?.close();
  });

  const text = (window: string) =>
    page
      .locator(`${window} .CodeMirror`)
      .first()
      .evaluate(element => (element as unknown as { CodeMirror: { getValue(): string } }).CodeMirror.getValue());

  // Whole rollouts of 500 nodes for each message would be all that is measured.
  it.each(tabs.filter(({ follows }) => !follows || nodes < 100))(
    '$name gives data',
    async ({ index, name, follows }) => {
      // The one that is open at first has no name before it has run.
      await page.getByRole('tab').nth(index).click();
      await expect
        .poll(() => text('.graphiql-query-editor'))
        .toMatch(new RegExp(`^(query|mutation|subscription) ${name}\\b`, 'm'));
      // What the editor shows is looked through a moment later: until then Run runs the operation of the tab before.
      const subscribed = new Promise<void>(resolve =>
        heard.add(frame => frame.includes(`subscription ${name}`) && resolve()),
      );
      await page.waitForTimeout(400);
      await page.getByRole('button', { name: /execute query/i }).click();
      if (follows) await subscribed;
      for (let i = 0; i < 40; i++) {
        if (follows) {
          await cluster.apply(manifest(`agent:${name}-${i}`));
          await cluster.advance('5s');
        }
        const answer = await text('.result-window');
        if (answer.trim()) {
          const { data, errors } = JSON.parse(answer);
          expect(errors).toBeUndefined();
          expect(Object.values(data)).not.toContain(null);
          break;
        }
        await page.waitForTimeout(250);
      }
      expect(await text('.result-window')).toContain('"data"');
      if (follows) await page.getByRole('button', { name: /stop query/i }).click();
    },
  );

  it('asked nothing of any other machine, and had nothing to complain of', () => {
    expect(surfer.foreign).toEqual([]);
    expect(surfer.complaints).toEqual([]);
  });
});
