import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, createCluster, type Fault } from '../../../src/index.js';
import { configMaps } from '../../../src/resources/index.js';
import { ask, type Came, json } from '../../support/asking.js';

let cluster: Cluster;
let url: string;
beforeEach(async () => {
  cluster = await createCluster({ clock: 'virtual', kubelet: 'off', nodes: 0 });
  await cluster.settled();
  ({ url } = await cluster.listen());
});
afterEach(() => cluster.close());

const MAPS = '/api/v1/namespaces/default/configmaps';
const write = (name: string, n = 0) => {
  const stands = cluster.registry.get(configMaps, 'default', name);
  const data = { n: String(n) };
  return stands
    ? cluster.registry.update(configMaps, { ...stands.object, data })
    : cluster.registry.create(configMaps, { metadata: { name }, data } as never, { namespace: 'default' });
};

/** A watch from now on, and what it tells: `ADDED a`, `ERROR 410`, `BOOKMARK`. */
class Watching {
  readonly told: string[] = [];
  came: Came | undefined;
  /** What came of a line without its end. */
  rest = '';
  #wake = () => {};

  constructor(query = `resourceVersion=${cluster.revision}`) {
    const onText = (text: string) => {
      const lines = (this.rest + text).split('\n');
      this.rest = lines.pop()!;
      this.told.push(...lines.map(tell));
      this.#wake();
    };
    ask(`${url}${MAPS}?watch=1&${query}`, { onText }).then(came => {
      this.came = came;
      this.#wake();
    });
  }

