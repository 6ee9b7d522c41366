import { type ResourceDefinition, storeKey } from '../../resources/definition.js';
import { eventsV1 } from '../../resources/event-v1.js';
import type { JsonObject } from '../../resources/json.js';
import { conditionOf } from '../../resources/state.js';
import type { Event, KubeObject, Node, Pod, PodStatus } from '../../resources/types.js';
import { isFilledIn } from '../admission/default-toleration-seconds.js';

/** One of the cluster's own components, by the name under which it owns fields. */
export type Component = 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kubelet';

/** A write by a component of which there is no record, as the object itself tells of it. */
export interface NaturalWrite {
  readonly component: Component;
  readonly subresource?: 'status';
  /** What it found; absent: nothing. */
  readonly before?: object;
  /** What it left, less what nobody owns. */
  readonly after: object;
  /** It may have come at any time, which the object notes then; otherwise it came when the object was made. */
  readonly isLate?: true;
  /** A value in the keys of its fields that hardly another object has: an address. */
  readonly own?: string | undefined;
  /** The version that it was made in, where it is not the one that is stored. */
  readonly kind?: ResourceDefinition;
}

/**
 * How objects of a kind come to be that nobody but components wrote to: thousands of them, so that the owners of their fields
 * are not recorded but told from what they look like.
 */
interface Nature {
  /** The writes that made the object what it is, which is shown without its identity. */
  writes(object: KubeObject): readonly NaturalWrite[];
  /** Whether a new object tells all that was sent of it, after admission; absent: it always does. */
  readonly tells?: (object: KubeObject, sent: KubeObject) => boolean;
  /** Whether that still holds after an update by a component; if not, owners are recorded from then on. */
  readonly admits?: (component: Component, subresource: string | undefined) => boolean;
}

const CONTROLLERS = 'kube-controller-manager';

function madeBy(
  component: Component | ((object: KubeObject) => Component),
  sent = (object: KubeObject): object => object,
): Nature {
  return {
    writes: object => [
      { component: typeof component === 'string' ? component : component(object), after: sent(object) },
    ],
  };
}

/** By resource. Objects of other kinds are few: their owners are always recorded. */
const NATURES: Readonly<Record<string, Nature>> = {
  pods: {
    writes: object => podWrites(object as Pod),
    tells: (pod, sent) => tellsWhatWasSent(pod as Pod, sent as Pod),
    admits: (component, subresource) => component === 'kubelet' && subresource === 'status',
  },
  nodes: {
    writes: object => nodeWrites(object as Node),
    admits: (component, subresource) => component === CONTROLLERS && !subresource,
  },
  events: {
    writes: object => [eventWrite(object as Event)],
    admits: () => true,
  },
  'leases.coordination.k8s.io': {
    writes: after => [{ component: 'kubelet', after, isLate: true, own: after.metadata.ownerReferences?.[0]?.uid }],
    admits: component => component === 'kubelet',
  },
  // The registry adds the finalizer.
  namespaces: madeBy('kube-apiserver', object => ({ metadata: object.metadata })),
  services: madeBy('kube-apiserver', serviceAsSent),
  endpoints: madeBy(ofApiServer),
  'endpointslices.discovery.k8s.io': madeBy(ofApiServer),
  serviceaccounts: madeBy(CONTROLLERS),
  configmaps: madeBy(CONTROLLERS),
  'replicasets.apps': madeBy(CONTROLLERS),
  'controllerrevisions.apps': madeBy(CONTROLLERS),
  'priorityclasses.scheduling.k8s.io': madeBy('kube-apiserver'),
  'clusterroles.rbac.authorization.k8s.io': madeBy('kube-apiserver'),
  'clusterrolebindings.rbac.authorization.k8s.io': madeBy('kube-apiserver'),
  'apiservices.apiregistration.k8s.io': madeBy('kube-apiserver'),
};

/** How objects of a kind come to be by themselves; `undefined` if owners are recorded from the first write on. */
export function natureOf(kind: ResourceDefinition): Nature | undefined {
  return NATURES[storeKey(kind)];
}

/** An API server announces itself. */
function ofApiServer({ metadata }: KubeObject): Component {
  return metadata.labels?.['endpointslice.kubernetes.io/skip-mirror'] ||
    metadata.labels?.['kubernetes.io/service-name'] === 'kubernetes'
    ? 'kube-apiserver'
    : CONTROLLERS;
}

