import type { DaemonScheduling } from '../controllers/daemonset/eras/era.js';
import { schedulingOf } from '../controllers/daemonset/eras/index.js';
import type { Registry } from '../registry/registry.js';
import { daemonSets } from '../resources/index.js';
import { equalJson } from '../resources/json.js';
import type { Node } from '../resources/types.js';
import type { Change, Entry } from '../store/entry.js';
import type { PlacementDifference } from './placement-diff.js';
import type { Placement } from './placements.js';

/** Versions of one node that are looked at, at most. */
const VERSIONS = 200;

/** Why two moments of one world differ: which write brought a difference about. */
export class Causes {
  readonly #from: number;
  readonly #to: number;
  readonly #scheduling: DaemonScheduling;
  readonly #found = new Map<string, Promise<number | undefined>>();

  /**
   * @param registry the world, as it is at the later moment or after that
   * @param from the revision of the earlier moment
   */
  constructor(
    readonly registry: Registry,
    from: number,
    to: number,
  ) {
    this.#from = from;
    this.#to = to;
    this.#scheduling = schedulingOf(registry.era)({ registry });
  }

  /**
   * The write that brought a difference about: the last one that changed what decides on pods, of the node if that alone would have
   * done it, or else of the DaemonSet; if there was none, what made the pod, or told it to go. Undefined if the log does not tell any
   * more.
   */
  async of({ before, after }: PlacementDifference): Promise<Change | undefined> {
    const node = after?.node ?? before?.node;
    const daemonSet = after?.daemonSet ?? before?.daemonSet;
    const ofNode = await (node && this.#once(node, () => this.#decisiveOfNode(node)));
    const ofSet = await (daemonSet && this.#once(daemonSet, () => this.#decisiveOfSet(daemonSet)));
    const decisive = this.#isByNode(before, after) ? (ofNode ?? ofSet) : (ofSet ?? ofNode);
    const [went, came] = [before?.pod, after?.pod];
    const ofPods = [
      went && went.uid !== came?.uid ? await this.#begunToGo(went) : undefined,
      came && came.uid !== went?.uid ? created(came, this.#from) : undefined,
    ];
    return this.#write(decisive ?? newest(ofPods) ?? (await this.#lastOfPods({ before, after })));
  }

  /** Whether the node alone would have done it: the DaemonSet as it was would want as much of the node as it is. */
  #isByNode(before: Placement | undefined, after: Placement | undefined): boolean {
    // A node or a DaemonSet that came or went is told from the one that was there before and after.
    if (!before || !after) return ![before, after].some(one => one && this.#isNewOrGone(one.daemonSet));
    if (before.wanted === after.wanted) return false;
    return this.#scheduling.compile(before.daemonSet.object).verdict(after.node).wanted === after.wanted;
  }

  #isNewOrGone({ namespace, name, uid }: Entry): boolean {
    const now = this.registry.get(daemonSets, namespace, name);
    return now?.uid !== uid || created(now, this.#from) !== undefined;
  }

  /** The last write to the pods, the node or the DaemonSet of a difference. */
  async lastOf(difference: Pick<PlacementDifference, 'before' | 'after'>): Promise<Change | undefined> {
    const { before, after } = difference;
    const others = [after?.node ?? before?.node, after?.daemonSet ?? before?.daemonSet].filter(entry => !!entry);
    const last = await Promise.all(others.map(entry => this.#last(entry)));
    return this.#write(newest([...last, await this.#lastOfPods(difference)]));
  }

  /** The last write to one of these objects. */
  async lastTo(entries: readonly (Entry | undefined)[]): Promise<Change | undefined> {
    return this.#write(newest(await Promise.all(entries.map(entry => entry && this.#last(entry)))));
  }

  async #lastOfPods({ before, after }: Pick<PlacementDifference, 'before' | 'after'>): Promise<number | undefined> {
    const pods = new Map([...(before?.pods ?? []), ...(after?.pods ?? [])].map(pod => [pod.uid, pod]));
    return newest(await Promise.all([...pods.values()].map(pod => this.#last(pod))));
  }

  async #last(entry: Entry): Promise<number | undefined> {
    return this.#within(await this.#at(entry, this.#to));
  }

  /** The last write that changed of a node what pods are placed by; of a new one, what made it. */
  async #decisiveOfNode(entry: Entry<Node>): Promise<number | undefined> {
    let version = await this.#at(entry, this.#to);
    const born = created(entry, this.#from);
    if (born && version && !(await this.#isDeletion(version))) return born;
    for (let i = 0; i < VERSIONS && version && this.#within(version); i++) {
      const earlier: Entry<Node> | undefined = await this.#at(entry, version.revision - 1);
      const isEnd = !earlier || (await this.#isDeletion(version));
      if (isEnd || !equalJson(decidingParts(earlier), decidingParts(version))) return version.revision;
      version = earlier;
    }
    return undefined;
  }

  /** The last write that changed what a DaemonSet wants; of a new one, what made it. Found by halving, since its generation tells of these. */
  async #decisiveOfSet(entry: Entry): Promise<number | undefined> {
    const last = await this.#at(entry, this.#to);
    if (!last || !this.#within(last)) return undefined;
    if (await this.#isDeletion(last)) return last.revision;
    const born = created(entry, this.#from);
    if (born) return born;
    const generationAt = async (revision: number) => (await this.#at(entry, revision))?.object.metadata.generation ?? 0;
    const wanted = last.object.metadata.generation ?? 0;
    if ((await generationAt(this.#from)) === wanted) return undefined;
    let [low, high] = [this.#from, last.revision];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if ((await generationAt(middle)) === wanted) high = middle;
      else low = middle;
    }
    return high;
  }

  /** The write by which a pod was told to go, or by which it went without being told. */
  async #begunToGo(entry: Entry): Promise<number | undefined> {
    let version = await this.#at(entry, this.#to);
    for (let i = 0; i < VERSIONS && version && this.#within(version); i++) {
      const earlier: Entry | undefined = await this.#at(entry, version.revision - 1);
      if (earlier?.object.metadata.deletionTimestamp === undefined) return version.revision;
      version = earlier;
    }
    return undefined;
  }

  #at<T extends Entry>(entry: T, revision: number): Promise<T | undefined> {
    return this.registry.log.versionAt(entry, revision) as Promise<T | undefined>;
  }

  async #isDeletion({ revision }: Entry): Promise<boolean> {
    return (await this.registry.log.write(revision))?.type === 'DELETED';
  }

  #within(entry: Entry | undefined): number | undefined {
    return entry && entry.revision > this.#from ? entry.revision : undefined;
  }

  async #write(revision: number | undefined): Promise<Change | undefined> {
    return revision === undefined ? undefined : this.registry.log.write(revision);
  }

  #once({ resource, uid }: Entry, find: () => Promise<number | undefined>): Promise<number | undefined> {
    const key = `${resource} ${uid}`;
    let found = this.#found.get(key);
    if (!found) this.#found.set(key, (found = find()));
    return found;
  }
}

/** What of a node decides on whether pods are placed there. */
function decidingParts({ object: { metadata, spec, status } }: Entry<Node>): unknown {
  const conditions = status.conditions?.map(({ type, status: is }) => ({ type, is }));
  const { labels, deletionTimestamp } = metadata;
  const { unschedulable, taints } = spec;
  return { labels, deletionTimestamp, unschedulable, taints, conditions, allocatable: status.allocatable };
}

const newest = (revisions: readonly (number | undefined)[]): number | undefined =>
  revisions.reduce((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined);

/** When an object was made, if that was after a revision. */
function created(entry: Entry, from: number): number | undefined {
  const at = 'created' in entry ? Number(entry.created) : 0;
  return at > from ? at : undefined;
}
