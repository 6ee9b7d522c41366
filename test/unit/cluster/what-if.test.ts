import { afterEach, describe, expect, it } from 'vitest';
import { placementDiff } from '../../../src/explain/placement-diff.js';
import { Placements } from '../../../src/explain/placements.js';
import type { Outcome } from '../../../src/explain/what-if.js';
import { type Cluster, createCluster } from '../../../src/index.js';
import { StatusError } from '../../../src/registry/status.js';
import { daemonSets, nodes, pods } from '../../../src/resources/index.js';

let cluster: Cluster;
afterEach(() => cluster.close());

const daemonSet = (image = 'agent:1', requests: object = {}, strategy: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    updateStrategy: { rollingUpdate: strategy },
    template: {
      metadata: { labels: { app: 'agent' } },
      spec: { containers: [{ name: 'main', image, resources: { requests } }] },
    },
  },
});

async function start(count = 3): Promise<void> {
  cluster = await createCluster({ clock: 'virtual', nodes: count });
  await cluster.apply(daemonSet());
  await cluster.advance('5m');
}

const taint = ({ registry }: Cluster, node: string, effect: string) =>
  registry.patch(nodes, '', node, { type: 'merge', body: { spec: { taints: [{ key: 'x', effect }] } } });
const differences = ({ placements }: Outcome) =>
  placements.map(({ difference, node, after }) => `${difference} ${node} ${after?.actual}`);
/** what happened on which node, step by step. */
const story = ({ steps }: Outcome, ...which: string[]) =>
  steps.flatMap(({ events }) => {
    const told = events.filter(({ step }) => which.includes(step));
    return told.length > 0 ? [told.map(({ step, pod }) => `${step} ${pod.object.spec.nodeName}`).join(', ')] : [];
  });
/** Where each DaemonSet stands on each node, and why. */
const picture = ({ registry }: Cluster | { registry: Outcome['after'] }) =>
  new Placements(registry)
    .across(registry.all(daemonSets), registry.all(nodes))
    .map(({ node, actual, wanted, reason }) => `${node.name} ${wanted} ${actual} ${reason}`);

describe('what would happen if', () => {
  it('a node were tainted: who would go, and why, while nothing happens to the cluster', async () => {
    await start();
    const { revision } = cluster;
    const outcome = await cluster.whatIf(fork => taint(fork, 'node-2', 'NoExecute'));
    expect(differences(outcome)).toEqual(['WENT node-2 NOT_WANTED']);
    expect(outcome.placements[0]!.after!.reason).toContain('x:NoExecute');
    expect(story(outcome, 'TERMINATING', 'DELETED')).toEqual(['TERMINATING node-2, DELETED node-2']);
    expect(outcome.rest.atRest).toBe(true);
    expect(cluster.revision).toBe(revision);
    expect(outcome.before.revision).toBe(revision);
  });

  it('is what happens when it is done', async () => {
    await start(5);
    const change = async (to: Cluster) => {
      await taint(to, 'node-1', 'NoExecute');
      await to.apply(daemonSet('agent:2', { cpu: '1' }, { maxUnavailable: 2 }));
      await to.registry.delete(nodes, '', 'node-5');
    };
    const before = await cluster.registry.past(cluster.revision);
    const outcome = await cluster.whatIf(change);
    await change(cluster);
    await cluster.comeToRest();
    expect(picture({ registry: outcome.after })).toEqual(picture(cluster));
    const really = placementDiff(before, cluster.registry);
    expect(differences(outcome)).toEqual(differences({ ...outcome, ...really }));
    expect(differences(outcome)).toHaveLength(5);
  });

  it('a template were changed: the nodes of the rollout in their order, as many at a time as may be without a pod', async () => {
    await start();
    const one = await cluster.whatIf(daemonSet('agent:2'));
    expect(differences(one)).toEqual([1, 2, 3].map(i => `REPLACED node-${i} PRESENT`));
    const turns = story(one, 'TERMINATING', 'READY');
    expect(turns).toHaveLength(6);
    // Each node's new pod is ready before the next node's old one goes.
    for (let i = 0; i < 6; i += 2) expect(turns[i + 1]).toBe(turns[i]!.replace('TERMINATING', 'READY'));
    const all = await cluster.whatIf(daemonSet('agent:2', {}, { maxUnavailable: '100%' }));
    expect(story(all, 'TERMINATING')).toHaveLength(1);
  });

  it('pods did not find room: who waits, and why', async () => {
    await start(2);
    const { waiting, rest } = await cluster.whatIf(daemonSet('agent:2', { cpu: '1000' }));
    expect(waiting).toHaveLength(1); // the other node waits for its turn, since one may be without
    expect(waiting[0]!.reason).toContain('needs 1k CPU');
    expect(rest.atRest).toBe(true);
  });

  it('tells of a world that does not come to an end in the time it is given', async () => {
    await start();
    const { rest } = await cluster.whatIf(
      { ...daemonSet('agent:2'), spec: { ...daemonSet('agent:2').spec, minReadySeconds: 60 } },
      { limit: '90s' },
    );
    expect(rest).toMatchObject({ atRest: false, passed: 90_000 });
    expect(rest.goingOn.join()).toContain('agent');
  });

  it('asks of an earlier moment', async () => {
    await start(2);
    const { revision } = cluster;
    await cluster.registry.delete(daemonSets, 'default', 'agent', { propagationPolicy: 'Background' });
    await cluster.comeToRest();
    const outcome = await cluster.whatIf(fork => taint(fork, 'node-1', 'NoExecute'), { at: revision });
    expect(differences(outcome)).toEqual(['WENT node-1 NOT_WANTED']);
    expect(outcome.before.revision).toBe(revision);
    expect(cluster.registry.all(pods)).toEqual([]);
  });

  it('is refused as it would be', async () => {
    await start(1);
    const refused = cluster.whatIf({
      ...daemonSet(),
      spec: { ...daemonSet().spec, selector: { matchLabels: { app: 'b' } } },
    });
    await expect(refused).rejects.toThrow(StatusError);
    await expect(cluster.whatIf([], { at: cluster.revision + 1 })).rejects.toThrow(RangeError);
  });
});
