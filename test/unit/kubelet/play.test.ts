import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { formatTime } from '../../../src/clock/clock.js';
import { Random } from '../../../src/clock/random.js';
import { DEFAULT_POD_SETTINGS, podSettings } from '../../../src/kubelet/options.js';
import { type Progress, play, Waits } from '../../../src/kubelet/play.js';
import { type Host, UNPROBED } from '../../../src/kubelet/scene.js';
import { NO_TASKS, type Tasks } from '../../../src/kubelet/tasks.js';
import type { Node, Pod, PodSpec } from '../../../src/resources/types.js';

const START = Date.UTC(2025, 0, 1);

const node: Node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1', uid: 'n', resourceVersion: '1', creationTimestamp: '' },
  spec: { podCIDR: '10.128.0.0/24' },
  status: {
    addresses: [{ type: 'InternalIP', address: '172.18.0.2' }],
    conditions: [{ type: 'Ready', status: 'True' }],
  },
};

function podWith(annotations: Record<string, string> = {}, spec: Partial<PodSpec> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'd', uid: 'u1', resourceVersion: '1', creationTimestamp: '', annotations },
    spec: { nodeName: 'n1', restartPolicy: 'Always', containers: [{ name: 'main', image: 'agent:1' }], ...spec },
    status: {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: '2024-12-31T23:59:59Z' }],
    },
  };
}

const annotated = (word: string, more: Record<string, string> = {}) =>
  Object.fromEntries(Object.entries({ behavior: word, ...more }).map(([key, value]) => [`kubette.dev/${key}`, value]));

/** One pod on one node, looked at whenever it asks to be. */
class Stage {
  pod: Pod;
  now = START;
  node = node;
  writes = 0;
  removed = false;
  wakeAt: number | undefined;
  tasks: Tasks = NO_TASKS;
  readonly events: string[] = [];
  readonly #waits = new Waits();
  readonly #host: Host;

  /** @param ofNode annotations of the node */
  constructor(pod: Pod, host: Partial<Host> = {}, ofNode: Record<string, string> = {}, nodeReady = true) {
    this.pod = pod;
    const conditions = [{ type: 'Ready', status: nodeReady ? ('True' as const) : ('False' as const) }];
    this.node = {
      ...node,
      metadata: { ...node.metadata, annotations: ofNode },
      status: { ...node.status, conditions },
    };
    let ip = 2;
    this.#host = {
      random: new Random(1),
      admit: () => ({}),
      shortages: () => [],
      allocateIP: () => `10.128.0.${ip++}`,
      ...host,
    };
    this.look();
  }

  look(): Progress {
    const settings = podSettings(this.pod, this.node, DEFAULT_POD_SETTINGS);
    const { pod, node, now } = this;
    const progress = play(
      { pod, node, settings, tasks: this.tasks, host: this.#host, probed: UNPROBED, now },
      this.#waits,
    );
    if (progress.pod !== this.pod) this.writes++;
    this.pod = progress.pod;
    this.removed = progress.removed;
    this.wakeAt = progress.wakeAt;
    this.events.push(...progress.events.map(e => `${e.type} ${e.reason} ${e.message}`));
    return progress;
  }

  /** Lets time pass, and looks whenever something is due. */
  advance(ms: number): void {
    const until = this.now + ms;
    while (this.wakeAt !== undefined && this.wakeAt <= until) {
      this.now = this.wakeAt;
      this.look();
    }
    this.now = until;
  }

  annotate(annotations: Record<string, string>): void {
    this.pod = { ...this.pod, metadata: { ...this.pod.metadata, annotations } };
    this.look();
  }

  delete(grace = 30): void {
    const metadata = {
      ...this.pod.metadata,
      deletionTimestamp: formatTime(this.now + grace * 1000),
      deletionGracePeriodSeconds: grace,
    };
    this.pod = { ...this.pod, metadata };
    this.look();
  }

  get main() {
    return this.pod.status.containerStatuses![0]!;
  }

  condition(type: string) {
    return this.pod.status.conditions!.find(c => c.type === type);
  }
}

