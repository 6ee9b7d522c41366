import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boxOf } from '../../../src/kubelet/shell/box.js';
import { findProgram } from '../../../src/kubelet/shell/programs.js';
import { runProcess } from '../../../src/kubelet/shell/run-process.js';
import { configMaps } from '../../../src/resources/index.js';
import type { Container, Pod } from '../../../src/resources/types.js';
import { openRegistry, type TestRegistry } from '../../support/registry.js';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await openRegistry();
  await registry.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'conf', namespace: 'default' },
    data: { colour: 'blue', 'app.ini': 'x=1\n' },
  });
});
afterEach(() => registry.log.close());

const container: Container = {
  name: 'main',
  image: 'a:1',
  env: [
    { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    { name: 'COLOUR', valueFrom: { configMapKeyRef: { name: 'conf', key: 'colour' } } },
    { name: 'BOTH', value: '$(NODE)-$(COLOUR)-$(NONE)-$$(NODE)' },
    { name: 'SPACED', value: 'a  b' },
  ],
  volumeMounts: [{ name: 'v', mountPath: '/conf' }],
};
const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default', uid: 'u', resourceVersion: '1', creationTimestamp: '' },
  spec: {
    nodeName: 'n',
    dnsPolicy: 'ClusterFirst',
    containers: [container],
    volumes: [{ name: 'v', configMap: { name: 'conf' } }],
  },
  status: { podIP: '10.128.0.2' },
};

/** A process that runs: its keyboard and its screens. */
class Session {
  readonly stdin = new PassThrough();
  stdout = '';
  stderr = '';
  readonly gone = new AbortController();
  readonly code: Promise<number>;

  constructor(command: readonly string[], tty = false) {
    const screen = (name: 'stdout' | 'stderr') =>
      new PassThrough().on('data', text => {
        this[name] += text;
      });
    this.code = runProcess(
      findProgram(command[0]!)!,
      command.slice(1),
      boxOf(registry, pod, container, tty),
      registry.clock,
      { stdin: this.stdin, stdout: screen('stdout'), stderr: screen('stderr'), tty, signal: this.gone.signal },
    );
  }

  /** Types, and waits for what it brings. */
  async type(text: string, expected: string): Promise<void> {
    this.stdout = '';
    this.stdin.write(text);
    await expect.poll(() => this.stdout).toBe(expected);
  }
}

async function run(command: readonly string[], input = ''): Promise<{ code: number; out: string; err: string }> {
  const session = new Session(command);
  session.stdin.end(input);
  const code = await session.code;
  await new Promise(setImmediate);
  return { code, out: session.stdout, err: session.stderr };
}

describe('programs', () => {
  it.each<[string[], string, number]>([
    [['hostname'], 'p\n', 0],
    [['/bin/cat', '/etc/hostname'], 'p\n', 0],
    [
      ['cat', '/etc/resolv.conf'],
      'search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n',
      0,
    ],
    [['cat', '/conf/app.ini'], 'x=1\n', 0],
    [['ls', '/conf'], 'app.ini\ncolour\n', 0],
    [['pwd'], '/\n', 0],
    [['date', '-u', '+%F %T'], '2025-01-01 00:00:00\n', 0],
    [['date'], 'Wed Jan  1 00:00:00 UTC 2025\n', 0],
    [['id'], 'uid=0(root) gid=0(root) groups=0(root)\n', 0],
    [['printenv', 'BOTH', 'NODE'], 'n-blue-$(NONE)-$(NODE)\nn\n', 0],
    [['echo', '-n', 'a', 'b'], 'a b', 0],
    [['true'], '', 0],
    [['false'], '', 1],
    [['sleep', '0'], '', 0],
    [['ps'], 'PID   USER     TIME  COMMAND\n    1 root      0:00 /main\n    7 root      0:00 ps\n', 0],
  ])('%j', async (command, out, code) => {
    // Nothing sleeps by itself on a clock that stands still.
    const running = run(command);
    registry.clock.moveTo(registry.clock.now());
    expect(await running).toEqual({ code, out, err: '' });
  });

  it('say what is not there', async () => {
    expect(await run(['cat', '/none'])).toMatchObject({
      code: 1,
      err: "cat: can't open '/none': No such file or directory\n",
    });
    expect(await run(['ls', '/none'])).toMatchObject({ code: 1, err: 'ls: /none: No such file or directory\n' });
    expect(findProgram('tar')).toBeUndefined();
    expect(findProgram('/opt/sh')).toBeUndefined();
    expect(findProgram('constructor')).toBeUndefined();
  });

  it('find the ndots of their pod in resolv.conf, where it says any', () => {
    const options = [{ name: 'ndots', value: '2' }, { name: 'rotate' }];
    const spec = { ...pod.spec, dnsConfig: { options, searches: ['example.com'] } };
    expect(boxOf(registry, { ...pod, spec }, container, false).files.get('/etc/resolv.conf')).toBe(
      'search default.svc.cluster.local svc.cluster.local cluster.local example.com\nnameserver 10.96.0.10\noptions ndots:2 rotate\n',
    );
  });

  it('cat says back what it is told', async () => {
    expect(await run(['cat'], 'one\ntwo')).toEqual({ code: 0, out: 'one\ntwo', err: '' });
  });

  it('sleep sleeps by the clock of the cluster', async () => {
    const { code } = new Session(['sleep', '1m']);
    let isOver = false;
    code.then(() => {
      isOver = true;
    });
    registry.clock.moveTo(registry.clock.now() + 59_999);
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    registry.clock.moveTo(registry.clock.now() + 1);
    expect(await code).toBe(0);
  });
});

