import type { Causes } from '../explain/causes.js';
import type { MapSheet } from '../explain/cluster-map.js';
import type { PlacementDiff, PlacementDifference } from '../explain/placement-diff.js';
import { type Placement, Placements } from '../explain/placements.js';
import type { PodDifference } from '../explain/pod-diff.js';
import type { NodeFit, PodExplanation } from '../explain/pod-explanation.js';
import { authorizeResource } from '../registry/authorize.js';
import type { Registry } from '../registry/registry.js';
import { StatusError } from '../registry/status.js';
import { type Deed, failed } from '../registry/turns.js';
import type { AnyDefinition, User } from '../registry/types.js';
import { apiVersionOf, type ResourceDefinition } from '../resources/definition.js';
import { daemonSets, nodes, pods } from '../resources/index.js';
import type {
  ControllerRevision,
  DaemonSet,
  Event,
  KubeObject,
  Namespace,
  Node,
  OwnerReference,
  Pod,
  PriorityClass,
  Service,
} from '../resources/types.js';
import type {
  CronJob,
  Deployment,
  Job,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from '../resources/workload-types.js';
import type { Change, Entry } from '../store/entry.js';

/**
 * One world at one moment, through the eyes of one user: all that resolvers read, they read through a view. Root fields choose
 * one (`Views`); whatever is below them carries the view it was seen in, and goes on in that.
 */
export class View {
  #placements: Placements | undefined;
  /** What was allowed already, or not: the same is asked for each of many objects. */
  readonly #allowed = new Set<string>();
  readonly #listable = new Map<string, boolean>();

  /**
   * @param registry the cluster as it is, its past, or a fork of it
   * @param user who looks; without one, somebody who may see everything
   */
  constructor(
    readonly registry: Registry,
    readonly user: User | undefined,
    placements?: Placements,
  ) {
    this.#placements = placements;
  }

  /** The placements of this moment. What is found of them is kept as long as the view. */
  get placements(): Placements {
    this.#placements ??= new Placements(this.registry);
    return this.#placements;
  }

  see<T extends KubeObject>(entry: Entry<T>): Seen<T> {
    return { view: this, entry };
  }

  /** @throws StatusError 403 as REST answers a user who may not get that object */
  get<T extends KubeObject>(kind: ResourceDefinition<T>, namespace: string, name: string): Seen<T> | undefined {
    this.check('get', kind, namespace, name);
    const entry = this.registry.get(kind, namespace, name);
    return entry && this.see(entry);
  }

  /**
   * All objects of a kind, of one namespace or of all, by namespace and name.
   * @throws StatusError 403 as REST answers a user who may not list them
   */
  all<T extends KubeObject>(kind: ResourceDefinition<T>, namespace?: string | null): readonly Entry<T>[] {
    this.checkList(kind, namespace);
    return this.registry.all(kind, namespace ?? undefined);
  }

  /** @throws StatusError 403 as REST answers a user who may not list a kind, in one namespace or in all */
  checkList(kind: Named, namespace?: string | null): void {
    this.check('list', kind, namespace ?? '');
  }

  /** Whether the user may list a kind in a namespace. */
  mayList(kind: Named, namespace: string): boolean {
    const key = `${kind.group}/${kind.plural} ${namespace}`;
    let answer = this.#listable.get(key);
    if (answer === undefined)
      this.#listable.set(key, (answer = this.#isAllowed(() => this.checkList(kind, namespace))));
    return answer;
  }

  #isAllowed(check: () => void): boolean {
    try {
      check();
      return true;
    } catch (error) {
      if (StatusError.is(error, 'Forbidden')) return false;
      throw error;
    }
  }

  /** Resolves when those objects of a kind are there that are made when somebody first asks for it. */
  async provide(kind: ResourceDefinition<KubeObject>): Promise<void> {
    const { log, inherent, turns } = this.registry;
    if (!log.frozen && inherent.lacks(kind)) await turns.take(() => inherent.needed(kind), lookAt(kind, this.user));
  }

  /**
   * Placements tell of DaemonSets, their pods, and nodes: they are for who may list these.
   * @throws StatusError 403
   */
  checkPlacements(namespace?: string | null): void {
    this.checkList(daemonSets, namespace);
    this.checkList(pods, namespace);
    this.checkList(nodes);
  }

  /** @throws StatusError 403 as REST answers a user who may not watch a kind, or the object of that name */
  checkWatch(kind: Named, namespace: string, name = ''): void {
    this.check('watch', kind, namespace, name);
  }

  /** @throws StatusError 403 as REST answers a user who may not create objects of a kind in a namespace */
  checkCreate(kind: Named, namespace: string): void {
    this.check('create', kind, namespace);
  }

  /** @throws StatusError 403 as REST answers a user who may not do that, to an object or a subresource of it */
  check(verb: string, { group, plural }: Named, namespace: string, name = '', subresource = ''): void {
    const { authorizer } = this.registry;
    if (authorizer.allowsAll || !this.user) return;
    const key = `${verb} ${group}/${plural}/${subresource} ${namespace}/${name}`;
    if (this.#allowed.has(key)) return;
    authorizeResource(authorizer, this.user, { verb, group, resource: plural, subresource, namespace, name });
    this.#allowed.add(key);
  }
}

type Named = Pick<ResourceDefinition, 'group' | 'plural'>;

/** An object, and the view that it was seen in. */
export interface Seen<T extends KubeObject = KubeObject> {
  readonly view: View;
  readonly entry: Entry<T>;
}

export type SeenNode = Seen<Node>;
export type SeenPod = Seen<Pod>;
export type SeenDaemonSet = Seen<DaemonSet>;
export type SeenRevision = Seen<ControllerRevision>;
export type SeenNamespace = Seen<Namespace>;
export type SeenEvent = Seen<Event>;
export type SeenService = Seen<Service>;
export type SeenPriorityClass = Seen<PriorityClass>;

/** What makes pods, and is no DaemonSet. */
export type AnyWorkload = Deployment | ReplicaSet | StatefulSet | ReplicationController | Job | CronJob;
export type SeenWorkload = Seen<AnyWorkload>;

/** A placement, and the view that it was seen in. */
export interface SeenPlacement {
  readonly view: View;
  readonly placement: Placement;
}

/** A part of the map of the cluster, and the view that it was drawn from. */
export interface SeenMap {
  readonly view: View;
  readonly sheet: MapSheet;
}

/** Where a pod can go, and the view that this was seen in. */
export interface SeenExplanation {
  readonly view: View;
  readonly pod: SeenPod | undefined;
  readonly explanation: PodExplanation;
}

/** A pod on a node that it could go to. */
export interface SeenFit {
  readonly node: SeenNode;
  readonly fit: NodeFit;
}

/** A node where others would have to leave for a pod. */
export interface SeenCandidate {
  readonly node: SeenNode;
  readonly candidate: PodExplanation['candidates'][number];
}

/** A write, and the view that its object is seen in. */
export interface SeenWrite {
  readonly view: View;
  readonly change: Change;
}

/** What is different between two moments, and the views of these. */
export interface SeenDiff {
  readonly before: View;
  readonly after: View;
  readonly diff: PlacementDiff;
  readonly causes: Causes;
}

/** What is different about a placement, and the views that both of its sides were seen in. */
export interface SeenDifference {
  readonly before: View;
  readonly after: View;
  readonly difference: PlacementDifference;
  /** Finds the writes that brought it about. */
  readonly causes: Causes;
}

/** What is different about a pod, and the views that both of its sides were seen in. */
export interface SeenPodDifference {
  readonly before: View;
  readonly after: View;
  readonly difference: PodDifference;
  readonly causes: Causes;
}

/** A reference to an owner, and the object that carries it: the owner is in the same namespace, unless it has none. */
export interface SeenReference extends Seen {
  readonly reference: OwnerReference;
}

/** Whatever has a global id. */
export type Identified = Seen | SeenPlacement;

/** A request for a kind, after which all objects of it are there that are inherent. */
const lookAt = (kind: AnyDefinition, user: User | undefined): Deed => ({
  method: 'GET',
  path: `/${kind.group ? 'apis' : 'api'}/${apiVersionOf(kind)}/${kind.plural}?limit=1`,
  user,
  headers: {},
  body: {},
  outcome: failure => (failure ? failed(failure) : { code: 200 }),
});
