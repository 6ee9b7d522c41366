import { parseDuration } from '../clock/duration.js';
import { USUAL_RANGES } from '../resources/address-ranges.js';
import { parseQuantity } from '../resources/quantity.js';
import type { KubeObject, ResourceList } from '../resources/types.js';
import { USAGE_ANNOTATIONS } from '../resources/well-known.js';
import type { BehaviorRule } from './behavior-rules.js';
import { DEFAULT_PUSH, PUSH_SETTINGS, type PushTold } from './ports/push-settings.js';
import { annotationsByOption, badSettings, readSettings } from './ports/setting-table.js';
import { DEFAULT_PORT_SETTINGS, PORT_SETTINGS, type PortSettings, portSettings } from './ports/settings.js';

/**
 * What a simulated kubelet can be told, and where. A setting is looked for on the pod, then on its node, then in the
 * cluster's configuration ({@link KubeletOptions}); the nearest one counts.
 *
 * | annotation | on | value | meaning |
 * |---|---|---|---|
 * | `kubette.dev/behavior` | pod, node | words of {@link POD_BEHAVIORS}, comma-separated | what the pod does (on a node: what its pods do) |
 * | `kubette.dev/behavior` | node | words of {@link NODE_BEHAVIORS} | what the node does |
 * | `kubette.dev/containers` | pod, node | container names, comma-separated | which containers the behaviour strikes; all but init containers if absent |
 * | `kubette.dev/start-delay` | pod, node | duration (`500ms`, `1m30s`) | from the kubelet's first look until the pod's sandbox is up |
 * | `kubette.dev/init-delay` | pod, node | duration | how long each init container runs |
 * | `kubette.dev/ready-delay` | pod, node | duration | from a container's start until it is ready |
 * | `kubette.dev/stop-delay` | pod, node | duration | how long containers take to stop; after the grace period they are killed |
 * | `kubette.dev/exit-after` | pod, node | duration | how long a container runs before it exits (`exit`, `crash-loop`, `oom-kill`, `fail`, or a task) |
 * | `kubette.dev/exit-code` | pod, node | 0..255 | with what code; 0 for `exit`, 1 for `crash-loop` and `fail`, for a task what its command comes to |
 * | `kubette.dev/log` | pod, node | text | the lines that containers log in turn, over and over; lines are made up if absent |
 * | `kubette.dev/log-interval` | pod, node | duration | from one line of the log to the next; with 0 the given lines are logged once, at the start |
 *
 * What answers on a pod's ports, and what it pushes, is told in the same way ({@link PORT_SETTINGS}, {@link PUSH_SETTINGS}). What pods use
 * ({@link USAGE_ANNOTATIONS}) is read where it is shown; here it is only looked whether it makes sense.
 */
const ANNOTATIONS = {
  behavior: 'kubette.dev/behavior',
  containers: 'kubette.dev/containers',
  startDelay: 'kubette.dev/start-delay',
  initDelay: 'kubette.dev/init-delay',
  readyDelay: 'kubette.dev/ready-delay',
  stopDelay: 'kubette.dev/stop-delay',
  exitAfter: 'kubette.dev/exit-after',
  exitCode: 'kubette.dev/exit-code',
  log: 'kubette.dev/log',
  logInterval: 'kubette.dev/log-interval',
} as const;

/** What a pod can be told to do. `run` says that it does nothing out of the ordinary, whatever its node or the configuration say. */
const POD_BEHAVIORS = {
  run: 'starts, gets ready, runs until it is deleted, even if it has a task to do',
  exit: 'its containers exit; `restartPolicy` decides what comes of it',
  'crash-loop':
    'its containers exit with an error; restarted ones wait in CrashLoopBackOff, 10 s at first, 5 min at most',
  'oom-kill':
    'its containers are killed for want of memory: exit code 137, reason OOMKilled; restarted as after any crash',
  fail: 'it ends in phase Failed, whatever its `restartPolicy`',
  evict: 'it ends in phase Failed, reason Evicted, as under node pressure',
  'image-pull-error': 'its images cannot be pulled: ImagePullBackOff',
  'never-ready': 'it runs, and its containers do not get ready',
  'hang-pending': 'it stays in ContainerCreating',
  'hang-terminating': 'once deleted it never goes away',
} as const;

