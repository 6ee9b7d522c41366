import { describe, expect, it } from 'vitest';
import { DEFAULT_POD_SETTINGS, type PodSettings } from '../../../src/kubelet/options.js';
import { LogLines, type Run } from '../../../src/kubelet/runtime/log-lines.js';
import { LogReader } from '../../../src/kubelet/runtime/log-reader.js';
import { runAsOf, runToShow } from '../../../src/kubelet/runtime/runs.js';
import type { LogOptions } from '../../../src/resources/container-runtime.js';
import type { Container, ContainerStatus, Pod } from '../../../src/resources/types.js';

const START = Date.UTC(2025, 0, 1);
const CONTAINER: Container = { name: 'main', image: 'a:1', ports: [{ containerPort: 80 }] };

function podWith(status: Partial<ContainerStatus>, uid = 'u'): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'd', uid, resourceVersion: '1', creationTimestamp: '' },
    spec: { nodeName: 'n', containers: [CONTAINER] },
    status: {
      containerStatuses: [{ name: 'main', image: 'a:1', imageID: '', ready: true, restartCount: 0, ...status }],
    },
  };
}

const ALL: LogOptions = { follow: false, previous: false, timestamps: false, stream: 'All' };

function read(
  options: Partial<LogOptions>,
  {
    at = START,
    run = {},
    settings = {},
    container = {},
    uid = 'u',
  }: {
    at?: number;
    run?: Partial<Run>;
    settings?: Partial<PodSettings>;
    container?: Partial<Container>;
    uid?: string;
  } = {},
): string[] {
  const lines = new LogLines(
    podWith({}, uid),
    { ...CONTAINER, ...container },
    { startedAt: START, ...run },
    { ...DEFAULT_POD_SETTINGS, ...settings },
  );
  const text = [...new LogReader({ ...ALL, ...options }).read(lines, at)].join('');
  return text.split('\n').filter(line => line !== '');
}

const MINUTE = 60_000;

describe('a log that is made up', () => {
  it('tells of the start, and then of something every ten seconds', () => {
    const lines = read({}, { at: START + MINUTE });
    expect(lines.slice(0, 3)).toEqual([
      '2025-01-01T00:00:00.000Z INFO  starting container=main image=a:1 pod=d/p node=n',
      '2025-01-01T00:00:00.000Z INFO  listening port=80 protocol=tcp',
      '2025-01-01T00:00:00.000Z INFO  ready',
    ]);
    expect(lines).toHaveLength(3 + 6);
    expect(lines[3]).toMatch(/^2025-01-01T00:00:10\.000Z (INFO {2}alive uptime=10s|WARN {2}slow)/);
  });

  it('is the same whenever it is read, another for another pod, and grows only at its end', () => {
    const lines = read({}, { at: START + MINUTE });
    expect(read({}, { at: START + MINUTE })).toEqual(lines);
    expect(read({}, { at: START + 30_000 })).toEqual(lines.slice(0, 6));
    expect(read({}, { at: START + MINUTE, uid: 'v' }).slice(3)).not.toEqual(lines.slice(3));
  });

  it.each([
    [0, 'INFO  done, exiting'],
    [3, 'ERROR fatal, exiting code=3'],
  ])('ends with the container (exit code %i)', (exitCode, last) => {
    const lines = read({}, { at: START + MINUTE, run: { finishedAt: START + 20_000, exitCode } });
    expect(lines).toHaveLength(3 + 2 + 1);
    expect(lines.at(-1)).toBe(`2025-01-01T00:00:20.000Z ${last}`);
  });

  it('has nothing in it where somebody sits in front of the container', () => {
    expect(read({}, { at: START + MINUTE, container: { stdin: true } })).toEqual([]);
  });

  it('keeps the newest 50,000 lines, which costs no more than they do', () => {
    const lines = read({ timestamps: true }, { at: START + 1000 * 24 * 60 * MINUTE });
    expect(lines).toHaveLength(50_000);
    expect(lines.at(-1)).toMatch(/^2027-09-28T00:00:00\.000000000Z /);
  });
});

describe('a log that was told what to say', () => {
  const settings = { log: 'one\ntwo\nthree\n', logInterval: 1000 };

  it.each([
    [0, ['one']],
    [999, ['one']],
    [4000, ['one', 'two', 'three', 'one', 'two']],
  ])('says it in turn (%i ms after the start)', (after, expected) => {
    expect(read({}, { at: START + after, settings })).toEqual(expected);
  });

  it('says it once, at the start, without an interval', () => {
    expect(read({}, { at: START + MINUTE, settings: { ...settings, logInterval: 0 } })).toEqual([
      'one',
      'two',
      'three',
    ]);
  });

  it('can be told to say nothing', () => {
    expect(read({}, { at: START + MINUTE, settings: { log: '', logInterval: 1000 } })).toEqual([]);
  });
});

