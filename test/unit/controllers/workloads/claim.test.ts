import { expect, it } from 'vitest';
import { type Claimable, decideClaims } from '../../../../src/controllers/workloads/claim.js';

interface Thing extends Claimable {
  readonly name: string;
}

const thing = (name: string, app: string, terminating = false, ignored = false): Thing => ({
  name,
  labels: { app },
  terminating,
  ignored,
});
const selector = { matches: (labels?: Readonly<Record<string, string>>) => labels?.app === 'agent' };

function decide(owned: Thing[], orphans: Thing[], deleting = false) {
  const claims = decideClaims({ owned, orphans, selector, deleting, describe: t => t });
  return Object.fromEntries(
    Object.entries(claims).map(([what, things]) => [what, (things as Thing[]).map(t => t.name)]),
  );
}

it('REF-02, REF-05: TestClaimPods: keeps its own and adopts orphans that match', () => {
  expect(decide([thing('own', 'agent')], [thing('orphan', 'agent'), thing('stranger', 'web')])).toEqual({
    keep: ['own'],
    adopt: ['orphan'],
    release: [],
    ignored: [],
  });
});

it('REF-03: releases its own that match no longer', () => {
  expect(decide([thing('own', 'agent'), thing('renamed', 'web')], [])).toEqual({
    keep: ['own'],
    adopt: [],
    release: ['renamed'],
    ignored: [],
  });
});

it('REF-05: an orphan on its way out is not adopted; an owned pod on its way out is kept', () => {
  expect(decide([thing('own', 'agent', true)], [thing('orphan', 'agent', true)])).toEqual({
    keep: ['own'],
    adopt: [],
    release: [],
    ignored: [],
  });
});

it('REF-02, REF-03, REF-05: a set being deleted keeps what it has, and neither adopts nor releases', () => {
  expect(decide([thing('own', 'agent'), thing('renamed', 'web')], [thing('orphan', 'agent')], true)).toEqual({
    keep: ['own'],
    adopt: [],
    release: [],
    ignored: [],
  });
});

it('what is to be ignored is neither kept, nor adopted, nor released', () => {
  expect(decide([thing('ended', 'agent', false, true)], [thing('orphan', 'agent', false, true)])).toEqual({
    keep: [],
    adopt: [],
    release: [],
    ignored: ['ended'],
  });
});
