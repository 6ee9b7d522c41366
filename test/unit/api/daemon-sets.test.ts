import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestServer } from './serve.js';
import {
  APPLY,
  type Body,
  daemonSet,
  failure,
  generations,
  image,
  MERGE,
  SETS,
  Sets,
  STALE,
  STRATEGIC,
  templateGeneration,
  ZEROES,
} from './sets.js';

let server: TestServer;
const sets = new Sets(() => server);
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());
// One server for all: each test finds the namespace without sets.
beforeEach(() => sets.clear());

describe('verbs', () => {
  it('API-01, storage_test: what can be done to sets and their status, and their short name', async () => {
    const { body } = await server.get('/apis/apps/v1');
    const resources: Body[] = body.resources.filter(({ name }: Body) => name.startsWith('daemonsets'));
    expect(resources).toMatchObject([
      {
        name: 'daemonsets',
        kind: 'DaemonSet',
        namespaced: true,
        shortNames: ['ds'],
        categories: ['all'],
        verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      },
      { name: 'daemonsets/status', kind: 'DaemonSet', namespaced: true, verbs: ['get', 'patch', 'update'] },
    ]);
    expect(resources).toHaveLength(2);
    await sets.make();
    expect((await sets.get('x/scale')).code).toBe(404);
    expect((await server.ask('DELETE', `${SETS}/x/status`)).code).toBe(405);
    expect((await server.post(`${SETS}/x/status`, {})).code).toBe(405);
  });

  it('API-01: one set after the other, by each verb', async () => {
    const watch = await server.watch(`${SETS}?watch=1&resourceVersion=${server.registry.revision}`);
    await sets.make();
    expect((await server.get(SETS)).body).toMatchObject({
      kind: 'DaemonSetList',
      items: [{ metadata: { name: 'x' } }],
    });
    expect((await server.get('/apis/apps/v1/daemonsets')).body.items).toHaveLength(1);
    expect((await sets.put('x', daemonSet('x', { minReadySeconds: 1 }))).code).toBe(200);
    const patches: [string, Body][] = [
      ['application/json-patch+json', [{ op: 'replace', path: '/spec/minReadySeconds', value: 2 }]],
      [MERGE, { spec: { minReadySeconds: 3 } }],
      [STRATEGIC, { spec: { minReadySeconds: 4 } }],
    ];
    for (const [i, [type, body]] of patches.entries())
      expect(await sets.patch('x', body, type)).toMatchObject({
        code: 200,
        body: { spec: { minReadySeconds: i + 2 } },
      });
    const applied = await sets.patch('x?fieldManager=me&force=true', daemonSet('x', { minReadySeconds: 5 }), APPLY);
    expect(applied).toMatchObject({ code: 200, body: { spec: { minReadySeconds: 5 } } });
    expect((await sets.delete('x')).code).toBe(200);
    expect((await watch.first(7)).map(({ type }) => type)).toEqual([
      'ADDED',
      ...Array<string>(5).fill('MODIFIED'),
      'DELETED',
    ]);
    watch.close();
  });

  it('API-01, T48: only an applied configuration makes what is not there', async () => {
    expect((await sets.put('x', daemonSet('x'))).code).toBe(404);
    expect(await sets.patch('x?fieldManager=me', daemonSet('x'), APPLY)).toMatchObject({
      code: 201,
      body: { metadata: { name: 'x', generation: 1 } },
    });
  });

  it('API-01, GC-09: deletecollection takes those that the selector names', async () => {
    await sets.make({}, { labels: { team: 'a' } });
    for (const name of ['y', 'z']) await server.post(SETS, daemonSet(name, {}, { labels: { team: 'b' } }));
    expect((await server.ask('DELETE', `${SETS}?labelSelector=team%3Db`)).code).toBe(200);
    expect((await server.get(SETS)).body.items.map((set: Body) => set.metadata.name)).toEqual(['x']);
  });

  it('API-02, T48: without a version any update is of the newest, also of the status', async () => {
    await sets.make();
    await sets.patch('x', image('a:2'));
    expect(await sets.put('x', daemonSet('x'))).toMatchObject({ code: 200, body: { metadata: { generation: 3 } } });
    expect(await sets.put('x/status', { ...daemonSet('x'), status: { numberReady: 1 } })).toMatchObject({
      code: 200,
      body: { status: { numberReady: 1 } },
    });
  });

  it('API-02: an old version is refused, by PUT and by patch, of the set and of its status', async () => {
    const old = await sets.make();
    await sets.patch('x', image('a:2'));
    const { resourceVersion } = old.metadata;
    for (const answer of [
      await sets.put('x', old),
      await sets.put('x/status', old),
      await sets.patch('x', { metadata: { resourceVersion }, ...image('a:3') }),
      await sets.patch('x/status', { metadata: { resourceVersion }, status: { numberReady: 1 } }),
    ])
      expect(answer).toMatchObject(STALE);
  });
});

