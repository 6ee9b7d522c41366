import type { IncomingMessage } from 'node:http';
import type { ClockControl, ForkControl, NetworkInfo } from '../admin/control.js';
import type { Deadline } from '../clock/deadline.js';
import type { Network } from '../network/network.js';
import type { Registry } from '../registry/registry.js';
import type { User } from '../registry/types.js';
import type { Limits } from './limits/limits.js';
import type { Pasts } from './pasts.js';
import { View } from './view.js';
import { Views } from './views.js';
import type { WhatIfs } from './what-ifs.js';

/** What answers with real sockets, and what can be done with it. */
export interface NetworkService {
  state(): NetworkInfo;
  /** The network as it is now; undefined where there is none. */
  present(): Network | undefined;
  /** Opens it; absent where that is for whoever starts the cluster to say. */
  readonly open: (() => Promise<void>) | undefined;
  /** Hears of each place that is opened or shut, or that somebody came to; of undefined where all may be otherwise. Answers how to stop. */
  follow(listener: (place: string | undefined) => void): () => void;
}

/** What GraphQL is served from, and how. */
export interface GraphService {
  readonly registry: Registry;
  readonly pasts: Pasts;
  /** Where worlds are imagined; nowhere, where there are no controllers for it. */
  readonly whatIfs: (() => Promise<WhatIfs>) | undefined;
  /** Who makes a request; nobody in particular where everybody may see everything. */
  readonly userOf: (request: IncomingMessage) => User | undefined;
  /** The version of Kubernetes whose behaviour this is: `v1.35.0`. */
  readonly version: string;
  /** Forks with an address. */
  readonly forks: ForkControl | undefined;
  readonly clock: ClockControl | undefined;
  /** What answers with real sockets. */
  readonly network: NetworkService | undefined;
  readonly limits: Limits;
  /** Is given the errors that clients do not get to see: our own faults. */
  readonly report: (error: unknown) => void;
}

/** What the resolvers of one request share. What they tell of, they read through the view that their parent was seen in. */
export interface GraphContext {
  /** When the request is given up; never, if it follows something. */
  readonly deadline?: Deadline | undefined;
  readonly views: Views;
  readonly version: string;
  readonly forks?: ForkControl | undefined;
  readonly whatIfs?: (() => Promise<WhatIfs>) | undefined;
  readonly clock?: ClockControl | undefined;
  readonly network?: NetworkService | undefined;
  readonly limits?: Limits | undefined;
  /** What a subscription goes on from, where the transport knows better than its arguments. */
  readonly resumeFrom?: string | undefined;
  /** What a reader goes on from who has the message that was told last; set by what tells it. */
  position?: string | undefined;
}

/** What fields of Query look at: a world that was imagined, or, at the root, nothing yet. */
export type Root = Views | undefined;

/** The context of a request that begins now. What it sees is committed: nothing of it may yet fail to be written. */
export async function newContext(
  { registry, pasts, whatIfs, userOf, version, forks, clock, network, limits }: GraphService,
  request: IncomingMessage,
  deadline?: Deadline,
): Promise<GraphContext> {
  const user = userOf(request);
  await registry.log.committed();
  const views = new Views(new View(registry, user), pasts);
  return { deadline, version, forks, clock, network, whatIfs, limits, views };
}