describe('sh -c', () => {
  it.each<[string, string, number]>([
    ['echo a; echo b', 'a\nb\n', 0],
    ['exit 7', '', 7],
    ['false && echo no; false || echo yes', 'yes\n', 0],
    ['true && false || echo rescued', 'rescued\n', 0],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell that is to fill it in
    ['echo $NODE "${NODE}x" \'$NODE\' \\$NODE', 'n nx $NODE $NODE\n', 0],
    ['echo $SPACED "$SPACED"', 'a b a  b\n', 0],
    ['false; echo $?', '1\n', 0],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell that is to fill it in
    ['X=1; echo $X ${Y:-two}', '1 two\n', 0],
    ['X=1; printenv X; export X; printenv X', '1\n', 0],
    ['X=3 printenv X', '3\n', 0],
    ['cd /etc && pwd && cat hostname', '/etc\np\n', 0],
    ['cat /conf/app.ini | cat | cat', 'x=1\n', 0],
    ['echo secret > /dev/null; cat < /etc/hostname', 'p\n', 0],
    ['cat /none 2>&1', "cat: can't open '/none': No such file or directory\n", 1],
    ['nope 2>/dev/null', '', 127],
    ['echo one # two', 'one\n', 0],
    ['\n\necho a\n\necho b\n', 'a\nb\n', 0],
    ['echo "a \\"b\\""', 'a "b"\n', 0],
    ['sh -c "exit 9"', '', 9],
    ['echo ""x', 'x\n', 0],
    ['', '', 0],
  ])('%j', async (line, out, code) => {
    expect(await run(['sh', '-c', line])).toEqual({ code, out, err: '' });
  });

  it.each([
    ['nope', 127, 'sh: nope: not found\n'],
    ['echo "a', 2, 'sh: syntax error: unterminated quoted string\n'],
    ['| cat', 2, 'sh: syntax error: unexpected "|"\n'],
    ['echo a >', 2, 'sh: syntax error: unexpected end of file\n'],
    ['echo a > /x', 1, "sh: can't create /x: Read-only file system\n"],
    ['cd /none', 1, "sh: cd: can't cd to /none: No such file or directory\n"],
  ])('%j fails with %i', async (line, code, err) => {
    expect(await run(['sh', '-c', line])).toEqual({ code, out: '', err });
  });

  it('knows its arguments', async () => {
    expect(await run(['sh', '-c', 'echo $0 $1 $# $@', 'me', 'a', 'b'])).toMatchObject({ out: 'me a 2 a b\n' });
  });
});

describe('sh', () => {
  it('reads commands from its input, and leaves to them what they read', async () => {
    expect(await run(['sh'], 'echo one\ncat\ntwo\nthree\n')).toEqual({ code: 0, out: 'one\ntwo\nthree\n', err: '' });
    expect(await run(['sh'], 'false\nexit 4\necho never\n')).toEqual({ code: 4, out: '', err: '' });
  });

  it('prompts at a terminal, where lines are edited, interrupted and ended', async () => {
    const session = new Session(['sh'], true);
    await expect.poll(() => session.stdout).toBe('/ # ');
    await session.type('ec', 'ec');
    await session.type('hx\x7fo héé\x7f\r', 'hx\b \bo héé\b \b\r\nhé\r\n/ # ');
    await session.type('cat\r', 'cat\r\n');
    await session.type('said\r', 'said\r\nsaid\r\n');
    await session.type('\x04', '/ # ');
    await session.type('sleep 9\r', 'sleep 9\r\n');
    await session.type('\x03', '^C\r\n/ # ');
    await session.type('echo $?\r', 'echo $?\r\n130\r\n/ # ');
    await session.type('half\x03', 'half^C\r\n/ # ');
    await session.type('\x1b[Acd /etc\r', 'cd /etc\r\n/etc # ');
    session.stdin.write('\x04');
    expect(await session.code).toBe(0);
  });

  it('ends when its client goes', async () => {
    const session = new Session(['sh', '-c', 'sleep 100; echo never'], false);
    await new Promise(setImmediate);
    session.gone.abort();
    expect(await session.code).toBe(130);
    expect(session.stdout).toBe('');
  });
});
