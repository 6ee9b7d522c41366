import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pods } from '../../../src/resources/index.js';
import type { EphemeralContainer, Pod } from '../../../src/resources/types.js';
import { openRegistry, type TestRegistry } from '../../support/registry.js';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await openRegistry();
  await registry.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec: { containers: [{ name: 'main', image: 'a:1' }], volumes: [{ name: 'v', emptyDir: {} }] },
    status: {},
  });
  await add({ name: 'first', image: 'a:1' });
});
afterEach(() => registry.log.close());

const pod = () => registry.get(pods, 'default', 'p')!.object;

async function update(list: EphemeralContainer[], change: (pod: Pod) => Pod = same => same): Promise<Pod> {
  const wanted = change({ ...pod(), spec: { ...pod().spec, ephemeralContainers: list } });
  return (await registry.update(pods, wanted, { subresource: 'ephemeralcontainers' })).object;
}

const add = (container: EphemeralContainer) => update([...(pod().spec.ephemeralContainers ?? []), container]);

describe('pods/NAME/ephemeralcontainers', () => {
  it('takes containers in, with their defaults, and nothing else', async () => {
    const before = pod();
    const { spec, metadata } = await update(
      [...before.spec.ephemeralContainers!, { name: 'second', image: 'b', targetContainerName: 'main' }],
      wanted => ({
        ...wanted,
        metadata: { ...wanted.metadata, labels: { not: 'taken' } },
        spec: { ...wanted.spec, nodeName: 'n', containers: [] },
        status: { phase: 'Failed' },
      }),
    );
    expect(spec.ephemeralContainers?.map(({ name, imagePullPolicy }) => [name, imagePullPolicy])).toEqual([
      ['first', 'IfNotPresent'],
      ['second', 'Always'],
    ]);
    expect({ ...spec, ephemeralContainers: undefined }).toEqual({ ...before.spec, ephemeralContainers: undefined });
    expect(metadata.labels).toBeUndefined();
    expect(metadata.generation).toBe(3);
    expect(pod().status).toEqual(before.status);
  });

  it('is the only way: the pod itself keeps its own', async () => {
    const { ephemeralContainers: _, ...spec } = pod().spec;
    await expect(registry.update(pods, { ...pod(), spec })).rejects.toThrow(
      'pod updates may not change fields other than',
    );
  });

  it.each<[string, EphemeralContainer[], string]>([
    ['removed', [], 'spec.ephemeralContainers: Forbidden: existing ephemeral containers "first" may not be removed\n'],
    [
      'changed',
      [{ name: 'first', image: 'a:2' }],
      'spec.ephemeralContainers: Forbidden: existing ephemeral containers "first" may not be changed\n',
    ],
  ])('does not let them be %s', async (_, list, message) => {
    await expect(update(list)).rejects.toMatchObject({ code: 422, message: `Pod "p" is invalid: ${message}` });
  });

  const REFUSAL = 'Forbidden: cannot be set for an Ephemeral Container';
  it.each<[Partial<EphemeralContainer>, string]>([
    [{ name: 'main' }, 'name: Duplicate value: "main"'],
    [{ name: 'first' }, 'name: Duplicate value: "first"'],
    [{ image: '' }, 'image: Required value'],
    [{ targetContainerName: 'none' }, 'targetContainerName: Not found: "none"'],
    [{ targetContainerName: 'first' }, 'targetContainerName: Not found: "first"'],
    [{ ports: [{ containerPort: 80 }] }, `ports: ${REFUSAL}`],
    [{ livenessProbe: { exec: { command: ['x'] } } }, `livenessProbe: ${REFUSAL}`],
    [{ lifecycle: {} }, `lifecycle: ${REFUSAL}`],
    [{ restartPolicy: 'Always' }, `restartPolicy: ${REFUSAL}`],
    [{ resources: { limits: { cpu: '1' } } }, `resources: ${REFUSAL}`],
    [{ volumeMounts: [{ name: 'v', mountPath: '/v', subPath: 'x' }] }, `volumeMounts[0].subPath: ${REFUSAL}`],
  ])('refuses %j', async (container, message) => {
    await expect(add({ name: 'new', image: 'a:1', ...container })).rejects.toThrow(
      `spec.ephemeralContainers[1].${message}`,
    );
  });

  it('may share a volume', async () => {
    await expect(
      add({ name: 'new', image: 'a:1', volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
    ).resolves.toBeDefined();
  });
});
