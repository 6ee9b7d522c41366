import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kubeletControllers } from '../../../src/kubelet/index.js';
import { boxOf } from '../../../src/kubelet/shell/box.js';
import { rehearse } from '../../../src/kubelet/shell/rehearsal.js';
import type { Container, ObjectMeta, Pod, PodSpec } from '../../../src/resources/types.js';
import { ModelCluster, READY } from '../../support/model-cluster.js';

let cluster: ModelCluster;
beforeEach(async () => {
  cluster = await ModelCluster.start(context => kubeletControllers(context));
});
afterEach(async () => {
  expect(cluster.errors).toEqual([]);
  await cluster.close();
});

describe('a rehearsal', () => {
  const START = Date.UTC(2025, 0, 1);

  const rehearsed = (container: Partial<Container>) => {
    const main: Container = { name: 'main', image: 'a:1', env: [{ name: 'CODE', value: '7' }], ...container };
    const pod: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default', uid: 'u', resourceVersion: '1', creationTimestamp: '' },
      spec: { containers: [main] },
      status: {},
    };
    return rehearse(boxOf(cluster.registry, pod, main, false), START);
  };
  const sh = (text: string) => rehearsed({ command: ['sh', '-c', text] });

  it.each([
    [['true'], 0, 0],
    [['/bin/false'], 1, 0],
    [['sleep', '90'], 0, 90_000],
    [['sh', '-c', 'sleep 1m; exit 3'], 3, 60_000],
    [['sh', '-c', 'sleep 2 && false || sleep 5'], 0, 7000],
    [['sh', '-c', 'exit $CODE'], 7, 0],
    [['sh', '-c', 'exit $(CODE)'], 7, 0],
    [['cat', '/etc/nothing'], 1, 0],
    [['sh', '-c', 'sh -c "exit 4"'], 4, 0],
    [['sh', '-c', '[ "$CODE" = 7 ] && exit 2'], 2, 0],
    [['sh', '-c', 'test $CODE -lt 7 || exit 5'], 5, 0],
    [['test', '!', '-f', '/etc/hosts'], 1, 0],
    [['test', '-d', '/etc'], 0, 0],
    [['[', '-z', '', ']'], 0, 0],
    [['test', '1', '-is', '1'], 2, 0],
  ])('%j ends with %d after %d ms', async (command, code, after) => {
    expect((await rehearsed({ command }))?.end).toEqual({ code, after });
    const [first, ...args] = command;
    expect((await rehearsed({ command: [first!], args }))?.end).toEqual({ code, after });
    expect((await rehearsed({ args: command }))?.end).toEqual({ code, after });
  });

  it.each([
    [[]],
    [['perl', '-e', 'print 1']],
    [['sh', '-c', 'perl -e 1 || exit 1']],
    [['sh', '-c', 'sh -c perl; exit 1']],
    [['sh', '-c', 'for i in 1 2; do echo $i; done']],
    [['sh', '-c', 'sleep 1 & wait']],
  ])('of %j says nothing', async command => expect(await rehearsed({ command })).toBeUndefined());

  it('knows what never ends', async () => {
    expect(await sh('echo on; sleep infinity')).toEqual({ lines: [{ after: 0, stream: 'Stdout', text: 'on' }] });
  });

  it('takes down what is said, and when', async () => {
    expect((await sh('echo a; echo -n b; echo c; sleep 5; cat /no; date +%T | cat'))?.lines).toEqual([
      { after: 0, stream: 'Stdout', text: 'a' },
      { after: 0, stream: 'Stdout', text: 'bc' },
      { after: 5000, stream: 'Stderr', text: "cat: can't open '/no': No such file or directory" },
      { after: 5000, stream: 'Stdout', text: '00:00:05' },
    ]);
  });
});

describe('a pod that is not to be started again', () => {
  const JOB = [{ apiVersion: 'batch/v1', kind: 'Job', name: 'j', uid: 'j', controller: true }];

  it.each<[string, Partial<PodSpec>, Partial<Container>, Partial<ObjectMeta>, string, number]>([
    ['ends as its command does', { restartPolicy: 'Never' }, { command: ['sleep', '60'] }, {}, 'Succeeded', 60],
    ['fails as its command does', { restartPolicy: 'Never' }, { command: ['false'] }, {}, 'Failed', 0],
    ['of a Job succeeds after a moment', { restartPolicy: 'OnFailure' }, {}, { ownerReferences: JOB }, 'Succeeded', 1],
    ['of nobody goes on', { restartPolicy: 'Never' }, {}, {}, 'Running', 0],
    [
      'waits for who sits in front of it',
      { restartPolicy: 'Never' },
      { command: ['sh'], stdin: true },
      {},
      'Running',
      0,
    ],
    ['but is goes on', { restartPolicy: 'Always' }, { command: ['false'] }, { ownerReferences: JOB }, 'Running', 0],
  ])('%s', async (_, spec, container, metadata, phase, seconds) => {
    await cluster.node('n1', READY);
    await cluster.pod('p', 'n1', { ...spec, containers: [{ name: 'main', image: 'a:1', ...container }] }, metadata);
    if (seconds > 0) {
      await cluster.advance(seconds * 1000 - 1);
      expect(cluster.getPod('p')!.status.phase).toBe('Running');
      await cluster.advance(1);
    }
    expect(cluster.getPod('p')!.status.phase).toBe(phase);
    await cluster.advance(3_600_000);
    expect(cluster.getPod('p')!.status.phase).toBe(phase);
  });

  it('is started again after failures if it says so, with growing pauses', async () => {
    await cluster.node('n1', READY);
    const containers = [{ name: 'main', image: 'a:1', command: ['false'] }];
    await cluster.pod('p', 'n1', { restartPolicy: 'OnFailure', containers });
    await cluster.advance(30_000);
    expect(cluster.getPod('p')!.status).toMatchObject({
      phase: 'Running',
      containerStatuses: [{ restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
    });
  });
});
