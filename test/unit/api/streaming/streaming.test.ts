import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Cluster, createCluster } from '../../../../src/index.js';

let cluster: Cluster;
let port: number;
beforeAll(async () => {
  cluster = await createCluster({ nodes: 2, clock: 'virtual', token: 'secret' });
  port = (await cluster.listen()).port;
  const pod = (name: string, annotations: Record<string, string> = {}, spec: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      annotations: Object.fromEntries(Object.entries(annotations).map(([k, v]) => [`kubette.dev/${k}`, v])),
    },
    spec: { containers: [{ name: 'main', image: 'a:1' }], ...spec },
  });
  await cluster.apply([
    pod('plain'),
    pod('chatty', { log: 'a\nb\nc', 'log-interval': '1s' }),
    pod('crashing', { behavior: 'crash-loop', 'exit-after': '5s', log: 'x', 'log-interval': '0' }),
    pod('starting', { behavior: 'hang-pending' }),
    pod('unplaced', {}, { nodeSelector: { none: 'such' } }),
    pod(
      'several',
      {},
      {
        containers: ['one', 'two'].map(name => ({ name, image: 'a:1' })),
        initContainers: [{ name: 'first', image: 'a:1' }],
      },
    ),
    pod('seated', {}, { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a:1', stdin: true, tty: true }] }),
  ]);
  await cluster.settled();
  await cluster.advance('12s');
});
afterAll(() => cluster.close());

const BEARER = { authorization: 'Bearer secret' };
const pathOf = (pod: string, rest: string) => `/api/v1/namespaces/default/pods/${pod}/${rest}`;

async function get(pod: string, rest: string, headers: Record<string, string> = BEARER) {
  const response = await fetch(`http://127.0.0.1:${port}${pathOf(pod, rest)}`, { headers });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return { code: response.status, text, message: isJson ? (JSON.parse(text) as { message: string }).message : '' };
}

describe('GET pods/NAME/log', () => {
  it.each([
    ['chatty', '', 'a\nb\nc\na\nb\nc\na\nb\nc\na\nb\nc\na\n'],
    ['chatty', 'container=main&tailLines=2', 'c\na\n'],
    ['chatty', 'sinceSeconds=1', 'c\na\n'],
    ['chatty', 'sinceTime=2025-01-01T00:00:11.5Z&timestamps=true', '2025-01-01T00:00:12.000000000Z a\n'],
    ['chatty', 'limitBytes=3', 'a\nb'],
    ['chatty', 'stream=Stderr', ''],
    ['crashing', 'previous=true', 'x\n'],
  ])('%s ?%s', async (pod, query, text) => {
    expect(await get(pod, `log?${query}`)).toMatchObject({ code: 200, text });
  });

  it('of a pod that has no node yet is empty', async () => {
    expect(await get('unplaced', 'log')).toMatchObject({ code: 204, text: '' });
  });

  it.each([
    ['none', '', 404, 'pods "none" not found'],
    [
      'several',
      '',
      400,
      'a container name must be specified for pod several, choose one of: [one two] or one of the init containers: [first]',
    ],
    ['several', 'container=three', 400, 'container three is not valid for pod several'],
    ['starting', '', 400, 'container "main" in pod "starting" is waiting to start: ContainerCreating'],
    ['plain', 'previous=true', 400, 'previous terminated container "main" in pod "plain" not found'],
    ['plain', 'tailLines=x', 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
    ['plain', 'sinceTime=x', 400, 'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"'],
    [
      'plain',
      'tailLines=-1',
      422,
      'PodLogOptions "plain" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      'plain',
      'limitBytes=0',
      422,
      'PodLogOptions "plain" is invalid: limitBytes: Invalid value: 0: must be greater than 0',
    ],
    [
      'plain',
      'sinceSeconds=0',
      422,
      'PodLogOptions "plain" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0',
    ],
    [
      'plain',
      'sinceSeconds=1&sinceTime=2025-01-01T00:00:00Z',
      422,
      'PodLogOptions "plain" is invalid: : Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
    ],
  ])('%s ?%s: %i', async (pod, query, code, message) => {
    expect(await get(pod, `log?${query}`)).toMatchObject({ code, message });
  });

  it('with follow goes on with the clock, until the container ends', async () => {
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'passing',
        annotations: {
          'kubette.dev/log': '1\n2\n3\n4',
          'kubette.dev/log-interval': '1s',
          'kubette.dev/behavior': 'exit',
          'kubette.dev/exit-after': '3s',
        },
      },
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a:1' }] },
    });
    await cluster.settled();
    const response = await fetch(`http://127.0.0.1:${port}${pathOf('passing', 'log?follow=true')}`, {
      headers: BEARER,
    });
    let text = '';
    let isOver = false;
    const decoder = new TextDecoder();
    const reading = (async () => {
      for await (const bytes of response.body!) text += decoder.decode(bytes as Uint8Array);
      isOver = true;
    })();
    await expect.poll(() => text).toBe('1\n');
    await cluster.advance('1s');
    await expect.poll(() => text).toBe('1\n2\n');
    expect(isOver).toBe(false);
    await cluster.advance('1m');
    await reading;
    expect(text).toBe('1\n2\n3\n4\n');
  });
});

