import { expect, it } from 'vitest';
import {
  type Claimable,
  Claimed,
  decideClaims,
  describeMetadata,
} from '../../../../src/controllers/workloads/claim.js';
import { daemonSets, pods } from '../../../../src/resources/index.js';
import type { Pod } from '../../../../src/resources/types.js';
import { intercepted } from '../../../support/intercept.js';
import { openRegistry } from '../../../support/registry.js';
import { daemonSet } from '../daemonset/cluster.js';

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

it('REF-03, TestClaimPods: releases its own that match no longer', () => {
  expect(decide([thing('own', 'agent'), thing('renamed', 'web')], [])).toEqual({
    keep: ['own'],
    adopt: [],
    release: ['renamed'],
    ignored: [],
  });
});

it('REF-05, TestClaimPods: an orphan on its way out is not adopted; an owned pod on its way out is kept', () => {
  expect(decide([thing('own', 'agent', true)], [thing('orphan', 'agent', true)])).toEqual({
    keep: ['own'],
    adopt: [],
    release: [],
    ignored: [],
  });
});

it('REF-02, REF-03, REF-05, TestClaimPods: a set being deleted keeps what it has, and neither adopts nor releases', () => {
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

it('REF-01, REF-04, TestClaimPods: nothing of other owners, and nothing of other namespaces', async () => {
  const registry = await openRegistry(['default', 'elsewhere']);
  const { object: set } = await registry.create(daemonSets, daemonSet());
  const reference = (uid: string) => ({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    name: 'agent',
    uid,
    controller: true,
  });
  const make = (name: string, metadata: Partial<Pod['metadata']> = {}, namespace = 'default') =>
    registry.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels: { app: 'agent' }, ...metadata },
      spec: { containers: [{ name: 'main', image: 'a:1' }] },
      status: {},
    });
  await make('own', { ownerReferences: [reference(set.metadata.uid)] });
  await make('renamed', { ownerReferences: [reference(set.metadata.uid)], labels: { app: 'web' } });
  await make('foreign', { ownerReferences: [reference('another')] });
  await make('orphan');
  await make('elsewhere', {}, 'elsewhere');
  await make('elsewhere-too', { ownerReferences: [reference('another')] }, 'elsewhere');
  await make('going', { finalizers: ['example.com/hold'] });
  await registry.delete(pods, 'default', 'going');
  const claimed = new Claimed(registry, { owner: daemonSets, kind: pods, selector, describe: describeMetadata });
  expect((await claimed.of(set)).map(({ name }) => name).sort()).toEqual(['orphan', 'own']);
  const owners = registry.all(pods).map(({ name, object }) => [name, object.metadata.ownerReferences?.[0]?.uid]);
  expect(Object.fromEntries(owners)).toEqual({
    own: set.metadata.uid,
    orphan: set.metadata.uid,
    renamed: undefined,
    foreign: 'another',
    elsewhere: undefined,
    'elsewhere-too': 'another',
    going: undefined,
  });
});

it("REF-05, REF-07: an orphan that somebody sets free again while it is adopted is the set's all the same, and adopted at the next look", async () => {
  const registry = await openRegistry();
  const { object: set } = await registry.create(daemonSets, daemonSet());
  await registry.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'orphan', namespace: 'default', labels: { app: 'agent' } },
    spec: { containers: [{ name: 'main', image: 'a:1' }] },
    status: {},
  });
  const ownersOf = () => registry.get(pods, 'default', 'orphan')!.object.metadata.ownerReferences;
  let meddles = true;
  const meddled = intercepted(registry, async (_call, carryOut) => {
    const adopted = carryOut();
    if (meddles) void registry.patch(pods, 'default', 'orphan', SET_FREE);
    return adopted;
  });
  const claimed = new Claimed(meddled, { owner: daemonSets, kind: pods, selector, describe: describeMetadata });
  expect((await claimed.of(set)).map(({ name }) => name)).toEqual(['orphan']);
  expect(ownersOf()).toBeUndefined();
  meddles = false;
  expect((await claimed.of(set)).map(({ name }) => name)).toEqual(['orphan']);
  expect(ownersOf()).toMatchObject([{ uid: set.metadata.uid }]);
});

const SET_FREE = { type: 'merge', body: { metadata: { ownerReferences: null } } } as const;
