import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/clock/virtual-clock.js';
import type { ClusterOptions } from '../../../src/cluster/options.js';
import { pods } from '../../../src/resources/index.js';
import type { Answered } from '../../conformance/normalise.js';
import {
  DaemonSetClient,
  daemonSet,
  hashOf,
  imageOf,
  isLive,
  isReady,
  NAME,
  NAMESPACE,
  nameOf,
} from '../../support/daemon-set-client.js';

/** Pods that take their time, as real ones do. */
const KUBELET = { pods: { startDelay: '2s', readyDelay: '3s', stopDelay: '1s' } };
const WORKERS = ['worker-1', 'worker-2', 'worker-3'];
const SETS = `/apis/apps/v1/namespaces/${NAMESPACE}/daemonsets`;
const SELECTOR = `labelSelector=daemonset-name%3D${NAME}`;

let client: DaemonSetClient;
const wait = (duration: string) => client.cluster.advance(duration);

/** Upstream expects each of its steps within five minutes. */
const settle = () => wait('5m');

const nodeOf = (pod: Answered): string => pod.spec.nodeName;
/** The node that a pod is on or meant for. */
const target = (pod: Answered): string =>
  nodeOf(pod) ??
  pod.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0]
    .values[0];

/** Looks at all pods each time that one of them changes, until it is called. */
function atEveryRevision(check: (all: readonly Answered[]) => void): () => number {
  const { registry } = client.cluster;
  const failures: unknown[] = [];
  let looks = 0;
  const stop = registry.onApply(({ entry }) => {
    if (entry.resource !== 'pods') return;
    looks++;
    try {
      check(registry.all(pods, NAMESPACE).map(({ object }) => object));
    } catch (error) {
      failures.push(error);
    }
  });
  return () => {
    stop();
    if (failures.length > 0) throw failures[0];
    return looks;
  };
}

async function launch(spec: object = {}, pod: object = {}): Promise<Answered> {
  await client.create(daemonSet(spec, pod));
  await settle();
  expect(await client.running()).toEqual(client.oneOn(...WORKERS));
  const { desiredNumberScheduled: desired, currentNumberScheduled, numberReady } = await client.status();
  expect([currentNumberScheduled, numberReady]).toEqual([desired, desired]);
  return client.get();
}

