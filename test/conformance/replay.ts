import { parseAllDocuments } from 'yaml';
import { formatTime } from '../../src/clock/clock.js';
import { createCluster } from '../../src/index.js';
import { lookAt } from './look.js';
import { MiniKubelet } from './mini-kubelet.js';
import { type Answered, Normaliser } from './normalise.js';
import { pathOf, type RestAnswer, RestClient } from './rest.js';

/** A scenario: a list of steps, each an object of one key, that says what is done. */
export interface Scenario {
  readonly name: string;
  readonly about?: string;
  readonly steps: readonly Step[];
}

export type Step = Readonly<Record<string, Answered>>;

export interface Observed {
  readonly step: string;
  readonly [what: string]: Answered;
}

interface NodeSpec {
  name: string;
  labels?: Record<string, string>;
  taints?: object[];
  unschedulable?: boolean;
  cpu?: string;
  memory?: string;
  pods?: number;
  ready?: boolean;
  conditions?: Record<string, string>;
}

const OBSERVABLE: Readonly<Record<string, string>> = {
  pods: 'Pod',
  daemonsets: 'DaemonSet',
  revisions: 'ControllerRevision',
  nodes: 'Node',
  services: 'Service',
  endpoints: 'Endpoints',
  endpointslices: 'EndpointSlice',
  deployments: 'Deployment',
  replicasets: 'ReplicaSet',
  replicationcontrollers: 'ReplicationController',
  statefulsets: 'StatefulSet',
  claims: 'PersistentVolumeClaim',
  jobs: 'Job',
  quotas: 'ResourceQuota',
  budgets: 'PodDisruptionBudget',
};

/** What is watched besides pods, daemon sets and revisions for signs of rest, once the scenario has made one of the kind. */
const RESTLESS: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['Deployment', 'ReplicaSet'],
  ReplicaSet: ['ReplicaSet'],
  ReplicationController: ['ReplicationController'],
  StatefulSet: ['StatefulSet'],
  Job: ['Job'],
  ResourceQuota: ['ResourceQuota'],
  PodDisruptionBudget: ['PodDisruptionBudget'],
};

const PATCH_TYPES: Readonly<Record<string, string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

/** Time (ms) without a change after which a cluster counts as settled, unless told otherwise, and the most that is waited for it. */
const QUIET = 3000;
const SETTLE_AT_MOST = 60_000;
/** How often the kubelets look. */
const TICK = 200;

/** Where a scenario is played: an API server, and its time. */
export interface Stage {
  readonly client: RestClient;
  /** ms since the epoch. */
  now(): number;
  pass(ms: number): Promise<void>;
  /** The newest revision, where that can be told without asking: as long as it stays there is nothing new to look at. */
  revision?(): number;
}

/** Plays a scenario over HTTP against a cluster of its own, whose clock moves only as the scenario waits. */
export async function replay(scenario: Scenario, quiet?: number): Promise<Observed[]> {
  const cluster = await createCluster({ clock: 'virtual', nodes: 0, kubelet: 'off' });
  try {
    const { url } = await cluster.listen();
    const stage: Stage = {
      client: new RestClient(url),
      now: () => cluster.clock.now(),
      pass: async ms => {
        await cluster.advance(ms);
        await cluster.settled();
      },
      revision: () => cluster.revision,
    };
    return await new Run(scenario, stage, quiet).play();
  } finally {
    await cluster.close();
  }
}

export const namespaceOf = ({ name }: Scenario): string => `t-${name}`.slice(0, 50);

export class Run {
  readonly #namespace: string;
  readonly #normaliser = new Normaliser();
  readonly #kubelet: MiniKubelet;
  readonly #observed: Observed[] = [];
  readonly #kept: Record<string, string> = {};
  readonly #nodes = new Set<string>();

  /** Revision at which the kubelets found nothing to do. */
  #idleAt?: number | undefined;
  #lastLook: { readonly revision?: number | undefined; readonly seen: string } = { seen: '' };

  /** Kinds whose objects tell whether the cluster has come to rest. */
  readonly #restless = new Set(['Pod', 'DaemonSet', 'ControllerRevision']);

  constructor(
    readonly scenario: Scenario,
    readonly stage: Stage,
    readonly quiet = QUIET,
  ) {
    this.#namespace = namespaceOf(scenario);
    this.#kubelet = new MiniKubelet(stage.client, () => formatTime(stage.now()));
  }

  get client(): RestClient {
    return this.stage.client;
  }

