import { beforeEach, describe, expect, it } from 'vitest';
import type { ResourceDefinition } from '../../../../src/resources/definition.js';
import { pods } from '../../../../src/resources/index.js';
import { share } from '../../../../src/resources/json.js';
import { type Limit, limitRanges } from '../../../../src/resources/limit-range.js';
import { persistentVolumeClaims } from '../../../../src/resources/plain/volumes.js';
import type { Container, KubeObject, Pod, PodSpec, ResourceList } from '../../../../src/resources/types.js';
import { openRegistry, type TestRegistry } from '../../../support/registry.js';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await openRegistry();
});

const limit = (limits: Limit[], name = 'limits') =>
  registry.create(limitRanges, {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name, namespace: 'default' },
    spec: { limits },
  });

const container = (requests?: ResourceList, limits?: ResourceList, name = 'main'): Container => ({
  name,
  image: 'a:1',
  resources: { ...(requests ? { requests } : {}), ...(limits ? { limits } : {}) },
});

async function pod(containers: Container[], spec: Partial<PodSpec> = {}): Promise<Pod> {
  const metadata = { name: 'p', namespace: 'default' };
  const draft = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers, ...spec }, status: {} };
  return (await registry.create(pods, draft)).object;
}

const claims = persistentVolumeClaims as ResourceDefinition<KubeObject & { spec: object }>;
const claim = (storage: string) =>
  registry.create(claims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'c', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
  });

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'let in',
    error => `${error.code} ${error.message}`,
  );

/** The limits of upstream's end-to-end test. */
const CONTAINERS: Limit = {
  type: 'Container',
  min: { cpu: '50m', memory: '100Mi', 'ephemeral-storage': '100Gi' },
  max: { cpu: '500m', memory: '500Mi', 'ephemeral-storage': '500Gi' },
  default: { cpu: '500m', memory: '500Mi', 'ephemeral-storage': '500Gi' },
  defaultRequest: { cpu: '100m', memory: '200Mi', 'ephemeral-storage': '200Gi' },
};

describe('containers that are silent', () => {
  it('ask for the defaults', async () => {
    await limit([CONTAINERS]);
    const { spec, metadata } = await pod([container()], {
      initContainers: [container({ cpu: '60m' }, undefined, 'init')],
    });
    expect(spec.containers[0]!.resources).toEqual({ limits: CONTAINERS.default, requests: CONTAINERS.defaultRequest });
    expect(spec.initContainers![0]!.resources).toEqual({
      limits: CONTAINERS.default,
      requests: { ...CONTAINERS.defaultRequest, cpu: '60m' },
    });
    expect(metadata.annotations).toEqual({
      'kubernetes.io/limit-ranger':
        'LimitRanger plugin set: cpu, ephemeral-storage, memory request for container main; cpu, ephemeral-storage, memory limit for container main; ephemeral-storage, memory request for init container init; cpu, ephemeral-storage, memory limit for init container init',
    });
  });

  it('ask for what they are limited to before that', async () => {
    await limit([CONTAINERS]);
    const { spec } = await pod([container(undefined, { cpu: '300m', memory: '150Mi' })]);
    expect(spec.containers[0]!.resources).toEqual({
      limits: { cpu: '300m', memory: '150Mi', 'ephemeral-storage': '500Gi' },
      requests: { cpu: '300m', memory: '150Mi', 'ephemeral-storage': '200Gi' },
    });
  });

  it('of a spec that pods share leave that as it is', async () => {
    const containers = share((await pod([container()])).spec.containers);
    await registry.delete(pods, 'default', 'p');
    await limit([CONTAINERS]);
    const { spec } = await pod(containers);
    expect(spec.containers[0]!.resources?.requests).toEqual(CONTAINERS.defaultRequest);
    expect(containers[0]!.resources).toEqual({});
  });

  it('stay so where nothing is said of them', async () => {
    await limit([{ type: 'Pod', max: { cpu: '1' } }], 'a');
    const { spec, metadata } = await pod([container({ cpu: '1' }, { cpu: '1' })]);
    expect([spec.containers[0]!.resources, metadata.annotations]).toEqual([
      { requests: { cpu: '1' }, limits: { cpu: '1' } },
      undefined,
    ]);
  });
});