/** `test/e2e/apps/daemon_set.go` on a cluster of three workers and a control plane that keeps ordinary pods away. */
describe('Daemon set [Serial]', () => {
  beforeEach(async () => {
    client = await DaemonSetClient.start({ kubelet: KUBELET });
  });
  afterEach(() => client.close());

  it('should run and stop simple daemon', async () => {
    await launch();
    const [pod] = await client.pods();
    await client.delete('Pod', nameOf(pod));
    await settle();
    expect(await client.running()).toEqual(client.oneOn(...WORKERS));
    expect((await client.pods()).map(nameOf)).not.toContain(nameOf(pod));
  });

  it('DEF-03: should run and stop complex daemon', async () => {
    const color = (value: string | null) =>
      client.patch({ metadata: { labels: { color: value } } }, 'Node', 'worker-2');
    await client.create(daemonSet({ updateStrategy: { type: 'OnDelete' } }, { nodeSelector: { color: 'blue' } }));
    await settle();
    expect(await client.running()).toEqual({});
    await color('blue');
    await settle();
    expect(await client.running()).toEqual(client.oneOn('worker-2'));
    await color('green');
    await settle();
    expect(await client.running()).toEqual({});
    const updateStrategy = { type: 'RollingUpdate' };
    const { spec } = await client.patch({
      spec: { template: { spec: { nodeSelector: { color: 'green' } } }, updateStrategy },
    });
    expect(spec.updateStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } });
    await settle();
    expect(await client.running()).toEqual(client.oneOn('worker-2'));
  });

  it('should run and stop complex daemon with node affinity', async () => {
    const term = { matchExpressions: [{ key: 'color', operator: 'In', values: ['blue'] }] };
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } };
    await client.create(daemonSet({}, { affinity: { nodeAffinity } }));
    await settle();
    expect(await client.running()).toEqual({});
    await client.patch({ metadata: { labels: { color: 'blue' } } }, 'Node', 'worker-3');
    await settle();
    expect(await client.running()).toEqual(client.oneOn('worker-3'));
    await client.patch({ metadata: { labels: { color: null } } }, 'Node', 'worker-3');
    await settle();
    expect(await client.running()).toEqual({});
  });

  it('should retry creating failed daemon pods', async () => {
    await launch();
    const [pod] = await client.pods();
    const failed = {
      ...pod,
      metadata: { ...pod.metadata, resourceVersion: '' },
      status: { ...pod.status, phase: 'Failed' },
    };
    await client.do('PUT', `/api/v1/namespaces/${NAMESPACE}/pods/${nameOf(pod)}/status`, failed);
    await settle();
    expect(await client.running()).toEqual(client.oneOn(...WORKERS));
    expect((await client.pods()).map(nameOf)).not.toContain(nameOf(pod));
  });

  it('OND-01: should not update pod when spec was updated and update strategy is OnDelete', async () => {
    await launch({ updateStrategy: { type: 'OnDelete' } });
    const before = await client.pods();
    const [first] = await client.revisions();
    expect(first.revision).toBe(1);
    await client.setImage('agnhost:2');
    await settle();
    expect(await client.running()).toEqual(client.oneOn(...WORKERS));
    const [, second, ...others] = await client.revisions();
    expect(others).toEqual([]);
    expect(second.revision).toBe(2);
    expect(hashOf(second)).not.toBe(hashOf(first));
    expect((await client.pods()).map(pod => [nameOf(pod), imageOf(pod), hashOf(pod)])).toEqual(
      before.map(pod => [nameOf(pod), 'webserver:1', hashOf(first)]),
    );
  });

  it('UPD-06: should update pod when spec was updated and update strategy is RollingUpdate', async () => {
    await launch({ updateStrategy: { type: 'RollingUpdate' } });
    const [first] = await client.revisions();
    const looks = atEveryRevision(all => {
      const serving = new Set(all.filter(pod => isLive(pod) && isReady(pod)).map(nodeOf));
      expect(WORKERS.filter(node => !serving.has(node)).length).toBeLessThanOrEqual(1);
    });
    await client.setImage('agnhost:2');
    await settle();
    expect(looks()).toBeGreaterThan(12);
    expect(await client.running()).toEqual(client.oneOn(...WORKERS));
    const second = (await client.revisions()).at(-1);
    expect([second.revision, hashOf(second) === hashOf(first)]).toEqual([2, false]);
    expect((await client.pods()).map(pod => [imageOf(pod), hashOf(pod)])).toEqual(
      WORKERS.map(() => ['agnhost:2', hashOf(second)]),
    );
  });

  it('RBK-03, REV-05: should rollback without unnecessary restarts', async () => {
    const { spec } = await launch({ updateStrategy: { type: 'RollingUpdate' } });
    const metadata = { annotations: { 'kubette.dev/behavior': 'image-pull-error' } };
    const containers = [{ name: 'app', image: 'foo:non-existent' }];
    await client.patch({ spec: { template: { metadata, spec: { containers } } } });
    await settle();
    const stuck = await client.pods();
    const kept = stuck.filter(pod => imageOf(pod) === 'webserver:1');
    expect([stuck.length, kept.length]).toEqual([3, 2]);
    const looks = atEveryRevision(all => {
      for (const pod of kept) expect(all.filter(isLive).map(nameOf)).toContain(nameOf(pod));
    });
    await client.do('PUT', `${SETS}/${NAME}`, { ...(await client.get()), spec });
    await settle();
    expect(looks()).toBeGreaterThan(0);
    expect(await client.running()).toEqual(client.oneOn(...WORKERS));
    const after = await client.pods();
    expect(after.map(imageOf)).toEqual(['webserver:1', 'webserver:1', 'webserver:1']);
    expect(after.map(nameOf)).toEqual(expect.arrayContaining(kept.map(nameOf)));
    expect((await client.revisions()).map(({ revision }) => revision)).toEqual([2, 3]);
  });

  it('SUR-06, SUR-10: should surge pods onto nodes when spec was updated and update strategy is RollingUpdate', async () => {
    const rollingUpdate = { maxUnavailable: 0, maxSurge: '50%' };
    await launch({ updateStrategy: { type: 'RollingUpdate', rollingUpdate }, minReadySeconds: 2 });
    const maxSurge = 2;
    let deleted = 0;
    const sinceBoth = new Map<string, number>();
    const looks = atEveryRevision(all => {
      const live = all.filter(isLive);
      expect(new Set(live.map(hashOf)).size).toBeLessThanOrEqual(2);
      const isNew = (pod: Answered) => imageOf(pod) === 'agnhost:2';
      expect(new Set(live.map(pod => `${target(pod)} ${hashOf(pod)}`)).size).toBe(live.length);
      const unavailable = (pod: Answered) => !isReady(pod);
      const old = live.filter(pod => !isNew(pod));
      const withoutOld = WORKERS.length - new Set(old.map(nodeOf)).size;
      expect(live.filter(pod => isNew(pod) && unavailable(pod)).length).toBeLessThanOrEqual(
        maxSurge + old.filter(unavailable).length + deleted + withoutOld,
      );
      // An old pod does not outstay a new one that works.
      const now = client.cluster.clock.now();
      const working = new Set(live.filter(pod => isNew(pod) && isReady(pod)).map(nodeOf));
      for (const node of WORKERS) {
        if (!working.has(node) || !old.some(pod => nodeOf(pod) === node)) sinceBoth.delete(node);
        else if (!sinceBoth.has(node)) sinceBoth.set(node, now);
        expect(now - (sinceBoth.get(node) ?? now)).toBeLessThanOrEqual(60_000);
      }
    });
    await client.setImage('agnhost:2');
    // Somebody takes pods away meanwhile: an old one, and later whichever comes first.
    for (const [after, which] of [
      ['1s', (pod: Answered) => imageOf(pod) === 'webserver:1'],
      ['4s', () => true],
    ] as const) {
      await wait(after);
      deleted++;
      await client.delete('Pod', nameOf((await client.livePods()).find(which)!));
    }
    await settle();
    expect(looks()).toBeGreaterThan(12);
    expect(await client.running()).toEqual(client.oneOn(...WORKERS));
    const second = (await client.revisions()).at(-1);
    expect(second.revision).toBe(2);
    expect((await client.pods()).map(hashOf)).toEqual(WORKERS.map(() => hashOf(second)));
  });

  it('GC-09: should list and delete a collection of DaemonSets', async () => {
    await launch();
    await client.create({
      ...daemonSet(),
      metadata: { name: 'other' },
      spec: {
        selector: { matchLabels: { app: 'other' } },
        template: { metadata: { labels: { app: 'other' } }, spec: { containers: [{ name: 'a', image: 'a' }] } },
      },
    });
    const list = async () => (await client.do('GET', `/apis/apps/v1/daemonsets?${SELECTOR}`)).items.map(nameOf);
    expect(await list()).toEqual([NAME]);
    await client.do('DELETE', `${SETS}?${SELECTOR}`);
    expect(await list()).toEqual([]);
    await settle();
    expect(await client.pods()).toEqual([]);
    expect((await client.do('GET', SETS)).items.map(nameOf)).toEqual(['other']);
  });

  it('STA-S3, T49: should verify changes to a daemon set status', async () => {
    await launch();
    const path = `${SETS}/${NAME}/status`;
    const conditionsOf = (set: Answered) => set.status.conditions?.map((c: Answered) => c.type);
    const { events } = await client.rest.watch(`${SETS}?watch=1&${SELECTOR}`, 'application/json', async quiet => {
      const set = await client.do('GET', path);
      expect(set.status).toMatchObject({ desiredNumberScheduled: 3, numberReady: 3 });
      const updated = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' };
      const put = {
        ...set,
        spec: { ...set.spec, minReadySeconds: 7 },
        status: { ...set.status, conditions: [updated] },
      };
      const answer = await client.do('PUT', path, put);
      expect(answer.status.conditions).toMatchObject([updated]);
      expect(answer.spec).toEqual(set.spec);
      await client.do(
        'PATCH',
        path,
        { status: { conditions: [{ type: 'StatusPatched', status: 'True' }] } },
        'application/merge-patch+json',
      );
      await quiet();
    });
    expect(events.map(({ object }) => conditionsOf(object))).toEqual([undefined, ['StatusUpdate'], ['StatusPatched']]);
    // The controller counts on, and leaves what others wrote alone.
    await client.patch({ spec: { taints: [{ key: 'off', effect: 'NoExecute' }] } }, 'Node', 'worker-1');
    await settle();
    expect(await client.status()).toMatchObject({
      desiredNumberScheduled: 2,
      numberReady: 2,
      conditions: [{ type: 'StatusPatched', status: 'True' }],
    });
  });
});

