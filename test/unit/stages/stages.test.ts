import { afterEach, describe, expect, it } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster, resources } from '../../../src/index.js';

const { events, nodes, pods } = resources;
const clusters: Cluster[] = [];
afterEach(async () => {
  await Promise.all(clusters.splice(0).map(cluster => cluster.close()));
});

async function create(options: ClusterOptions = {}): Promise<Cluster> {
  const cluster = await createCluster({ clock: 'virtual', nodes: 2, ...options });
  clusters.push(cluster);
  await cluster.settled();
  return cluster;
}

const pod = (name: string, more: object = {}, annotations: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, annotations },
  spec: { containers: [{ name: 'main', image: 'app:1' }], ...more },
});

/** Pods run once they have been seen; a slow one takes its time. */
const RUN = `
apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: { name: run }
spec:
  resourceRef: { apiGroup: v1, kind: Pod }
  selector:
    matchExpressions:
      - { key: .metadata.deletionTimestamp, operator: DoesNotExist }
      - { key: .status.podIP, operator: DoesNotExist }
  delay:
    durationMilliseconds: 0
    durationFrom: { expressionFrom: '.metadata.annotations["slow"]' }
  next:
    statusTemplate: |
      {{ $now := Now }}
      phase: Running
      startTime: {{ $now | Quote }}
      podIP: {{ PodIPWith .spec.nodeName false .metadata.uid .metadata.name .metadata.namespace | Quote }}
      hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
      conditions:
      {{ range $type := list "Initialized" "Ready" "ContainersReady" }}
      - { type: {{ $type }}, status: "True", lastTransitionTime: {{ $now | Quote }} }
      {{ end }}
      containerStatuses:
      {{ range .spec.containers }}
      - name: {{ .name | Quote }}
        image: {{ .image | Quote }}
        ready: true
        restartCount: 0
        state: { running: { startedAt: {{ $now | Quote }} } }
      {{ end }}
`;
const END = `
apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: { name: end }
spec:
  resourceRef: { kind: Pod }
  selector:
    matchExpressions:
      - { key: .metadata.deletionTimestamp, operator: Exists }
  next: { delete: true, finalizers: { empty: true } }
`;

const podOf = ({ registry }: Cluster, name: string) => registry.get(pods, 'default', name)?.object;
const phases = ({ registry }: Cluster) =>
  Object.fromEntries(registry.all(pods, 'default').map(({ name, object }) => [name, object.status.phase]));

describe('pods with stages', () => {
  it('live by them, and by nothing else, until the last of them goes', async () => {
    const cluster = await create();
    await cluster.apply(pod('before'));
    await cluster.settled();
    const started = podOf(cluster, 'before');
    await cluster.apply(RUN);
    await cluster.apply([pod('quick'), pod('slow', {}, { slow: '30s' })]);
    await cluster.settled();
    expect(phases(cluster)).toEqual({ before: 'Running', quick: 'Running', slow: 'Pending' });
    expect(podOf(cluster, 'before')).toEqual(started);
    const { status, spec } = podOf(cluster, 'quick')!;
    expect(status.podIP).toMatch(/^10\./);
    expect(status.hostIP).toBe(cluster.registry.get(nodes, '', spec.nodeName!)!.object.status.addresses![0]!.address);
    await cluster.advance('29s');
    expect(podOf(cluster, 'slow')!.status.phase).toBe('Pending');
    await cluster.advance('1s');
    expect(podOf(cluster, 'slow')!.status.phase).toBe('Running');

    // Nobody removes what was deleted, but for another stage.
    await cluster.registry.delete(pods, 'default', 'quick');
    await cluster.advance('5m');
    expect(podOf(cluster, 'quick')!.metadata.deletionTimestamp).toBeDefined();
    await cluster.apply(END);
    await cluster.settled();
    expect(podOf(cluster, 'quick')).toBeUndefined();

    await cluster.registry.delete(resources.stages, '', 'run');
    await cluster.apply(pod('later'));
    await cluster.settled();
    expect(podOf(cluster, 'later')!.status.phase).toBe('Pending');
    await cluster.registry.delete(resources.stages, '', 'end');
    await cluster.settled();
    expect(podOf(cluster, 'later')!.status.phase).toBe('Running');
    await cluster.registry.delete(pods, 'default', 'before');
    await cluster.settled();
    expect(phases(cluster)).toEqual({ later: 'Running', slow: 'Running' });
  });
});
