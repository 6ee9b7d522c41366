import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { decode, encode, type Packet } from 'dns-packet';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { serverCertificates } from '../../../src/cli/certificates.js';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.js';
import { boxOf } from '../../../src/kubelet/shell/box.js';
import { findProgram } from '../../../src/kubelet/shell/programs.js';
import { runProcess } from '../../../src/kubelet/shell/run-process.js';
import { containerNames } from '../../../src/network/dns/container-names.js';
import { pods } from '../../../src/resources/index.js';
import { LOOPBACK } from '../../support/loopback.js';
import { get, sendBytes } from './calls.js';

let cluster: Cluster;
afterEach(() => cluster.close());

const open = async (options: ClusterOptions = {}) => {
  cluster = await createCluster({ network: LOOPBACK, clock: 'virtual', ...options });
  await cluster.settled();
};
const range = LOOPBACK.services.split('.').slice(0, 2).join('.');
const DNS = { address: `${range}.0.10`, port: 53 };
const API = { address: `${range}.0.1`, port: 443 };

const question = encode({
  type: 'query',
  id: 7,
  questions: [{ name: 'kubernetes.default.svc.cluster.local', type: 'A' }],
});
const answersOf = ({ answers = [] }: Packet) => answers.map(record => ('data' in record ? record.data : undefined));

type Spot = Pick<typeof DNS, 'address' | 'port'>;
/** Where a place really is: port 53 may be for administrators. */
const spotOf = ({ address, port }: Spot, protocol = 'UDP'): Spot => {
  const told = cluster.addresses.find(a => a.address === address && a.port === port && a.protocol === protocol);
  const [host, number] = told?.at.split(':') ?? [address, String(port)];
  return { address: host!, port: Number(number) };
};
const askByUdp = async (spot: Spot) => {
  const reply = await sendBytes(spot, question);
  return reply && answersOf(decode(reply));
};
async function askByTcp({ address, port }: Spot): Promise<unknown[]> {
  const socket = connect(port, address);
  socket.write(Buffer.concat([Buffer.from([0, question.length]), question]));
  const [reply] = (await once(socket, 'data')) as [Buffer];
  socket.end();
  await once(socket, 'close');
  return answersOf(decode(reply.subarray(2)));
}

describe('DNS', () => {
  it('answers at the address that pods are told, by UDP and TCP, and is told of as kube-dns', async () => {
    await open({ dns: 0 });
    expect(await askByUdp(spotOf(DNS))).toEqual([API.address]);
    expect(await askByTcp(spotOf(DNS, 'TCP'))).toEqual([API.address]);
    expect(await askByUdp(cluster.dns!)).toEqual([API.address]);
    const told = cluster.addresses.filter(({ name }) => name === 'kube-dns');
    expect(told.map(({ address, port, protocol, kind, came }) => [`${address}:${port}`, protocol, kind, came])).toEqual(
      [
        [`127.0.0.1:${cluster.dns!.port}`, 'TCP', 'Service', 0],
        [`127.0.0.1:${cluster.dns!.port}`, 'UDP', 'Service', 1],
        [`${DNS.address}:53`, 'TCP', 'Service', 1],
        [`${DNS.address}:53`, 'UDP', 'Service', 1],
      ],
    );
  });

  it('does so after a reset, also where a Service has the address, and not where nobody wants it', async () => {
    await open({ dns: 0 });
    await cluster.reset();
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: 'kube-system' },
      spec: { clusterIP: DNS.address, selector: { none: 'x' }, ports: [{ port: 53, protocol: 'UDP' }] },
    });
    await cluster.settled();
    expect(await askByUdp(spotOf(DNS))).toEqual([API.address]);
    await cluster.object('svc/kube-dns', 'kube-system').delete();
    await cluster.settled();
    expect(await askByUdp(spotOf(DNS))).toEqual([API.address]);
    await cluster.close();
    expect(await askByUdp(DNS)).toBeUndefined();
    await open();
    expect(cluster.addresses.filter(({ name }) => name === 'kube-dns')).toEqual([]);
  });
});

