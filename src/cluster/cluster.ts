import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ForkControl, ImportReport, SnapshotControl, SnapshotInfo, StageControl } from '../admin/control.js';
import { noteCameByService } from '../api/guard.js';
import { checkRate, WorldClock } from '../clock/world-clock.js';
import type { Outstanding } from '../controllers/runtime/runtime.js';
import type { Rest } from '../controllers/runtime/types.js';
import { explain, type Placement, Placements } from '../explain/placements.js';
import { type Outcome, whatIf } from '../explain/what-if.js';
import { disturbCommit, disturbedCalls } from '../faults/beneath.js';
import { Faults } from '../faults/faults.js';
import { Journal } from '../faults/journal.js';
import type { BehaviorRules } from '../kubelet/index.js';
import type { DnsServer } from '../network/dns/server.js';
import type { Address } from '../network/network.js';
import { dnsPort } from '../network/options.js';
import { WEBHOOKS_PASSED_BY } from '../registry/admission/webhooks/consultation.js';
import type { Manifests } from '../registry/manifests.js';
import type { Registry } from '../registry/registry.js';
import { toYaml } from '../registry/yaml.js';
import { Lifecycles } from '../stages/index.js';
import { forkedAccess } from './access.js';
import { applyManifests } from './apply.js';
import { ClusterClock, durationOf } from './cluster-clock.js';
import { Connections } from './connections.js';
import { ControlPlane, type Parts, webhooks } from './control-plane.js';
import { kubeletOptions } from './controllers.js';
import { exportedObjects } from './export.js';
import { type Branch, Forks } from './forks.js';
import { ClusterObject, type Named } from './object.js';
import type { ClusterOptions, ForkOptions } from './options.js';
import { appliedInProcess } from './session/recorder.js';
import { witnessedSnapshots } from './session/witnessed.js';
import {
  INITIAL,
  reopened,
  type Snapshots,
  SnapshotsInFile,
  SnapshotsInMemory,
  type Standing,
  snapshotControl,
} from './snapshots.js';

/** Longer than clients keep idle connections, so that they never send into one that closes. */
const KEEP_ALIVE_MS = 90_000;
/** The first line of a request and its headers: as much as Go's server reads, for selectors are part of the line. */
const MAX_HEADER_BYTES = 1024 * 1024;
/** How many forks may have an address, and for how long nobody need ask anything of one. */
const FORKS = { limit: 16, idleMs: 30 * 60_000 };

/** Where a cluster comes from. */
interface Origin {
  readonly seed: number | string;
  readonly isFork?: boolean;
  /** Of a fork with an address: its path, and where it is kept beside others. */
  readonly address?: { readonly path: string; readonly beside: Forks } | undefined;
}

