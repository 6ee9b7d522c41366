import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeProtobuf, encodeProtobuf } from '../../../src/api/protobuf/index.js';
import { TestServer } from './serve.js';

const at = (version: string) => `/apis/policy/${version}/namespaces/default/poddisruptionbudgets`;

describe('versions that are answered but told of nowhere', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start();
    await server.post(at('v1'), {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'a' },
      spec: { minAvailable: 1 },
    });
  });
  afterAll(() => server.close());

  it('show what is stored in today’s version', async () => {
    const { body } = await server.get(`${at('v1beta1')}/a`);
    expect(body).toMatchObject({ apiVersion: 'policy/v1beta1', spec: { minAvailable: 1 } });
    expect((await server.get(at('v1beta1'))).body).toMatchObject({
      kind: 'PodDisruptionBudgetList',
      apiVersion: 'policy/v1beta1',
      items: [{ metadata: { name: 'a' } }],
    });
  });

  it('take writes', async () => {
    const { body } = await server.get(`${at('v1beta1')}/a`);
    const { code } = await server.ask('PUT', `${at('v1beta1')}/a`, { body: { ...body, spec: { minAvailable: 2 } } });
    expect(code).toBe(200);
    expect((await server.get(`${at('v1')}/a`)).body).toMatchObject({
      apiVersion: 'policy/v1',
      spec: { minAvailable: 2 },
    });
  });

  it('go over the wire in protobuf', async () => {
    const accept = 'application/vnd.kubernetes.protobuf';
    const budget = { apiVersion: 'policy/v1beta1', kind: 'PodDisruptionBudget', metadata: { name: 'b' } };
    const body = encodeProtobuf({ ...budget, spec: { maxUnavailable: '25%' } });
    const { code, bytes } = await server.ask('POST', at('v1beta1'), {
      headers: { 'content-type': accept, accept },
      body,
    });
    expect(code).toBe(201);
    expect(decodeProtobuf(bytes)).toMatchObject({ ...budget, spec: { maxUnavailable: '25%' } });
  });

  it('are in no document', async () => {
    const versions = (await server.get('/apis/policy')).body.versions;
    expect(versions).toEqual([{ groupVersion: 'policy/v1', version: 'v1' }]);
    expect((await server.get('/apis/policy/v1beta1')).code).toBe(404);
    expect((await server.get('/openapi/v2')).text).not.toContain('policy/v1beta1');
  });
});
