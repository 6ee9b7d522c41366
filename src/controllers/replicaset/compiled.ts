import type { Registry } from '../../registry/registry.js';
import { pods } from '../../resources/index.js';
import { type LabelMatcher, labelSelectorMatcher } from '../../resources/selector.js';
import type { Draft, Pod } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import { Claimed } from '../workloads/claim.js';
import { podMetadata, sharedSpec } from '../workloads/pod-template.js';
import type { AnyReplicaSet, ReplicaKind } from './kinds.js';
import { type ReplicaPod, replicaPodOf } from './replica-pod.js';

/** ms */
const RETRY_AFTER = 1000;

/** What follows from one version of a set's spec, worked out once. Holds for one uid and generation. */
export class CompiledReplicaSet<T extends AnyReplicaSet> {
  readonly selector: LabelMatcher;
  /** What has all labels of the template; it may have more. */
  readonly template: LabelMatcher;
  readonly pods: Claimed<Pod, T>;
  readonly #kind: ReplicaKind<T>;
  readonly #set: T;
  #draft: Draft<Pod> | undefined;
  #claimed: readonly Entry<Pod>[] = [];
  #described: readonly ReplicaPod[] = [];

  constructor(registry: Registry, kind: ReplicaKind<T>, set: T) {
    this.selector = labelSelectorMatcher(kind.selectorOf(set));
    this.template = labelSelectorMatcher({ matchLabels: set.spec.template?.metadata?.labels ?? {} });
    const { selector } = this;
    this.pods = new Claimed(registry, { owner: kind.definition, kind: pods, selector, describe: replicaPodOf });
    this.#kind = kind;
    this.#set = set;
  }

  /** Whether all this still holds for `set`. */
  holdsFor({ metadata }: T): boolean {
    const { uid, generation } = this.#set.metadata;
    return metadata.uid === uid && metadata.generation === generation;
  }

  /** What the decisions hang on in the pods; the same array as before for the same pods. */
  describe(claimed: readonly Entry<Pod>[]): readonly ReplicaPod[] {
    if (claimed !== this.#claimed) {
      this.#claimed = claimed;
      this.#described = claimed.map(replicaPodOf);
    }
    return this.#described;
  }

  /** How many pods of the set are on their way out and have not ended yet. */
  countLeaving(): number {
    return this.#ownIgnored().filter(({ leaving }) => leaving).length;
  }

  /**
   * How long (ms) no more pods are made, as one was turned away by its node in the second in which it was made; undefined if none was. Upstream
   * makes the next one at once, slowed down only by its distance from the API.
   */
  untilNextTry(now: number): number | undefined {
    const newest = this.#ownIgnored().reduce((at, pod) => (pod.turnedAway ? Math.max(at, pod.createdAt) : at), 0);
    const wait = newest + RETRY_AFTER - now;
    return wait > 0 ? wait : undefined;
  }

  #ownIgnored(): readonly ReplicaPod[] {
    return this.pods.ignored.map(replicaPodOf).filter(({ labels }) => this.selector.matches(labels));
  }

  /** What each pod of the set is made from; what it consists of is shared by all of them. */
  get draft(): Draft<Pod> {
    // No set is without a template: only the type of ReplicationControllers allows for it.
    const template = this.#set.spec.template!;
    this.#draft ??= {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: podMetadata(this.#kind.definition, this.#set, template),
      spec: sharedSpec(template.spec),
      status: {},
    };
    return this.#draft;
  }
}