describe('a pod with nothing to wait for', () => {
  const container = fc.record({ name: fc.constantFrom('a', 'b', 'c'), image: fc.constantFrom('x:1', 'y', 'z:latest') });
  const specs = fc.record({
    containers: fc.uniqueArray(container, { minLength: 1, selector: c => c.name }),
    hostNetwork: fc.boolean(),
    activeDeadlineSeconds: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
    readinessGates: fc.constantFrom(undefined, [{ conditionType: 'example.com/gate' }]),
    restartPolicy: fc.constantFrom('Always', 'OnFailure', 'Never'),
  });

  it('comes up in one step as it would in many', () => {
    const admissions = fc.constantFrom(
      {},
      { rejection: { reason: 'OutOfcpu', message: 'no' } },
      { victims: [podWith()] },
    );
    fc.assert(
      fc.property(specs, admissions, fc.boolean(), fc.boolean(), (spec, admission, full, nodeReady) => {
        const host: Partial<Host> = { admit: () => admission, ...(full ? { allocateIP: () => undefined } : {}) };
        const play = (annotations: Record<string, string>) => {
          const stage = new Stage(podWith({}, spec as Partial<PodSpec>), host, annotations, nodeReady);
          return [stage.pod, stage.events, stage.wakeAt];
        };
        // A behaviour, even one that says nothing, has every stage played by itself.
        expect(play({})).toEqual(play(annotated('run')));
      }),
    );
  });
});

describe('a pod without any wishes', () => {
  const stage = new Stage(podWith());

  it('KUB-03: is running and ready with one write', () => {
    expect(stage.writes).toBe(1);
    expect(stage.wakeAt).toBeUndefined();
    const { containerStatuses, conditions, ...status } = stage.pod.status;
    expect(status).toEqual({
      phase: 'Running',
      startTime: '2025-01-01T00:00:00Z',
      hostIP: '172.18.0.2',
      hostIPs: [{ ip: '172.18.0.2' }],
      podIP: '10.128.0.2',
      podIPs: [{ ip: '10.128.0.2' }],
    });
    const time = { lastProbeTime: null, lastTransitionTime: '2025-01-01T00:00:00Z' };
    expect(conditions).toEqual([
      { type: 'PodReadyToStartContainers', status: 'True', ...time },
      { type: 'Initialized', status: 'True', ...time },
      { type: 'Ready', status: 'True', ...time },
      { type: 'ContainersReady', status: 'True', ...time },
      { type: 'PodScheduled', status: 'True', lastTransitionTime: '2024-12-31T23:59:59Z' },
    ]);
    expect(containerStatuses).toEqual([
      {
        name: 'main',
        image: 'agent:1',
        imageID: expect.stringMatching(/^docker\.io\/library\/agent@sha256:[0-9a-f]{64}$/),
        containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/),
        ready: true,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: '2025-01-01T00:00:00Z' } },
        lastState: {},
      },
    ]);
  });

  it('tells what a kubelet tells', () => {
    expect(stage.events).toEqual([
      'Normal Pulled Container image "agent:1" already present on machine and can be accessed by the pod',
      'Normal Created Container created',
      'Normal Started Container started',
    ]);
  });

  it('is left alone after that', () => {
    const before = stage.pod;
    stage.now += 3_600_000;
    expect(stage.look().pod).toBe(before);
  });

  it('goes at once when deleted', () => {
    stage.delete();
    expect(stage.removed).toBe(true);
    expect(stage.events.at(-1)).toBe('Normal Killing Stopping container main');
  });
});

