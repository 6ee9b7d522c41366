import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.js';

let cluster: Cluster;
let port: number;
beforeAll(async () => {
  cluster = await createCluster({ nodes: 1, clock: 'virtual', token: 'secret' });
  port = (await cluster.listen()).port;
});
afterAll(() => cluster.close());

/** Asks with the offer to go on in another protocol. */
function offer(upgrade: string, path: string, { method = 'GET', token = 'secret' } = {}) {
  const headers = { connection: 'Upgrade', upgrade, authorization: `Bearer ${token}` };
  return new Promise<{ code: number; body: { kind: string; code?: number; reason?: string; message?: string } }>(
    (resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path, method, headers }, (response: IncomingMessage) => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('end', () =>
          resolve({ code: response.statusCode!, body: JSON.parse(Buffer.concat(chunks).toString()) }),
        );
      });
      asked.on('upgrade', () => reject(new Error('upgraded')));
      asked.on('error', reject);
      asked.end();
    },
  );
}

describe('offers of other protocols', () => {
  it('are let pass, as HTTP/2 in the clear is by whoever does not speak it', async () => {
    expect(await offer('h2c', '/api/v1/nodes')).toMatchObject({ code: 200, body: { kind: 'NodeList' } });
    expect(await offer('h2c', '/api/v1/nodes', { token: 'wrong' })).toMatchObject({ code: 401 });
  });

  it.each([
    ['websocket', 'GET'],
    ['SPDY/3.1', 'POST'],
  ])('for what containers do are declined with a Status (%s)', async (protocol, method) => {
    const path = '/api/v1/namespaces/default/pods/p/exec?command=ls';
    const declined = { code: 404, body: { kind: 'Status', reason: 'NotFound', code: 404 } };
    expect(await offer(protocol, path, { method })).toMatchObject(declined);
  });

  it('to stream in SPDY alone are declined in words that help', async () => {
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'main', image: 'a:1' }] },
    });
    await cluster.settled();
    const path = '/api/v1/namespaces/default/pods/p/exec?command=ls&stdout=true';
    expect(await offer('SPDY/3.1', path, { method: 'POST' })).toMatchObject({
      code: 400,
      body: { reason: 'BadRequest', message: expect.stringContaining('SPDY is not served') },
    });
  });

  it('for subscriptions need the token', async () => {
    expect(await offer('websocket', '/graphql', { token: 'wrong' })).toMatchObject({ code: 401 });
  });
});
