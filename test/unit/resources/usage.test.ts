import { describe, expect, it } from 'vitest';
import type { Node, Pod, ResourceList } from '../../../src/resources/types.js';
import { nodeUsage, podUsage, USAGE_WINDOW_MS, type Usage, usageQuantities } from '../../../src/resources/usage.js';

const MIB = 1024 * 1024;
const metadata = (name: string, annotations: Record<string, string> = {}) => ({
  name,
  uid: `uid-of-${name}`,
  resourceVersion: '1',
  creationTimestamp: '2020-01-01T00:00:00Z',
  annotations,
});

type Resources = { requests?: ResourceList; limits?: ResourceList };
/** A running pod with a container for each of `resources`: `c0`, `c1`, … */
const pod = (resources: Resources[], annotations: Record<string, string> = {}, name = 'p'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: metadata(name, annotations),
  spec: { containers: resources.map((r, i) => ({ name: `c${i}`, image: 'a:1', resources: r })) },
  status: {
    phase: 'Running',
    containerStatuses: resources.map((_, i) => ({
      name: `c${i}`,
      image: 'a:1',
      imageID: '',
      ready: true,
      restartCount: 0,
      state: { running: { startedAt: '2020-01-01T00:00:00Z' } },
    })),
  },
});
const node = (ready: 'True' | 'False', annotations: Record<string, string> = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: metadata('n', annotations),
  spec: {},
  status: { conditions: [{ type: 'Ready', status: ready }] },
});
const usage = (of: Pod, at = 0, on?: Node) => [...podUsage(of, on, at).values()];

describe('simulated usage', () => {
  it.each<[string, Resources, Usage, Usage]>([
    [
      'requests',
      { requests: { cpu: '200m', memory: '64Mi' } },
      { cpu: 50, memory: 16 * MIB },
      { cpu: 200, memory: 64 * MIB },
    ],
    [
      'requests and limits',
      { requests: { cpu: '200m', memory: '64Mi' }, limits: { cpu: '1', memory: '64Mi' } },
      { cpu: 50, memory: 16 * MIB },
      { cpu: 1000, memory: 64 * MIB },
    ],
    [
      'limits alone',
      { limits: { cpu: '1', memory: '1Gi' } },
      { cpu: 250, memory: 256 * MIB },
      { cpu: 1000, memory: 1024 * MIB },
    ],
    ['nothing', {}, { cpu: 2.5, memory: 8 * MIB }, { cpu: 10, memory: 32 * MIB }],
  ])('stays within what is asked for: %s', (_, resources, least, most) => {
    const seen = new Set<number>();
    for (let i = 0; i < 500; i++) {
      const [{ cpu, memory }] = usage(pod([resources]), i * USAGE_WINDOW_MS) as [Usage];
      seen.add(cpu);
      for (const [value, from, to] of [
        [cpu, least.cpu, most.cpu] as const,
        [memory, least.memory, most.memory] as const,
      ]) {
        expect(value).toBeGreaterThanOrEqual(from);
        expect(value).toBeLessThanOrEqual(to);
      }
    }
    expect(seen.size).toBeGreaterThan(100);
  });

  it('is the same for the same pod and window, and no other', () => {
    const at = 1000 * USAGE_WINDOW_MS;
    expect(usage(pod([{}]), at + USAGE_WINDOW_MS - 1)).toEqual(usage(pod([{}]), at));
    expect(usage(pod([{}]), at + USAGE_WINDOW_MS)).not.toEqual(usage(pod([{}]), at));
    expect(usage(pod([{}], {}, 'other'), at)).not.toEqual(usage(pod([{}]), at));
  });

  it('is what annotations say, shared as requests are', () => {
    const told = { 'kubette.dev/cpu-usage': '300m', 'kubette.dev/memory-usage': '90Mi' };
    const shares = [{ requests: { cpu: '100m' } }, { requests: { cpu: '200m' } }];
    expect(usage(pod(shares, told))).toEqual([
      { cpu: 100, memory: 45 * MIB },
      { cpu: 200, memory: 45 * MIB },
    ]);
    expect(usage(pod([{}]), 0, node('True', told))).toEqual([{ cpu: 300, memory: 90 * MIB }]);
    const [{ cpu }] = usage(pod([{}], { 'kubette.dev/cpu-usage': '0' }), 0, node('True', told)) as [Usage];
    expect(cpu).toBe(0);
    // What makes no sense counts as absent.
    expect(usage(pod([{}], { 'kubette.dev/cpu-usage': 'much' }))).toEqual(usage(pod([{}])));
  });

  it('is that of containers that run', () => {
    const mixed = pod([{}, {}]);
    mixed.status.containerStatuses![0]!.state = { waiting: { reason: 'CrashLoopBackOff' } };
    expect([...podUsage(mixed, undefined, 0).keys()]).toEqual(['c1']);
    expect(usage({ ...mixed, status: { ...mixed.status, phase: 'Succeeded' } })).toEqual([]);
    expect(usage({ ...mixed, status: {} })).toEqual([]);
  });

  it('of a node is that of its pods and its system', () => {
    const on = pod([{}], { 'kubette.dev/cpu-usage': '300m', 'kubette.dev/memory-usage': '90Mi' });
    const alone = nodeUsage(node('True'), [], 0)!;
    const both = nodeUsage(node('True'), [on, on], 0)!;
    expect(both.cpu - alone.cpu).toBeCloseTo(600);
    expect(both.memory - alone.memory).toBeCloseTo(180 * MIB);
    expect(nodeUsage(node('False'), [on], 0)).toBeUndefined();
  });

  it('is written in nanocores and KiB', () => {
    expect(usageQuantities({ cpu: 1.5, memory: 3 * MIB })).toEqual({ cpu: '1500000n', memory: '3072Ki' });
  });
});
