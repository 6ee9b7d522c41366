import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { adminCertificate, serverCertificates } from '../../../src/cli/certificates.js';
import { explain } from '../../../src/cli/explain.js';
import { accessTo, kubeconfig, writeKubeconfig } from '../../../src/cli/kubeconfig.js';
import { type Cluster, createCluster } from '../../../src/index.js';

let printed = '';
beforeEach(() => {
  vi.stubEnv('XDG_CACHE_HOME', mkdtempSync(join(tmpdir(), 'kubette-cli-')));
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const OWN = { server: 'https://127.0.0.1:9001', token: 'secret', ca: 'PEM' };

describe('kubeconfig', () => {
  it('is the one that the server left, however the server is named', () => {
    writeKubeconfig(OWN);
    const left = () => {
      const path = printed.trim();
      printed = '';
      return readFileSync(path, 'utf8');
    };
    kubeconfig({ port: 9001 });
    const text = left();
    expect(text).toContain('secret');
    for (const server of ['https://127.0.0.1:9001', 'https://localhost:9001', 'https://[::1]:9001']) {
      kubeconfig({ port: 8001, server });
      expect(left()).toBe(text);
    }
    kubeconfig({ port: 9001, print: true });
    expect(printed).toBe(text);
  });

  it('never takes the place of what a server left', () => {
    writeKubeconfig(OWN);
    kubeconfig({ port: 9001, token: 'another' });
    kubeconfig({ port: 8001, server: 'https://elsewhere.example:9001', token: 'another' });
    const [beside, elsewhere] = printed
      .trim()
      .split('\n')
      .map(path => readFileSync(path, 'utf8'));
    expect(beside).toContain('server: "https://127.0.0.1:9001"');
    expect(beside).toContain(`certificate-authority-data: "${Buffer.from('PEM').toString('base64')}"`);
    expect(elsewhere).not.toContain('certificate-authority-data');
    expect(accessTo({ port: 9001 })).toEqual(OWN);
  });

  it('is made for a server that left none', () => {
    kubeconfig({ port: 9002 });
    expect(readFileSync(printed.trim(), 'utf8')).toContain('server: "http://127.0.0.1:9002"');
    expect(() => kubeconfig({ port: 8001, server: 'nowhere' })).toThrow('--server nowhere is no URL');
  });
});

describe('certificates', () => {
  it('are kept, the keys for nobody else to read, and outlive a change of address', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubette-tls-'));
    const first = await serverCertificates(folder, '127.0.0.1');
    expect(await serverCertificates(folder, '127.0.0.1')).toEqual(first);
    const moved = await serverCertificates(folder, 'cluster.example');
    expect(moved.authority).toEqual(first.authority);
    const certificate = new X509Certificate(moved.server.certificate);
    expect(certificate.subjectAltName).toContain('DNS:cluster.example');
    expect(certificate.verify(new X509Certificate(first.authority.certificate).publicKey)).toBe(true);
    for (const file of ['ca.key', 'server.key']) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  });

  it('of the administrator are in a kubeconfig of their own', async () => {
    const { authority } = await serverCertificates(mkdtempSync(join(tmpdir(), 'kubette-tls-')), '127.0.0.1');
    const client = await adminCertificate(authority);
    const { subject } = new X509Certificate(client.certificate);
    expect(subject.split('\n')).toEqual(['CN=kubernetes-admin', 'O=kubeadm:cluster-admins', 'O=system:masters']);
    writeKubeconfig({ ...OWN, client });
    kubeconfig({ port: 9001, clientCertificate: true });
    const text = readFileSync(printed.trim(), 'utf8');
    expect(text).toContain(`client-key-data: "${Buffer.from(client.key).toString('base64')}"`);
    expect(text).not.toContain('secret');
    expect(accessTo({ port: 9001 })).toEqual(OWN);
    writeKubeconfig(OWN);
    expect(() => kubeconfig({ port: 9001, clientCertificate: true })).toThrow('left no client certificate');
  });
});

describe('explain', () => {
  let cluster: Cluster;
  let server: Server;
  let port: number;
  let ca: string;
  beforeAll(async () => {
    cluster = await createCluster({ nodes: 1, token: 'secret' });
    const made = await serverCertificates(mkdtempSync(join(tmpdir(), 'kubette-tls-')), '127.0.0.1');
    ca = made.authority.certificate;
    server = createServer({ key: made.server.key, cert: made.server.certificate }, cluster.app);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
    await cluster.apply({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent' },
      spec: {
        selector: { matchLabels: { app: 'agent' } },
        template: {
          metadata: { labels: { app: 'agent' } },
          spec: { containers: [{ name: 'agent', image: 'agent:1' }] },
        },
      },
    });
    await cluster.settled();
  });
  afterAll(async () => {
    server.close();
    await cluster.close();
  });

  it('asks a server with TLS and token, as it left word', async () => {
    writeKubeconfig({ server: `https://127.0.0.1:${port}`, token: 'secret', ca });
    await explain('ds/agent', { port });
    expect(printed).toMatch(/^NODE +WANTED +ACTUAL +POD +REASON\nnode-1 +yes +PRESENT +agent-/);
    await expect(explain('ds/agent', { port, token: 'wrong' })).rejects.toThrow('Unauthorized');
    await expect(explain('ds/none', { port })).rejects.toThrow('there is no DaemonSet none');
  });

  it('says why a server cannot be asked', async () => {
    await expect(explain('ds/agent', { port: 8001, server: 'http://127.0.0.1:1' })).rejects.toThrow(
      'no server answers at http://127.0.0.1:1',
    );
    await expect(explain('ds/agent', { port: 8001, server: `https://127.0.0.1:${port}` })).rejects.toThrow(
      /cannot be asked: .*certificate/,
    );
  });
});
