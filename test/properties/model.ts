/**
 * What must be true of daemon pods once everything has come to rest: written for the tests alone, in the plainest way, from
 * Kubernetes' documented behaviour. It shares no code with the controller that it judges.
 */
import type { ControllerRevision, DaemonSet, KubeObject, LabelSelector, Pod } from '../../src/resources/types.js';
import { controllerOf, hasEnded, isGoing, isLive, keyOf, nodeOf, type State } from './state.js';
import { matches, type Wish, wish } from './wish.js';

// ---- pods ----

function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, object: KubeObject): boolean {
  const labels = object.metadata.labels ?? {};
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(e => matches(e, labels[e.key]))
  );
}

/** The pods that are a set's: those it owns and selects, and those that it is about to adopt. */
export function podsOf({ pods }: State, { metadata, spec }: DaemonSet): Pod[] {
  return pods.filter(pod => {
    if (pod.metadata.namespace !== metadata.namespace || !selects(spec.selector, pod)) return false;
    const controller = controllerOf(pod);
    return controller ? controller.uid === metadata.uid : !isGoing(pod);
  });
}

/** The pods of a set that stand, or are to stand, on a node; those that have ended and are going are no longer there (since 1.27). */
export const podsOn = (state: State, set: DaemonSet, node: string) =>
  podsOf(state, set).filter(pod => nodeOf(pod) === node && (state.old || !(hasEnded(pod) && isGoing(pod))));

export const readyCondition = (pod: Pod) => pod.status.conditions?.find(c => c.type === 'Ready' && c.status === 'True');

export function isAvailable({ now }: State, { spec: { minReadySeconds = 0 } }: DaemonSet, pod: Pod): boolean {
  const ready = readyCondition(pod);
  if (!ready) return false;
  return minReadySeconds === 0 || Date.parse(ready.lastTransitionTime!) + minReadySeconds * 1000 <= now;
}

// ---- revisions ----

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
    .join()}}`;
}

const revisionsOf = ({ revisions }: State, { metadata }: DaemonSet) =>
  revisions.filter(r => controllerOf(r)?.uid === metadata.uid);

/** What templates and revisions come to as text, since the same ones are compared at every revision. */
const texts = new WeakMap<object, string>();

function textOf(object: object, part: unknown): string {
  const text = texts.get(object) ?? canonical(part);
  texts.set(object, text);
  return text;
}

const keeps = (set: DaemonSet, revision: ControllerRevision) =>
  textOf(revision, revision.data) === textOf(set, { spec: { template: { ...set.spec.template, $patch: 'replace' } } });

export const hashOf = ({ metadata }: KubeObject) => metadata.labels?.['controller-revision-hash'];

/** The revisions of a set's template as it is: its own; if it has none, those of its name that another set owns (REV-07). */
function currentRevisions(state: State, set: DaemonSet): ControllerRevision[] {
  const own = revisionsOf(state, set).filter(r => keeps(set, r));
  if (own.length > 0) return own;
  return state.revisions.filter(
    r =>
      r.metadata.namespace === set.metadata.namespace &&
      r.metadata.name === `${set.metadata.name}-${hashOf(r)}` &&
      keeps(set, r),
  );
}

/** Sets that do not own the revision of their template, and so do not hear of its end (CTL-08). */
export const borrowers = (state: State) => state.sets.filter(set => !revisionsOf(state, set).some(r => keeps(set, r)));

/** The hash of a set's template as it is; `undefined` if there is no revision of it yet. */
export const currentHash = (state: State, set: DaemonSet) => {
  const current = currentRevisions(state, set);
  const newest = current.sort((a, b) => b.revision - a.revision)[0];
  return newest && hashOf(newest);
};

// ---- budgets ----

function scaled(value: number | string | undefined, total: number): number {
  if (typeof value === 'string') return Math.ceil((total * Number(value.slice(0, -1))) / 100);
  return value ?? 0;
}

export function budget(state: State, set: DaemonSet): { maxUnavailable: number; maxSurge: number } {
  const desired = state.nodes.filter(node => ['run', 'wait'].includes(wish(state, set, node))).length;
  const { rollingUpdate } = set.spec.updateStrategy;
  const maxUnavailable = scaled(rollingUpdate?.maxUnavailable, desired);
  const maxSurge = scaled(rollingUpdate?.maxSurge, desired);
  const isStuck = desired > 0 && maxUnavailable === 0 && maxSurge === 0;
  return { maxUnavailable: isStuck ? 1 : maxUnavailable, maxSurge: state.old ? 0 : maxSurge };
}

export const surges = (set: DaemonSet) =>
  set.spec.updateStrategy.type === 'RollingUpdate' && scaled(set.spec.updateStrategy.rollingUpdate?.maxSurge, 1) > 0;

/** Old and new live pods of a set on a node. */
export function byAge(state: State, set: DaemonSet, node: string): { old: Pod[]; new: Pod[] } {
  const hash = currentHash(state, set);
  const live = podsOn(state, set, node).filter(isLive);
  const isNew = (pod: Pod) => hash !== undefined && hashOf(pod) === hash;
  return { old: live.filter(pod => !isNew(pod)), new: live.filter(isNew) };
}

// ---- the verdict ----

/** Everything that is wrong with a cluster at rest. */
export function judge(state: State): string[] {
  const wrong: string[] = [];
  const live = state.sets.filter(set => !isGoing(set));
  for (const set of live) {
    const complain = (what: string) => wrong.push(`${keyOf(set)}: ${what}`);
    judgePlaces(state, set, complain);
    judgeRevisions(state, set, complain);
    judgeStatus(state, set, complain);
  }
  for (const object of [...state.pods, ...state.revisions]) {
    const what = `${object.kind} ${keyOf(object)}`;
    const inNamespace = live.filter(set => set.metadata.namespace === object.metadata.namespace);
    const controller = controllerOf(object);
    if (!controller) {
      if (!isGoing(object) && inNamespace.some(set => selects(set.spec.selector, object)))
        wrong.push(`${what} is nobody's, and ought to be adopted`);
    } else if (controller.kind === 'DaemonSet' && !isGoing(object)) {
      const owner = state.sets.find(set => set.metadata.uid === controller.uid);
      if (!owner) wrong.push(`${what} has outlived its owner ${controller.name}`);
      else if (!isGoing(owner) && !selects(owner.spec.selector, object))
        wrong.push(`${what} is not what its owner ${controller.name} selects`);
    }
  }
  for (const pod of state.pods) {
    const { nodeName } = pod.spec;
    if (nodeName && !isGoing(pod) && !state.nodes.some(node => node.metadata.name === nodeName))
      wrong.push(`Pod ${keyOf(pod)} is on the node ${nodeName}, which is gone`);
  }
  return wrong;
}

