import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { Random } from '../../src/clock/random.js';
import { type Cluster, type ClusterOptions, createCluster } from '../../src/index.js';
import { type Sent, send, writingOver } from '../support/rest-writer.js';
import { firstDifference, logOf } from '../support/whole-log.js';
import { type History, history } from './history.js';
import { play, type World } from './play.js';
import { parameters, TIMEOUT } from './property.js';
import { MORTAL_NAMESPACE } from './refusals.js';

/** Steps of a history. */
const LONG = 60;
const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: MORTAL_NAMESPACE } };

const newFile = () => join(mkdtempSync(join(inject('scratch'), 'same-')), 'cluster.db');

const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise(resolve => setImmediate(resolve));
};

/** A cluster that something is done to, and the log that comes of it. */
async function logged(act: (cluster: Cluster) => Promise<unknown>, options: ClusterOptions = {}): Promise<string[]> {
  const cluster = await createCluster({ clock: 'virtual', nodes: 2, seed: 'same', ...options });
  try {
    await act(cluster);
    await cluster.settled();
    return await logOf(cluster.registry);
  } finally {
    await cluster.close();
  }
}

const worldOf = (cluster: Cluster, parts: Partial<World> = {}): World => ({
  registry: cluster.registry,
  clock: cluster.clock,
  settled: () => cluster.settled(),
  advance: ms => cluster.advance(ms),
  turns,
  ...parts,
});

async function inProcess(cluster: Cluster, story: History): Promise<void> {
  await cluster.apply(NAMESPACE);
  await play(worldOf(cluster), story);
}

/** Plays a history over HTTP, and answers with what was sent. */
async function overHttp(cluster: Cluster, story: History): Promise<Sent[]> {
  const { url } = await cluster.listen();
  const all: Sent[] = [];
  const write = (sent: Sent) => {
    all.push(sent);
    return send(url, sent);
  };
  await write({ method: 'POST', path: '/api/v1/namespaces', body: JSON.stringify(NAMESPACE) });
  const advance = async (ms: number) => {
    const body = JSON.stringify({ by: `${ms / 1000}s` });
    await write({ method: 'POST', path: '/_kubette/v1/clock/advance', body });
  };
  await play(worldOf(cluster, { registry: writingOver(cluster.registry, write), advance }), story);
  return all;
}

/** Sends the same, each request some turns of the event loop after the answer to the one before. */
async function withPauses(cluster: Cluster, all: readonly Sent[]): Promise<void> {
  const { url } = await cluster.listen();
  const random = new Random('pauses');
  for (const sent of all) {
    await send(url, sent).catch(() => {});
    await turns(random.below(40));
  }
}

/** Sends the same, all at once on one connection: nobody waits for an answer. */
async function inOneGo(cluster: Cluster, all: readonly Sent[]): Promise<void> {
  const { host, port } = await cluster.listen();
  const socket = connect(port, host);
  for (const { method, path, body } of all)
    socket.write(
      `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: history/1.0\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  socket.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  socket.resume();
  await once(socket, 'close');
}

it(
  'the same seed and the same requests give the same log to the last byte',
  async () => {
    const property = fc.asyncProperty(history('current', LONG), async story => {
      const one = await logged(cluster => inProcess(cluster, story));
      expect(firstDifference(one, await logged(cluster => inProcess(cluster, story)))).toBeUndefined();
      const data = newFile();
      expect(firstDifference(one, await logged(cluster => inProcess(cluster, story), { data }))).toBeUndefined();
    });
    await fc.assert(property, parameters(6));
  },
  TIMEOUT,
);

it(
  'so they do over HTTP, whatever the controllers are doing when a request arrives',
  async () => {
    const property = fc.asyncProperty(history('current', LONG), async story => {
      let sent: Sent[] = [];
      const one = await logged(async cluster => (sent = await overHttp(cluster, story)));
      expect(firstDifference(one, await logged(cluster => withPauses(cluster, sent)))).toBeUndefined();
      const data = newFile();
      expect(firstDifference(one, await logged(cluster => inOneGo(cluster, sent), { data }))).toBeUndefined();
    });
    await fc.assert(property, parameters(6));
  },
  TIMEOUT,
);

it(
  'and so they do where the cluster is closed on the way, and opened again',
  async () => {
    const property = fc.asyncProperty(history('current', 20), history('current', 20), async (before, after) => {
      const twice = async () => {
        const data = newFile();
        await logged(cluster => inProcess(cluster, before), { data });
        return logged(cluster => inProcess(cluster, after), { data });
      };
      expect(firstDifference(await twice(), await twice())).toBeUndefined();
    });
    await fc.assert(property, parameters(4));
  },
  TIMEOUT,
);

it('another seed gives another log', async () => {
  const one = await logged(cluster => cluster.apply(NAMESPACE));
  const other = await logged(cluster => cluster.apply(NAMESPACE), { seed: 'another' });
  expect(firstDifference(one, other)).toContain('write 1:');
});