describe('ControllerRevision [Serial]', () => {
  beforeEach(async () => {
    client = await DaemonSetClient.start({ kubelet: KUBELET });
  });
  afterEach(() => client.close());

  it('ControllerRevision lifecycle: listed, patched, created, deleted, updated, and made by the set', async () => {
    const REVISIONS = `/apis/apps/v1/namespaces/${NAMESPACE}/controllerrevisions`;
    const set = await launch();
    const everywhere = async () =>
      (await client.do('GET', `/apis/apps/v1/controllerrevisions?${SELECTOR}`)).items as Answered[];
    const [initial, ...others] = await everywhere();
    expect(others).toEqual([]);
    expect(initial.metadata.ownerReferences).toMatchObject([{ kind: 'DaemonSet', uid: set.metadata.uid }]);

    const patched = await client.patch(
      { metadata: { labels: { [nameOf(initial)]: 'patched' } } },
      'ControllerRevision',
      nameOf(initial),
    );
    expect(patched.metadata.labels[nameOf(initial)]).toBe('patched');

    const { labels, annotations, ownerReferences } = initial.metadata;
    const created = await client.create({
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: `${NAME}-made-by-hand`,
        labels: { ...labels, 'controller-revision-hash': 'made-by-hand' },
        annotations,
        ownerReferences,
      },
      data: initial.data,
      revision: initial.revision + 1,
    });
    expect((await everywhere()).map(nameOf)).toEqual(expect.arrayContaining([nameOf(initial), nameOf(created)]));

    await client.delete('ControllerRevision', nameOf(initial));
    expect((await everywhere()).map(nameOf)).toEqual([nameOf(created)]);
    const current = (await client.do('GET', `${REVISIONS}/${nameOf(created)}`)) as Answered;
    current.metadata.labels[nameOf(created)] = 'updated';
    const updated = await client.do('PUT', `${REVISIONS}/${nameOf(created)}`, current);
    expect(updated.metadata.labels[nameOf(created)]).toBe('updated');

    await client.patchTemplate({ terminationGracePeriodSeconds: 1 });
    expect(await everywhere()).toHaveLength(2);
    await client.do('DELETE', `${REVISIONS}?labelSelector=${nameOf(created)}%3Dupdated`);
    expect((await everywhere()).map(({ revision }) => revision)).toEqual([3]);
  });
});

