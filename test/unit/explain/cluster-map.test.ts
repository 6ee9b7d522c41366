import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/clock/virtual-clock.js';
import { drawMap, type MapSheet, type Sight } from '../../../src/explain/cluster-map.js';
import { PAUSE_MS } from '../../../src/explain/feed.js';
import { MapFeed } from '../../../src/explain/map-feed.js';
import { Touched } from '../../../src/explain/map-touched.js';
import { Placements } from '../../../src/explain/placements.js';
import { daemonSets, deployments, jobs, nodes, pods, statefulSets } from '../../../src/resources/index.js';
import type { DaemonSet, Pod } from '../../../src/resources/types.js';
import type { Job } from '../../../src/resources/workload-types.js';
import type { Entry } from '../../../src/store/entry.js';
import { addPod, addReplicaSet, addRolling, controlledBy, RandomWrites } from '../../support/random-writes.js';
import { reader } from '../../support/read-feed.js';
import { addNamespace, openRegistry, type TestRegistry } from '../../support/registry.js';
import { addDaemonPod, addDaemonSet, addNode, RUNNING } from '../../support/small-cluster.js';

const ALL: Sight = () => true;

let registry: TestRegistry;
let agent: Entry<DaemonSet>;
beforeEach(async () => {
  registry = await openRegistry(['default', 'shop']);
  await addNode(registry, 'a');
  agent = await addDaemonSet(registry, 'agent');
});

const draw = (sight = ALL) => drawMap(new Placements(registry), sight);

