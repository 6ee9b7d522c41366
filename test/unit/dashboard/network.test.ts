import { describe, expect, it } from 'vitest';
import type { AddressFacts, ServiceFacts } from '../../../src/dashboard/graph/network.js';
import {
  EMPTY_FORM,
  firstThose,
  formFor,
  inputOf,
  namesOf,
  servicesOf,
  withPod,
} from '../../../src/dashboard/network/request.js';
import { TrafficPicture } from '../../../src/dashboard/network/traffic.js';

const address = (facts: Partial<AddressFacts> & Pick<AddressFacts, 'address' | 'port'>): AddressFacts => ({
  protocol: 'TCP',
  at: `${facts.address}:${facts.port}`,
  kind: 'Pod',
  namespace: 'default',
  name: 'a',
  way: 'POD',
  node: 'node-1',
  came: 0,
  ...facts,
});
const onNode = address({ address: '127.18.0.2', port: 9100, way: 'NODE' });
const pod = address({ address: '127.128.0.2', port: 80 });
const cluster = address({ address: '127.96.0.9', port: 81, kind: 'Service', name: 'web', way: 'SERVICE', node: null });
const nodePort = address({ address: '127.18.0.2', port: 30_001, kind: 'Service', name: 'web', way: 'NODE' });
const servicePort = (port: number, targetPort: string, nodePort: number | null = null) => ({
  port,
  nodePort,
  protocol: 'TCP',
  targetPort,
});
const services: ServiceFacts[] = [
  { namespace: 'default', name: 'web', clusterIP: '127.96.0.9', ports: [servicePort(81, 'http', 30_001)] },
  { namespace: 'default', name: 'each', clusterIP: 'None', ports: [servicePort(80, '80')] },
  {
    namespace: 'default',
    name: 'pods',
    clusterIP: '127.96.0.8',
    ports: [servicePort(1, '1'), servicePort(8080, '80')],
  },
];
const named = (name: string) => ({ namespace: 'default', name });
const all = [onNode, pod, cluster, nodePort];

describe('what answers', () => {
  it('is put together of messages, in the order of addresses', () => {
    const picture = new TrafficPicture();
    const message = { network: 'LOOPBACK' as const, whole: false, changed: [], gone: [] };
    const places = (traffic: { addresses: readonly AddressFacts[] }) =>
      traffic.addresses.map(({ address, port, came }) => `${address}:${port} ${came}`);
    const first = picture.apply({ ...message, whole: true, changed: [pod, onNode] });
    expect(places(first)).toEqual(['127.18.0.2:9100 0', '127.128.0.2:80 0']);
    const counted = picture.apply({ ...message, changed: [{ ...pod, came: 3 }] });
    expect(places(counted)).toEqual(['127.18.0.2:9100 0', '127.128.0.2:80 3']);
    const later = picture.apply({ ...message, changed: [cluster], gone: ['127.18.0.2:9100/TCP'] });
    expect(places(later)).toEqual(['127.96.0.9:81 0', '127.128.0.2:80 3']);
    expect(picture.apply({ ...message, network: 'OFF', whole: true })).toEqual({ network: 'OFF', addresses: [] });
  });
});

describe('a request', () => {
  const form = (target: AddressFacts) => formFor(target, all, services, EMPTY_FORM);

  it('is filled in for whom it is to go to, by each way', () => {
    expect(form(onNode)).toMatchObject({ way: 'node', node: 'node-1', nodePort: '9100', pod: '' });
    expect(form(pod)).toMatchObject({ way: 'dns', name: '127-128-0-2.default.pod.cluster.local', namePort: '80' });
    expect(form(pod)).toMatchObject({ node: 'node-1', nodePort: '9100' });
    expect(form(cluster)).toMatchObject({ way: 'service', service: 'default/web', servicePort: '81' });
    expect(form(nodePort)).toMatchObject({ way: 'node', nodePort: '30001', servicePort: '81', namePort: '81' });
    expect(namesOf(services).map(({ name }) => name)).toEqual([
      'each.default.svc.cluster.local',
      'web.default.svc.cluster.local',
      'pods.default.svc.cluster.local',
    ]);
  });

  it('is filled in by the Services that select a pod, once they are known; what somebody has typed stays', () => {
    const filled = form(pod);
    const selecting = [named('pods'), named('each')];
    const about = { push: { to: 'http://pods/', everySeconds: 1 }, services: selecting };
    expect(withPod(filled, filled, pod, about, services)).toEqual({
      ...filled,
      pod: 'default/a',
      service: 'default/pods',
      servicePort: '8080',
      name: 'each.default.svc.cluster.local',
      namePort: '80',
    });
    expect(withPod(filled, filled, pod, { push: null, services: [named('web')] }, services)).toMatchObject({
      pod: '',
      service: 'default/web',
      servicePort: '81',
      name: 'web.default.svc.cluster.local',
      namePort: '81',
    });
    const typed = { ...filled, pod: 'x/y', service: 'x', name: 'n' };
    expect(withPod(typed, filled, pod, about, services)).toEqual(typed);
    expect(withPod(filled, filled, pod, { push: null, services: [] }, services)).toEqual(filled);
    expect(firstThose(services, selecting).map(({ name }) => name)).toEqual(['each', 'pods', 'web']);
    expect(servicesOf(services)).toEqual([
      { name: 'default/web', port: 81, hasNodePorts: true },
      { name: 'default/pods', port: 1, hasNodePorts: false },
    ]);
  });

  it.each([
    [
      { ...form(onNode), from: 'node-2' },
      { to: { node: { name: 'node-1', port: 9100 } }, from: { node: 'node-2' } },
    ],
    [{ ...form(pod), from: 'x/p' }, { from: { pod: { namespace: 'x', name: 'p' } } }],
    [{ ...form(pod), from: '192.0.2.1' }, { from: { address: '192.0.2.1' } }],
    [
      { ...form(cluster), times: 100 },
      { to: { service: { namespace: 'default', name: 'web', port: 81 } }, times: 100 },
    ],
    [
      { ...form(nodePort), way: 'service' as const },
      { to: { service: { namespace: 'default', name: 'web', port: 81, node: 'node-1' } } },
    ],
    [
      { ...form(onNode), way: 'push' as const, pod: 'default/a' },
      { to: { push: { namespace: 'default', name: 'a' } } },
    ],
    [
      { ...form(pod), protocol: 'UDP' as const, body: 'x' },
      { protocol: 'UDP', body: 'x' },
    ],
    [{ ...form(onNode), nodePort: '99999' }, undefined],
    [{ ...form(onNode), way: 'service' as const }, undefined],
  ])('%j asks for %j', (filled, input) => {
    if (input) expect(inputOf(filled)).toMatchObject(input);
    else expect(inputOf(filled)).toBeUndefined();
  });
});