describe('a pod', () => {
  it.each<[string, Limit, Container[], Partial<PodSpec>, string]>([
    [
      'a request below the least',
      { type: 'Container', min: { cpu: '50m' } },
      [container({ cpu: '10m' })],
      {},
      'minimum cpu usage per Container is 50m, but request is 10m',
    ],
    [
      'a limit below the least',
      { type: 'Container', min: { cpu: '50m' }, defaultRequest: { cpu: '50m' } },
      [container({ cpu: '50m' }, { cpu: '50m' }), container({ cpu: '60m' }, { cpu: '60m' }, 'b')],
      {},
      'let in',
    ],
    [
      'a limit above the most',
      { type: 'Container', max: { cpu: '500m' } },
      [container({ cpu: '100m' }, { cpu: '600m' })],
      {},
      'maximum cpu usage per Container is 500m, but limit is 600m',
    ],
    [
      'an init container above the most',
      { type: 'Container', max: { cpu: '500m' } },
      [container()],
      { initContainers: [container({}, { cpu: '1' }, 'init')] },
      'maximum cpu usage per Container is 500m, but limit is 1',
    ],
    [
      'no limit where there is a most',
      { type: 'Pod', max: { memory: '1Gi' } },
      [container({ memory: '1Mi' })],
      {},
      'maximum memory usage per Pod is 1Gi.  No limit is specified',
    ],
    [
      'no request where there is a least',
      { type: 'Pod', min: { memory: '1Gi' } },
      [container()],
      {},
      'minimum memory usage per Pod is 1Gi.  No request is specified',
    ],
    [
      'containers that are too much together',
      { type: 'Pod', max: { cpu: '1' } },
      [container({}, { cpu: '600m' }), container({}, { cpu: '600m' }, 'b')],
      {},
      'maximum cpu usage per Pod is 1, but limit is 1200m',
    ],
    [
      'an init container that is too much',
      { type: 'Pod', max: { cpu: '1' } },
      [container({}, { cpu: '600m' })],
      { initContainers: [container({}, { cpu: '2' }, 'init')] },
      'maximum cpu usage per Pod is 1, but limit is 2',
    ],
    [
      'a sidecar that is too much',
      { type: 'Pod', max: { cpu: '1' } },
      [container({}, { cpu: '600m' })],
      { initContainers: [{ ...container({}, { cpu: '500m' }, 'init'), restartPolicy: 'Always' }] },
      'maximum cpu usage per Pod is 1, but limit is 1100m',
    ],
    [
      'too much as a whole',
      { type: 'Pod', max: { cpu: '1' } },
      [container({ cpu: '100m' })],
      { resources: { limits: { cpu: '2' } } },
      'maximum cpu usage per Pod is 1, but limit is 2',
    ],
    [
      'a ratio that is too large',
      { type: 'Container', maxLimitRequestRatio: { cpu: '2' } },
      [container({ cpu: '100m' }, { cpu: '250m' })],
      {},
      'cpu max limit to request ratio per Container is 2, but provided ratio is 2.500000',
    ],
    [
      'no ratio',
      { type: 'Container', maxLimitRequestRatio: { cpu: '2' } },
      [container({ cpu: '100m' })],
      {},
      'cpu max limit to request ratio per Container is 2, but no limit is specified or limit is 0',
    ],
    [
      'nothing for a ratio',
      { type: 'Pod', maxLimitRequestRatio: { cpu: '2' } },
      [container()],
      {},
      'cpu max limit to request ratio per Pod is 2, but no request is specified or request is 0',
    ],
    [
      'several problems',
      { type: 'Container', max: { cpu: '1', memory: '1Gi' } },
      [container({}, { cpu: '2', memory: '2Gi' })],
      {},
      '[maximum cpu usage per Container is 1, but limit is 2, maximum memory usage per Container is 1Gi, but limit is 2Gi]',
    ],
    ['limits of others', { type: 'PersistentVolumeClaim', max: { storage: '1Gi' } }, [container()], {}, 'let in'],
  ])('with %s', async (_, limits, containers, spec, expected) => {
    await limit([limits]);
    expect(await refusal(pod(containers, spec))).toBe(
      expected === 'let in' ? expected : `403 pods "p" is forbidden: ${expected}`,
    );
  });

  it('that is invalid is told so first', async () => {
    await limit([{ type: 'Container', max: { cpu: '1' } }]);
    expect(await refusal(pod([container({ cpu: '3' }, { cpu: '2' })]))).toMatch(/^422 /);
  });

  it('that is there may change', async () => {
    const there = await pod([container()]);
    await limit([{ type: 'Pod', min: { cpu: '1' } }]);
    const metadata = { ...there.metadata, labels: { a: 'b' } };
    expect(await refusal(registry.update(pods, { ...there, metadata }))).toBe('let in');
  });
});

