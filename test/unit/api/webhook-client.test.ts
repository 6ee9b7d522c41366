import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webhookClient } from '../../../src/api/webhook-client.js';
import type { WebhookClient } from '../../../src/resources/admission/configuration.js';
import { endpoints, services } from '../../../src/resources/index.js';
import { openRegistry, type TestRegistry } from '../../support/registry.js';
import { type WebhookAnswer, WebhookServer } from '../../support/webhook-server.js';

const ANSWERS: Record<string, WebhookAnswer | undefined> = {
  '/ok': { body: '{"kind":"AdmissionReview","response":{}}' },
  '/missing': { code: 404, type: 'text/plain', body: 'not here' },
  '/broken': { code: 500, type: 'text/plain', body: 'oops' },
  '/status': { code: 403, body: '{"kind":"Status","message":"not for you"}' },
  '/text': { body: 'hello' },
  '/other': { body: '{}' },
  '/never': undefined,
};

let registry: TestRegistry;
let server: WebhookServer;
let expired: WebhookServer;

beforeAll(async () => {
  registry = await openRegistry();
  const answer = (_: unknown, url: string) => ANSWERS[url.split('?')[0]!];
  server = await WebhookServer.start(answer, ['localhost', '127.0.0.1', 'hook.default.svc']);
  expired = await WebhookServer.start(answer, ['localhost'], [-3, -2]);
});
afterAll(() => Promise.all([server.close(), expired.close()]));

/** What comes back, or why nothing does, with ports named rather than numbered. */
async function call(client: WebhookClient, allowed: string[] = [], seconds = 10): Promise<unknown> {
  try {
    return await webhookClient(registry, allowed).call(client, { a: 1 }, seconds);
  } catch (error) {
    return (error as Error).message.replaceAll(String(server.port), 'PORT');
  }
}
const at = (path: string, host = 'localhost'): WebhookClient => ({
  url: `https://${host}:${server.port}${path}`,
  caBundle: server.caBundle,
});
const post = (why: string, url = 'https://localhost:PORT/ok', seconds = 10) =>
  `failed to call webhook: Post "${url}?timeout=${seconds}s": ${why}`;

