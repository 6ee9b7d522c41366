import { createHash } from 'node:crypto';
import { formatTime } from '../clock/clock.js';
import { internalIP } from '../resources/state.js';
import type { Condition, NodeAddress, NodeSpec, NodeStatus, ResourceList } from '../resources/types.js';
import { isExtendedResource } from '../resources/validation/resources.js';
import type { NodeBehavior, ResolvedOptions } from './options.js';

/** What a kubelet says of one aspect of its node, and the reason of the Event that tells when it changes. */
interface Report {
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
  readonly event: string;
}

interface Aspect {
  readonly type: string;
  /** The behaviour that makes it bad. */
  readonly behavior: NodeBehavior;
  readonly good: Report;
  readonly bad: Report;
}

const report = (status: Report['status'], reason: string, message: string, event: string): Report => ({
  status,
  reason,
  message,
  event,
});

/** The conditions of a kubelet, in its order and words. */
const ASPECTS: readonly Aspect[] = [
  {
    type: 'MemoryPressure',
    behavior: 'memory-pressure',
    good: report(
      'False',
      'KubeletHasSufficientMemory',
      'kubelet has sufficient memory available',
      'NodeHasSufficientMemory',
    ),
    bad: report(
      'True',
      'KubeletHasInsufficientMemory',
      'kubelet has insufficient memory available',
      'NodeHasInsufficientMemory',
    ),
  },
  {
    type: 'DiskPressure',
    behavior: 'disk-pressure',
    good: report('False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure', 'NodeHasNoDiskPressure'),
    bad: report('True', 'KubeletHasDiskPressure', 'kubelet has disk pressure', 'NodeHasDiskPressure'),
  },
  {
    type: 'PIDPressure',
    behavior: 'pid-pressure',
    good: report('False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available', 'NodeHasSufficientPID'),
    bad: report(
      'True',
      'KubeletHasInsufficientPID',
      'kubelet has insufficient PID available',
      'NodeHasInsufficientPID',
    ),
  },
  {
    type: 'Ready',
    behavior: 'not-ready',
    good: report('True', 'KubeletReady', 'kubelet is posting ready status', 'NodeReady'),
    bad: report(
      'False',
      'KubeletNotReady',
      'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
      'NodeNotReady',
    ),
  },
];

/** Reasons by which the node lifecycle controller says that it has not heard of the kubelet. */
const SILENCE = ['NodeStatusUnknown', 'NodeStatusNeverUpdated'];

/**
 * Whether a kubelet may change the condition. What someone else put there in their own words stays, so that a test can
 * set a condition on a simulated node as it would on one without a kubelet.
 */
function isOwn(condition: Condition, { good, bad }: Aspect): boolean {
  if (SILENCE.includes(condition.reason ?? '')) return true;
  return [good, bad].some(
    ({ status, reason, message }) =>
      condition.status === status && condition.reason === reason && condition.message === message,
  );
}

/** As much of a node as its kubelet looks at: also one that is yet to be created. */
export interface NodeShape {
  readonly metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  readonly spec?: NodeSpec;
  readonly status?: NodeStatus;
}

export interface NodeStatusChange {
  /** The very status of the node when there is nothing to change. */
  readonly status: NodeStatus;
  /** Reasons of the Events that tell of it, in order: `Node <name> status is now: <reason>`. */
  readonly events: readonly string[];
}

/** The node's status as its kubelet would have it: what is absent filled in, its own conditions brought up to date. */
export function nodeStatus(
  node: NodeShape,
  behaviors: ReadonlySet<NodeBehavior>,
  options: ResolvedOptions,
  address: () => string | undefined,
  now: number,
): NodeStatusChange {
  const status = node.status ?? {};
  const { conditions, events } = conditionsOf(status.conditions ?? [], behaviors, now);
  const capacity = isEmpty(status.capacity) ? options.capacity : status.capacity;
  const next: NodeStatus = {
    ...status,
    capacity,
    allocatable: isEmpty(status.allocatable)
      ? { ...capacity, ...(isEmpty(status.capacity) ? options.allocatable : {}) }
      : withExtendedResources(status.allocatable, capacity),
    conditions,
    addresses: internalIP(node) ? status.addresses : addressesOf(node, address()),
    ...(status.daemonEndpoints?.kubeletEndpoint?.Port ? {} : { daemonEndpoints: { kubeletEndpoint: { Port: 10250 } } }),
    ...(status.nodeInfo?.kubeletVersion ? {} : { nodeInfo: { ...status.nodeInfo, ...nodeInfo(node, options) } }),
  };
  const changed = (Object.keys(next) as (keyof NodeStatus)[]).some(key => next[key] !== status[key]);
  return changed ? { status: next, events } : { status, events: [] };
}

/**
 * What there is to give away: of the resources of one's own, those of the capacity. Clients who advertise one put it there alone,
 * and take it away there. The very `allocatable` if it has them.
 */
