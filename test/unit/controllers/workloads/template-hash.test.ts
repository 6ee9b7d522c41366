import { expect, it } from 'vitest';
import { SAFE_ALPHABET } from '../../../../src/clock/random.js';
import { templateHash } from '../../../../src/controllers/workloads/template-hash.js';

it('POD-10: is deterministic, of the safe alphabet, and at most 10 long', () => {
  const hash = templateHash('{"image":"a:1"}', undefined);
  expect(hash).toBe(templateHash('{"image":"a:1"}', undefined));
  expect(hash).toMatch(new RegExp(`^[${SAFE_ALPHABET}]{1,10}$`));
});

it('POD-10: depends on the template and on the collision count, also on a count of 0', () => {
  const hashes = [
    templateHash('{"image":"a:1"}', undefined),
    templateHash('{"image":"a:1"}', 0),
    templateHash('{"image":"a:1"}', 1),
    templateHash('{"image":"a:2"}', undefined),
  ];
  expect(new Set(hashes).size).toBe(4);
});
