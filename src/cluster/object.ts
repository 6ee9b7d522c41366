import { type Placement, Placements } from '../explain/placements.js';
import { type Progress, progressOf, ROLLING_KINDS, type Rolling } from '../explain/rollout.js';
import { diffOf, writerOf } from '../explain/writes.js';
import { indexByController, podsByNode } from '../registry/indexes.js';
import { kindNamed } from '../registry/kind-names.js';
import type { Registry } from '../registry/registry.js';
import { StatusError } from '../registry/status.js';
import { compareText } from '../resources/compare.js';
import { qualifiedName, type ResourceDefinition } from '../resources/definition.js';
import { daemonSets, events, jobs, nodes, pods, replicaSets } from '../resources/index.js';
import type { JsonDifference } from '../resources/json-diff.js';
import type * as types from '../resources/types.js';
import type * as workloads from '../resources/workload-types.js';
import type { ChangeType, Entry } from '../store/entry.js';

/** What kubectl's words for kinds stand for; objects of other kinds are known by their metadata alone. */
interface Words {
  pod: types.Pod;
  pods: types.Pod;
  po: types.Pod;
  node: types.Node;
  nodes: types.Node;
  no: types.Node;
  daemonset: types.DaemonSet;
  daemonsets: types.DaemonSet;
  ds: types.DaemonSet;
  deployment: workloads.Deployment;
  deployments: workloads.Deployment;
  deploy: workloads.Deployment;
  replicaset: workloads.ReplicaSet;
  replicasets: workloads.ReplicaSet;
  rs: workloads.ReplicaSet;
  statefulset: workloads.StatefulSet;
  statefulsets: workloads.StatefulSet;
  sts: workloads.StatefulSet;
  job: workloads.Job;
  jobs: workloads.Job;
  cronjob: workloads.CronJob;
  cronjobs: workloads.CronJob;
  cj: workloads.CronJob;
  service: types.Service;
  services: types.Service;
  svc: types.Service;
  configmap: types.ConfigMap;
  configmaps: types.ConfigMap;
  cm: types.ConfigMap;
  secret: types.Secret;
  secrets: types.Secret;
  namespace: types.Namespace;
  namespaces: types.Namespace;
  ns: types.Namespace;
}

/** The type of what `ds/fluentd` names. */
export type Named<R extends string> = R extends `${infer K}/${string}`
  ? K extends keyof Words
    ? Words[K]
    : types.KubeObject
  : types.KubeObject;

/** One kept version of an object. */
export interface Version<T extends types.KubeObject = types.KubeObject> {
  readonly type: ChangeType;
  readonly revision: number;
  /** When it was written, by the cluster's clock. */
  readonly time: Date;
  /** Under which name it was written, as `metadata.managedFields` tells; undefined where that is not told. */
  readonly by: string | undefined;
  /** Of a deletion the last version. */
  readonly object: T;
  /** What the write changed. */
  readonly changed: readonly JsonDifference[];
}

/** One object by its name, be it there or not: what is there now, and what was. It also follows a cluster that is reset. */
export class ClusterObject<T extends types.KubeObject = types.KubeObject> {
  /** `ds/fluentd`, as it was asked for. */
  readonly reference: string;
  /** Empty for kinds without namespaces. */
  readonly namespace: string;
  readonly name: string;
  readonly #registry: () => Registry;
  readonly #word: string;

  /** Use `cluster.object`. @throws TypeError if it is no `kind/name`; StatusError 404 if there is no such kind */
  constructor(registry: () => Registry, reference: string, namespace: string) {
    const [word, name, ...more] = reference.split('/');
    if (!word || !name || more.length > 0)
      throw new TypeError(`${JSON.stringify(reference)} names no object: use kind/name, such as "ds/fluentd"`);
    this.reference = reference;
    this.name = name;
    this.#registry = registry;
    this.#word = word;
    this.namespace = this.kind.namespaced ? namespace : '';
  }

  /** What it is, in the version that is stored. */
  get kind(): ResourceDefinition<T> {
    return kindNamed(this.registry, this.#word) as ResourceDefinition<T>;
  }

  /** The gate that it is read through. */
  get registry(): Registry {
    return this.#registry();
  }

  get #entry(): Entry<T> | undefined {
    return this.registry.get(this.kind, this.namespace, this.name);
  }

  /** As it is now; undefined if it is not there. Shared by all who read it: it must not be changed in place. */
  get current(): T | undefined {
    return this.#entry?.object;
  }

