import { daemonPodOf } from '../controllers/daemonset/daemon-pod.js';
import { REVISION_HASH_LABEL } from '../controllers/workloads/revisions.js';
import { controllerOf, indexByController } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import { qualifiedName, type ResourceDefinition } from '../resources/definition.js';
import {
  controllerRevisions,
  daemonSets,
  deployments,
  jobs,
  nodes,
  pods,
  replicaSets,
  statefulSets,
} from '../resources/index.js';
import { equalUpToEmpty } from '../resources/json.js';
import type { KubeObject, Pod } from '../resources/types.js';
import type { Deployment, ReplicaSet, StatefulSet } from '../resources/workload-types.js';
import type { Change, Entry } from '../store/entry.js';
import { type Pair, sideBySide } from './side-by-side.js';

/** The row of pods that are on no node. */
export const NO_NODE = '';

/** What stands between pods and whoever made them: of a Deployment's pods the ReplicaSet. */
export const BETWEEN = [replicaSets, jobs] as const;

/** The kinds that a map of the cluster tells of. */
const ON_MAP = [
  pods,
  nodes,
  daemonSets,
  controllerRevisions,
  deployments,
  statefulSets,
  ...BETWEEN,
] as readonly unknown[] as readonly ResourceDefinition[];

/** What of the map may look another way than before. Grows to what there is on it at most. */
export class Touched {
  /** Names of nodes, and whether the node itself is another. */
  readonly nodes = new Map<string, boolean>();
  /** `namespace/name` of DaemonSets that are another. */
  readonly daemonSets = new Set<string>();
  /** Whether any row may look another way. */
  everywhere = false;

  /** What is different in `after`, seen from `before`. */
  static between(before: Registry, after: Registry): Touched {
    const touched = new Touched();
    for (const kind of ON_MAP) {
      const resource = qualifiedName(kind);
      for (const pair of sideBySide(before.all(kind), after.all(kind)))
        if (pair.before?.revision !== pair.after?.revision) touched.note(after, resource, pair);
    }
    return touched;
  }

  get isEmpty(): boolean {
    return !this.everywhere && this.nodes.size === 0 && this.daemonSets.size === 0;
  }

  /** Takes changes into account, in either direction of time. */
  noteAll(registry: Registry, changes: readonly Change[]): void {
    for (const { type, entry, previous } of changes)
      this.note(registry, entry.resource, { before: previous, after: type === 'DELETED' ? undefined : entry });
  }

  /** Takes a change of one object into account. */
  note(registry: Registry, resource: string, pair: Pair<KubeObject>): void {
    switch (resource) {
      case PODS:
        for (const version of [pair.before, pair.after] as (Entry<Pod> | undefined)[])
          if (version) this.#notePod(version);
        break;
      case NODES:
        this.nodes.set((pair.after ?? pair.before)!.name, true);
        break;
      case DAEMON_SETS: {
        const { namespace, name } = (pair.after ?? pair.before)!;
        this.daemonSets.add(`${namespace}/${name}`);
        // What it wants and where is told by its spec; its status tells nothing of a row.
        this.everywhere ||= versionOfSpec(pair.before) !== versionOfSpec(pair.after);
        break;
      }
      case REVISIONS:
        if (hashesOf(pair.before) !== hashesOf(pair.after)) this.#notePodsOf(registry, ownersOf(pair));
        break;
      case DEPLOYMENTS:
        // Its own status, and how many pods it wants, tell nothing of which are older.
        if (!isOfOneTemplate(pair as Pair<Deployment>))
          this.#notePodsBehind(registry, (pair.after ?? pair.before)!.uid);
        break;
      case STATEFUL_SETS:
        if (updateRevisionOf(pair.before) !== updateRevisionOf(pair.after))
          this.#notePodsOf(registry, [(pair.after ?? pair.before)!.uid]);
        break;
      case REPLICA_SETS:
        // Which of a Deployment's sets is the present one may be another by then.
        if (!isOfOneTemplate(pair as Pair<ReplicaSet>))
          for (const uid of ownersOf(pair)) this.#notePodsBehind(registry, uid);
        this.#noteMade(registry, pair);
        break;
      case JOBS:
        this.#noteMade(registry, pair);
    }
  }

  #notePod(pod: Entry<Pod>): void {
    const { node, bound } = daemonPodOf(pod);
    if (node !== undefined && !this.nodes.has(node)) this.nodes.set(node, false);
    if (!bound) this.nodes.set(NO_NODE, false);
  }

  /** The pods of what stands between them and whoever made them, where that is another. */
  #noteMade(registry: Registry, pair: Pair<KubeObject>): void {
    if (controllerUid(pair.before) !== controllerUid(pair.after))
      this.#notePodsOf(registry, [(pair.after ?? pair.before)!.uid]);
  }

  /** The pods of all sets of a Deployment. */
  #notePodsBehind(registry: Registry, deployment: string): void {
    const sets = indexByController(registry, replicaSets).get(deployment);
    this.#notePodsOf(
      registry,
      sets.map(({ uid }) => uid),
    );
  }

  #notePodsOf(registry: Registry, uids: Iterable<string>): void {
    for (const uid of uids) for (const pod of indexByController(registry, pods).get(uid)) this.#notePod(pod);
  }
}

const PODS = qualifiedName(pods);
const NODES = qualifiedName(nodes);
const DAEMON_SETS = qualifiedName(daemonSets);
const REVISIONS = qualifiedName(controllerRevisions);
const REPLICA_SETS = qualifiedName(replicaSets);
const JOBS = qualifiedName(jobs);
const DEPLOYMENTS = qualifiedName(deployments);
const STATEFUL_SETS = qualifiedName(statefulSets);

type Version = Entry<KubeObject> | undefined;

const versionOfSpec = (version: Version) => version && `${version.uid} ${version.object.metadata.generation}`;

const updateRevisionOf = (version: Version) =>
  version && `${version.uid} ${(version.object as StatefulSet).status?.updateRevision}`;

/** Whether two versions make the same pods: what is asked of every version, and mostly told by the generation alone. */
function isOfOneTemplate({ before, after }: Pair<Deployment | ReplicaSet>): boolean {
  if (before?.uid !== after?.uid) return false;
  const [a, b] = [before!.object, after!.object];
  return a.metadata.generation === b.metadata.generation || equalUpToEmpty(a.spec.template, b.spec.template);
}

const controllerUid = (version: Version) => version && controllerOf(version.object)?.uid;

/** What pods are told by, and whose. */
const hashesOf = (version: Version) =>
  version && `${controllerUid(version)} ${version.object.metadata.labels?.[REVISION_HASH_LABEL]}`;

const ownersOf = ({ before, after }: Pair<KubeObject>) =>
  new Set([controllerUid(before), controllerUid(after)].filter(uid => uid !== undefined));
