import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { importObjects } from '../../../src/cli/import.js';
import { createCluster } from '../../../src/index.js';
import { toYaml } from '../../../src/registry/yaml.js';
import { nodes, pods } from '../../../src/resources/index.js';
import { CLUSTER, DAEMON_SET, NODES, PODS, STRANGERS } from '../cluster/real-cluster.js';

let printed = '';
let folder = '';
let data = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubette-import-'));
  data = join(folder, 'copy.db');
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Writes a file into the folder. Answers its path. */
function file(name: string, content: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

describe('kubette import', () => {
  it('makes a data file that a cluster goes on from, and pods stay', async () => {
    await importObjects([file('cluster.yaml', toYaml(CLUSTER))], { data });
    expect(readdirSync(folder).sort()).toEqual(['cluster.yaml', 'copy.db']);
    const cluster = await createCluster({ data });
    await cluster.settled();
    const names = cluster.registry.all(pods).map(({ name, uid }) => `${name} ${uid}`);
    await cluster.close();
    expect(names).toEqual([...PODS, STRANGERS[3]!].map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort());
  });

  it('reads files of several documents, JSON, and folders with folders in them, and says what came of which file', async () => {
    const documents = `---\n${toYaml(NODES[0])}---\n${toYaml(NODES[1])}`;
    file('all/nodes.yml', documents);
    file('all/more/pods.json', JSON.stringify({ apiVersion: 'v1', kind: 'PodList', items: PODS.slice(0, 3) }));
    file('all/README.md', 'kind: none of it');
    const set = file('ds.json', JSON.stringify(DAEMON_SET));
    await importObjects([join(folder, 'all'), set], { data });
    expect(printed).toContain('Imported: 2 Pod, 2 Node, 1 DaemonSet\n');
    expect(printed).toContain(
      `  Pod monitoring/agent-3 (${join(folder, 'all/more/pods.json')}): its node does not come in\n`,
    );
  });

  it('tells once of many objects what is the same', async () => {
    const secrets = Array.from({ length: 5 }, (_, i) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: `s${i}`, namespace: 'a' },
      data: { token: 'c2VjcmV0' },
    }));
    const path = file('secrets.json', JSON.stringify({ kind: 'List', items: [NODES[0], ...secrets] }));
    await importObjects([path], { data });
    expect(printed).toContain(
      `  Secret a/s0 (${path}), a/s1 (${path}), a/s2 (${path}) and 2 more: secrets stay where they are\n`,
    );
    const cluster = await createCluster({ data });
    expect(cluster.registry.all(nodes)).toHaveLength(1);
    await cluster.close();
  });

  it('a file that cannot be read is named, and nothing is left behind', async () => {
    const path = file('bad.yaml', 'a: [1');
    await expect(importObjects([path], { data })).rejects.toThrow(`${path}: `);
    await expect(importObjects([join(folder, 'none.yaml')], { data })).rejects.toThrow('none.yaml');
    expect(existsSync(data)).toBe(false);
  });

  it('adds to a file that is there already; with that a cluster cannot begin', async () => {
    await importObjects([file('nodes.json', JSON.stringify({ kind: 'List', items: NODES }))], { data });
    printed = '';
    const rest = file('rest.json', JSON.stringify({ kind: 'List', items: [NODES[0], DAEMON_SET, ...PODS] }));
    await importObjects([rest], { data });
    expect(printed).toContain(`  Node ${NODES[0]!.metadata.name} (${rest}): there is one of its name\n`);
    expect(readdirSync(folder).sort()).toEqual(['copy.db', 'copy.db-lock', 'nodes.json', 'rest.json']);
    await expect(createCluster({ data, import: NODES })).rejects.toThrow('holds a cluster already');
    const cluster = await createCluster({ data });
    await expect(importObjects([rest], { data })).rejects.toThrow('in use by another');
    const uids = cluster.registry.all(pods).map(({ uid }) => uid);
    const owners = cluster.registry.all(pods).map(({ object }) => object.metadata.ownerReferences?.[0]?.uid);
    await cluster.close();
    expect(uids.sort()).toEqual(PODS.map(({ metadata }) => metadata.uid).sort());
    expect(owners).toContain(DAEMON_SET.metadata.uid);
  });
});