  /**
   * Its pods, by name: those that it controls, be it through ReplicaSets or Jobs, those that run on it, or itself.
   */
  pods(): readonly types.Pod[] {
    return this.#pods()
      .map(({ object }) => object)
      .sort((a, b) => compareText(a.metadata.name, b.metadata.name));
  }

  #pods(): readonly Entry<types.Pod>[] {
    const entry = this.#entry;
    const { registry } = this;
    if (!entry) return [];
    if (this.#is(pods)) return [entry as Entry<types.KubeObject> as Entry<types.Pod>];
    if (this.#is(nodes)) return podsByNode(registry).get(this.name);
    const between = [replicaSets, jobs].flatMap(kind =>
      indexByController(registry, kind as ResourceDefinition).get(entry.uid),
    );
    return [entry, ...between].flatMap(({ uid }) => indexByController(registry, pods).get(uid));
  }

  /** The events about it, in the order in which they were last written; of namesakes before it too. */
  events(): readonly types.Event[] {
    const isAbout = ({ object: { involvedObject: about } }: Entry<types.Event>) =>
      about.kind === this.kind.kind && about.name === this.name && (about.namespace ?? '') === this.namespace;
    return this.registry
      .all(events)
      .filter(isAbout)
      .sort((a, b) => a.revision - b.revision)
      .map(({ object }) => object);
  }

  /** Every version that is kept, of namesakes before it too, oldest first: what it was, when, and who wrote it. */
  async history(): Promise<readonly Version<T>[]> {
    const { registry, kind, namespace, name } = this;
    await registry.log.committed();
    return (await registry.log.history(qualifiedName(kind), namespace, name)).map(change => ({
      type: change.type,
      revision: change.revision,
      time: new Date(change.time),
      by: writerOf(registry, change),
      object: change.entry.object as T,
      changed: diffOf(change),
    }));
  }

  /**
   * Of a DaemonSet on every node, of a node under every DaemonSet: whether a pod is wanted, what is there, and why. By name.
   * @throws TypeError for other kinds; StatusError 404 if it is not there
   */
  placements(): readonly Placement[] {
    const { registry } = this;
    const entry = this.#entry;
    const isNode = this.#is(nodes);
    if (!isNode && !this.#is(daemonSets))
      throw new TypeError(`only DaemonSets and nodes have placements, not ${this.reference}`);
    if (!entry) throw StatusError.notFound(this.kind, this.name);
    const one = [entry as Entry<types.KubeObject>];
    const placements = new Placements(registry);
    return isNode
      ? placements.across(registry.all(daemonSets), one as Entry<types.Node>[])
      : placements.across(one as Entry<types.DaemonSet>[], registry.all(nodes));
  }

  /**
   * Resolves with what it is as soon as that is as one wants it: for what others do to it over HTTP, in their own time. What the cluster's own
   * controllers do is done once it has `settled()`.
   * @param patience how long it waits at most, in milliseconds of the machine's time
   * @throws Error (as a rejection) if it is not so by then
   */
  until(wanted: (current: T | undefined) => boolean, patience = 10_000): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const impatience = AbortSignal.timeout(patience);
      const look = () => {
        try {
          const { current } = this;
          if (impatience.aborted)
            reject(new Error(`${this.reference} is not as it is waited for after ${patience} ms`));
          else if (wanted(current)) resolve(current);
          else return;
        } catch (error) {
          reject(error);
        }
        unfollow();
      };
      const unfollow = this.registry.follow(look);
      impatience.addEventListener('abort', look);
      look();
    });
  }

  /** How far its rollout is, told as `kubectl rollout status` does; undefined if it is not there, or has none. */
  get rollout(): Progress | undefined {
    const entry = this.#entry;
    return entry && ROLLING_KINDS.some(kind => this.#is(kind))
      ? progressOf(entry as Entry<types.KubeObject> as Entry<Rolling>)
      : undefined;
  }

  /** Changes it by a merge patch (RFC 7396), as `kubectl patch --type merge` does. @throws StatusError */
  async patch(body: object): Promise<T> {
    const { entry } = await this.registry.patch(this.kind, this.namespace, this.name, { type: 'merge', body });
    return entry.object;
  }

  /** Deletes it. @throws StatusError 404 if it is not there */
  async delete(): Promise<void> {
    await this.registry.delete(this.kind, this.namespace, this.name);
  }

  #is(kind: { readonly group: string; readonly plural: string }): boolean {
    return this.kind.group === kind.group && this.kind.plural === kind.plural;
  }
}
