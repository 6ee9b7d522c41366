import { expect, test } from 'vitest';
import * as kubette from '../../src/index.js';
import { Page, runCode } from '../support/page.js';

const page = new Page('journal.md');

test('docs/journal.md does what it says, in the words that stand there', async () => {
  const wanted = ['cluster', 'first', 'second'];
  const { cluster, first, second } = await runCode(page.blocks('ts').join('\n'), { modules: { kubette }, wanted });
  expect([first, second]).toMatchObject([{ code: 409 }, { code: 200 }]);
  const { journal, close } = cluster as kubette.Cluster;
  let message = '';
  try {
    journal.verify({ verbs: ['update'], resources: ['nodes'], name: 'worker-1' });
  } catch (error) {
    message = (error as Error).message;
  }
  expect(page.text).toContain(`\`\`\`\n${message}\n`);
  await close.call(cluster);
});