/** A WebSocket that remembers what came on each channel. */
class Socket {
  readonly came: Record<number, string> = {};
  readonly #ws: WebSocket;
  readonly closed: Promise<unknown>;

  private constructor(ws: WebSocket) {
    this.#ws = ws;
    this.closed = once(ws, 'close');
    ws.on('message', (data: Buffer, isBinary) => {
      const channel = isBinary ? data[0]! : data[0]! - 48;
      const bytes = isBinary ? data.subarray(1) : Buffer.from(data.subarray(1).toString(), 'base64');
      this.came[channel] = (this.came[channel] ?? '') + bytes.toString('latin1');
    });
  }

  static async open(path: string, protocols: string[], headers: Record<string, string> = BEARER): Promise<Socket> {
    const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, { headers });
    const socket = new Socket(ws);
    await once(ws, 'open');
    expect(ws.protocol).toBe(protocols.find(name => !name.startsWith('base64url.')) ?? '');
    return socket;
  }

  send(channel: number, text: string): void {
    this.#ws.send(Buffer.concat([Buffer.of(channel), Buffer.from(text, 'latin1')]));
  }

  sendText(text: string): void {
    this.#ws.send(text);
  }

  close(): void {
    this.#ws.close();
  }

  get outcome() {
    return JSON.parse(this.came[3] ?? 'null') as {
      status: string;
      message?: string;
      reason?: string;
      details?: unknown;
    } | null;
  }
}

/** The answer to an offer of a WebSocket that is not taken. */
function refused(
  path: string,
  protocols: string[],
  headers: Record<string, string> = BEARER,
): Promise<{ code: number; message: string }> {
  const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, { headers });
  return new Promise((resolve, reject) => {
    ws.on('open', () => reject(new Error('opened')));
    ws.on('error', () => {});
    ws.on('unexpected-response', (_, response) => {
      let text = '';
      response.on('data', piece => {
        text += piece;
      });
      response.on('end', () =>
        resolve({ code: response.statusCode!, message: (JSON.parse(text) as { message: string }).message }),
      );
    });
  });
}

const exec = (pod: string, command: string[], streams = 'stdout=true&stderr=true') =>
  pathOf(pod, `exec?${command.map(word => `command=${encodeURIComponent(word)}`).join('&')}&${streams}`);
const V4 = 'v4.channel.k8s.io';
const V5 = 'v5.channel.k8s.io';

