import type { Registry } from '../../../../src/registry/registry.js';
import { endpointSlices, services } from '../../../../src/resources/index.js';
import type { Draft, EndpointSlice, Service } from '../../../../src/resources/types.js';
import { openRegistry, type TestRegistry } from '../../../support/registry.js';

export async function addService(registry: Registry, name: string, spec: Draft<Service>['spec']): Promise<void> {
  const metadata = { name, namespace: 'testns' };
  await registry.create(services, { apiVersion: 'v1', kind: 'Service', metadata, spec, status: {} });
}

type Endpoint = EndpointSlice['endpoints'][number];

export async function addSlice(
  registry: Registry,
  service: string,
  endpoints: readonly (Endpoint | string)[],
  ports: EndpointSlice['ports'] = [{ name: 'http', protocol: 'TCP', port: 8080 }],
  addressType = 'IPv4',
): Promise<void> {
  await registry.create(endpointSlices, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${service}-`,
      namespace: 'testns',
      labels: { 'kubernetes.io/service-name': service },
    },
    addressType,
    endpoints: endpoints.map(one => (typeof one === 'string' ? { addresses: [one] } : one)),
    ports: ports!,
  });
}

const HTTP = { name: 'http', protocol: 'TCP', port: 80 };

/** Services of every sort, as CoreDNS's own tests have them. */
export async function openNames(): Promise<TestRegistry> {
  const registry = await openRegistry(['default', 'testns', 'kube-system']);
  const add = (name: string, spec: Draft<Service>['spec']) => addService(registry, name, spec);
  await add('svc1', { clusterIP: '10.96.0.11', ports: [HTTP, { name: 'dns', protocol: 'UDP', port: 53 }] });
  await add('empty', { clusterIP: '10.96.0.12', ports: [HTTP] });
  await add('hdls1', { clusterIP: 'None', ports: [HTTP] });
  await add('bare', { clusterIP: 'None', selector: { app: 'bare' } });
  await add('nobody', { clusterIP: 'None', ports: [HTTP] });
  const external = (name: string, externalName: string) => add(name, { type: 'ExternalName', externalName });
  await external('outside', 'ext.interwebs.test');
  await external('inside', 'svc1.testns.svc.cluster.local.');
  await external('twice', 'inside.testns.svc.cluster.local');
  await external('nowhere', 'gone.testns.svc.cluster.local');
  await external('itself', 'itself.testns.svc.cluster.local');
  await external('long', `${'a'.repeat(100)}.example.com`);
  await external('ping', 'pong.testns.svc.cluster.local');
  await external('pong', 'ping.testns.svc.cluster.local');
  await addSlice(registry, 'svc1', [{ addresses: ['10.128.0.1'], hostname: 'ep1a' }]);
  await addSlice(registry, 'hdls1', [
    '10.128.0.2',
    { addresses: ['10.128.0.3'], conditions: { ready: true } },
    { addresses: ['10.128.0.4'], hostname: 'dup-name' },
    { addresses: ['10.128.0.5'], hostname: 'dup-name' },
    { addresses: ['10.128.0.6'], conditions: { ready: false, serving: true, terminating: true } },
  ]);
  await addSlice(registry, 'hdls1', ['5678:abcd::1'], undefined, 'IPv6');
  await addSlice(registry, 'bare', ['10.128.0.20'], []);
  await addSlice(registry, 'nobody', [{ addresses: ['10.128.0.30'], conditions: { ready: false } }]);
  return registry;
}
