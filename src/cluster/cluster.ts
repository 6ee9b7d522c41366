import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Access } from '../access/access.js';
import { createDefaultRoles } from '../access/default-roles.js';
import type { ForkControl, ImportReport } from '../admin/control.js';
import { Random } from '../clock/random.js';
import { checkRate, WorldClock } from '../clock/world-clock.js';
import { type Outstanding, Runtime } from '../controllers/runtime/runtime.js';
import type { Rest } from '../controllers/runtime/types.js';
import { explain, type Placement, Placements } from '../explain/placements.js';
import { type Outcome, whatIf } from '../explain/what-if.js';
import { containerRuntime, presentNode } from '../kubelet/index.js';
import { WEBHOOKS_PASSED_BY, type WebhookCaller } from '../registry/admission/webhooks/consultation.js';
import { type Manifests, parseManifests } from '../registry/manifests.js';
import { Registry } from '../registry/registry.js';
import type { Era } from '../resources/definition.js';
import { nodes } from '../resources/index.js';
import { kindsOf } from '../resources/old-versions.js';
import type { Draft, Node } from '../resources/types.js';
import type { Backend } from '../store/backend.js';
import { Compactor, RETENTION_IN_MEMORY, RETENTION_ON_DISK } from '../store/compactor.js';
import { RevisionLog } from '../store/log.js';
import { MemoryBackend } from '../store/memory.js';
import { createAccess, forkedAccess } from './access.js';
import { type App, createApp } from './app.js';
import { applyManifests } from './apply.js';
import { bootstrap, plainNodes, readyMadeNodes } from './bootstrap.js';
import { ClusterClock, clockFor, durationOf } from './cluster-clock.js';
import { addControllers, kubeletOptions } from './controllers.js';
import { type Branch, Forks } from './forks.js';
import { filledAsAWhole } from './import/file.js';
import { importObjects, newestTime } from './import/index.js';
import type { ClusterOptions, ForkOptions } from './options.js';

/** Longer than clients keep idle connections, so that they never send into one that closes. */
const KEEP_ALIVE_MS = 90_000;
/** The first line of a request and its headers: as much as Go's server reads, for selectors are part of the line. */
const MAX_HEADER_BYTES = 1024 * 1024;
/** How many forks may have an address, and for how long nobody need ask anything of one. */
const FORKS = { limit: 16, idleMs: 30 * 60_000 };

/**
 * Makes a cluster, or opens the one that `options.data` keeps. The only way to put the parts together: the command line
 * and tests go through here.
 * @throws StoreError if the file cannot be used; TypeError for options that make no sense
 */
export async function createCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { import: given, ...rest } = options;
  const { data } = options;
  const brought = given === undefined ? undefined : parseManifests(given);
  let cluster: Cluster;
  if (brought && data !== undefined) {
    // Were it filled bit by bit, half a cluster would be left behind by a process that dies meanwhile.
    const imported = await filledAsAWhole(data, async draft => {
      const filling = await openCluster({ ...rest, data: draft }, brought);
      await filling.close();
      return filling.imported;
    });
    cluster = await openCluster(rest);
    cluster.imported = imported;
  } else {
    cluster = await openCluster(rest, brought);
  }
  cluster.start();
  return cluster;
}

/**
 * Puts the objects of another cluster into a file that keeps one and is not in use, or is not there yet: as a whole or not at all.
 * @throws StoreError if the file cannot be used
 */
export function importInto(data: string, objects: Manifests): Promise<ImportReport> {
  const brought = parseManifests(objects);
  return filledAsAWhole(data, async draft => {
    // Who serves the file says what runs in it.
    const cluster = await openCluster({ data: draft, controllers: ['-*'], kubelet: 'off' }, brought, 'old or new');
    await cluster.close();
    return cluster.imported!;
  });
}

/**
 * A cluster whose controllers have not begun.
 * @param brought objects of another that come into it
 * @param which cluster they may come into
 */