/** `daemon_restart.go`. A component that restarts is the same file opened again, meanwhile perhaps without that component. */
describe('DaemonRestart [Disruptive]', () => {
  let directory: string;
  const clock = new VirtualClock();
  const open = async (options: ClusterOptions = {}) => {
    const data = join(directory, 'cluster.db');
    client = await DaemonSetClient.start({ nodes: 3, kubelet: KUBELET, data, clock, ...options });
    await client.cluster.settled();
  };
  const reopen = async (options?: ClusterOptions) => {
    await client.close();
    await open(options);
  };
  const RC = `/api/v1/namespaces/${NAMESPACE}/replicationcontrollers/rc`;
  const scale = (replicas: number) => client.do('PATCH', RC, { spec: { replicas } }, 'application/merge-patch+json');
  /** All pods, of the set and of the replication controller, by uid. */
  const census = async () =>
    new Map((await client.rest.list('Pod', NAMESPACE)).map((pod): [string, Answered] => [pod.metadata.uid, pod]));
  const uids = async () => [...(await census()).keys()].sort();

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'kubette-restart-'));
    await open();
    await client.create(daemonSet());
    await client.create({
      apiVersion: 'v1',
      kind: 'ReplicationController',
      metadata: { name: 'rc' },
      spec: {
        replicas: 10,
        template: { metadata: { labels: { app: 'rc' } }, spec: { containers: [{ name: 'a', image: 'a:1' }] } },
      },
    });
    await settle();
    expect(await census()).toHaveProperty('size', 13);
  });
  afterEach(async () => {
    await client.close();
    rmSync(directory, { recursive: true });
  });

  it('Controller Manager should not create/delete replicas across restart', async () => {
    const before = await uids();
    await reopen();
    await settle();
    expect(await uids()).toEqual(before);

    // Nor more than there are to make up for what went while it was away.
    await reopen({ controllers: ['scheduler'] });
    const [ofSet] = await client.pods();
    const ofRC = [...(await census()).values()].find(({ metadata }) => metadata.labels.app === 'rc');
    await client.delete('Pod', nameOf(ofSet));
    await client.delete('Pod', nameOf(ofRC));
    await settle();
    const left = await uids();
    expect(left).toHaveLength(11);
    await reopen();
    await settle();
    expect(await census()).toHaveProperty('size', 13);
    expect(await uids()).toEqual(expect.arrayContaining(left));
  });

  it('Scheduler should continue assigning pods to nodes across restart', async () => {
    const nodeByUid = async () => new Map([...(await census())].map(([uid, pod]) => [uid, nodeOf(pod)]));
    const before = await nodeByUid();
    await reopen({ controllers: ['*', '-scheduler'] });
    await scale(15);
    await client.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-4' } });
    await settle();
    const waiting = [...(await census()).values()].filter(pod => nodeOf(pod) === undefined);
    expect(waiting).toHaveLength(6);
    await reopen();
    await settle();
    const after = await nodeByUid();
    expect(after.size).toBe(19);
    for (const [uid, node] of before) expect(after.get(uid)).toBe(node);
    expect([...(await census()).values()].every(isReady)).toBe(true);
    expect(await client.running()).toEqual(client.oneOn('node-1', 'node-2', 'node-3', 'node-4'));
  });

  it('Kubelet should not restart containers across restart', async () => {
    const containers = async () =>
      [...(await census()).values()].map(({ metadata, status }) => [metadata.uid, status.containerStatuses]);
    const before = await containers();
    await reopen({ kubelet: 'off' });
    await wait('10s');
    await reopen();
    await settle();
    expect(await containers()).toEqual(before);
    for (const [, [{ restartCount }]] of before) expect(restartCount).toBe(0);
  });
});
