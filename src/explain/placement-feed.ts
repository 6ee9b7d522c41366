import { daemonPodOf } from '../controllers/daemonset/daemon-pod.js';
import { controllerOf } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import { qualifiedName } from '../resources/definition.js';
import { controllerRevisions, daemonSets, nodes, pods } from '../resources/index.js';
import type { KubeObject, Pod } from '../resources/types.js';
import type { Change, Entry } from '../store/entry.js';
import { Feed } from './feed.js';
import { type Placement, type PlacementState, Placements } from './placements.js';

/** Which placements a feed tells of; each part that is absent or null leaves all. */
export interface FeedFilter {
  readonly namespace?: string | null | undefined;
  readonly daemonSet?: string | null | undefined;
  readonly node?: string | null | undefined;
}

export interface PlacementChange {
  /** The newest revision when the change was seen. */
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
}

/** A DaemonSet and a node, by name. */
interface Pair {
  readonly namespace: string;
  readonly daemonSet: string;
  readonly node: string;
}

/** What a change is told by: a placement that differs in nothing of this is the same to a reader. */
interface Seen {
  readonly actual: PlacementState;
  readonly signature: string;
}

/**
 * Placements as they change. What is kept for a reader is not a queue of changes but the set of pairs that may have changed
 * since it last looked: a slow reader gets the newest state of each, and costs no more memory than there are pairs.
 */
export class PlacementFeed extends Feed<PlacementChange> {
  readonly #registry: Registry;
  readonly #filter: FeedFilter;
  readonly #seen = new Map<string, Seen>();
  /** Pairs to look at again, in the order they were touched. */
  readonly #touched = new Map<string, Pair>();
  readonly #unfollow: () => void;
  /** Shared by all pairs looked at between two writes. */
  #placements: Placements | undefined;

  constructor(registry: Registry, filter: FeedFilter = {}) {
    super();
    this.#registry = registry;
    this.#filter = filter;
    const placements = new Placements(registry);
    const watched = registry.all(daemonSets).filter(d => this.#wants({ ...namesOf(d), node: filter.node ?? '' }));
    for (const placement of placements.across(
      watched,
      registry.all(nodes).filter(n => filter.node == null || n.name === filter.node),
    )) {
      this.#seen.set(keyOf({ ...namesOf(placement.daemonSet), node: placement.node.name }), see(placement));
    }
    this.#unfollow = registry.follow(changes => this.#touch(changes));
  }

  protected override take(): PlacementChange | undefined {
    for (const [key, pair] of this.#touched) {
      this.#touched.delete(key);
      const change = this.#look(key, pair);
      if (change) return change;
    }
    return undefined;
  }

  protected override close(): void {
    this.#unfollow();
    this.#touched.clear();
  }

  #look(key: string, pair: Pair): PlacementChange | undefined {
    const before = this.#seen.get(key);
    const daemonSet = this.#registry.get(daemonSets, pair.namespace, pair.daemonSet);
    const node = this.#registry.get(nodes, '', pair.node);
    this.#placements ??= new Placements(this.#registry);
    const placement = daemonSet && node ? this.#placements.of(daemonSet, node) : null;
    const now = placement ? see(placement) : undefined;
    if (now?.signature === before?.signature) return undefined;
    if (now) this.#seen.set(key, now);
    else this.#seen.delete(key);
    return {
      ...pair,
      revision: String(this.#registry.revision),
      placement,
      placements: this.#placements,
      before: before?.actual ?? null,
    };
  }

  #touch(changes: readonly Change[]): void {
    for (const change of changes) for (const pair of this.#touchedBy(change)) this.#touched.set(keyOf(pair), pair);
    this.#placements = undefined;
    if (this.#touched.size > 0) this.wake();
  }

  *#touchedBy({ entry, previous }: Change): Iterable<Pair> {
    if (entry.resource === PODS) {
      for (const version of [entry, previous] as (Entry<Pod> | undefined)[]) {
        const owner = version && controllerOf(version.object);
        const node = version && daemonPodOf(version).node;
        if (owner?.kind !== 'DaemonSet' || !node) continue;
        yield* this.#pairs({ namespace: version.namespace, daemonSet: owner.name }, node);
      }
    } else if (entry.resource === NODES) {
      for (const daemonSet of this.#registry.all(daemonSets)) yield* this.#pairs(namesOf(daemonSet), entry.name);
    } else if (entry.resource === DAEMON_SETS) {
      yield* this.#onAllNodes(namesOf(entry));
    } else if (entry.resource === REVISIONS) {
      const owner = controllerOf(entry.object);
      if (owner) yield* this.#onAllNodes({ namespace: entry.namespace, daemonSet: owner.name });
    }
  }

  *#onAllNodes(names: Omit<Pair, 'node'>): Iterable<Pair> {
    for (const node of this.#registry.all(nodes)) yield* this.#pairs(names, node.name);
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
/** Names contain no slash. */
const keyOf = ({ namespace, daemonSet, node }: Pair) => `${namespace}/${daemonSet}/${node}`;

function see(placement: Placement): Seen {
  const { actual, wanted, pod, ready, upToDate, reason } = placement;
  return { actual, signature: [actual, wanted, pod?.uid, ready, upToDate, reason].join('|') };
}
