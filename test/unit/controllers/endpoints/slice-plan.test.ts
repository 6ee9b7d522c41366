import { describe, expect, it } from 'vitest';
import {
  type Endpoint,
  type Group,
  planSlices,
  type SlicePort,
} from '../../../../src/controllers/endpoints/slice-plan.js';
import type { EndpointSlice } from '../../../../src/resources/types.js';

const HTTP: SlicePort[] = [{ name: 'http', protocol: 'TCP', port: 80 }];
const METRICS: SlicePort[] = [{ name: 'metrics', protocol: 'TCP', port: 9100 }];

const endpoint = (i: number, ready = true): Endpoint => ({
  addresses: [`10.0.0.${i}`],
  conditions: { ready, serving: ready, terminating: false },
  targetRef: { kind: 'Pod', namespace: 'default', name: `p${i}`, uid: `u${i}` },
});
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => endpoint(from + i));
const slice = (name: string, endpoints: Endpoint[], ports = HTTP): EndpointSlice =>
  ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name },
    addressType: 'IPv4',
    endpoints,
    ports,
  }) as EndpointSlice;
const group = (endpoints: Endpoint[], ports = HTTP): Group => ({ ports, endpoints });

/** `name: p1 p2` for what is written. */
function summary(existing: EndpointSlice[], groups: Group[], max = 4) {
  const plan = planSlices(existing, groups, max);
  const text = (endpoints: readonly Endpoint[]) => endpoints.map(e => e.targetRef!.name).join(' ');
  return {
    create: plan.create.map(s => text(s.endpoints)),
    update: Object.fromEntries([...plan.update].map(([s, content]) => [s.metadata.name, text(content.endpoints)])),
    remove: plan.remove.map(s => s.metadata.name),
  };
}

const nothing = { create: [], update: {}, remove: [] };

describe('planSlices', () => {
  it('leaves alone what is right', () => {
    expect(summary([slice('a', range(0, 3)), slice('b', range(3, 5))], [group(range(0, 5))])).toEqual(nothing);
  });

  it('fills new slices, no more than allowed in each', () => {
    expect(summary([], [group(range(0, 9))])).toEqual({ ...nothing, create: ['p0 p1 p2 p3', 'p4 p5 p6 p7', 'p8'] });
  });

  it('has one of each set of ports', () => {
    const existing = [slice('h', range(0, 2)), slice('m', range(0, 2), METRICS)];
    const groups = [group(range(0, 3)), group(range(0, 2), METRICS)];
    expect(summary(existing, groups)).toEqual({ ...nothing, update: { h: 'p0 p1 p2' } });
    expect(summary(existing, [group(range(0, 2), [...HTTP, ...METRICS])])).toEqual({
      ...nothing,
      // One that is no longer of use is used again.
      update: { h: 'p0 p1' },
      remove: ['m'],
    });
  });

  it('does not care for the order of ports', () => {
    const both = [...HTTP, ...METRICS];
    expect(summary([slice('a', range(0, 1), [...both].reverse())], [group(range(0, 1), both)])).toEqual(nothing);
  });

  it('writes a slice whose endpoints change, and no other', () => {
    const existing = [slice('a', range(0, 2)), slice('b', range(2, 4))];
    expect(summary(existing, [group([endpoint(0), endpoint(1, false), ...range(2, 4)])])).toEqual({
      ...nothing,
      update: { a: 'p0 p1' },
    });
  });

  it('puts new endpoints into slices that are written anyway, the fullest first', () => {
    const existing = [slice('a', range(0, 2)), slice('b', range(2, 6)), slice('c', range(6, 8))];
    const wanted = [endpoint(0), ...range(3, 6), ...range(6, 8), ...range(20, 23)];
    expect(summary(existing, [group(wanted)])).toEqual({ ...nothing, update: { a: 'p0 p21 p22', b: 'p3 p4 p5 p20' } });
  });

  it('else into the one that they fill best', () => {
    const existing = [slice('a', range(0, 1)), slice('b', range(1, 3)), slice('c', range(3, 7))];
    expect(summary(existing, [group([...range(0, 7), ...range(20, 22)])])).toEqual({
      ...nothing,
      update: { b: 'p1 p2 p20 p21' },
    });
  });

  it('else into a new one, rather than into several', () => {
    const existing = [slice('a', range(0, 2)), slice('b', range(2, 4))];
    expect(summary(existing, [group([...range(0, 4), ...range(20, 23)])])).toEqual({
      ...nothing,
      create: ['p20 p21 p22'],
    });
  });

  it('removes slices that are empty', () => {
    const existing = [slice('a', range(0, 2)), slice('b', range(2, 4))];
    expect(summary(existing, [group(range(0, 2))])).toEqual({ ...nothing, remove: ['b'] });
  });

  it('keeps one empty slice for a Service without endpoints', () => {
    expect(summary([], [])).toEqual({ ...nothing, create: [''] });
    expect(summary([slice('a', range(0, 2)), slice('b', range(2, 4))], [])).toEqual({
      ...nothing,
      update: { a: '' },
      remove: ['b'],
    });
    expect(summary([slice('a', [], [])], [])).toEqual(nothing);
    expect(summary([slice('a', [], [])], [group(range(0, 2))])).toEqual({ ...nothing, update: { a: 'p0 p1' } });
  });

  it('takes a pod with another address for another endpoint', () => {
    const moved = { ...endpoint(0), addresses: ['10.0.0.99'] };
    const plan = planSlices([slice('a', range(0, 2))], [group([moved, endpoint(1)])]);
    expect([...plan.update.values()][0]!.endpoints.map(e => e.addresses[0])).toEqual(['10.0.0.1', '10.0.0.99']);
  });
});