  async play(): Promise<Observed[]> {
    await this.client.create('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: this.#namespace },
    });
    await this.#wait(1000); // what comes by itself into a namespace is there then
    for (const step of this.scenario.steps) await this.#step(step);
    return this.#observed;
  }

  async #step(step: Step): Promise<void> {
    const [verb, argument] = Object.entries(step)[0]!;
    switch (verb) {
      case 'nodes':
        for (const node of argument) await this.#addNode(typeof node === 'string' ? { name: node } : node);
        return;
      case 'node':
        return this.#changeNode(argument);
      case 'apply':
        return this.#create(argument);
      case 'replace': {
        const path = pathOf(argument.kind, argument.namespace ?? this.#namespace, argument.name);
        const { body } = await this.client.get(path);
        this.#note(
          `replace ${argument.kind} ${argument.name}`,
          this.#answer(await this.client.send('PUT', path, merged(body, argument.with))),
        );
        return;
      }
      case 'patch': {
        const path = pathOf(argument.kind, argument.namespace ?? this.#namespace, argument.name, argument.sub);
        const answer = await this.client.send('PATCH', path, argument.body, PATCH_TYPES[argument.type ?? 'merge']);
        this.#note(`patch ${argument.kind} ${argument.name}`, this.#answer(answer));
        return;
      }
      case 'pods':
        return this.#onPods(argument);
      case 'delete': {
        const { kind, name, namespace, ...options } = argument;
        const answer = await this.client.delete(pathOf(kind, namespace ?? this.#namespace, name), {
          kind: 'DeleteOptions',
          apiVersion: 'v1',
          ...options,
        });
        this.#note(`delete ${kind} ${name}`, this.#answer(answer));
        return;
      }
      case 'request':
        return this.#request(argument);
      case 'watch':
        return this.#watch(argument);
      case 'kubelet':
        this.#kubelet.running = argument !== 'off';
        this.#kubelet.slow = argument === 'slow';
        this.#idleAt = undefined;
        return;
      case 'settle':
        await this.#settle(typeof argument === 'number' ? argument * 1000 : SETTLE_AT_MOST);
        await this.#learn();
        return;
      case 'wait':
        await this.#wait(argument * 1000);
        await this.#learn();
        return;
      case 'observe':
        for (const what of [argument].flat()) await this.#observe(what);
        return;
      case 'look':
        for (const what of [argument].flat()) await this.#look(what);
        return;
      default:
        throw new Error(`unknown step ${verb}`);
    }
  }

  async #addNode(node: NodeSpec): Promise<void> {
    this.#nodes.add(node.name);
    const { status } = await this.client.create('/api/v1/nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: node.name, labels: { 'kubernetes.io/hostname': node.name, ...node.labels } },
      spec: { ...(node.taints ? { taints: node.taints } : {}), ...(node.unschedulable ? { unschedulable: true } : {}) },
      status: this.#nodeStatus(node),
    });
    if (status !== 201) throw new Error(`node ${node.name}: ${status}`);
  }

  async #changeNode({ name, labels, taints, unschedulable, status }: Answered): Promise<void> {
    const spec = {
      ...(taints === undefined ? {} : { taints }),
      ...(unschedulable === undefined ? {} : { unschedulable }),
    };
    const change = { ...(labels ? { metadata: { labels } } : {}), ...(Object.keys(spec).length ? { spec } : {}) };
    if (Object.keys(change).length)
      this.#note(`node ${name}`, this.#answer(await this.client.merge(pathOf('Node', undefined, name), change)));
    if (status) {
      const path = pathOf('Node', undefined, name, 'status');
      this.#note(
        `node status ${name}`,
        this.#answer(await this.client.merge(path, { status: this.#nodeStatus({ name, ...status }) })),
      );
    }
  }

  #nodeStatus(node: NodeSpec): object {
    const capacity = {
      cpu: node.cpu ?? '4',
      memory: node.memory ?? '8Gi',
      pods: String(node.pods ?? 110),
      'ephemeral-storage': '100Gi',
    };
    const wanted = {
      Ready: node.ready === false ? 'False' : 'True',
      MemoryPressure: 'False',
      DiskPressure: 'False',
      PIDPressure: 'False',
      ...node.conditions,
    };
    const now = formatTime(this.stage.now());
    const conditions = Object.entries(wanted).map(([type, status]) => ({
      type,
      status: String(status),
      reason: 'Test',
      message: 'test',
      lastHeartbeatTime: now,
      lastTransitionTime: now,
    }));
    return { capacity, allocatable: capacity, conditions };
  }

  async #create(manifests: Answered): Promise<void> {
    const objects =
      typeof manifests === 'string'
        ? parseAllDocuments(manifests).map(document => document.toJS())
        : [manifests].flat();
    for (const object of objects) {
      const answer = await this.client.create(
        pathOf(object.kind, object.metadata?.namespace ?? this.#namespace),
        object,
      );
      for (const kind of RESTLESS[object.kind] ?? []) this.#restless.add(kind);
      this.#note(`create ${object.kind} ${object.metadata?.name}`, this.#answer(answer));
    }
  }

  /** Does something to each pod that matches, or to `most` of them. */
  async #onPods({ on, of, phase, most, patch, status, delete: options }: Answered): Promise<void> {
    const pods = await this.client.list('Pod', this.#namespace);
    const matching = pods.filter(
      p =>
        (!on || p.spec.nodeName === on) &&
        (!of || p.metadata.name.startsWith(`${of}-`)) &&
        (!phase || p.status.phase === phase),
    );
    for (const pod of matching.slice(0, most)) {
      const path = pathOf('Pod', this.#namespace, pod.metadata.name);
      const which = `pods ${JSON.stringify({ on, of })}`;
      if (patch) this.#note(`${which} patch`, this.#answer(await this.client.merge(path, patch)));
      if (status) this.#note(`${which} status`, this.#answer(await this.client.merge(`${path}/status`, { status })));
      if (options) {
        const body = { kind: 'DeleteOptions', apiVersion: 'v1', ...(options === true ? {} : options) };
        this.#note(`${which} delete`, this.#answer(await this.client.delete(path, body)));
      }
    }
  }

  async #request({ method = 'GET', path, body, type, accept, show, keep }: Answered): Promise<void> {
    const answer = await this.client.send(
      method,
      this.#fill(path),
      typeof body === 'string' ? this.#fill(body) : body,
      type,
      accept,
    );
    for (const [name, at] of Object.entries<string>(keep ?? {})) {
      this.#kept[name] = at.split('.').reduce((value: Answered, key) => value?.[key], answer.body);
    }
    const shown = show && answer.status < 400 ? { body: this.#pick(answer.body, show) } : {};
    this.#note(`${method} ${path}`, { ...this.#answer(answer), ...shown });
  }

  /** Opens a watch, does the steps, waits a moment, and notes what came. */
  async #watch({
    path,
    accept = 'application/json',
    while: steps = [],
    linger = 1.5,
    show,
    news,
  }: Answered): Promise<void> {
    const { status, body, events } = await this.client.watch(this.#fill(path), accept, async quiet => {
      await quiet();
      for (const step of steps) {
        await this.#step(step);
        await quiet();
      }
      await this.#wait(linger * 1000);
      await quiet();
    });
    if (status >= 400) return this.#note(`watch ${path}`, this.#answer({ status, body }));
    // What was there before comes in any order.
    const later = events.findIndex(event => event.type !== 'ADDED');
    const first = later < 0 ? events.length : later;
    const nameOf = (event: Answered): string => event.object.metadata?.name ?? '';
    const ordered = [
      ...events.slice(0, first).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
      ...events.slice(first),
    ];
    await this.#learn();
    // With `news`, what shows nothing else than the last time is left out: how often an object is written is nobody's business.
    const shown = new Map<string, string>();
    const isNews = (event: Answered): boolean => {
      const text = JSON.stringify([event.type === 'DELETED', this.#pick(event.object, show)]);
      const isSame = shown.get(event.object.metadata.uid) === text;
      shown.set(event.object.metadata.uid, text);
      return !isSame;
    };
    this.#note(`watch ${path}`, {
      status,
      events: (news ? ordered.filter(isNews) : ordered).map(event => {
        if (show) return { type: event.type, object: this.#pick(event.object, show) };
        const error = event.type === 'ERROR' ? { code: event.object.code, reason: event.object.reason } : {};
        return { type: event.type, kind: event.object.kind, name: this.#normaliser.text(nameOf(event)), ...error };
      }),
    });
  }

  async #wait(ms: number): Promise<void> {
    const until = this.stage.now() + ms;
    for (let left = ms; left > 0; left = until - this.stage.now()) {
      await this.#tick();
      await this.stage.pass(Math.min(TICK, left));
    }
    await this.#tick();
    await this.stage.pass(0);
  }

  async #settle(atMost: number): Promise<void> {
    const began = this.stage.now();
    let last = '';
    let since = began;
    while (this.stage.now() - began < atMost && this.stage.now() - since < this.quiet) {
      await this.#tick();
      await this.stage.pass(TICK);
      const now = await this.#snapshot();
      if (now !== last) since = this.stage.now();
      last = now;
    }
  }

  async #tick(): Promise<void> {
    const revision = this.stage.revision?.();
    if (revision !== undefined && revision === this.#idleAt) return;
    this.#idleAt = (await this.#kubelet.tick()) === 0 ? revision : undefined;
  }

  async #snapshot(): Promise<string> {
    const revision = this.stage.revision?.();
    if (revision !== undefined && revision === this.#lastLook.revision) return this.#lastLook.seen;
    const lists = await Promise.all([...this.#restless].map(kind => this.client.list(kind, this.#namespace)));
    const nodes = await this.client.list('Node');
    const objects = [...lists.flat(), ...nodes];
    const seen = JSON.stringify(objects.map(({ metadata }) => [metadata.uid, metadata.resourceVersion]));
    this.#lastLook = { revision, seen };
    return seen;
  }

  async #observe(what: string): Promise<void> {
    const pods = await this.#learn();
    let items: Answered[];
    if (what === 'events') items = this.#normaliser.events(await this.client.list('Event', this.#namespace), pods);
    else {
      items = await this.client.list(OBSERVABLE[what]!, what === 'nodes' ? undefined : this.#namespace);
      if (what === 'nodes') items = items.filter(({ metadata }) => this.#nodes.has(metadata.name));
      if (what === 'pods')
        items = items.map(pod => ({ ...pod, metadata: { ...pod.metadata, name: generated(pod.metadata) } }));
      items = this.#normaliser.sorted(items);
    }
    this.#note(`observe ${what}`, { items: this.#anonymous(items) });
  }

  /** The gist of a kind: what its controller decides, without what a client sent or the server filled in. */
  async #look(what: string): Promise<void> {
    await this.#learn();
    const kind = OBSERVABLE[what] ?? 'Event';
    const items = lookAt(kind, await this.client.list(kind, this.#namespace), this.#normaliser);
    this.#note(`look ${what}`, { items: this.#anonymous(items) });
  }

  /** Learns what is not to be told apart; answers the pods. */
  async #learn(): Promise<Answered[]> {
    this.#normaliser.learnRevisions(await this.client.list('ControllerRevision', this.#namespace));
    if (this.#restless.has('ReplicaSet'))
      this.#normaliser.learnSets(await this.client.list('ReplicaSet', this.#namespace));
    const pods = await this.client.list('Pod', this.#namespace);
    this.#normaliser.learnGenerated(pods);
    return pods;
  }

  /** `true` for the whole of a body, or a list of dotted paths to keep of it. */
  #pick(body: Answered, show: true | string[]): Answered {
    // The controllers' entries come in their own time.
    const managed = body?.metadata?.managedFields;
    if (managed)
      body.metadata.managedFields = managed.filter((entry: Answered) => entry.manager !== 'kube-controller-manager');
    const put = (value: Answered) => (value === undefined ? undefined : this.#anonymous(this.#normaliser.value(value)));
    if (show === true) return put(body);
    const at = (path: string) =>
      path
        .split('.')
        .reduce(
          (value: Answered, key) =>
            Array.isArray(value) && !/^\d+$/.test(key) ? value.map(item => item?.[key]) : value?.[key],
          body,
        );
    return Object.fromEntries(show.map(path => [path, put(at(path))]));
  }

  #answer({ status, body }: RestAnswer): object {
    if (status < 400) return { status };
    const message = body?.message && short(this.#normaliser.text(body.message).split(this.#namespace).join('{ns}'));
    const causes = body?.details?.causes?.map((c: Answered) => short(`${c.field}: ${c.reason}: ${c.message}`)).sort();
    return { status, reason: body?.reason, message, causes };
  }

  #fill(text: string): string {
    return text
      .replaceAll('{ns}', this.#namespace)
      .replace(/\{(\w+)\}/g, (all, name) =>
        this.#kept[name] === undefined ? all : encodeURIComponent(this.#kept[name]),
      );
  }

  #anonymous(value: Answered): Answered {
    return JSON.parse(JSON.stringify(value).split(this.#namespace).join('{ns}'));
  }

  #note(step: string, result: object): void {
    this.#observed.push({ step, ...result });
  }
}

/** Upstream quotes whole objects in some messages. */
function short(text: string): string {
  return text.length > 400 ? `${text.slice(0, 90)} … ${text.slice(-60)}` : text;
}

function generated({ name, generateName }: { name: string; generateName?: string }): string {
  return generateName ? `${generateName}*` : name;
}

function merged(a: Answered, b: Answered): Answered {
  if (typeof b !== 'object' || b === null || Array.isArray(b)) return b;
  const result = { ...(typeof a === 'object' && a !== null && !Array.isArray(a) ? a : {}) };
  for (const key of Object.keys(b)) {
    if (b[key] === null) delete result[key];
    else result[key] = merged(result[key], b[key]);
  }
  return result;
}
