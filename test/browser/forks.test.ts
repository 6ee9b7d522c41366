import { type Cluster, createCluster } from 'kubette';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executablePath, type Surfer, surf } from './browser.js';

describe.skipIf(!executablePath)('a fork that is closed while it is looked at', () => {
  let cluster: Cluster;
  let surfer: Surfer;
  let page: Page;
  let url: string;

  beforeAll(async () => {
    surfer = await surf();
    page = surfer.page;
    cluster = await createCluster({ clock: 'virtual', nodes: 2 });
    await cluster.settled();
    ({ url } = await cluster.listen());
  });

  afterAll(async () => {
    await surfer?.close();
    await cluster?.close();
  });

  interface Fork {
    readonly id: string;
  }
  async function ask(query: string): Promise<{ createFork: Fork; forks: Fork[] }> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return ((await response.json()) as { data: { createFork: Fork; forks: Fork[] } }).data;
  }

  it('is told on the map, with a way to the cluster', async () => {
    const { id } = (await ask('mutation { createFork { id } }')).createFork;
    await page.goto(`${url}/?fork=${id}`);
    await page.getByText('2 nodes', { exact: false }).first().waitFor();
    await ask(`mutation { deleteFork(id: "${id}") { id } }`);
    const told = page.getByRole('alert').filter({ hasText: 'The world that you look at is closed' });
    await told.waitFor();
    expect(await surfer.barriers()).toEqual([]);
    await told.getByRole('button', { name: 'To the cluster' }).click();
    await told.waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('fork')).toBeNull();
    await page.getByText('2 nodes', { exact: false }).first().waitFor();
  });

  it('is told to who comes when it is closed already', async () => {
    await page.goto(`${url}/?fork=nowhere`);
    await page.getByText('The world that you look at is closed').waitFor();
  });

  it('is told in the tour, and the chapter begins anew', async () => {
    await page.goto(`${url}/?view=tour&chapter=1`);
    await page.locator('.steps li.now').getByRole('button', { name: 'Do it' }).waitFor();
    for (const { id } of (await ask('{ forks { id } }')).forks)
      await ask(`mutation { deleteFork(id: "${id}") { id } }`);
    await page.getByText('The cluster of this chapter is closed').waitFor();
    await surfer.screenshot('tour-closed');
    await page.getByRole('button', { name: 'Begin this chapter anew' }).click();
    await page.locator('.steps li.now').getByRole('button', { name: 'Do it' }).waitFor();
    expect((await ask('{ forks { id } }')).forks).toHaveLength(1);
  });
});
