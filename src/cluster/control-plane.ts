import type { Access } from '../access/access.js';
import type { ClockControl } from '../admin/control.js';
import type { BackgroundError } from '../admin/health.js';
import { stateOf } from '../clock/world-clock.js';
import { type Outstanding, Runtime } from '../controllers/runtime/runtime.js';
import type { ControllerContext } from '../controllers/runtime/types.js';
import { type BehaviorRules, behaviorRules, containerRuntime, instructions } from '../kubelet/index.js';
import { House } from '../network/house.js';
import type { Network } from '../network/network.js';
import { type NetworkOptions, networkOptions } from '../network/options.js';
import { reachOf } from '../network/reach.js';
import type { WebhookCaller } from '../registry/admission/webhooks/consultation.js';
import type { Registry } from '../registry/registry.js';
import { messageOf } from '../registry/status.js';
import { Turns } from '../registry/turns.js';
import type { ContainerRuntime } from '../resources/container-runtime.js';
import { Compactor, RETENTION_IN_MEMORY, RETENTION_ON_DISK } from '../store/compactor.js';
import { type App, type AppOptions, createApp } from './app.js';
import { addControllers, kubeletOptions } from './controllers.js';
import type { ClusterOptions } from './options.js';
import type { Recorder } from './session/recorder.js';
import { witnessedBehaviors, witnessedRegistry } from './session/witnessed.js';

/** What works on a registry besides those who come from outside. */
export interface Parts {
  readonly access: Access;
  readonly webhooks: WebhookCaller;
  /** Writes down what is asked and what comes of it; absent where nobody wants to know. */
  readonly recorder?: Recorder | undefined;
  /** What a network is made by; absent where there is none to begin with: it is loaded by those alone who want one. */
  readonly Network?: typeof Network | undefined;
}

/** How a control plane is asked: what of its app is not made of itself. */
export type Doors = Pick<AppOptions, 'path' | 'forks' | 'beside' | 'fork' | 'snapshots' | 'faults' | 'journal'> & {
  readonly clock: ClockControl;
  /** Opens the network; absent where that is for whoever starts the cluster to say. */
  readonly openNetwork: (() => Promise<void>) | undefined;
};

/** How many faults in the background are kept for whoever asks what is wrong. */
const ERRORS_KEPT = 100;

/**
 * One life of a cluster: its state, those who work on it, and what answers for it. A cluster that is put back to a snapshot gets another
 * one.
 */
export class ControlPlane {
  readonly registry: Registry;
  readonly runtime: Runtime;
  readonly parts: Parts;
  /** What pods and nodes are made to do. */
  readonly behaviors: BehaviorRules;
  /** The same as a program has it in hand: what it does there is noted down where the session is recorded. */
  readonly seen: Pick<ControlPlane, 'registry' | 'behaviors'>;
  /** Where what is in it is to be reached with real sockets; undefined where nothing is. */
  #network: Network | undefined;
  /** What of the cluster itself answers in its network. */
  readonly house = new House();
  /** Those who hear of what answers, and how much comes. */
  readonly #listeners = new Set<(place: string | undefined) => void>();
  readonly #context: ControllerContext;
  readonly #newNetwork: (by: typeof Network, options: NetworkOptions) => Network;
  readonly #containers: ContainerRuntime;
  readonly #options: ClusterOptions;
  readonly #compactor: Compactor;
  #app: App | undefined;
  #shut: Promise<void> | undefined;
  /** What forks that begin as all is here take over from the controllers. */
  readonly #handedOn = new WeakMap<Registry, Outstanding>();

  /** The newest faults in the background. */
  readonly #errors: BackgroundError[] = [];

