import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiServicesController } from '../../../src/controllers/api-services/index.js';
import { customResourcesController } from '../../../src/controllers/custom-resources/index.js';
import type { ApiService } from '../../../src/resources/api-service.js';
import type { CustomResourceDefinition } from '../../../src/resources/custom/types.js';
import { apiServices, customResourceDefinitions, endpointSlices, services } from '../../../src/resources/index.js';
import { conditionOf } from '../../../src/resources/state.js';
import { ModelCluster } from '../../support/model-cluster.js';

let cluster: ModelCluster;
beforeEach(async () => {
  cluster = await ModelCluster.start(apiServicesController, customResourcesController);
});
afterEach(async () => {
  expect(cluster.errors).toEqual([]);
  await cluster.close();
});

const get = (name: string) => cluster.registry.get(apiServices, '', name)?.object;
const available = (name: string) => {
  const { status, reason, message } = conditionOf(get(name)!, 'Available')!;
  return [status, reason, message];
};

async function register(spec: Partial<ApiService['spec']> = {}, name = 'v1beta1.custom.metrics.k8s.io'): Promise<void> {
  await cluster.registry.create(apiServices, {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name },
    spec: {
      group: 'custom.metrics.k8s.io',
      version: 'v1beta1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      service: { namespace: 'default', name: 'adapter' },
      ...spec,
    },
    status: {},
  });
  await cluster.settle();
}

describe('APIServices', () => {
  it('are there for all groups that are served, as soon as anybody asks for them', async () => {
    expect(get('v1.apps')).toBeUndefined();
    const [{ entries }] = await Promise.all([cluster.registry.list(apiServices), cluster.registry.list(apiServices)]);
    expect(entries.map(({ name }) => name)).toContain('v1.apps');
    await cluster.settle();
    expect(get('v1.')).toMatchObject({
      metadata: { labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' } },
      spec: { version: 'v1', groupPriorityMinimum: 18000, versionPriority: 1 },
    });
    expect(get('v1.apps')?.spec).toEqual({
      group: 'apps',
      version: 'v1',
      groupPriorityMinimum: 17800,
      versionPriority: 15,
    });
    expect(available('v1.apps')).toEqual(['True', 'Local', 'Local APIServices are always available']);
    expect(get('v1.apiregistration.k8s.io')).toBeUndefined();
  });

  it('come and go with the definitions of custom kinds', async () => {
    await cluster.registry.create(customResourceDefinitions, {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'widgets', kind: 'Widget' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
      status: {},
    } as unknown as CustomResourceDefinition);
    await cluster.settle();
    expect(get('v1.example.com')).toMatchObject({
      metadata: { labels: { 'kube-aggregator.kubernetes.io/automanaged': 'true' } },
      spec: { groupPriorityMinimum: 1000, versionPriority: 100 },
    });
    await cluster.registry.delete(customResourceDefinitions, '', 'widgets.example.com');
    await cluster.settle();
    expect(get('v1.example.com')).toBeUndefined();
  });

  it('tell why a Service does not answer', async () => {
    const name = 'v1beta1.custom.metrics.k8s.io';
    await register();
    expect(available(name)).toEqual(['False', 'ServiceNotFound', 'service/adapter in "default" is not present']);

    await cluster.registry.create(services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'adapter', namespace: 'default' },
      spec: { clusterIP: '10.96.0.9', ports: [{ port: 443 }] },
      status: {},
    });
    await cluster.settle();
    expect(available(name).slice(0, 2)).toEqual(['False', 'EndpointsNotFound']);

    await cluster.registry.create(endpointSlices, {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 's', namespace: 'default', labels: { 'kubernetes.io/service-name': 'adapter' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: true } }],
      ports: [{ name: '', port: 443, protocol: 'TCP' }],
    });
    await cluster.settle();
    expect(available(name)).toEqual([
      'False',
      'FailedDiscoveryCheck',
      'failing or missing response from https://10.96.0.9:443/apis/custom.metrics.k8s.io/v1beta1: Get "https://10.96.0.9:443/apis/custom.metrics.k8s.io/v1beta1": dial tcp 10.96.0.9:443: connect: connection refused',
    ]);
  });

  it.each<[what: string, spec: Partial<ApiService['spec']>, message: string]>([
    ['another name', { version: 'v2' }, 'must be `spec.version+"."+spec.group`: "v2.custom.metrics.k8s.io"'],
    [
      'no priority',
      { groupPriorityMinimum: 0 },
      'spec.groupPriorityMinimum: Invalid value: 0: must be positive and less than 20000',
    ],
    ['no Service', { service: { namespace: 'default' } }, 'spec.service.name: Required value'],
    [
      'two ways to trust',
      { insecureSkipTLSVerify: true, caBundle: 'YQ==' },
      'spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present',
    ],
  ])('are refused with %s', async (_, spec, message) => {
    await expect(register(spec)).rejects.toThrow(message);
  });
});
