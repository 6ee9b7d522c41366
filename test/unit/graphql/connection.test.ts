import { describe, expect, it } from 'vitest';
import { connection, type PageArguments } from '../../../src/graphql/connection.js';
import { decode, encode, objectId, parseGlobalId, placementId } from '../../../src/graphql/global-id.js';

const items = ['a', 'b', 'c', 'd', 'e'];
const page = (args: PageArguments, of: readonly string[] = items) =>
  connection(
    of,
    args,
    7,
    item => ['default', item],
    item => item,
  );
const cursor = (name: string) => encode(['7', 'default', name]);

describe('connection', () => {
  it.each<[string, PageArguments, string, boolean, boolean]>([
    ['everything, unless told otherwise', {}, 'abcde', false, false],
    ['the first', { first: 2 }, 'ab', false, true],
    ['the first after a cursor', { first: 2, after: cursor('b') }, 'cd', true, true],
    ['the last', { last: 2 }, 'de', true, false],
    ['the last before a cursor', { last: 2, before: cursor('d') }, 'bc', true, true],
    ['between two cursors', { after: cursor('a'), before: cursor('e') }, 'bcd', true, true],
    ['beyond the end', { first: 3, after: cursor('d') }, 'e', true, false],
    ['after the last', { after: cursor('e') }, '', true, false],
    ['cursors the wrong way round', { after: cursor('d'), before: cursor('b') }, '', true, true],
    ['nulls, as clients send them', { first: null, after: null, last: null, before: null }, 'abcde', false, false],
  ])('%s', (_name, args, expected, hasPreviousPage, hasNextPage) => {
    const result = page(args);
    expect(result.nodes.join('')).toBe(expected);
    expect(result.pageInfo).toMatchObject({ hasPreviousPage, hasNextPage });
    expect(result.totalCount).toBe(5);
    expect(result.edges.map(edge => edge.cursor)).toEqual([...expected].map(cursor));
    expect(result.pageInfo.startCursor).toBe(expected ? cursor(expected[0]!) : null);
    expect(result.pageInfo.endCursor).toBe(expected ? cursor(expected.at(-1)!) : null);
  });

  it('goes on at the right place when the item of the cursor has gone', () => {
    expect(page({ first: 2, after: cursor('b') }, ['a', 'c', 'd']).nodes).toEqual(['c', 'd']);
    expect(page({ last: 2, before: cursor('c') }, ['a', 'b', 'd']).nodes).toEqual(['a', 'b']);
  });

  it('gives 100 unless told otherwise, and never more than 500', () => {
    const many = Array.from({ length: 600 }, (_, i) => String(i).padStart(3, '0'));
    expect(page({}, many).nodes).toHaveLength(100);
    expect(page({ first: 500 }, many).nodes).toHaveLength(500);
  });

  it.each<[PageArguments, string]>([
    [{ first: 0 }, 'first must be between 1 and 500, not 0'],
    [{ first: -1 }, 'first must be between 1 and 500, not -1'],
    [{ last: 501 }, 'last must be between 1 and 500, not 501'],
    [{ first: 1, last: 1 }, 'first and last cannot be used together'],
    [{ after: 'nonsense' }, 'after is not a cursor of this connection'],
    [{ before: Buffer.from('{}').toString('base64url') }, 'before is not a cursor of this connection'],
  ])('refuses %j', (args, message) => {
    expect(() => page(args)).toThrow(message);
  });
});

describe('global ids', () => {
  const entry = (name: string, namespace = '') =>
    ({ resource: 'pods', namespace, name, uid: `uid-${name}` }) as unknown as Parameters<typeof objectId>[0];

  it('find their way back', () => {
    expect(parseGlobalId(objectId(entry('web', 'default')))).toEqual({
      resource: 'pods',
      namespace: 'default',
      name: 'web',
      uid: 'uid-web',
    });
    expect(parseGlobalId(placementId(entry('ds', 'kube-system'), entry('worker-1')))).toEqual({
      resource: 'Placement',
      namespace: 'kube-system',
      name: 'ds',
      uid: 'uid-ds',
      node: 'worker-1',
    });
  });

  it.each([
    '',
    'x',
    '!!',
    encode([]),
    encode(['Pod']),
    encode(['Placement', 'a', 'b', 'c']),
    encode(['Pod', 'a', 'b', 'c', 'd']),
  ])('does not take %j for one', id => {
    expect(parseGlobalId(id)).toBeUndefined();
  });

  it('decodes nothing but lists of strings', () => {
    expect(decode(Buffer.from('[1]').toString('base64url'))).toBeUndefined();
    expect(decode(encode(['ü', '/']))).toEqual(['ü', '/']);
  });
});
