import { afterEach, describe, expect, it } from 'vitest';
import { type BehaviorRule, type Cluster, type ClusterOptions, createCluster, resources } from '../../../src/index.js';

const { events, nodes, pods } = resources;
const clusters: Cluster[] = [];
afterEach(async () => {
  await Promise.all(clusters.splice(0).map(cluster => cluster.close()));
});

const agent = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'agent:1' }] } },
  },
});

async function create(options: ClusterOptions = {}): Promise<Cluster> {
  const cluster = await createCluster({ clock: 'virtual', nodes: 4, ...options });
  clusters.push(cluster);
  await cluster.apply([agent('a'), agent('b')]);
  await cluster.settled();
  return cluster;
}

const podsOf = ({ registry }: Cluster) => registry.all(pods).map(({ object }) => object);
/** What containers do, by the node that they are on and their app. */
const states = (cluster: Cluster) =>
  Object.fromEntries(
    podsOf(cluster).map(({ metadata, spec, status }) => {
      const [container] = status.containerStatuses!;
      const { state, ready, lastState } = container!;
      const why = state!.waiting?.reason ?? state!.terminated?.reason ?? (ready ? 'ready' : 'running');
      const before = lastState?.terminated?.reason;
      return [`${metadata.labels!.app} ${spec.nodeName}`, before ? `${why} after ${before}` : why];
    }),
  );
const ready = ({ registry }: Cluster) =>
  Object.fromEntries(
    registry
      .all(nodes)
      .map(({ name, object }) => [name, object.status.conditions?.find(({ type }) => type === 'Ready')?.status]),
  );

describe('rules for pods', () => {
  it('strike those that they select, for as long as they last', async () => {
    const cluster = await create();
    cluster.behaviors.add({ name: 'sick', pods: { selector: 'app=a', node: 'node-2' }, behavior: 'never-ready' });
    await cluster.settled();
    expect(states(cluster)).toMatchObject({ 'a node-1': 'ready', 'a node-2': 'running', 'b node-2': 'ready' });
    expect(cluster.behaviors.get('sick')).toMatchObject({ active: true, matched: 1, struck: 1 });
    cluster.behaviors.remove('sick');
    await cluster.settled();
    expect(states(cluster)).toMatchObject({ 'a node-2': 'ready' });
    expect(cluster.behaviors.list()).toEqual([]);
  });

  it('select by namespace, owner and the labels of nodes too', async () => {
    const cluster = await create();
    await cluster.registry.patch(nodes, '', 'node-3', {
      type: 'merge',
      body: { metadata: { labels: { disk: 'old' } } },
    });
    cluster.behaviors.add({ name: 'disk', pods: { nodeSelector: 'disk=old' }, behavior: 'never-ready' });
    cluster.behaviors.add({ name: 'owner', pods: { owner: 'DaemonSet/b', node: 'node-1' }, behavior: 'never-ready' });
    cluster.behaviors.add({ name: 'elsewhere', pods: { namespace: 'kube-system' }, behavior: 'never-ready' });
    await cluster.settled();
    const struck = Object.entries(states(cluster)).filter(([, state]) => state === 'running');
    expect(struck.map(([pod]) => pod).sort()).toEqual(['a node-3', 'b node-1', 'b node-3']);
    expect(cluster.behaviors.get('elsewhere')).toMatchObject({ matched: 0, struck: 0 });
  });

  it('strike a share of them, the same in every run', async () => {
    const struck = async () => {
      const cluster = await create({ nodes: 40 });
      cluster.behaviors.add({ name: 'some', pods: {}, share: '30%', behavior: 'never-ready' });
      await cluster.settled();
      const { matched, struck } = cluster.behaviors.get('some')!;
      expect(matched).toBe(80);
      const those = Object.entries(states(cluster)).filter(([, state]) => state === 'running');
      expect(those).toHaveLength(struck);
      return those;
    };
    const first = await struck();
    expect(first.length).toBeGreaterThan(12);
    expect(first.length).toBeLessThan(36);
    expect(await struck()).toEqual(first);
  });

  it('kill containers for want of memory', async () => {
    const cluster = await create();
    cluster.behaviors.add({
      name: 'oom',
      pods: { selector: 'app=b', node: 'node-1' },
      behavior: 'oom-kill',
      exitAfter: '10s',
    });
    await cluster.advance('11s');
    expect(states(cluster)).toMatchObject({ 'b node-1': 'ready after OOMKilled' });
    await cluster.advance('10s');
    expect(states(cluster)).toMatchObject({ 'b node-1': 'CrashLoopBackOff after OOMKilled' });
    const pod = podsOf(cluster).find(
      ({ metadata, spec }) => metadata.labels!.app === 'b' && spec.nodeName === 'node-1',
    )!;
    expect(pod.status.containerStatuses![0]!.lastState!.terminated).toMatchObject({
      exitCode: 137,
      reason: 'OOMKilled',
    });
  });

  it('begin and end by the clock of the cluster, once or again and again', async () => {
    const cluster = await create();
    cluster.behaviors.add({
      name: 'once',
      pods: { selector: 'app=a' },
      behavior: 'never-ready',
      after: '10s',
      for: '20s',
    });
    cluster.behaviors.add({
      name: 'flap',
      pods: { selector: 'app=b' },
      behavior: 'never-ready',
      every: '1m',
      for: '5s',
    });
    await cluster.settled();
    const seen: string[] = [];
    const look = () => {
      const now = states(cluster);
      seen.push(`${now['a node-1']} ${now['b node-1']}`);
    };
    look();
    for (const seconds of [6, 5, 20, 30, 5]) {
      await cluster.advance(seconds * 1000);
      look();
    }
    // At 0, 6, 11, 31, 61 and 66 seconds.
    expect(seen).toEqual([
      'ready running',
      'ready ready',
      'running ready',
      'ready ready',
      'ready running',
      'ready ready',
    ]);
    expect(cluster.behaviors.get('once')).toMatchObject({ active: false, struck: 4 });
  });

  it('are waited for when they end by themselves, and not when they come round for ever', async () => {
    const cluster = await create();
    cluster.behaviors.add({ name: 'once', pods: {}, behavior: 'never-ready', for: '20s' });
    cluster.behaviors.add({
      name: 'flap',
      nodes: { name: 'node-1' },
      behavior: 'not-ready',
      after: '1h',
      every: '1m',
      for: '5s',
    });
    expect(await cluster.comeToRest()).toMatchObject({ atRest: true, passed: 20_000 });
    expect(Object.values(states(cluster))).toEqual(Array.from({ length: 8 }, () => 'ready'));
  });

  it('come before what annotations say, the last one first', async () => {
    const cluster = await create();
    const pod = podsOf(cluster).find(({ spec }) => spec.nodeName === 'node-1')!;
    await cluster.registry.patch(pods, 'default', pod.metadata.name, {
      type: 'merge',
      body: { metadata: { annotations: { 'kubette.dev/behavior': 'never-ready' } } },
    });
    cluster.behaviors.add({ name: 'well', pods: { node: 'node-1' }, behavior: 'run' });
    await cluster.settled();
    expect(Object.values(states(cluster)).every(state => state === 'ready')).toBe(true);
    cluster.behaviors.add({ name: 'sick', pods: {}, behavior: 'never-ready' });
    await cluster.settled();
    expect(Object.values(states(cluster)).every(state => state === 'running')).toBe(true);
    cluster.behaviors.add({ name: 'well', pods: {}, behavior: 'run' });
    await cluster.settled();
    expect(Object.values(states(cluster)).every(state => state === 'ready')).toBe(true);
    cluster.behaviors.clear();
    await cluster.settled();
    expect(Object.values(states(cluster)).filter(state => state === 'running')).toHaveLength(1);
  });
});

