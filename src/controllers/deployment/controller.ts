import { controllerOf } from '../../registry/indexes.js';
import type { Registry } from '../../registry/registry.js';
import { deployments, pods, replicaSets } from '../../resources/index.js';
import type { OwnerReference, Pod } from '../../resources/types.js';
import type { Deployment } from '../../resources/workload-types.js';
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
import { concernedOwners } from '../workloads/owners.js';
import { isNamespaceTerminating } from '../workloads/pod-control.js';
import { CompiledDeployment } from './compiled.js';
import { DeploymentSync } from './deployment-sync.js';

/** Deployments in flight at once (`--concurrent-deployment-syncs`). */
const WORKERS = 5;

/**
 * Keeps a ReplicaSet for every template that a Deployment has had, and rolls out the current one by scaling them. Mirrors
 * `pkg/controller/deployment`; the order of a sync is in `deployment-sync.ts`, what is decided in it in `rolling-update.ts`,
 * `proportions.ts` and `status.ts`.
 */
export const deploymentController = (context: ControllerContext): Controller => new DeploymentController(context);

class DeploymentController implements Controller {
  readonly name = 'deployment';
  readonly workers = WORKERS;
  readonly watches: readonly Source[];
  readonly #registry: Registry;
  readonly #recorder: Recorder;
  /** By key. */
  readonly #compiled = new Map<string, CompiledDeployment>();

  constructor({ registry, recorder }: ControllerContext) {
    this.#registry = registry;
    this.#recorder = recorder('deployment-controller');
    this.watches = [
      source(deployments, ({ entry }) => [keyOf(entry)]),
      source(
        replicaSets,
        concernedOwners(registry, deployments, ({ object }) => this.#compile(object).selector),
      ),
      source(pods, change => this.#wokenByPod(change), nothing),
    ];
  }

  async reconcile(key: string, queue: Queue): Promise<void> {
    const { namespace, name } = splitKey(key);
    const deployment = this.#registry.get(deployments, namespace, name)?.object;
    if (!deployment) {
      this.#compiled.delete(key);
      return;
    }
    const sync = new DeploymentSync({
      registry: this.#registry,
      recorder: this.#recorder,
      deployment,
      compiled: this.#compile(deployment),
      lookAgain: ms => queue.addAfter(key, ms),
    });
    try {
      await sync.run();
    } catch (error) {
      // A Deployment that has gone, or goes with its namespace, needs nothing more.
      const isGone = !this.#registry.get(deployments, namespace, name);
      if (!isGone && !isNamespaceTerminating(error)) throw error;
    }
  }

  #compile(deployment: Deployment): CompiledDeployment {
    const key = keyOf(deployment.metadata);
    let compiled = this.#compiled.get(key);
    if (!compiled?.holdsFor(deployment)) {
      compiled = new CompiledDeployment(this.#registry, deployment);
      this.#compiled.set(key, compiled);
    }
    return compiled;
  }

  /** A Deployment that recreates its pods waits for the last old one to go, which its set no longer counts. */
  #wokenByPod({ type, entry }: Change<Pod>): readonly string[] {
    if (type !== 'DELETED') return [];
    const owner = controllerOf(entry.object);
    const set = owner?.kind === 'ReplicaSet' ? this.#registry.get(replicaSets, entry.namespace, owner.name) : undefined;
    if (!set || set.uid !== owner?.uid) return [];
    const deployment = this.#resolve(entry.namespace, controllerOf(set.object));
    return deployment?.spec.strategy.type === 'Recreate' ? [keyOf(deployment.metadata)] : [];
  }

  #resolve(namespace: string, owner: OwnerReference | undefined): Deployment | undefined {
    if (owner?.kind !== 'Deployment') return undefined;
    const entry = this.#registry.get(deployments, namespace, owner.name);
    return entry?.uid === owner.uid ? entry.object : undefined;
  }
}