/** The cells of each row, with the names of their owners in the place of indexes. */
function rowsOf({ rows, owners }: Pick<MapSheet, 'rows' | 'owners'>): Map<string, string[]> {
  return new Map(
    rows.map(({ name, cells }) => [
      name,
      [...cells.matchAll(/([0-9a-z]+)([A-Z]'?)/g)]
        .map(([, index, state]) => [owners[Number.parseInt(index!, 36)]!, state] as const)
        .map(([owner, state]) => `${owner.kind} ${owner.namespace}/${owner.name} ${state}`),
    ]),
  );
}

const cellsAt = (name: string, sight = ALL) => rowsOf(draw(sight)[0]!).get(name);

const setStatus = ({ object }: Entry<Pod>, status: Pod['status']) =>
  registry.update<Pod>(pods, { ...object, status }, { subresource: 'status' });

describe('a cell', () => {
  const waiting = (reason: string) => ({
    containerStatuses: [
      { name: 'main', image: 'x', imageID: '', ready: false, restartCount: 3, state: { waiting: { reason } } },
    ],
  });
  const UNREADY = [{ type: 'Ready', status: 'False' as const }];

  it.each<[string, Pod['status'], string]>([
    ['is there and ready', RUNNING, 'R'],
    ['is there and not ready', { phase: 'Running', conditions: UNREADY }, 'U'],
    ['has not started', { phase: 'Pending' }, 'P'],
    ['crashes again and again', { phase: 'Running', conditions: UNREADY, ...waiting('CrashLoopBackOff') }, 'C'],
    ['has no image', { phase: 'Pending', ...waiting('ImagePullBackOff') }, 'C'],
    ['is about to start', { phase: 'Pending', ...waiting('ContainerCreating') }, 'P'],
    ['has failed', { phase: 'Failed' }, 'F'],
    ['has ended', { phase: 'Succeeded' }, 'S'],
  ])('tells of a pod that %s', async (_, status, letter) => {
    await addDaemonPod(registry, agent, 'a', { status });
    await setStatus(await addPod(registry, 'alone', { node: 'a' }), status);
    expect(cellsAt('a')).toEqual([`DaemonSet default/agent ${letter}`, `Pod default/alone ${letter}`]);
  });

  it('tells of a pod that goes', async () => {
    await addDaemonPod(registry, agent, 'a');
    const { name } = await addPod(registry, 'alone', { node: 'a' });
    for (const pod of ['agent-a', name]) await registry.delete(pods, 'default', pod, { gracePeriodSeconds: 30 });
    expect(cellsAt('a')).toEqual(['DaemonSet default/agent T', 'Pod default/alone T']);
  });

  it('tells what is missing, too much and of an older template, and nothing of what is not wanted', async () => {
    await addNode(registry, 'tainted', { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] });
    await addDaemonSet(registry, 'other', { spec: { nodeSelector: { none: 'such' } } });
    await addDaemonPod(registry, agent, 'tainted', { hash: 'h0' });
    expect(cellsAt('a')).toEqual(['DaemonSet default/agent M']);
    expect(cellsAt('tainted')).toEqual(["DaemonSet default/agent X'"]);
  });

  it('tells of each of two pods during a surge, and first of the one that stands for the placement', async () => {
    await addDaemonPod(registry, agent, 'a', { hash: 'h0', suffix: '-old' });
    await addDaemonPod(registry, agent, 'a', { unbound: true, suffix: '-new', status: { phase: 'Pending' } });
    expect(cellsAt('a')).toEqual(["DaemonSet default/agent R'", 'DaemonSet default/agent P']);
    await registry.delete(pods, 'default', 'agent-a-old', { gracePeriodSeconds: 30 });
    expect(cellsAt('a')).toEqual(['DaemonSet default/agent P', "DaemonSet default/agent T'"]);
  });

  it('tells of pods of older templates of Deployments and StatefulSets, to who may see these', async () => {
    const web = await addRolling(registry, deployments, 'web', { strategy: {} });
    for (const i of [0, 1]) {
      const set = await addReplicaSet(registry, `web-${i}`, [controlledBy('Deployment', web)], `x:${i}`);
      const owners = [controlledBy('ReplicaSet', set)];
      await addPod(registry, `web-${i}-p`, { node: 'a', owners, labels: { 'pod-template-hash': `h${i}` } });
    }
    const db = await addRolling(registry, statefulSets, 'db', { serviceName: 'db' });
    for (const hash of ['new', 'old'])
      await addPod(registry, `db-${hash}`, {
        node: 'a',
        owners: [controlledBy('StatefulSet', db)],
        labels: { 'controller-revision-hash': hash },
      });
    await registry.update(
      statefulSets,
      { ...db.object, status: { replicas: 2, updateRevision: 'new' } },
      { subresource: 'status' },
    );
    const told = (web: string[], db: string[]) => [
      ...db.map(state => `StatefulSet default/db ${state}`),
      ...web.map(state => `Deployment default/web ${state}`),
    ];
    expect(cellsAt('a')?.slice(1)).toEqual(told(['P', "P'"], ['P', "P'"]));
    expect(cellsAt('a', kind => kind.plural !== 'deployments')).toContain('Deployment default/web P');
    expect(cellsAt('a', kind => kind.plural !== 'deployments')).not.toContain("Deployment default/web P'");
  });

  it('is of the Deployment or CronJob that stands behind what controls a pod', async () => {
    const web = await addReplicaSet(registry, 'web-1', [controlledBy('Deployment', { name: 'web', uid: 'w' })]);
    const lone = await addReplicaSet(registry, 'lone');
    const job = await registry.create<Job>(jobs, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: 'nightly-1',
        namespace: 'default',
        ownerReferences: [controlledBy('CronJob', { name: 'nightly', uid: 'n' })],
      },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'x' }] } } },
    } as never);
    await addPod(registry, 'p1', { node: 'a', owners: [controlledBy('ReplicaSet', web)] });
    await addPod(registry, 'p2', { node: 'a', owners: [controlledBy('ReplicaSet', lone)] });
    await addPod(registry, 'p3', { node: 'a', owners: [controlledBy('Job', job)] });
    await addPod(registry, 'p4', { node: 'a', owners: [controlledBy('ReplicaSet', { name: 'gone', uid: 'gone' })] });
    const others = [
      'Deployment default/web',
      'ReplicaSet default/lone',
      'CronJob default/nightly',
      'ReplicaSet default/gone',
    ];
    expect(cellsAt('a')?.slice(1)).toEqual(others.map(owner => `${owner} P`));
    // Who may not see ReplicaSets is told what the pod itself tells.
    expect(cellsAt('a', kind => kind.plural !== 'replicasets')).toContain('ReplicaSet default/web-1 P');
  });
});

describe('a row', () => {
  it('without a name has the pods that are on no node', async () => {
    await addDaemonPod(registry, agent, 'a', { unbound: true, status: { phase: 'Pending' } });
    await addDaemonPod(registry, agent, 'gone');
    await addPod(registry, 'waits');
    expect(cellsAt('a')).toEqual(['DaemonSet default/agent P']);
    expect(cellsAt('')).toEqual(['DaemonSet default/agent R', 'Pod default/waits P']);
  });

  it('tells what its pods request together, without those that have ended', async () => {
    await addDaemonPod(registry, agent, 'a');
    await addPod(registry, 'one', { node: 'a' });
    await setStatus(await addPod(registry, 'ended', { node: 'a' }), { phase: 'Succeeded' });
    await addPod(registry, 'waits');
    expect(draw()[0]!.rows.map(({ name, used }) => [name, ...used])).toEqual([
      ['a', 0.35, 1024, 2],
      ['', 0.25, 1024, 1],
    ]);
  });

  it('shows nothing of namespaces that somebody may not see', async () => {
    const secret = await addDaemonSet(registry, 'secret', { namespace: 'shop' });
    await addDaemonPod(registry, secret, 'a');
    await addPod(registry, 'hidden', { node: 'a', namespace: 'shop' });
    const sight: Sight = (_, namespace) => namespace !== 'shop';
    const [sheet] = draw(sight);
    expect(rowsOf(sheet!).get('a')).toEqual(['DaemonSet default/agent M']);
    expect(sheet!.rows[0]!.used).toEqual([0, 0, 0]);
    expect(sheet!.daemonSets.map(({ name }) => name)).toEqual(['agent']);
    expect(JSON.stringify(sheet!.owners)).not.toContain('shop');
    const touched = new Touched();
    touched.daemonSets.add('shop/secret').add('shop/former').add('default/former');
    const [later] = drawMap(new Placements(registry), sight, { touched });
    expect([later!.daemonSets, later!.goneDaemonSets]).toEqual([[], ['default/former']]);
    // Who may see pods there, but no DaemonSets, sees the pods.
    const seen = cellsAt('a', kind => kind.plural !== 'daemonsets');
    expect(seen).toEqual(['Pod shop/hidden P', 'DaemonSet shop/secret R']);
  });
});