/** What a node can be told to do. */
const NODE_BEHAVIORS = {
  down: 'its kubelet stops: no heartbeats, no pod starts, none is finalised',
  'not-ready': 'its kubelet reports Ready=False',
  vanish: 'it is deleted, as when its machine is gone from the cloud; when that is over it registers again',
  'memory-pressure': 'its kubelet reports MemoryPressure and turns best-effort pods away',
  'disk-pressure': 'its kubelet reports DiskPressure and turns pods away',
  'pid-pressure': 'its kubelet reports PIDPressure and turns pods away',
} as const;

export type PodBehavior = keyof typeof POD_BEHAVIORS;
export type NodeBehavior = keyof typeof NODE_BEHAVIORS;

/** What pods do unless told otherwise, as a configuration has it. Times are milliseconds, or durations such as `1m30s`. */
export interface PodDefaults {
  /** What it does, comma-separated: `crash-loop`, `never-ready` …; see docs/guide.md. */
  behavior?: string;
  /** Container names, comma-separated. */
  containers?: string;
  startDelay?: number | string;
  initDelay?: number | string;
  readyDelay?: number | string;
  stopDelay?: number | string;
  exitAfter?: number | string;
  exitCode?: number;
  /** Lines, separated by line feeds. */
  log?: string;
  logInterval?: number | string;
  /** What answers on its ports: `http`, `echo`, `static`, `proxy`, `sink`, `nothing`; see docs/network.md. */
  serve?: string;
  serveBody?: string;
  serveType?: string;
  serveStatus?: number | string;
  /** Where `proxy` leads: `127.0.0.1:9100`. */
  serveProxy?: string;
  /** By the machine's time. */
  serveDelay?: number | string;
  /** A share: `10%`, or 0.1. */
  serveFailures?: number | string;
  /** Where to it pushes: `http://sink:8080/in`, `statsd://sink:8125`; `nothing` for nowhere. */
  pushTo?: string;
  pushEvery?: number | string;
  /** `json` or `prometheus`. */
  pushFormat?: string;
}

/** What one pod does, and how long things take. Times are milliseconds. */
export interface PodSettings {
  readonly behaviors: ReadonlySet<PodBehavior>;
  /** Names of the containers that the behaviours strike; undefined: all but init containers. */
  readonly containers: ReadonlySet<string> | undefined;
  readonly startDelay: number;
  readonly initDelay: number;
  readonly readyDelay: number;
  readonly stopDelay: number;
  /** Absent: at once, or where a container does a task, when that is done. */
  readonly exitAfter: number | undefined;
  readonly exitCode: number | undefined;
  /** What containers log, a line after the other; undefined: something made up. */
  readonly log: string | undefined;
  readonly logInterval: number;
}

export interface KubeletOptions {
  /** `off`: no simulated kubelets; nodes and pods get their status from clients. */
  mode?: 'simulated' | 'off';
  /** What pods do unless their annotations or their node's say otherwise. By default everything happens at once and goes well. */
  pods?: PodDefaults;
  /** What some pods and nodes are made to do from the beginning, whatever their annotations say. */
  rules?: readonly BehaviorRule[];
  /** Capacity of nodes that come without one. */
  capacity?: ResourceList;
  /** What pods may use of it; as much as the capacity if absent. */
  allocatable?: ResourceList;
  /** Pod addresses are cut from this range, … */
  clusterCIDR?: string;
  /** … a block of this mask size for each node. */
  nodeCIDRMaskSize?: number;
  /** Addresses of nodes that come without one. */
  nodeCIDR?: string;
  /** Version that nodes report. */
  version?: string;
  /**
   * Milliseconds (or a duration) between renewals of a node's Lease; 0 (the default) never renews it and writes it without an expiry
   * instead. See `node-lease.ts`.
   */
  leaseRenewInterval?: number | string;
  /** Seconds that a renewed Lease is good for. */
  leaseDurationSeconds?: number;
  /** Whether kubelets write Events about pods and nodes. */
  events?: boolean;
  /**
   * `on`: the HTTP and TCP probes of containers are made, and what answers on their ports decides whether they are ready and whether they go on
   * running. `off`: all probes pass at once. `on` where there is a network, else `off`.
   */
  probes?: 'on' | 'off';
}

/** Options with every default filled in. */
export interface ResolvedOptions {
  readonly mode: 'simulated' | 'off';
  readonly pods: PodSettings;
  /** What answers on their ports. */
  readonly ports: PortSettings;
  /** What they push. */
  readonly push: PushTold;
  readonly capacity: ResourceList;
  readonly allocatable: ResourceList | undefined;
  readonly clusterCIDR: string;
  readonly nodeCIDRMaskSize: number;
  readonly nodeCIDR: string;
  readonly probes: 'on' | 'off';
  readonly version: string;
  /** Milliseconds. */
  readonly leaseRenewInterval: number;
  readonly leaseDurationSeconds: number;
  readonly events: boolean;
}

