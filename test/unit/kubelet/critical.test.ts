import { describe, expect, it } from 'vitest';
import { type Occupant, podsToPreempt } from '../../../src/kubelet/critical.js';
import type { Pod } from '../../../src/resources/types.js';

const pod = (name: string, qosClass: string, priority = 0): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, uid: name, resourceVersion: '1', creationTimestamp: '' },
  spec: { priority, containers: [] },
  status: { qosClass },
});
const occupant = (name: string, qosClass: string, cpu: number, priority?: number): Occupant => ({
  pod: pod(name, qosClass, priority),
  requests: { cpu },
});
const CRITICAL = pod('critical', 'Burstable', 2_000_000_000);

describe('KUB-02: room for a critical pod', () => {
  it.each<[string, Occupant[], Record<string, number>, string[] | undefined]>([
    [
      'is made by the one that fits best',
      [occupant('a', 'Burstable', 500), occupant('b', 'Burstable', 200), occupant('c', 'Burstable', 100)],
      { cpu: 200 },
      ['b'],
    ],
    [
      'is made by several',
      [occupant('a', 'Burstable', 200), occupant('b', 'Burstable', 200), occupant('c', 'Burstable', 100)],
      { cpu: 350 },
      ['a', 'b'],
    ],
    [
      'spares guaranteed pods while others do',
      [occupant('g', 'Guaranteed', 500), occupant('b', 'Burstable', 500)],
      { cpu: 500 },
      ['b'],
    ],
    [
      'takes best-effort pods where it is slots that are missing',
      [occupant('b', 'Burstable', 500), occupant('e', 'BestEffort', 0)],
      { pods: 1 },
      ['e'],
    ],
    ['cannot be made by too few', [occupant('a', 'Burstable', 100)], { cpu: 200 }, undefined],
    ['is not made by pods as critical', [occupant('a', 'Burstable', 500, 2_000_000_000)], { cpu: 200 }, undefined],
    ['is made by less critical ones', [occupant('a', 'Burstable', 500, 2_000_000_000)], { cpu: 200 }, ['a']],
  ])('%s', (what, occupants, missing, chosen) => {
    const critical = what.includes('less critical') ? pod('critical', 'Burstable', 2_000_001_000) : CRITICAL;
    expect(podsToPreempt(critical, occupants, missing)?.map(p => p.metadata.name)).toEqual(chosen);
  });
});
