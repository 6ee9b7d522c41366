// The textbook log collector, as it stands in examples/.
import { readFileSync } from 'node:fs';
import { type Cluster, createCluster, resources } from 'kubette';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const { daemonSets, nodes, pods } = resources;
const read = (name: string) => readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8');

let cluster: Cluster;
afterEach(() => cluster.close());

const podOn = (node: string) =>
  cluster.registry.all(pods, 'kube-system').find(pod => pod.object.spec.nodeName === node)?.object;
const nodesWithPods = () =>
  cluster.registry
    .all(pods, 'kube-system')
    .map(pod => pod.object.spec.nodeName)
    .sort();

describe('the textbook fluentd manifest', () => {
  beforeEach(async () => {
    cluster = await createCluster({ clock: 'virtual' });
    await cluster.apply(read('fluentd-elasticsearch.yaml'));
    await cluster.settled();
  });

  it('MAN-01, NODE-04: runs on the workers, and not under a taint that it knows by its old name alone', () => {
    expect(nodesWithPods()).toEqual(['worker-1', 'worker-2', 'worker-3']);
    expect(cluster.explain('fluentd-elasticsearch', 'control-plane', 'kube-system').reason).toContain(
      'node-role.kubernetes.io/control-plane',
    );
  });

  it('DEF-01, DEF-02, DEF-04: is filled in with what it leaves out', () => {
    const { metadata, spec } = cluster.registry.get(daemonSets, 'kube-system', 'fluentd-elasticsearch')!.object;
    expect(metadata).toMatchObject({
      generation: 1,
      labels: { 'k8s-app': 'fluentd-logging' },
      annotations: { 'deprecated.daemonset.template.generation': '1' },
    });
    expect(spec).toMatchObject({
      revisionHistoryLimit: 10,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      template: {
        spec: {
          restartPolicy: 'Always',
          dnsPolicy: 'ClusterFirst',
          schedulerName: 'default-scheduler',
          terminationGracePeriodSeconds: 30,
          containers: [{ imagePullPolicy: 'IfNotPresent', terminationMessagePolicy: 'File' }],
        },
      },
    });
  });

  it('POD-02, POD-05, POD-06: what its pods ask for is there, with its own toleration in front', () => {
    const { spec } = podOn('worker-1')!;
    expect(spec.containers[0]).toMatchObject({
      image: 'quay.io/fluentd_elasticsearch/fluentd:v2.5.2',
      resources: { limits: { memory: '200Mi' }, requests: { cpu: '100m', memory: '200Mi' } },
    });
    expect(spec.tolerations![0]).toEqual({ key: 'node-role.kubernetes.io/master', effect: 'NoSchedule' });
    expect(spec.tolerations).toHaveLength(7);
    const required = spec.affinity!.nodeAffinity!.requiredDuringSchedulingIgnoredDuringExecution!;
    expect(required.nodeSelectorTerms).toEqual([
      { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['worker-1'] }] },
    ]);
  });

  it('T13: the same with every default written out is the same template: no new revision, no restart', async () => {
    const before = cluster.registry.all(pods, 'kube-system').map(pod => pod.uid);
    const { spec } = cluster.registry.get(daemonSets, 'kube-system', 'fluentd-elasticsearch')!.object;
    await cluster.apply({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'fluentd-elasticsearch', namespace: 'kube-system' },
      spec,
    });
    await cluster.advance('5m');
    expect(cluster.registry.all(pods, 'kube-system').map(pod => pod.uid)).toEqual(before);
    expect(cluster.registry.get(daemonSets, 'kube-system', 'fluentd-elasticsearch')!.object.metadata.generation).toBe(
      1,
    );
  });

  it('NODE-06, UPD-07: as it is written today it comes to the control plane too', async () => {
    await cluster.apply(read('fluentd-elasticsearch-today.yaml'));
    await cluster.advance('5m');
    expect(nodesWithPods()).toEqual(['control-plane', 'worker-1', 'worker-2', 'worker-3']);
    expect(podOn('worker-1')!.spec.tolerations).toHaveLength(8);
  });

  it('NODE-04, CTL-05: a control plane that is no longer tainted gets its pod', async () => {
    await cluster.registry.patch(nodes, '', 'control-plane', { type: 'merge', body: { spec: { taints: null } } });
    await cluster.settled();
    expect(nodesWithPods()).toEqual(['control-plane', 'worker-1', 'worker-2', 'worker-3']);
  });
});

describe('the same in its own time, before 1.12', () => {
  it('HIS-01, HIS-02: it runs on the master as well, whose taint it knows', async () => {
    cluster = await createCluster({ clock: 'virtual', era: '1.11' });
    await cluster.apply(read('fluentd-elasticsearch.yaml'));
    await cluster.settled();
    expect(nodesWithPods()).toEqual(['master', 'worker-1', 'worker-2', 'worker-3']);
    expect(podOn('master')!.spec.affinity).toBeUndefined();
  });
});
