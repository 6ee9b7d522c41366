import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tableOf } from '../../conformance/catalogue.js';
import { addNamespace } from '../../support/registry.js';
import { TestServer } from './serve.js';
import { daemonSet, failure, generations, image, SETS, Sets, STALE, STRATEGIC, ZEROES } from './sets.js';

let server: TestServer;
const sets = new Sets(() => server);
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());
// One server for all: each test finds the namespace without sets.
beforeEach(() => sets.clear());

describe('outcomes of requests about DaemonSets', () => {
  const notFound = failure('NotFound', 404, 'daemonsets.apps "x" not found');

  /** By the call, as the catalogue names it. */
  const outcomes: Record<string, () => Promise<void>> = {
    'POST valid': async () => {
      const { code, body } = await server.post(SETS, { ...daemonSet('x'), status: { numberReady: 3 } });
      expect(code).toBe(201);
      expect(generations(body)).toEqual([1, '1']);
      expect(body.status).toEqual(ZEROES);
    },
    'POST same name': async () => {
      await sets.make();
      expect(await server.post(SETS, daemonSet('x'))).toMatchObject(
        failure('AlreadyExists', 409, 'daemonsets.apps "x" already exists'),
      );
    },
    'POST invalid': async () => {
      const message =
        'DaemonSet.apps "x" is invalid: spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0';
      expect(await server.post(SETS, daemonSet('x', { minReadySeconds: -1 }))).toMatchObject(
        failure('Invalid', 422, message),
      );
    },
    'POST into terminating namespace': async () => {
      await addNamespace(server.registry, 'going');
      await server.ask('DELETE', '/api/v1/namespaces/going');
      const answer = await server.post('/apis/apps/v1/namespaces/going/daemonsets', daemonSet('x'));
      expect(answer).toMatchObject(
        failure(
          'Forbidden',
          403,
          'daemonsets.apps "x" is forbidden: unable to create new content in namespace going because it is being terminated',
        ),
      );
      expect(answer.body.details.causes).toMatchObject([{ reason: 'NamespaceTerminating' }]);
    },
    'GET/PUT/PATCH/DELETE missing': async () => {
      for (const answer of [
        await sets.get('x'),
        await sets.put('x', daemonSet('x')),
        await sets.patch('x', {}),
        await sets.delete('x'),
        await sets.get('x/status'),
        await sets.put('x/status', daemonSet('x')),
      ])
        expect(answer).toMatchObject(notFound);
      expect((await sets.get('x')).body.details).toEqual({ name: 'x', group: 'apps', kind: 'daemonsets' });
    },
    'PUT stale RV': async () => {
      const old = await sets.make();
      await sets.patch('x', image('a:2'));
      expect(await sets.put('x', old)).toMatchObject(STALE);
    },
    'PUT selector change': async () => {
      const old = await sets.make();
      const { spec } = daemonSet('x', { selector: { matchLabels: { app: 'other' } } });
      spec.template.metadata.labels = { app: 'other' };
      expect(await sets.put('x', { ...old, spec })).toMatchObject(
        failure(
          'Invalid',
          422,
          'DaemonSet.apps "x" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
        ),
      );
    },
    'DELETE with wrong UID/RV precondition': async () => {
      const { metadata } = await sets.make();
      const refused = (what: string, wanted: string, found: string, since: string) =>
        failure(
          'Conflict',
          409,
          `Operation cannot be fulfilled on DaemonSet.apps "x": the ${what} in the precondition (${wanted}) does not match the ${what} in record (${found}). The object might have been ${since}`,
        );
      expect(await sets.delete('x', { preconditions: { uid: 'other' } })).toMatchObject(
        refused('UID', 'other', metadata.uid, 'deleted and then recreated'),
      );
      expect(await sets.delete('x', { preconditions: { resourceVersion: '1' } })).toMatchObject(
        refused('ResourceVersion', '1', metadata.resourceVersion, 'modified'),
      );
      expect(await sets.delete('x', { preconditions: { uid: metadata.uid } })).toMatchObject({ code: 200 });
    },
    'GET /status': async () => {
      const set = await sets.make();
      expect(await sets.get('x/status')).toMatchObject({ code: 200, body: set });
    },
    'PATCH /status touching spec': async () => {
      const set = await sets.make();
      const { code, body } = await sets.patch('x/status', { ...image('a:2'), status: { numberReady: 4 } });
      expect([code, body.status.numberReady]).toEqual([200, 4]);
      expect(body.spec).toEqual(set.spec);
      expect(generations(body)).toEqual([1, '1']);
    },
    'PATCH with `$patch: replace` (strategic)': async () => {
      const labels = { app: 'agent', tier: 'node' };
      const containers = [
        { name: 'main', image: 'a:1' },
        { name: 'side', image: 'b:1' },
      ];
      await sets.make({ template: { metadata: { labels, annotations: { a: '1' } }, spec: { containers } } });
      const template = {
        metadata: { labels: { app: 'agent' } },
        spec: { containers: [{ name: 'main', image: 'a:2' }] },
      };
      const merged = await sets.patch('x', { spec: { template } }, STRATEGIC);
      expect(merged.body.spec.template.metadata).toEqual({ labels, annotations: { a: '1' } });
      expect(merged.body.spec.template.spec.containers).toHaveLength(2);
      const replaced = await sets.patch('x', { spec: { template: { ...template, $patch: 'replace' } } }, STRATEGIC);
      expect(replaced.code).toBe(200);
      expect(replaced.body.spec.template.metadata).toEqual({ labels: { app: 'agent' } });
      expect(replaced.body.spec.template.spec.containers).toMatchObject([{ name: 'main', image: 'a:2' }]);
    },
    'PATCH unsupported media type': async () => {
      await sets.make();
      expect(await sets.patch('x', {}, 'application/json')).toMatchObject(
        failure('UnsupportedMediaType', 415, expect.any(String)),
      );
    },
  };

  it('are all here', () => {
    expect(Object.keys(outcomes)).toEqual(tableOf('21. HTTP outcome catalogue').map(([call]) => call));
  });

  it.each(Object.entries(outcomes))('%s', (_, outcome) => outcome());
});
