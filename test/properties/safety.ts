/**
 * What must be true of every single write of the DaemonSet controller, looked at in the log. A write was decided some revisions
 * before, at the latest when its reconcile began, and others may have written since: so it is right if it was right at any
 * revision in between.
 */
import { type ResourceDefinition, storeKey } from '../../src/resources/definition.js';
import { controllerRevisions, daemonSets, nodes, pods } from '../../src/resources/index.js';
import type { DaemonSet, KubeObject, Pod } from '../../src/resources/types.js';
import type { Row } from '../../src/store/backend.js';
import {
  budget,
  byAge,
  currentHash,
  hashOf,
  isAvailable,
  podsOf,
  podsOn,
  readyCondition,
  surges,
  unavailableNodes,
} from './model.js';
import { controllerOf, hasEnded, isGoing, isLive, keyOf, nodeOf, type State } from './state.js';
import { AUTOMATIC, wish } from './wish.js';

/** What a set's controller did to a node by one write. */
interface Deed {
  readonly revision: number;
  readonly node: string;
  /** It took down a pod that served, or brought a second one beside one that serves. */
  readonly what: 'emptied' | 'doubled';
}

/** Who made a write: it was decided on nothing older than `from`. */
export interface Author {
  readonly from: number;
}

/** What a write is held against: the cluster when it may have been decided, and what the set's controller did between then and now. */
interface Moment {
  readonly state: State;
  readonly set: DaemonSet;
  readonly emptied: ReadonlySet<string>;
  readonly doubled: ReadonlySet<string>;
}

/** Whether something was so at any moment when a write may have been decided. */
type Ever = (check: (moment: Moment) => boolean) => boolean;

const KINDS: ReadonlySet<string> = new Set(
  [nodes, daemonSets, pods, controllerRevisions].map(kind => storeKey(kind as ResourceDefinition<KubeObject>)),
);

/** The state at each revision that changed it, the newest last. */
export class Replay {
  readonly #states: { readonly revision: number; readonly state: State }[] = [];
  readonly #objects = new Map<string, ReadonlyMap<string, KubeObject>>();

  constructor(private readonly old: boolean) {}

