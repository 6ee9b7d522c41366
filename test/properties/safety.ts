/**
 * What must be true of every single write of the DaemonSet controller, looked at in the log. A write was decided some revisions
 * before, at the latest when its reconcile began, and others may have written since: so it is right if it was right at any
 * revision in between.
 */
import { type ResourceDefinition, storeKey } from '../../src/resources/definition.js';
import { controllerRevisions, daemonSets, nodes, pods } from '../../src/resources/index.js';
import type { DaemonSet, KubeObject, Pod } from '../../src/resources/types.js';
import type { Backend, Row } from '../../src/store/backend.js';
import {
  budget,
  byAge,
  controllerOf,
  hasEnded,
  isAvailable,
  isLive,
  keyOf,
  nodeOf,
  podsOf,
  podsOn,
  readyCondition,
  type State,
  surges,
  unavailableNodes,
  wish,
} from './model.js';

/** What a reconcile has written up to now. */
interface Deeds {
  /** Nodes on which it took down a pod that served. */
  readonly emptied: Set<string>;
  /** Nodes to which it brought a second pod, beside one that serves. */
  readonly doubled: Set<string>;
}

/** A reconcile, by what it wrote: it decided on nothing older than `from`. */
export interface Author {
  readonly from: number;
}

/** The state at each revision, the newest last. */
class Replay {
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #states: State[] = [];

  constructor(private readonly old: boolean) {}

  apply({ resource, namespace, name, type, json, time }: Row): void {
    const before = this.#objects.get(resource) ?? new Map<string, KubeObject>();
    const after = new Map(before);
    const key = `${namespace}/${name}`;
    if (type === 'DELETED') after.delete(key);
    else after.set(key, JSON.parse(String(json.content)) as KubeObject);
    this.#objects.set(resource, after);
    const all = <T extends KubeObject>(kind: ResourceDefinition<T>) =>
      [...(this.#objects.get(storeKey(kind as unknown as ResourceDefinition)) ?? new Map()).values()] as T[];
    this.#states.push({
      now: time,
      nodes: all(nodes),
      sets: all(daemonSets),
      pods: all(pods),
      revisions: all(controllerRevisions),
      old: this.old,
    });
  }

  /** After the revision; before the first, nothing. */
  at(revision: number): State | undefined {
    return this.#states[revision - 1];
  }
}

/** Everything that the DaemonSet controller did and should not have done, by revision. */
export async function violations(
  backend: Backend,
  authors: ReadonlyMap<number, Author>,
  old: boolean,
): Promise<string[]> {
  const wrong: string[] = [];
  const replay = new Replay(old);
  const deeds = new Map<Author, Deeds>();
  for (const row of await backend.read(0, Number.POSITIVE_INFINITY)) {
    replay.apply(row);
    const author = authors.get(row.revision);
    if (!author || row.resource !== storeKey(pods)) continue;
    const done = deeds.get(author) ?? { emptied: new Set(), doubled: new Set() };
    deeds.set(author, done);
    const past: State[] = [];
    for (let revision = Math.max(author.from, 1); revision < row.revision; revision++) past.push(replay.at(revision)!);
    const before = replay.at(row.revision - 1)!.pods.find(pod => keyOf(pod) === `${row.namespace}/${row.name}`);
    const after =
      row.type === 'DELETED'
        ? undefined
        : replay.at(row.revision)!.pods.find(pod => keyOf(pod) === `${row.namespace}/${row.name}`);
    const complaint = judgeWrite(past, before, after, done, row.time);
    if (complaint) wrong.push(`revision ${row.revision}: ${complaint}`);
  }
  return wrong;
}

function judgeWrite(
  past: readonly State[],
  before: Pod | undefined,
  after: Pod | undefined,
  done: Deeds,
  now: number,
): string | undefined {
  const pod = (after ?? before)!;
  const uid = controllerOf(pod)?.uid;
  /** Whether something was so of the pod's set at any time when the write may have been decided. */
  const ever = (check: (state: State, set: DaemonSet) => boolean) =>
    past.some(state => {
      const set = state.sets.find(({ metadata }) => metadata.uid === uid);
      return set !== undefined && [state, { ...state, now }].some(moment => check(moment, set));
    });
  if (!before) return judgeCreation(pod, done, ever);
  const goes = !after || (isGoing(after) && !isGoing(before));
  return goes && isLive(before) ? judgeDeletion(before, done, ever) : undefined;
}

const isGoing = ({ metadata }: Pod) => metadata.deletionTimestamp !== undefined;