describe('of a log is read', () => {
  const settings = { log: 'a\nb\nc\nd\ne\nf', logInterval: 1000 };
  const at = START + 5000;

  it.each<[string, Partial<LogOptions>, string[]]>([
    ['all', {}, ['a', 'b', 'c', 'd', 'e', 'f']],
    ['the tail', { tailLines: 2 }, ['e', 'f']],
    ['no tail', { tailLines: 0 }, []],
    ['more tail than there is', { tailLines: 99 }, ['a', 'b', 'c', 'd', 'e', 'f']],
    ['what is not too old', { since: START + 3000 }, ['d', 'e', 'f']],
    ['of the tail what is not too old', { tailLines: 2, since: START + 5000 }, ['f']],
    ['of the tail what is not too old, where the tail is shorter', { tailLines: 1, since: START }, ['f']],
    ['so many bytes', { limitBytes: 5 }, ['a', 'b', 'c']],
    ['one output', { stream: 'Stderr' }, []],
    ['with times', { tailLines: 1, timestamps: true }, ['2025-01-01T00:00:05.000000000Z f']],
    ['with times, as bytes', { limitBytes: 34, timestamps: true }, ['2025-01-01T00:00:00.000000000Z a', '2']],
  ])('%s', (_, options, expected) => {
    expect(read(options, { at, settings })).toEqual(expected);
  });

  it('each line once, in pieces', () => {
    const lines = new LogLines(podWith({}), CONTAINER, { startedAt: START }, { ...DEFAULT_POD_SETTINGS, ...settings });
    const reader = new LogReader({ ...ALL, tailLines: 1 });
    expect([...reader.read(lines, START + 1000)]).toEqual(['b\n']);
    expect([...reader.read(lines, START + 1500)]).toEqual([]);
    expect([...reader.read(lines, START + 3000)]).toEqual(['c\nd\n']);
  });
});

describe('the run whose log is shown', () => {
  const time = (seconds: number) => new Date(START + seconds * 1000).toISOString();
  const ended = (from: number, to: number, containerID = 'c') => ({
    terminated: { exitCode: 1, startedAt: time(from), finishedAt: time(to), containerID },
  });
  const running = { state: { running: { startedAt: time(5) } } };

  it.each<[string, Partial<ContainerStatus>, boolean, Run]>([
    ['that goes on', running, false, { startedAt: START + 5000 }],
    [
      'that has ended',
      { state: ended(1, 2) },
      false,
      { startedAt: START + 1000, finishedAt: START + 2000, exitCode: 1 },
    ],
    [
      'before the restart that is waited for',
      { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: ended(1, 2) },
      false,
      { startedAt: START + 1000, finishedAt: START + 2000, exitCode: 1 },
    ],
    [
      'before this one',
      { ...running, lastState: ended(1, 2) },
      true,
      { startedAt: START + 1000, finishedAt: START + 2000, exitCode: 1 },
    ],
  ])('is the one %s', (_, status, previous, run) => {
    expect(runToShow(podWith(status), 'main', previous)).toEqual(run);
  });

  it.each<[Partial<ContainerStatus>, boolean, string]>([
    [running, true, 'previous terminated container "main" in pod "p" not found'],
    [{ state: ended(1, 2, '') }, false, 'container "main" in pod "p" is terminated'],
    [
      { state: { waiting: { reason: 'ContainerCreating' } } },
      false,
      'container "main" in pod "p" is waiting to start: ContainerCreating',
    ],
    [
      { state: { waiting: { reason: 'ErrImagePull' } } },
      false,
      'container "main" in pod "p" is waiting to start: image can\'t be pulled',
    ],
    [
      { state: { waiting: { reason: 'ImagePullBackOff' } } },
      false,
      'container "main" in pod "p" is waiting to start: trying and failing to pull image',
    ],
    [{}, false, 'container "main" in pod "p" is waiting to start - no logs yet'],
    [{ name: 'other' }, false, 'container "main" in pod "p" is not available'],
  ])('is none (%j)', (status, previous, message) => {
    expect(() => runToShow(podWith(status), 'main', previous)).toThrow(message);
  });

  it('is followed to its end, also when the next one runs already, or the pod is gone', () => {
    const first = { startedAt: START + 5000 };
    const next = { state: { running: { startedAt: time(9) } }, lastState: ended(5, 8) };
    expect(runAsOf(podWith(running), 'main', first, START + 6000)).toBe(first);
    expect(runAsOf(podWith(next), 'main', first, START + 9000)).toMatchObject({
      finishedAt: START + 8000,
      exitCode: 1,
    });
    expect(runAsOf(undefined, 'main', first, START + 9000)).toMatchObject({ finishedAt: START + 9000 });
  });
});
