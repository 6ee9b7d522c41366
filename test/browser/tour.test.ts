import { type Cluster, createCluster } from 'kubette';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { executablePath, type Surfer, surf } from './browser.js';

describe.skipIf(!executablePath)('the tour', () => {
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
    await cluster.settled();
    ({ url } = await cluster.listen());
  });

  afterAll(async () => {
    await surfer?.close();
    await cluster?.close();
  });

  /** What is left is closed: the next test begins its chapter anew. */
  afterEach(async () => {
    await page.getByRole('button', { name: 'Map', exact: true }).click();
    await page.getByRole('grid').waitFor();
  });

  const ask = async (query: string) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return ((await response.json()) as { data: { forks: { id: string }[] } }).data;
  };
  const now = () => page.locator('.steps li.now');
  const button = (name: string) => now().getByRole('button', { name, exact: true });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'chapter %i: every step does what it says, and the cluster says so',
    async chapter => {
      const before = cluster.registry.revision;
      await page.goto(`${url}/?view=tour&chapter=${chapter}`);
      await now().locator('button.primary:not([aria-disabled=true])').waitFor();
      const steps = await page.locator('.steps > li').count();
      expect(steps).toBeGreaterThan(3);
      for (let step = 0; step < steps; step++) {
        await now().locator('button.primary:not([aria-disabled=true])').waitFor();
        if (await button('Do it').count()) await button('Do it').click();
        await now().locator('.seen').waitFor();
        if (step === 0) expect(await surfer.barriers()).toEqual([]);
        if (step === 2) await surfer.screenshot(`tour-${chapter}`);
        await button('Go on').click();
        // Until it is drawn, the step that is over is the one of now.
        await page.locator('.steps > li.past').nth(step).waitFor();
      }
      await page.locator('.finish').waitFor();
      expect(await page.locator('.steps > li.past').count()).toBe(steps);
      // All of it was done elsewhere.
      expect(cluster.registry.revision).toBe(before);
    },
    120_000,
  );

  it('sends real requests in the chapter on communication, and shows who answered', async () => {
    await page.goto(`${url}/?view=tour&chapter=8`);
    const told = async () => {
      await now().locator('button.primary:not([aria-disabled=true])').waitFor();
      await button('Do it').click();
      await now().locator('.seen').waitFor();
      return {
        hops: await now().locator('.hops').allInnerTexts(),
        by: await now().locator('.answerers li').allInnerTexts(),
      };
    };
    const next = () => button('Go on').click();
    const push = await told();
    expect(push.hops).toHaveLength(2);
    for (const hops of push.hops) expect(hops).toMatch(/Pod tour\/sink on tour-\d answered 20[024]/);
    expect(await now().locator('pre').last().textContent()).toContain('"path": "/in"');
    await next();
    expect((await told()).hops[0]).toMatch(/Pod tour\/agent-\w+ on tour-2 answered 200/);
    await next();
    const dns = await told();
    expect(dns.hops[0]).toContain('Asked for agents.tour.svc.cluster.local');
    expect(dns.by).toHaveLength(4);
    await next();
    expect((await told()).by.length).toBeGreaterThan(2);
    await next();
    const local = await told();
    expect(local.by).toHaveLength(1);
    expect(local.by[0]).toMatch(/on tour-3/);
    expect(await surfer.barriers()).toEqual([]);
    await surfer.screenshot('tour-communication');
  }, 120_000);

  it('is where it was when the page is loaded anew, and leaves nothing behind when it is left', async () => {
    await page.goto(`${url}/?view=tour&chapter=3`);
    await button('Do it').click();
    await button('Go on').click();
    const { forks } = await ask('{ forks { id } }');
    await page.reload();
    await button('Do it').waitFor();
    expect(await page.locator('.steps > li.past').count()).toBe(1);
    expect((await ask('{ forks { id } }')).forks).toEqual(forks);
    const mine = await page.evaluate<string>('Object.values(sessionStorage).join()');
    await page.getByRole('button', { name: 'Map', exact: true }).click();
    await page.getByRole('grid').waitFor();
    await expect
      .poll(async () => (await ask('{ forks { id } }')).forks.filter(({ id }) => mine.includes(id)))
      .toEqual([]);
  });

  it('tells why a pod is there to who asks', async () => {
    await page.goto(`${url}/?view=tour&chapter=3`);
    await button('Do it').click();
    await now().locator('.seen').waitFor();
    const grid = page.getByRole('grid');
    const box = (await grid.boundingBox())!;
    await page.mouse.click(box.x + 40, box.y + 85);
    await page.locator('.why-here').getByText('is not tolerated').first().waitFor();
    expect(surfer.foreign).toEqual([]);
    expect(surfer.complaints).toEqual([]);
  });
});