describe('delays', () => {
  it('KUB-03, KUB-04: are kept to the millisecond, stage by stage', () => {
    const stage = new Stage(
      podWith({
        'kubette.dev/start-delay': '700ms',
        'kubette.dev/ready-delay': '2s',
        'kubette.dev/stop-delay': '1500ms',
      }),
    );
    expect(stage.pod.status).toMatchObject({
      phase: 'Pending',
      startTime: '2025-01-01T00:00:00Z',
      hostIP: '172.18.0.2',
    });
    expect(stage.main.state).toEqual({ waiting: { reason: 'ContainerCreating' } });
    expect(stage.condition('PodReadyToStartContainers')?.status).toBe('False');
    stage.advance(699);
    expect(stage.pod.status.phase).toBe('Pending');
    stage.advance(1);
    expect(stage.pod.status.phase).toBe('Running');
    expect(stage.condition('Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [main]',
    });
    stage.advance(1999);
    expect(stage.main.ready).toBe(false);
    stage.advance(1);
    expect(stage.condition('Ready')).toEqual({
      type: 'Ready',
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: '2025-01-01T00:00:02Z',
    });
    stage.delete();
    expect(stage.events.at(-1)).toBe('Normal Killing Stopping container main');
    stage.advance(1499);
    expect(stage.removed).toBe(false);
    stage.advance(1);
    expect(stage.removed).toBe(true);
    expect(stage.pod.status.phase).toBe('Succeeded');
    expect(stage.main.state?.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
    expect(stage.events.filter(e => e.includes('Killing'))).toHaveLength(1);
  });

  it('go on from the timestamps when the kubelet was restarted meanwhile', () => {
    const first = new Stage(podWith({ 'kubette.dev/start-delay': '60s' }));
    const second = new Stage(first.pod);
    second.now = START + 50_000;
    second.wakeAt = undefined;
    const fresh = play(
      {
        pod: first.pod,
        node,
        probed: UNPROBED,
        settings: podSettings(first.pod, node, DEFAULT_POD_SETTINGS),
        tasks: NO_TASKS,
        host: {} as Host,
        now: second.now,
      },
      new Waits(),
    );
    expect(fresh.wakeAt).toBe(START + 60_000);
  });

  it('KUB-04: end with the grace period: what has not stopped by then is killed', () => {
    const stage = new Stage(podWith({ 'kubette.dev/stop-delay': '1h' }));
    stage.delete(30);
    stage.advance(29_999);
    expect(stage.removed).toBe(false);
    stage.advance(1);
    expect(stage.removed).toBe(true);
    expect(stage.pod.status.phase).toBe('Failed');
    expect(stage.main.state?.terminated).toMatchObject({ exitCode: 137, reason: 'Error' });
  });

  it('are cut short by a deletion with a shorter grace period', () => {
    const stage = new Stage(podWith({ 'kubette.dev/stop-delay': '1h' }));
    stage.delete(30);
    stage.advance(5000);
    stage.pod = {
      ...stage.pod,
      metadata: {
        ...stage.pod.metadata,
        deletionGracePeriodSeconds: 10,
        deletionTimestamp: formatTime(START + 10_000),
      },
    };
    stage.look();
    stage.advance(5000);
    expect(stage.removed).toBe(true);
  });
});

describe('crash loops', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = new Stage(podWith(annotated('crash-loop')));
  });

  it('restart once at once, then with a growing pause', () => {
    expect(stage.main.restartCount).toBe(1);
    expect(stage.main.state).toEqual({
      waiting: {
        reason: 'CrashLoopBackOff',
        message: 'back-off 10s restarting failed container=main pod=p_d(u1)',
      },
    });
    expect(stage.main.lastState?.terminated).toMatchObject({ exitCode: 1, reason: 'Error' });
    expect(stage.pod.status.phase).toBe('Running');
    const restarts: number[] = [];
    for (let i = 0; i < 8; i++) {
      const before = stage.now;
      stage.advance(stage.wakeAt! - stage.now);
      restarts.push((stage.now - before) / 1000);
    }
    expect(restarts).toEqual([10, 20, 40, 80, 160, 300, 300, 300]);
    expect(stage.main.restartCount).toBe(9);
    expect(stage.events.filter(e => e.startsWith('Warning BackOff'))).toHaveLength(9);
  });

  it('end when the behaviour is taken away', () => {
    stage.annotate({});
    stage.advance(10_000);
    expect(stage.main).toMatchObject({ ready: true, restartCount: 2 });
    expect(stage.wakeAt).toBeUndefined();
  });

  it('of an init container keep the others waiting', () => {
    const init = [{ name: 'setup', image: 's:1' }];
    const looping = new Stage(podWith(annotated('crash-loop', { containers: 'setup' }), { initContainers: init }));
    expect(looping.pod.status.phase).toBe('Pending');
    expect(looping.pod.status.initContainerStatuses![0]!.state?.waiting?.reason).toBe('CrashLoopBackOff');
    expect(looping.main.state?.waiting?.reason).toBe('PodInitializing');
    expect(looping.condition('Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [setup]',
    });
  });
});