/** What pods do where nobody says anything: everything at once, and nothing goes wrong. */
export const DEFAULT_POD_SETTINGS: PodSettings = {
  behaviors: new Set(),
  containers: undefined,
  startDelay: 0,
  initDelay: 0,
  readyDelay: 0,
  stopDelay: 0,
  exitAfter: undefined,
  exitCode: undefined,
  log: undefined,
  logInterval: 10_000,
};

const DEFAULT_OPTIONS: ResolvedOptions = {
  mode: 'simulated',
  pods: DEFAULT_POD_SETTINGS,
  ports: DEFAULT_PORT_SETTINGS,
  push: DEFAULT_PUSH,
  allocatable: undefined,
  capacity: { cpu: '4', 'ephemeral-storage': '100Gi', memory: '8Gi', pods: '110' },
  clusterCIDR: USUAL_RANGES.pods,
  nodeCIDRMaskSize: 24,
  nodeCIDR: USUAL_RANGES.nodes,
  version: 'v1.35.0',
  leaseRenewInterval: 0,
  leaseDurationSeconds: 40,
  events: true,
  probes: 'off',
};

/** The settings that are one of a few words. */
const CHOICES = { mode: ['simulated', 'off'], probes: ['on', 'off'] } as const;

/**
 * Fills in the defaults.
 * @throws Error that names the setting that makes no sense; a TypeError for one that is none of its words
 */
export function resolveOptions(options: KubeletOptions): ResolvedOptions {
  for (const [key, words] of Object.entries(CHOICES)) {
    const given = options[key as keyof typeof CHOICES];
    if (given !== undefined && !words.some(word => word === given))
      throw new TypeError(`kubelet.${key}: ${JSON.stringify(given)} is neither ${words.join(' nor ')}`);
  }
  const interval = milliseconds(options.leaseRenewInterval ?? DEFAULT_OPTIONS.leaseRenewInterval);
  if (interval === undefined) throw new Error(`leaseRenewInterval: "${options.leaseRenewInterval}" is not a duration`);
  return { ...DEFAULT_OPTIONS, ...options, leaseRenewInterval: interval, ...podDefaults(options.pods ?? {}) };
}

/** Reads the defaults by the same rules as annotations. */
function podDefaults(pods: PodDefaults): Pick<ResolvedOptions, 'pods' | 'ports' | 'push'> {
  const told = bearer('Pod', annotationsFor('Pod', pods, 'pods'));
  return {
    pods: read(told, DEFAULT_POD_SETTINGS),
    ports: portSettings([told]),
    push: readSettings(PUSH_SETTINGS, [told], DEFAULT_PUSH),
  };
}

/**
 * The annotations by which a pod or a node is told the same.
 * @param what the settings are called when they make no sense
 * @throws Error that says what is wrong
 */
export function annotationsFor(kind: 'Pod' | 'Node', settings: PodDefaults, what?: string): Record<string, string> {
  const annotations: Record<string, string> = {};
  for (const [key, value] of Object.entries(settings)) {
    const annotation = BY_OPTION.get(key);
    if (annotation === undefined)
      throw new Error(what ? `${what}.${key}: there is no such setting` : `there is no setting ${key}`);
    annotations[annotation] = TIMES.has(key) && typeof value === 'number' ? `${value}ms` : String(value);
  }
  const [bad] = badAnnotations(bearer(kind, annotations));
  if (bad) throw new Error(what ? `${what}: ${bad.message}` : bad.message);
  return annotations;
}

function bearer(kind: string, annotations: Record<string, string>): KubeObject {
  const metadata = { name: '', uid: '', resourceVersion: '', creationTimestamp: '', annotations };
  return { apiVersion: 'v1', kind, metadata };
}

const milliseconds = (value: number | string) => (typeof value === 'number' ? value : parseDuration(value));

/** An annotation whose value cannot be understood; it counts as absent. */
export interface BadAnnotation {
  readonly key: string;
  readonly message: string;
}

interface Annotated {
  readonly metadata: { annotations?: Record<string, string> };
}

/** What the annotations of `node` say that it does. */
export function nodeBehaviors(node: Annotated): ReadonlySet<NodeBehavior> {
  return words(node, (word): word is NodeBehavior => Object.hasOwn(NODE_BEHAVIORS, word));
}

const NO_WORDS: ReadonlySet<never> = new Set();

