import { afterEach, describe, expect, it } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster, type Fault, type FaultRule } from '../../../src/index.js';
import { configMaps } from '../../../src/resources/index.js';
import { ask, type Came, json } from '../../support/asking.js';

let cluster: Cluster;
let url: string;
afterEach(() => cluster.close());

/** Nobody writes but the test. */
async function serve(options: ClusterOptions = {}): Promise<void> {
  cluster = await createCluster({ clock: 'virtual', kubelet: 'off', controllers: ['-*'], ...options });
  ({ url } = await cluster.listen());
}

const MAPS = '/api/v1/namespaces/default/configmaps';
const create = (name: string, headers = {}): Promise<Came> =>
  ask(url + MAPS, { method: 'POST', body: { metadata: { name } }, headers });
const exists = (name: string) => cluster.registry.get(configMaps, 'default', name) !== undefined;

describe('the disk', () => {
  it('is full: nothing of the write stays, and all is well once there is room', async () => {
    await serve();
    cluster.faults.add({ name: 'full', when: { nth: [2, 3] }, fault: 'fullDisk' });
    expect((await create('one')).code).toBe(201);
    const revision = cluster.revision;
    for (let i = 0; i < 2; i++) {
      const came = await create('two');
      expect([came.code, json(came).message]).toEqual([
        500,
        'Internal error occurred: the disk is full: the store cannot grow',
      ]);
      expect(exists('two')).toBe(false);
    }
    expect((await ask(`${url}/readyz`)).code).toBe(500);
    expect((await create('two')).code).toBe(201);
    expect(cluster.revision).toBe(revision + 1);
    expect((await ask(`${url}/readyz`)).code).toBe(200);
    expect(cluster.faults.get('full')).toMatchObject({ matched: 4, fired: 2 });
    cluster.faults.verify();
  });

  it('is full only in its time, by the cluster’s clock, also after a reset', async () => {
    await serve({ faults: [{ when: { after: '10s', for: '10s' }, fault: 'fullDisk' }] });
    for (let round = 0; round < 2; round++) {
      expect((await create('one')).code).toBe(201);
      await cluster.advance('10s');
      expect((await create('two')).code).toBe(500);
      await cluster.advance('10s');
      expect((await create('three')).code).toBe(201);
      await cluster.reset();
    }
  });

  it('is slow: whoever waits for a commit waits, also while the clock stands still', async () => {
    await serve();
    cluster.faults.add({ name: 'slow', when: { times: 1 }, fault: { slowDisk: { by: '60ms' } } });
    expect((await create('one')).code).toBe(201);
    expect((await create('two')).code).toBe(201);
    expect(cluster.faults.get('slow')).toMatchObject({ matched: 2, fired: 1 });
    // Timers may be a little early, by whole milliseconds.
    expect(cluster.journal.find()[0]!.milliseconds).toBeGreaterThan(55);
  });
});

describe('webhooks', () => {
  const HOOK = 'https://hooks.default.svc:443/validate';
  const hook = (failurePolicy: string) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'hooks' },
    webhooks: [
      {
        name: 'validate.example.com',
        clientConfig: { service: { namespace: 'default', name: 'hooks', path: '/validate' } },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        failurePolicy,
        timeoutSeconds: 7,
      },
    ],
  });

  it.each<[Fault, string]>([
    ['webhookTimeout', 'context deadline exceeded'],
    ['webhookRefused', 'dial tcp hooks.default.svc:443: connect: connection refused'],
  ])('%j: what waits for it is refused, or passes, by its failurePolicy', async (fault, why) => {
    await serve();
    cluster.faults.add({ name: 'hook', match: { webhook: HOOK }, fault });
    await cluster.apply(hook('Fail'));
    const came = await create('one');
    expect([came.code, json(came).message]).toEqual([
      500,
      `Internal error occurred: failed calling webhook "validate.example.com": failed to call webhook: Post "${HOOK}?timeout=7s": ${why}`,
    ]);
    expect(exists('one')).toBe(false);
    await cluster.apply(hook('Ignore'));
    expect((await create('one')).code).toBe(201);
    expect(cluster.faults.get('hook')).toMatchObject({ matched: 2, fired: 2 });
  });

  it('time out after their time where the clock runs', async () => {
    await serve();
    cluster.clock.setRate(1000);
    cluster.faults.add({ fault: 'webhookTimeout' });
    await cluster.apply(hook('Fail'));
    const began = cluster.clock.now();
    expect((await create('one')).code).toBe(500);
    expect(cluster.clock.now() - began).toBeGreaterThanOrEqual(7000);
  });

  it('that are others are asked, and told of as near misses', async () => {
    await serve();
    cluster.faults.add({ name: 'hook', match: { webhook: 'https://other*' }, fault: 'webhookTimeout' });
    await cluster.apply(hook('Ignore'));
    expect((await create('one')).code).toBe(201);
    expect(() => cluster.faults.verify()).toThrow(
      `a fault rule never fired:\n- hook: no request matched; the closest were\n    call of ${HOOK}: webhook https://other*: it is ${HOOK}`,
    );
  });
});

describe('rules that make no sense', () => {
  it.each<[FaultRule, string]>([
    [
      { match: { verbs: ['create'] }, fault: 'fullDisk' },
      'match.verbs must be absent: fullDisk happens to whatever is written to the disk',
    ],
    [
      { match: { webhook: 'https://x' }, fault: { slowDisk: { by: '1s' } } },
      'match.webhook must be absent: slowDisk happens to whatever is written to the disk',
    ],
    [
      { match: { name: 'x' }, fault: 'webhookTimeout' },
      'match.name must be absent: webhookTimeout happens to webhooks, which match.webhook tells',
    ],
    [
      { match: { webhook: 'https://x' }, fault: 'conflict' },
      'match.webhook must be absent: conflict happens to requests',
    ],
  ])('%j', async (rule, message) => {
    await serve();
    expect(() => cluster.faults.add(rule)).toThrow(message);
  });

  it('a request cannot bring what does not happen to requests', async () => {
    await serve();
    expect(await create('one', { 'kubette-fault': 'fullDisk' })).toMatchObject({
      code: 400,
      text: expect.stringContaining('Kubette-Fault must be a fault that happens to requests, not \\"fullDisk\\"'),
    });
    cluster.faults.add({ fault: 'fullDisk' });
    expect(cluster.faults.get('fullDisk')).toMatchObject({ matched: 0 });
  });
});