async function openCluster(
  options: ClusterOptions,
  brought?: readonly object[],
  which: 'new' | 'old or new' = 'new',
): Promise<Cluster> {
  const clock = clockFor(options, brought && newestTime(brought));
  const { readOnly = false } = options;
  const frozen = readOnly ? 'the cluster was opened to be read only' : undefined;
  const log = await RevisionLog.open(await openBackend(options), { now: () => clock.now(), frozen });
  try {
    const isNew = log.revision === 0;
    if (isNew && readOnly) throw new Error(`${options.data ?? 'memory'} holds no cluster that could be read`);
    // The time of a cluster never goes back, though it was ahead of the machine's when it was closed.
    if (!isNew && clock instanceof WorldClock) clock.leapTo((await log.stampOf(log.revision)).time);
    if (brought && !isNew && which === 'new')
      throw new Error('the file holds a cluster already: one that begins with the objects of another must be new');
    const era = options.era ?? ((await log.backend.getMeta('era')) as Era | undefined) ?? 'current';
    const seed = options.seed ?? (await log.backend.getMeta('seed')) ?? 1;
    if (!readOnly) {
      await log.backend.setMeta('era', era);
      await log.backend.setMeta('seed', String(seed));
    }
    // A cluster that was opened again must not throw the same dice as before.
    const random = new Random(isNew ? seed : `${seed}@${log.revision}`);
    const admission = { enable: options.enableAdmissionPlugins, disable: options.disableAdmissionPlugins };
    const registry = new Registry({ log, kinds: kindsOf(era), clock, random, era, admission });
    const cluster = new Cluster(registry, options, {
      seed,
      access: createAccess(registry, options),
      webhooks: webhooks(registry, options),
    });
    if (brought) cluster.imported = await importObjects(registry, brought);
    if (isNew) {
      const hasNodes = registry.all(nodes).length > 0;
      const own = hasNodes && options.nodes === undefined ? [] : newNodes(options, era, clock.now());
      await bootstrap(registry, own, { storage: kubeletOptions(options).mode !== 'off' && !hasNodes });
    }
    if (readOnly) return cluster;
    if (options.authorization === 'RBAC') await createDefaultRoles(registry);
    return cluster;
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** What a cluster is put together from besides its registry. */
interface Parts {
  readonly seed: number | string;
  readonly access: Access;
  readonly webhooks: WebhookCaller;
  /** Of a fork with an address: its path, and where it is kept beside others. */
  readonly address?: { readonly path: string; readonly beside: Forks } | undefined;
}

/** A running cluster. Close it when done: it holds timers, sockets and its file. */
export class Cluster {
  /** The gate to everything in it. */
  readonly registry: Registry;
  /** Forks of it that are served beside it, under `/forks/<id>/`, until they are deleted or nobody asks anything of them for long. */
  readonly forks: ForkControl;
  /** What came of the import that it began with. */
  imported: ImportReport | undefined;
  /** Its time: told, set going and stopped, moved. */
  readonly clock: ClusterClock;
  readonly #options: ClusterOptions;
  readonly #parts: Parts;
  readonly #runtime: Runtime;
  readonly #compactor: Compactor;
  readonly #app: App;
  /** Forks that are served beside this cluster; of a fork that is itself, those of its server. */
  readonly #beside: Forks;
  readonly #servers = new Set<Server>();
  /** What forks that begin as all is here take over from the controllers. */
  readonly #handedOn = new WeakMap<Registry, Outstanding>();
  #closing: Promise<void> | undefined;

  /** Use {@link createCluster}. */
  constructor(registry: Registry, options: ClusterOptions, parts: Parts) {
    const onError = options.onError ?? (() => {});
    this.registry = registry;
    this.#options = options;
    this.#parts = parts;
    this.#runtime = new Runtime(registry, {
      onError: (controller, key, error) => onError(`${controller} ${key}`, error),
    });
    this.clock = new ClusterClock(registry.clock, this.#runtime);
    const { access } = parts;
    registry.authorizer = access.authorizer;
    registry.webhooks = parts.webhooks;
    // Controllers that do not run do not know what there is to do.
    if (!options.readOnly) registry.onFork(fork => this.#handedOn.set(fork, this.#runtime.outstanding()));
    addControllers(this.#runtime, registry, options, access.tokens);
    const retention = { ...(options.data === undefined ? RETENTION_IN_MEMORY : RETENTION_ON_DISK), ...options.history };
    this.#compactor = new Compactor(registry.log, registry.clock, retention, error => onError('compaction', error));
    const containers = containerRuntime(registry, kubeletOptions(options));
    const { token } = options;
    const path = parts.address?.path ?? '';
    this.#beside =
      parts.address?.beside ?? new Forks(registry, { ...FORKS, ...options.forks, machine: WorldClock.real() });
    this.forks = this.#beside.of(registry, path, this.#served);
    this.#app = createApp({
      registry,
      runtime: this.#runtime,
      access,
      containers,
      token,
      path,
      forks: this.forks,
      beside: this.#beside,
      fork: at => this.fork({ at }),
      clock: this.clock,
      onError,
    });
    this.app = (request, response) => this.#app.handle(request, response);
  }

  /** Answers HTTP requests: for `http.createServer`, supertest, or as middleware of one's own server. */
  readonly app: (request: IncomingMessage, response: ServerResponse) => void;

  /** The newest committed revision. */
  get revision(): number {
    return this.registry.revision;
  }

  /** Lets the controllers begin; those of a fork where those of its base stand. */
  start(inherited?: Outstanding): void {
    this.#runtime.start(inherited);
  }

  /** Resolves when nothing is left to do: nothing queued, nothing in flight, nothing uncommitted. Timers to come do not count. */
  settled(): Promise<void> {
    return this.#runtime.settled();
  }

  /** As `cluster.clock.advance`: moves a clock that stands still, stopping at every timer on the way. */
  advance(duration: number | string): Promise<void> {
    return this.clock.advance(duration);
  }

  /**
   * Moves a clock that stands still from timer to timer until the cluster is at rest: until nothing is going on any more whose end is only a
   * matter of time (see `Queue` in `controllers/runtime/types.ts`). Pods that nothing helps are at rest; containers that crash again and
   * again are.
   * @param limit how far at most (ms, or `40s`, `1h30m`)
   * @param signal ends it before that; what goes on goes on then
   * @throws TypeError if the clock runs, or for a duration that is none; the signal's reason
   */
  comeToRest(limit: number | string = '1h', signal?: AbortSignal): Promise<Rest> {
    return this.clock.comeToRest(limit, signal);
  }

  /**
   * An independent cluster that begins as this one is now, or was at an earlier moment, with controllers of its own, in
   * memory; its clock stands still unless it is told a `rate`. Neither is touched by what happens to the other. The same fork of the same revision draws the same names.
   * Close it when done.
   * @throws RangeError (as a rejection) if the moment is no longer in the log, or still to come
   */
  fork(options: ForkOptions = {}): Promise<Cluster> {
    return this.#fork(options);
  }

  /** A fork that has an address on the server of this cluster. */
  readonly #served: Branch = async (options, path) => {
    const fork = await this.#fork({ rate: this.clock.rate, ...options }, { path, beside: this.#beside });
    return { app: fork.#app, registry: fork.registry, close: () => fork.close() };
  };

  async #fork(options: ForkOptions, address?: Parts['address']): Promise<Cluster> {
    const { rate = 0 } = options;
    checkRate(rate);
    const { seed, access } = this.#parts;
    const registry = await this.registry.fork(`fork of ${seed}`, options.at, options.era);
    const {
      data: _,
      clock: __,
      rate: ___,
      sync: ____,
      import: _____,
      era: ______,
      readOnly: _______,
      ...same
    } = this.#options;
    const fork = new Cluster(registry, same, {
      seed: `${seed}/${registry.revision}`,
      access: forkedAccess(registry, access, same),
      webhooks: options.webhooks ? webhooks(registry, same) : WEBHOOKS_PASSED_BY,
      address,
    });
    // Controllers of another age have looked at nothing yet.
    fork.clock.setRate(rate);
    fork.start(registry.era === this.registry.era ? this.#handedOn.get(registry) : undefined);
    return fork;
  }

  /**
   * What would happen if: makes a change in a fork, which is manifests to apply or anything else that is done to it, lets its controllers
   * carry it to its end, and tells what is different then, and what happened on the way. This cluster is not touched.
   * @throws whatever the change throws, such as a StatusError; RangeError if the moment is no longer in the log, or still to come
   */
  async whatIf(
    change: Manifests | ((fork: Cluster) => unknown),
    { limit, ...options }: Omit<ForkOptions, 'rate'> & { readonly limit?: number | string } = {},
  ): Promise<Outcome> {
    const ms = limit === undefined ? undefined : durationOf(limit);
    const world = await this.fork(options);
    const before = async () => new Placements(await this.registry.past(world.revision));
    const act = () => (typeof change === 'function' ? change(world) : world.apply(change));
    return whatIf({ world, before, change: act, limit: ms });
  }

  /**
   * Creates or updates what the manifests say, by server-side apply as `kubectl apply --server-side` does: YAML text (several
   * documents allowed; it may be indented as a whole), an object, or a list of them. Namespaced objects without a namespace go to `default`.
   * @throws StatusError as the API server would answer
   */
  apply(manifests: Manifests): Promise<void> {
    return applyManifests(this.registry, manifests);
  }

  /**
   * Why a DaemonSet has, or has not, a pod on a node, as things are at this moment: whether one is wanted, what is there, and the
   * reason in one sentence. Without a namespace the DaemonSet is looked for in `default`.
   * @throws StatusError 404 if there is no such DaemonSet or node
   */
  explain(daemonSet: string, node: string, namespace = 'default'): Placement {
    return explain(new Placements(this.registry), { namespace, daemonSet, node });
  }

  /**
   * Listens for HTTP, or HTTPS with a key and a certificate (PEM); port 0 takes a free one. With a `ca`, clients may show a
   * certificate that it signed. Resolves with where it listens.
   */
  async listen(
    port = 0,
    host = '127.0.0.1',
    tls?: { readonly key: string; readonly cert: string; readonly ca?: string | undefined },
  ): Promise<{ port: number; host: string; url: string }> {
    const options = { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: MAX_HEADER_BYTES };
    const server = tls
      ? createSecureServer(
          {
            ...options,
            key: tls.key,
            cert: tls.cert,
            // Whoever shows none may have a token; who shows a wrong one is told so by the guard.
            ...(tls.ca ? { ca: tls.ca, requestCert: true, rejectUnauthorized: false } : {}),
          },
          this.app,
        )
      : createServer(options, this.app);
    server.on('upgrade', (request, socket, head) => this.#app.upgrade(request, socket, head));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => resolve());
    });
    this.#servers.add(server);
    const address = server.address() as AddressInfo;
    const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return { port: address.port, host: address.address, url: `${tls ? 'https' : 'http'}://${shown}:${address.port}` };
  }

  /** Ends requests and watches, lets work in flight finish, commits, and closes the file. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (!this.#parts.address) await this.#beside.close();
    await this.#app.close();
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
    await this.#runtime.stop();
    await this.#compactor.close();
    await this.registry.log.close();
    this.clock.close();
  }
}

/** Most clusters never call one. */
function webhooks(registry: Registry, { webhookHosts }: ClusterOptions): WebhookCaller {
  let client: Promise<WebhookCaller> | undefined;
  return {
    async call(...args) {
      client ??= import('../api/webhook-client.js').then(({ webhookClient }) => webhookClient(registry, webhookHosts));
      return (await client).call(...args);
    },
  };
}

async function openBackend(options: ClusterOptions): Promise<Backend> {
  if (options.data === undefined) return new MemoryBackend();
  const { SqliteBackend } = await import('../store/sqlite.js');
  return SqliteBackend.open(options.data, options.sync ? { sync: options.sync } : {});
}

/** The nodes of a new cluster, with the status that their kubelets would give them where kubelets are simulated. */
function newNodes(options: ClusterOptions, era: Era, now: number): readonly Draft<Node>[] {
  const { nodes } = options;
  const drafts = nodes === undefined ? readyMadeNodes(era) : typeof nodes === 'number' ? plainNodes(nodes) : nodes;
  return drafts.map((node, i) => presentNode(node, i, kubeletOptions(options), now));
}
