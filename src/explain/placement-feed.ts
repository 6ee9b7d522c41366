import { daemonPodOf } from '../controllers/daemonset/daemon-pod.js';
import { schedulingOf } from '../controllers/daemonset/eras/index.js';
import { controllerOf } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import { StatusError } from '../registry/status.js';
import { qualifiedName } from '../resources/definition.js';
import { controllerRevisions, daemonSets, nodes, pods } from '../resources/index.js';
import type { KubeObject, Pod } from '../resources/types.js';
import type { Change, Entry } from '../store/entry.js';
import { Feed } from './feed.js';
import { type Placement, type PlacementState, Placements } from './placements.js';
import { type Pair, WaitingPlacements } from './waiting-placements.js';

/** Which placements a feed tells of; each part that is absent or null leaves all. */
export interface FeedFilter {
  readonly namespace?: string | null | undefined;
  readonly daemonSet?: string | null | undefined;
  readonly node?: string | null | undefined;
}

/** What a reader knows already: all placements as they were at a revision. */
export interface KnownPlacements {
  readonly placements: Placements;
  readonly revision: number;
}

export interface PlacementChange {
  /** Up to this revision nothing is left to be told: where to go on from. */
  readonly revision: string;
  readonly namespace: string;
  readonly daemonSet: string;
  readonly node: string;
  /** The placement as it is now; null if its DaemonSet or its node is gone. */
  readonly placement: Placement | null;
  /** What it was found in: all of that same moment. */
  readonly placements: Placements;
  /** What was there before; null if the DaemonSet or the node is new. */
  readonly before: PlacementState | null;
  /** The last write that had to do with it. */
  readonly cause: Change;
}

/** A pair to look at again, and why. */
interface Touch {
  readonly pair: Pair;
  readonly cause: Change;
  /** Whether it is told also if it is as it was. */
  readonly always: boolean;
}

/** A change, and up to which revision all was told before its batch. */
interface Found {
  readonly change: Omit<PlacementChange, 'revision'>;
  readonly toldBefore: number;
}

/** What a change is told by: a placement that differs in nothing of this is the same to a reader. */
interface Seen {
  readonly actual: PlacementState;
  readonly signature: string;
}

/**
 * Placements as they change. What is kept for a reader is not a queue of changes but the set of pairs that may have changed
 * since it last looked: a slow reader gets the newest state of each, and costs no more memory than there are pairs. They are looked at
 * batch by batch; only with the last change of a batch is all told up to its revision.
 */
export class PlacementFeed extends Feed<PlacementChange> {
  readonly #registry: Registry;
  readonly #filter: FeedFilter;
  readonly #seen = new Map<string, Seen>();
  /** Nodes and DaemonSets that there are, as far as the feed has heard. */
  readonly #nodes = new Set<string>();
  readonly #daemonSets = new Map<string, Omit<Pair, 'node'>>();
  readonly #waiting: WaitingPlacements;
  readonly #asksScheduler: boolean;
  readonly #unfollow: () => void;
  /** Pairs to look at again, in the order they were touched, and those of them that are looked at now. */
  #touched = new Map<string, Touch>();
  #batch = new Map<string, Touch>();
  /** The newest revision that touched what it touches. */
  #heard: number;
  #batchRevision: number;
  #told: number;
  /** Shared by all pairs looked at between two writes. */
  #placements: Placements | undefined;
  /** What is told next. */
  #ahead: Found | undefined;
  /** The newest revision when it was opened. */
  readonly #opened: number;
  #failure: unknown;