  constructor(registry: Registry, options: ClusterOptions, parts: Parts) {
    const onError = (where: string, error: unknown) => this.#failed(where, error);
    this.registry = registry;
    this.parts = parts;
    this.#options = options;
    this.runtime = new Runtime(registry, {
      onError: (controller, key, error) => onError(`${controller} ${key}`, error),
    });
    registry.authorizer = parts.access.authorizer;
    registry.turns = new Turns({
      waits: () => !options.readOnly && stateOf(registry.clock).rate === 0,
      settled: () => this.runtime.settled(),
    });
    registry.webhooks = registry.turns.around(parts.webhooks);
    // Controllers that do not run do not know what there is to do.
    if (!options.readOnly) registry.onFork(fork => this.#handedOn.set(fork, this.runtime.outstanding()));
    this.behaviors = behaviorRules(registry, kubeletOptions(options));
    this.seen = parts.recorder
      ? {
          registry: witnessedRegistry(registry),
          behaviors: witnessedBehaviors(this.behaviors, () => registry.turns),
        }
      : this;
    const network = networkOptions(options.network);
    const instructed = instructions(registry, kubeletOptions(options), this.behaviors);
    this.#containers = containerRuntime(registry, kubeletOptions(options), {
      instructions: instructed,
      writer: this.seen.registry,
      mayReach: reachOf(network).mayReach,
      namesFor: async pod => (await import('../network/dns/container-names.js')).containerNames(registry, pod),
    });
    this.#newNetwork = (by, given) => {
      const parts = {
        registry,
        runtime: this.#containers,
        instructions: instructed,
        reach: reachOf(given),
        house: this.house,
      };
      return new by({ ...parts, onTraffic: place => this.#tell(place) }, given);
    };
    if (network && parts.Network) this.#network = this.#newNetwork(parts.Network, network);
    this.#context = addControllers(this.runtime, registry, options, {
      tokens: parts.access.tokens,
      instructions: instructed,
      containers: this.#containers,
      network: this.#network,
    });
    const retention = { ...(options.data === undefined ? RETENTION_IN_MEMORY : RETENTION_ON_DISK), ...options.history };
    this.#compactor = new Compactor(registry.log, registry.clock, retention, error => onError('compaction', error));
  }

  get network(): Network | undefined {
    return this.#network;
  }

  /**
   * Opens the network of a world that has none, with a free port of 127.0.0.1 in place of each address, since the addresses may be another world's.
   * Nobody outside of it is ever pushed to. Resolves when the sockets are there.
   */
  async openNetwork(): Promise<void> {
    const { Network } = await import('../network/network.js');
    if (!this.#network) {
      this.#network = this.#newNetwork(Network, { mode: 'ports' });
      for (const controller of this.#network.controllers(this.#context)) this.runtime.add(controller);
      this.#tell(undefined);
    }
    await this.runtime.settled();
  }

  /** @param place where something is different; undefined where all may be */
  #tell(place: string | undefined): void {
    for (const listener of this.#listeners) listener(place);
  }

  /** Opens it to those who ask. */
  open({ openNetwork, ...doors }: Doors): void {
    const { token } = this.#options;
    const { access } = this.parts;
    this.#app = createApp({
      ...doors,
      registry: this.registry,
      runtime: this.runtime,
      access,
      containers: this.#containers,
      behaviors: this.behaviors,
      token,
      network: {
        state: () =>
          this.network
            ? { network: this.network.mode, addresses: this.network.addresses }
            : { network: 'off', addresses: [] },
        present: () => this.network,
        open: openNetwork,
        follow: listener => {
          this.#listeners.add(listener);
          return () => this.#listeners.delete(listener);
        },
      },
      settings: shownOptions(this.#options),
      errors: () => this.#errors,
      onError: (where, error) => this.#failed(where, error),
    });
  }

  #failed(where: string, error: unknown): void {
    this.#errors.push({ time: this.registry.clock.now(), where, message: messageOf(error) });
    if (this.#errors.length > ERRORS_KEPT) this.#errors.shift();
    this.#options.onError?.(where, error);
  }

  /** What answers; it has been opened. */
  get app(): App {
    return this.#app!;
  }

  /** What its controllers had to do when a fork was made that begins as all was here. */
  handedOn(fork: Registry): Outstanding | undefined {
    return this.#handedOn.get(fork);
  }

  /** Ends watches and subscriptions. */
  shut(): Promise<void> {
    this.#shut ??= this.app.close();
    return this.#shut;
  }

  /** Ends watches and subscriptions, lets work in flight finish, and commits. What keeps its state is left open. */
  async end(): Promise<void> {
    this.registry.turns.end();
    this.network?.close();
    this.#containers.close();
    await this.shut();
    this.registry.webhooks.close?.();
    await this.runtime.stop();
    await this.#compactor.close();
    await this.registry.log.end();
  }
}

/** The options without what is secret or large. */
function shownOptions(options: ClusterOptions): object {
  const { token, authority, onError: _, manifests, import: brought, nodes, clock, ...rest } = options;
  return {
    ...rest,
    ...(nodes === undefined ? {} : { nodes: Array.isArray(nodes) ? nodes.length : nodes }),
    clock: typeof clock === 'object' ? 'its own' : (clock ?? 'real'),
    token: token !== undefined,
    authority: authority !== undefined,
    manifests: manifests !== undefined,
    import: brought !== undefined,
  };
}

/** Most clusters never call one. */
export function webhooks(registry: Registry, { webhookHosts }: ClusterOptions): WebhookCaller {
  let client: Promise<WebhookCaller> | undefined;
  return {
    async call(...args) {
      client ??= import('../api/webhook-client.js').then(({ webhookClient }) => webhookClient(registry, webhookHosts));
      return (await client).call(...args);
    },
    close() {
      void client?.then(made => made.close?.());
    },
  };
}