type Ever = (check: (state: State, set: DaemonSet) => boolean) => boolean;

function judgeCreation(pod: Pod, done: Deeds, ever: Ever): string | undefined {
  const name = nodeOf(pod)!;
  const nodeIn = (state: State) => state.nodes.find(node => node.metadata.name === name);
  if (!ever((state, set) => wish(state, set, nodeIn(state)) === 'run'))
    return `a pod is made for ${name}, which should have none`;
  const isFree = ever((state, set) => {
    const there = podsOn(state, set, name);
    return surges(set) && !state.old ? !there.some(isLive) : there.length === 0;
  });
  if (isFree) return undefined;
  const isAllowed = ever((state, set) => {
    const ages = byAge(state, set, name);
    if (!surges(set) || state.old || ages.new.length > 0 || ages.old.length !== 1) return false;
    // One that is of no use does not count: it is as if it were not there (SUR-04).
    if (!isAvailable(state, set, ages.old[0]!)) return true;
    const others = state.nodes
      .map(node => node.metadata.name)
      .filter(other => other !== name && !done.doubled.has(other));
    const doubled = others.filter(
      other => byAge(state, set, other).old.length > 0 && byAge(state, set, other).new.length > 0,
    );
    return doubled.length + done.doubled.size < budget(state, set).maxSurge;
  });
  if (!isAllowed) return `a pod too many is made for ${name}`;
  // Of no use, and so not counted: only if it never was during the reconcile.
  if (ever((state, set) => byAge(state, set, name).old.some(old => isAvailable(state, set, old))))
    done.doubled.add(name);
  return undefined;
}

function judgeDeletion(pod: Pod, done: Deeds, ever: Ever): string | undefined {
  const name = nodeOf(pod);
  if (name === undefined) return `${keyOf(pod)} is deleted, which is for no node`;
  const nodeIn = (state: State) => state.nodes.find(node => node.metadata.name === name);
  if (ever((state, set) => wish(state, set, nodeIn(state)) === 'go')) return undefined;
  const same = (other: Pod) => other.metadata.uid === pod.metadata.uid;
  const isOld = (state: State, set: DaemonSet) => byAge(state, set, name).old.some(same);
  const isSurging = (state: State, set: DaemonSet) => surges(set) && !state.old;
  /** One of a kind is enough; without surge, one. */
  const isSurplus = ever((state, set) => {
    const ages = byAge(state, set, name);
    // Before 1.27 one that had ended well counted as one that runs.
    const well = state.old ? podsOn(state, set, name).filter(p => p.status.phase === 'Succeeded' && !isGoing(p)) : [];
    const kind = isSurging(state, set)
      ? isOld(state, set)
        ? ages.old
        : ages.new
      : [...ages.old, ...ages.new, ...well];
    return kind.some(other => !same(other));
  });
  if (isSurplus) return undefined;
  const isRolling = (set: DaemonSet) => set.spec.updateStrategy.type === 'RollingUpdate';
  if (!ever((state, set) => isRolling(set) && isOld(state, set)))
    return `${keyOf(pod)} on ${name} is deleted for no reason`;
  const serves = (state: State, set: DaemonSet) => podsOf(state, set).some(p => same(p) && isAvailable(state, set, p));
  if (ever((state, set) => isOld(state, set) && !serves(state, set))) return undefined;
  const isAllowed = ever((state, set) => {
    if (!isRolling(set) || !isOld(state, set)) return false;
    const ages = byAge(state, set, name);
    if (isSurging(state, set)) {
      if (ages.new.some(other => isAvailable(state, set, other))) return true;
      if (ages.new.length > 0 && !readyCondition(pod)) return true;
      return wish(state, set, nodeIn(state)) !== 'run' && canBeSpared(state, set, done);
    }
    const unavailable = new Set([...unavailableNodes(state, set), ...done.emptied, name]);
    return unavailable.size <= budget(state, set).maxUnavailable;
  });
  if (!isAllowed) return `${keyOf(pod)} on ${name} is deleted, and too few are left that serve`;
  done.emptied.add(name);
  return undefined;
}

/** More nodes are served than should be, also without those that were emptied already. */
function canBeSpared(state: State, set: DaemonSet, { emptied }: Deeds): boolean {
  const served = new Set(
    podsOf(state, set)
      .filter(pod => !hasEnded(pod) && !isGoing(pod) && isAvailable(state, set, pod))
      .map(nodeOf),
  );
  for (const name of emptied) served.delete(name);
  const desired = state.nodes.filter(node => wish(state, set, node) === 'run').length;
  return served.size > desired;
}
