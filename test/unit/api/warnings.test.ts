import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pods } from '../../../src/resources/index.js';
import type { Pod } from '../../../src/resources/types.js';
import { type Answer, TestServer } from './serve.js';

const PODS = '/api/v1/namespaces/default/pods';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const JOBS = '/apis/batch/v1/namespaces/default/jobs';
const ENDPOINTS = '/api/v1/namespaces/default/endpoints';
const SERVICES = '/api/v1/namespaces/default/services';

const DEPRECATED = 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice';
const ORPHANS =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';
const PERIOD =
  'spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1';

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.start();
});
afterEach(() => server.close());

/** The texts of all warnings of an answer. */
const told = ({ headers: { warning } }: Answer) =>
  [...(warning ?? '').matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replace(/\\(.)/g, '$1'));

const spec = { containers: [{ name: 'main', image: 'a:1' }], terminationGracePeriodSeconds: -1 };
const deployment = (more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec },
    ...more,
  },
});
const patch = (path: string, body: object, type = 'merge-patch+json') =>
  server.ask('PATCH', path, { headers: { 'content-type': `application/${type}` }, body });

describe('warnings', () => {
  it('of a kind that is deprecated come with every answer', async () => {
    const endpoints = {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'a' },
      subsets: [{ addresses: [{ ip: '1.2.3.04' }] }],
    };
    const answers = [
      await server.get('/api/v1/endpoints'),
      await server.get(`${ENDPOINTS}/none`),
      await server.ask('DELETE', ENDPOINTS),
      await server.get('/api/v1/componentstatuses/none'),
    ];
    expect(answers.map(told)).toEqual([
      [DEPRECATED],
      [DEPRECATED],
      [DEPRECATED],
      ['v1 ComponentStatus is deprecated in v1.19+'],
    ]);
    const made = await server.post(ENDPOINTS, endpoints);
    expect([made.code, ...told(made)]).toEqual([
      201,
      DEPRECATED,
      'subsets[0].addresses[0].ip: non-standard IP address "1.2.3.04" will be considered invalid in a future Kubernetes release: use "1.2.3.4"',
    ]);
    const watch = await server.watch('/api/v1/endpoints?watch=true');
    expect(watch.headers.warning).toContain(DEPRECATED);
    watch.close();
  });

  it('of an object come with each way to write it, and with a dry run', async () => {
    expect(told(await server.post(`${DEPLOYMENTS}?dryRun=All`, deployment()))).toEqual([PERIOD]);
    expect(told(await server.post(DEPLOYMENTS, deployment()))).toEqual([PERIOD]);
    expect(told(await server.ask('PUT', `${DEPLOYMENTS}/web`, { body: deployment({ replicas: 2 }) }))).toEqual([
      PERIOD,
    ]);
    expect(told(await patch(`${DEPLOYMENTS}/web`, { metadata: { labels: { a: 'b' } } }))).toEqual([]);
    expect(told(await patch(`${DEPLOYMENTS}/web`, { spec: { replicas: 3 } }))).toEqual([PERIOD]);
    expect(told(await patch(`${DEPLOYMENTS}/web/scale`, { spec: { replicas: 4 } }))).toEqual([PERIOD]);
    expect(told(await patch(`${DEPLOYMENTS}/web/status`, { status: { replicas: 1 } }))).toEqual([]);
    const applied = { ...deployment(), metadata: { name: 'other' } };
    expect(told(await patch(`${DEPLOYMENTS}/other?fieldManager=me`, applied, 'apply-patch+yaml'))).toEqual([PERIOD]);
  });

  it('of a pod come when it is made, not when it changes', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a.b' }, spec };
    expect(told(await server.post(PODS, pod))).toHaveLength(2);
    expect(told(await patch(`${PODS}/a.b`, { metadata: { labels: { a: 'b' } } }))).toEqual([]);
    const status = { podIPs: [{ ip: '2001:DB8::1' }] };
    expect(told(await patch(`${PODS}/a.b/status`, { status }))).toEqual([
      'status.podIPs[0].ip: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")',
    ]);
  });

  it('are not thought of where nobody hears them', async () => {
    const warnings = vi.spyOn(pods.strategy, 'warnings');
    const draft = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec } as unknown as Pod;
    await server.registry.create(pods, draft, { namespace: 'default' });
    expect(warnings).not.toHaveBeenCalled();
    await server.registry.create(pods, { ...draft, metadata: { name: 'b' } } as Pod, {
      namespace: 'default',
      warn() {},
    });
    expect(warnings).toHaveBeenCalledOnce();
    warnings.mockRestore();
  });

  it('do not come with what is refused', async () => {
    const answer = await server.post(DEPLOYMENTS, deployment({ replicas: -1 }));
    expect([answer.code, ...told(answer)]).toEqual([422]);
  });

  it('of a headless Service come only where it asks for what it cannot have', async () => {
    const service = (name: string, more: object = {}) =>
      server.post(SERVICES, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: { clusterIP: 'None', ports: [{ port: 80 }], ...more },
      });
    expect(told(await service('plain'))).toEqual([]);
    expect(told(await service('sticky', { sessionAffinity: 'ClientIP' }))).toEqual([
      'spec.SessionAffinity is ignored for headless services',
    ]);
    const old = await service('old', { clusterIP: '010.96.0.77', externalIPs: ['010.1.2.3'] });
    expect([old.code, old.body.spec?.clusterIP, ...told(old)]).toEqual([
      201,
      '010.96.0.77',
      'spec.clusterIPs[0]: non-standard IP address "010.96.0.77" will be considered invalid in a future Kubernetes release: use "10.96.0.77"',
      'spec.externalIPs[0]: non-standard IP address "010.1.2.3" will be considered invalid in a future Kubernetes release: use "10.1.2.3"',
    ]);
  });

  it('of a Job come to who deletes it and says nothing of its pods', async () => {
    const gone = (query = '', body?: object) => server.ask('DELETE', `${JOBS}/none${query}`, body ? { body } : {});
    expect(told(await gone())).toEqual([ORPHANS]);
    expect(told(await server.ask('DELETE', JOBS))).toEqual([ORPHANS]);
    expect(told(await gone('?propagationPolicy=Orphan'))).toEqual([]);
    expect(told(await gone('', { kind: 'DeleteOptions', apiVersion: 'v1', orphanDependents: false }))).toEqual([]);
    expect(told(await server.ask('DELETE', `${PODS}/none`))).toEqual([]);
  });
});
