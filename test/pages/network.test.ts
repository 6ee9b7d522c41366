import * as dns from 'node:dns/promises';
import { expect, test } from 'vitest';
import * as kubette from '../../src/index.js';
import { Page, runCode } from '../support/page.js';

test.each(new Page('network.md').code)('docs/network.md runs: %s', async (_, code) => {
  const { cluster } = await runCode(code, {
    modules: { kubette, 'node:dns/promises': dns },
    scope: { expect },
    wanted: ['cluster'],
  });
  await (cluster as kubette.Cluster).close();
});
