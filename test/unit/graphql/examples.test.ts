import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { loadSchema } from '../../../src/graphql/schema.js';
import { examples } from '../../../src/playground/examples.js';

describe('the examples of the playground', () => {
  it.each(examples.map(text => [text.match(/(?:query|mutation|subscription) (\w+)/)?.[1], text]))(
    '%s is right',
    (_name, text) => {
      expect(validate(loadSchema(), parse(text!))).toEqual([]);
    },
  );

  it('fit the editor', () => {
    for (const text of examples) for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(56);
  });
});
