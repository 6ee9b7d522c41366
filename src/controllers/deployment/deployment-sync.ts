import { indexByController } from '../../registry/indexes.js';
import type { Registry } from '../../registry/registry.js';
import { messageOf, StatusError } from '../../registry/status.js';
import { deployments, pods, replicaSets } from '../../resources/index.js';
import { equalJson } from '../../resources/json.js';
import { conditionOf, hasEnded, isTerminating } from '../../resources/state.js';
import type { Draft } from '../../resources/types.js';
import type { Deployment, ReplicaSet, ReplicaStatus } from '../../resources/workload-types.js';
import type { Recorder } from '../runtime/types.js';
import { controllerReference } from '../workloads/claim.js';
import { isNamespaceTerminating } from '../workloads/pod-control.js';
import {
  byRevision,
  currentAnnotations,
  desiredReplicas,
  nextRevision,
  REVISION,
  withReplicas,
} from './annotations.js';
import type { CompiledDeployment } from './compiled.js';
import { followScale } from './proportions.js';
import { allOf, isActive, isOfTemplate, type Sets, splitSets, TEMPLATE_HASH_LABEL, withSet } from './replica-sets.js';
import { currentReplicas, dispensable, dropAvailable, dropUnhealthy, type Scaling } from './rolling-update.js';
import {
  countSets,
  hasDeadline,
  isComplete,
  progressing,
  rolloutStatus,
  untilDeadline,
  withVerdict,
} from './status.js';

/** A history of so many sets is without limit. */
const NO_LIMIT = 2 ** 31 - 1;

export interface SyncContext {
  readonly registry: Registry;
  readonly recorder: Recorder;
  /** As it was when the sync began. */
  readonly deployment: Deployment;
  readonly compiled: CompiledDeployment;
  /** Called with how many ms from now the Deployment should be looked at again. */
  readonly lookAgain: (ms: number) => void;
}

/** One look at one Deployment. */
export class DeploymentSync {
  readonly #context: SyncContext;
  /** As of the last write that the sync made. */
  #deployment: Deployment;
  #sets: Sets = { old: [] };

  constructor(context: SyncContext) {
    this.#context = context;
    this.#deployment = context.deployment;
  }

  /** @throws Error what failed; it is to be tried again */
  async run(): Promise<void> {
    const { compiled } = this.#context;
    const claimed = await compiled.replicaSets.of(this.#deployment);
    this.#sets = splitSets(
      this.#deployment,
      claimed.map(({ object }) => object),
    );
    if (isTerminating(this.#deployment)) {
      await this.#bringUpToDate();
      await this.#tell(countSets(this.#deployment, this.#sets, this.#now));
      return;
    }
    await this.#tellPause();
    await this.#bringUpToDate();
    const { paused, strategy } = this.#deployment.spec;
    if (paused || this.#isScaled()) await this.#followScale();
    else if (strategy.type === 'Recreate') await this.#recreate();
    else await this.#rollOut();
  }

  get #now(): number {
    return this.#context.registry.clock.now();
  }

  // ---- the current set ----

  /** Hands on to the current set what it has of the Deployment, and takes over its revision. */
  async #bringUpToDate(): Promise<void> {
    const { current, old } = this.#sets;
    if (!current) return;
    const { minReadySeconds } = this.#deployment.spec;
    const annotations = currentAnnotations(current.metadata.annotations ?? {}, this.#deployment, nextRevision(old));
    const isSame = equalJson(annotations, current.metadata.annotations ?? {});
    if (!isSame || current.spec.minReadySeconds !== minReadySeconds) {
      await this.#updateSet({
        ...current,
        metadata: { ...current.metadata, annotations },
        spec: { ...current.spec, minReadySeconds: minReadySeconds ?? 0 },
      });
    }
    const found = progressing('True', 'FoundNewReplicaSet', `Found new replica set "${current.metadata.name}"`);
    const isNews = hasDeadline(this.#deployment) && !conditionOf(this.#deployment, 'Progressing');
    const { status } = this.#deployment;
    await this.#tell(isNews ? withVerdict(status, found, this.#now) : status, annotations[REVISION]);
  }

