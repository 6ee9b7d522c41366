/** Names with a meaning that several rooms know of. What only one room knows of stands there. */

/** Keys of the taints that the control plane sets or puts up with by itself. */
export const TAINTS = {
  notReady: 'node.kubernetes.io/not-ready',
  unreachable: 'node.kubernetes.io/unreachable',
  unschedulable: 'node.kubernetes.io/unschedulable',
  memoryPressure: 'node.kubernetes.io/memory-pressure',
  diskPressure: 'node.kubernetes.io/disk-pressure',
  pidPressure: 'node.kubernetes.io/pid-pressure',
  networkUnavailable: 'node.kubernetes.io/network-unavailable',
  outOfService: 'node.kubernetes.io/out-of-service',
} as const;

/** The label that tells a node's zone. */
export const HOSTNAME_LABEL = 'kubernetes.io/hostname';
export const ZONE_LABEL = 'topology.kubernetes.io/zone';

/** The label by which an EndpointSlice names its Service. */
export const SERVICE_OF_SLICE = 'kubernetes.io/service-name';

/** Finalizers by which the garbage collector takes part in a deletion. */
export const ORPHAN_FINALIZER = 'orphan';
export const FOREGROUND_FINALIZER = 'foregroundDeletion';
/** While a namespace has this in `spec.finalizers`, its deletion waits for its content to go. */
export const NAMESPACE_FINALIZER = 'kubernetes';

/** While a CustomResourceDefinition has this, its deletion waits for the objects of its kind to go. */
export const CUSTOM_RESOURCE_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

/** While objects of these resources have them, their deletion waits until they are used no more. */
export const PROTECTION_FINALIZERS = {
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
  persistentvolumes: 'kubernetes.io/pv-protection',
  'volumeattributesclasses.storage.k8s.io': 'kubernetes.io/vac-protection',
} as const;

/** Where the Leases of nodes are. */
export const LEASE_NAMESPACE = 'kube-node-lease';

/** The scheduler of pods that ask for none. */
export const DEFAULT_SCHEDULER = 'default-scheduler';

/** Values of the priority classes that are there from the start; critical to the system is what reaches the lower one. */
export const SYSTEM_PRIORITIES = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
} as const;

/** Annotations that say what a pod uses, in `metrics.k8s.io`; on a node, what each of its pods uses. */
export const USAGE_ANNOTATIONS = { cpu: 'kubette.dev/cpu-usage', memory: 'kubette.dev/memory-usage' } as const;