describe('spec and status', () => {
  it('API-04, T49: neither changes the other; labels can be changed through both', async () => {
    const set = await sets.make();
    const told = await sets.put('x/status', {
      ...daemonSet('x', { minReadySeconds: 9, ...image('a:9').spec }, { labels: { through: 'status' } }),
      status: { ...ZEROES, numberReady: 2 },
    });
    expect(told.body.spec).toEqual(set.spec);
    expect(told.body.metadata.labels).toEqual({ through: 'status' });
    const changed = await sets.put('x', {
      ...told.body,
      spec: { ...set.spec, minReadySeconds: 9 },
      status: { ...ZEROES, numberReady: 7 },
    });
    expect(changed.body).toMatchObject({ spec: { minReadySeconds: 9 }, status: { ...ZEROES, numberReady: 2 } });
  });

  it('API-07: what changes nothing is no write: the same version, and nothing for watches', async () => {
    const set = await sets.make();
    const { revision } = server.registry;
    const watch = await server.watch(`${SETS}?watch=1&resourceVersion=${revision}`);
    for (const answer of [
      await sets.put('x', set),
      await sets.put('x', daemonSet('x')),
      await sets.patch('x', image('a:1'), STRATEGIC),
      await sets.patch('x/status', { status: { numberReady: 0 } }),
    ])
      expect(answer).toMatchObject({ code: 200, body: { metadata: set.metadata } });
    expect(server.registry.revision).toBe(revision);
    await sets.patch('x', { metadata: { labels: { really: 'new' } } });
    expect(await watch.first(1)).toMatchObject([
      { type: 'MODIFIED', object: { metadata: { labels: { really: 'new' } } } },
    ]);
    watch.close();
  });

  it('API-05, API-06, API-07, T16: what counts as a new generation, and as a new template', async () => {
    await sets.make();
    const tells = async (body: Body, path = 'x') => generations((await sets.patch(path, body, STRATEGIC)).body);
    expect(await tells({ metadata: { labels: { a: 'b' }, annotations: { c: 'd' } } })).toEqual([1, '1']);
    expect(await tells({ status: { numberReady: 1 } }, 'x/status')).toEqual([1, '1']);
    expect(await tells(image('a:2'))).toEqual([2, '2']);
    expect(await tells({ spec: { minReadySeconds: 5 } })).toEqual([3, '2']);
    expect(await tells({ spec: { revisionHistoryLimit: 5 } })).toEqual([4, '2']);
    expect(await tells({ spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: null } } })).toEqual([5, '2']);
    expect(await tells({ spec: { template: { spec: { dnsPolicy: 'ClusterFirst' } } } })).toEqual([5, '2']);
    expect(await tells({ spec: { template: { metadata: { annotations: { e: 'f' } } } } })).toEqual([6, '3']);
  });

  it('API-08, API-10, T17: the template generation is told in every answer, and clients cannot change it', async () => {
    await sets.make();
    const forged = await sets.patch('x', { metadata: { annotations: templateGeneration('99') } });
    const removed = await sets.patch('x', { metadata: { annotations: null } });
    const through = await sets.patch('x/status', { metadata: { annotations: templateGeneration('98') } });
    const { body: newer } = await sets.patch('x', {
      ...image('a:2'),
      metadata: { annotations: templateGeneration('50') },
    });
    for (const { body } of [forged, removed, through]) expect(generations(body)).toEqual([1, '1']);
    expect(generations(newer)).toEqual([2, '2']);
    expect(generations((await sets.get('x')).body)).toEqual([2, '2']);
    expect((await server.get(SETS)).body.items.map(generations)).toEqual([[2, '2']]);
  });

  it.each([
    ['7', '7'],
    ['0', '1'],
    ['-3', '1'],
  ])('API-09, T17: a template generation of %j that comes with a new set begins as %j', async (given, stored) => {
    const set = await sets.make({}, { annotations: templateGeneration(given), generation: 12 });
    expect(generations(set)).toEqual([1, stored]);
  });

  it('API-09: a template generation that is no number is refused before anything else', async () => {
    const answer = await server.post(
      SETS,
      daemonSet('x', { minReadySeconds: -1 }, { annotations: templateGeneration('x') }),
    );
    expect(answer).toMatchObject(
      failure('BadRequest', 400, expect.stringContaining('strconv.ParseInt: parsing "x": invalid syntax')),
    );
  });

  it('STA-S1, STA-S2, T15: four counts are always there, the others only where they are something', async () => {
    await sets.make();
    expect((await sets.get('x')).body.status).toEqual(ZEROES);
    const rest = {
      observedGeneration: 1,
      updatedNumberScheduled: 2,
      numberAvailable: 3,
      numberUnavailable: 4,
      collisionCount: 5,
      conditions: [{ type: 'Mine', status: 'True', lastTransitionTime: '2025-01-01T00:00:00Z' }],
    };
    const full = await sets.patch('x/status', { status: rest });
    expect(full.body.status).toEqual({ ...ZEROES, ...rest });
    const none = {
      ...ZEROES,
      observedGeneration: 0,
      updatedNumberScheduled: 0,
      numberAvailable: 0,
      numberUnavailable: 0,
    };
    const empty = await sets.put('x/status', { ...daemonSet('x'), status: { ...none, collisionCount: 5 } });
    expect(empty.body.status).toEqual({ ...ZEROES, collisionCount: 5 });
    const sparse = await sets.put('x/status', { ...daemonSet('x'), status: { collisionCount: 5 } });
    expect(sparse.body.status).toEqual({ ...ZEROES, collisionCount: 5 });
  });

  it('STA-S3: a patch merges conditions by their type', async () => {
    await sets.make();
    const condition = (type: string, value: string) => ({
      type,
      status: value,
      lastTransitionTime: '2025-01-01T00:00:00Z',
    });
    const told = async (...conditions: object[]) =>
      (await sets.patch('x/status', { status: { conditions } }, STRATEGIC)).body;
    await told(condition('One', 'True'));
    await told(condition('Two', 'True'));
    expect((await told(condition('One', 'False'))).status.conditions).toEqual(
      expect.arrayContaining([condition('One', 'False'), condition('Two', 'True')]),
    );
  });
});

