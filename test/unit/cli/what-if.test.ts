import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { changesOfWords, readChanges } from '../../../src/cli/changes.js';
import { importObjects } from '../../../src/cli/import.js';
import { printWhatIf, type WhatIfOptions } from '../../../src/cli/what-if.js';
import { type Cluster, createCluster } from '../../../src/index.js';
import { fromYaml, toYaml } from '../../../src/registry/yaml.js';
import { nodes } from '../../../src/resources/index.js';
import { CLUSTER } from '../cluster/real-cluster.js';

const daemonSet = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'main', image }] } },
  },
});

describe('changes', () => {
  it('are read from manifests and lists of changes, in their order', () => {
    const text = `
${toYaml(daemonSet('a:2'))}---
{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}]}
---
- taint: {node: n1, taints: ["a=b:NoExecute"]}
- label: {kind: Node, name: n1, labels: {disk: ssd, old: null, number: 1}}
---
changes:
- annotate: {kind: Node, name: n1, annotations: [{key: a, value: b}]}
---
cordon: {node: n1}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: d}}
`;
    const [applied, ...others] = readChanges(text);
    const { manifests, force } = applied!.apply as { manifests: string; force: boolean };
    expect(force).toBe(true);
    expect(manifests.split('\n---\n').map(manifest => JSON.parse(manifest).metadata.name)).toEqual(['agent', 'c']);
    expect(others).toEqual([
      { taint: { node: 'n1', taints: ['a=b:NoExecute'] } },
      {
        label: {
          kind: 'Node',
          name: 'n1',
          labels: [
            { key: 'disk', value: 'ssd' },
            { key: 'old', value: null },
            { key: 'number', value: '1' },
          ],
        },
      },
      { annotate: { kind: 'Node', name: 'n1', annotations: [{ key: 'a', value: 'b' }] } },
      { cordon: { node: 'n1' } },
      {
        apply: {
          manifests: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'd' } }),
          force: true,
        },
      },
    ]);
    for (const wrong of ['{a: {}, b: {}}', '- taint', '- 1', 'kind: Pod'])
      expect(() => readChanges(wrong), wrong).toThrow('is neither a manifest nor a change');
    expect(() => readChanges('{')).toThrow('error parsing manifests');
  });

  it('are read from words', () => {
    expect(
      changesOfWords({
        label: ['n1=a/b=c', 'n1=old-'],
        taint: ['n1=gpu=yes:NoExecute', 'n1=gpu-', 'n1=x:NoSchedule'],
        cordon: ['n1'],
        drain: ['m'],
        removeNode: ['o', 'p'],
      }),
    ).toEqual([
      { label: { kind: 'Node', name: 'n1', labels: [{ key: 'a/b', value: 'c' }], overwrite: true } },
      { label: { kind: 'Node', name: 'n1', labels: [{ key: 'old', value: null }], overwrite: true } },
      { taint: { node: 'n1', taints: ['gpu=yes:NoExecute'], overwrite: true } },
      { untaint: { node: 'n1', taints: ['gpu'] } },
      { taint: { node: 'n1', taints: ['x:NoSchedule'], overwrite: true } },
      { cordon: { node: 'n1' } },
      { drain: { node: 'm', force: true, deleteEmptyDirData: true } },
      { removeNodes: { names: ['o', 'p'] } },
    ]);
    expect(() => changesOfWords({ taint: ['n1'] })).toThrow('NODE=key=value:Effect');
    expect(() => changesOfWords({ label: ['n1=a'] })).toThrow('NODE=key=value');
  });
});

