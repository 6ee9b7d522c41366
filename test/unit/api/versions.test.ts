import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestServer } from './serve.js';

const MERGE = { headers: { 'content-type': 'application/merge-patch+json' } };
const TABLE = { headers: { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' } };

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.start();
});
afterEach(() => server.close());

describe('the scale of a workload', () => {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'web:1' }] } };
  const selector = { matchLabels: { app: 'web' } };

  const SETS: [string, string, object][] = [
    ['/apis/apps/v1/namespaces/default/deployments', 'Deployment', { selector, template }],
    ['/apis/apps/v1/namespaces/default/replicasets', 'ReplicaSet', { selector, template }],
    ['/apis/apps/v1/namespaces/default/statefulsets', 'StatefulSet', { selector, template }],
    ['/api/v1/namespaces/default/replicationcontrollers', 'ReplicationController', { template }],
  ];

  it.each(SETS)('of %s is read, replaced and patched', async (path, kind, spec) => {
    const apiVersion = path.startsWith('/api/v1') ? 'v1' : 'apps/v1';
    await server.ask('POST', path, { body: { apiVersion, kind, metadata: { name: 'web' }, spec } });
    const scale = `${path}/web/scale`;
    const read = await server.ask('GET', scale);
    expect(read.body).toMatchObject({
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'web', namespace: 'default' },
      spec: { replicas: 1 },
      status: { replicas: 0, selector: 'app=web' },
    });
    const put = await server.ask('PUT', scale, { body: { ...read.body, spec: { replicas: 3 } } });
    expect([put.code, put.body.spec]).toEqual([200, { replicas: 3 }]);
    const patched = await server.ask('PATCH', scale, { ...MERGE, body: '{"spec":{"replicas":5}}' });
    expect([patched.code, patched.body.spec]).toEqual([200, { replicas: 5 }]);
    const scaled = await server.ask('GET', `${path}/web`);
    expect(scaled.body).toMatchObject({ metadata: { generation: 3 }, spec: { replicas: 5 } });
    const bad = await server.ask('PATCH', scale, { ...MERGE, body: '{"spec":{"replicas":-1}}' });
    expect([bad.code, bad.body.message]).toEqual([
      422,
      'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ]);
    const stale = await server.ask('PUT', scale, { body: read.body });
    expect(stale.body.reason).toBe('Conflict');
    const table = await server.ask('GET', scale, TABLE);
    expect(table.body.rows[0].cells).toEqual(['web', 5, 0, '0s']);
  });
});

describe('HorizontalPodAutoscalers in two versions', () => {
  const path = (version: string) => `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`;

  it('are one object', async () => {
    const spec = {
      maxReplicas: 5,
      scaleTargetRef: { kind: 'Deployment', name: 'web' },
      targetCPUUtilizationPercentage: 60,
    };
    const body = { apiVersion: 'autoscaling/v1', kind: 'HorizontalPodAutoscaler', metadata: { name: 'web' }, spec };
    const made = await server.ask('POST', path('v1'), { body });
    expect([made.code, made.body.apiVersion, made.body.spec]).toEqual([
      201,
      'autoscaling/v1',
      { ...spec, minReplicas: 1 },
    ]);
    await server.ask('PATCH', `${path('v1')}/web`, {
      ...MERGE,
      body: '{"spec":{"targetCPUUtilizationPercentage":70}}',
    });
    const { body: newer } = await server.ask('GET', `${path('v2')}/web`);
    expect(newer.spec.metrics).toEqual([
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
    ]);
    const rows = await Promise.all(['v1', 'v2'].map(version => server.ask('GET', path(version), TABLE)));
    for (const { body: table } of rows) {
      expect(table.rows[0].cells).toEqual(['web', 'Deployment/web', 'cpu: <unknown>/70%', '1', 5, 0, '0s']);
    }
    expect((await server.ask('DELETE', `${path('v1')}/web`)).code).toBe(200);
    expect((await server.ask('GET', `${path('v2')}/web`)).code).toBe(404);
  });
});

describe('Events in two versions', () => {
  const CORE = '/api/v1/namespaces/default/events';
  const NEW = '/apis/events.k8s.io/v1/namespaces/default/events';
  const event = {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: 'e' },
    regarding: { kind: 'Pod', namespace: 'default', name: 'p' },
    reason: 'Because',
    note: 'So it is.',
    type: 'Normal',
    action: 'Do',
    eventTime: '2026-01-01T00:00:00.000000Z',
    reportingController: 'example.com/c',
    reportingInstance: 'i',
  };

  it('are one object under two names of fields', async () => {
    const made = await server.ask('POST', NEW, { body: event });
    expect([made.code, made.body]).toMatchObject([
      201,
      { ...event, deprecatedSource: {}, deprecatedFirstTimestamp: null },
    ]);
    const { body: old } = await server.ask('GET', `${CORE}/e`);
    expect(old).toMatchObject({
      apiVersion: 'v1',
      involvedObject: event.regarding,
      message: event.note,
      reportingComponent: event.reportingController,
      source: {},
      firstTimestamp: null,
    });
    expect(old).not.toHaveProperty('note');
  });

  it('show what was reported the old way', async () => {
    const old = {
      metadata: { name: 'o' },
      involvedObject: { kind: 'Node', name: 'n' },
      source: { component: 'kubelet', host: 'n' },
      count: 2,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:01:00Z',
    };
    expect((await server.ask('POST', CORE, { body: old })).code).toBe(201);
    const { body } = await server.ask('GET', `${NEW}/o`);
    expect(body).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      regarding: { kind: 'Node', name: 'n' },
      deprecatedSource: old.source,
      deprecatedCount: 2,
      deprecatedFirstTimestamp: old.firstTimestamp,
      deprecatedLastTimestamp: old.lastTimestamp,
    });
  });

  it.each([
    ['regarding.kind=Pod', 1],
    ['regarding.kind=Node', 0],
    ['reportingController=example.com/c', 1],
    ['type=Normal,reason=Because', 1],
  ])('are selected by %s', async (selector, count) => {
    await server.ask('POST', NEW, { body: event });
    const { body } = await server.ask('GET', `${NEW}?fieldSelector=${encodeURIComponent(selector)}`);
    expect(body).toMatchObject({ kind: 'EventList', apiVersion: 'events.k8s.io/v1' });
    expect(body.items).toHaveLength(count);
  });

  it('are not selected by fields of the other version', async () => {
    const { code, body } = await server.ask('GET', `${NEW}?fieldSelector=involvedObject.kind%3DPod`);
    expect([code, body.message]).toEqual([
      400,
      expect.stringContaining('field label not supported: involvedObject.kind'),
    ]);
  });

  it('must be new when they are made the new way', async () => {
    const { eventTime: _, ...rest } = event;
    const body = {
      ...rest,
      type: 'Odd',
      deprecatedCount: 3,
      deprecatedSource: { component: 'c' },
      series: { count: 1 },
    };
    const { code, body: status } = await server.ask('POST', NEW, { body });
    expect(code).toBe(422);
    expect(status.details.causes.map((c: { field: string }) => c.field)).toEqual([
      'series.count',
      'series.lastObservedTime',
      'eventTime',
      'type',
      'count',
      'source',
    ]);
  });
});
