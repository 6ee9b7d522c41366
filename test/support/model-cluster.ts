import type { VirtualClock } from '../../src/clock/virtual-clock.js';
import { Runtime } from '../../src/controllers/runtime/runtime.js';
import type { Controller, ControllerContext } from '../../src/controllers/runtime/types.js';
import { leases, nodes, pods } from '../../src/resources/index.js';
import type { Condition, Lease, Node, Pod, PodSpec, Taint } from '../../src/resources/types.js';
import { openRegistry, type TestRegistry } from './registry.js';

/** A cluster of only the controllers under test, on a clock that stands still. */
export class ModelCluster {
  /** Events as `component type reason message`, in order. */
  readonly events: string[] = [];

  private constructor(
    readonly registry: TestRegistry,
    readonly runtime: Runtime,
    /** What reconciles threw. */
    readonly errors: readonly string[],
  ) {}

  static async start(
    ...controllers: ((context: ControllerContext) => Controller | Controller[])[]
  ): Promise<ModelCluster> {
    const registry = await openRegistry(['default', 'kube-node-lease']);
    const errors: string[] = [];
    const runtime = new Runtime(registry, { onError: (name, key, error) => errors.push(`${name} ${key}: ${error}`) });
    const cluster = new ModelCluster(registry, runtime, errors);
    const context: ControllerContext = {
      registry,
      recorder: (component, host) => ({
        event: (_about, type, reason, message) => {
          cluster.events.push(`${component}${host ? `@${host}` : ''} ${type} ${reason} ${message}`);
        },
      }),
    };
    for (const controller of controllers.flatMap(make => make(context))) runtime.add(controller);
    runtime.start();
    await cluster.settle();
    return cluster;
  }

  get clock(): VirtualClock {
    return this.registry.clock;
  }

  settle(): Promise<void> {
    return this.runtime.settled();
  }

  /** Moves time on, from one timer to the next, letting the controllers come to rest at each. */
  advance(ms: number): Promise<void> {
    return this.clock.advance(ms, () => this.settle());
  }

  async close(): Promise<void> {
    await this.runtime.stop();
    await this.registry.log.close();
  }

  // ---- the cluster's objects ----

  async node(
    name: string,
    conditions?: Partial<Record<string, Condition['status']>>,
    more: Partial<Node> = {},
  ): Promise<void> {
    const listed = Object.entries(conditions ?? {}).map(([type, status]) => ({
      type,
      status: status!,
      reason: 'Test',
      message: 'test',
    }));
    await this.registry.create(nodes, {
      apiVersion: 'v1',
      kind: 'Node',
      spec: {},
      ...more,
      metadata: { ...more.metadata, name },
      status: { ...more.status, ...(conditions ? { conditions: listed } : {}) },
    });
    await this.settle();
  }

  getNode(name: string): Node {
    return this.registry.get(nodes, '', name)!.object;
  }

  /** Taints as kubectl writes them. */
  taints(name: string): string[] {
    return (this.getNode(name).spec.taints ?? []).map(t => `${t.key}${t.value ? `=${t.value}` : ''}:${t.effect}`);
  }

  async setTaints(name: string, ...taints: Taint[]): Promise<void> {
    const node = this.getNode(name);
    await this.registry.update(nodes, { ...node, spec: { ...node.spec, taints } });
    await this.settle();
  }

  async setCondition(name: string, type: string, status: Condition['status'], reason = 'Test'): Promise<void> {
    const node = this.getNode(name);
    const conditions = [
      ...(node.status.conditions ?? []).filter(c => c.type !== type),
      { type, status, reason, message: 'test', lastTransitionTime: '2020-01-01T00:00:00Z' },
    ];
    await this.registry.update(nodes, { ...node, status: { ...node.status, conditions } }, { subresource: 'status' });
    await this.settle();
  }

  async annotateNode(name: string, annotations: Record<string, string>): Promise<void> {
    const node = this.getNode(name);
    const kept = Object.entries(node.metadata.annotations ?? {}).filter(([key]) => !key.startsWith('kubette.dev/'));
    const metadata = { ...node.metadata, annotations: { ...Object.fromEntries(kept), ...annotations } };
    await this.registry.update(nodes, { ...node, metadata });
    await this.settle();
  }

  async deleteNode(name: string): Promise<void> {
    await this.registry.delete(nodes, '', name);
    await this.settle();
  }

  lease(name: string): Lease | undefined {
    return this.registry.get(leases, 'kube-node-lease', name)?.object;
  }

  async pod(
    name: string,
    nodeName: string | undefined,
    spec: Partial<PodSpec> = {},
    metadata: Partial<Pod['metadata']> = {},
  ): Promise<void> {
    await this.registry.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, name, namespace: 'default' },
      spec: {
        ...(nodeName ? { nodeName } : {}),
        restartPolicy: 'Always',
        containers: [{ name: 'main', image: 'a:1' }],
        ...spec,
      },
      status: {},
    });
    await this.settle();
  }

  getPod(name: string): Pod | undefined {
    return this.registry.get(pods, 'default', name)?.object;
  }

  async setPodStatus(name: string, status: Partial<Pod['status']>): Promise<void> {
    const pod = this.getPod(name)!;
    await this.registry.update(pods, { ...pod, status: { ...pod.status, ...status } }, { subresource: 'status' });
    await this.settle();
  }

  async deletePod(name: string, gracePeriodSeconds?: number): Promise<void> {
    await this.registry.delete(pods, 'default', name, gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds });
    await this.settle();
  }

  podCondition(name: string, type: string): Condition | undefined {
    return this.getPod(name)?.status.conditions?.find(c => c.type === type);
  }

  /** Events of the given reason, by message. */
  told(reason: string): string[] {
    return this.events.filter(e => e.split(' ')[2] === reason).map(e => e.split(' ').slice(3).join(' '));
  }
}

/** Conditions of a node that is well, as clients without a kubelet set them. */
export const READY = { Ready: 'True', MemoryPressure: 'False', DiskPressure: 'False', PIDPressure: 'False' } as const;