describe('kubette whatif', () => {
  let cluster: Cluster;
  let printed = '';
  beforeEach(async () => {
    printed = '';
    vi.spyOn(process.stdout, 'write').mockImplementation(text => {
      printed += String(text);
      return true;
    });
    cluster = await createCluster({ clock: 'virtual', nodes: 3 });
    await cluster.apply(daemonSet('a:1'));
    await cluster.comeToRest();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await cluster.close();
  });

  /** What is printed, and the exit code. */
  async function run(options: Partial<WhatIfOptions>): Promise<[string, number]> {
    printed = '';
    const server = options.data === undefined ? { server: (await cluster.listen()).url } : {};
    const code = await printWhatIf({ port: 1, output: 'table', limit: '1h', ...server, ...options });
    return [printed, code];
  }
  function file(text: string): string {
    const path = join(mkdtempSync(join(tmpdir(), 'kubette-what-if-')), 'changes.yaml');
    writeFileSync(path, text);
    return path;
  }

  it('prints a table that a person can read', async () => {
    const { revision } = cluster;
    const [text, code] = await run({
      filename: [file(`${toYaml(daemonSet('a:2'))}---\n- addNodes: {like: node-1}\n`)],
      taint: ['node-2=gpu=yes:NoExecute'],
    });
    const lines = text.split('\n').map(line => line.replace(/ {2,}/g, ' | '));
    expect(lines.slice(0, 3)).toEqual([
      'daemonset.apps/agent configured',
      'node/node-4 created',
      'node/node-2 tainted',
    ]);
    expect(text).toMatch(/\nAfter .*s all is done\.\n/);
    expect(lines).toContain('DAEMONSET | WANTED | PRESENT | READY | UP-TO-DATE | MISSING | EXTRA');
    expect(lines).toContain('default/agent | 3 | 3 | 3 | 3 | 0 | 0');
    expect(lines.find(line => line.startsWith('node-2 |'))).toMatch(
      /^node-2 \| default\/agent \| WENT \| PRESENT \| NOT_WANTED \| no pod is wanted: .*gpu=yes:NoExecute/,
    );
    expect(lines.filter(line => line.includes('| REPLACED |'))).toHaveLength(2);
    expect(lines.filter(line => line.startsWith('node-4 | default/agent | CAME | <none> | PRESENT'))).toHaveLength(1);
    expect(text).toContain('Steps on the way');
    expect(text).toMatch(/1 +0s +/);
    expect([code, cluster.revision]).toEqual([0, revision]);
  });

  it('tells pods that move or wait, and worlds that come to no end', async () => {
    const labels = { app: 'web' };
    await cluster.apply({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas: 6,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'm', image: 'w' }] } },
      },
    });
    await cluster.comeToRest();
    const large = daemonSet('a:2');
    Object.assign(large.spec.template.spec.containers[0]!, { resources: { requests: { cpu: '900' } } });
    const [text] = await run({
      filename: [file(toYaml({ ...large, spec: { ...large.spec, minReadySeconds: 30 } }))],
      drain: ['node-1'],
      limit: '5s',
    });
    expect(text).toContain('Other pods');
    expect(text).toContain('default/Deployment/web');
    expect(text).toContain('Pods that would wait for a node');
    const [cut] = await run({
      filename: [file(toYaml({ ...daemonSet('a:2'), spec: { ...daemonSet('a:2').spec, minReadySeconds: 30 } }))],
      limit: '5s',
    });
    expect(cut).toMatch(/After 5s it is not at its end; still going on: .*agent/);
  });

  it('answers in JSON and YAML, and with an exit code if that is asked for', async () => {
    const [json, one] = await run({ removeNode: ['node-3'], output: 'json', exitCode: true });
    expect(JSON.parse(json).placements.nodes).toMatchObject([{ difference: 'WENT', node: 'node-3', after: null }]);
    const [text, none] = await run({ cordon: ['node-3'], output: 'yaml', exitCode: true });
    expect(fromYaml(text).value).toMatchObject({ placements: { totalCount: 0 }, rest: { atRest: true } });
    expect([one, none]).toEqual([1, 0]);
    expect((await run({ cordon: ['node-3'] }))[0]).toContain('Nothing would be different.');
  });

  it('begins at an earlier moment', async () => {
    const at = String(cluster.revision);
    await cluster.registry.delete(nodes, '', 'node-3');
    await cluster.comeToRest();
    expect((await run({ removeNode: ['node-3'], at }))[0]).toContain('node-3');
  });

  it('tells what is refused, and why', async () => {
    await expect(run({})).rejects.toThrow('tell what would change');
    await expect(run({ cordon: ['node-1', 'none'] })).rejects.toThrow(
      'change 2 of 2 (cordon) is refused: nodes "none" not found',
    );
    await expect(run({ filename: [file('- {fly: {to: moon}}')] })).rejects.toThrow('"fly"');
    await expect(run({ cordon: ['node-1'], data: '/none/such.db' })).rejects.toThrow('there is no file');
  });

  it('asks of a file, which stays as it is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubette-what-if-'));
    const data = join(folder, 'copy.db');
    writeFileSync(join(folder, 'cluster.yaml'), toYaml(CLUSTER));
    await importObjects([join(folder, 'cluster.yaml')], { data });
    const before = readFileSync(data);
    const name = CLUSTER.items.find(item => item.kind === 'Node')!.metadata.name;
    const [text] = await run({ removeNode: [name], data });
    expect(text).toContain(`node/${name} deleted`);
    expect(text).toMatch(new RegExp(`${name} .*WENT`));
    expect(readFileSync(data).equals(before)).toBe(true);
    // Nobody else may have it open.
    const other = await createCluster({ data });
    await expect(run({ removeNode: [name], data })).rejects.toThrow(/another server|locked|in use/i);
    await other.close();
  });
});

describe('a cluster that is read only', () => {
  it('stands still, tells what it is asked, and lets its forks live', async () => {
    const data = join(mkdtempSync(join(tmpdir(), 'kubette-read-only-')), 'c.db');
    await expect(createCluster({ data, readOnly: true })).rejects.toThrow('holds no cluster');
    const first = await createCluster({ data, nodes: 2, clock: 'virtual' });
    await first.apply(daemonSet('a:1'));
    const { revision } = first;
    await first.close(); // before the controllers were done
    const cluster = await createCluster({ data, readOnly: true, clock: 'virtual' });
    await cluster.settled();
    expect(cluster.revision).toBeGreaterThanOrEqual(revision);
    const stood = cluster.revision;
    await expect(cluster.apply(daemonSet('a:2'))).rejects.toThrow(/read only/);
    const fork = await cluster.fork();
    await fork.comeToRest();
    expect(fork.explain('agent', 'node-1').actual).toBe('PRESENT');
    await fork.close();
    expect(cluster.revision).toBe(stood);
    await cluster.close();
  });
});
