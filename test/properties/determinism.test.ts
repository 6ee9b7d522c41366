import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Random } from '../../src/clock/random.js';
import type { Cluster } from '../../src/index.js';
import { type Sent, send } from '../support/rest-writer.js';
import { firstDifference } from '../support/whole-log.js';
import { history } from './history.js';
import { parameters, TIMEOUT } from './property.js';
import { inProcess, logged, NAMESPACE, newFile, overHttp, turns } from './worlds.js';

/** Steps of a history. */
const LONG = 60;

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
