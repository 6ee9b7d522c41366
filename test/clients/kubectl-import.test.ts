import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { Client } from './kubectl.js';

const KINDS = 'nodes,namespaces,ds,deploy,rs,sts,controllerrevisions,pods,pc,sc,pv,pvc,svc,pdb,sa,secrets,cm';

const workload = (kind: string, more: object) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: kind.toLowerCase(), namespace: 'default' },
  spec: {
    selector: { matchLabels: { of: kind } },
    template: {
      metadata: { labels: { of: kind } },
      spec: { containers: [{ name: 'main', image: 'main:1', resources: { requests: { cpu: '100m' } } }] },
    },
    ...more,
  },
});

/** What kubectl prints of a cluster makes another. */
describe('kubectl 1.35 brings a cluster to another', { timeout: 120_000 }, () => {
  const clusters: Cluster[] = [];
  const serve = async (options: Parameters<typeof createCluster>[0]) => {
    const cluster = await createCluster(options);
    clusters.push(cluster);
    await cluster.settled();
    return { cluster, kubectl: new Client('kubectl', (await cluster.listen()).url) };
  };
  const placements = (kubectl: Client) =>
    kubectl.ok(
      'get pods -A -o jsonpath={range.items[*]}{.metadata.uid}{"\\t"}{.metadata.name}{"\\t"}{.spec.nodeName}{"\\t"}{.status.phase}{"\\t"}{.status.podIP}{"\\n"}{end}',
    );

  let source: { cluster: Cluster; kubectl: Client };
  beforeAll(async () => {
    source = await serve({ nodes: 4 });
    await source.cluster.apply([
      workload('DaemonSet', {}),
      workload('Deployment', { replicas: 3 }),
      workload('StatefulSet', { replicas: 2, serviceName: 'x' }),
    ]);
    await source.cluster.settled();
    await source.kubectl.ok('set image ds/daemonset main=main:2');
    await source.kubectl.ok('rollout status ds/daemonset --timeout=60s');
    await source.kubectl.ok('taint node node-1 dedicated=gpu:NoSchedule');
    await source.cluster.settled();
  });
  afterAll(() => Promise.all(clusters.map(cluster => cluster.close())));

  it.each(['yaml', 'json'])(
    'the same pods on the same nodes, revisions and rollouts as they were: -o %s',
    async format => {
      const { kubectl } = source;
      const target = await serve({ import: await kubectl.ok(`get ${KINDS} -A -o ${format}`) });
      const before = await placements(kubectl);
      expect(before.trim().split('\n')).toHaveLength(4 + 3 + 2);
      expect(await placements(target.kubectl)).toBe(before);
      for (const query of [
        'get controllerrevisions,rs -A -o name',
        'rollout history ds/daemonset',
        'get ds,deploy,sts -A --no-headers -o custom-columns=A:.metadata.uid,B:.metadata.generation,C:.status',
        'get nodes -o custom-columns=A:.metadata.name,B:.spec.taints,C:.status.addresses',
      ])
        expect(await target.kubectl.ok(query)).toBe(await kubectl.ok(query));
      await target.kubectl.ok('rollout undo ds/daemonset');
      expect(await target.kubectl.ok('rollout status ds/daemonset --timeout=60s')).toContain('successfully rolled out');
    },
  );
});
