/**
 * A small cluster as a provider runs it, in the shape in which `kubectl get -o yaml` prints it: a DaemonSet of an older release in its
 * second revision, a Deployment, nodes and pods in trouble, a vendor's fields and kinds, a Secret.
 */
const managedFields = [{ manager: 'kubelet', operation: 'Update', apiVersion: 'v1', time: '2026-03-01T10:00:00Z' }];
const uid = (n: number) => `7d0c2e1a-0000-4000-8000-${String(n).padStart(12, '0')}`;
const created = { creationTimestamp: '2026-03-01T10:00:00Z', resourceVersion: '184467', managedFields };

export const DAEMON_UID = uid(100);

function node(n: number, ready: 'True' | 'False' | 'Unknown', reason: string, message: string) {
  const name = `ip-10-0-${n}-17.eu-central-1.compute.internal`;
  const condition = { lastHeartbeatTime: '2026-03-02T09:00:00Z', lastTransitionTime: '2026-03-01T10:00:30Z' };
  const unreachable = ['NoSchedule', 'NoExecute'].map(effect => ({ effect, key: 'node.kubernetes.io/not-ready' }));
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      ...created,
      name,
      uid: uid(n),
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
      labels: {
        'eks.amazonaws.com/nodegroup': 'general',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/zone': `eu-central-1${'abc'[n % 3]}`,
      },
    },
    spec: { providerID: `aws:///eu-central-1a/i-0${n}`, ...(ready === 'True' ? {} : { taints: unreachable }) },
    status: {
      addresses: [
        { address: `10.0.${n}.17`, type: 'InternalIP' },
        { address: name, type: 'Hostname' },
      ],
      allocatable: { cpu: '3920m', 'ephemeral-storage': '95551679124', memory: '15076868Ki', pods: '58' },
      capacity: { cpu: '4', 'ephemeral-storage': '104779756Ki', memory: '16093700Ki', pods: '58' },
      conditions: [{ ...condition, type: 'Ready', status: ready, reason, message }],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      images: [{ names: ['registry.example/agent:2'], sizeBytes: 4_000_000 }],
      nodeInfo: { kubeletVersion: 'v1.33.5-eks-1', osImage: 'Amazon Linux 2023', operatingSystem: 'linux' },
    },
  };
}

const NO_NETWORK =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';

export const NODES = [
  node(1, 'True', 'KubeletReady', 'kubelet is posting ready status'),
  node(2, 'True', 'KubeletReady', 'kubelet is posting ready status'),
  node(3, 'False', 'KubeletNotReady', NO_NETWORK),
];

/** One that is not heard of any more. */
export const SILENT = node(4, 'Unknown', 'NodeStatusUnknown', 'Kubelet stopped posting node status.');

const container = (image: string) => ({
  image,
  imagePullPolicy: 'IfNotPresent',
  name: 'agent',
  resources: { requests: { cpu: '100m' } },
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
});
const podSpec = (image: string) => ({
  containers: [container(image)],
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  securityContext: {},
  terminationGracePeriodSeconds: 30,
});
const template = (image: string) => ({
  metadata: { creationTimestamp: null, labels: { app: 'agent' } },
  spec: { ...podSpec(image), tolerations: [{ operator: 'Exists' }] },
});
const owner = (kind: string, name: string, id: string) => ({
  apiVersion: 'apps/v1',
  blockOwnerDeletion: true,
  controller: true,
  kind,
  name,
  uid: id,
});

export const DAEMON_SET = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: {
    ...created,
    annotations: { 'deprecated.daemonset.template.generation': '2' },
    generation: 2,
    name: 'agent',
    namespace: 'monitoring',
    uid: DAEMON_UID,
  },
  spec: {
    revisionHistoryLimit: 10,
    selector: { matchLabels: { app: 'agent' } },
    template: template('agent:2'),
    updateStrategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 }, type: 'RollingUpdate' },
  },
  status: {
    currentNumberScheduled: 3,
    desiredNumberScheduled: 3,
    numberAvailable: 2,
    numberMisscheduled: 0,
    numberReady: 2,
    numberUnavailable: 1,
    observedGeneration: 2,
    updatedNumberScheduled: 3,
  },
};

const revision = (n: number, hash: string) => ({
  apiVersion: 'apps/v1',
  kind: 'ControllerRevision',
  metadata: {
    ...created,
    labels: { app: 'agent', 'controller-revision-hash': hash },
    name: `agent-${hash}`,
    namespace: 'monitoring',
    ownerReferences: [owner('DaemonSet', 'agent', DAEMON_UID)],
    uid: uid(110 + n),
  },
  data: { spec: { template: { $patch: 'replace', ...template(`agent:${n}`) } } },
  revision: n,
});

interface PodShape {
  readonly name: string;
  readonly n: number;
  readonly node: { readonly metadata: { readonly name: string } };
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly owner: object;
  readonly waiting?: string;
}