  /**
   * Makes the set of the current template.
   * @throws StatusError if it is refused, which is told; 409 if its name is taken by another, after which the next try takes another name
   */
  async #create(): Promise<void> {
    const { registry, recorder } = this.#context;
    const draft = this.#draft();
    const { name = '' } = draft.metadata;
    let created: ReplicaSet;
    let isNew = true;
    try {
      created = (await registry.create(replicaSets, draft, { namespace: draft.metadata.namespace! })).object;
    } catch (error) {
      if (isNamespaceTerminating(error)) throw error;
      if (!StatusError.is(error, 'AlreadyExists')) {
        await this.#tellRefusal(`Failed to create new replica set "${name}": ${messageOf(error)}`);
        throw error;
      }
      created = await this.#ownNamesake(name, error);
      isNew = false;
    }
    this.#sets = { ...this.#sets, current: created };
    const { replicas } = created.spec;
    if (isNew && replicas > 0) {
      const message = `Scaled up replica set ${name} from 0 to ${replicas}`;
      recorder.event(this.#deployment, 'Normal', 'ScalingReplicaSet', message);
    }
    const { status } = this.#deployment;
    const made = progressing('True', 'NewReplicaSetCreated', `Created new replica set "${name}"`);
    const tells = isNew && hasDeadline(this.#deployment);
    await this.#tell(tells ? withVerdict(status, made, this.#now) : status, draft.metadata.annotations![REVISION]);
  }

  #draft(): Draft<ReplicaSet> {
    const { metadata, spec, status } = this.#deployment;
    const { template, selector, minReadySeconds = 0 } = spec;
    const hash = { [TEMPLATE_HASH_LABEL]: this.#context.compiled.hash(status.collisionCount) };
    const labels = { ...template.metadata?.labels, ...hash };
    const revision = nextRevision(this.#sets.old);
    return {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${metadata.name}-${hash[TEMPLATE_HASH_LABEL]}`,
        namespace: metadata.namespace ?? '',
        labels,
        annotations: withReplicas(currentAnnotations({}, this.#deployment, revision), this.#deployment),
        ownerReferences: [controllerReference(deployments, this.#deployment)],
      },
      spec: {
        replicas: currentReplicas(this.#deployment, this.#sets.old, 0),
        minReadySeconds,
        selector: { ...selector, matchLabels: { ...selector?.matchLabels, ...hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
      status: { replicas: 0 },
    };
  }

  /**
   * The set that has the name already, if it is what was to be made.
   * @throws `error` otherwise, after the collision was counted
   */
  async #ownNamesake(name: string, error: unknown): Promise<ReplicaSet> {
    const { registry } = this.#context;
    const { metadata, spec, status } = this.#deployment;
    const taken = registry.get(replicaSets, metadata.namespace ?? '', name)?.object;
    const isOwn = taken?.metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === metadata.uid);
    if (taken && isOwn && isOfTemplate(taken, spec.template)) return taken;
    await this.#tell({ ...status, collisionCount: (status.collisionCount ?? 0) + 1 });
    throw error;
  }

  async #tellRefusal(message: string): Promise<void> {
    const { status } = this.#deployment;
    const reason = 'ReplicaSetCreateError';
    if (hasDeadline(this.#deployment))
      await this.#tell(withVerdict(status, progressing('False', reason, message), this.#now));
    this.#context.recorder.event(this.#deployment, 'Warning', reason, message);
  }

  // ---- what there is to do ----

  /** A paused rollout is not late, and starts counting anew when it goes on; one that has failed stays so. */
  async #tellPause(): Promise<void> {
    if (!hasDeadline(this.#deployment)) return;
    const { status, spec } = this.#deployment;
    const reason = conditionOf(this.#deployment, 'Progressing')?.reason;
    if (reason === 'ProgressDeadlineExceeded') return;
    const isTold = reason === 'DeploymentPaused';
    if (spec.paused && !isTold) {
      const verdict = progressing('Unknown', 'DeploymentPaused', 'Deployment is paused');
      await this.#tell(withVerdict(status, verdict, this.#now));
    } else if (!spec.paused && isTold) {
      const verdict = progressing('Unknown', 'DeploymentResumed', 'Deployment is resumed');
      await this.#tell(withVerdict(status, verdict, this.#now));
    }
  }

  /** Whether the Deployment's scale has changed since its sets were last scaled. */
  #isScaled(): boolean {
    const { replicas } = this.#deployment.spec;
    return allOf(this.#sets).some(set => isActive(set) && (desiredReplicas(set) ?? replicas) !== replicas);
  }

  async #followScale(): Promise<void> {
    await this.#scale(followScale(this.#deployment, this.#sets));
    if (this.#deployment.spec.paused) await this.#cleanUp();
    await this.#tell(countSets(this.#deployment, this.#sets, this.#now));
  }

  /** All old pods make way before the first new one comes. */
  async #recreate(): Promise<void> {
    const active = this.#sets.old.filter(isActive);
    await this.#scale(active.map(set => ({ set, replicas: 0 })));
    if (active.length === 0 && !this.#hasOldPods()) {
      if (!this.#sets.current) await this.#create();
      await this.#scaleCurrent();
      if (isComplete(this.#deployment, this.#deployment.status)) await this.#cleanUp();
    }
    await this.#tellRollout();
  }

  #hasOldPods(): boolean {
    const index = indexByController(this.#context.registry, pods);
    return this.#sets.old.some(
      ({ metadata, status }) =>
        (status.replicas ?? 0) > 0 || index.get(metadata.uid).some(({ object }) => !hasEnded(object)),
    );
  }

  /** One step: up with the new set as far as the surge allows, or else down with old ones as far as enough stay. */
  async #rollOut(): Promise<void> {
    if (!this.#sets.current) await this.#create();
    const moved = (await this.#scaleCurrent()) || (await this.#scaleDownOld());
    if (!moved && isComplete(this.#deployment, this.#deployment.status)) await this.#cleanUp();
    await this.#tellRollout();
  }

  async #scaleCurrent(): Promise<boolean> {
    const set = this.#sets.current!;
    const replicas = currentReplicas(this.#deployment, allOf(this.#sets), set.spec.replicas);
    return replicas !== set.spec.replicas && this.#scale([{ set, replicas }]);
  }

  async #scaleDownOld(): Promise<boolean> {
    const active = (): Sets => ({ ...this.#sets, old: this.#sets.old.filter(isActive) });
    const most = dispensable(this.#deployment, active());
    if (most <= 0) return false;
    const dropped = await this.#scale(dropUnhealthy(active().old, most));
    return (await this.#scale(dropAvailable(this.#deployment, active()))) || dropped;
  }

  /** Deletes the oldest of the old sets that have no pods, beyond as many as are kept for going back to. */
  async #cleanUp(): Promise<void> {
    const { registry } = this.#context;
    const { revisionHistoryLimit: limit = NO_LIMIT } = this.#deployment.spec;
    if (limit === NO_LIMIT) return;
    const old = this.#sets.old.filter(set => !isTerminating(set)).sort(byRevision);
    for (const { metadata, spec, status } of old.slice(0, Math.max(old.length - limit, 0))) {
      const isBehind = (metadata.generation ?? 0) > (status.observedGeneration ?? 0);
      if ((status.replicas ?? 0) !== 0 || spec.replicas !== 0 || isBehind) continue;
      try {
        await registry.delete(replicaSets, metadata.namespace ?? '', metadata.name);
      } catch (error) {
        if (!StatusError.is(error, 'NotFound')) throw error;
      }
    }
  }

  // ---- writes ----

  /** Answers whether a set got another size; those that keep theirs are annotated all the same. */
  async #scale(scalings: readonly Scaling[]): Promise<boolean> {
    let hasMoved = false;
    for (const { set, replicas } of scalings) {
      const { replicas: before } = set.spec;
      const annotations = withReplicas(set.metadata.annotations ?? {}, this.#deployment);
      if (before === replicas && equalJson(annotations, set.metadata.annotations ?? {})) continue;
      await this.#updateSet({ ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas } });
      if (before === replicas) continue;
      hasMoved = true;
      const message = `Scaled ${before < replicas ? 'up' : 'down'} replica set ${set.metadata.name} from ${before} to ${replicas}`;
      this.#context.recorder.event(this.#deployment, 'Normal', 'ScalingReplicaSet', message);
    }
    return hasMoved;
  }

  async #updateSet(set: ReplicaSet): Promise<void> {
    const { object } = await this.#context.registry.update(replicaSets, set);
    this.#sets = withSet(this.#sets, object);
  }

  async #tellRollout(): Promise<void> {
    const status = rolloutStatus(this.#deployment, this.#sets, this.#now);
    await this.#tell(status);
    // A second more, since conditions tell time in whole seconds.
    const left = untilDeadline(this.#deployment, status, this.#now);
    if (left !== undefined) this.#context.lookAgain(left + 1000);
  }

  /** Writes a status, and with it the revision, unless the Deployment has them. */
  async #tell(status: ReplicaStatus, revision?: string): Promise<void> {
    const deployment = this.#deployment;
    const { annotations = {} } = deployment.metadata;
    const isSame = revision === undefined || annotations[REVISION] === revision;
    if (isSame && equalJson(status, deployment.status)) return;
    const metadata = isSame
      ? deployment.metadata
      : { ...deployment.metadata, annotations: { ...annotations, [REVISION]: revision } };
    const { object } = await this.#context.registry.update(
      deployments,
      { ...deployment, metadata, status },
      { subresource: 'status' },
    );
    this.#deployment = object;
  }
}
