import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import type { Manifests } from '../../src/registry/manifests.js';
import { Client } from './kubectl.js';

const UNOBSERVED = 'Waiting for daemon set spec update to be observed...\n';
const updated = (count: number, of: number) =>
  `Waiting for daemon set "agent" rollout to finish: ${count} out of ${of} new pods have been updated...\n`;
const available = (count: number, of: number) =>
  `Waiting for daemon set "agent" rollout to finish: ${count} of ${of} updated pods are available...\n`;
const DONE = 'daemon set "agent" successfully rolled out\n';

const daemonSet = (spec: object = {}, pod: object = {}) =>
  ({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent' },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: {
        metadata: { labels: { app: 'agent' } },
        spec: { containers: [{ name: 'main', image: 'agent:1' }], ...pod },
      },
      ...spec,
    },
  }) as Manifests;

/** Three nodes whose pods take ten seconds to get ready, on a clock that stands still. */
describe('kubectl 1.35 rollout status of a DaemonSet', () => {
  let cluster: Cluster;
  let kubectl: Client;
  beforeEach(async () => {
    cluster = await createCluster({ clock: 'virtual', nodes: 3, kubelet: { pods: { readyDelay: '10s' } } });
    kubectl = new Client('kubectl', (await cluster.listen()).url);
  });
  afterEach(() => cluster.close());

  const apply = async (set: Manifests) => {
    await cluster.apply(set);
    await cluster.settled();
  };
  const status = () => kubectl.ok('rollout status ds/agent --watch=false');
  const setImage = async () => {
    await kubectl.ok('set image ds/agent main=agent:2');
    await cluster.settled();
  };

  it('RBK-04, UPD-13: tells how many pods are updated, then how many available', async () => {
    await apply(daemonSet());
    expect(await status()).toBe(available(0, 3));
    await cluster.advance('10s');
    expect(await status()).toBe(DONE);
    await setImage();
    expect(await status()).toBe(updated(1, 3));
    await cluster.advance('10s');
    expect(await status()).toBe(updated(2, 3));
    await cluster.advance('10s');
    expect(await status()).toBe(available(2, 3));
    await cluster.advance('10s');
    expect(await status()).toBe(DONE);
  });

  it('RBK-04: goes along until all is done', async () => {
    await apply(daemonSet());
    await cluster.advance('10s');
    await setImage();
    const child = kubectl.start(['rollout', 'status', 'ds/agent']);
    const ended = once(child, 'close');
    const stdout = child.stdout!.setEncoding('utf8');
    let out = '';
    stdout.on('data', text => {
      out += text;
    });
    await once(stdout, 'data');
    expect(out).toBe(updated(1, 3));
    await cluster.advance('30s');
    expect((await ended)[0]).toBe(0);
    expect(out).toMatch(new RegExp(`^${updated(1, 3)}[\\s\\S]*${updated(2, 3)}[\\s\\S]*${available(2, 3)}${DONE}$`));
  });

  it('RBK-04: a new spec that no controller has looked at', async () => {
    const asleep = await createCluster({ clock: 'virtual', nodes: 3, controllers: ['*', '-daemonset-controller'] });
    await asleep.apply(daemonSet());
    const client = new Client('kubectl', (await asleep.listen()).url);
    expect(await client.ok('rollout status ds/agent --watch=false')).toBe(UNOBSERVED);
    await asleep.close();
  });

  it('RBK-04, SUR-15, T31: in a surge nothing counts as updated until old pods go', async () => {
    await apply(
      daemonSet({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 3 } } }),
    );
    await cluster.advance('10s');
    await setImage();
    const images = await kubectl.ok('get pods -o jsonpath={.items[*].spec.containers[0].image}');
    expect(images.split(' ').sort()).toEqual(['agent:1', 'agent:1', 'agent:1', 'agent:2', 'agent:2', 'agent:2']);
    expect(await status()).toBe(updated(0, 3));
    await cluster.advance('10s');
    expect(await status()).toBe(DONE);
  });

  it('RBK-04, T59: a set that no node suits is done', async () => {
    await apply(daemonSet({}, { nodeSelector: { none: 'such' } }));
    expect(await status()).toBe(DONE);
    expect(await kubectl.ok('get ds agent -o jsonpath={.status}')).toBe(
      '{"currentNumberScheduled":0,"desiredNumberScheduled":0,"numberMisscheduled":0,"numberReady":0,"observedGeneration":1}',
    );
  });

  it('RBK-04, OND-02: OnDelete has no rollout to tell of', async () => {
    await apply(daemonSet({ updateStrategy: { type: 'OnDelete' } }));
    const { code, stdout, stderr } = await kubectl.run(['rollout', 'status', 'ds/agent']);
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      'error: rollout status is only available for RollingUpdate strategy type\n',
    ]);
  });
});

