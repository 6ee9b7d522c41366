import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/cluster/cluster.js';
import { Client } from './kubectl.js';

const CHART = fileURLToPath(new URL('chart', import.meta.url));

describe('Helm 4', () => {
  let cluster: Cluster;
  let helm: Client;
  let kubectl: Client;
  beforeAll(async () => {
    cluster = await createCluster({ token: 'secret' });
    const { url } = await cluster.listen();
    helm = new Client('helm', url, 'secret');
    kubectl = new Client('kubectl', url, 'secret');
  });
  afterAll(() => cluster.close());

  const image = () => kubectl.ok(['get', 'ds', 'mine', '-o', 'jsonpath={.spec.template.spec.containers[0].image}']);

  it('installs', async () => {
    expect(await helm.ok(['install', 'mine', CHART, '--wait', '--timeout=60s'])).toContain('STATUS: deployed');
    expect(await image()).toBe('agent:1');
    expect(await kubectl.ok(['get', 'configmap', 'mine', '-o', 'jsonpath={.data.version}'])).toMatch(/^v1\.35\./);
    expect(await kubectl.ok('get ds mine')).toMatch(/mine +3 +3 +3 +3 +3 /);
    expect(await helm.ok('list')).toMatch(/mine\s+default\s+1 /);
  });

  it('upgrades and rolls back', async () => {
    await helm.ok(['upgrade', 'mine', CHART, '--set=image=agent:2', '--wait', '--timeout=60s']);
    expect(await image()).toBe('agent:2');
    await helm.ok('rollback mine 1 --wait --timeout=60s');
    expect(await image()).toBe('agent:1');
    expect(await helm.ok('history mine')).toContain('Rollback to 1');
  });

  it('uninstalls', async () => {
    await helm.ok('uninstall mine --wait --timeout=60s');
    expect((await kubectl.run(['get', 'ds', 'mine'])).stderr).toContain('NotFound');
    expect(await kubectl.ok('get pods,configmaps,secrets -l app=mine')).toBe('');
  });
});
