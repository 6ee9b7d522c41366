import type { Clock } from '../clock/clock.js';
import { daemonPodOf } from '../controllers/daemonset/daemon-pod.js';
import { controllerOf } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import { StatusError } from '../registry/status.js';
import { qualifiedName, type ResourceDefinition } from '../resources/definition.js';
import { pods, replicaSets } from '../resources/index.js';
import type { Pod } from '../resources/types.js';
import type { Change, Entry } from '../store/entry.js';
import { Feed, Pace } from './feed.js';
import { type PodStep, stepsOf } from './pod-steps.js';
import { type Progress, podsOfRolling, progressOf, type Rolling, updatedBy } from './rollout.js';

export interface RolloutFeedOptions {
  /** All as the reader knows it; without it, the reader knows nothing, and no steps are told of what was before. */
  readonly known?: Registry | undefined;
  /** Whether the feed ends with the rollout. */
  readonly untilDone: boolean;
  /** The machine's time, for pauses. */
  readonly machine: Clock;
}

/** One thing that happened to a pod of a rollout. */
export interface RolloutStep {
  readonly step: PodStep;
  readonly pod: Entry<Pod>;
  /** The node that it is on, or meant for. */
  readonly node: string | undefined;
  readonly upToDate: boolean;
}

export interface RolloutMessage {
  readonly revision: string;
  readonly entry: Entry<Rolling>;
  readonly progress: Progress;
  readonly steps: readonly RolloutStep[];
}

const PODS = qualifiedName(pods);

/**
 * A rollout as it goes on: first how far it is, then what happened to its pods meanwhile. What is kept for a reader is, of each pod that was
 * touched, the version that it knows.
 */
export class RolloutFeed extends Feed<RolloutMessage> {
  readonly #registry: Registry;
  readonly #kind: ResourceDefinition<Rolling>;
  readonly #entry: Entry<Rolling>;
  readonly #options: RolloutFeedOptions;
  readonly #pace: Pace;
  readonly #unfollow: () => void;
  /** By uid: the version that the reader knows, and the newest. */
  #touched = new Map<string, { readonly before: Entry<Pod> | undefined; now: Entry<Pod> | undefined }>();
  /** What was told last, but for the steps. */
  #told: string | undefined;
  #done = false;

  constructor(
    registry: Registry,
    kind: ResourceDefinition<Rolling>,
    entry: Entry<Rolling>,
    options: RolloutFeedOptions,
  ) {
    super();
    this.#registry = registry;
    this.#kind = kind;
    this.#entry = entry;
    this.#options = options;
    this.#pace = new Pace(options.machine, () => this.wake());
    if (options.known) this.#compare(options.known);
    this.#unfollow = registry.follow(changes => this.#note(changes));
  }

  /** What is another than the reader knows. */
  #compare(known: Registry): void {
    const before = new Map(podsOfRolling(known, this.#entry).map(pod => [pod.uid, pod]));
    for (const pod of podsOfRolling(this.#registry, this.#entry)) {
      const former = before.get(pod.uid);
      before.delete(pod.uid);
      if (former?.revision !== pod.revision) this.#touch(pod.uid, former, pod);
    }
    for (const [uid, former] of before) this.#touch(uid, former, undefined);
  }

  #note(changes: readonly Change[]): void {
    let isTouched = false;
    for (const change of changes) {
      if (change.entry.resource === PODS && this.#isOurs(change.entry as Entry<Pod>)) {
        const { type, entry, previous } = change as Change<Pod>;
        this.#touch(entry.uid, previous, type === 'DELETED' ? undefined : entry);
        isTouched = true;
      } else if (change.entry.uid === this.#entry.uid) isTouched = true;
    }
    if (isTouched) this.wake();
  }

  #isOurs({ namespace, object }: Entry<Pod>): boolean {
    const owner = controllerOf(object);
    if (!owner || namespace !== this.#entry.namespace) return false;
    if (owner.uid === this.#entry.uid) return true;
    const set = owner.kind === replicaSets.kind ? this.#registry.get(replicaSets, namespace, owner.name) : undefined;
    return set?.uid === owner.uid && controllerOf(set.object)?.uid === this.#entry.uid;
  }

  #touch(uid: string, before: Entry<Pod> | undefined, now: Entry<Pod> | undefined): void {
    const touched = this.#touched.get(uid);
    if (touched) touched.now = now;
    else this.#touched.set(uid, { before, now });
    // Nobody knows of one that came and went.
    if (touched && !touched.before && !now) this.#touched.delete(uid);
  }

  protected override get isOver(): boolean {
    return this.#done;
  }

  protected override async take(): Promise<RolloutMessage | undefined> {
    if (!this.#pace.isDue) return undefined;
    // Nothing is shown that may yet fail to be written.
    await this.#registry.log.committed().catch(() => {});
    const { namespace, name, uid } = this.#entry;
    const entry = this.#registry.get(this.#kind, namespace, name);
    if (entry?.uid !== uid) throw StatusError.notFound(this.#kind, name);
    const progress = progressOf(entry);
    const steps = this.#steps(entry);
    const told = JSON.stringify(progress);
    if (told === this.#told && steps.length === 0) return undefined;
    this.#told = told;
    this.#done = this.#options.untilDone && progress.done;
    this.#pace.pause();
    return { revision: String(this.#registry.revision), entry, progress, steps };
  }

  #steps(entry: Entry<Rolling>): RolloutStep[] {
    const touched = this.#touched;
    this.#touched = new Map();
    const isUpToDate = updatedBy(this.#registry, entry);
    return [...touched.values()].flatMap(({ before, now }) => {
      const pod = (now ?? before)!;
      const type = !now ? 'DELETED' : before ? 'MODIFIED' : 'ADDED';
      const { node } = daemonPodOf(pod);
      const upToDate = isUpToDate(pod.object.metadata);
      return stepsOf({ type, entry: pod, previous: before }).map(step => ({ step, pod, node, upToDate }));
    });
  }

  protected override close(): void {
    this.#unfollow();
    this.#pace.close();
    this.#touched.clear();
  }
}
