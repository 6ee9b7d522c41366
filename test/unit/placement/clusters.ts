import type { ClusterView } from '../../../src/placement/cluster-view.js';
import { PodFit } from '../../../src/placement/fit.js';
import { NodeInfo } from '../../../src/placement/node-info.js';
import type { Pod, PodSpec, TopologySpreadConstraint } from '../../../src/resources/types.js';
import { node } from './objects.js';

/** What rules about pods and their neighbours see, and its nodes by name. */
export interface TestView extends ClusterView {
  info(name: string): NodeInfo;
}

export const viewOf = (
  infos: readonly NodeInfo[],
  namespaces: Record<string, Record<string, string>> = {},
): TestView => ({
  nodes: () => infos,
  nodesWithAffinity: () => infos.filter(info => info.podsWithAffinity.size > 0),
  namespaceLabels: name => namespaces[name],
  info: name => infos.find(info => info.name === name)!,
});

const NAMES = ['a1', 'a2', 'b1'];

/** A cluster of three nodes in two zones, with pods by the name of their node. */
export const threeNodes = (
  pods: Record<string, Pod[]> = {},
  namespaces: Record<string, Record<string, string>> = {},
): TestView =>
  viewOf(
    NAMES.map(name => new NodeInfo(node({ name, labels: { zone: name[0]!, host: name } }), pods[name] ?? [])),
    namespaces,
  );

/** Those of the three nodes that a pod fits on. */
export const fitting = (p: Pod, cluster: TestView): string[] =>
  NAMES.filter(name => !new PodFit(p, cluster).obstacle(cluster.info(name)));

export const term = (app: string, topologyKey: string, more = {}) => ({
  topologyKey,
  labelSelector: { matchLabels: { app } },
  ...more,
});

/** What must be near, and what must not. */
export const near = (...terms: object[]): Partial<PodSpec> => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms as never } },
});
export const away = (...terms: object[]): Partial<PodSpec> => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms as never } },
});

/** Databases evenly over zones. */
export const spread = (maxSkew: number, more: Partial<TopologySpreadConstraint> = {}): Partial<PodSpec> => ({
  topologySpreadConstraints: [
    {
      maxSkew,
      topologyKey: 'zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'db' } },
      ...more,
    },
  ],
});