type Complain = (what: string) => void;

function judgePlaces(state: State, set: DaemonSet, complain: Complain): void {
  const isSurging = surges(set) && !state.old;
  const wishes = new Map(state.nodes.map(node => [node.metadata.name, wish(state, set, node)]));
  for (const [name, wanted] of wishes) {
    if (wanted === 'wait') continue;
    const there = podsOn(state, set, name);
    const ended = there.filter(
      pod => hasEnded(pod) && !(state.old && (pod.status.phase === 'Succeeded' || isGoing(pod))),
    );
    const ages = byAge(state, set, name);
    const live = [...ages.old, ...ages.new];
    if (wanted === 'go' && there.some(pod => !isGoing(pod))) complain(`has a pod on ${name}, where none may be`);
    // Without surge a pod that is going holds the place of the next one until it is gone; before 1.27 one that had ended well did so too.
    const isTaken = there.length > ended.length && !isSurging;
    const isPossible = !isTaken && !state.ending?.includes(set.metadata.namespace!);
    if (wanted === 'run' && live.length === 0 && isPossible) complain(`has no pod on ${name}`);
    if (wanted !== 'go' && ended.length > 0) complain(`leaves an ended pod on ${name}`);
    if (ages.old.length > 1 || ages.new.length > 1) complain(`has several pods of a kind on ${name}`);
    const [old] = ages.old;
    const [young] = ages.new;
    if (old && young) {
      if (!isSurging || !readyCondition(old) || isAvailable(state, set, young)) complain(`has two pods on ${name}`);
    } else if (old && set.spec.updateStrategy.type === 'RollingUpdate') {
      if (!isAvailable(state, set, old)) complain(`leaves an old pod on ${name} that is of no use`);
      else if (!(isSurging ? surgeIsUsedUp : budgetIsUsedUp)(state, set, wanted))
        complain(`does not bring ${name} up to date`);
    }
  }
  for (const pod of podsOf(state, set)) {
    const name = nodeOf(pod);
    if (name && !wishes.has(name) && isLive(pod) && !state.old) complain(`has a pod for ${name}, which is gone`);
  }
}

