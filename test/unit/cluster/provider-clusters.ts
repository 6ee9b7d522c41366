/**
 * Two more clusters in the shape in which their API servers list them: one of kind, with static pods, a StatefulSet in its second revision
 * and storage of the local provisioner; one of GKE, with a vendor's kinds and their objects, a disk and Jobs.
 */
type Thing = { readonly apiVersion: string; readonly kind: string; readonly metadata: Record<string, unknown> };

const AT = '2026-03-01T10:00:00Z';
let last = 0;
const uid = () => `3f1b9c52-0000-4000-8000-${String(++last).padStart(12, '0')}`;
const meta = (name: string, more: object = {}) => ({
  name,
  uid: uid(),
  creationTimestamp: AT,
  resourceVersion: '4711',
  managedFields: [{ manager: 'kube-controller-manager', operation: 'Update', apiVersion: 'v1', time: AT }],
  ...more,
});
const ownedBy = ({ apiVersion, kind, metadata }: Thing) => [
  { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true },
];
const container = (image: string) => ({
  name: 'main',
  image,
  resources: {},
  imagePullPolicy: 'IfNotPresent',
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
});
const podSpec = (image: string, more: object = {}) => ({
  containers: [container(image)],
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  securityContext: {},
  terminationGracePeriodSeconds: 30,
  ...more,
});
const ready = (status: 'True' | 'False', reason?: string) =>
  ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(type => ({
    type,
    status: type === 'Initialized' || type === 'PodScheduled' ? 'True' : status,
    lastTransitionTime: AT,
    ...(reason ? { reason } : {}),
  }));

function node(name: string, labels: object, more: object = {}): Thing {
  const size = { cpu: '8', memory: '16Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: meta(name, { labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...labels } }),
    spec: more,
    status: {
      capacity: size,
      allocatable: size,
      addresses: [{ type: 'InternalIP', address: '172.18.0.2' }],
      conditions: [
        { type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: AT, lastTransitionTime: AT },
      ],
    },
  } as Thing;
}

function pod(
  name: string,
  namespace: string,
  nodeName: string,
  image: string,
  more: { metadata?: object; spec?: object; done?: boolean },
): Thing {
  const state = more.done
    ? { terminated: { exitCode: 0, reason: 'Completed', startedAt: AT, finishedAt: AT, containerID: 'containerd://1' } }
    : { running: { startedAt: AT } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta(name, { namespace, ...more.metadata }),
    spec: { ...podSpec(image), nodeName, ...more.spec },
    status: {
      phase: more.done ? 'Succeeded' : 'Running',
      podIP: '10.244.0.5',
      podIPs: [{ ip: '10.244.0.5' }],
      hostIP: '172.18.0.2',
      qosClass: 'BestEffort',
      startTime: AT,
      conditions: more.done ? ready('False', 'PodCompleted') : ready('True'),
      containerStatuses: [
        {
          name: 'main',
          image: `docker.io/library/${image}`,
          imageID: 'sha256:1',
          ready: !more.done,
          started: !more.done,
          restartCount: 0,
          state,
          lastState: {},
        },
      ],
    },
  } as Thing;
}

/** A claim and the volume that it has. */
function storage(claim: string, driver: object, storageClassName: string): Thing[] {
  const capacity = { storage: '1Gi' };
  const pvc = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: meta(claim, {
      namespace: 'db',
      finalizers: ['kubernetes.io/pvc-protection'],
      annotations: { 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' },
    }),
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: capacity },
      storageClassName,
      volumeMode: 'Filesystem',
      volumeName: `pvc-of-${claim}`,
    },
    status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity },
  };
  const claimRef = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    namespace: 'db',
    name: claim,
    uid: pvc.metadata.uid,
  };
  const pv = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: meta(`pvc-of-${claim}`, { finalizers: ['kubernetes.io/pv-protection'] }),
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity,
      claimRef,
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName,
      volumeMode: 'Filesystem',
      ...driver,
    },
    status: { phase: 'Bound' },
  };
  return [pvc, pv] as Thing[];
}

function storageClass(name: string, provisioner: string): Thing {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: meta(name),
    provisioner,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  } as Thing;
}