describe('defaults', () => {
  it('DEF-03: from OnDelete to RollingUpdate by its type alone', async () => {
    const set = await sets.make({ updateStrategy: { type: 'OnDelete' } });
    expect(set.spec.updateStrategy).toEqual({ type: 'OnDelete' });
    const { body } = await sets.patch('x', { spec: { updateStrategy: { type: 'RollingUpdate' } } });
    expect(body.spec.updateStrategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: 1, maxSurge: 0 },
    });
    expect(generations(body)).toEqual([2, '1']);
  });

  it('T13: what is there by default may be said as well, and changes nothing', async () => {
    const set = await sets.make();
    const { status: _, ...said } = set;
    expect(said.spec.template.spec).toMatchObject({ restartPolicy: 'Always', dnsPolicy: 'ClusterFirst' });
    expect(await sets.put('x', said)).toMatchObject({ code: 200, body: { metadata: set.metadata } });
    expect(await sets.put('x', daemonSet('x'))).toMatchObject({ code: 200, body: { metadata: set.metadata } });
  });
});

describe('tables', () => {
  it('TAB-01, TAB-02: the columns by their order, the last three only with -o wide, and a row', async () => {
    await sets.make({
      template: {
        metadata: { labels: { app: 'agent' } },
        spec: {
          nodeSelector: { disk: 'ssd', arch: 'arm64' },
          containers: [
            { name: 'main', image: 'a:1' },
            { name: 'side', image: 'b:1' },
          ],
        },
      },
    });
    const counts = { desiredNumberScheduled: 6, currentNumberScheduled: 5, numberReady: 4, updatedNumberScheduled: 3 };
    const others = { numberAvailable: 2, numberMisscheduled: 8, numberUnavailable: 9 };
    await sets.patch('x/status', { status: { ...counts, ...others } });
    const { body } = await server.get(SETS, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
    expect(body.kind).toBe('Table');
    expect(body.columnDefinitions.map(({ name, priority }: Body) => [name, priority])).toEqual([
      ['Name', 0],
      ['Desired', 0],
      ['Current', 0],
      ['Ready', 0],
      ['Up-to-date', 0],
      ['Available', 0],
      ['Node Selector', 0],
      ['Age', 0],
      ['Containers', 1],
      ['Images', 1],
      ['Selector', 1],
    ]);
    expect(body.rows[0].cells).toEqual([
      'x',
      ...[6, 5, 4, 3, 2],
      'arch=arm64,disk=ssd',
      '0s',
      'main,side',
      'a:1,b:1',
      'app=agent',
    ]);
  });
});

describe('deletion', () => {
  it('API-11: dependents are deleted in the background, unless another policy is asked for', async () => {
    for (const [policy, finalizers] of [
      [undefined, undefined],
      ['Background', undefined],
      ['Foreground', ['foregroundDeletion']],
      ['Orphan', ['orphan']],
    ]) {
      await sets.make();
      await sets.delete('x', policy ? { propagationPolicy: policy } : undefined);
      expect((await sets.get('x')).body.metadata?.finalizers).toEqual(finalizers);
      await sets.patch('x', { metadata: { finalizers: null } });
    }
  });

  it('API-12: a set that nothing holds is gone at once, and the answer tells which it was', async () => {
    const { metadata } = await sets.make();
    const { code, body } = await sets.delete('x');
    expect(code).toBe(200);
    expect(body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'x', group: 'apps', kind: 'daemonsets', uid: metadata.uid },
    });
    expect((await sets.get('x')).code).toBe(404);
  });

  it('API-12, API-13, T16: one that is held is marked, which is a new generation, and answered as it is then', async () => {
    const { metadata } = await sets.make({}, { finalizers: ['example.com/hold'] });
    const { code, body } = await sets.delete('x');
    expect([code, body.kind]).toEqual([200, 'DaemonSet']);
    expect(body.metadata).toMatchObject({
      uid: metadata.uid,
      deletionTimestamp: '2025-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 0,
      generation: 2,
      annotations: templateGeneration('1'),
    });
  });

  it('API-12: the old orphanDependents=false answers 202 where it only marks', async () => {
    await sets.make({}, { finalizers: ['example.com/hold'] });
    expect(await sets.delete('x', { orphanDependents: false })).toMatchObject({
      code: 202,
      body: { kind: 'DaemonSet' },
    });
  });

  it('API-14: the old option and the policy together are refused', async () => {
    await sets.make();
    const { code, body } = await sets.delete('x', { orphanDependents: true, propagationPolicy: 'Orphan' });
    expect(code).toBe(422);
    expect(body.message).toMatch(
      /^DeleteOptions\.meta\.k8s\.io "" is invalid: propagationPolicy: Invalid value: .+: orphanDependents and deletionPropagation cannot be both set$/,
    );
  });
});
