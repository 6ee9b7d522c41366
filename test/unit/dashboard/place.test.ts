import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Place, readPlace, writePlace } from '../../../src/dashboard/model/place-url.js';

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const name = fc.stringMatching(/^[a-z0-9]([-a-z0-9.]{0,10}[a-z0-9])?$/);
const places: fc.Arbitrary<Place> = fc.record({
  view: fc.constantFrom('map', 'matrix', 'tour'),
  filter: fc.string(),
  of: maybe(
    fc.record(
      { kind: fc.constantFrom('DaemonSet', 'Deployment'), one: fc.record({ namespace: name, name }) },
      { requiredKeys: ['kind'] },
    ),
  ),
  groups: fc.array(fc.stringMatching(/^([a-z]+\.[a-z]+\/)?[a-zA-Z0-9]+$/), { maxLength: 3 }),
  zoom: maybe(fc.nat(4)),
  at: maybe(fc.constantFrom('17', '2026-01-01T00:00:00Z')),
  fork: maybe(name),
  selection: maybe(
    fc.oneof(
      fc.record({ kind: fc.constant('node' as const), node: name }),
      fc.record({ kind: fc.constant('daemonSet' as const), namespace: name, name }),
      fc.record({ kind: fc.constant('pair' as const), namespace: name, name, node: name }),
      fc.record({
        kind: fc.constant('object' as const),
        type: fc.constant('Pod'),
        namespace: fc.constantFrom('', 'x'),
        name,
      }),
    ),
  ),
  tab: maybe(fc.constantFrom('yaml', 'events')),
  changes: maybe(fc.constant('[{"cordon":{"node":"a"}}]')),
  against: maybe(fc.constantFrom('[]', '[{"uncordon":{"node":"a"}}]')),
  chapter: maybe(fc.nat(7)),
});

it('every place has a URL that leads to it', () => {
  fc.assert(
    fc.property(places, place => {
      expect(readPlace(writePlace(place))).toEqual(place);
    }),
  );
});

it('the first place has an empty one, and what makes no sense is left out', () => {
  expect(writePlace(readPlace(''))).toBe('');
  expect(readPlace('?zoom=99&chapter=x&sel=what/ever')).toEqual(readPlace(''));
});