/** What `pod` does on `node`: its own annotations first, then the node's, then `defaults`. */
export function podSettings(pod: KubeObject, node: KubeObject, defaults: PodSettings): PodSettings {
  if (!hasSettings(pod) && !hasSettings(node)) return defaults;
  return read(pod, read(node, defaults));
}

/** The annotations of `object` that are ours and make no sense. */
export function badAnnotations(object: KubeObject): BadAnnotation[] {
  const bad: BadAnnotation[] = [];
  if (!hasSettings(object)) return bad;
  const annotations = object.metadata.annotations!;
  for (const key of DURATIONS) {
    const value = annotations[ANNOTATIONS[key]];
    if (value !== undefined && parseDuration(value) === undefined) {
      bad.push({ key: ANNOTATIONS[key], message: `"${value}" is not a duration such as 500ms or 1m30s` });
    }
  }
  const code = annotations[ANNOTATIONS.exitCode];
  if (code !== undefined && exitCode(code) === undefined) {
    bad.push({ key: ANNOTATIONS.exitCode, message: `"${code}" is not an exit code from 0 to 255` });
  }
  for (const key of Object.values(USAGE_ANNOTATIONS)) {
    const value = annotations[key];
    if (value !== undefined && !isQuantity(value))
      bad.push({ key, message: `"${value}" is not a quantity such as 250m or 64Mi` });
  }
  for (const key of Object.keys(annotations))
    if (key.startsWith(PREFIX) && !KNOWN.has(key)) bad.push({ key, message: 'there is no such setting' });
  for (const word of split(annotations[ANNOTATIONS.behavior])) {
    if (Object.hasOwn(POD_BEHAVIORS, word) || (object.kind === 'Node' && Object.hasOwn(NODE_BEHAVIORS, word))) continue;
    bad.push({ key: ANNOTATIONS.behavior, message: `"${word}" is not a behavior` });
  }
  return [...bad, ...badSettings(PUSH_SETTINGS, object), ...badSettings(PORT_SETTINGS, object)];
}

function isQuantity(value: string): boolean {
  try {
    parseQuantity(value);
    return true;
  } catch {
    return false;
  }
}

const DURATIONS = ['startDelay', 'initDelay', 'readyDelay', 'stopDelay', 'exitAfter', 'logInterval'] as const;
/** The settings that are times, as a configuration calls them. */
const TIMES: ReadonlySet<string> = new Set([...DURATIONS, 'serveDelay', 'pushEvery']);
const PREFIX = 'kubette.dev/';
/** The annotation for each setting of a configuration. */
const BY_OPTION: ReadonlyMap<string, string> = new Map(
  Object.entries({ ...ANNOTATIONS, ...annotationsByOption(PORT_SETTINGS), ...annotationsByOption(PUSH_SETTINGS) }),
);
const KNOWN: ReadonlySet<string> = new Set([...BY_OPTION.values(), ...Object.values(USAGE_ANNOTATIONS)]);

function hasSettings(object: KubeObject): boolean {
  for (const key in object.metadata.annotations) if (key.startsWith(PREFIX)) return true;
  return false;
}

function read(object: KubeObject, below: PodSettings): PodSettings {
  const annotations = object.metadata.annotations;
  if (!annotations || !hasSettings(object)) return below;
  const settings: { -readonly [K in keyof PodSettings]: PodSettings[K] } = { ...below };
  for (const key of DURATIONS) {
    const value = annotations[ANNOTATIONS[key]];
    const ms = value === undefined ? undefined : parseDuration(value);
    if (ms !== undefined) settings[key] = ms;
  }
  const code = annotations[ANNOTATIONS.exitCode];
  if (code !== undefined) settings.exitCode = exitCode(code) ?? below.exitCode;
  settings.log = annotations[ANNOTATIONS.log] ?? below.log;
  const behaviors = words(object, (word): word is PodBehavior => Object.hasOwn(POD_BEHAVIORS, word));
  if (behaviors.size > 0) settings.behaviors = behaviors;
  const containers = split(annotations[ANNOTATIONS.containers]);
  if (containers.length > 0) settings.containers = new Set(containers);
  return settings;
}

function words<W extends string>(object: Annotated, known: (word: string) => word is W): ReadonlySet<W> {
  const value = object.metadata.annotations?.[ANNOTATIONS.behavior];
  return value === undefined ? NO_WORDS : new Set(split(value).filter(known));
}

function split(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '');
}

function exitCode(text: string): number | undefined {
  const code = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  return code <= 255 ? code : undefined;
}
