// An operator that is right, and the same with four bugs that nobody sees while all goes well: each is brought to light by a fault.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster, type FaultRule } from '../../src/index.js';
import { configMaps, namespaces } from '../../src/resources/index.js';
import { type Bugs, MirrorOperator } from '../support/mirror-operator.js';

let cluster: Cluster;
let url: string;
beforeAll(async () => {
  cluster = await createCluster({ nodes: 0, kubelet: 'off' });
  ({ url } = await cluster.listen());
});
afterAll(() => cluster.close());

/** A namespace, and what an operator is to make of it. */
class Stage {
  constructor(readonly namespace: string) {}
  write(name: string, data: Record<string, string>) {
    const stands = this.read(name);
    return stands
      ? cluster.registry.update(configMaps, { ...stands, data })
      : cluster.registry.create(configMaps, { metadata: { name }, data } as never, { namespace: this.namespace });
  }
  read = (name: string) => cluster.registry.get(configMaps, this.namespace, name)?.object;
  delete = (name: string) => cluster.registry.delete(configMaps, this.namespace, name);
  /** Whether the copy comes to have this data, or to go, before long. */
  async comesTo(name: string, data: Record<string, string> | undefined): Promise<boolean> {
    const isSo = () => JSON.stringify(this.read(`${name}-copy`)?.data) === JSON.stringify(data);
    return expect
      .poll(isSo, { timeout: 2000, interval: 20 })
      .toBe(true)
      .then(
        () => true,
        () => false,
      );
  }
}

interface Scene {
  readonly bug: keyof Bugs;
  readonly faults: (match: object) => FaultRule[];
  /** Plays; answers whether all is as it should be in the end. */
  readonly play: (stage: Stage, start: () => Promise<void>) => Promise<boolean>;
}

const matched = (rule: string) =>
  expect.poll(() => cluster.faults.get(rule)?.fired ?? 1, { timeout: 5000, interval: 10 }).toBeGreaterThan(0);

const SCENES: Scene[] = [
  {
    bug: 'forgetsToForget',
    faults: match => [
      { name: 'gone', match: { ...match, verbs: ['watch'] }, when: { nth: 1 }, fault: 'watchGone' },
      // While it is about to list again, something goes.
      { name: 'slow', match: { ...match, verbs: ['list'] }, when: { nth: 3 }, fault: { latency: { by: '300ms' } } },
    ],
    async play(stage, start) {
      await stage.write('a', { n: '1' });
      await start();
      if (!(await stage.comesTo('a', { n: '1' }))) return false;
      await stage.write('b', { n: '1' });
      await matched('slow');
      await stage.delete('a');
      return stage.comesTo('a', undefined);
    },
  },
  {
    bug: 'givesUp',
    faults: match => [{ match: { ...match, verbs: ['update'] }, when: { nth: 1 }, fault: 'conflict' }],
    async play(stage, start) {
      await stage.write('a', { n: '1' });
      await start();
      if (!(await stage.comesTo('a', { n: '1' }))) return false;
      await stage.write('a', { n: '2' });
      return stage.comesTo('a', { n: '2' });
    },
  },
  {
    bug: 'trustsOrder',
    faults: match => [{ match: { ...match, verbs: ['watch'] }, fault: 'reorderedEvents' }],
    async play(stage, start) {
      await start();
      // The watch has to be there before.
      await stage.write('first', { n: '1' });
      if (!(await stage.comesTo('first', { n: '1' }))) return false;
      // One of the two pairs changes places, be there an event before it that still waits or not.
      await Promise.all([
        stage.write('base', { color: 'red' }),
        stage.write('app', { base: 'base' }),
        stage.write('between', {}),
        stage.write('base-2', { color: 'blue' }),
        stage.write('app-2', { base: 'base-2' }),
      ]);
      return (
        (await stage.comesTo('app', { color: 'red', base: 'base' })) &&
        stage.comesTo('app-2', { color: 'blue', base: 'base-2' })
      );
    },
  },
  {
    bug: 'sleeps',
    faults: match => [{ match: { ...match, verbs: ['watch'] }, fault: { lateEvents: { by: '600ms' } } }],
    async play(stage, start) {
      await stage.write('a', { n: '1' });
      const copy = await stage.write('a-copy', { n: '1' });
      await start();
      return stage.read('a-copy')?.metadata.uid === copy.uid;
    },
  },
];

describe.each(SCENES)('$bug', ({ bug, faults, play }) => {
  async function run(namespace: string, bugs: Bugs, isHostile: boolean): Promise<boolean> {
    await cluster.registry.create(namespaces, { metadata: { name: namespace } } as never);
    cluster.faults.clear();
    if (isHostile) cluster.faults.add(...faults({ resources: ['configmaps'], namespace }));
    let operator: MirrorOperator | undefined;
    const start = async () => {
      operator = new MirrorOperator(url, namespace, bugs);
      await operator.ready;
    };
    const isRight = await play(new Stage(namespace), start);
    if (isHostile && isRight)
      expect(cluster.faults.list().find(({ name }) => name !== 'lateEvents')?.fired).not.toBe(0);
    await operator!.stop();
    return isRight;
  }
  const name = bug.toLowerCase();

  it('is not seen while all goes well', async () => {
    expect(await run(`${name}-well`, { [bug]: true }, false)).toBe(true);
  });

  it('is brought to light', async () => {
    expect(await run(`${name}-light`, { [bug]: true }, true)).toBe(false);
  });

  it('is nothing to an operator that is right', async () => {
    expect(await run(`${name}-right`, {}, true)).toBe(true);
  });
});
