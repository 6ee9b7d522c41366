import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { decode, encode } from 'dns-packet';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DnsServer } from '../../../../src/network/dns/server.js';
import { registryView } from '../../../../src/network/dns/view.js';
import type { TestRegistry } from '../../../support/registry.js';
import { addService, addSlice, openNames } from './objects.js';

let registry: TestRegistry;
let server: DnsServer;
const faults: unknown[] = [];
/** How many questions were looked into. */
let looks = 0;
const sockets: Socket[] = [];
beforeEach(async () => {
  registry = await openNames();
  server = await open(0);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
  await registry.log.close();
  expect(faults).toEqual([]);
});

const open = (port: number) =>
  DnsServer.open(port, {
    view: () => {
      looks++;
      return registryView(registry);
    },
    onError: error => faults.push(error),
  });

const T = 'testns.svc.cluster.local';

function resolver(): Resolver {
  const it = new Resolver({ tries: 1, timeout: 30_000 });
  it.setServers([`${server.address}:${server.port}`]);
  return it;
}

const question = (id: number, name = `svc1.${T}`) => encode({ type: 'query', id, questions: [{ name, type: 'A' }] });

function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

async function connection(): Promise<Socket> {
  const socket = connect(server.port, server.address);
  sockets.push(socket);
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** The ids of so many answers. */
async function answersOn(socket: Socket, count: number): Promise<number[]> {
  const ids: number[] = [];
  let rest = Buffer.alloc(0);
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
      const end = 2 + rest.readUInt16BE(0);
      ids.push(decode(rest.subarray(2, end)).id!);
      rest = rest.subarray(end);
    }
    if (ids.length >= count) break;
  }
  return ids;
}