function kind(): Thing[] {
  const plane = node(
    'kind-control-plane',
    { 'node-role.kubernetes.io/control-plane': '' },
    {
      taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
    },
  );
  const statics = ['etcd', 'kube-apiserver'].map(name =>
    pod(`${name}-kind-control-plane`, 'kube-system', 'kind-control-plane', `${name}:3`, {
      metadata: {
        annotations: {
          'kubernetes.io/config.mirror': 'a1',
          'kubernetes.io/config.source': 'file',
          'kubernetes.io/config.hash': 'a1',
        },
        ownerReferences: [
          { apiVersion: 'v1', kind: 'Node', name: 'kind-control-plane', uid: plane.metadata.uid, controller: true },
        ],
      },
      spec: { hostNetwork: true, tolerations: [{ effect: 'NoExecute', operator: 'Exists' }] },
    }),
  );
  const spec = (image: string) => ({
    metadata: { labels: { app: 'db' } },
    spec: podSpec(image, { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] }),
  });
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, volumeMode: 'Filesystem' },
    status: { phase: 'Pending' },
  };
  const set = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: meta('db', { namespace: 'db', generation: 2 }),
    spec: {
      replicas: 2,
      serviceName: 'db',
      podManagementPolicy: 'OrderedReady',
      revisionHistoryLimit: 10,
      selector: { matchLabels: { app: 'db' } },
      template: { metadata: { labels: { app: 'db' } }, spec: podSpec('postgres:18') },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      volumeClaimTemplates: [claim],
    },
    status: {
      observedGeneration: 2,
      replicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      currentReplicas: 1,
      updatedReplicas: 1,
      currentRevision: 'db-aaa',
      updateRevision: 'db-bbb',
      collisionCount: 0,
    },
  } as Thing;
  const revisions = (['aaa', 'bbb'] as const).map((hash, i) => ({
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: meta(`db-${hash}`, {
      namespace: 'db',
      labels: { app: 'db', 'controller.kubernetes.io/hash': hash },
      ownerReferences: ownedBy(set),
    }),
    data: {
      spec: {
        template: { $patch: 'replace', metadata: { labels: { app: 'db' } }, spec: podSpec(`postgres:${17 + i}`) },
      },
    },
    revision: i + 1,
  })) as unknown as Thing[];
  const members = [0, 1].map(i =>
    pod(`db-${i}`, 'db', 'kind-worker', `postgres:${17 + i}`, {
      metadata: {
        generateName: 'db-',
        labels: {
          app: 'db',
          'apps.kubernetes.io/pod-index': String(i),
          'controller-revision-hash': `db-${['aaa', 'bbb'][i]}`,
          'statefulset.kubernetes.io/pod-name': `db-${i}`,
        },
        ownerReferences: ownedBy(set),
      },
      spec: {
        ...spec(`postgres:${17 + i}`).spec,
        hostname: `db-${i}`,
        subdomain: 'db',
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: `data-db-${i}` } }],
      },
    }),
  );
  const local = { hostPath: { path: '/var/local-path-provisioner/x', type: 'DirectoryOrCreate' } };
  return [
    plane,
    node('kind-worker', {}),
    ...statics,
    storageClass('standard', 'rancher.io/local-path'),
    set,
    ...revisions,
    ...members,
    ...[0, 1].flatMap(i => storage(`data-db-${i}`, local, 'standard')),
  ];
}

/** Pods and selector of a Job carry its uid. */
const JOB_UID = uid();

