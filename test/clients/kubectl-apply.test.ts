import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { configMaps, daemonSets, pods } from '../../src/resources/index.js';
import { Client } from './kubectl.js';

const LAST = 'kubectl.kubernetes.io/last-applied-configuration';

/** Who owns what while a manifest moves between the two kinds of apply. */
describe('kubectl apply', () => {
  let cluster: Cluster;
  let kubectl: Client;
  beforeAll(async () => {
    cluster = await createCluster();
    kubectl = new Client('kubectl', (await cluster.listen()).url);
  });
  afterAll(() => cluster.close());
  beforeEach(() => kubectl.ok('delete configmap one two --ignore-not-found'));

  const manifest = (data: Record<string, string>, name = 'one') =>
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { set: 'x' } }, data });
  const run = (args: string, data: Record<string, string>) =>
    kubectl.run(`${args} -f -`.split(' '), { input: manifest(data) });
  const done = async (args: string, data: Record<string, string>) => {
    const { code, stderr } = await run(args, data);
    expect([code, stderr]).toEqual([0, '']);
  };
  const live = () => cluster.registry.get(configMaps, 'default', 'one')!.object;
  const data = () => live().data;
  const last = () => JSON.parse(live().metadata.annotations?.[LAST] ?? '{}').data;
  /** Manager and operation → the keys of data that it owns. */
  const owners = () =>
    Object.fromEntries(
      (live().metadata.managedFields ?? []).map(({ manager, operation, fieldsV1 }) => [
        `${manager} ${operation}`,
        Object.keys((fieldsV1 as Record<string, object>)['f:data'] ?? {}).filter(key => key !== '.'),
      ]),
    );

  it('moves to the server, takes along what it owned, and removes what is given up', async () => {
    await done('apply', { a: '1', b: '2' });
    expect(owners()).toEqual({ 'kubectl-client-side-apply Update': ['f:a', 'f:b'] });
    await done('apply --server-side', { a: '1', b: '2' });
    expect(owners()).toEqual({ 'kubectl Apply': ['f:a', 'f:b'], 'kubectl-last-applied Apply': [] });
    await done('apply --server-side', { a: '9' });
    expect([data(), last()]).toEqual([{ a: '9' }, { a: '9' }]);
  });

  it('moves back, and goes on from what the server kept for it', async () => {
    await done('apply', { a: '1', b: '2' });
    await done('apply --server-side', { a: '1', b: '2', c: '3' });
    await done('apply', { a: '1', b: '4' });
    expect([data(), last()]).toEqual([
      { a: '1', b: '4' },
      { a: '1', b: '4' },
    ]);
    expect(owners()).toMatchObject({ 'kubectl Apply': ['f:a'], 'kubectl-client-side-apply Update': ['f:b'] });
  });

  it('meets what others changed', async () => {
    await done('apply', { a: '1' });
    await kubectl.ok(['patch', 'configmap', 'one', '--type=merge', '-p', '{"data":{"a":"2"}}']);
    const clash = await run('apply --server-side', { a: '3' });
    expect(clash.stderr).toContain(
      'error: Apply failed with 1 conflict: conflict with "kubectl-patch" using v1: .data.a',
    );
    await done('apply --server-side --force-conflicts', { a: '3' });
    expect(owners()).toMatchObject({ 'kubectl Apply': ['f:a'] });
    const other = await run('apply --server-side --field-manager=other', { a: '4', b: '5' });
    expect(other.stderr).toContain('conflict with "kubectl": .data.a');
    await done('apply --server-side --field-manager=other', { a: '3', b: '5' });
    expect(owners()).toMatchObject({ 'kubectl Apply': ['f:a'], 'other Apply': ['f:a', 'f:b'] });
  });

  it('meets what the cluster itself wrote, and shows it', async () => {
    const labels = { app: 'agent' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'a:1' }] } };
    const set = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent' } };
    const spec = { selector: { matchLabels: labels }, template };
    await kubectl.ok('apply -f -', { input: JSON.stringify({ ...set, spec }) });
    await cluster.settled();
    const [pod] = cluster.registry.all(pods, 'default');
    const fields = (entry: { manager: string; subresource?: string; fieldsV1: object }) =>
      [entry.manager, entry.subresource ?? '', Object.keys(entry.fieldsV1).join()].join(' ');
    const shown = async (what: string) =>
      JSON.parse(await kubectl.ok(`get ${what} -o json --show-managed-fields`)).metadata.managedFields;
    expect((await shown(`pod ${pod!.name}`)).map(fields)).toEqual([
      'kube-controller-manager  f:metadata,f:spec',
      'kubelet status f:status',
    ]);
    expect((await shown('daemonset agent')).map(fields).sort()).toEqual([
      'kube-controller-manager status f:status',
      'kubectl-client-side-apply  f:metadata,f:spec',
    ]);
    const clash = async (args: string, object: object) =>
      (await kubectl.run(`apply --server-side${args} -f -`.split(' '), { input: JSON.stringify(object) })).stderr;
    const { numberReady = 0 } = cluster.registry.get(daemonSets, 'default', 'agent')!.object.status;
    expect(await clash(' --subresource status', { ...set, status: { numberReady: numberReady + 1 } })).toContain(
      'error: Apply failed with 1 conflict: conflict with "kube-controller-manager" with subresource "status" using apps/v1: .status.numberReady',
    );
    const metadata = { name: pod!.name, labels: { app: 'other' } };
    expect(await clash('', { apiVersion: 'v1', kind: 'Pod', metadata })).toContain(
      'error: Apply failed with 1 conflict: conflict with "kube-controller-manager" using v1: .metadata.labels.app',
    );
    // What was read and is sent back is no change.
    const read = await kubectl.ok(`get pod ${pod!.name} -o json --show-managed-fields`);
    await kubectl.ok('replace -f -', { input: read });
    expect(cluster.registry.get(pods, 'default', pod!.name)!.revision).toBe(pod!.revision);
    await kubectl.ok('delete daemonset agent');
  });

  it('shows the difference either way', async () => {
    await done('apply', { a: '1' });
    expect((await run('diff', { a: '1' })).code).toBe(0);
    await done('apply --server-side', { a: '1' });
    for (const how of ['diff --server-side', 'diff --server-side --field-manager=other --force-conflicts']) {
      const same = await run(how, { a: '1' });
      const different = await run(how, { a: '2' });
      expect([same.code, different.code]).toEqual([0, 1]);
      expect(different.stdout).toContain('-  a: "1"\n+  a: "2"\n');
    }
    expect(data()).toEqual({ a: '1' });
  });

  it('sets, edits and shows what was applied last', async () => {
    await kubectl.ok('create configmap one --from-literal=a=1');
    await done('apply set-last-applied --create-annotation', { a: '1', b: '2' });
    const env = { KUBE_EDITOR: `sed -i s/"2"/"7"/` };
    expect(await kubectl.ok('apply edit-last-applied configmap/one', { env })).toBe('configmap/one edited\n');
    expect(JSON.parse(await kubectl.ok('apply view-last-applied configmap one -o json')).data).toEqual({
      a: '1',
      b: '7',
    });
    expect(data()).toEqual({ a: '1' });
  });

  it('prunes, and replaces by force', async () => {
    await done('apply', { a: '1' });
    await kubectl.ok('apply -f -', { input: manifest({ b: '1' }, 'two') });
    const pruned = await kubectl.ok('apply --prune -l set=x --prune-allowlist=core/v1/ConfigMap -f -', {
      input: manifest({ a: '1' }),
    });
    expect(pruned).toBe('configmap/one unchanged\nconfigmap/two pruned\n');
    const { uid } = live().metadata;
    await done('replace --force', { c: '3' });
    expect(data()).toEqual({ c: '3' });
    expect(live().metadata.uid).not.toBe(uid);
  });
});