  async until(isSo: (watching: this) => boolean): Promise<this> {
    while (!isSo(this)) await new Promise<void>(resolve => (this.#wake = resolve));
    return this;
  }

  first = (count: number) => this.until(({ told }) => told.length >= count);
  end = () => this.until(({ came }) => came !== undefined);
}

function tell(line: string): string {
  const { type, object } = JSON.parse(line);
  return type === 'ERROR' ? `ERROR ${object.code}` : type === 'BOOKMARK' ? type : `${type} ${object.metadata.name}`;
}

/** Opens a watch that a fault happens to. */
async function disturbed(fault: Fault, query?: string): Promise<Watching> {
  cluster.faults.add({ name: 'it', match: { resources: ['configmaps'], verbs: ['watch'] }, when: { nth: 1 }, fault });
  const watching = new Watching(query);
  while (cluster.faults.get('it')!.matched === 0) await ask(`${url}/version`);
  return watching;
}

const fired = () => cluster.faults.get('it')!.fired;

describe('a watch', () => {
  it('watchEnds: ends silently after so many events, and goes on where it was', async () => {
    const watching = await disturbed({ watchEnds: { events: 2 } });
    await write('a');
    expect(fired()).toBe(0);
    const { resourceVersion } = (await write('b')).object.metadata;
    await write('c');
    expect((await watching.end()).told).toEqual(['ADDED a', 'ADDED b']);
    expect(watching.came).toMatchObject({ code: 200, broke: undefined });
    expect(fired()).toBe(1);
    expect((await new Watching(`resourceVersion=${resourceVersion}`).first(1)).told).toEqual(['ADDED c']);
  });

  it('watchEnds: ends after a time, by the cluster’s clock', async () => {
    const watching = await disturbed({ watchEnds: { after: '30s' } });
    await write('a');
    await watching.first(1);
    await cluster.advance('29s');
    expect(watching.came).toBeUndefined();
    await cluster.advance('1s');
    expect((await watching.end()).told).toEqual(['ADDED a']);
  });

  it('gone: 410 at the connection, for a revision that it names and for nothing else', async () => {
    cluster.faults.add({ name: 'it', fault: 'gone' });
    expect((await ask(url + MAPS)).code).toBe(200);
    expect((await ask(`${url}${MAPS}?resourceVersion=0`)).code).toBe(200);
    const came = await ask(`${url}${MAPS}?watch=1&resourceVersion=1`);
    expect(json(came)).toMatchObject({ kind: 'Status', code: 410, reason: 'Expired' });
    expect((await ask(`${url}${MAPS}?limit=1&continue=xyz`)).code).toBe(410);
    expect(cluster.faults.get('it')).toMatchObject({ matched: 2, fired: 2 });
  });

  it('watchGone: 410 as an ERROR in the stream, and the end', async () => {
    const watching = await disturbed('watchGone');
    await write('a');
    expect((await watching.end()).told).toEqual(['ADDED a', 'ERROR 410']);
    expect(watching.came).toMatchObject({ code: 200, broke: undefined });
    expect(json({ ...watching.came!, text: watching.came!.text.split('\n')[1]! }).object).toMatchObject({
      kind: 'Status',
      reason: 'Expired',
      message: expect.stringMatching(/^too old resource version: \d+ \(\d+\)$/),
    });
  });

  it('watchGone: at once, when there was nothing to tell', async () => {
    const watching = await disturbed({ watchGone: { after: '5s' } });
    await cluster.advance('5s');
    expect((await watching.end()).told).toEqual(['ERROR 410']);
  });

  it('watchStalls: tells nothing more, and stays open', async () => {
    const watching = await disturbed({ watchStalls: { events: 1 } });
    const healthy = new Watching();
    await write('a');
    await write('b');
    await healthy.first(2);
    expect(watching.told).toEqual(['ADDED a']);
    expect(watching.came).toBeUndefined();
    expect(fired()).toBe(1);
  });

  it('halfFrame: breaks off in the middle of an event', async () => {
    const watching = await disturbed({ halfFrame: { events: 2 } });
    await write('a');
    await write('b');
    await watching.end();
    expect(watching.told).toEqual(['ADDED a']);
    expect(watching.rest).toMatch(/^\{"type":"ADDED","object":\{"kind":"ConfigMap".*[^}]$/);
    expect(watching.came!.broke).toBe('ECONNRESET');
  });

  it('lateEvents: later, in their order', async () => {
    const watching = await disturbed({ lateEvents: { by: '10s' } });
    await write('a');
    await cluster.advance('5s');
    await write('b');
    await cluster.advance('4s');
    expect(watching.told).toEqual([]);
    await cluster.advance('1s');
    expect((await watching.first(1)).told).toEqual(['ADDED a']);
    await cluster.advance('5s');
    expect((await watching.first(2)).told).toEqual(['ADDED a', 'ADDED b']);
  });

  it('noBookmarks: none, whoever asked for them', async () => {
    const query = `resourceVersion=${cluster.revision}&allowWatchBookmarks=true`;
    const watching = await disturbed('noBookmarks', query);
    const healthy = new Watching(query);
    while (cluster.faults.get('it')!.matched < 2) await ask(`${url}/version`);
    await cluster.advance('61s');
    await healthy.first(1);
    await write('a');
    expect((await watching.first(1)).told).toEqual(['ADDED a']);
    expect(healthy.told[0]).toBe('BOOKMARK');
    expect(fired()).toBe(1);
  });

  it('noBookmarks: but the end of what there is at first', async () => {
    const query = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    await write('a');
    expect((await (await disturbed('noBookmarks', query)).first(3)).told).toEqual([
      'ADDED a',
      'ADDED kube-root-ca.crt',
      'BOOKMARK',
    ]);
  });

  it('duplicateEvents: twice', async () => {
    const watching = await disturbed('duplicateEvents');
    await write('a');
    await write('a', 1);
    expect((await watching.first(4)).told).toEqual(['ADDED a', 'ADDED a', 'MODIFIED a', 'MODIFIED a']);
  });

  it('reorderedEvents: the second first, if they are about different objects', async () => {
    const watching = await disturbed('reorderedEvents');
    await write('a');
    await write('b');
    expect((await watching.first(2)).told).toEqual(['ADDED b', 'ADDED a']);
    await write('a', 1);
    await write('a', 2);
    await cluster.advance('1s');
    expect((await watching.first(4)).told.slice(2)).toEqual(['MODIFIED a', 'MODIFIED a']);
  });

  it.each<[Fault, string[]]>([
    ['missedEvents', ['b', 'c', 'd', 'e', 'f']],
    [{ missedEvents: { nth: [2, 4] } }, ['a', 'c', 'e', 'f']],
    [{ missedEvents: { every: 3 } }, ['a', 'b', 'd', 'e']],
    [{ missedEvents: { share: 0 } }, ['a', 'b', 'c', 'd', 'e', 'f']],
  ])('%j: some are missing', async (fault, told) => {
    const watching = await disturbed(fault);
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await write(name);
    expect((await watching.first(told.length)).told).toEqual(told.map(name => `ADDED ${name}`));
    expect(fired()).toBe(told.length < 6 ? 1 : 0);
  });

  it('counts as hit once something has happened to it', async () => {
    await disturbed({ watchEnds: { events: 5 } });
    expect(() => cluster.faults.verify()).toThrow(
      '- it: 1 request matched, but the event that it is to happen to did not come',
    );
  });

  it('brings its fault itself', async () => {
    const headers = { 'kubette-fault': '{"watchEnds":{"events":1}}' };
    const came = ask(`${url}${MAPS}?watch=1`, { headers });
    expect((await came).text).toContain('kube-root-ca.crt');
    const refused = await ask(url + MAPS, { headers });
    expect(json(refused)).toMatchObject({
      code: 400,
      message: 'Kubette-Fault must be a fault that happens to list requests, not "watchEnds"',
    });
  });
});

describe('staleRead', () => {
  const names = async (query = '') => {
    const { items, metadata } = json(await ask(`${url}${MAPS}?${query}`));
    return [Number(metadata.resourceVersion), items.map((item: { metadata: { name: string } }) => item.metadata.name)];
  };

  it('tells what was there so many revisions ago', async () => {
    const { revision } = await write('a');
    await write('a', 1);
    await write('b');
    cluster.faults.add({ fault: { staleRead: { revisions: 2 } } });
    expect(await names()).toEqual([revision, ['a', 'kube-root-ca.crt']]);
    expect(json(await ask(`${url}${MAPS}/a`)).data).toEqual({ n: '0' });
    expect((await ask(`${url}${MAPS}/b`)).code).toBe(404);
  });

  it('tells what was there some time ago', async () => {
    await write('a');
    await cluster.advance('10s');
    await write('b');
    await cluster.advance('10s');
    await write('c');
    cluster.faults.add({ fault: { staleRead: { behind: '10s' } } });
    expect((await names())[1]).toEqual(['a', 'b', 'kube-root-ca.crt']);
  });

  it('tells nothing from before what was asked for, and begins where the log does', async () => {
    await write('a');
    const { revision } = await write('b');
    await write('c');
    cluster.faults.add({ fault: { staleRead: { revisions: 100_000 } } });
    expect(await names(`resourceVersion=${revision}`)).toEqual([revision, ['a', 'b', 'kube-root-ca.crt']]);
    expect(await names()).toEqual([1, []]);
  });
});

describe('restart', () => {
  it('breaks all connections, and answers nobody for a time; watches go on then', async () => {
    const from = cluster.revision;
    const watching = new Watching();
    cluster.faults.add({ match: { verbs: ['get'] }, fault: { restart: { for: '5s' } } });
    expect((await ask(`${url}${MAPS}/a`)).broke).toBe('ECONNRESET');
    expect((await watching.end()).came!.broke).toBe('ECONNRESET');
    cluster.faults.remove('restart');
    expect((await ask(url + MAPS)).broke).toBe('ECONNRESET');
    expect((await ask(`${url}/readyz`)).broke).toBe('ECONNRESET');
    expect((await ask(`${url}/graphql`)).broke).toBe('ECONNRESET');
    await write('a');
    expect((await ask(`${url}/_kubette/v1/clock/advance`, { method: 'POST', body: { by: '5s' } })).code).toBe(200);
    expect((await ask(url + MAPS)).code).toBe(200);
    expect((await new Watching(`resourceVersion=${from}`).first(1)).told).toEqual(['ADDED a']);
    expect(cluster.faults.any).toBe(false);
  });

  it('does what was asked for first, if it is applied', async () => {
    cluster.faults.add({ match: { verbs: ['create'] }, fault: { restart: { applied: true, for: '0' } } });
    const came = await ask(url + MAPS, { method: 'POST', body: { metadata: { name: 'a' } } });
    expect(came.broke).toBe('ECONNRESET');
    expect((await ask(`${url}${MAPS}/a`)).code).toBe(200);
  });

  it('refuses by 503, if told so; in process and over REST', async () => {
    cluster.faults.restart({ for: '5s', refuse: '503' });
    expect(json(await ask(url + MAPS))).toMatchObject({ code: 503, reason: 'ServiceUnavailable' });
    await cluster.advance('5s');
    const watching = new Watching();
    const restart = (body: object) => ask(`${url}/_kubette/v1/faults/restart`, { method: 'POST', body });
    expect((await restart({ for: '1m', refuse: '503' })).code).toBe(202);
    await watching.end();
    expect((await ask(url + MAPS)).code).toBe(503);
    cluster.faults.clear();
    expect((await ask(url + MAPS)).code).toBe(200);
    expect(json(await restart({ for: 7 }))).toMatchObject({
      code: 400,
      message: 'fault.restart.for must be a duration such as "200ms" or "1m30s", not 7',
    });
  });

  it('is over when the cluster is put back', async () => {
    await cluster.snapshot('then');
    cluster.faults.restart({ for: '1h' });
    await cluster.restore('then');
    expect((await ask(url + MAPS)).code).toBe(200);
  });
});
