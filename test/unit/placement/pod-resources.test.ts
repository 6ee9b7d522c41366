import { describe, expect, it } from 'vitest';
import { podRequests, reservedRequests } from '../../../src/placement/pod-resources.js';
import type { Container, ContainerStatus, Pod, PodSpec, ResourceList } from '../../../src/resources/types.js';
import { pod } from './objects.js';

const container = (requests: ResourceList, more: Partial<Container> = {}): Container => ({
  name: 'main',
  resources: { requests },
  ...more,
});
const given = (allocatedResources: ResourceList, name = 'main'): ContainerStatus => ({
  name,
  ready: true,
  restartCount: 0,
  image: '',
  imageID: '',
  allocatedResources,
});

describe('SCH-12: what a pod asks for', () => {
  it('is nothing where an init container asks for nothing of it', () => {
    const spec = { initContainers: [container({ 'example.com/gpu': '0' })] };
    expect(podRequests(pod('p', spec))).toEqual({ 'example.com/gpu': 0 });
  });

  it.each<[string, Partial<PodSpec>, number]>([
    ['an overhead', { overhead: { cpu: '500m' } }, 1500],
    ['init containers', { initContainers: [container({ cpu: '2' })] }, 2000],
    ['an amount for all together', { resources: { requests: { cpu: '3' } } }, 3000],
  ])('is its own where pods have the same containers, and one of them %s', (_what, more, cpu) => {
    const containers = [container({ cpu: '1' })];
    const asked = (spec: Partial<PodSpec>) => podRequests({ spec: { containers, ...spec } }).cpu;
    expect([asked({}), asked(more), asked({})]).toEqual([1000, cpu, 1000]);
  });
});

describe('SCH-12: what a pod that is resized holds of its node', () => {
  interface Resize {
    readonly asks: ResourceList;
    /** What it was given before. */
    readonly has?: ResourceList;
    readonly reason?: 'Deferred' | 'Infeasible';
  }
  const resized = ({ asks, has, reason }: Resize): Pod => ({
    ...pod('p', { containers: [container(asks)] }),
    metadata: { ...pod('p').metadata, generation: 2 },
    status: {
      ...(has ? { containerStatuses: [given(has)] } : {}),
      ...(reason ? { conditions: [{ type: 'PodResizePending', status: 'True', reason }] } : {}),
    },
  });

  it.each<[string, Resize, Record<string, number>]>([
    ['what it asks for, once it has it', { asks: { cpu: '2' }, has: { cpu: '2' } }, { cpu: 2000 }],
    ['what it has, until it has less', { asks: { cpu: '1' }, has: { cpu: '3' } }, { cpu: 3000 }],
    ['what it asks for, before it has more', { asks: { cpu: '3' }, has: { cpu: '1' } }, { cpu: 3000 }],
    [
      'what it asks for, though it must wait for it',
      { asks: { cpu: '3' }, has: { cpu: '1' }, reason: 'Deferred' },
      { cpu: 3000 },
    ],
    [
      'what it has, when the node will never have what it asks for',
      { asks: { cpu: '9' }, has: { cpu: '1' }, reason: 'Infeasible' },
      { cpu: 1000 },
    ],
    [
      'of each resource the larger amount',
      { asks: { cpu: '2', 'example.com/gpu': '1' }, has: { cpu: '1', memory: '1Ki' } },
      { cpu: 2000, memory: 1024, 'example.com/gpu': 1 },
    ],
    ['what it asks for, while nobody says what it has', { asks: { cpu: '9' }, reason: 'Infeasible' }, { cpu: 9000 }],
  ])('is %s', (_what, resize, requests) => {
    expect(reservedRequests(resized(resize))).toEqual(requests);
  });

  it('is told of each container by its name, and of sidecars too', () => {
    const spec: Partial<PodSpec> = {
      containers: [container({ cpu: '1' }, { name: 'a' }), container({ cpu: '1' }, { name: 'b' })],
      initContainers: [container({ cpu: '1' }, { name: 'c', restartPolicy: 'Always' })],
    };
    const status = {
      containerStatuses: [given({ cpu: '20' }, 'b'), given({ cpu: '3' }, 'a')],
      initContainerStatuses: [given({ cpu: '100' }, 'c')],
    };
    const { metadata, ...rest } = pod('p', spec);
    expect(reservedRequests({ ...rest, metadata: { ...metadata, generation: 2 }, status })).toEqual({ cpu: 123_000 });
  });
});