describe('a claim', () => {
  it.each([
    ['500Mi', 'minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi'],
    ['11Gi', 'maximum storage usage per PersistentVolumeClaim is 10Gi, but request is 11Gi'],
    ['10Gi', undefined],
  ])('of %s', async (storage, why) => {
    await limit([{ type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '10Gi' } }]);
    expect(await refusal(claim(storage))).toBe(why ? `403 persistentvolumeclaims "c" is forbidden: ${why}` : 'let in');
  });
});

describe('limits', () => {
  it.each<[Limit, Partial<Limit>]>([
    [
      { type: 'Container', max: { cpu: '2' } },
      { default: { cpu: '2' }, defaultRequest: { cpu: '2' } },
    ],
    [{ type: 'Container', min: { cpu: '1' } }, { defaultRequest: { cpu: '1' } }],
    [{ type: 'Container', min: { cpu: '1' }, default: { cpu: '2' } }, { defaultRequest: { cpu: '2' } }],
    [{ type: 'Pod', max: { cpu: '2' } }, {}],
  ])('%j come to have defaults', async (given, defaults) => {
    const { object } = await limit([given]);
    expect(object.spec.limits[0]).toEqual({ ...given, ...defaults });
  });

  it.each<[string, Limit[], string]>([
    [
      'an unknown type',
      [{ type: 'Node' }],
      'spec.limits[0].type: Invalid value: "Node": must be a standard limit type or fully qualified',
    ],
    ['a type twice', [{ type: 'Pod' }, { type: 'Pod' }], 'spec.limits[1].type: Duplicate value: "Pod"'],
    [
      'an unknown resource',
      [{ type: 'Pod', max: { storage: '1' } }],
      'spec.limits[0].max[storage]: Invalid value: "storage": must be a standard resource for containers',
    ],
    [
      'defaults of pods',
      [{ type: 'Pod', default: { cpu: '1' } }],
      "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
    ],
    [
      'claims without storage',
      [{ type: 'PersistentVolumeClaim' }],
      'spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided',
    ],
    [
      'more than the most',
      [{ type: 'Pod', min: { cpu: '2' }, max: { cpu: '1' } }],
      'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
    ],
    [
      'defaults above the most',
      [{ type: 'Container', default: { cpu: '2' }, max: { cpu: '1' } }],
      'default value 2 is greater than max value 1',
    ],
    [
      'requests below the least',
      [{ type: 'Container', defaultRequest: { cpu: '1' }, min: { cpu: '2' } }],
      'min value 2 is greater than default request value 1',
    ],
    ['a ratio below one', [{ type: 'Pod', maxLimitRequestRatio: { cpu: '800m' } }], 'ratio 800m is less than 1'],
    [
      'a ratio that cannot be',
      [{ type: 'Pod', maxLimitRequestRatio: { cpu: '10' }, min: { cpu: '1' }, max: { cpu: '2' } }],
      'ratio 10 is greater than max/min = 2.000000',
    ],
    [
      'whole pieces that differ',
      [{ type: 'Container', default: { 'a.b/gpu': '2' }, defaultRequest: { 'a.b/gpu': '1' } }],
      'default value 2 must equal to defaultRequest value 1 in a.b/gpu',
    ],
  ])('with %s are refused', async (_, limits, why) => {
    expect(await refusal(limit(limits))).toContain(why);
  });
});
