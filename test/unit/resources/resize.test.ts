import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pods } from '../../../src/resources/index.js';
import type { Container, Pod, ResourceRequirements } from '../../../src/resources/types.js';
import { openRegistry, type TestRegistry } from '../../support/registry.js';

let registry: TestRegistry;
const asks = (cpu: string, memory = '64Mi'): ResourceRequirements => ({ requests: { cpu, memory } });

beforeEach(async () => {
  registry = await openRegistry();
  const main: Container = { name: 'main', image: 'a:1', resources: { ...asks('100m'), limits: { memory: '128Mi' } } };
  const sidecar: Container = { name: 'side', image: 'a:1', restartPolicy: 'Always', resources: asks('10m') };
  const init: Container = { name: 'init', image: 'a:1', resources: asks('10m') };
  await registry.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec: { containers: [main, { name: 'free', image: 'a:1' }], initContainers: [init, sidecar] },
    status: {},
  });
});
afterEach(() => registry.log.close());

const pod = () => registry.get(pods, 'default', 'p')!.object;

async function resize(changes: Record<string, Partial<Container>>, more: Partial<Pod> = {}): Promise<Pod> {
  const changed = (containers: readonly Container[]) => containers.map(one => ({ ...one, ...changes[one.name] }));
  const { spec } = pod();
  const containers = changed(spec.containers);
  const wanted = { ...pod(), ...more, spec: { ...spec, containers, initContainers: changed(spec.initContainers!) } };
  return (await registry.update(pods, wanted, { subresource: 'resize' })).object;
}

describe('pods/NAME/resize', () => {
  it('changes what containers ask for, and nothing else', async () => {
    const before = pod();
    const more = asks('200m', '100Mi');
    const { spec, metadata, status } = await resize(
      {
        main: { resources: { ...more, limits: { memory: '128Mi' } }, image: 'other' },
        side: { resources: asks('20m'), resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }] },
      },
      { status: { phase: 'Failed' } },
    );
    expect(spec.containers[0]).toMatchObject({ image: 'a:1', resources: more });
    expect(spec.initContainers![1]).toMatchObject({ resources: asks('20m'), resizePolicy: [{ resourceName: 'cpu' }] });
    expect(metadata.generation).toBe(2);
    expect(status).toEqual(before.status);
  });

  it('is the only way', async () => {
    const [main, free] = pod().spec.containers;
    const containers = [{ ...main!, resources: asks('1') }, free!];
    await expect(registry.update(pods, { ...pod(), spec: { ...pod().spec, containers } })).rejects.toThrow(
      'pod updates may not change fields other than',
    );
  });

  it.each<[what: string, changes: Record<string, Partial<Container>>, message: string]>([
    [
      'what is asked for is taken back',
      { main: { resources: { requests: { memory: '64Mi' }, limits: { memory: '128Mi' } } } },
      'spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed',
    ],
    [
      'a limit is taken away',
      { main: { resources: asks('100m') } },
      'spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed',
    ],
    [
      'of something that nodes cannot change',
      {
        main: {
          resources: {
            requests: { ...asks('100m').requests, 'ephemeral-storage': '1Gi' },
            limits: { memory: '128Mi' },
          },
        },
      },
      'spec.containers[0].resources.requests: Forbidden: only cpu and memory resources are mutable',
    ],
    [
      'of a container that is over',
      { init: { resources: asks('20m') } },
      'spec.initContainers[0].resources: Forbidden: resources for non-sidecar init containers are immutable',
    ],
    [
      'more is asked for than is allowed',
      { main: { resources: { ...asks('100m', '256Mi'), limits: { memory: '128Mi' } } } },
      'spec.containers[0].resources.requests: Invalid value: "256Mi": must be less than or equal to memory limit of 128Mi',
    ],
    [
      'containers change their names',
      { free: { name: 'other' } },
      'spec.containers[1].name: Forbidden: containers may not be renamed or reordered on resize',
    ],
    [
      'a policy is none',
      { main: { resizePolicy: [{ resourceName: 'pods', restartPolicy: 'Sometimes' }] } },
      'spec.containers[0].resizePolicy: Unsupported value: "pods": supported values: "cpu", "memory"',
    ],
  ])('is refused where %s', async (_, changes, message) => {
    await expect(resize(changes)).rejects.toThrow(message);
  });

  it('is refused where the class of service would change', async () => {
    await registry.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'free', namespace: 'default' },
      spec: { containers: [{ name: 'main', image: 'a' }] },
      status: {},
    });
    const free = registry.get(pods, 'default', 'free')!.object;
    const containers = [{ ...free.spec.containers[0]!, resources: asks('1') }];
    await expect(
      registry.update(pods, { ...free, spec: { ...free.spec, containers } }, { subresource: 'resize' }),
    ).rejects.toThrow('spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing');
  });
});
