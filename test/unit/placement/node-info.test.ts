import { describe, expect, it } from 'vitest';
import { firstObstacle } from '../../../src/placement/fit.js';
import { NodeInfo } from '../../../src/placement/node-info.js';
import type { Affinity, Pod, PodPhase, PodStatus } from '../../../src/resources/types.js';
import { node, pod } from './objects.js';

const near: Affinity = { podAffinity: {} };
const away: Affinity = { podAntiAffinity: {} };

/** Takes up everything there is to take up. */
const holder = pod('holder', {
  containers: [
    {
      name: 'main',
      resources: { requests: { cpu: '3', memory: '1Gi' } },
      ports: [{ containerPort: 80, hostPort: 80 }],
    },
  ],
  affinity: away,
});

const told = (info: NodeInfo) => ({
  pods: [...info.pods.keys()],
  requested: { ...info.requested },
  assumed: { ...info.assumed },
  ports: [...info.ports.keys()],
  shy: [...info.podsWithAffinity.keys()],
});
const HELD = {
  pods: ['uid-holder'],
  requested: { cpu: 3000, memory: 2 ** 30 },
  assumed: { cpu: 3000, memory: 2 ** 30 },
  ports: ['uid-holder'],
  shy: ['uid-holder'],
};
const FREE = { pods: [], requested: { cpu: 0, memory: 0 }, assumed: { cpu: 0, memory: 0 }, ports: [], shy: [] };

describe('SCH-01, SCH-12: what the pods of a node hold', () => {
  const inPhase = (phase: PodPhase): Pod => ({ ...holder, status: { phase } });

  it('is held while they wait and while they run, and once', () => {
    const info = new NodeInfo(node(), [holder]);
    expect(told(info)).toEqual(HELD);
    info.add(inPhase('Running'));
    info.add({ ...holder, spec: { ...holder.spec } });
    expect(told(info)).toEqual(HELD);
  });

  it.each<[string, (info: NodeInfo) => void]>([
    ['when they succeeded', info => info.add(inPhase('Succeeded'))],
    ['when they failed', info => info.add(inPhase('Failed'))],
    ['when they are gone', info => info.remove('uid-holder')],
  ])('is free %s', (_what, end) => {
    const info = new NodeInfo(node(), [holder]);
    end(info);
    expect(told(info)).toEqual(FREE);
  });

  it('is nothing for those that had ended before', () => {
    expect(told(new NodeInfo(node(), [inPhase('Succeeded')])).pods).toEqual([]);
  });

  it('is what a resize has come to, though nothing but the status tells', () => {
    const given = (cpu: string): PodStatus => ({
      containerStatuses: [
        { name: 'main', ready: true, restartCount: 0, image: '', imageID: '', allocatedResources: { cpu } },
      ],
    });
    const resized = (status: PodStatus): Pod => ({
      ...holder,
      metadata: { ...holder.metadata, generation: 2 },
      status,
    });
    const info = new NodeInfo(node({ allocatable: { cpu: '4', memory: '8Gi', pods: '10' } }), [resized(given('4'))]);
    const next = pod('next', { containers: [{ name: 'main', resources: { requests: { cpu: '1' } } }] });
    expect(firstObstacle(next, info)?.reasons).toEqual(['Insufficient cpu']);
    info.add(resized(given('3')));
    expect(firstObstacle(next, info)).toBeUndefined();
  });
});

describe('a node’s pods', () => {
  it.each<[string, Affinity | undefined, boolean]>([
    ['wants others near', near, true],
    ['wants others away', away, true],
    ['wants but a certain node', { nodeAffinity: {} }, false],
    ['wants nothing', undefined, false],
  ])('are known for what they want: one %s', (_what, affinity, wants) => {
    const wishing = pod('p', affinity ? { affinity } : {});
    const info = new NodeInfo(node(), [wishing]);
    expect(info.podsWithAffinity.size).toBe(wants ? 1 : 0);
    info.add({ ...wishing, status: { phase: 'Running' } });
    expect(info.podsWithAffinity.size).toBe(wants ? 1 : 0);
  });

  it('are known as they are now, with the labels that they were given', () => {
    const info = new NodeInfo(node(), [holder]);
    const labelled = { ...holder, metadata: { ...holder.metadata, labels: { app: 'x' } } };
    info.add(labelled);
    expect([info.pods.get('uid-holder'), info.podsWithAffinity.get('uid-holder')]).toEqual([labelled, labelled]);
  });
});

it('a node has the room and the labels that it has now', () => {
  const info = new NodeInfo(node({ allocatable: { cpu: '2', memory: '8Gi', pods: '10' } }));
  const asking = pod('p', { ...holder.spec, nodeSelector: { zone: 'a' } });
  expect(firstObstacle(asking, info)?.check).toBe('NodeAffinity');
  info.node = node({ labels: { zone: 'a' }, allocatable: { cpu: '2', memory: '8Gi', pods: '10' } });
  expect(firstObstacle(asking, info)?.reasons).toEqual(['Insufficient cpu']);
  info.node = node({ labels: { zone: 'a' }, allocatable: { cpu: '3', memory: '8Gi', pods: '10' } });
  expect(firstObstacle(asking, info)).toBeUndefined();
});
