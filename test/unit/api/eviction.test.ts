import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { podDisruptionBudgets, pods } from '../../../src/resources/index.js';
import type { PodDisruptionBudget } from '../../../src/resources/pod-disruption-budget.js';
import { conditionOf } from '../../../src/resources/state.js';
import type { Condition, PodStatus } from '../../../src/resources/types.js';
import { TestServer } from './serve.js';

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.start();
});
afterEach(() => server.close());

const RUNNING: Partial<PodStatus> = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
const UNREADY: Partial<PodStatus> = { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] };
const HEALTHY = { currentHealthy: 3, desiredHealthy: 2, expectedPods: 3, disruptionsAllowed: 1, observedGeneration: 1 };
const TIGHT = { ...HEALTHY, currentHealthy: 2, disruptionsAllowed: 0 };
const BROKEN = { ...HEALTHY, currentHealthy: 1, disruptionsAllowed: 0 };

async function pod(status: Partial<PodStatus> = RUNNING, name = 'web'): Promise<void> {
  await server.registry.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: 'web' } },
    spec: { nodeName: 'one', containers: [{ name: 'main', image: 'a:1' }] },
    status: {},
  });
  const { object } = server.registry.get(pods, 'default', name)!;
  await server.registry.update(pods, { ...object, status: { ...object.status, ...status } }, { subresource: 'status' });
}

async function budget(
  status: Partial<PodDisruptionBudget['status']>,
  spec: Partial<PodDisruptionBudget['spec']> = {},
  name = 'web',
): Promise<void> {
  const { object } = await server.registry.create(podDisruptionBudgets, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: 'default' },
    spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } }, ...spec },
    status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  });
  const told = { ...object, status: { ...object.status, ...status } };
  await server.registry.update(podDisruptionBudgets, told, { subresource: 'status' });
}

const evict = (more: object = {}, query = '', name = 'web') =>
  server.post(`/api/v1/namespaces/default/pods/${name}/eviction${query}`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name },
    ...more,
  });
const thePod = (name = 'web') => server.registry.get(pods, 'default', name)?.object;
const theBudget = () => server.registry.get(podDisruptionBudgets, 'default', 'web')!.object;
const isGoing = () => !thePod() || thePod()!.metadata.deletionTimestamp !== undefined;

const failedSync: Condition = {
  type: 'DisruptionAllowed',
  status: 'False',
  reason: 'SyncFailed',
  message: 'too bad',
  lastTransitionTime: '2026-01-01T00:00:00Z',
};