function gke(): Thing[] {
  const pool = (name: string) =>
    node(
      name,
      { 'cloud.google.com/gke-nodepool': 'default-pool', 'topology.kubernetes.io/zone': 'europe-west1-b' },
      { providerID: `gce://p/europe-west1-b/${name}` },
    );
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: meta('migrate', { namespace: 'db', generation: 1, uid: JOB_UID }),
    spec: {
      backoffLimit: 6,
      completions: 1,
      parallelism: 1,
      completionMode: 'NonIndexed',
      manualSelector: false,
      podReplacementPolicy: 'TerminatingOrFailed',
      suspend: false,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': JOB_UID } },
      template: {
        metadata: {
          labels: {
            'batch.kubernetes.io/controller-uid': JOB_UID,
            'batch.kubernetes.io/job-name': 'migrate',
            'controller-uid': JOB_UID,
            'job-name': 'migrate',
          },
        },
        spec: podSpec('migrate:1', { restartPolicy: 'Never' }),
      },
    },
    status: {
      startTime: AT,
      completionTime: AT,
      succeeded: 1,
      ready: 0,
      terminating: 0,
      uncountedTerminatedPods: {},
      conditions: ['SuccessCriteriaMet', 'Complete'].map(type => ({
        type,
        status: 'True',
        reason: 'CompletionsReached',
        message: 'Reached expected number of succeeded pods',
        lastProbeTime: AT,
        lastTransitionTime: AT,
      })),
    },
  } as Thing;
  const done = pod('migrate-x2v8q', 'db', 'gke-1', 'migrate:1', {
    done: true,
    metadata: {
      generateName: 'migrate-',
      labels: {
        'batch.kubernetes.io/controller-uid': JOB_UID,
        'batch.kubernetes.io/job-name': 'migrate',
        'controller-uid': JOB_UID,
        'job-name': 'migrate',
      },
      ownerReferences: ownedBy(job),
    },
    spec: { restartPolicy: 'Never' },
  });
  const cron = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: meta('report', { namespace: 'db', generation: 1 }),
    spec: {
      schedule: '0 4 * * *',
      suspend: true,
      concurrencyPolicy: 'Allow',
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        metadata: {},
        spec: { template: { metadata: {}, spec: podSpec('report:1', { restartPolicy: 'OnFailure' }) } },
      },
    },
    status: {},
  };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: meta('managedcertificates.networking.gke.io', {
      annotations: { 'components.gke.io/component-name': 'managed-certs' },
    }),
    spec: {
      group: 'networking.gke.io',
      scope: 'Namespaced',
      conversion: { strategy: 'None' },
      names: {
        kind: 'ManagedCertificate',
        listKind: 'ManagedCertificateList',
        plural: 'managedcertificates',
        singular: 'managedcertificate',
        shortNames: ['mcrt'],
      },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: { type: 'object', properties: { domains: { type: 'array', items: { type: 'string' } } } },
                status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
              },
            },
          },
        },
      ],
    },
    status: {
      acceptedNames: { kind: 'ManagedCertificate', plural: 'managedcertificates' },
      storedVersions: ['v1'],
      conditions: ['NamesAccepted', 'Established'].map(type => ({
        type,
        status: 'True',
        reason: 'x',
        message: '',
        lastTransitionTime: AT,
      })),
    },
  };
  const certificate = {
    apiVersion: 'networking.gke.io/v1',
    kind: 'ManagedCertificate',
    metadata: meta('shop', { namespace: 'db', generation: 3 }),
    spec: { domains: ['shop.example'] },
    status: { certificateStatus: 'Active' },
  };
  const set = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: meta('nvidia-gpu-device-plugin', { namespace: 'kube-system', generation: 1 }),
    spec: {
      revisionHistoryLimit: 10,
      selector: { matchLabels: { app: 'gpu' } },
      template: {
        metadata: { labels: { app: 'gpu' } },
        spec: podSpec('gpu:1', { nodeSelector: { 'cloud.google.com/gke-accelerator': 'nvidia-l4' } }),
      },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    },
    status: {
      currentNumberScheduled: 0,
      desiredNumberScheduled: 0,
      numberMisscheduled: 0,
      numberReady: 0,
      observedGeneration: 1,
    },
  };
  const disk = {
    csi: { driver: 'pd.csi.storage.gke.io', fsType: 'ext4', volumeHandle: 'projects/p/zones/europe-west1-b/disks/d' },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: ['europe-west1-b'] }] },
        ],
      },
    },
  };
  return [
    pool('gke-1'),
    pool('gke-2'),
    job,
    done,
    cron,
    definition,
    certificate,
    set,
    storageClass('standard-rwo', 'pd.csi.storage.gke.io'),
    ...storage('disk', disk, 'standard-rwo'),
  ] as Thing[];
}

export const PROVIDERS: readonly (readonly [string, readonly Thing[]])[] = [
  ['kind', kind()],
  ['GKE', gke()],
];
