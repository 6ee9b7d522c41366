import { exportedObjects } from '../src/cluster/export.js';
import { createCluster } from '../src/index.js';
import { pods as podKind } from '../src/resources/index.js';
import { daemonSet, timed } from './subjects.js';

export interface ImportTimes {
  readonly nodes: number;
  readonly pods: number;
  /** A new cluster that begins with all objects of another one, until it is at rest: nothing is left to do for any controller. */
  readonly importMs: number;
  /** The nodes and the rollout of the same pods in the other one. */
  readonly rolloutMs: number;
}

/** `daemonSets` DaemonSets on `nodes` nodes, made by the controllers in one cluster, and taken over by another. */
export async function importing(nodes: number, daemonSets: number): Promise<ImportTimes> {
  const rollout = await timed(async () => {
    const cluster = await createCluster({ clock: 'virtual', nodes });
    for (let i = 0; i < daemonSets; i++) await cluster.apply(daemonSet(`agent-${i}`));
    await cluster.comeToRest();
    return cluster;
  });
  const original = rollout.result;
  const objects = [...exportedObjects(original.registry)];
  const uids = () => original.registry.all(podKind).map(({ uid }) => uid);
  const before = uids();
  const taken = await timed(async () => {
    const cluster = await createCluster({ clock: 'virtual', import: objects });
    await cluster.comeToRest();
    return cluster;
  });
  const after = new Set(taken.result.registry.all(podKind).map(({ uid }) => uid));
  if (after.size !== before.length || !before.every(uid => after.has(uid)))
    throw new Error('what was imported is not what was there');
  await original.close();
  await taken.result.close();
  return { nodes, pods: before.length, importMs: taken.ms, rolloutMs: rollout.ms };
}