describe('a URL', () => {
  it.each(['localhost', '127.0.0.1'])('%s is asked over HTTPS', async host => {
    server.calls.length = 0;
    expect(await call(at('/ok', host))).toEqual({ kind: 'AdmissionReview', response: {} });
    expect(server.calls).toEqual([{ url: '/ok?timeout=10s', body: { a: 1 }, host: `${host}:${server.port}` }]);
  });

  it.each<[string, string]>([
    ['/missing', 'the server could not find the requested resource'],
    ['/broken', 'an error on the server ("oops") has prevented the request from being completed'],
    ['/status', 'not for you'],
    ['/text', "couldn't get version/kind; json parse error: invalid character 'h' looking for beginning of value"],
    ['/other', "Object 'Kind' is missing in '{}'"],
  ])('%s: %s', async (path, expected) => {
    expect(await call(at(path))).toBe(`failed to call webhook: ${expected}`);
  });

  it('that does not answer in time', async () => {
    expect(await call(at('/never'), [], 1)).toBe(post('context deadline exceeded', 'https://localhost:PORT/never', 1));
  });

  it('whose certificate is not trusted', async () => {
    const x509 = (why: string) => `tls: failed to verify certificate: x509: ${why}`;
    const { caBundle: _, ...untrusted } = at('/ok');
    expect(await call(untrusted)).toBe(post(x509('certificate signed by unknown authority')));
    expect(await call({ ...at('/ok'), caBundle: expired.caBundle })).toBe(
      post(x509('certificate signed by unknown authority')),
    );
    const old = { url: `https://localhost:${expired.port}/ok`, caBundle: expired.caBundle };
    expect(await call(old)).toBe(
      post(x509('certificate has expired or is not yet valid'), `https://localhost:${expired.port}/ok`),
    );
    const nothing = Buffer.from('nothing').toString('base64');
    expect(await call({ ...at('/ok'), caBundle: nothing })).toBe(
      'could not get REST client: unable to load root certificates: unable to parse bytes as PEM block',
    );
  });

  it('where nobody listens, or nobody speaks HTTPS', async () => {
    const plain = createServer((_request, response) => response.end());
    await new Promise<void>(resolve => plain.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(plain.address() as AddressInfo).port}/ok`;
    expect(await call({ url })).toBe(post('http: server gave HTTP response to HTTPS client', url));
    await new Promise(resolve => plain.close(resolve));
    const place = url.replace('https://', '').replace('/ok', '');
    expect(await call({ url })).toBe(post(`dial tcp ${place}: connect: connection refused`, url));
  });

  it('elsewhere is called only if that is allowed', async () => {
    const refusal = (host: string) =>
      `${host} is no loopback address, and nothing is sent anywhere else unless it is allowed (--webhook-hosts)`;
    const url = 'https://192.0.2.1/ok';
    expect(await call({ url })).toBe(post(refusal('192.0.2.1'), url));
    expect(await call({ url: 'https://192.0.2.1/ok' }, ['192.0.2.2'])).toBe(post(refusal('192.0.2.1'), url));
  });
});

describe('a Service', () => {
  const client = (name: string, port?: number): WebhookClient => ({
    service: { name, namespace: 'default', path: '/ok', ...(port ? { port } : {}) },
    caBundle: server.caBundle,
  });
  const service = (name: string, spec: object) =>
    registry.create(services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'default' },
      spec: { ports: [{ port: 443 }], ...spec },
    } as never);
  const told = (name: string, why: string, port = '443') => post(why, `https://${name}.default.svc:${port}/ok`);

  it('that is not there, or has nobody behind it', async () => {
    expect(await call(client('none'))).toBe(told('none', 'service "none" not found'));
    await service('empty', {});
    expect(await call(client('empty'))).toBe(told('empty', 'no endpoints available for service "empty"'));
    expect(await call(client('empty', 8443))).toBe(
      told('empty', 'no service port 8443 found for service "empty"', '8443'),
    );
  });

  it('whose pods are simulated refuses connections', async () => {
    const { object } = await service('pods', {});
    await registry.create(endpoints, {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'pods', namespace: 'default' },
      subsets: [{ addresses: [{ ip: '10.244.0.5', targetRef: { kind: 'Pod', name: 'p' } }], ports: [{ port: 443 }] }],
    } as never);
    const { clusterIP } = (object as unknown as { spec: { clusterIP: string } }).spec;
    expect(await call(client('pods'))).toBe(told('pods', `dial tcp ${clusterIP}:443: connect: connection refused`));
  });

  it('of type ExternalName leads to this machine, under its own name', async () => {
    await service('hook', { type: 'ExternalName', externalName: 'localhost', ports: [{ port: server.port }] });
    server.calls.length = 0;
    expect(await call(client('hook', server.port))).toEqual({ kind: 'AdmissionReview', response: {} });
    expect(server.calls[0]!.host).toBe(`hook.default.svc:${server.port}`);
    await service('stranger', { type: 'ExternalName', externalName: 'localhost', ports: [{ port: server.port }] });
    expect(await call(client('stranger', server.port))).toBe(
      told(
        'stranger',
        'tls: failed to verify certificate: x509: certificate is valid for localhost, hook.default.svc, not stranger.default.svc',
        'PORT',
      ),
    );
  });

  it('leads to addresses outside of the cluster only if they are allowed', async () => {
    await service('outside', {});
    await registry.create(endpoints, {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'outside', namespace: 'default' },
      subsets: [{ addresses: [{ ip: '192.0.2.7' }], ports: [{ port: 9443 }] }],
    } as never);
    expect(await call(client('outside'))).toContain('192.0.2.7 is no loopback address');
  });
});