describe('eviction', () => {
  it.each<[string, Partial<PodStatus>, Parameters<typeof budget>, boolean, boolean]>([
    // what, the pod, the budget, goes, counted
    ['a ready pod within the budget', RUNNING, [HEALTHY], true, true],
    ['a ready pod beyond the budget', RUNNING, [TIGHT], false, false],
    ['a pod that waits', { phase: 'Pending' }, [TIGHT], true, false],
    ['a pod that succeeded', { phase: 'Succeeded' }, [TIGHT], true, false],
    ['a pod that failed', { phase: 'Failed' }, [TIGHT], true, false],
    ['an unready pod, the others suffice', UNREADY, [TIGHT], true, false],
    ['an unready pod, the others do not', UNREADY, [BROKEN], false, false],
    ['an unready pod, nothing asked for', UNREADY, [{ ...TIGHT, desiredHealthy: 0 }], false, false],
    [
      'an unready pod, whatever the others',
      UNREADY,
      [BROKEN, { unhealthyPodEvictionPolicy: 'AlwaysAllow' }],
      true,
      false,
    ],
    [
      'a ready pod, although unready ones may go',
      RUNNING,
      [BROKEN, { unhealthyPodEvictionPolicy: 'AlwaysAllow' }],
      false,
      false,
    ],
    ['a pod of another budget', RUNNING, [TIGHT, { selector: { matchLabels: { app: 'db' } } }], true, false],
    ['a pod under an empty selector', RUNNING, [TIGHT, { selector: {} }], true, false],
  ])('%s', async (_what, status, guard, goes, counted) => {
    await pod(status);
    await budget(...guard);
    const { code } = await evict();
    expect([code, isGoing()]).toEqual(goes ? [201, true] : [429, false]);
    const { disruptionsAllowed, disruptedPods } = theBudget().status;
    expect(disruptionsAllowed).toBe(counted ? guard[0].disruptionsAllowed! - 1 : guard[0].disruptionsAllowed);
    expect(Object.keys(disruptedPods ?? {})).toEqual(counted ? ['web'] : []);
  });

  it('marks the pod, and says that the budget is spent', async () => {
    await pod();
    await budget(HEALTHY);
    expect((await evict({ deleteOptions: { gracePeriodSeconds: 30 } })).body).toMatchObject({ status: 'Success' });
    expect(conditionOf(thePod()!, 'DisruptionTarget')).toMatchObject({
      status: 'True',
      reason: 'EvictionByEvictionAPI',
      message: 'Eviction API: evicting',
    });
    expect(thePod()!.metadata.deletionGracePeriodSeconds).toBe(30);
    expect(conditionOf(theBudget(), 'DisruptionAllowed')).toMatchObject({
      status: 'False',
      reason: 'InsufficientPods',
      observedGeneration: 1,
    });
  });

  it('lets no two pods go on one allowance', async () => {
    await pod(RUNNING, 'a');
    await pod(RUNNING, 'b');
    await budget(HEALTHY);
    const codes = await Promise.all(['a', 'b'].map(name => evict({}, '', name).then(answer => answer.code)));
    expect(codes.sort()).toEqual([201, 429]);
  });

  it.each<[string, Partial<PodDisruptionBudget['status']>, string, number | undefined]>([
    ['no more may go', TIGHT, 'The disruption budget web needs 2 healthy pods and has 2 currently', undefined],
    [
      'the budget was changed since',
      { ...HEALTHY, observedGeneration: 0 },
      'The disruption budget web is still being processed by the server.',
      10,
    ],
    [
      'its numbers could not be kept',
      { ...BROKEN, conditions: [failedSync] },
      'The disruption budget web does not allow evicting pods currently because it failed sync: too bad',
      undefined,
    ],
    [
      'its numbers say otherwise, with a reason',
      { ...TIGHT, currentHealthy: 3, conditions: [{ ...failedSync, reason: 'Other' }] },
      'The disruption budget web does not allow evicting pods currently (Other): too bad',
      undefined,
    ],
    [
      'its numbers say otherwise',
      { ...TIGHT, currentHealthy: 3 },
      'The disruption budget web does not allow evicting pods currently',
      undefined,
    ],
  ])('is refused: %s', async (_what, status, message, seconds) => {
    await pod();
    await budget(status);
    const { code, body, headers } = await evict();
    expect(code).toBe(429);
    expect(body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      reason: 'TooManyRequests',
      details: {
        causes: [{ reason: 'DisruptionBudget', message }],
        ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
      },
      code: 429,
    });
    expect(headers['retry-after']).toBe(seconds?.toString());
    expect(isGoing()).toBe(false);
  });

  it('knows no way with two budgets', async () => {
    await pod();
    await budget(HEALTHY);
    await budget(HEALTHY, {}, 'other');
    const { code, body } = await evict();
    expect([code, body.code, body.reason, body.message]).toEqual([
      500,
      500,
      undefined,
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    ]);
  });

  it('does not go on while too many are not seen going', async () => {
    await pod();
    const disruptedPods = Object.fromEntries(Array.from({ length: 2001 }, (_, i) => [`p${i}`, '2026-01-01T00:00:00Z']));
    await budget({ ...HEALTHY, disruptedPods });
    const { code, body } = await evict();
    expect([code, body.message]).toEqual([
      403,
      'poddisruptionbudget.policy "web" is forbidden: DisruptedPods map too big - too many evictions not confirmed by PDB controller',
    ]);
  });

  it.each([
    ['in the query', {}, '?dryRun=All'],
    ['in the body', { deleteOptions: { dryRun: ['All'] } }, ''],
  ])('can be tried out: %s', async (_what, more, query) => {
    await pod();
    await budget(HEALTHY);
    expect((await evict(more, query)).code).toBe(201);
    expect([isGoing(), theBudget().status.disruptionsAllowed]).toEqual([false, 1]);
    expect(conditionOf(thePod()!, 'DisruptionTarget')).toBeUndefined();
  });

  it('tries out refusals too', async () => {
    await pod();
    await budget(TIGHT);
    expect((await evict({}, '?dryRun=All')).code).toBe(429);
  });

  it('minds preconditions, and spends nothing if they fail', async () => {
    await pod();
    await budget(HEALTHY);
    const wrong = [{ uid: 'other' }, { resourceVersion: '1' }];
    for (const preconditions of wrong) {
      const { code, body } = await evict({ deleteOptions: { preconditions } });
      expect([code, body.reason]).toEqual([409, 'Conflict']);
    }
    expect([isGoing(), theBudget().status.disruptionsAllowed]).toEqual([false, 1]);
    const { uid, resourceVersion } = thePod()!.metadata;
    expect((await evict({ deleteOptions: { preconditions: { uid, resourceVersion } } })).code).toBe(201);
    expect(isGoing()).toBe(true);
  });

  it.each([
    ['a pod that is not there', { metadata: { name: 'web' } }, 404, 'pods "web" not found'],
    ['another name', { metadata: { name: 'b' } }, 400, 'name in URL does not match name in Eviction object'],
    ['no name', { metadata: {} }, 400, 'name in URL does not match name in Eviction object'],
  ])('refuses %s', async (_what, more, code, message) => {
    const answer = await evict(more);
    expect([answer.code, answer.body.message]).toEqual([code, message]);
  });
});