describe('exec', () => {
  it.each([V5, V4])('runs a command, and tells how it came out (%s)', async protocol => {
    const good = await Socket.open(exec('plain', ['sh', '-c', 'echo out; echo err >&2']), [protocol]);
    await good.closed;
    expect(good.came).toMatchObject({ 1: 'out\n', 2: 'err\n' });
    expect(good.outcome).toMatchObject({ status: 'Success' });
    const bad = await Socket.open(exec('plain', ['sh', '-c', 'exit 7']), [protocol]);
    await bad.closed;
    expect(bad.outcome).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '7' }] },
    });
  });

  it('takes input, until the client closes the channel', async () => {
    const socket = await Socket.open(exec('plain', ['cat'], 'stdin=true&stdout=true'), [V5]);
    socket.send(4, '{"Width":80,"Height":24}');
    socket.send(0, 'hello ');
    socket.send(0, 'world');
    socket.send(255, '\0');
    await socket.closed;
    expect(socket.came[1]).toBe('hello world');
    expect(socket.outcome).toMatchObject({ status: 'Success' });
  });

  it('speaks Base64 with those who cannot send bytes', async () => {
    const socket = await Socket.open(exec('plain', ['sh'], 'stdin=true&stdout=true&tty=true'), [
      'v4.base64.channel.k8s.io',
    ]);
    socket.sendText(`0${Buffer.from('hostname\rexit\r').toString('base64')}`);
    await socket.closed;
    expect(socket.came[1]).toContain('\r\nplain\r\n');
  });

  it('says in the old protocols what went wrong as a text', async () => {
    const socket = await Socket.open(exec('plain', ['false']), ['channel.k8s.io']);
    await socket.closed;
    expect(socket.came[3]).toBe('command terminated with non-zero exit code: command terminated with exit code 1');
  });

  const NO_TAR =
    /^Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "tar": executable file not found in \$PATH: unknown$/;
  it.each([
    [V4, 'plain', NO_TAR],
    [V5, 'plain', new RegExp(`^Internal error occurred: ${NO_TAR.source.slice(1)}`)],
    [V5, 'starting', /^Internal error occurred: unable to upgrade connection: container not found \("main"\)$/],
  ])('says over %s what cannot be started in %s', async (protocol, pod, message) => {
    const socket = await Socket.open(exec(pod, ['tar', 'x']), [protocol]);
    await socket.closed;
    expect(socket.outcome).toMatchObject({
      status: 'Failure',
      reason: 'InternalError',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['none', 'stdout=true', 404, 'pods "none" not found'],
    ['unplaced', 'stdout=true', 400, 'pod unplaced does not have a host assigned'],
    ['several', 'stdout=true', 400, expect.stringContaining('a container name must be specified for pod several')],
    ['plain', 'container=x&stdout=true', 400, 'container x is not valid for pod plain'],
    ['plain', 'stdin=false', 400, 'you must specify at least 1 of stdin, stdout, stderr'],
  ])('in %s with %s is refused with %i', async (pod, streams, code, message) => {
    expect(await refused(exec(pod, ['ls'], streams), [V5])).toEqual({ code, message });
  });

  it('needs a WebSocket, and a protocol that is known', async () => {
    expect(await get('plain', 'exec?command=ls&stdout=true')).toMatchObject({
      code: 400,
      message: 'Upgrade request required',
    });
    expect(await refused(exec('plain', ['ls']), ['v9.channel.k8s.io'])).toMatchObject({
      code: 400,
      message: expect.stringContaining('offer one of v5.channel.k8s.io'),
    });
  });

  it('needs the token, as a header or as a protocol, and not the page of another site', async () => {
    const path = exec('plain', ['true']);
    expect(await refused(path, [V5], {})).toMatchObject({ code: 401 });
    expect(await refused(path, [V5], { ...BEARER, origin: 'http://elsewhere.example' })).toMatchObject({ code: 403 });
    const token = Buffer.from('secret').toString('base64url');
    const socket = await Socket.open(path, [`base64url.bearer.authorization.k8s.io.${token}`, V4], {});
    await socket.closed;
    expect(socket.outcome).toMatchObject({ status: 'Success' });
  });

  it('cannot reach a node that is down', async () => {
    const node = cluster.registry.kinds.byPath('', 'v1', 'nodes')!;
    const { spec } = (await (
      await fetch(`http://127.0.0.1:${port}/api/v1/namespaces/default/pods/plain`, { headers: BEARER })
    ).json()) as { spec: { nodeName: string } };
    const behave = (behavior: string) =>
      cluster.registry.patch(node, '', spec.nodeName, {
        type: 'merge',
        body: { metadata: { annotations: { 'kubette.dev/behavior': behavior } } },
      });
    await behave('down');
    const socket = await Socket.open(exec('plain', ['ls']), [V5]);
    await socket.closed;
    expect(socket.outcome?.message).toMatch(
      /^Internal error occurred: error dialing backend: dial tcp 172\.18\.0\.\d:10250: connect: connection refused$/,
    );
    expect(await get('plain', 'log')).toMatchObject({
      code: 500,
      message: expect.stringMatching(/^Get "https:.*connection refused$/),
    });
    await behave('run');
  });
});

describe('attach', () => {
  it('shows what the container says from then on', async () => {
    const socket = await Socket.open(pathOf('chatty', 'attach?stdout=true'), [V5]);
    await expect.poll(() => socket.came[1]).toBe('');
    await cluster.advance('2s');
    await expect.poll(() => socket.came[1]).toMatch(/^[abc]\n[abc]\n$/);
    socket.close();
  });

  it('sits down in front of a container that was made for it, which ends with it', async () => {
    const socket = await Socket.open(pathOf('seated', 'attach?stdin=true&stdout=true&tty=true'), [V5]);
    await expect.poll(() => socket.came[1]).toBe('/ # ');
    socket.send(0, 'exit 3\r');
    await socket.closed;
    expect(socket.outcome).toMatchObject({ status: 'Success' });
    await cluster.settled();
    const { status } = (await (
      await fetch(`http://127.0.0.1:${port}/api/v1/namespaces/default/pods/seated`, { headers: BEARER })
    ).json()) as { status: object };
    expect(status).toMatchObject({ phase: 'Failed', containerStatuses: [{ state: { terminated: { exitCode: 3 } } }] });
  });
});

describe('portforward', () => {
  it('has a pair of channels for each port, which begin with its number', async () => {
    const socket = await Socket.open(pathOf('plain', 'portforward?ports=80&ports=7'), [V4]);
    await expect.poll(() => socket.came).toEqual({ 0: 'P\0', 1: 'P\0', 2: '\x07\0', 3: '\x07\0' });
    socket.send(0, 'GET /here HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect
      .poll(() => socket.came[0])
      .toMatch(
        /^P\0HTTP\/1\.1 200 OK\r\n[\s\S]*"pod":"plain"[\s\S]*"port":80,"path":"\/here","method":"GET","headers":{"host":"x"}}\n$/,
      );
    socket.send(2, 'hello');
    await expect.poll(() => socket.came[2]).toBe('\x07\0hello');
    socket.close();
  });

  it('tells on the other channel what went wrong', async () => {
    const socket = await Socket.open(pathOf('starting', 'portforward?ports=80'), [V4]);
    await expect
      .poll(() => socket.came[1])
      .toMatch(/^P\0error forwarding port 80 to pod starting_default, uid .*pod not found/);
    socket.close();
  });

  it.each([
    ['', 'query parameter "port" is required'],
    ['ports=0', 'invalid port "0"'],
    ['ports=http', 'invalid port "http"'],
  ])('?%s is refused', async (query, message) => {
    expect(await refused(pathOf('plain', `portforward?${query}`), [V4])).toEqual({ code: 400, message });
  });
});
