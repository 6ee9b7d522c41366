import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { count, EVERYBODY, wanted } from '../support/daemon-placements.js';
import { Client } from './kubectl.js';

const FOLDER = fileURLToPath(new URL('../../examples/daemons/', import.meta.url));

/** The daemons that people run, brought by kubectl. Each test goes on where the one before ended. */
describe('kubectl 1.35 and real manifests', { timeout: 180_000 }, () => {
  let cluster: Cluster;
  let kubectl: Client;
  beforeAll(async () => {
    cluster = await createCluster({ nodes: 0 });
    kubectl = new Client('kubectl', (await cluster.listen()).url);
  });
  afterAll(() => cluster.close());

  /** Those that cannot be complete: a pod of theirs waits for what its node does not have. */
  const waiting = [...EVERYBODY]
    .filter(([, cells]) => wanted(cells) > count(cells, '●', '○'))
    .map(([daemonSet]) => daemonSet);
  const rolloutStatus = (daemonSet: string, timeout: string) => {
    const [namespace, name] = daemonSet.split('/');
    return kubectl.run(['-n', namespace!, 'rollout', 'status', `ds/${name}`, `--timeout=${timeout}`]);
  };

  it('VAL-04: apply --validate=strict takes all of them, without a warning', async () => {
    for (const path of [`${FOLDER}nodes.yaml`, FOLDER]) {
      const { code, stdout, stderr } = await kubectl.run(['apply', '--validate=strict', '-f', path]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toBe('');
    }
    const names = await kubectl.ok(
      'get ds -A -o jsonpath={range.items[*]}{.metadata.namespace}/{.metadata.name}{"\\n"}{end}',
    );
    expect(names.trim().split('\n').sort()).toEqual([...EVERYBODY.keys()].sort());
  });

  it('T13: what was applied is what is there, and nothing is rolled out by applying it again', async () => {
    expect(await kubectl.run(['diff', '-f', `${FOLDER}gpu.yaml`])).toMatchObject({ code: 0, stdout: '' });
    await kubectl.ok(['apply', '--validate=strict', '--server-side', '--force-conflicts', '-f', FOLDER]);
    const generations = await kubectl.ok('get ds -A -o jsonpath={.items[*].metadata.generation}');
    expect(new Set(generations.split(' '))).toEqual(new Set(['1']));
  });

  it('TAB-01, TAB-02: get counts as the table does', async () => {
    await cluster.settled();
    const out = await kubectl.ok('get ds -A --no-headers');
    const counted = out
      .trim()
      .split('\n')
      .map(line => {
        const [namespace, name, desired, current, ready] = line.split(/ +/);
        return [`${namespace}/${name}`, Number(desired), Number(current), Number(ready)];
      });
    expect(counted.sort()).toEqual(
      [...EVERYBODY].map(([key, cells]) => [key, wanted(cells), wanted(cells), count(cells, '●')]).sort(),
    );
  });

  it('RBK-04: rollout status waits for w4, and comes to its end when that is well again', async () => {
    expect(await rolloutStatus('kube-system/kube-proxy', '1s')).toMatchObject({
      code: 1,
      stdout: 'Waiting for daemon set "kube-proxy" rollout to finish: 17 of 18 updated pods are available...\n',
    });
    await kubectl.ok('annotate node w4 kubette.dev/behavior-');
    for (const daemonSet of EVERYBODY.keys()) {
      if (waiting.includes(daemonSet) || daemonSet === 'ceph-csi/csi-cephfsplugin') continue;
      const { code, stdout, stderr } = await rolloutStatus(daemonSet, '60s');
      expect({ code, stderr }, daemonSet).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain(`daemon set "${daemonSet.split('/')[1]}" successfully rolled out`);
    }
    expect(await rolloutStatus('ceph-csi/csi-cephfsplugin', '1s')).toMatchObject({
      code: 1,
      stderr: 'error: rollout status is only available for RollingUpdate strategy type\n',
    });
  });

  it('T05: those whose pods wait are never complete, and the pods say why', async () => {
    expect(waiting).toEqual(['logging/logstash', 'monitoring/node-exporter', 'ml/gpu-burn-in', 'ml/node-exporter']);
    for (const daemonSet of waiting) expect((await rolloutStatus(daemonSet, '1s')).code).toBe(1);
    const said = await kubectl.ok([
      ...['get', 'pods', '-A', '--field-selector', 'status.phase=Pending', '-o'],
      'jsonpath={range .items[*]}{.metadata.namespace} {.status.conditions[?(@.type=="PodScheduled")].message}{"\\n"}{end}',
    ]);
    const reasons = said
      .trim()
      .split('\n')
      .map(line => line.replace(/ 0\/20 nodes are available: 1 (.*?), 19 .*$/, ' $1'));
    expect(reasons.sort()).toEqual([
      'logging Insufficient cpu',
      'ml Insufficient nvidia.com/gpu',
      "ml node(s) didn't have free ports for the requested pod ports",
      "ml node(s) didn't have free ports for the requested pod ports",
      'monitoring Too many pods',
    ]);
  });

  it('VAL-04: a slip in one of them is told by its path', async () => {
    const slip = JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'slip' },
      spec: {
        selector: { matchLabels: { app: 'slip' } },
        updateStrategy: { rollingUpdate: { maxUnavailible: 1 } },
        template: {
          metadata: { labels: { app: 'slip' } },
          spec: { tolerations: [{ operater: 'Exists' }], containers: [{ name: 'main', image: 'main:1' }] },
        },
      },
    });
    const { code, stderr } = await kubectl.run(['apply', '--validate=strict', '-f', '-'], { input: slip });
    expect(code).toBe(1);
    expect(stderr).toContain('unknown field "spec.template.spec.tolerations[0].operater"');
    expect(stderr).toContain('unknown field "spec.updateStrategy.rollingUpdate.maxUnavailible"');
  });
});
