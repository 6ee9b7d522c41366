import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
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

  it('installs the kinds of a chart before what is of them', async () => {
    const jsonpath = '-o=jsonpath={.spec.text} {.spec.times}';
    expect(await kubectl.ok(['get', 'greetings.example.com', 'mine', jsonpath])).toBe('hello 1');
    expect(await kubectl.ok('get role,rolebinding,serviceaccount mine -o name')).toBe(
      'role.rbac.authorization.k8s.io/mine\nrolebinding.rbac.authorization.k8s.io/mine\nserviceaccount/mine\n',
    );
  });

  it('tests a release', async () => {
    const passed = await helm.ok('test mine --logs --timeout=60s');
    expect(passed).toMatch(/TEST SUITE: +mine-ping[\s\S]*Phase: +Succeeded/);
    expect(passed).toContain('pong');
  });

  it('upgrades and rolls back', async () => {
    await helm.ok(['upgrade', 'mine', CHART, '--set=image=agent:2', '--wait', '--timeout=60s']);
    expect(await image()).toBe('agent:2');
    await helm.ok('rollback mine 1 --wait --timeout=60s');
    expect(await image()).toBe('agent:1');
    expect(await helm.ok('history mine')).toContain('Rollback to 1');
    await helm.ok(['upgrade', 'mine', CHART, '--set=greeting=hi,testExitCode=3', '--wait', '--timeout=60s']);
    expect(await kubectl.ok(['get', 'greeting', 'mine', '-o=jsonpath={.spec.text}'])).toBe('hi');
    expect((await helm.run(['test', 'mine', '--timeout=60s'])).code).toBe(1);
  });

  it('uninstalls', async () => {
    await helm.ok('uninstall mine --wait --timeout=60s');
    expect((await kubectl.run(['get', 'ds', 'mine'])).stderr).toContain('NotFound');
    expect(await kubectl.ok('get pods,configmaps,secrets -l app=mine')).toBe('');
    expect(await kubectl.ok('get greetings,roles -o name')).toBe('');
    // Helm never takes away the kinds of a chart, since that would take all of their objects.
    expect(await kubectl.ok('get crd greetings.example.com -o name')).toContain('greetings.example.com');
  });
});