/** The registry gives it addresses of the families that there are. */
function serviceAsSent(object: KubeObject): object {
  const { clusterIPs: _, ipFamilies: __, ...spec } = (object as KubeObject & { spec: Record<string, unknown> }).spec;
  return { ...object, spec };
}

/** Whoever reported it; the scheduler does so by the newer API. */
function eventWrite(event: Event): NaturalWrite {
  if (event.eventTime)
    return { component: 'kube-scheduler', after: eventsV1.stored!.fromStored(event), isLate: true, kind: eventsV1 };
  const { source } = event;
  return { component: source?.component === 'kubelet' ? 'kubelet' : CONTROLLERS, after: event, isLate: true };
}

// ---- pods ----

function podWrites(pod: Pod): NaturalWrite[] {
  const isPlaced = isPlacedByController(pod);
  return [
    { component: CONTROLLERS, after: podAsSent(pod, isPlaced) },
    {
      component: 'kubelet',
      subresource: 'status',
      before: { ...pod, status: statusBefore(pod, isPlaced) },
      after: pod,
      isLate: true,
      own: pod.status.podIP,
    },
  ];
}

/** In the age before the scheduler did it, DaemonSets chose nodes; since then their pods ask for one by affinity. */
const isPlacedByController = ({ metadata, spec }: Pod): boolean =>
  spec.affinity?.nodeAffinity === undefined && metadata.ownerReferences?.[0]?.kind === 'DaemonSet';

/** A binding has no owner, nor has what admission adds to every pod. */
function podAsSent({ metadata, spec }: Pod, isPlaced: boolean) {
  const { nodeName, priority: _, preemptionPolicy: __, tolerations, ...rest } = spec;
  const sent = {
    ...rest,
    ...(isPlaced && nodeName ? { nodeName } : {}),
    ...(tolerations && !tolerations.every(isFilledIn) ? { tolerations } : {}),
  };
  return { metadata, spec: sent };
}

/** Admission may change more of a pod than it always does. */
function tellsWhatWasSent(pod: Pod, sent: Pod): boolean {
  const spec = pod.spec as unknown as JsonObject;
  const before = sent.spec as unknown as JsonObject;
  for (const field of ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const)
    if (pod.metadata[field] !== sent.metadata[field]) return false;
  for (const key in spec) {
    if (key === 'priority' || key === 'preemptionPolicy') {
      if (before[key] !== undefined) return false;
    } else if (key === 'tolerations') {
      if ((before[key] !== undefined) === pod.spec.tolerations!.every(isFilledIn)) return false;
    } else if (spec[key] !== before[key]) return false;
  }
  return !spec.nodeName || isPlacedByController(pod);
}

/** The status that the kubelet finds: as the registry makes it, and as the binding leaves it. */
function statusBefore({ status }: Pod, isPlaced: boolean): PodStatus {
  const { observedGeneration: _, ...scheduled } = conditionOf({ status }, 'PodScheduled') ?? {};
  return {
    phase: 'Pending',
    ...(status.qosClass ? { qosClass: status.qosClass } : {}),
    ...('type' in scheduled && !isPlaced ? { conditions: [scheduled] } : {}),
  };
}

// ---- nodes ----

const NODE_TTL = 'node.alpha.kubernetes.io/ttl';

/** Kubelets register their nodes; the controller manager gives them a network, the taints of its own, and a time to live. */
function nodeWrites(node: Node): NaturalWrite[] {
  const { metadata, spec = {} } = node;
  const { annotations = {}, ...identity } = metadata;
  const { [NODE_TTL]: _, ...own } = annotations;
  const { podCIDR: __, podCIDRs: ___, taints, ...rest } = spec;
  const isTainted = taints?.some(({ key }) => key.startsWith('node.kubernetes.io/'));
  const registered = {
    metadata: { ...identity, ...(Object.keys(own).length > 0 ? { annotations: own } : {}) },
    spec: { ...rest, ...(taints && !isTainted ? { taints } : {}) },
  };
  return [
    { component: 'kubelet', after: registered },
    { component: CONTROLLERS, before: registered, after: { metadata, spec }, isLate: true, own: spec.podCIDR },
    { component: 'kubelet', subresource: 'status', before: { ...node, status: {} }, after: node },
  ];
}
