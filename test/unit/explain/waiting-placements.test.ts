import { beforeEach, describe, expect, it } from 'vitest';
import { claims } from '../../../src/controllers/volume-binder/kinds.js';
import { PlacementFeed } from '../../../src/explain/placement-feed.js';
import { events, namespaces, pods } from '../../../src/resources/index.js';
import type { Event, Namespace, PodSpec } from '../../../src/resources/types.js';
import { addPod } from '../../support/random-writes.js';
import { reader } from '../../support/read-feed.js';
import { openRegistry, type TestRegistry } from '../../support/registry.js';
import { addDaemonSet, addNode } from '../../support/small-cluster.js';

const ZONE = 'topology.kubernetes.io/zone';

/** Keeps away from pods of the app `loud` in its zone, in the namespaces that are called quiet. */
const SHY: Partial<PodSpec> = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        {
          topologyKey: ZONE,
          labelSelector: { matchLabels: { app: 'loud' } },
          namespaceSelector: { matchLabels: { quiet: 'yes' } },
        },
      ],
    },
  },
};

let registry: TestRegistry;
beforeEach(async () => {
  registry = await openRegistry(['default', 'shop']);
  for (const name of ['a', 'b']) await addNode(registry, name, { labels: { [ZONE]: 'z' } });
});

/** Why there is no pod of a DaemonSet on node `a` yet, each time that is told, and what it was told of. */
async function follow(spec: Partial<PodSpec>) {
  await addDaemonSet(registry, 'agent', { spec });
  const read = reader(new PlacementFeed(registry, { node: 'a' }));
  return async () => (await read()).map(({ cause, placement }) => [cause.entry.name, placement!.reason] as const);
}

const label = async (namespace: string, labels: Record<string, string>) => {
  const { object } = registry.get(namespaces, '', namespace)!;
  await registry.update<Namespace>(namespaces, { ...object, metadata: { ...object.metadata, labels } });
};

describe('a placement that waits', () => {
  const WAITS = 'a pod is wanted, and the controller has not made it yet';

  it('hears of pods on other nodes and of namespaces, where it looks that far', async () => {
    const read = await follow(SHY);
    await addPod(registry, 'loud', { node: 'b', namespace: 'shop' });
    expect(await read()).toEqual([]);
    await label('shop', { quiet: 'yes' });
    expect(await read()).toEqual([['shop', expect.stringContaining('it will have to wait')]]);
    await registry.delete(pods, 'shop', 'loud', { gracePeriodSeconds: 0 });
    expect(await read()).toEqual([['loud', WAITS]]);
  });

  it('hears of the volumes that it waits for', async () => {
    const read = await follow({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] } as never);
    await registry.create(claims, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: '' },
    } as never);
    const [told] = await read();
    expect(told?.[0]).toBe('data');
  });

  it('hears why its pod could not be made', async () => {
    const agent = await addDaemonSet(registry, 'agent');
    const read = reader(new PlacementFeed(registry, { node: 'a' }));
    await registry.create<Event>(events, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e', namespace: 'default' },
      involvedObject: { kind: 'DaemonSet', name: 'agent', namespace: 'default', uid: agent.uid },
      reason: 'FailedCreate',
      type: 'Warning',
      message: 'Error creating: no',
    } as never);
    expect((await read()).map(({ cause, placement }) => [cause.entry.name, placement!.reason])).toEqual([
      ['e', 'a pod is wanted, and the controller could not make it (no)'],
    ]);
  });

  it('HIS-03: before 1.12 it is wanted or not by what else stands on its node', async () => {
    registry = await openRegistry(['default'], { era: '1.11' });
    await addNode(registry, 'a', { cpu: '300m' });
    await addDaemonSet(registry, 'agent');
    const read = reader(new PlacementFeed(registry));
    await addPod(registry, 'other', { node: 'a' });
    expect((await read()).map(({ cause, placement }) => [cause.entry.name, placement!.reason])).toEqual([
      ['other', expect.stringContaining('CPU')],
    ]);
    await registry.delete(pods, 'default', 'other', { gracePeriodSeconds: 0 });
    expect((await read()).map(({ cause }) => cause.entry.name)).toEqual(['other']);
  });
});