function withExtendedResources(allocatable: ResourceList, capacity: ResourceList): ResourceList {
  const isGone = (name: string) => isExtendedResource(name) && !(name in capacity);
  const isNew = (name: string) => isExtendedResource(name) && !(name in allocatable);
  const added = Object.entries(capacity).filter(([name]) => isNew(name));
  const kept = Object.entries(allocatable).filter(([name]) => !isGone(name));
  if (added.length === 0 && kept.length === Object.keys(allocatable).length) return allocatable;
  return Object.fromEntries([...kept, ...added]);
}

function conditionsOf(former: Condition[], behaviors: ReadonlySet<NodeBehavior>, now: number) {
  const events: string[] = [];
  const time = formatTime(now);
  let conditions = former;
  for (const aspect of ASPECTS) {
    const old = former.find(c => c.type === aspect.type);
    if (old && !isOwn(old, aspect)) continue;
    const { status, reason, message, event } = behaviors.has(aspect.behavior) ? aspect.bad : aspect.good;
    if (old?.status === status && old.reason === reason && old.message === message) continue;
    const next: Condition = {
      type: aspect.type,
      status,
      lastHeartbeatTime: time,
      lastTransitionTime: old?.status === status ? (old.lastTransitionTime ?? time) : time,
      reason,
      message,
    };
    conditions = old ? conditions.map(c => (c === old ? next : c)) : [...conditions, next];
    // A new node has no need to tell that all is well with it, but for being ready.
    if (old ? old.status !== status : event === 'NodeReady' || status === aspect.bad.status) events.push(event);
  }
  return { conditions, events };
}

/** Whether the node has what its kubelet needs before it can take pods. */
export function isRegistered(node: NodeShape): boolean {
  return internalIP(node) !== undefined && !isEmpty(node.status?.allocatable) && node.spec?.podCIDR !== undefined;
}

const isEmpty = (value: object | undefined): value is undefined =>
  value === undefined || Object.keys(value).length === 0;

function addressesOf(node: NodeShape, address: string | undefined): NodeAddress[] {
  const others = node.status?.addresses ?? [];
  if (!address && others.some(a => a.type === 'Hostname')) return others;
  return [
    ...(address ? [{ type: 'InternalIP', address }] : []),
    ...(others.some(a => a.type === 'Hostname') ? [] : [{ type: 'Hostname', address: node.metadata.name }]),
    ...others,
  ];
}

/** What a machine is, as its labels have it: Linux on amd64 if they do not say. */
function platformOf({ metadata: { labels = {} } }: NodeShape): { readonly os: string; readonly arch: string } {
  return { os: labels['kubernetes.io/os'] ?? 'linux', arch: labels['kubernetes.io/arch'] ?? 'amd64' };
}

/** Ids follow from the node's name: the machine stays the same when its object is made anew. */
function nodeInfo(node: NodeShape, options: ResolvedOptions): Record<string, string> {
  const hash = createHash('sha256').update(node.metadata.name).digest('hex');
  const { os, arch } = platformOf(node);
  const windows = os === 'windows';
  const uuid = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  return {
    machineID: hash.slice(0, 32),
    systemUUID: uuid(hash.slice(16)),
    bootID: uuid(hash.slice(32)),
    kernelVersion: windows ? '10.0.20348.4294' : `6.12.0-${arch}`,
    osImage: windows ? 'Windows Server 2022 Datacenter' : 'Debian GNU/Linux 13 (trixie)',
    containerRuntimeVersion: 'containerd://2.2.0',
    kubeletVersion: options.version,
    kubeProxyVersion: '',
    operatingSystem: os,
    architecture: arch,
  };
}

/** Marks nodes whose volumes the attach/detach controller looks after, as every kubelet registers it. */
const ATTACH_DETACH = 'volumes.kubernetes.io/controller-managed-attach-detach';

/**
 * Labels, annotations and pod network that a kubelet registers its node with; what is there already is left as it is.
 * The very node if it lacks nothing.
 */
export function registered<N extends NodeShape>(node: N, podCIDR: () => string | undefined): N {
  const labels = node.metadata.labels ?? {};
  const { os, arch } = platformOf(node);
  const wanted: Record<string, string> = {
    'beta.kubernetes.io/arch': arch,
    'beta.kubernetes.io/os': os,
    'kubernetes.io/arch': arch,
    'kubernetes.io/hostname': node.metadata.name,
    'kubernetes.io/os': os,
  };
  const annotations = node.metadata.annotations ?? {};
  const labelled = Object.keys(wanted).every(key => key in labels) && ATTACH_DETACH in annotations;
  const cidr = node.spec?.podCIDR === undefined ? podCIDR() : undefined;
  if (labelled && cidr === undefined) return node;
  return {
    ...node,
    metadata: {
      ...node.metadata,
      labels: { ...wanted, ...labels },
      annotations: { [ATTACH_DETACH]: 'true', ...annotations },
    },
    ...(cidr === undefined ? {} : { spec: { ...node.spec, podCIDR: cidr, podCIDRs: [cidr] } }),
  };
}