describe('kubectl 1.35 rollout undo of a DaemonSet', () => {
  let cluster: Cluster;
  let kubectl: Client;
  beforeAll(async () => {
    cluster = await createCluster({ clock: 'virtual', nodes: 2 });
    kubectl = new Client('kubectl', (await cluster.listen()).url);
    await cluster.apply(daemonSet());
    await cluster.advance('1m');
  });
  afterAll(() => cluster.close());

  const undo = async (...options: string[]) => {
    const { code, stdout, stderr } = await kubectl.run(['rollout', 'undo', 'ds/agent', ...options]);
    await cluster.advance('1m');
    return [code, stdout + stderr];
  };
  const template = async () => JSON.parse(await kubectl.ok('get ds agent -o jsonpath={.spec.template}'));
  const numbers = async () => {
    const revisions = await kubectl.ok('get controllerrevisions -o jsonpath={.items[*].revision}');
    return revisions.split(' ').map(Number).sort();
  };
  const patch = async (body: object) => {
    await kubectl.ok(['patch', 'ds', 'agent', '--type=merge', '-p', JSON.stringify(body)]);
    await cluster.advance('1m');
  };

  it('RBK-02: there must be something to go back to', async () => {
    expect(await undo()).toEqual([1, 'error: no last revision to roll back to\n']);
    expect(await undo('--to-revision=7')).toEqual([1, 'error: unable to find specified revision 7 in history\n']);
  });

  it('RBK-01, RBK-02, RBK-03, T22: puts the last template back as a whole', async () => {
    const first = await template();
    const labels = { app: 'agent', tier: 'node' };
    const containers = [
      { name: 'main', image: 'agent:2' },
      { name: 'side', image: 'side:1' },
    ];
    await patch({ spec: { template: { metadata: { labels }, spec: { containers, hostNetwork: true } } } });
    expect(await numbers()).toEqual([1, 2]);
    expect(await undo('--to-revision=0')).toEqual([0, 'daemonset.apps/agent rolled back\n']);
    expect(await template()).toEqual(first);
    expect(await numbers()).toEqual([2, 3]);
    const generation = await kubectl.ok(['get', 'ds', 'agent', '-o', 'jsonpath={.metadata.generation}']);
    expect(generation).toBe('3');
  });

  it('RBK-02: goes to the second highest number, or to the one that is named', async () => {
    await patch({ spec: { template: { spec: { containers: [{ name: 'main', image: 'agent:4' }] } } } });
    expect(await numbers()).toEqual([2, 3, 4]);
    expect(await undo()).toEqual([0, 'daemonset.apps/agent rolled back\n']);
    expect((await template()).spec.containers[0].image).toBe('agent:1');
    expect(await undo('--to-revision=2')).toEqual([0, 'daemonset.apps/agent rolled back\n']);
    expect((await template()).spec.containers.map(({ image }: { image: string }) => image)).toEqual([
      'agent:2',
      'side:1',
    ]);
    expect(await numbers()).toEqual([4, 5, 6]);
  });

  it('RBK-02: leaves a template as it is that is there already', async () => {
    expect(await undo('--to-revision=6')).toEqual([
      0,
      'daemonset.apps/agent skipped rollback (current template already matches revision 6)\n',
    ]);
    expect(await numbers()).toEqual([4, 5, 6]);
  });
});
