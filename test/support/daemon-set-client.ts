import type { ClusterOptions } from '../../src/cluster/options.js';
import { type Cluster, createCluster } from '../../src/index.js';
import type { Answered } from '../conformance/normalise.js';
import { pathOf, RestClient } from '../conformance/rest.js';

export const NAMESPACE = 'default';
export const NAME = 'daemon-set';
const LABELS = { 'daemonset-name': NAME };
const STRATEGIC = 'application/strategic-merge-patch+json';

/** A DaemonSet as upstream's tests make it; `pod` goes into the spec of its template. */
export const daemonSet = (spec: object = {}, pod: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: NAME, labels: LABELS },
  spec: {
    selector: { matchLabels: LABELS },
    template: {
      metadata: { labels: LABELS },
      spec: { containers: [{ name: 'app', image: 'webserver:1', ports: [{ containerPort: 9376 }] }], ...pod },
    },
    ...spec,
  },
});

export const isReady = ({ status }: Answered): boolean =>
  (status.conditions ?? []).some((c: Answered) => c.type === 'Ready' && c.status === 'True');
export const isLive = ({ metadata }: Answered): boolean => metadata.deletionTimestamp === undefined;
export const imageOf = ({ spec }: Answered): string => spec.containers[0].image;
export const hashOf = ({ metadata }: Answered): string => metadata.labels['controller-revision-hash'];
export const nameOf = ({ metadata }: Answered): string => metadata.name;

/** A whole cluster, with kubelets, on a clock that stands still; asked over HTTP for one DaemonSet and what is its. */
export class DaemonSetClient {
  private constructor(
    readonly cluster: Cluster,
    readonly rest: RestClient,
  ) {}

  static async start(options: ClusterOptions): Promise<DaemonSetClient> {
    const cluster = await createCluster({ clock: 'virtual', ...options });
    return new DaemonSetClient(cluster, new RestClient((await cluster.listen()).url));
  }

  close(): Promise<void> {
    return this.cluster.close();
  }

  /** Sends a request that must succeed, and lets what it sets off come to rest. Answers the body. */
  async do(method: string, path: string, body?: unknown, contentType?: string): Promise<Answered> {
    const answer = await this.rest.send(method, path, body, contentType);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body?.message}`);
    await this.cluster.settled();
    return answer.body;
  }

  create(object: Answered): Promise<Answered> {
    return this.do('POST', pathOf(object.kind, object.metadata.namespace ?? NAMESPACE), object);
  }

  /** A strategic merge patch, of the DaemonSet unless told otherwise. */
  patch(body: object, kind = 'DaemonSet', name = NAME, subresource?: string): Promise<Answered> {
    return this.do('PATCH', pathOf(kind, NAMESPACE, name, subresource), body, STRATEGIC);
  }

  patchTemplate(spec: object): Promise<Answered> {
    return this.patch({ spec: { template: { spec } } });
  }

  setImage(image: string): Promise<Answered> {
    return this.patchTemplate({ containers: [{ name: 'app', image }] });
  }

  get(): Promise<Answered> {
    return this.do('GET', pathOf('DaemonSet', NAMESPACE, NAME));
  }

  async status(): Promise<Answered> {
    return (await this.get()).status;
  }

  delete(kind: string, name: string, options?: object): Promise<Answered> {
    return this.do('DELETE', pathOf(kind, NAMESPACE, name), options);
  }

  /** The pods that carry the set's labels, by name. */
  async pods(): Promise<Answered[]> {
    const path = `${pathOf('Pod', NAMESPACE)}?labelSelector=daemonset-name%3D${NAME}`;
    return (await this.do('GET', path)).items;
  }

  async livePods(): Promise<Answered[]> {
    return (await this.pods()).filter(isLive);
  }

  /** Its revisions, oldest first. */
  async revisions(): Promise<Answered[]> {
    const { items } = await this.do('GET', pathOf('ControllerRevision', NAMESPACE));
    return items.sort((a: Answered, b: Answered) => a.revision - b.revision);
  }

  /** Of each node with available pods of the set that are not on their way out, how many. */
  async running(): Promise<Record<string, number>> {
    const { uid } = (await this.get()).metadata;
    const counts: Record<string, number> = {};
    for (const pod of await this.livePods()) {
      const owned = (pod.metadata.ownerReferences ?? []).some(
        (owner: Answered) => owner.controller && owner.uid === uid,
      );
      if (owned && isReady(pod)) counts[pod.spec.nodeName] = (counts[pod.spec.nodeName] ?? 0) + 1;
    }
    return counts;
  }

  /** {@link running} as it should be: one pod on each of these nodes, and none anywhere else. */
  oneOn(...nodes: readonly string[]): Record<string, number> {
    return Object.fromEntries(nodes.map(node => [node, 1]));
  }
}
