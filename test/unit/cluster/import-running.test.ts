import { afterEach, describe, expect, it } from 'vitest';
import type { ClusterOptions } from '../../../src/cluster/options.js';
import { type Cluster, createCluster } from '../../../src/index.js';
import { toYaml } from '../../../src/registry/yaml.js';
import { controllerRevisions, pods } from '../../../src/resources/index.js';
import { CLUSTER, DAEMON_UID, PODS } from './real-cluster.js';

const clusters: Cluster[] = [];
afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.close();
});

const LINES = 'application/x-ndjson';
const objects = CLUSTER.items as readonly object[];
const lines = (list: readonly object[]) => list.map(object => JSON.stringify(object)).join('\n');

async function serve(options: ClusterOptions = {}) {
  const cluster = await createCluster({ clock: 'virtual', nodes: 2, ...options });
  clusters.push(cluster);
  await cluster.settled();
  const { url } = await cluster.listen();
  const bring = async (body: string, type = LINES, headers = {}) => {
    const answer = await fetch(`${url}/_kubette/v1/import`, {
      method: 'POST',
      headers: { 'content-type': type, ...headers },
      body,
    });
    return { code: answer.status, body: JSON.parse(await answer.text()) };
  };
  return { cluster, bring };
}

const uidsIn = ({ registry }: Cluster) =>
  registry
    .all(pods)
    .filter(({ namespace }) => namespace !== 'own')
    .map(({ name, uid }) => `${name} ${uid}`);

describe('a running cluster takes in the objects of another', () => {
  it('at one stroke: its controllers make and clear away nothing', async () => {
    const { cluster, bring } = await serve();
    const began = cluster.revision;
    const { code, body } = await bring(lines(objects));
    expect(code).toBe(200);
    expect(body.taken).toMatchObject({ Node: 3, DaemonSet: 1 });
    const uids = uidsIn(cluster);
    await cluster.advance('1h');
    const gone = (await cluster.registry.log.backend.read(began, 100_000)).filter(
      ({ type, resource }) =>
        type === 'DELETED' && ['pods', 'replicasets.apps', 'controllerrevisions.apps'].includes(resource),
    );
    expect(gone).toEqual([]);
    expect(uidsIn(cluster).filter(uid => uids.includes(uid))).toEqual(uids);
    expect(uids.length).toBeGreaterThanOrEqual(PODS.length);
    // Nodes that were there before are nodes of the same cluster now: they get their daemon pods.
    const daemons = cluster.registry
      .all(pods)
      .filter(({ object }) => object.metadata.ownerReferences?.[0]?.uid === DAEMON_UID);
    expect(daemons.map(({ object }) => object.spec.nodeName)).toEqual(expect.arrayContaining(['node-1', 'node-2']));
    const hashes = new Set(daemons.map(({ object }) => object.metadata.labels?.['controller-revision-hash']));
    const known = cluster.registry
      .all(controllerRevisions)
      .map(({ object }) => object.metadata.labels?.['controller-revision-hash']);
    expect([...hashes].every(hash => known.includes(hash))).toBe(true);
  });

  it('tells what stayed out by its place in what was sent, as YAML too; what is there already stays as it is', async () => {
    const { cluster, bring } = await serve();
    const first = await bring(toYaml(CLUSTER), 'application/yaml');
    expect(first.code).toBe(200);
    const secret = objects.findIndex(object => (object as { kind: string }).kind === 'Secret');
    expect(first.body.left).toContainEqual(expect.objectContaining({ index: secret, kind: 'Secret' }));
    await cluster.settled();
    const { revision } = cluster;
    const second = await bring(lines(objects));
    expect(second.body.taken).toEqual({});
    expect(second.body.left.map(({ why }: { why: string }) => why)).toContain('there is one of its name');
    expect(cluster.revision).toBe(revision);
  });

  it('refuses what it cannot read, and takes in nothing of it', async () => {
    const { cluster, bring } = await serve();
    const { revision } = cluster;
    expect(await bring(`${lines(objects)}\n{`)).toMatchObject({
      code: 400,
      body: { kind: 'Status', message: expect.stringContaining(`object ${objects.length + 1} cannot be read as JSON`) },
    });
    expect((await bring('[]')).body.message).toBe('line 1 must be an object');
    expect((await bring('a: [', 'application/yaml')).code).toBe(400);
    expect((await bring('\n\n')).body).toEqual({ taken: {}, left: [], changed: [] });
    expect(cluster.revision).toBe(revision);
  });

  it('is, with RBAC, for who may go by its path', async () => {
    const { bring } = await serve({ authorization: 'RBAC' });
    expect((await bring('', LINES, { 'impersonate-user': 'eve' })).code).toBe(403);
  });
});