describe('pods that end', () => {
  it.each([
    ['exit', '0', 'Never', 'Succeeded'],
    ['exit', '0', 'OnFailure', 'Succeeded'],
    ['exit', '3', 'Never', 'Failed'],
    ['crash-loop', undefined, 'Never', 'Failed'],
    ['fail', undefined, 'Always', 'Failed'],
    ['exit', '0', 'Always', 'Running'],
    ['exit', '3', 'OnFailure', 'Running'],
  ])('%s with code %s and restartPolicy %s: %s', (behavior, code, restartPolicy, phase) => {
    const more: Record<string, string> = { 'exit-after': '5s', ...(code === undefined ? {} : { 'exit-code': code }) };
    const stage = new Stage(podWith(annotated(behavior, more), { restartPolicy }));
    expect(stage.pod.status.phase).toBe('Running');
    expect(stage.main.ready).toBe(true);
    stage.advance(4999);
    expect(stage.main.restartCount).toBe(0);
    expect(stage.main.state?.running).toBeDefined();
    stage.advance(1);
    expect(stage.pod.status.phase).toBe(phase);
    if (phase === 'Running') expect(stage.main.restartCount).toBe(1);
    else {
      expect(stage.wakeAt).toBeUndefined();
      expect(stage.condition('Ready')).toMatchObject({
        status: 'False',
        reason: phase === 'Failed' ? 'PodFailed' : 'PodCompleted',
      });
    }
  });

  it.each([
    [undefined, {}, 4, 3],
    [undefined, { 'exit-code': '5' }, 4, 5],
    [undefined, { 'exit-after': '7s' }, 7, 3],
    ['run', {}, undefined, undefined],
    ['exit', {}, 0, 0],
  ])('as their task does; told %s %j, after %s s with code %s', (behavior, more, seconds, code) => {
    const stage = new Stage(podWith(annotated(behavior ?? '', more), { restartPolicy: 'Never' }));
    stage.tasks = new Map([['main', { code: 3, after: 4000 }]]);
    stage.look();
    stage.advance(3_600_000);
    const { startedAt = '', finishedAt = '', exitCode } = stage.main.state?.terminated ?? {};
    expect(exitCode).toBe(code);
    if (seconds !== undefined) expect(Date.parse(finishedAt) - Date.parse(startedAt)).toBe(seconds * 1000);
  });

  it('and are deleted then, go at once', () => {
    const stage = new Stage(podWith(annotated('fail')));
    stage.delete();
    expect(stage.removed).toBe(true);
  });

  it('by their deadline fail, whatever they wait for', () => {
    const stage = new Stage(podWith(annotated('hang-pending'), { activeDeadlineSeconds: 20 }));
    stage.advance(19_999);
    expect(stage.pod.status.phase).toBe('Pending');
    stage.advance(1);
    expect(stage.pod.status).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    });
  });

  it('KUB-06: by eviction fail with the reason of it', () => {
    const stage = new Stage(podWith(annotated('evict')));
    expect(stage.pod.status).toMatchObject({ phase: 'Failed', reason: 'Evicted' });
    expect(stage.condition('DisruptionTarget')).toMatchObject({ status: 'True', reason: 'TerminationByKubelet' });
  });

  it('take their sidecars along', () => {
    const spec = { restartPolicy: 'Never', initContainers: [{ name: 'proxy', image: 'p:1', restartPolicy: 'Always' }] };
    const stage = new Stage(podWith(annotated('exit', { 'exit-after': '1s' }), spec));
    expect(stage.pod.status.initContainerStatuses![0]).toMatchObject({ ready: true, started: true });
    stage.advance(1000);
    expect(stage.pod.status.phase).toBe('Succeeded');
    expect(stage.pod.status.initContainerStatuses![0]!.state?.terminated?.exitCode).toBe(0);
  });
});

