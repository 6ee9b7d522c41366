import { expect, it } from 'vitest';
import { versionDiff } from '../../../src/dashboard/panels/version-diff.js';

const yaml = (revision: number, image: string, last = 'z: 1') =>
  `metadata:\n  name: agent\n  resourceVersion: "${revision}"\nspec:\n  image: ${image}\n${'  same: 1\n'.repeat(8)}${last}\n`;

it('two versions differ in the lines that changed, with what stands around them', () => {
  expect(versionDiff(yaml(1, 'agent:1'), yaml(2, 'agent:2'))).toEqual([
    { look: 'same', text: '  name: agent' },
    { look: 'same', text: 'spec:' },
    { look: 'removed', text: '  image: agent:1' },
    { look: 'added', text: '  image: agent:2' },
    { look: 'same', text: '  same: 1' },
    { look: 'same', text: '  same: 1' },
  ]);
});

it('between two places there is a gap, and a revision alone is no difference', () => {
  expect(versionDiff(yaml(1, 'a'), yaml(2, 'b', 'z: 2')).map(({ look }) => look)).toContain('gap');
  expect(versionDiff(yaml(1, 'a'), yaml(2, 'a'))).toEqual([]);
});
