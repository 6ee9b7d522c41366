import type { NearMiss } from './near-misses.js';

/** What is to go wrong, of whom, and when. See docs/faults.md, where each fault is told of with what it models. */
export interface FaultRule {
  /** What it is called; a name is found for it if it has none. */
  readonly name?: string;
  /** Which requests it is about: all of those that the fault can happen to, but for what is absent. */
  readonly match?: FaultMatch;
  /** At which of these it happens: at all of them, if absent. */
  readonly when?: FaultWhen;
  /** What happens: its name alone where it needs no settings, or `{ name: settings }`. */
  readonly fault: Fault;
}

/** Which requests are meant; all that is said must be true of one. In texts `*` stands for anything. */
export interface FaultMatch {
  /** As roles name them: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; the lower-case method for what is no resource. */
  readonly verbs?: readonly string[];
  /** Plurals, with the group or without (`daemonsets.apps`, `pods`), and with a subresource if that is meant (`pods/status`, `pods/*`). */
  readonly resources?: readonly string[];
  readonly namespace?: string;
  readonly name?: string;
  /** A label selector: of the object that is asked for or sent; of lists and watches, what they must ask for themselves. */
  readonly labels?: string;
  readonly user?: string;
  /** A part of the `User-Agent`. */
  readonly userAgent?: string;
  /** The path of the URL, without parameters. Only with a path does a rule reach what is not the Kubernetes API: probes, GraphQL, the page. */
  readonly path?: string;
  /** Of faults of webhooks, in place of all else: where it is called, as messages show it: `https://hooks.default.svc:443/validate`. */
  readonly webhook?: string;
}

/** At which of the requests that match it happens; all that is said must be true. */
export interface FaultWhen {
  /** The first is 1. */
  readonly nth?: number | readonly number[];
  /** Every third, say. */
  readonly every?: number;
  /** This share of them, from 0 to 1, by dice of the rule's own. */
  readonly share?: number;
  /** No more often than that. */
  readonly times?: number;
  /** Not before this time has passed since the rule was made, by the cluster's clock: `30s`. */
  readonly after?: string;
  /** For how long, from then on. */
  readonly for?: string;
}

/** How long something takes: a duration (`200ms`), or how durations are distributed. */
export type Duration =
  | string
  | { readonly uniform: readonly [least: string, most: string] }
  | { readonly normal: { readonly mean: string; readonly deviation: string } }
  | { readonly exponential: { readonly mean: string } }
  /** How long it takes at most in so many of a hundred cases: `{ p50: '20ms', p99: '2s' }`; between these, proportionally. */
  | { readonly percentiles: Readonly<Record<`p${number}`, string>> };

/** Whether the request is carried out all the same. */
interface Applied {
  readonly applied?: boolean;
}

/** The faults that a request can meet, by name, and what can be said of each. */
export interface FaultSettings {
  /** Somebody else wrote first: 409, as for a stale `resourceVersion`. */
  readonly conflict: Record<string, never>;
  /** API Priority and Fairness rejects: 429 as text, with `Retry-After`. */
  readonly tooManyRequests: { readonly retryAfter?: number };
  /** The watch cache is not ready: 429 as a Status. */
  readonly storageInitializing: { readonly retryAfter?: number };
  /** etcd did not answer in time: 500. Whether the write was done is for the client to find out. */
  readonly etcdTimeout: Applied;
  /** etcd elected another leader: 500. */
  readonly etcdLeaderChanged: Applied;
  /** The request took the server too long: 504. */
  readonly timeout: Applied;
  /** Nobody answers behind the address: 503. */
  readonly unavailable: { readonly retryAfter?: number };
  /** Any error, as a Status. */
  readonly error: Applied & {
    readonly code: number;
    readonly reason?: string;
    readonly message?: string;
    readonly retryAfter?: number;
  };
  /** The request waits before anything is done; with `applied`, all is done and the answer waits. */
  readonly latency: Applied & { readonly by: Duration; readonly clock?: 'cluster' | 'machine' };
  /** The connection breaks, before anything is done, or (`applied`) before the answer. */
  readonly connectionReset: Applied;
  /** It breaks in the middle of the answer. */
  readonly halfAnswer: Record<string, never>;
  /** Something in between answers in another language: HTML for JSON. */
  readonly garbage: Applied & { readonly code?: number; readonly body?: string; readonly contentType?: string };
  /** An answer with nothing in it. */
  readonly emptyAnswer: Applied & { readonly code?: number };
  /** The server restarts: all connections break, and for a time (1s, by the cluster's clock) requests are broken off or refused. */
  readonly restart: Applied & { readonly for?: string; readonly refuse?: 'connection' | '503' };
  /** The `resourceVersion` or the `continue` token that a list or a watch names is gone: 410 in its place. */
  readonly gone: Record<string, never>;
  /** The watch is told in its stream that its revision is gone: 410 as an ERROR event, and the end. */
  readonly watchGone: WatchPoint;
  /** The watch ends as one that is over. */
  readonly watchEnds: WatchPoint;
  /** Nothing comes any more, and no end either: a connection that is half open. */
  readonly watchStalls: WatchPoint;
  /** The connection breaks in the middle of an event. */
  readonly halfFrame: WatchPoint;
  /** Every event comes later; their order stays. */
  readonly lateEvents: { readonly by: Duration };
  /** There are no bookmarks, whoever asked for them. */
  readonly noBookmarks: Record<string, never>;
  /** Events come twice: this share of them; all, if absent. */
  readonly duplicateEvents: { readonly share?: number };
  /** An event comes after the next one that is about another object. */
  readonly reorderedEvents: Record<string, never>;
  /** Events are missing: the first, if nothing else is said. */
  readonly missedEvents: {
    readonly nth?: number | readonly number[];
    readonly every?: number;
    readonly share?: number;
  };
  /** What is read is older than it should be: by revisions, or by time. */
  readonly staleRead: { readonly revisions?: number; readonly behind?: string };
  /** A commit takes longer, by the machine's time. */
  readonly slowDisk: { readonly by: Duration };
  /** A commit fails, for there is no room on the disk: what waits for it is undone, and answered with 500. */
  readonly fullDisk: Record<string, never>;
  /** A webhook does not answer in its time. */
  readonly webhookTimeout: Record<string, never>;
  /** Nobody listens where a webhook should be. */
  readonly webhookRefused: Record<string, never>;
}

/** When something happens to a watch: with so many events (the first, unless told otherwise), or after a time by the cluster's clock. */
export interface WatchPoint {
  readonly events?: number;
  readonly after?: string;
}

export type FaultName = keyof FaultSettings;

/** What happens. */
export type Fault = FaultName | { [N in FaultName]: Pick<FaultSettings, N> }[FaultName];

/** A fault of one kind as it was read, with its settings. */
export type FaultOf<N extends FaultName> = { readonly kind: N } & FaultSettings[N];

/** A fault as it was read, with its settings. */
export type ReadFault = { [N in FaultName]: FaultOf<N> }[FaultName];

/** What is told of a rule. */
export interface FaultReport {
  readonly name: string;
  readonly match: FaultMatch;
  readonly when: FaultWhen;
  readonly fault: Fault;
  /** How many requests matched. */
  readonly matched: number;
  /** How often it happened. */
  readonly fired: number;
  /** While it has never happened: the requests that came closest to its match. */
  readonly nearMisses: readonly NearMiss[];
}
