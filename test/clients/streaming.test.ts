import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { PassThrough } from 'node:stream';
import { Attach, CoreV1Api, Exec, KubeConfig, Log, PortForward, type V1Status } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { Client } from './kubectl.js';

const own = (name: string, annotations: Record<string, string>, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    labels,
    annotations: Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`kubette.dev/${key}`, value])),
  },
  spec: { containers: [{ name: 'main', image: 'a:1' }] },
});

let cluster: Cluster;
let kubectl: Client;
const config = new KubeConfig();
beforeAll(async () => {
  cluster = await createCluster({ nodes: 2 });
  const { url } = await cluster.listen();
  kubectl = new Client('kubectl', url);
  config.loadFromOptions({
    clusters: [{ name: 'kubette', server: url, skipTLSVerify: true }],
    users: [{ name: 'me' }],
    contexts: [{ name: 'kubette', cluster: 'kubette', user: 'me' }],
    currentContext: 'kubette',
  });
  await cluster.apply([
    own('plain', {}),
    own('said', { log: 'one\ntwo\nthree', 'log-interval': '0' }, { app: 'talk' }),
    own('talking', { log: 'tick', 'log-interval': '100ms' }),
    own('crashing', { behavior: 'crash-loop', log: 'last words', 'log-interval': '0' }),
    {
      ...own('pair', { log: 'hello', 'log-interval': '0' }, { app: 'talk' }),
      spec: { containers: ['one', 'two'].map(name => ({ name, image: 'a:1' })) },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent' },
      spec: {
        selector: { matchLabels: { app: 'agent' } },
        template: {
          metadata: { labels: { app: 'agent' } },
          spec: { containers: [{ name: 'main', image: 'agent:1' }] },
        },
      },
    },
  ]);
  await cluster.settled();
});
afterAll(() => cluster.close());

/** What a child prints from now on. */
function printed(child: ChildProcess): { text: string } {
  const seen = { text: '' };
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', text => {
      seen.text += text;
    });
  }
  return seen;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

const WAIT = { timeout: 15_000 };

describe('kubectl logs', () => {
  it.each([
    ['said', 'one\ntwo\nthree\n'],
    ['said --tail=1', 'three\n'],
    ['said --since=1h --limit-bytes=3', 'one'],
    ['crashing --previous', 'last words\n'],
    ['pair -c two', 'hello\n'],
  ])('%s', async (args, expected) => {
    expect(await kubectl.ok(`logs ${args}`)).toBe(expected);
  });

  // kubectl takes several containers in whatever order.
  it.each([
    ['pair --all-containers --prefix', ['[pod/pair/one] hello', '[pod/pair/two] hello']],
    ['-l app=talk --tail=1 --all-containers', ['hello', 'hello', 'three']],
  ])('%s', async (args, expected) => {
    expect((await kubectl.ok(`logs ${args}`)).trim().split('\n').sort()).toEqual(expected);
  });

  it('of a set, with times', async () => {
    expect(await kubectl.ok('logs ds/agent --timestamps --tail=1')).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z \S+ INFO {2}ready\n$/,
    );
  });

  it('-f goes on, and ends with the pod', async () => {
    const child = kubectl.start(['logs', '-f', '--tail=1', 'talking']);
    const seen = printed(child);
    await expect.poll(() => seen.text, WAIT).toMatch(/^(tick\n){3}/);
    await kubectl.ok('delete pod talking');
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(0);
  });

  it('says what there is not', async () => {
    expect((await kubectl.run(['logs', 'plain', '--previous'])).stderr).toBe(
      'Error from server (BadRequest): previous terminated container "main" in pod "plain" not found\n',
    );
  });
});

describe('kubectl exec', () => {
  it('runs a command with its input, and exits as it does', async () => {
    expect(await kubectl.run(['exec', '-i', 'plain', '--', 'cat'], { input: 'hello' })).toMatchObject({
      code: 0,
      stdout: 'hello',
    });
    const { code, stdout, stderr } = await kubectl.run(['exec', 'plain', '--', 'sh', '-c', 'hostname; exit 3']);
    expect([code, stdout, stderr]).toEqual([3, 'plain\n', 'command terminated with exit code 3\n']);
  });

  it('cannot copy without tar', async () => {
    const { code, stderr } = await kubectl.run(['cp', 'plain:/etc/hostname', '/dev/null']);
    expect(code).toBe(1);
    expect(stderr).toContain('unable to start container process: exec: "tar": executable file not found in $PATH');
  });

  it('-it is a terminal', async () => {
    const child = kubectl.startAtTerminal(['exec', '-it', 'plain', '--', 'sh']);
    const seen = printed(child);
    await expect.poll(() => seen.text, WAIT).toContain('/ # ');
    child.stdin!.write('cd /etc && pwd\r');
    await expect.poll(() => seen.text, WAIT).toContain('\r\n/etc\r\n/etc # ');
    child.stdin!.write('exit 5\r');
    await once(child, 'exit');
    expect(seen.text).toContain('command terminated with exit code 5');
    expect(child.exitCode).toBe(5);
  });
});