/** What a reader knows that puts together all it is told. */
class Known {
  readonly rows = new Map<string, string>();
  readonly nodes = new Map<string, number>();
  readonly sets = new Map<string, number>();
  /** Up to which all is known. */
  revision: number | undefined;
  complete = false;

  take(sheet: MapSheet): void {
    if (sheet.whole) for (const known of [this.rows, this.nodes, this.sets]) known.clear();
    const cells = rowsOf(sheet);
    for (const { name, used, node } of sheet.rows) {
      const sorted = cells.get(name)!.sort().join();
      this.rows.set(name, `${sorted} ${used}`);
      if (node) this.nodes.set(name, node.revision);
    }
    for (const name of sheet.goneNodes) for (const known of [this.rows, this.nodes]) known.delete(name);
    for (const { namespace, name, revision } of sheet.daemonSets) this.sets.set(`${namespace}/${name}`, revision);
    for (const key of sheet.goneDaemonSets) this.sets.delete(key);
    this.complete = !sheet.more;
    if (this.complete) this.revision = Number(sheet.revision);
  }

  get all() {
    return [this.rows, this.nodes, this.sets].map(known => [...known].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** What somebody knows who has just come. */
function newcomer(): Known['all'] {
  const known = new Known();
  for (const sheet of draw()) known.take(sheet);
  return known.all;
}

describe('the feed', () => {
  let machine: VirtualClock;
  beforeEach(() => {
    machine = new VirtualClock();
  });

  const open = (since?: number, rows = 1000) => new MapFeed(registry, { since, rows, machine, sight: () => ALL });

  it('tells all at first, in messages of so many rows, then each row that is touched, once', async () => {
    for (const name of ['b', 'c', 'd']) await addNode(registry, name);
    const feed = open(undefined, 2);
    const read = reader(feed);
    const first = (await read()).map(({ sheet }) => sheet);
    expect(first.map(({ whole, more, rows }) => [whole, more, rows.map(({ name }) => name)])).toEqual([
      [true, true, ['a', 'b']],
      [false, true, ['c', 'd']],
      [false, false, ['']],
    ]);
    expect(first.flatMap(({ daemonSets }) => daemonSets)).toEqual([registry.get(daemonSets, 'default', 'agent')]);
    expect(new Set(first.map(({ revision }) => revision)).size).toBe(1);

    const pod = await addDaemonPod(registry, agent, 'b', { status: { phase: 'Pending' } });
    await setStatus(pod, RUNNING);
    expect(await read()).toEqual([]);
    machine.moveTo(machine.now() + PAUSE_MS);
    const [message, ...more] = await read();
    expect(more).toEqual([]);
    expect(message!.sheet).toMatchObject({
      whole: false,
      rows: [{ name: 'b', cells: '0R', used: [0.1, 0, 1], node: undefined }],
      daemonSets: [],
    });
    await feed.return();
  });

  it('sends a node again when it is another, and tells of those that are gone', async () => {
    await addNode(registry, 'b');
    const feed = open();
    const read = reader(feed);
    await read();
    const { object } = registry.get(nodes, '', 'a')!;
    await registry.update(nodes, { ...object, spec: { unschedulable: true } });
    await registry.delete(nodes, '', 'b');
    machine.moveTo(machine.now() + PAUSE_MS);
    const [message] = await read();
    expect(message!.sheet.rows[0]!.node).toBe(registry.get(nodes, '', 'a'));
    expect(message!.sheet.goneNodes).toEqual(['b']);
    await feed.return();
  });

  it('sends rows of pods that are of an older template by now, and not when a Deployment is only scaled', async () => {
    const web = await addRolling(registry, deployments, 'web', {});
    const set = await addReplicaSet(registry, 'web-0', [controlledBy('Deployment', web)], 'x:0');
    const owners = [controlledBy('ReplicaSet', set)];
    await addPod(registry, 'p', { node: 'a', owners, labels: { 'pod-template-hash': 'h0' } });
    const feed = open();
    const read = reader(feed);
    await read();
    const told = async (spec: object) => {
      const { object } = registry.get(deployments, 'default', 'web')!;
      await registry.update(deployments, { ...object, spec: { ...object.spec, ...spec } });
      machine.moveTo(machine.now() + PAUSE_MS);
      return (await read()).flatMap(({ sheet }) => [...rowsOf(sheet)].map(([row, cells]) => [row, cells.at(-1)]));
    };
    expect(await told({ replicas: 7 })).toEqual([]);
    const { template } = web.object.spec;
    const containers = [{ ...template.spec.containers[0]!, image: 'x:1' }];
    const newer = { ...template, spec: { ...template.spec, containers } };
    expect(await told({ template: newer })).toEqual([['a', "Deployment default/web P'"]]);
    expect(await told({ template })).toEqual([['a', 'Deployment default/web P']]);
    await feed.return();
  });

  it('says nothing of what is on no map, nor where somebody sees none of it', async () => {
    const feed = new MapFeed(registry, { rows: 10, machine, sight: () => (_, namespace) => namespace !== 'shop' });
    const read = reader(feed);
    await read();
    await addNamespace(registry, 'other');
    const secret = await addDaemonSet(registry, 'secret', { namespace: 'shop' });
    await registry.delete(daemonSets, 'shop', secret.name);
    machine.moveTo(machine.now() + PAUSE_MS);
    const told = await read();
    expect(
      JSON.stringify(told.map(({ sheet }) => [sheet.owners, sheet.daemonSets, sheet.goneDaemonSets])),
    ).not.toContain('secret');
    await feed.return();
  });

  it('keeps of a reader that does not read no more than what is touched', async () => {
    const feed = open();
    await reader(feed)();
    for (let i = 0; i < 50; i++) {
      const { name } = await addDaemonPod(registry, agent, 'a');
      await registry.delete(pods, 'default', name, { gracePeriodSeconds: 0 });
    }
    machine.moveTo(machine.now() + PAUSE_MS);
    const told = await reader(feed)();
    expect(told.map(({ sheet }) => sheet.rows.map(({ cells }) => cells))).toEqual([['0M']]);
    await feed.return();
  });

  it('ends when it is closed, with no timer left', async () => {
    const feed = open();
    await reader(feed)();
    await addPod(registry, 'p', { node: 'a' });
    const waiting = feed.next();
    await new Promise(resolve => setImmediate(resolve));
    expect(machine.nextDue()).toBeDefined();
    await feed.return();
    expect((await waiting).done).toBe(true);
    expect(machine.nextDue()).toBeUndefined();
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'tells who follows, who comes back and who leafs as much as who comes new (%i)',
    async seed => {
      const writes = new RandomWrites(registry, seed);
      const stayed = { known: new Known(), feed: open(undefined, 3) };
      const read = reader(stayed.feed);
      const away = new Known();
      const moments: { revision: number; all: Known['all'] }[] = [];
      for (let round = 0; round < 12; round++) {
        for (let i = 0; i < 8; i++) await writes.write();
        machine.moveTo(machine.now() + PAUSE_MS);
        const all = newcomer();
        moments.push({ revision: registry.revision, all });
        for (const { sheet } of await read()) stayed.known.take(sheet);
        expect(stayed.known.complete).toBe(true);
        expect(stayed.known.all).toEqual(all);
        // Cut off wherever it is, and back again.
        const feed = open(away.revision, 2);
        const told = await reader(feed)();
        const count = round % 3 === 0 ? told.length : Math.floor(told.length / 2);
        for (const { sheet } of told.slice(0, count)) away.take(sheet);
        if (count === told.length) expect(away.all).toEqual(all);
        await feed.return();
      }
      await stayed.feed.return();
      // From any moment to any other, also back.
      const [early, late] = [moments[2]!, moments[10]!];
      for (const [from, to] of [
        [early, late],
        [late, early],
      ] as const) {
        const [before, after] = [await registry.past(from.revision), await registry.past(to.revision)];
        const known = new Known();
        for (const sheet of drawMap(new Placements(before), ALL)) known.take(sheet);
        expect(known.all).toEqual(from.all);
        for (const sheet of drawMap(new Placements(after), ALL, { touched: Touched.between(before, after) }))
          known.take(sheet);
        expect(known.all).toEqual(to.all);
      }
    },
  );
});