  /** @param known what the reader knows; without it, all as it is now */
  constructor(registry: Registry, filter: FeedFilter = {}, known?: KnownPlacements) {
    super();
    this.#registry = registry;
    this.#filter = filter;
    this.#waiting = new WaitingPlacements(registry);
    this.#asksScheduler = schedulingOf(registry.era)({ registry }).asksScheduler;
    this.#opened = registry.revision;
    this.#heard = this.#batchRevision = this.#told = known?.revision ?? registry.revision;
    const placements = known?.placements ?? new Placements(registry);
    const sets = placements.registry
      .all(daemonSets)
      .filter(d => this.#wants({ ...namesOf(d), node: filter.node ?? '' }));
    const onNodes = placements.registry.all(nodes).filter(n => filter.node == null || n.name === filter.node);
    for (const daemonSet of sets) this.#daemonSets.set(setKey(daemonSet), namesOf(daemonSet));
    for (const { name } of onNodes) this.#nodes.add(name);
    for (const placement of placements.across(sets, onNodes)) {
      const pair = { ...namesOf(placement.daemonSet), node: placement.node.name };
      this.#remember(keyOf(pair), pair, placement);
    }
    const touch = (changes: readonly Change[]) => this.#touch(changes);
    this.#unfollow = known
      ? registry.log.followFrom(known.revision, touch, error => this.#fail(error))
      : registry.follow(touch);
  }

  protected override take(): PlacementChange | undefined {
    const next = this.#ahead ?? this.#find();
    if (!next) {
      if (this.#failure) throw this.#failure;
      return undefined;
    }
    this.#ahead = this.#find();
    return { ...next.change, revision: String(this.#ahead?.toldBefore ?? this.#told) };
  }

  protected override close(): void {
    this.#unfollow();
    this.#touched.clear();
    this.#batch.clear();
    this.#ahead = undefined;
  }

  #fail(error: unknown): void {
    this.#failure = error instanceof RangeError ? StatusError.expired(error.message) : error;
    this.wake();
  }

  /** The next pair that is another than before; undefined if there is none. */
  #find(): Found | undefined {
    for (;;) {
      const toldBefore = this.#told;
      for (const [key, { pair, cause, always }] of this.#batch) {
        this.#batch.delete(key);
        const change = this.#look(key, pair, always);
        if (change) return { change: { ...change, cause }, toldBefore };
      }
      this.#told = this.#batchRevision;
      if (this.#touched.size === 0) {
        this.#told = this.#heard;
        return undefined;
      }
      [this.#batch, this.#touched, this.#batchRevision] = [this.#touched, this.#batch, this.#heard];
    }
  }

  #look(key: string, pair: Pair, always: boolean): Omit<PlacementChange, 'revision' | 'cause'> | undefined {
    const before = this.#seen.get(key);
    const daemonSet = this.#registry.get(daemonSets, pair.namespace, pair.daemonSet);
    const node = this.#registry.get(nodes, '', pair.node);
    this.#placements ??= new Placements(this.#registry);
    const placement = daemonSet && node ? this.#placements.of(daemonSet, node) : null;
    const now = this.#remember(key, pair, placement);
    if (!always && now?.signature === before?.signature) return undefined;
    return { ...pair, placement, placements: this.#placements, before: before?.actual ?? null };
  }

  #remember(key: string, pair: Pair, placement: Placement | null): Seen | undefined {
    this.#waiting.note(key, pair, placement);
    const seen = placement ? see(placement) : undefined;
    if (seen) this.#seen.set(key, seen);
    else this.#seen.delete(key);
    return seen;
  }

  #touch(changes: readonly Change[]): void {
    for (const change of changes) {
      // Whoever comes back may have seen a part of what came after: something else than there was, and is again.
      const always = change.revision <= this.#opened;
      for (const pair of this.#touchedBy(change)) this.#add(pair, change, always);
      for (const pair of this.#waiting.touchedBy(change))
        if (!this.#touched.has(keyOf(pair))) this.#add(pair, change, always);
    }
    this.#heard = changes.at(-1)?.revision ?? this.#heard;
    this.#placements = undefined;
    if (this.#touched.size > 0) this.wake();
  }

  #add(pair: Pair, cause: Change, always: boolean): void {
    const key = keyOf(pair);
    this.#touched.set(key, { pair, cause, always: always || this.#touched.get(key)?.always === true });
  }

  *#touchedBy({ type, entry, previous }: Change): Iterable<Pair> {
    if (entry.resource === PODS) {
      for (const version of [entry, previous] as (Entry<Pod> | undefined)[]) {
        const owner = version && controllerOf(version.object);
        const node = version && daemonPodOf(version).node;
        if (!node) continue;
        // Before 1.12 it mattered what else stands on a node.
        if (!this.#asksScheduler) yield* this.#onNode(node);
        else if (owner?.kind === daemonSets.kind)
          yield* this.#pairs({ namespace: version.namespace, daemonSet: owner.name }, node);
      }
    } else if (entry.resource === NODES) {
      if (type === 'ADDED') this.#nodes.add(entry.name);
      yield* this.#onNode(entry.name);
      if (type === 'DELETED') this.#nodes.delete(entry.name);
    } else if (entry.resource === DAEMON_SETS) {
      if (type === 'ADDED') this.#daemonSets.set(setKey(entry), namesOf(entry));
      yield* this.#onAllNodes(namesOf(entry));
      if (type === 'DELETED') this.#daemonSets.delete(setKey(entry));
    } else if (entry.resource === REVISIONS) {
      const owner = controllerOf(entry.object);
      if (owner) yield* this.#onAllNodes({ namespace: entry.namespace, daemonSet: owner.name });
    }
  }

  *#onNode(node: string): Iterable<Pair> {
    for (const names of this.#daemonSets.values()) yield* this.#pairs(names, node);
  }

  *#onAllNodes(names: Omit<Pair, 'node'>): Iterable<Pair> {
    for (const node of this.#nodes) yield* this.#pairs(names, node);
  }

  *#pairs(names: Omit<Pair, 'node'>, node: string): Iterable<Pair> {
    const pair = { ...names, node };
    if (this.#wants(pair)) yield pair;
  }

  #wants(pair: Pair): boolean {
    const { namespace, daemonSet, node } = this.#filter;
    return (
      (namespace == null || namespace === pair.namespace) &&
      (daemonSet == null || daemonSet === pair.daemonSet) &&
      (node == null || node === pair.node)
    );
  }
}

const PODS = qualifiedName(pods);
const NODES = qualifiedName(nodes);
const DAEMON_SETS = qualifiedName(daemonSets);
const REVISIONS = qualifiedName(controllerRevisions);

const namesOf = (daemonSet: Entry<KubeObject>) => ({ namespace: daemonSet.namespace, daemonSet: daemonSet.name });
const setKey = ({ namespace, name }: Entry) => `${namespace}/${name}`;
/** Names contain no slash. */
const keyOf = ({ namespace, daemonSet, node }: Pair) => `${namespace}/${daemonSet}/${node}`;

function see(placement: Placement): Seen {
  const { actual, wanted, pod, ready, upToDate, reason } = placement;
  return { actual, signature: [actual, wanted, pod?.uid, ready, upToDate, reason].join('|') };
}
