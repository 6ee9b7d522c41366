import { placementDiff } from '../src/explain/placement-diff.js';
import { createCluster } from '../src/index.js';
import type { Registry } from '../src/registry/registry.js';
import { nodes as nodeKind } from '../src/resources/index.js';
import { daemonSet } from './subjects.js';

export interface WhatIfTimes {
  readonly nodes: number;
  readonly pods: number;
  /** How many placements it changes; the same for both, or the run fails. */
  readonly differences: number;
  /** A fork, the taints, the rest, and what is different then. */
  readonly whatIfMs: number;
  readonly whatIfMiB: number;
  /** The taints, the rest, and what is different since, in the cluster itself. */
  readonly reallyMs: number;
  readonly reallyMiB: number;
  /** One taint of one node. */
  readonly oneMs: number;
}

const MIB = 1024 * 1024;

/** `daemonSets` DaemonSets on `nodes` nodes, one of which does not bear the taint that all nodes get: what would be, and what is. */
export async function whatIf(nodes: number, daemonSets: number): Promise<WhatIfTimes> {
  const cluster = await createCluster({ clock: 'virtual', nodes });
  for (let i = 0; i < daemonSets; i++) await cluster.apply(daemonSet(`agent-${i}`, i > 0));
  await cluster.comeToRest();
  const taintAll = ({ registry }: { readonly registry: Registry }) =>
    Promise.all(registry.all(nodeKind).map(({ name }) => taint(registry, name)));

  const taintOne = () => cluster.whatIf(fork => taint(fork.registry, cluster.registry.all(nodeKind)[0]!.name));
  // What is found out and compiled at first is not meant.
  await taintOne();
  const one = await measured(taintOne);
  const would = await measured(() => cluster.whatIf(taintAll));
  const before = await cluster.registry.past(cluster.revision);
  const really = await measured(async () => {
    await taintAll(cluster);
    await cluster.comeToRest();
    return placementDiff(before, cluster.registry);
  });
  const told = ({ placements }: typeof really.result) =>
    placements.map(
      ({ difference, daemonSet, node, after }) =>
        `${difference} ${daemonSet} ${node} ${after?.actual} ${after?.reason}`,
    );
  const differences = told(would.result);
  if (JSON.stringify(differences) !== JSON.stringify(told(really.result)))
    throw new Error('what would be is not what is');
  await cluster.close();
  return {
    nodes,
    pods: nodes * daemonSets,
    differences: differences.length,
    whatIfMs: would.ms,
    whatIfMiB: would.mib,
    reallyMs: really.ms,
    reallyMiB: really.mib,
    oneMs: one.ms,
  };
}

const taint = (registry: Registry, name: string) =>
  registry.patch(nodeKind, '', name, {
    type: 'merge',
    body: { spec: { taints: [{ key: 'x', value: 'y', effect: 'NoExecute' }] } },
  });

/** How long work takes, and how much more memory is held by what it leaves, as far as the collector has come. */
async function measured<T>(work: () => Promise<T>) {
  globalThis.gc?.();
  const held = memory();
  const began = performance.now();
  const result = await work();
  const ms = performance.now() - began;
  globalThis.gc?.();
  return { result, ms, mib: (memory() - held) / MIB };
}

function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