function pod({ name, n, node: { metadata }, image, labels, owner: of, waiting }: PodShape) {
  const ready = waiting ? 'False' : 'True';
  const startedAt = '2026-03-01T10:01:00Z';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...created,
      generateName: `${name}-`,
      labels,
      name: `${name}-${n}`,
      namespace: 'monitoring',
      ownerReferences: [of],
      uid: uid(200 + n),
    },
    spec: {
      ...podSpec(image),
      enableServiceLinks: true,
      nodeName: metadata.name,
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
      serviceAccount: 'default',
      serviceAccountName: 'default',
      tolerations: [{ operator: 'Exists' }],
    },
    status: {
      conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(
        type => ({
          lastProbeTime: null,
          lastTransitionTime: startedAt,
          status: type.endsWith('Ready') ? ready : 'True',
          type,
        }),
      ),
      containerStatuses: [
        {
          containerID: `containerd://${n}`,
          image: `docker.io/library/${image}`,
          imageID: `docker.io/library/${image.split(':')[0]}@sha256:${'0'.repeat(64)}`,
          lastState: {},
          name: 'agent',
          ready: !waiting,
          restartCount: waiting ? 12 : 0,
          started: !waiting,
          state: waiting ? { waiting: { reason: waiting, message: 'back-off 5m0s' } } : { running: { startedAt } },
        },
      ],
      hostIP: '10.0.1.17',
      phase: 'Running',
      podIP: `10.0.9.${n}`,
      podIPs: [{ ip: `10.0.9.${n}` }],
      qosClass: 'Burstable',
      startTime: '2026-03-01T10:00:30Z',
    },
  };
}

const daemonPods = NODES.map((on, i) =>
  pod({
    name: 'agent',
    n: i + 1,
    node: on,
    image: 'agent:2',
    labels: { app: 'agent', 'controller-revision-hash': '7c5d8f', 'pod-template-generation': '2' },
    owner: owner('DaemonSet', 'agent', DAEMON_UID),
    ...(i === 1 ? { waiting: 'CrashLoopBackOff' } : {}),
  }),
);

const WEB = { app: 'web', 'pod-template-hash': '6b7f8d9c54' };
const webTemplate = (labels: object) => ({ metadata: { creationTimestamp: null, labels }, spec: podSpec('web:1') });
const workload = { namespace: 'monitoring', ...created, generation: 1 };
const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { ...workload, annotations: { 'deployment.kubernetes.io/revision': '1' }, name: 'web', uid: uid(300) },
  spec: {
    progressDeadlineSeconds: 600,
    replicas: 2,
    revisionHistoryLimit: 10,
    selector: { matchLabels: { app: 'web' } },
    strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' }, type: 'RollingUpdate' },
    template: webTemplate({ app: 'web' }),
  },
  status: { availableReplicas: 2, observedGeneration: 1, readyReplicas: 2, replicas: 2, updatedReplicas: 2 },
};
export const REPLICA_SET = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    ...workload,
    annotations: {
      'deployment.kubernetes.io/desired-replicas': '2',
      'deployment.kubernetes.io/max-replicas': '3',
      'deployment.kubernetes.io/revision': '1',
    },
    labels: WEB,
    name: 'web-6b7f8d9c54',
    ownerReferences: [owner('Deployment', 'web', uid(300))],
    uid: uid(301),
  },
  spec: { replicas: 2, selector: { matchLabels: WEB }, template: webTemplate(WEB) },
  status: { availableReplicas: 2, fullyLabeledReplicas: 2, observedGeneration: 1, readyReplicas: 2, replicas: 2 },
};
const webPods = [4, 5].map(n =>
  pod({
    name: 'web-6b7f8d9c54',
    n,
    node: NODES[n - 4]!,
    image: 'web:1',
    labels: WEB,
    owner: owner('ReplicaSet', 'web-6b7f8d9c54', uid(301)),
  }),
);

export const PODS = [...daemonPods, ...webPods];

/** What stays out, or comes in changed. */
export const STRANGERS = [
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...created, name: 'key', namespace: 'monitoring', uid: uid(400) },
    data: { key: 'c2VjcmV0' },
  },
  {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodePool',
    metadata: { ...created, name: 'general', uid: uid(401) },
    spec: {},
  },
  pod({
    name: 'lost',
    n: 7,
    node: { metadata: { name: 'gone' } },
    image: 'web:1',
    labels: {},
    owner: owner('Job', 'x', uid(402)),
  }),
  pod({ name: 'backup', n: 8, node: NODES[0]!, image: 'web:1', labels: {}, owner: owner('Job', 'backup', uid(403)) }),
];

/** All of it, as one list. */
export const CLUSTER = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    ...NODES,
    DAEMON_SET,
    revision(1, '5b6c7d'),
    revision(2, '7c5d8f'),
    ...PODS,
    DEPLOYMENT,
    REPLICA_SET,
    ...STRANGERS,
  ],
};