const isDesired = (wanted: Wish) => wanted === 'run' || wanted === 'wait';

const desiredNodes = (state: State, set: DaemonSet) =>
  state.nodes.filter(node => isDesired(wish(state, set, node))).map(node => node.metadata.name);

/** Nodes that count in a rollout and have no pod that serves: those that should have one, and since 1.12 all that have any (UPD-04). */
export function unavailableNodes(state: State, set: DaemonSet): string[] {
  const others = state.old ? [] : podsOf(state, set).filter(pod => podsOn(state, set, nodeOf(pod) ?? '').length > 0);
  const counted = new Set([...desiredNodes(state, set), ...others.map(pod => nodeOf(pod)!)]);
  return [...counted].filter(name => !byAgeFlat(state, set, name).some(pod => isAvailable(state, set, pod)));
}

const byAgeFlat = (state: State, set: DaemonSet, node: string) => Object.values(byAge(state, set, node)).flat();

/** Nothing more may be taken down. */
const budgetIsUsedUp = (state: State, set: DaemonSet) =>
  unavailableNodes(state, set).length >= budget(state, set).maxUnavailable;

/** No node more may have two pods; or, on a node that should have none any more, no pod can be spared. */
function surgeIsUsedUp(state: State, set: DaemonSet, wanted: Wish): boolean {
  const names = new Set(podsOf(state, set).map(pod => nodeOf(pod) ?? ''));
  const ages = [...names].map(name => byAge(state, set, name));
  if (wanted === 'run')
    return ages.filter(age => age.old.length > 0 && age.new.length > 0).length >= budget(state, set).maxSurge;
  const serving = ages.map(age => age.old[0] ?? age.new[0]).filter(pod => pod && isAvailable(state, set, pod));
  return serving.length <= desiredNodes(state, set).length;
}

function judgeRevisions(state: State, set: DaemonSet, complain: Complain): void {
  const all = revisionsOf(state, set);
  const current = currentRevisions(state, set);
  if (current.length !== 1) complain(`has ${current.length} revisions of its template`);
  const newest = Math.max(...all.map(r => r.revision));
  if (current[0] && all.includes(current[0]) && current[0].revision < newest)
    complain('has a revision newer than that of its template');
  if (all.some(r => hashOf(r) === undefined)) complain('has a revision without a hash');
  const hashes = new Set(podsOf(state, set).map(hashOf));
  const old = all.filter(r => !keeps(set, r));
  const dead = old.filter(r => !hashes.has(hashOf(r)!));
  const surplus = old.length - (set.spec.revisionHistoryLimit ?? 10);
  if (surplus > 0 && dead.length > 0) complain(`keeps ${old.length} old revisions, ${dead.length} of them of no pod`);
}

function judgeStatus(state: State, set: DaemonSet, complain: Complain): void {
  const hash = currentHash(state, set);
  const expected: Record<string, number> = {
    desiredNumberScheduled: 0,
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    numberReady: 0,
    numberAvailable: 0,
    updatedNumberScheduled: 0,
    numberUnavailable: 0,
    observedGeneration: set.metadata.generation!,
  };
  for (const node of state.nodes) {
    const there = podsOn(state, set, node.metadata.name);
    const wanted = wish(state, set, node);
    if (wanted === 'stay' || wanted === 'go') {
      if (there.length > 0) expected.numberMisscheduled!++;
      continue;
    }
    expected.desiredNumberScheduled!++;
    const first = there.sort(inOrder)[0];
    if (first) expected.currentNumberScheduled!++;
    if (first && readyCondition(first)) expected.numberReady!++;
    if (first && isAvailable(state, set, first)) expected.numberAvailable!++;
    else expected.numberUnavailable!++;
    if (first && hash !== undefined && hashOf(first) === hash) expected.updatedNumberScheduled!++;
  }
  const told = set.status as unknown as Record<string, number | undefined>;
  for (const [field, count] of Object.entries(expected))
    if ((told[field] ?? 0) !== count) complain(`tells ${field} ${told[field] ?? 0}, and it is ${count}`);
}

/** Of several pods of a node the status tells of this one: bound ones first, then the oldest, then by name. */
function inOrder(a: Pod, b: Pod): number {
  const rank = (pod: Pod) => `${pod.spec.nodeName ? 0 : 1} ${pod.metadata.creationTimestamp} ${pod.metadata.name}`;
  return rank(a) < rank(b) ? -1 : 1;
}