describe('the API server', () => {
  it('answers at the Service kubernetes and at its endpoint, once it serves', async () => {
    await open();
    expect((await get(API)).error).toBe('ECONNREFUSED');
    const { url } = await cluster.listen();
    await cluster.settled();
    const version = await (await fetch(`${url}/version`)).text();
    const told = cluster.addresses.filter(({ name }) => name === 'kubernetes');
    const node = cluster.object('node/control-plane').current!.status.addresses![0]!.address;
    expect(told.map(({ address, port }) => `${address}:${port}`)).toEqual([
      `${node}:6443`,
      `${API.address}:${API.port}`,
    ]);
    for (const place of told) expect(await get(spotOf(place, 'TCP'), '/version')).toEqual({ code: 200, text: version });
  });

  it('is called by the names of its Service there, and there alone', async () => {
    await open();
    const { port } = await cluster.listen();
    await cluster.settled();
    const called = async (place: Spot, host: string) =>
      (await get(place, '/version', undefined, { host: `${host}:${place.port}` })).code;
    const names = ['', '.default', '.default.svc', '.default.svc.cluster.local'].map(end => `kubernetes${end}`);
    for (const name of names) {
      expect(await called(spotOf(API, 'TCP'), name)).toBe(200);
      expect(await called({ address: '127.0.0.1', port }, name)).toBe(403);
    }
    for (const name of ['kubernetes.example', 'web.default.svc', 'page.example'])
      expect(await called(spotOf(API, 'TCP'), name)).toBe(403);
  });

  it('is called by these names with TLS, whose certificate has them', async () => {
    await open();
    const { server, authority } = await serverCertificates(
      mkdtempSync(join(inject('scratch'), 'tls-')),
      '127.0.0.1',
      API.address,
    );
    const { port } = await cluster.listen(0, '127.0.0.1', { key: server.key, cert: server.certificate });
    await cluster.settled();
    const ca = authority.certificate;
    for (const place of [spotOf(API, 'TCP'), { address: '127.0.0.1', port }]) {
      const asked = request({
        host: place.address,
        port: place.port,
        path: '/version',
        servername: 'kubernetes.default.svc',
        headers: { host: 'kubernetes.default.svc' },
        ca,
        agent: false,
      }).end();
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      response.resume();
      expect(response.statusCode).toBe(200);
    }
  });
});

describe('nslookup and getent in a container', () => {
  async function run(...[file, ...args]: string[]): Promise<{ code: number; out: string }> {
    const pod = cluster.registry.get(pods, 'shop', 'web')!.object;
    const box = {
      ...boxOf(cluster.registry, pod, pod.spec.containers[0]!, false),
      names: async () => containerNames(cluster.registry, pod),
    };
    let out = '';
    const stdout = new PassThrough().on('data', text => {
      out += text;
    });
    const signal = new AbortController().signal;
    const code = await runProcess(findProgram(file!)!, args, box, cluster.registry.clock, {
      stdin: new PassThrough().end(),
      stdout,
      stderr: stdout,
      tty: false,
      signal,
    });
    await new Promise(setImmediate);
    return { code, out };
  }

  it('answer by the search path of the pod', async () => {
    await open({ network: 'off' });
    const service = (name: string, spec: object) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'shop' },
      spec,
    });
    await cluster.apply([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
      service('db', { clusterIP: '10.96.0.99', selector: { app: 'db' }, ports: [{ port: 5432 }] }),
      service('away', { type: 'ExternalName', externalName: 'db.example' }),
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web', namespace: 'shop' },
        spec: { containers: [{ name: 'main', image: 'w:1' }], hostAliases: [{ ip: '192.0.2.9', hostnames: ['own'] }] },
      },
    ]);
    await cluster.settled();
    const server = 'Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n';
    const found = (name: string, address: string) => ({
      code: 0,
      out: `${server}Name:\t${name}\nAddress: ${address}\n\n`,
    });
    expect(await run('nslookup', 'db')).toEqual(found('db.shop.svc.cluster.local', '10.96.0.99'));
    expect(await run('nslookup', 'kubernetes.default')).toEqual(
      found('kubernetes.default.svc.cluster.local', '10.96.0.1'),
    );
    expect(await run('nslookup', 'kubernetes')).toEqual({
      code: 1,
      out: `${server}** server can't find kubernetes: NXDOMAIN\n\n`,
    });
    expect((await run('nslookup', 'away')).out).toBe(
      `${server}away.shop.svc.cluster.local\tcanonical name = db.example\n\n`,
    );
    expect((await run('nslookup', '10.96.0.99')).out).toBe(
      `${server}99.0.96.10.in-addr.arpa\tname = db.shop.svc.cluster.local\n\n`,
    );
    expect(await run('getent', 'hosts', 'db', 'own')).toEqual({
      code: 0,
      out: '10.96.0.99      db.shop.svc.cluster.local\n192.0.2.9       own\n',
    });
    expect(await run('getent', 'hosts', 'nobody')).toEqual({ code: 2, out: '' });
  });
});
