import type { ClockState } from '../clock/world-clock.js';
import type { User } from '../registry/types.js';
import type { Era } from '../resources/definition.js';
import type { JsonObject } from '../resources/json.js';
import type { Lifecycles } from '../stages/index.js';
import type { Moment } from '../store/log.js';

/** Where the API is that is about worlds as a whole, beside that of Kubernetes. */
export const ADMIN_ROOT = '_kubette';
/** Whose leave is needed for what is done with forks: a path, as for all that is no resource. */
export const FORKS_PATH = `/${ADMIN_ROOT}/v1/forks`;
/** The same for snapshots. */
export const SNAPSHOTS_PATH = `/${ADMIN_ROOT}/v1/snapshots`;
/** Where it is told what pods and nodes are made to do. */
export const BEHAVIORS_PATH = `/${ADMIN_ROOT}/v1/behaviors`;
/** Whose leave is needed for what is done with the clock. */
export const CLOCK_PATH = `/${ADMIN_ROOT}/v1/clock`;
/** Where all that is in a cluster is told. */
export const EXPORT_PATH = `/${ADMIN_ROOT}/v1/export`;
/** Where the objects of another cluster are taken in. */
export const IMPORT_PATH = `/${ADMIN_ROOT}/v1/import`;
/** Objects one a line, for as many as a cluster has: they are read as they come. */
export const LINES_TYPE = 'application/x-ndjson';
/** Where it is told what answers with real sockets. */
export const ADDRESSES_PATH = `/${ADMIN_ROOT}/v1/addresses`;
/** Whose leave is needed to open a network. */
export const NETWORK_PATH = `/${ADMIN_ROOT}/v1/network`;
/** The same to send requests in the name of those who are in it. */
export const REQUESTS_PATH = `${NETWORK_PATH}/requests`;
/** How far one request may move the clock. */
export const MAX_ADVANCE_MS = 24 * 3_600_000;

/** A place of the cluster where something answers with a real socket. */
export interface AddressInfo {
  readonly address: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  /** Where that really is: `address:port`, the same unless the machine does not have it. */
  readonly at: string;
  /** Whose it is: `Pod` or `Service`. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Whether it is a pod's own address, a Service's own, or a port of a node. */
  readonly way: 'pod' | 'node' | 'service';
  /** The node whose address it is, or on which the pod is. */
  readonly node: string | null;
  /** How many connections, or datagrams, have come. */
  readonly came: number;
}

/** Whether a cluster has a network, and what answers in it, in the order of addresses. */
export interface NetworkInfo {
  readonly network: 'off' | 'loopback' | 'ports';
  readonly addresses: readonly AddressInfo[];
}

/** What a fork with an address is to be. */
export interface ForkOrder {
  /** From when on; now, if absent. */
  readonly at?: Moment | undefined;
  /** The age it lives in; its base's, if absent. */
  readonly era?: Era | undefined;
  /** How fast its clock goes; as its base's, if absent. */
  readonly rate?: number | undefined;
  /** What people call it. */
  readonly name?: string | undefined;
}

/** A fork that is served under an address of its own. */
export interface ForkInfo {
  readonly id: string;
  /** What its paths begin with: `/forks/<id>`. */
  readonly path: string;
  readonly name: string;
  /** Which fork it was made of; null if of the cluster itself. */
  readonly base: string | null;
  /** Where it parted from its base. */
  readonly revision: number;
  /** The time of its clock then (ms). */
  readonly time: number;
  readonly era: Era;
  /** When it was made, by the machine's time (ms). */
  readonly createdAt: number;
  /** Since when nobody has asked anything of it, by the machine's time; 0 while anything is open. */
  readonly idleSeconds: number;
}

/** Forks with an address, as a world has them made of itself: for a user, if one is given, else for whoever has the cluster in hand. */
export interface ForkControl {
  /** Forks of all worlds of this server, the oldest first. @throws StatusError 403 */
  list(user?: User): readonly ForkInfo[];
  /** @throws StatusError 403, 404 */
  get(id: string, user?: User): ForkInfo;
  /** @throws StatusError 400, 403, 410 (the log does not reach back to it), 429 (there are as many as there may be) */
  create(order?: ForkOrder, user?: User): Promise<ForkInfo>;
  /** @throws StatusError 403, 404 */
  delete(id: string, user?: User): Promise<ForkInfo>;
}

/** What is told of a snapshot. */
export interface SnapshotInfo {
  readonly name: string;
  /** The revision at which it was taken. */
  readonly revision: number;
  /** And when, in ms since the epoch by the cluster's clock. */
  readonly time: number;
}

/** States that a cluster can be put back to: for a user, if one is given, else for whoever has the cluster in hand. */
export interface SnapshotControl {
  /** In the order in which they were taken. @throws StatusError 403 */
  list(user?: User): Promise<readonly SnapshotInfo[]>;
  /** @throws StatusError 403, 404 */
  get(name: string, user?: User): Promise<SnapshotInfo>;
  /** Keeps how the cluster stands, in place of another one of the name. @throws StatusError 400, 403, 405 (the cluster is read only) */
  take(name: string, user?: User): Promise<SnapshotInfo>;
  /** Puts the cluster back to one. @throws StatusError 403, 404, 405 */
  restore(name: string, user?: User): Promise<SnapshotInfo>;
  /** @throws StatusError 400 (`initial` stays), 403, 404, 405 */
  delete(name: string, user?: User): Promise<SnapshotInfo>;
}

/** What is told of a rule that makes pods or nodes do something. */
export interface BehaviorInfo {
  readonly name: string;
}

/** What pods and nodes are made to do, by rules. */
export interface BehaviorControl {
  list(): readonly BehaviorInfo[];
  get(name: string): BehaviorInfo | undefined;
  /** @throws TypeError for a rule that makes no sense */
  add(rule: BehaviorInfo): BehaviorInfo;
  remove(name: string): boolean;
  clear(): void;
}

/** By which of kwok's stages objects live, and how often each was of use. */
export type StageControl = Pick<Lifecycles, 'list' | 'get' | 'verify'>;

/** The clock of a world. */
export interface ClockControl {
  readonly state: ClockState;
  /** @throws RangeError for what is no rate; TypeError if the clock is not the cluster's own */
  setRate(rate: number): void;
  /** @throws TypeError if it runs */
  advance(ms: number): Promise<void>;
  /** Answers whether it has come true. @throws TypeError if it runs */
  runUntil(predicate: () => boolean, limitMs: number): Promise<boolean>;
  /** @throws TypeError if it runs */
  comeToRest(
    limitMs: number,
  ): Promise<{ readonly atRest: boolean; readonly passed: number; readonly goingOn: readonly string[] }>;
}

/** What is told of an object that was to be imported. */
export interface ImportNote {
  /** As it was given. */
  readonly object: object;
  readonly kind: string;
  /** With its namespace: `kube-system/agent`. */
  readonly name: string;
  readonly why: string;
}

/** What came of an import. */
export interface ImportReport {
  /** How many objects came in, by kind. */
  readonly taken: ReadonlyMap<string, number>;
  /** What stayed out. */
  readonly left: readonly ImportNote[];
  /** What came in, but not as it was. */
  readonly changed: readonly ImportNote[];
}

/** Takes the objects of another cluster in. */
export type Importer = (objects: readonly object[]) => Promise<ImportReport>;

/** What is waited for, as a request says it; how it stands, each time it is asked. @throws StatusError 400 */
export type Conditions = (wanted: JsonObject) => () => { readonly met: boolean; readonly message: string };
