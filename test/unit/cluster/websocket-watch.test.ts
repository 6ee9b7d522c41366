import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Cluster, createCluster } from '../../../src/index.js';

const MAPS = '/api/v1/namespaces/default/configmaps';
const NAMED = `${MAPS}?watch=1&fieldSelector=metadata.name=one`;

describe('a watch over a WebSocket', () => {
  let cluster: Cluster;
  let url: string;
  beforeEach(async () => {
    cluster = await createCluster({ nodes: 0, clock: 'virtual' });
    url = (await cluster.listen()).url;
  });
  afterEach(() => cluster.close());

  const open = (path: string, headers: Record<string, string> = {}) => {
    const socket = new WebSocket(url.replace('http', 'ws') + path, { headers });
    const messages: { data: Buffer; binary: boolean }[] = [];
    socket.on('message', (data: Buffer, binary) => messages.push({ data, binary }));
    const closed = new Promise<number>(resolve => socket.on('close', code => resolve(code)));
    const refused = new Promise<number>(resolve =>
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode!)),
    );
    socket.on('error', () => {});
    return { socket, messages, closed, refused };
  };
  const write = (method: string, path: string, body?: object) =>
    fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });

  it('sends each event as a message of text', async () => {
    const { socket, messages } = open(NAMED);
    await new Promise(resolve => socket.on('open', resolve));
    await write('POST', MAPS, { metadata: { name: 'other' } });
    await write('POST', MAPS, { metadata: { name: 'one' } });
    await write('DELETE', `${MAPS}/one`);
    await expect.poll(() => messages).toHaveLength(2);
    expect(messages.map(({ data, binary }) => [binary, JSON.parse(data.toString()).type])).toEqual([
      [false, 'ADDED'],
      [false, 'DELETED'],
    ]);
    socket.close();
  });

  it('sends protobuf as messages of bytes, which need not tell their length', async () => {
    await write('POST', MAPS, { metadata: { name: 'one' } });
    const { socket, messages } = open(NAMED, { accept: 'application/vnd.kubernetes.protobuf' });
    await expect.poll(() => messages).toHaveLength(1);
    expect(messages[0]!.binary).toBe(true);
    expect(messages[0]!.data.subarray(0, 7).toString()).toBe('\n\u0005ADDED');
    socket.close();
  });

  it('ends with its time, and with the server', async () => {
    const timed = open(`${NAMED}&timeoutSeconds=5`);
    const other = open(NAMED);
    await Promise.all([timed, other].map(({ socket }) => new Promise(resolve => socket.on('open', resolve))));
    await cluster.advance(5000);
    await timed.closed;
    expect(other.socket.readyState).toBe(WebSocket.OPEN);
    await cluster.close();
    await other.closed;
  });

  it.each([
    ['bad parameters', `${MAPS}?watch=1&resourceVersion=x`, {}, 500],
    ['what cannot be watched in YAML', NAMED, { accept: 'application/yaml' }, 406],
    ['an unknown kind', '/api/v1/widgets?watch=1', {}, 404],
    ['a page of another site', NAMED, { origin: 'http://evil.example' }, 403],
    // As by any server that does not know the protocol asked for.
    ['a list', MAPS, {}, 200],
  ])('answers %s without one', async (_, path, headers, code) => {
    expect(await open(path, headers).refused).toBe(code);
  });

  it('is open to pages of its own', async () => {
    const { socket } = open(NAMED, { origin: url });
    await new Promise(resolve => socket.on('open', resolve));
    socket.close();
  });
});