  apply({ revision, resource, namespace, name, type, json, time }: Row): void {
    if (!KINDS.has(resource)) return;
    const after = new Map(this.#objects.get(resource));
    const key = `${namespace}/${name}`;
    if (type === 'DELETED') after.delete(key);
    else after.set(key, json.parse() as KubeObject);
    this.#objects.set(resource, after);
    const all = <T extends KubeObject>(kind: ResourceDefinition<T>) =>
      [...(this.#objects.get(storeKey(kind as unknown as ResourceDefinition)) ?? new Map()).values()] as T[];
    const state: State = {
      now: time,
      nodes: all(nodes),
      sets: all(daemonSets),
      pods: all(pods),
      revisions: all(controllerRevisions),
      old: this.old,
    };
    this.#states.push({ revision, state });
  }

  /** The newest. */
  get latest(): State | undefined {
    return this.#states.at(-1)?.state;
  }

  /** What there was from a revision on until now, the newest first. */
  *since(revision: number): Iterable<{ readonly revision: number; readonly state: State }> {
    for (let i = this.#states.length - 1; i >= 0; i--) {
      yield this.#states[i]!;
      if (this.#states[i]!.revision <= revision) return;
    }
  }
}

/** Everything that the DaemonSet controller did and should not have done, by revision. */
export function violations(rows: Iterable<Row>, authors: ReadonlyMap<number, Author>, old: boolean): string[] {
  const wrong: string[] = [];
  const replay = new Replay(old);
  /** Of each set, by its uid. */
  const deeds = new Map<string | undefined, Deed[]>();
  for (const row of rows) {
    const author = row.resource === storeKey(pods) ? authors.get(row.revision) : undefined;
    const podIn = (state: State | undefined) => state?.pods.find(pod => keyOf(pod) === `${row.namespace}/${row.name}`);
    const before = podIn(replay.latest);
    const past = author ? [...replay.since(author.from)] : [];
    replay.apply(row);
    if (!author) continue;
    const after = row.type === 'DELETED' ? undefined : podIn(replay.latest);
    const uid = controllerOf((after ?? before)!)?.uid;
    const mine = deeds.get(uid) ?? [];
    deeds.set(uid, mine);
    const ever: Ever = check =>
      past.some(({ revision, state }) => {
        const set = state.sets.find(({ metadata }) => metadata.uid === uid);
        if (!set) return false;
        const since = (what: Deed['what']) =>
          new Set(mine.filter(deed => deed.revision > revision && deed.what === what).map(deed => deed.node));
        const moment = { state, set, emptied: since('emptied'), doubled: since('doubled') };
        return check(moment) || check({ ...moment, state: { ...state, now: row.time } });
      });
    const done = (what: Deed['what'], node: string) => mine.push({ revision: row.revision, node, what });
    const complaint = judgeWrite(before, after, done, ever);
    if (complaint) wrong.push(`revision ${row.revision}: ${complaint}`);
  }
  return wrong;
}

type Done = (what: Deed['what'], node: string) => void;

function judgeWrite(before: Pod | undefined, after: Pod | undefined, done: Done, ever: Ever): string | undefined {
  if (!before) return judgeCreation(after!, done, ever);
  const goes = !after || (isGoing(after) && !isGoing(before));
  return goes && isLive(before) ? judgeDeletion(before, done, ever) : undefined;
}

function judgeCreation(pod: Pod, done: Done, ever: Ever): string | undefined {
  const name = nodeOf(pod)!;
  const nodeIn = (state: State) => state.nodes.find(node => node.metadata.name === name);
  if (!ever(({ state, set }) => wish(state, set, nodeIn(state)) === 'run'))
    return `a pod is made for ${name}, which should have none`;
  let flaws: string[] = [];
  if (!ever(({ state, set }) => (flaws = flawsOf(pod, name, state, set)).length === 0))
    return `the pod for ${name} is not as its template wants it: ${flaws.join(', ')}`;
  const isFree = ever(({ state, set }) => {
    const there = podsOn(state, set, name);
    return surges(set) && !state.old ? !there.some(isLive) : there.length === 0;
  });
  if (isFree) return undefined;
  const isAllowed = ever(({ state, set, doubled }) => {
    const ages = byAge(state, set, name);
    if (!surges(set) || state.old || ages.new.length > 0 || ages.old.length !== 1) return false;
    // One that is of no use does not count: it is as if it were not there (SUR-04).
    if (!isAvailable(state, set, ages.old[0]!)) return true;
    const others = state.nodes.map(node => node.metadata.name).filter(other => other !== name && !doubled.has(other));
    const already = others.filter(
      other => byAge(state, set, other).old.length > 0 && byAge(state, set, other).new.length > 0,
    );
    return already.length + doubled.size < budget(state, set).maxSurge;
  });
  if (!isAllowed) return `a pod too many is made for ${name}`;
  // Of no use, and so not counted: only if it never was during the reconcile.
  if (ever(({ state, set }) => byAge(state, set, name).old.some(old => isAvailable(state, set, old))))
    done('doubled', name);
  return undefined;
}

/** In what a new pod differs from what its set makes of its template (POD-02 to POD-06). */
function flawsOf({ metadata, spec }: Pod, node: string, state: State, set: DaemonSet): string[] {
  const { template } = set.spec;
  const isIn = (given: Record<string, string> = {}, wanted: Record<string, string> = {}) =>
    Object.entries(wanted).every(([key, value]) => given[key] === value);
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const automatic = AUTOMATIC.filter(([key]) => !state.old || key !== 'node.kubernetes.io/pid-pressure');
  const tolerated = (spec.tolerations ?? []).map(t => JSON.stringify(t));
  const checks: Readonly<Record<string, boolean>> = {
    hash: hashOf({ metadata } as Pod) === currentHash(state, set),
    labels: isIn(metadata.labels, template.metadata?.labels),
    annotations: isIn(metadata.annotations, template.metadata?.annotations),
    finalizers: String(metadata.finalizers ?? []) === String(template.metadata?.finalizers ?? []),
    owner: metadata.ownerReferences?.length === 1,
    image: spec.containers[0]!.image === template.spec.containers[0]!.image,
    nodeSelector: isIn(spec.nodeSelector, template.spec.nodeSelector),
    place: state.old ? spec.nodeName === node : JSON.stringify(required?.nodeSelectorTerms) === JSON.stringify([term]),
    tolerations: automatic.every(([key, effect]) =>
      spec.tolerations?.some(t => t.key === key && t.effect === effect && t.tolerationSeconds === undefined),
    ),
    'tolerations of its own': (template.spec.tolerations ?? []).every(
      t =>
        tolerated.includes(JSON.stringify(t)) ||
        AUTOMATIC.some(([key, effect]) => t.key === key && t.effect === effect),
    ),
  };
  return Object.keys(checks).filter(what => !checks[what]);
}

function judgeDeletion(pod: Pod, done: Done, ever: Ever): string | undefined {
  const name = nodeOf(pod);
  if (name === undefined) return `${keyOf(pod)} is deleted, which is for no node`;
  const nodeIn = (state: State) => state.nodes.find(node => node.metadata.name === name);
  if (ever(({ state, set }) => wish(state, set, nodeIn(state)) === 'go')) return undefined;
  const same = (other: Pod) => other.metadata.uid === pod.metadata.uid;
  const isOld = (state: State, set: DaemonSet) => byAge(state, set, name).old.some(same);
  const isSurging = (state: State, set: DaemonSet) => surges(set) && !state.old;
  /** One of a kind is enough; without surge, one. */
  const isSurplus = ever(({ state, set }) => {
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
  if (!ever(({ state, set }) => isRolling(set) && isOld(state, set)))
    return `${keyOf(pod)} on ${name} is deleted for no reason`;
  const serves = (state: State, set: DaemonSet) => podsOf(state, set).some(p => same(p) && isAvailable(state, set, p));
  if (ever(({ state, set }) => isOld(state, set) && !serves(state, set))) return undefined;
  const isAllowed = ever(({ state, set, emptied }) => {
    if (!isRolling(set) || !isOld(state, set)) return false;
    const ages = byAge(state, set, name);
    if (isSurging(state, set)) {
      if (ages.new.some(other => isAvailable(state, set, other))) return true;
      if (ages.new.length > 0 && !readyCondition(pod)) return true;
      return wish(state, set, nodeIn(state)) !== 'run' && canBeSpared(state, set, emptied);
    }
    const unavailable = new Set([...unavailableNodes(state, set), ...emptied, name]);
    return unavailable.size <= budget(state, set).maxUnavailable;
  });
  if (!isAllowed) return `${keyOf(pod)} on ${name} is deleted, and too few are left that serve`;
  done('emptied', name);
  return undefined;
}

/** More nodes are served than should be, also without those that were emptied already. */
function canBeSpared(state: State, set: DaemonSet, emptied: ReadonlySet<string>): boolean {
  const served = new Set(
    podsOf(state, set)
      .filter(pod => !hasEnded(pod) && !isGoing(pod) && isAvailable(state, set, pod))
      .map(nodeOf),
  );
  for (const name of emptied) served.delete(name);
  const desired = state.nodes.filter(node => wish(state, set, node) === 'run').length;
  return served.size > desired;
}