describe('rules for nodes', () => {
  it('take them down, let them flap, and bring them back', async () => {
    const cluster = await create();
    cluster.behaviors.add({ name: 'flap', nodes: { name: 'node-1' }, behavior: 'not-ready', every: '1m', for: '10s' });
    cluster.behaviors.add({ name: 'dead', nodes: { name: 'node-2' }, behavior: 'down', for: '2m' });
    await cluster.advance('55s');
    expect(ready(cluster)).toEqual({ 'node-1': 'True', 'node-2': 'Unknown', 'node-3': 'True', 'node-4': 'True' });
    await cluster.advance('8s');
    expect(ready(cluster)).toMatchObject({ 'node-1': 'False' });
    await cluster.advance('1m');
    expect(ready(cluster)).toEqual({ 'node-1': 'False', 'node-2': 'True', 'node-3': 'True', 'node-4': 'True' });
  });

  it('make them vanish, and register again when that is over', async () => {
    const cluster = await create();
    await cluster.registry.patch(nodes, '', 'node-3', {
      type: 'merge',
      body: { metadata: { labels: { disk: 'ssd' } } },
    });
    const { uid } = cluster.registry.get(nodes, '', 'node-3')!;
    cluster.behaviors.add({ name: 'gone', nodes: { selector: 'disk=ssd' }, behavior: 'vanish', for: '5m' });
    await cluster.settled();
    expect(Object.keys(ready(cluster))).toEqual(['node-1', 'node-2', 'node-4']);
    await cluster.advance('4m');
    expect(Object.keys(states(cluster))).not.toContain('a node-3');
    await cluster.advance('2m');
    const back = cluster.registry.get(nodes, '', 'node-3')!;
    expect(back.uid).not.toBe(uid);
    expect(back.object.metadata.labels!.disk).toBe('ssd');
    expect(states(cluster)).toMatchObject({ 'a node-3': 'ready', 'b node-3': 'ready' });
  });
});

