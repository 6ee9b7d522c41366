import { onTestFinished } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster, resources } from '../../../src/index.js';

const { events, pods } = resources;

/** A cluster on a clock that stands still, settled. */
export async function create(options: ClusterOptions = {}): Promise<Cluster> {
  const cluster = await createCluster({ clock: 'virtual', nodes: 2, ...options });
  onTestFinished(() => cluster.close());
  await cluster.settled();
  return cluster;
}

/** A template, less what all of its lines are indented by. */
export const yaml = ([text]: TemplateStringsArray): string => {
  const indent = Math.min(
    ...text!
      .split('\n')
      .slice(1)
      .map(line => line.search(/\S|$/)),
  );
  return text!.replaceAll(`\n${' '.repeat(indent)}`, '\n');
};

/** A stage, in JSON. */
export const stage = (name: string, spec: object) => ({
  apiVersion: 'kwok.x-k8s.io/v1alpha1',
  kind: 'Stage',
  metadata: { name },
  spec: { resourceRef: { apiGroup: 'v1', kind: 'Pod' }, selector: {}, ...spec },
});

export const exists = (key: string) => ({ key, operator: 'Exists' });
export const lacks = (key: string) => ({ key, operator: 'DoesNotExist' });
export const isIn = (key: string, ...values: string[]) => ({ key, operator: 'In', values });
export const when = (...matchExpressions: object[]) => ({ selector: { matchExpressions } });

/** Pods run once they are seen, or after as long as they say. */
export const RUN = stage('run', {
  ...when(lacks('.metadata.deletionTimestamp'), lacks('.status.podIP')),
  delay: { durationMilliseconds: 0, durationFrom: { expressionFrom: '.metadata.annotations["slow"]' } },
  next: {
    statusTemplate: yaml`
      {{ $now := Now }}
      phase: Running
      startTime: {{ $now | Quote }}
      podIP: {{ PodIPWith .spec.nodeName (or .spec.hostNetwork false) .metadata.uid .metadata.name .metadata.namespace | Quote }}
      hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
      conditions:
      {{ range $type := list "Initialized" "Ready" "ContainersReady" }}
      - { type: {{ $type }}, status: "True", lastTransitionTime: {{ $now | Quote }} }
      {{ end }}
      containerStatuses:
      {{ range .spec.containers }}
      - name: {{ .name | Quote }}
        image: {{ .image | Quote }}
        imageID: ""
        ready: true
        restartCount: 0
        state: { running: { startedAt: {{ $now | Quote }} } }
      {{ end }}`,
  },
});

/** Pods that were deleted go. */
export const END = stage('end', { ...when(exists('.metadata.deletionTimestamp')), next: { delete: true } });

export const pod = (name: string, metadata: object = {}, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec: { containers: [{ name: 'main', image: 'app:1' }], ...spec },
});

export const podOf = ({ registry }: Cluster, name: string) => registry.get(pods, 'default', name)?.object;

/** The phase of each pod, by name. */
export const phases = ({ registry }: Cluster) =>
  Object.fromEntries(registry.all(pods, 'default').map(({ name, object }) => [name, object.status.phase]));

/** What stages told. */
export const toldOf = ({ registry }: Cluster) =>
  registry
    .all(events)
    .map(({ object }) => object)
    .filter(({ source }) => source?.component === 'kwok_controller')
    .map(({ involvedObject, type, reason, message }) => `${involvedObject.name} ${type} ${reason} ${message}`);