/** A running cluster. Close it when done: it holds timers, sockets and its file. */
export class Cluster {
  /** Forks of it that are served beside it, under `/forks/<id>/`, until they are deleted or nobody asks anything of them for long. */
  readonly forks: ForkControl;
  /** States that it can be put back to, by name. The first of them, `initial`, is that in which it began, before its controllers did. */
  readonly snapshots: SnapshotControl;
  /** What is to go wrong with requests. Forks begin without. */
  readonly faults: Faults;
  /** What was asked of its API lately: found, counted and verified. */
  readonly journal: Journal;
  /** What came of the import that it began with. */
  imported: ImportReport | undefined;
  /** Its time: told, set going and stopped, moved. */
  readonly clock: ClusterClock;
  readonly #options: ClusterOptions;
  readonly #origin: Origin;
  /** Forks that are served beside this cluster; of a fork that is itself, those of its server. */
  readonly #beside: Forks;
  readonly #servers = new Set<Server>();
  readonly #connections = new Connections();
  #names: DnsServer | undefined;
  /** Whether its network was opened by {@link openNetwork}. */
  #isOpened = false;
  readonly #states: Snapshots;
  /** The snapshots as requests ask for them, which are recorded as what they are. */
  readonly #restorable: SnapshotControl;
  #plane: ControlPlane;
  /** Resolves when it has another control plane; undefined while it has one. */
  #changing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  /** Use {@link createCluster}. */
  constructor(registry: Registry, options: ClusterOptions, parts: Parts, origin: Origin) {
    this.#options = options;
    this.#origin = origin;
    this.#plane = new ControlPlane(registry, options, parts);
    this.clock = new ClusterClock(registry.clock, this.#plane.runtime);
    this.faults = new Faults({ clock: registry.clock, seed: origin.seed, rules: options.faults });
    this.faults.witness = parts.recorder && (({ name, fault }) => parts.recorder!.disturbed(name, fault.kind));
    this.faults.onRestart(() => this.#connections.breakOff());
    this.journal = new Journal(registry.clock, options.journal);
    const { snapshots } = registry.log.backend;
    this.#states = snapshots ? new SnapshotsInFile(snapshots) : new SnapshotsInMemory();
    this.#restorable = snapshotControl(this.#states, {
      registry: () => this.#plane.registry,
      now: () => this.#now(),
      restore: name => this.#restore(name),
    });
    this.snapshots = parts.recorder
      ? witnessedSnapshots(this.#restorable, () => this.#plane.registry.turns)
      : this.#restorable;
    const path = origin.address?.path ?? '';
    this.#beside =
      origin.address?.beside ??
      new Forks(() => this.#plane.registry, { ...FORKS, ...options.forks, machine: WorldClock.real() });
    this.forks = this.#beside.of(() => this.#plane.registry, path, this.#served);
    this.#open();
  }

  #open(): void {
    const { faults } = this;
    const { registry } = this.#plane;
    const place = this.#options.data ?? 'the store';
    registry.log.beforeCommit = () => (faults.any ? disturbCommit(faults, place) : undefined);
    registry.webhooks = disturbedCalls(faults, registry.webhooks, registry.clock);
    this.#plane.open({
      path: this.#origin.address?.path ?? '',
      forks: this.forks,
      beside: this.#beside,
      fork: at => this.fork({ at }),
      clock: this.clock,
      snapshots: this.#restorable,
      faults: this.faults,
      journal: this.journal,
      openNetwork: this.#origin.isFork ? () => this.openNetwork() : undefined,
    });
    this.#furnish();
  }

  /** The gate to everything in it; another one after it was put back to a snapshot. */
  get registry(): Registry {
    return this.#plane.seen.registry;
  }

  /**
   * What pods and nodes are made to do, by selector, share and schedule, whatever their annotations say:
   * `cluster.behaviors.add({ name: 'storm', pods: { selector: 'app=agent' }, share: '30%', behavior: 'crash-loop', for: '1m' })`. Rules are no part of
   * its state: forks begin with those of `kubelet.rules`, and so does the cluster when it is put back to a snapshot.
   */
  get behaviors(): BehaviorRules {
    return this.#plane.seen.behaviors;
  }

  /** kwok's stages: which there are, how often each was for an object and was played; `verify()` throws if one never was. */
  get stages(): StageControl {
    return Lifecycles.of(this.#plane.registry);
  }

  /** Where what is in it is to be reached with real sockets, in the order of addresses; nowhere without `network: 'loopback'`. */
  get addresses(): readonly Address[] {
    return this.#plane.network?.addresses ?? [];
  }

  /** Answers HTTP requests: for `http.createServer`, supertest, or as middleware of one's own server. */
  readonly app = (request: IncomingMessage, response: ServerResponse): void => {
    if (this.#changing) this.#changing.then(() => this.#plane.app.handle(request, response));
    else this.#plane.app.handle(request, response);
  };

  /** Answers those who want another protocol than HTTP: watches over WebSocket, exec, subscriptions. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (this.#changing) this.#changing.then(() => this.#plane.app.upgrade(request, socket, head));
    else this.#plane.app.upgrade(request, socket, head);
  };

  /** The newest committed revision. */
  get revision(): number {
    return this.#plane.registry.revision;
  }

  /**
   * Keeps how it stands as its initial snapshot, if it has none, and lets the controllers begin; those of a fork where those of its base
   * stand.
   */
  async start(inherited?: Outstanding): Promise<void> {
    const known = await this.#states.list();
    if (!known.some(({ name }) => name === INITIAL))
      await this.#states.take(INITIAL, { ...this.#now(), outstanding: inherited });
    this.#plane.runtime.start(inherited);
  }

  /** Begins the recording of a cluster that is to be recorded. */
  async record(): Promise<void> {
    await this.#plane.parts.recorder?.begin(this.#plane.registry);
  }

  /** Resolves when nothing is left to do: nothing queued, nothing in flight, nothing uncommitted. Timers to come do not count. */
  settled(): Promise<void> {
    return this.#plane.runtime.settled();
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
    return { app: { handle: fork.app, upgrade: fork.upgrade }, registry: fork.registry, close: () => fork.close() };
  };

  async #fork(options: ForkOptions, address?: Origin['address']): Promise<Cluster> {
    const { rate = 0 } = options;
    checkRate(rate);
    await this.#changing;
    const plane = this.#plane;
    const { seed } = this.#origin;
    const registry = await plane.registry.fork(`fork of ${seed}`, options.at, options.era);
    const {
      data: _,
      clock: __,
      rate: ___,
      sync: ____,
      import: _____,
      manifests: ______,
      era: _______,
      readOnly: ________,
      faults: _________,
      record: __________,
      network: ___________,
      dns: ____________,
      ...given
    } = this.#options;
    // The addresses are its base's, the sockets are not.
    const same = { ...given, kubelet: kubeletOptions(this.#options) };
    const parts = {
      access: forkedAccess(registry, plane.parts.access, same),
      webhooks: options.webhooks ? webhooks(registry, same) : WEBHOOKS_PASSED_BY,
    };
    const fork = new Cluster(registry, same, parts, {
      seed: `${seed}/${registry.revision}`,
      isFork: true,
      address,
    });
    fork.clock.setRate(rate);
    // Controllers of another age have looked at nothing yet.
    const outstanding = registry.era === plane.registry.era ? plane.handedOn(registry) : undefined;
    await fork.start(outstanding);
    return fork;
  }

  /**
   * Keeps its state under a name, in place of another one of that name, so that it can be put back to it: what there is, the time, the dice, and
   * what the controllers have still to do. Where a file keeps the cluster it keeps the snapshot too.
   */
  snapshot(name: string): Promise<SnapshotInfo> {
    return this.snapshots.take(name);
  }

  /**
   * Puts it back to a snapshot. Everything is then as it was, and the same requests get the same answers as from there, but for their
   * `resourceVersion`s, which are never given out twice: watches end, and who resumes one is told by 410 that its
   * revision is gone, and lists again. The clock shows the time of then, unless it goes with the machine's or is one of your own. What
   * moves the clock meanwhile fails. Forks are left alone.
   * @throws StatusError 404 if there is no such snapshot
   */
  restore(name: string): Promise<SnapshotInfo> {
    return this.snapshots.restore(name);
  }

  /** Puts it back to how it began, its faults too, and its journal is empty. As `restore('initial')`. */
  async reset(): Promise<void> {
    await this.restore(INITIAL);
  }

  #now(): Standing {
    return { registry: this.#plane.registry, clock: this.clock.state, outstanding: this.#plane.runtime.outstanding() };
  }

  /** Replaces the control plane by one over another state; requests that come meanwhile wait. */
  async #restore(name: string): Promise<void> {
    while (this.#changing) await this.#changing;
    if (this.#closing) throw new Error('the cluster is closed');
    let done = () => {};
    this.#changing = new Promise<void>(resolve => {
      done = resolve;
    });
    try {
      const before = this.#plane;
      this.clock.breakOff();
      await before.end();
      let failure: unknown;
      const next = await this.#states.restore(name, before.registry).catch(async (error): Promise<Standing> => {
        // The file is as it was: so goes the cluster on.
        failure = error;
        return { registry: await reopened(before.registry), clock: this.clock.state, outstanding: undefined };
      });
      this.clock.putBack(next.clock);
      this.#plane = new ControlPlane(next.registry, this.#options, {
        ...before.parts,
        access: forkedAccess(next.registry, before.parts.access, this.#options),
        webhooks:
          before.parts.webhooks === WEBHOOKS_PASSED_BY ? WEBHOOKS_PASSED_BY : webhooks(next.registry, this.#options),
      });
      before.parts.recorder?.attach(next.registry);
      this.clock.goWith(this.#plane.runtime);
      if (name === INITIAL) {
        this.faults.reset();
        this.journal.clear();
      } else {
        this.faults.beginAgain();
      }
      this.#open();
      this.#plane.runtime.start(next.outstanding);
      if (this.#isOpened) await this.#plane.openNetwork();
      if (failure) throw failure;
    } finally {
      this.#changing = undefined;
      done();
    }
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
    const before = async () => new Placements(await this.#plane.registry.past(world.revision));
    const act = () => (typeof change === 'function' ? change(world) : world.apply(change));
    return whatIf({ world, before, change: act, limit: ms });
  }

  /**
   * Creates or updates what the manifests say, by server-side apply as `kubectl apply --server-side` does: YAML text (several
   * documents allowed; it may be indented as a whole), an object, or a list of them. Namespaced objects without a namespace go to `default`;
   * definitions of kinds come first, and objects of these once they are served.
   * @throws StatusError as the API server would answer
   */
  apply(manifests: Manifests): Promise<void> {
    const { turns } = this.#plane.registry;
    const work = () => applyManifests(this.#plane.registry, manifests, () => this.settled());
    return turns.witness ? turns.take(work, appliedInProcess(manifests)) : work();
  }

  /**
   * All that is in it as YAML, with uids, owners and status, for another cluster to begin with (`import`), or for a person to read. Left out are
   * Events, Leases and what else every cluster makes for itself.
   */
  export(): string {
    return [...exportedObjects(this.#plane.registry)].map(toYaml).join('---\n');
  }

  /**
   * One object by kubectl's word for its kind and its name: `cluster.object('ds/fluentd', 'kube-system')`, `cluster.object('node/worker-1')`. It
   * need not be there.
   * @throws TypeError if it is no `kind/name`; StatusError 404 if there is no such kind
   */
  object<R extends string>(reference: R, namespace = 'default'): ClusterObject<Named<R>> {
    return new ClusterObject(() => this.registry, reference, namespace);
  }

  /**
   * Why a DaemonSet has, or has not, a pod on a node, as things are at this moment: whether one is wanted, what is there, and the
   * reason in one sentence. Without a namespace the DaemonSet is looked for in `default`.
   * @throws StatusError 404 if there is no such DaemonSet or node
   */
  explain(daemonSet: string, node: string, namespace = 'default'): Placement {
    return explain(new Placements(this.#plane.registry), { namespace, daemonSet, node });
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
    server.on('upgrade', this.upgrade);
    this.#connections.of(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => resolve());
    });
    this.#servers.add(server);
    this.#furnish();
    const address = server.address() as AddressInfo;
    const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return { port: address.port, host: address.address, url: `${tls ? 'https' : 'http'}://${shown}:${address.port}` };
  }

  /** Where the names of Services and pods are answered for, by UDP and TCP; undefined where nobody does. */
  get dns(): { readonly address: string; readonly port: number } | undefined {
    return this.#names && { address: this.#names.address, port: this.#names.port };
  }

  /** As the option `dns`: answers for names. @throws Error (as a rejection) that says what is wrong with the port */
  async answerNames(port: number): Promise<void> {
    const { DnsServer } = await import('../network/dns/server.js');
    const { registryView } = await import('../network/dns/view.js');
    const server = await DnsServer.open(dnsPort(port), {
      view: () => registryView(this.registry),
      onError: error => this.#options.onError?.('dns', error),
    });
    if (this.#names || this.#closing) {
      await server.close();
      throw new Error(this.#closing ? 'the cluster is closed' : 'the cluster answers for its names already');
    }
    this.#names = server;
    this.#furnish();
  }

  /** Lets the API server and DNS answer in the network too. */
  #furnish(): void {
    const [server] = this.#servers;
    const api =
      server &&
      ((socket: Socket) => {
        noteCameByService(socket);
        server.emit('connection', socket);
      });
    this.#plane.house.furnish({ dns: this.#names, api });
  }

  /**
   * Lets the nodes, pods and Services of a cluster that has no network answer with real sockets, each at a free port of 127.0.0.1 in place of its
   * address (`addresses` tells which): so a fork can be tried while its base has the addresses. Does nothing where there is a network. Resolves
   * when the sockets are there.
   * @throws TypeError if the cluster is read only
   */
  async openNetwork(): Promise<void> {
    if (this.#options.readOnly) throw new TypeError('the cluster was opened to be read only');
    await this.#changing;
    this.#isOpened = true;
    await this.#plane.openNetwork();
  }

  /** Ends requests and watches, lets work in flight finish, commits, and closes the file. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#changing;
    if (!this.#origin.address) await this.#beside.close();
    await this.#plane.shut();
    await this.#names?.close();
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
    await this.#plane.end();
    await this.#plane.parts.recorder?.close();
    await this.#plane.registry.log.backend.close();
    this.clock.close();
  }
}
