import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.js';
import { LOOPBACK } from '../../support/loopback.js';
import { ownSockets } from '../../support/own-sockets.js';
import { eventually, programPath } from '../../support/server.js';
import { get } from './calls.js';

const manifests = `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      containers:
        - name: main
          image: agent:1
          ports:
            - { name: http, containerPort: 9100, hostPort: 9100 }
            - { name: stats, containerPort: 8125, hostPort: 8125, protocol: UDP }
---
apiVersion: v1
kind: Service
metadata: { name: agent }
spec:
  selector: { app: agent }
  ports: [{ name: http, port: 80, targetPort: http }, { name: stats, port: 8125, targetPort: stats, protocol: UDP }]
`;

let cluster: Cluster;
beforeEach(async () => {
  cluster = await createCluster({ network: LOOPBACK, clock: 'virtual', nodes: 1, manifests });
  await cluster.settled();
});
afterEach(() => cluster.close());

const places = (protocol: string) => cluster.addresses.filter(place => place.protocol === protocol);

interface Guest {
  readonly socket: Socket;
  heard: string;
}

/** Somebody at each of the three ways: a pod, a node, a Service. */
const guests = (count = 1): Promise<Guest[]> =>
  Promise.all(
    Array.from({ length: count }, () => places('TCP'))
      .flat()
      .map(async ({ address, port }) => {
        const guest: Guest = { socket: connect({ host: address, port, allowHalfOpen: true }), heard: '' };
        guest.socket.on('error', () => {});
        guest.socket.on('data', bytes => {
          guest.heard += bytes.toString('latin1');
        });
        await once(guest.socket, 'connect');
        return guest;
      }),
  );

/** By a reset or not. */
const closing = (socket: Socket) => new Promise(resolve => socket.once('close', resolve));

/** How many connections the cluster's sockets have at this end and the other. */
const connections = () => ownSockets().filter(({ isOpen, port }) => !isOpen && port !== 0).length;

const HEAD = 'GET /healthz HTTP/1.1\r\nhost: x\r\n';
const OK = /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nok\n$/s;
const NOTHING = /^$/;
const BAD = /^HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\n/;
const FIN = true;

describe('who comes', () => {
  it.each<[string, { says: string | Buffer; end?: boolean; hears: RegExp }]>([
    ['and hangs up', { says: '', end: FIN, hears: NOTHING }],
    ['with half a line, and hangs up', { says: 'GET /x', end: FIN, hears: /^GET \/x$/ }],
    ['with half a head, and hangs up', { says: HEAD, end: FIN, hears: BAD }],
    ['with a request, and hangs up', { says: `${HEAD}\r\n`, end: FIN, hears: OK }],
    ['with five requests at once', { says: `${HEAD}\r\n`.repeat(5), hears: /(HTTP\/1\.1 200 OK.*ok\n){5}$/s }],
    ['for another protocol', { says: `${HEAD}connection: upgrade\r\nupgrade: websocket\r\n\r\n`, hears: OK }],
    ['for a tunnel', { says: 'CONNECT example.com:443 HTTP/1.1\r\nhost: x\r\n\r\n', hears: NOTHING }],
    [
      'to wait for leave',
      {
        says: `POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n`,
        hears: /^HTTP\/1\.1 100 /,
      },
    ],
    ['with HTTP/2', { says: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', hears: /^PRI \* HTTP\/2\.0\r\n\r\nSM\r\n\r\n$/ }],
    ['with TLS', { says: Buffer.from('16030100c8010000c40303', 'hex'), hears: /^.{11}$/s }],
    ['with a head that is none', { says: 'GET / HTTP/1.1\r\nno head\r\n\r\n', hears: BAD }],
    [
      'with a body of two lengths',
      {
        says: 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
        hears: BAD,
      },
    ],
  ])('%s is answered', async (_, { says, end, hears }) => {
    for (const guest of await guests()) {
      guest.socket.write(says);
      if (end) guest.socket.end();
      if (hears === NOTHING) await once(guest.socket, 'end');
      else await expect.poll(() => guest.heard).toMatch(hears);
      expect(guest.heard).toMatch(hears);
      guest.socket.destroy();
    }
  });

  it('with a head without end is cut off', async () => {
    for (const { socket } of await guests()) {
      socket.write('GET / HTTP/1.1\r\n');
      const closed = closing(socket);
      const more = () => {
        while (!socket.destroyed && socket.write(`x: ${'a'.repeat(16_000)}\r\n`));
      };
      socket.on('drain', more);
      more();
      await closed;
    }
  });

  it("and says nothing, or resets, or sends datagrams of any size, leaves nothing behind and is in nobody's way", async () => {
    const before = connections();
    const idle = await guests(100);
    for (const [i, { socket }] of idle.entries()) socket.write(HEAD.slice(0, i % 30));
    for (const { socket } of await guests(30)) socket.resetAndDestroy();
    const flood = createSocket('udp4');
    let answers = 0;
    flood.on('message', () => answers++);
    flood.on('error', () => {});
    for (const size of [0, 1, 1472, 65_507])
      for (const { address, port } of places('UDP'))
        for (let i = 0; i < 50; i++) flood.send(Buffer.alloc(size), port, address);
    for (const place of places('TCP')) expect((await get(place, '/healthz')).text).toBe('ok\n');
    await expect.poll(() => answers).toBeGreaterThan(0);
    flood.close();
    for (const { socket } of idle) socket.destroy();
    await expect.poll(connections).toBeLessThanOrEqual(before);
  });

  it('is let go at once when the cluster is closed', async () => {
    const idle = await guests(100);
    for (const { socket } of idle.slice(0, 150)) socket.write(`${HEAD}\r\n`);
    await expect.poll(() => idle.filter(({ heard }) => OK.test(heard)).length).toBe(150);
    const gone = idle.map(({ socket }) => closing(socket));
    for (const { socket } of idle) socket.on('end', () => socket.end());
    await cluster.close();
    await Promise.all(gone);
  });
});

describe('a process that may not have more sockets', () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  it('tells whom it cannot listen for, and goes on answering; what is freed goes to others', async () => {
    const program = await programPath();
    const args = '--in-memory --port 0 --network ports --nodes 100 --apply -';
    child = spawn('sh', ['-c', `ulimit -n 160; exec ${process.execPath} ${program} ${args}`]);
    let output = '';
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', text => (output += String(text)));
    child.stdin!.end(manifests);
    const api = await eventually('it answers', async () => /REST +(\S+)/.exec(output)?.[1]);
    const read = async <T>(path: string) => (await fetch(api + path)).json() as Promise<T>;
    const events = '/api/v1/namespaces/default/events?fieldSelector=reason%3DPortUnavailable';
    const told = await eventually('Events tell it', async () => {
      const { items } = await read<{ items: { message: string; involvedObject: { name: string } }[] }>(events);
      return items.length > 100 && items;
    });
    for (const { message } of told) expect(message).toContain('the process may not have more sockets (ulimit -n)');
    const addresses = async () =>
      (await read<{ addresses: { name: string; node: string; kind: string }[] }>('/_kubette/v1/addresses')).addresses;
    const lucky = new Set((await addresses()).map(({ node }) => node));
    const left = Array.from({ length: 100 }, (_, i) => `node-${String(i + 1).padStart(3, '0')}`).find(
      n => !lucky.has(n),
    )!;
    await fetch(`${api}/apis/apps/v1/namespaces/default/daemonsets/agent`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ spec: { template: { spec: { nodeSelector: { 'kubernetes.io/hostname': left } } } } }),
    });
    await eventually('it is heard', async () => (await addresses()).some(({ node }) => node === left));
  });
});