it("answers a program's resolver", async () => {
  const { resolve4, resolve6, resolveSrv, resolveCname, resolveSoa, reverse } = bound(resolver());
  expect(await resolve4(`svc1.${T}`, { ttl: true })).toEqual([{ address: '10.96.0.11', ttl: 5 }]);
  expect((await resolve4(`hdls1.${T}`)).sort()).toEqual([2, 3, 4, 5].map(n => `10.128.0.${n}`));
  expect(await resolve4(`inside.${T}`)).toEqual(['10.96.0.11']);
  expect(await resolve6(`hdls1.${T}`)).toEqual(['5678:abcd::1']);
  expect(await resolveCname(`outside.${T}`)).toEqual(['ext.interwebs.test']);
  expect(await resolveSrv(`_http._tcp.svc1.${T}`)).toEqual([{ name: `svc1.${T}`, port: 80, priority: 0, weight: 100 }]);
  expect(await reverse('10.128.0.1')).toEqual([`ep1a.svc1.${T}`]);
  expect(await resolveSoa('cluster.local')).toMatchObject({ serial: registry.revision, minttl: 5 });
  await expect(resolve4(`none.${T}`)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  await expect(resolve6(`svc1.${T}`)).rejects.toMatchObject({ code: 'ENODATA' });
  await expect(resolve4('example.com')).rejects.toMatchObject({ code: 'EREFUSED' });
});

/** A resolver's methods, to be called alone. */
function bound(of: Resolver) {
  return {
    resolve4: of.resolve4.bind(of),
    resolve6: of.resolve6.bind(of),
    resolveSrv: of.resolveSrv.bind(of),
    resolveCname: of.resolveCname.bind(of),
    resolveSoa: of.resolveSoa.bind(of),
    reverse: of.reverse.bind(of),
  };
}

it('what does not fit into a datagram is fetched by TCP', async () => {
  await addService(registry, 'crowd', { clusterIP: 'None', selector: { app: 'crowd' } });
  const all = Array.from({ length: 100 }, (_, i) => `10.130.0.${i}`);
  await addSlice(registry, 'crowd', all);
  const found = await resolver().resolve4(`crowd.${T}`);
  expect(new Set(found)).toEqual(new Set(all));
});

describe('a connection', () => {
  it('takes questions one after the other, cut wherever', async () => {
    const socket = await connection();
    const ids = Array.from({ length: 40 }, (_, i) => i + 1);
    const bytes = Buffer.concat(ids.map(id => framed(question(id))));
    socket.setNoDelay(true);
    let sent = 0;
    // A prime, so that every length and every message is cut somewhere else.
    for (; sent < bytes.length; sent += 7) {
      socket.write(bytes.subarray(sent, sent + 7));
      await new Promise(setImmediate);
    }
    expect(await answersOn(socket, ids.length)).toEqual(ids);
    // All at once, with nonsense between that deserves no answer.
    socket.write(
      Buffer.concat([framed(Buffer.from('nonsense')), framed(Buffer.alloc(0)), ...ids.map(id => framed(question(id)))]),
    );
    expect(await answersOn(socket, ids.length)).toEqual(ids);
    socket.end(framed(question(99)));
    expect(await answersOn(socket, 1)).toEqual([99]);
  });

  it('that takes no answers is read no further, and others are answered meanwhile', async () => {
    await addService(registry, 'crowd', { clusterIP: 'None', selector: { app: 'crowd' } });
    await addSlice(
      registry,
      'crowd',
      Array.from({ length: 100 }, (_, i) => `10.130.0.${i}`),
    );
    const stuffed = await connection();
    stuffed.pause();
    looks = 0;
    // 13 MB of answers: more than lie between two programs.
    stuffed.write(Buffer.concat(Array.from({ length: 8000 }, () => framed(question(1, `crowd.${T}`)))));
    const other = await connection();
    for (let id = 1; id <= 50; id++) {
      other.write(framed(question(id)));
      expect(await answersOn(other, 1)).toEqual([id]);
    }
    expect(looks).toBeLessThan(8000);
    expect(await answersOn(stuffed, 8000)).toHaveLength(8000);
  });

  it('that is silent, or takes ten seconds for a message, is ended', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const silent = await connection();
      const slow = await connection();
      const busy = await connection();
      busy.write(framed(question(1)));
      slow.write(framed(question(1)).subarray(0, 20));
      expect(await answersOn(busy, 1)).toEqual([1]);
      vi.advanceTimersByTime(9000);
      slow.write('x');
      busy.write(framed(question(2)));
      expect(await answersOn(busy, 1)).toEqual([2]);
      const ended = [silent, slow].map(socket => once(socket.resume(), 'close'));
      vi.advanceTimersByTime(1000);
      await Promise.all(ended);
      busy.write(framed(question(3)));
      expect(await answersOn(busy, 1)).toEqual([3]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is one of 128 at most; datagrams are answered all the same', async () => {
    const first = await connection();
    for (let i = 1; i < 128; i++) await connection();
    const refused = connect(server.port, server.address).resume();
    sockets.push(refused);
    refused.on('error', () => {});
    await once(refused, 'close');
    expect(await resolver().resolve4(`svc1.${T}`)).toEqual(['10.96.0.11']);
    first.write(framed(question(7)));
    expect(await answersOn(first, 1)).toEqual([7]);
  });
});

it('nonsense by datagram is not answered, and stops nothing', async () => {
  const socket = createSocket('udp4');
  const heard: number[] = [];
  socket.on('message', message => heard.push(message.readUInt16BE(0)));
  const packets = [Buffer.alloc(0), Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(60_000, 0xc0), question(5)];
  for (const packet of packets) socket.send(packet, server.port, server.address);
  await expect.poll(() => heard).toContain(5);
  socket.close();
});

describe('its port', () => {
  it('is free again once it is closed, whoever was connected', async () => {
    const { port } = server;
    const socket = await connection();
    await server.close();
    await once(socket.resume(), 'close');
    server = await open(port);
    expect(server.port).toBe(port);
  });

  it('that somebody else has is told of', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(open(port)).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
    other.close();
    const datagrams = createSocket('udp4').bind(port, '127.0.0.1');
    await once(datagrams, 'listening');
    await expect(open(port)).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
    datagrams.close();
  });
});
