import { revisionData } from '../../../../src/controllers/workloads/revisions.js';
import { templateHash } from '../../../../src/controllers/workloads/template-hash.js';
import { nodes, pods } from '../../../../src/resources/index.js';
import type { Condition, DaemonSet, DaemonSetSpec, Pod } from '../../../../src/resources/types.js';
import { NAMESPACE, type SetOptions, TestCluster } from './cluster.js';

export const LABEL = { app: 'agent' };
export const OTHER_LABEL = { app: 'other' };

/** A scene of upstream's tests: what is there before the one sync that is counted. */
export class Scene {
  #serial = 0;

  private constructor(
    readonly cluster: TestCluster,
    readonly updateStrategy: Strategy,
  ) {}

  static async open(updateStrategy: Strategy): Promise<Scene> {
    return new Scene(await TestCluster.idle(), updateStrategy);
  }

  async nodes(from: number, count: number, labels: Record<string, string> = {}): Promise<void> {
    for (let i = from; i < from + count; i++) await this.cluster.addNode(`node-${i}`, { labels });
  }

  set(options: SetOptions = {}): Promise<DaemonSet> {
    return this.cluster.createSet({ ...options, spec: { updateStrategy: this.updateStrategy, ...options.spec } });
  }

  /** Pods that the set made from its template as it is, bound to a node. */
  async pods(
    node: string,
    count: number,
    { labels = LABEL, created }: { labels?: Record<string, string>; created?: (pod: Pod) => Promise<void> } = {},
  ): Promise<void> {
    const set = this.cluster.set();
    const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: set.metadata.uid, controller: true };
    const hash = templateHash(revisionData(set.spec.template).text, undefined);
    for (let i = 0; i < count; i++) {
      const metadata = { labels: { ...labels, 'controller-revision-hash': hash }, ownerReferences: [owner] };
      const pod = await this.cluster.createPod(`pod-${this.#serial++}`, metadata, node);
      await created?.(pod);
    }
  }

  /** A pod of nobody's, with other labels, that takes a port and resources. */
  async stranger(node: string, containerPort = 80): Promise<void> {
    const { registry } = this.cluster;
    const resources = { requests: { cpu: '3', memory: '6Gi' } };
    const ports = [{ containerPort, hostPort: containerPort }];
    await registry.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'stranger', namespace: NAMESPACE, labels: OTHER_LABEL },
      spec: { nodeName: node, containers: [{ name: 'main', image: 'a:1', resources, ports }] },
      status: {},
    });
  }

  async condition(node: string, type: string, status: Condition['status']): Promise<void> {
    const { registry } = this.cluster;
    const { object } = registry.get(nodes, '', node)!;
    const conditions = [{ type, status }];
    await registry.update(nodes, { ...object, status: { ...object.status, conditions } }, { subresource: 'status' });
  }
}

export type Strategy = DaemonSetSpec['updateStrategy'];

/** Upstream runs its tests with either. */
export const STRATEGIES: [string, Strategy][] = [
  ['OnDelete', { type: 'OnDelete' }],
  ['RollingUpdate', { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } }],
];