describe('kubectl attach, run and debug', () => {
  it('attach shows what comes', async () => {
    await cluster.apply(own('ticking', { log: 'tick', 'log-interval': '100ms' }));
    const child = kubectl.start(['attach', 'ticking']);
    const seen = printed(child);
    await expect.poll(() => seen.text, WAIT).toContain('tick\ntick\n');
    await end(child);
  });

  it('run -i runs the command, and the pod ends with it', async () => {
    const args = ['run', 'once', '-i', '--rm', '--image=busybox', '--restart=Never', '--', 'sh', '-c', 'cat; exit 4'];
    const { code, stdout } = await kubectl.run(args, { input: 'from outside\n' });
    expect(stdout).toContain('from outside\n');
    expect(code).toBe(4);
    expect((await kubectl.run(['get', 'pod', 'once'])).stderr).toContain('not found');
  });

  it('debug -it puts a container beside the others', async () => {
    const child = kubectl.startAtTerminal(['debug', '-it', 'plain', '--image=busybox', '-c', 'looker']);
    const seen = printed(child);
    await expect.poll(() => seen.text, WAIT).toContain('/ # ');
    child.stdin!.write('hostname; exit\r');
    await once(child, 'exit');
    expect(seen.text).toContain('\r\nplain\r\n');
    const state = '{.status.ephemeralContainerStatuses[?(@.name=="looker")].state.terminated.exitCode}';
    expect(await kubectl.ok(['get', 'pod', 'plain', '-o', `jsonpath=${state}`])).toBe('0');
  });
});

describe('kubectl port-forward', () => {
  it('connects as often as it is asked to', async () => {
    const child = kubectl.start(['port-forward', '--address', '127.0.0.1', 'pod/plain', ':80']);
    const seen = printed(child);
    await expect.poll(() => seen.text, WAIT).toMatch(/Forwarding from 127\.0\.0\.1:\d+ -> 80/);
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(seen.text)![1]);
    for (const path of ['/a', '/b']) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`);
      expect(await answer.json()).toMatchObject({ pod: 'plain', namespace: 'default', port: 80, path });
    }
    const size = 2_000_000;
    const socket = connect(port, '127.0.0.1');
    let got = 0;
    socket.on('data', bytes => {
      got += bytes.length;
    });
    socket.end(Buffer.alloc(size, 'x'));
    await once(socket, 'close');
    expect(got).toBe(size);
    expect(seen.text).not.toContain('error');
    await end(child);
  });
});

describe('@kubernetes/client-node', () => {
  it('Exec', async () => {
    let out = '';
    const stdout = new PassThrough().on('data', text => {
      out += text;
    });
    const stdin = new PassThrough();
    const status = await new Promise<V1Status>((resolve, reject) => {
      const command = ['sh', '-c', 'echo $HOSTNAME; exit 6'];
      new Exec(config).exec('default', 'plain', 'main', command, stdout, null, stdin, false, resolve).catch(reject);
    });
    expect(status).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ message: '6' }] },
    });
    expect(out).toBe('plain\n');
  });

  it('Attach', async () => {
    let out = '';
    const stdout = new PassThrough().on('data', text => {
      out += text;
    });
    const ws = await new Attach(config).attach('default', 'ticking', 'main', stdout, null, null, false);
    await expect.poll(() => out, WAIT).toContain('tick\n');
    ws.close();
  });

  it('Log', async () => {
    let out = '';
    const target = new PassThrough().on('data', text => {
      out += text;
    });
    await new Log(config).log('default', 'said', 'main', target, { tailLines: 2 });
    await expect.poll(() => out, WAIT).toBe('two\nthree\n');
    const core = config.makeApiClient(CoreV1Api);
    expect(await core.readNamespacedPodLog({ namespace: 'default', name: 'said', limitBytes: 3 })).toBe('one');
  });

  it('PortForward', async () => {
    const forward = new PortForward(config);
    const server: Server = createServer(socket => {
      forward.portForward('default', 'plain', [8080], socket, null, socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let out = '';
    socket.on('data', text => {
      out += text;
    });
    socket.write('GET /x HTTP/1.1\r\nHost: plain\r\n\r\n');
    await expect.poll(() => out, WAIT).toContain('"port":8080,"path":"/x"');
    socket.destroy();
    server.close();
  });
});