describe('pods in trouble', () => {
  it('that cannot pull their image wait in ImagePullBackOff until they can', () => {
    const stage = new Stage(podWith(annotated('image-pull-error')));
    expect(stage.writes).toBe(1);
    expect(stage.pod.status.phase).toBe('Pending');
    expect(stage.main.state?.waiting?.reason).toBe('ImagePullBackOff');
    expect(stage.events).toContain('Normal BackOff Back-off pulling image "agent:1"');
    const before = stage.pod;
    expect(stage.look().pod).toBe(before);
    stage.annotate({});
    expect(stage.main).toMatchObject({ ready: true, restartCount: 0 });
  });

  it.each(['app:missing', 'app:404', 'registry.example:5000/app:non-existent'])(
    'whose image is %s wait for it',
    image => {
      const spec = { containers: [{ name: 'main', image }] };
      const stage = new Stage(podWith({}, spec));
      expect(stage.main.state?.waiting?.reason).toBe('ImagePullBackOff');
      expect(new Stage(podWith(annotated('run'), spec)).main.ready).toBe(true);
    },
  );

  it('that never get ready run unready, and readiness follows the annotation', () => {
    const stage = new Stage(podWith(annotated('never-ready')));
    expect(stage.pod.status.phase).toBe('Running');
    expect(stage.condition('Ready')?.status).toBe('False');
    stage.annotate({});
    expect(stage.condition('Ready')?.status).toBe('True');
    stage.annotate(annotated('never-ready'));
    expect(stage.condition('Ready')?.status).toBe('False');
    expect(stage.main.restartCount).toBe(0);
  });

  it('that hang stay in ContainerCreating, or in Terminating', () => {
    const pending = new Stage(podWith(annotated('hang-pending')));
    pending.advance(3_600_000);
    expect(pending.main.state?.waiting?.reason).toBe('ContainerCreating');
    pending.delete();
    expect(pending.removed).toBe(true);

    const terminating = new Stage(podWith(annotated('hang-terminating')));
    terminating.delete();
    terminating.advance(3_600_000);
    expect(terminating.removed).toBe(false);
    expect(terminating.pod.status.phase).toBe('Running');
    terminating.annotate({});
    expect(terminating.removed).toBe(true);
  });

  it('that the node turns away fail with its reason', () => {
    const rejection = {
      reason: 'OutOfcpu',
      message: "Node didn't have enough resource: cpu, requested: 1, used: 0, capacity: 0",
    };
    const stage = new Stage(podWith(), { admit: () => ({ rejection }) });
    expect(stage.pod.status).toMatchObject({
      phase: 'Failed',
      reason: 'OutOfcpu',
      message: `Pod was rejected: ${rejection.message}`,
      startTime: '2025-01-01T00:00:00Z',
    });
    expect(stage.events).toEqual([`Warning OutOfcpu ${rejection.message}`]);
    expect(stage.wakeAt).toBeUndefined();
  });

  it('for which there is no address wait for one', () => {
    let ip: string | undefined;
    const stage = new Stage(podWith(), { allocateIP: () => ip });
    expect(stage.pod.status.phase).toBe('Pending');
    expect(stage.events.at(-1)).toContain('FailedCreatePodSandBox');
    ip = '10.128.0.9';
    stage.advance(10_000);
    expect(stage.pod.status).toMatchObject({ phase: 'Running', podIP: '10.128.0.9' });
  });

  it('KUB-04: held by finalizers are stopped, and then left to those', () => {
    const stage = new Stage(podWith());
    stage.delete(0);
    expect(stage.removed).toBe(false);
    expect(stage.pod.status.phase).toBe('Succeeded');
    expect(stage.wakeAt).toBeUndefined();
  });
});

