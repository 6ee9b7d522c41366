import { expect, it } from 'vitest';
import { createCluster } from '../../../src/index.js';
import { pods } from '../../../src/resources/index.js';

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'main', image: 'a:1' }] },
};

it('a cluster is made with the admission plugins that are asked for', async () => {
  const cluster = await createCluster({
    clock: 'virtual',
    enableAdmissionPlugins: ['ServiceAccount'],
    disableAdmissionPlugins: ['DefaultTolerationSeconds'],
  });
  await cluster.settled();
  await cluster.apply(POD);
  const { spec } = cluster.registry.get(pods, 'default', 'p')!.object;
  expect([spec.serviceAccountName, spec.tolerations]).toEqual(['default', undefined]);
  await cluster.close();
});

it('a cluster is not made with a plugin that does not exist', async () => {
  await expect(createCluster({ enableAdmissionPlugins: ['Nonsense'] })).rejects.toThrow(
    'enable-admission-plugins plugin "Nonsense" is unknown',
  );
});
