import { expect, it } from 'vitest';
import { createCluster } from '../../../src/index.js';
import { services } from '../../../src/resources/index.js';
import { LOOPBACK } from '../../support/loopback.js';
import { ownSockets } from '../../support/own-sockets.js';

const V6_LOOPBACK = '00000000000000000000000001000000';
const open = () => ownSockets().filter(({ isOpen }) => isOpen);
const told = ({ protocol, address, port }: ReturnType<typeof open>[number]) => `${protocol} ${address}:${port}`;

/** Whatever a cluster may be told to listen at. */
const manifests = `
apiVersion: v1
kind: Node
metadata: { name: far }
status: { addresses: [{ type: InternalIP, address: 192.0.2.7 }], conditions: [{ type: Ready, status: "True" }] }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      containers:
        - name: main
          image: agent:1
          ports:
            - { name: http, containerPort: 9100, hostPort: 9100, hostIP: 0.0.0.0 }
            - { containerPort: 9101, hostPort: 9101, hostIP: 192.0.2.8 }
            - { name: stats, containerPort: 8125, hostPort: 8125, protocol: UDP }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: host }
spec:
  selector: { matchLabels: { app: host } }
  template:
    metadata: { labels: { app: host } }
    spec:
      hostNetwork: true
      containers: [{ name: main, image: "host:1", ports: [{ containerPort: 9200 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: agent }
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  externalIPs: [192.0.2.1]
  selector: { app: agent }
  ports: [{ name: http, port: 80, targetPort: http }, { name: stats, port: 8125, targetPort: stats, protocol: UDP }]
`;

it.each([
  ['at addresses of its own', { network: LOOPBACK }],
  [
    'in place of addresses of others',
    { network: LOOPBACK, kubelet: { nodeCIDR: '172.18.0.0/16', clusterCIDR: '10.128.0.0/9' } },
  ],
  ['on ports of 127.0.0.1', { network: 'ports' as const }],
])('%s, nothing listens beyond loopback, and nothing does when the cluster is closed', async (_, options) => {
  const before = new Set(open().map(told));
  const cluster = await createCluster({ ...options, clock: 'virtual', dns: 0, nodes: 3, manifests });
  await cluster.listen();
  await cluster.settled();
  const service = cluster.object<'svc/x'>('svc/agent' as 'svc/x').current!;
  const status = { loadBalancer: { ingress: [{ ip: '192.0.2.2' }] } };
  await cluster.registry.update(services, { ...service, status }, { subresource: 'status' });
  await cluster.settled();
  const places = cluster.addresses.map(({ address, port }) => `${address}:${port}`);
  expect(places).toEqual(expect.arrayContaining(['192.0.2.1:80', '192.0.2.2:80', '192.0.2.7:9100', '192.0.2.7:9200']));
  const opened = open().filter(socket => !before.has(told(socket)));
  expect(opened.length).toBeGreaterThanOrEqual(cluster.addresses.length);
  expect(opened.filter(({ address }) => !address.startsWith('127.') && address !== V6_LOOPBACK).map(told)).toEqual([]);
  await cluster.close();
  await expect.poll(() => open().filter(socket => !before.has(told(socket)))).toEqual([]);
});