describe('details', () => {
  it('init containers run one after the other, each for its time', () => {
    const initContainers = [
      { name: 'a', image: 'i:1' },
      { name: 'b', image: 'i:1' },
    ];
    const stage = new Stage(podWith({ 'kubette.dev/init-delay': '3s' }, { initContainers }));
    const states = () => stage.pod.status.initContainerStatuses!.map(s => Object.keys(s.state!)[0]);
    expect(states()).toEqual(['running', 'waiting']);
    stage.advance(3000);
    expect(states()).toEqual(['terminated', 'running']);
    expect(stage.pod.status.phase).toBe('Pending');
    stage.advance(3000);
    expect(states()).toEqual(['terminated', 'terminated']);
    expect(stage.pod.status.phase).toBe('Running');
    expect(stage.condition('Initialized')).toMatchObject({
      status: 'True',
      lastTransitionTime: '2025-01-01T00:00:06Z',
    });
    expect(new Stage(podWith({}, { initContainers })).writes).toBe(1);
  });

  it('a new image restarts its container and no other', () => {
    const containers = [
      { name: 'main', image: 'agent:1' },
      { name: 'side', image: 's:1' },
    ];
    const stage = new Stage(podWith({}, { containers }));
    const [main, side] = stage.pod.status.containerStatuses!;
    stage.pod = {
      ...stage.pod,
      spec: { ...stage.pod.spec, containers: [{ name: 'main', image: 'agent:2' }, containers[1]!] },
    };
    stage.look();
    expect(stage.main).toMatchObject({ image: 'agent:2', restartCount: 1, ready: true });
    expect(stage.main.containerID).not.toBe(main!.containerID);
    expect(stage.main.lastState?.terminated).toMatchObject({ exitCode: 0, containerID: main!.containerID });
    expect(stage.pod.status.containerStatuses![1]).toBe(side);
    expect(stage.events).toContain('Normal Killing Container main definition changed, will be restarted');
  });

  it('a pod on the host network has the address of its node', () => {
    expect(new Stage(podWith({}, { hostNetwork: true })).pod.status.podIP).toBe('172.18.0.2');
  });

  it('readiness gates hold Ready down until they are met', () => {
    const stage = new Stage(podWith({}, { readinessGates: [{ conditionType: 'example.org/fed' }] }));
    expect(stage.condition('ContainersReady')?.status).toBe('True');
    expect(stage.condition('Ready')).toMatchObject({
      status: 'False',
      reason: 'ReadinessGatesNotReady',
      message: 'corresponding condition of pod readiness gate "example.org/fed" does not exist.',
    });
    const gate = { type: 'example.org/fed', status: 'True' } as const;
    stage.pod = { ...stage.pod, status: { ...stage.pod.status, conditions: [...stage.pod.status.conditions!, gate] } };
    stage.look();
    expect(stage.condition('Ready')?.status).toBe('True');
    expect(stage.condition('example.org/fed')).toBe(gate);
  });

  it('KUB-03: a pod whose Ready was taken away gets it back with its node', () => {
    const stage = new Stage(podWith());
    const conditions = stage.pod.status.conditions!.map(c =>
      c.type === 'Ready' ? { ...c, status: 'False' as const } : c,
    );
    stage.pod = { ...stage.pod, status: { ...stage.pod.status, conditions } };
    stage.node = { ...node, status: { ...node.status, conditions: [{ type: 'Ready', status: 'Unknown' }] } };
    const marked = stage.pod;
    expect(stage.look().pod).toBe(marked);
    stage.node = node;
    stage.now += 5000;
    stage.look();
    expect(stage.condition('Ready')).toMatchObject({ status: 'True', lastTransitionTime: '2025-01-01T00:00:05Z' });
    expect(stage.condition('ContainersReady')?.lastTransitionTime).toBe('2025-01-01T00:00:00Z');
  });

  it('conditions carry the generation that they were made for', () => {
    const pod = podWith();
    const stage = new Stage({ ...pod, metadata: { ...pod.metadata, generation: 1 } });
    expect(stage.pod.status.observedGeneration).toBe(1);
    expect(stage.pod.status.conditions!.map(c => c.observedGeneration)).toEqual([1, 1, 1, 1, 1]);
  });
});
