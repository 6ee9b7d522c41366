import { controllerOf, podsByNode } from '../../registry/indexes.js';
import type { Registry } from '../../registry/registry.js';
import { controllerRevisions, daemonSets, nodes, pods } from '../../resources/index.js';
import { equalJson } from '../../resources/json.js';
import { labelSelectorMatcher } from '../../resources/selector.js';
import type { ControllerRevision, DaemonSet, LabelSelector, Node, Pod } from '../../resources/types.js';
import type { Change } from '../../store/entry.js';
import { keyOf, splitKey } from '../runtime/keys.js';
import {
  type Controller,
  type ControllerContext,
  nothing,
  type Queue,
  type Recorder,
  type Source,
  source,
} from '../runtime/types.js';
import { FailedPodsBackoff } from '../workloads/failed-pods-backoff.js';
import { concernedOwners } from '../workloads/owners.js';
import { CompiledDaemonSet } from './compiled.js';
import { CreateAttempts } from './create-attempts.js';
import { DaemonSetSync } from './daemon-set-sync.js';
import type { DaemonScheduling } from './eras/era.js';
import { schedulingOf } from './eras/index.js';

/**
 * Keeps one pod of every DaemonSet on every node that it wants, rolls out new templates, keeps their history, and tells
 * the status. Mirrors `pkg/controller/daemon`; the order of a sync is in `daemon-set-sync.ts`, what is decided in it in
 * `manage.ts`, `rolling-update.ts` and `status.ts`.
 */
export function daemonSetController(context: ControllerContext): Controller {
  return new DaemonSetController(context);
}

class DaemonSetController implements Controller {
  readonly name = 'daemonset';
  /** As `--concurrent-daemonset-syncs` is by default. */
  readonly workers = 2;
  readonly watches: readonly Source[];
  readonly #registry: Registry;
  readonly #recorder: Recorder;
  readonly #scheduling: DaemonScheduling;
  readonly #attempts: CreateAttempts;
  readonly #backoff: FailedPodsBackoff;
  /** The sets that a change of a pod or a revision concerns. */
  readonly #concerned: (change: Change) => readonly string[];
  /** By key. */
  readonly #compiled = new Map<string, CompiledDaemonSet>();

  constructor(context: ControllerContext) {
    const { registry } = context;
    this.#registry = registry;
    this.#recorder = context.recorder('daemonset-controller');
    this.#scheduling = schedulingOf(registry.era)(context);
    this.#attempts = CreateAttempts.of(registry);
    this.#backoff = new FailedPodsBackoff(registry.clock);
    this.#concerned = concernedOwners(registry, daemonSets, ({ object }) =>
      selectsEverything(object.spec.selector) ? NOTHING : this.#compile(object).selector,
    );
    this.watches = [
      // Where it places pods itself it remembers which sets wait for room.
      source(daemonSets, ({ entry }) => [keyOf(entry)], this.#scheduling.asksScheduler ? nothing : undefined),
      source(pods, change => this.#wokenByPod(change), nothing),
      source(nodes, change => this.#wokenByNode(change), nothing),
      source(controllerRevisions, change => this.#wokenByRevision(change)),
    ];
  }

  async reconcile(key: string, queue: Queue): Promise<void> {
    const { namespace, name } = splitKey(key);
    const set = this.#registry.get(daemonSets, namespace, name)?.object;
    if (!set) {
      this.#compiled.delete(key);
      this.#scheduling.decided(key, []);
      this.#forgetAttempts();
      return;
    }
    if (selectsEverything(set.spec.selector)) {
      const message = 'This daemon set is selecting all pods. A non-empty selector is required.';
      this.#recorder.event(set, 'Warning', 'SelectingAll', message);
      return;
    }
    // A set on its way out keeps still; the garbage collector sees to what is its (CTL-11).
    if (set.metadata.deletionTimestamp !== undefined) return;
    await new DaemonSetSync({
      registry: this.#registry,
      recorder: this.#recorder,
      scheduling: this.#scheduling,
      attempts: this.#attempts,
      backoff: this.#backoff,
      key,
      queue,
      set,
      compiled: this.#compile(set),
    }).run();
  }

  #forgetAttempts(): void {
    const uids = new Set(this.#registry.all(daemonSets).map(({ uid }) => uid));
    this.#attempts.forget(uid => uids.has(uid));
  }

  #compile(set: DaemonSet): CompiledDaemonSet {
    const key = keyOf(set.metadata);
    let compiled = this.#compiled.get(key);
    if (!compiled?.holdsFor(set)) {
      compiled = new CompiledDaemonSet(this.#registry, this.#scheduling, set);
      this.#compiled.set(key, compiled);
    }
    return compiled;
  }

  /** CTL-02..04. */
  #wokenByPod(change: Change<Pod>): readonly string[] {
    return [...this.#concerned(change), ...this.#scheduling.wokenBy(change)];
  }

  /** CTL-08: as by pods, but that a new one with an owner is news to nobody: its owner made it. */
  #wokenByRevision(change: Change<ControllerRevision>): readonly string[] {
    return change.type === 'ADDED' && controllerOf(change.entry.object) ? [] : this.#concerned(change);
  }

  /**
   * CTL-05: a node that comes, or changes its labels or taints: the sets that lack a pod bound to it, or have one that must go,
   * and those whose verdict on it changes. Upstream is lazier in the last: it leaves the status of sets stale whose pods neither
   * come nor go for it (a taint that only keeps new pods away). CTL-06: one that goes wakes nobody; the counts move when its
   * pod is collected.
   */
  *#wokenByNode({ type, entry, previous }: Change<Node>): Iterable<string> {
    if (type === 'DELETED') return;
    const before = type === 'MODIFIED' ? previous : undefined;
    if (before && !this.#scheduling.concerns(before.object, entry.object)) return;
    for (const { object: set } of this.#registry.all(daemonSets)) {
      const { scheduling } = this.#compile(set);
      const now = scheduling.verdict(entry);
      const changed = before ? !equalJson(scheduling.verdict(before), now) : now.wanted;
      const concerned = changed || (this.#hasPodOn(set, entry.name) ? !before || !now.shouldContinue : now.wanted);
      if (concerned) yield keyOf(set.metadata);
    }
  }

  #hasPodOn({ metadata }: DaemonSet, node: string): boolean {
    return podsByNode(this.#registry)
      .get(node)
      .some(({ object }) => controllerOf(object)?.uid === metadata.uid);
  }
}

const NOTHING = labelSelectorMatcher(undefined);

/** CTL-10: such a selector cannot be made any more, but may have come with old data. */
function selectsEverything({ matchLabels, matchExpressions }: LabelSelector): boolean {
  return Object.keys(matchLabels ?? {}).length === 0 && (matchExpressions ?? []).length === 0;
}
