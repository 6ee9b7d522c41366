import type { KeyPair } from '../access/key-pair.js';
import type { Clock } from '../clock/clock.js';
import type { JournalOptions } from '../faults/journal.js';
import type { FaultRule } from '../faults/rule.js';
import type { KubeletOptions } from '../kubelet/options.js';
import type { NetworkSetting } from '../network/options.js';
import type { Manifests } from '../registry/manifests.js';
import type { Era } from '../resources/definition.js';
import type { Draft, Node } from '../resources/types.js';
import type { Retention } from '../store/compactor.js';
import type { Moment } from '../store/log.js';
import type { NodePlan } from './node-plan.js';
import type { Sink } from './session/recorder.js';

/** How to make a cluster. Everything may be left out. */
export interface ClusterOptions {
  /** File that keeps the cluster; in memory if absent. */
  readonly data?: string;
  /**
   * Nothing is written to the cluster that `data` keeps, and its controllers do not run: it stands as it was when it was last open. What is
   * asked of it is answered, and its forks live.
   */
  readonly readOnly?: boolean;
  /** `normal` (the default): an acknowledged write survives the death of the process; `full`: also a power cut. */
  readonly sync?: 'normal' | 'full';
  /**
   * `real` (the default) or `virtual`: a clock that begins in 2025 and stands still until it is moved (`cluster.advance`)
   * or set going (`cluster.clock.setRate`). Or a clock of your own.
   */
  readonly clock?: 'real' | 'virtual' | Clock;
  /** How many times as fast as the machine's time the clock goes at first: 1 for a real one, 0 for a virtual one. */
  readonly rate?: number;
  /** The same seed and the same requests give the same names, uids and order of events. Default 1. */
  readonly seed?: number | string;
  /** Which age of DaemonSet scheduling: `current` (the default) or `1.11`, before the scheduler placed daemon pods. */
  readonly era?: Era;
  /**
   * A new cluster's nodes: a number of plain workers, workers by a plan (`{ count: 500, zones: 3, gpu: '10%' }`), or the nodes themselves. One
   * control plane and three workers if absent.
   */
  readonly nodes?: number | NodePlan | readonly Draft<Node>[];
  /**
   * What a new cluster begins with besides, applied as by `cluster.apply` before its controllers begin: a DaemonSet among it has no pods yet.
   * `reset()` comes back to it.
   */
  readonly manifests?: Manifests;
  /**
   * What a new cluster begins with in place of nodes of its own: the objects of another one, with their uids, times and status, as
   * `kubectl get -o yaml` or `-o json` prints them. What came of it is in `cluster.imported`.
   */
  readonly import?: Manifests;
  /** What the simulated kubelets do; `off` leaves nodes and pods to clients. */
  readonly kubelet?: 'simulated' | 'off' | KubeletOptions;
  /**
   * `loopback`: every node, pod and Service gets an address of its own in 127.0.0.0/8 and answers there with real sockets; see docs/network.md.
   * `ports`: a free port of 127.0.0.1 answers in place of each address (`cluster.addresses`), so that clusters side by side are not in each other's way. Forks
   * open none by themselves (`fork.openNetwork()`). `off` (the default): addresses are only told.
   */
  readonly network?: NetworkSetting;
  /**
   * The port of 127.0.0.1 on which the names of Services and pods are answered for by DNS, UDP and TCP; 0 takes a free one (`cluster.dns`). Nobody
   * answers for them if absent. See docs/network.md.
   */
  readonly dns?: number;
  /** Which controllers run, as kube-controller-manager spells it: `*` all, `name` one, `-name` not this one. Default `['*']`. */
  readonly controllers?: readonly string[];
  /**
   * Admission plugins to switch on besides those that are on, and to switch off, by kube-apiserver's names
   * (`--enable-admission-plugins`, `--disable-admission-plugins`).
   */
  readonly enableAdmissionPlugins?: readonly string[];
  readonly disableAdmissionPlugins?: readonly string[];
  /**
   * Hosts that webhooks may be called at besides the loopback addresses: names and addresses, `*` for all. Nothing is sent anywhere
   * else.
   */
  readonly webhookHosts?: readonly string[];
  /** Clients must send it as a bearer token. Without one only requests to a loopback name are answered. */
  readonly token?: string;
  /**
   * The certificate authority that signs what clients ask for with a CertificateSigningRequest, and that `kube-root-ca.crt`
   * shows. Without, the cluster makes one up when the first request is approved.
   */
  readonly authority?: KeyPair;
  /** Who may do what: `AlwaysAllow` (the default), or `RBAC`, by the roles in the cluster. */
  readonly authorization?: 'AlwaysAllow' | 'RBAC';
  /** Forks that are served beside the cluster, under `/forks/<id>/`. */
  readonly forks?: {
    /** How many there may be at once. Default 16. */
    readonly limit?: number;
    /** After how many milliseconds one is closed of which nobody has asked anything, by the machine's time. Default 30 minutes. */
    readonly idleMs?: number;
  };
  /** What goes wrong with requests from the beginning (`cluster.faults`): see docs/faults.md. */
  readonly faults?: readonly FaultRule[];
  /**
   * A file to write a recording of the session to, or whatever takes its lines: what is asked that may change something (over HTTP, and by
   * a program: `cluster.apply`, `cluster.object`, `cluster.registry`, snapshots), the answers, and every write that comes of it, for `kubette replay`. The values of Secrets and tokens are left out.
   * Only of a new cluster.
   */
  readonly record?: string | Sink;
  /** What is kept of the requests to its API (`cluster.journal`): the last 1000, without their bodies, unless told otherwise; none with `{ size: 0 }`. */
  readonly journal?: JournalOptions;
  /** How much of the past is kept. */
  readonly history?: Partial<Retention>;
  /** Hears of faults in the background: a reconcile that threw (tried again, and told once until it goes well), a compaction that failed. */
  readonly onError?: (where: string, error: unknown) => void;
}

/** How to fork a cluster. */
export interface ForkOptions {
  /** From when on: a revision, or the newest one at or before `{ time }` (ms since the epoch). Now, if absent. */
  readonly at?: Moment | undefined;
  /** The age it lives in, if not its base's: its controllers start as they do after a restart. */
  readonly era?: Era | undefined;
  /** How fast its clock goes: many times the machine's. 0 if absent: it stands still. */
  readonly rate?: number | undefined;
  /**
   * Whether the webhooks that are configured are called. They are not unless told: writes pass without them, and what one would
   * have to convert cannot be read in another version than its own.
   */
  readonly webhooks?: boolean;
}