describe('rules', () => {
  it.each([
    [{ name: '' }, 'a rule needs a name'],
    [{ name: 'r', behavior: 'fail' }, 'rule "r" must be about pods or about nodes: pods: {} for all pods'],
    [{ name: 'r', pods: {} }, 'rule "r" says nothing of what is to happen'],
    [{ name: 'r', pods: {}, behavior: 'explode' }, 'rule "r": "explode" is not a behavior'],
    [{ name: 'r', pods: {}, behavior: 'down' }, 'rule "r": "down" is not a behavior'],
    [
      { name: 'r', pods: { label: 'a' }, behavior: 'fail' },
      'rule "r": there is no field label to match; there are namespace, selector',
    ],
    [{ name: 'r', pods: { selector: 'a in' }, behavior: 'fail' }, 'rule "r": unable to parse'],
    [{ name: 'r', pods: {}, behaviour: 'fail' }, 'rule "r": there is no setting behaviour'],
    [{ name: 'r', pods: {}, readyDelay: 'soon' }, 'rule "r": "soon" is not a duration'],
    [
      { name: 'r', pods: {}, behavior: 'fail', share: '130%' },
      'rule "r": share must be one such as 30% or 0.3, not "130%"',
    ],
    [{ name: 'r', pods: {}, behavior: 'fail', for: '2m', every: '1m' }, 'rule "r": for must be shorter than every'],
  ])('that make no sense are refused: %j', async (rule, message) => {
    const cluster = await create();
    expect(() => cluster.behaviors.add(rule as BehaviorRule)).toThrow(message);
    expect(cluster.behaviors.list()).toEqual([]);
  });

  it('come with the options, also to forks and after a reset', async () => {
    const cluster = await create({
      kubelet: { rules: [{ name: 'slow', pods: { selector: 'app=a' }, readyDelay: '20s' }] },
    });
    cluster.behaviors.add({ name: 'other', pods: {}, behavior: 'crash-loop' });
    const fork = await cluster.fork();
    clusters.push(fork);
    expect(fork.behaviors.list().map(({ name }) => name)).toEqual(['slow']);
    await cluster.reset();
    expect(cluster.behaviors.list().map(({ name }) => name)).toEqual(['slow']);
    await cluster.apply([agent('a'), agent('b')]);
    await cluster.settled();
    expect(states(cluster)).toMatchObject({ 'a node-1': 'running', 'b node-1': 'ready' });
  });

  it('are made, told of and ended over HTTP', async () => {
    const cluster = await create();
    const { url } = await cluster.listen();
    const ask = async (method: string, path: string, body?: object) => {
      const response = await fetch(`${url}/_kubette/v1/behaviors${path}`, {
        method,
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return { code: response.status, body: (await response.json()) as object };
    };
    const rule = { pods: { selector: 'app=a' }, behavior: 'never-ready' };
    expect(await ask('PUT', '/sick', rule)).toMatchObject({ code: 200, body: { ...rule, name: 'sick', active: true } });
    await cluster.settled();
    expect(await ask('GET', '/sick')).toMatchObject({ code: 200, body: { matched: 4, struck: 4 } });
    expect(await ask('POST', '', { name: 'two', nodes: {}, behavior: 'down' })).toMatchObject({ code: 201 });
    expect(await ask('GET', '')).toMatchObject({ body: { behaviors: [{ name: 'sick' }, { name: 'two' }] } });
    expect(await ask('PUT', '/sick', { pods: {} })).toMatchObject({
      code: 400,
      body: { kind: 'Status', message: expect.stringContaining('says nothing of what is to happen') },
    });
    expect(await ask('DELETE', '/sick')).toMatchObject({ code: 200, body: { name: 'sick' } });
    expect(await ask('DELETE', '/sick')).toMatchObject({ code: 404 });
    expect(await ask('DELETE', '')).toMatchObject({ code: 200, body: { behaviors: [{ name: 'two' }] } });
    expect(cluster.behaviors.list()).toEqual([]);
  });
});

it('an annotation of ours that is misspelt is told of', async () => {
  const cluster = await create();
  const template = { metadata: { annotations: { 'kubette.dev/readyDelay': '5s' } } };
  await cluster.apply({
    ...agent('c'),
    spec: {
      ...agent('c').spec,
      template: { ...agent('c').spec.template, metadata: { labels: { app: 'c' }, ...template.metadata } },
    },
  });
  await cluster.settled();
  const told = cluster.registry.all(events).map(({ object }) => `${object.reason} ${object.message}`);
  expect(told).toContain('InvalidAnnotation kubette.dev/readyDelay: there is no such setting');
});
