import { request, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeProtobuf } from '../../../src/api/protobuf/index.js';
import { MAX_BEHIND_BYTES } from '../../../src/api/watch.js';
import { configMap, TestServer } from './serve.js';

const MAPS = '/api/v1/namespaces/default/configmaps';

describe('a watch', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await TestServer.start();
  });
  afterEach(() => server.close());

  const create = (name: string, data?: Record<string, string>) => server.post(MAPS, configMap(name, data));
  const remove = (name: string) => server.ask('DELETE', `${MAPS}/${name}`);

  it('tells what there is and what comes', async () => {
    await create('one');
    const watch = await server.watch(`${MAPS}?watch=1`);
    expect(watch.headers).toMatchObject({ 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
    await create('two');
    await server.ask('PUT', `${MAPS}/one`, { body: configMap('one', { a: '2' }) });
    await remove('two');
    await watch.first(4);
    expect(watch.told).toEqual(['ADDED one', 'ADDED two', 'MODIFIED one', 'DELETED two']);
    expect(watch.events[2]!.object).toEqual((await server.get(`${MAPS}/one`)).body);
    watch.close();
  });

  it('goes on from a revision', async () => {
    const { body } = await create('one');
    await create('two');
    await remove('one');
    const watch = await server.watch(`${MAPS}?watch=true&resourceVersion=${body.metadata.resourceVersion}`);
    await watch.first(2);
    expect(watch.told).toEqual(['ADDED two', 'DELETED one']);
    watch.close();
  });

  it('hears of a write before the writer is answered', async () => {
    const watch = await server.watch(`${MAPS}?watch=1`);
    const told: string[] = [];
    const { write, end } = ServerResponse.prototype;
    const spies = (['write', 'end'] as const).map(method =>
      vi.spyOn(ServerResponse.prototype, method).mockImplementation(function (
        this: ServerResponse,
        ...args: unknown[]
      ) {
        const text = String(args[0] ?? '');
        if (text.includes('"one"')) told.push(text.includes('"ADDED"') ? 'watcher' : 'writer');
        return Reflect.apply(method === 'write' ? write : end, this, args);
      } as never),
    );
    await create('one');
    await watch.first(1);
    for (const spy of spies) spy.mockRestore();
    expect(told).toEqual(['watcher', 'writer']);
    watch.close();
  });

  it('can be asked for by the old paths', async () => {
    await create('one');
    await create('two');
    const all = await server.watch('/api/v1/watch/configmaps');
    expect((await all.first(2)).length).toBe(2);
    const one = await server.watch(`/api/v1/watch/namespaces/default/configmaps/two`);
    await one.first(1);
    expect(one.told).toEqual(['ADDED two']);
    const path = '/api/v1/watch/namespaces/default/configmaps/two';
    const again = await server.watch(`${path}?fieldSelector=metadata.name=two&resourceVersion=1`);
    await again.first(1);
    expect(again.told).toEqual(['ADDED two']);
    again.close();
    expect(await server.get(`${path}?fieldSelector=metadata.name=one`)).toMatchObject({
      code: 400,
      body: { message: "fieldSelector metadata.name doesn't match requested name" },
    });
    all.close();
    one.close();
    expect((await server.ask('POST', '/api/v1/watch/configmaps', { body: {} })).code).toBe(405);
  });

  it('ends after timeoutSeconds of the cluster’s time', async () => {
    await create('one');
    const watch = await server.watch(`${MAPS}?watch=true&timeoutSeconds=30`);
    await watch.first(1);
    server.clock.moveTo(server.clock.now() + 29_000);
    expect(watch.ended).toBe(false);
    server.clock.moveTo(server.clock.now() + 1000);
    await watch.untilEnd();
    expect(watch.told).toEqual(['ADDED one']);
    expect(server.api.watchers).toBe(0);
  });

  it('sends bookmarks to those who want them', async () => {
    const wants = await server.watch(`${MAPS}?watch=true&allowWatchBookmarks=true&resourceVersion=1`);
    const plain = await server.watch(`${MAPS}?watch=true&resourceVersion=1`);
    await server.post('/api/v1/namespaces', { metadata: { name: 'other' } });
    server.clock.moveTo(server.clock.now() + 60_000);
    await wants.first(1);
    expect(wants.events[0]).toEqual({
      type: 'BOOKMARK',
      object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { resourceVersion: '2' } },
    });
    server.clock.moveTo(server.clock.now() + 60_000);
    expect((await wants.first(2)).length).toBe(2);
    expect(plain.events).toEqual([]);
    wants.close();
    plain.close();
  });

  it('sends a bookmark two seconds before the end', async () => {
    const watch = await server.watch(`${MAPS}?watch=true&allowWatchBookmarks=true&resourceVersion=1&timeoutSeconds=90`);
    const later = (seconds: number) => server.clock.moveTo(server.clock.now() + seconds * 1000);
    later(60);
    await watch.first(1);
    later(27);
    await create('one');
    await watch.first(2);
    later(1);
    await watch.first(3);
    later(2);
    await watch.untilEnd();
    expect(watch.events.map(e => `${e.type} ${e.object.metadata.resourceVersion}`)).toEqual([
      'BOOKMARK 1',
      'ADDED 2',
      'BOOKMARK 2',
    ]);
  });

  it('lasts for half an hour to an hour, each watch for another time', async () => {
    const watches = await Promise.all(Array.from({ length: 40 }, () => server.watch(`${MAPS}?watch=true`)));
    const open = async () => {
      await new Promise(setImmediate);
      return watches.length - watches.filter(watch => watch.ended).length;
    };
    const later = (minutes: number) => server.clock.moveTo(server.clock.now() + minutes * 60_000);
    later(29.99);
    expect(await open()).toBe(40);
    later(15);
    await expect.poll(open).toSatisfy((n: number) => n > 5 && n < 35);
    later(15.02);
    await expect.poll(open).toBe(0);
  });

  it('is over at once with a timeout below zero', async () => {
    await create('one');
    const watch = await server.watch(`${MAPS}?watch=true&timeoutSeconds=-1`);
    server.clock.moveTo(server.clock.now() + 1);
    await watch.untilEnd();
  });

  it('marks the end of what there was, for sendInitialEvents', async () => {
    await create('one');
    const watch = await server.watch(
      `${MAPS}?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`,
    );
    await watch.first(2);
    expect(watch.told[0]).toBe('ADDED one');
    expect(watch.events[1]).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { resourceVersion: '2', annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
    watch.close();
  });

  it('sends tables, the columns once', async () => {
    await create('one');
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    const watch = await server.watch(`${MAPS}?watch=true&allowWatchBookmarks=true`, { accept });
    await create('two');
    await watch.first(2);
    server.clock.moveTo(server.clock.now() + 60_000);
    const [first, second, bookmark] = await watch.first(3);
    expect(first!.object).toMatchObject({
      kind: 'Table',
      rows: [{ object: { kind: 'PartialObjectMetadata', metadata: { name: 'one' } } }],
    });
    expect(first!.object.columnDefinitions.length).toBeGreaterThan(0);
    expect(second!.object.columnDefinitions).toBeNull();
    expect(bookmark).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'Table', rows: [{ object: { metadata: { resourceVersion: '3' } } }] },
    });
    watch.close();
  });

  it('sends metadata alone', async () => {
    await create('one');
    const watch = await server.watch(`${MAPS}?watch=true`, {
      accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
    });
    const [event] = await watch.first(1);
    expect(Object.keys(event!.object)).toEqual(['kind', 'apiVersion', 'metadata']);
    watch.close();
  });

  it('sends protobuf in frames', async () => {
    await create('one');
    const frame = await new Promise<Buffer>(resolve => {
      const accept = 'application/vnd.kubernetes.protobuf';
      const req = request({ port: server.port, path: `${MAPS}?watch=true`, headers: { accept } }, res => {
        expect(res.headers['content-type']).toBe('application/vnd.kubernetes.protobuf;stream=watch');
        res.once('data', (chunk: Buffer) => {
          req.destroy();
          resolve(chunk);
        });
      });
      req.on('error', () => {}).end();
    });
    expect(frame.readUInt32BE(0)).toBe(frame.length - 4);
    // Field 1 is the type, field 2 the object.
    expect(frame.subarray(4, 11).toString()).toBe('\n\u0005ADDED');
    expect(decodeProtobuf(frame.subarray(frame.indexOf('k8s\0')))).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: 'one' },
    });
  });

  const LIST = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
  it.each([
    // With bookmarks, the end of what there was is told; without, it is not.
    [`${LIST}&allowWatchBookmarks=true`, ['ADDED a', 'ADDED b', 'BOOKMARK 3 end', 'ADDED c']],
    [`${LIST}&allowWatchBookmarks=true&resourceVersion=2`, ['ADDED a', 'ADDED b', 'BOOKMARK 3 end', 'ADDED c']],
    [`${LIST}&allowWatchBookmarks=true&resourceVersion=0`, ['ADDED a', 'ADDED b', 'BOOKMARK 3 end', 'ADDED c']],
    [`${LIST}&allowWatchBookmarks=true&fieldSelector=metadata.name!=a`, ['ADDED b', 'BOOKMARK 3 end', 'ADDED c']],
    [LIST, ['ADDED a', 'ADDED b', 'ADDED c']],
    ['sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=2', ['ADDED b', 'ADDED c']],
    // Without a revision: from now on.
    ['sendInitialEvents=false&resourceVersionMatch=NotOlderThan', ['ADDED c']],
    ['sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=0', ['ADDED c']],
    ['', ['ADDED a', 'ADDED b', 'ADDED c']],
    ['resourceVersion=0', ['ADDED a', 'ADDED b', 'ADDED c']],
    ['resourceVersion=3', ['ADDED c']],
    ['resourceVersion=1', ['ADDED a', 'ADDED b', 'ADDED c']],
    // A revision to come: nothing before it.
    ['resourceVersion=4', []],
    ['limit=1&continue=x', ['ADDED a', 'ADDED b', 'ADDED c']],
  ])('?watch=1&%s', async (query, expected) => {
    await create('a');
    await create('b');
    const watch = await server.watch(`${MAPS}?watch=1&${query}`);
    await create('c');
    await create('d');
    await watch.first(expected.length + 1);
    expect(
      watch.events.map(({ type, object: { metadata } }) =>
        type === 'BOOKMARK'
          ? `${type} ${metadata.resourceVersion} ${metadata.annotations['k8s.io/initial-events-end'] === 'true' ? 'end' : ''}`
          : `${type} ${metadata.name}`,
      ),
    ).toEqual([...expected, 'ADDED d']);
    watch.close();
  });

  it('sends initial events in every form', async () => {
    await create('one');
    const path = `${MAPS}?watch=true&${LIST}&allowWatchBookmarks=true`;
    const as = (form: string, media = 'json') => ({ accept: `application/${media};as=${form};v=v1;g=meta.k8s.io` });
    const end = { resourceVersion: '2', annotations: { 'k8s.io/initial-events-end': 'true' } };

    const table = await server.watch(path, as('Table'));
    expect(table.headers['content-type']).toBe('application/json');
    expect((await table.first(2))[1]).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'Table', columnDefinitions: null, rows: [{ object: { metadata: end } }] },
    });
    table.close();

    const partial = await server.watch(path, as('PartialObjectMetadata'));
    expect(partial.headers['content-type']).toBe('application/json');
    expect((await partial.first(2))[1]).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: end },
    });
    partial.close();

    for (const [accept, kind] of [
      ['application/vnd.kubernetes.protobuf', 'ConfigMap'],
      [as('PartialObjectMetadata', 'vnd.kubernetes.protobuf').accept, 'PartialObjectMetadata'],
    ] as const) {
      const [added, bookmark] = await protobufEvents(path, accept, 2);
      expect(added).toMatchObject({ type: 'ADDED', object: { kind, metadata: { name: 'one' } } });
      expect(bookmark).toMatchObject({ type: 'BOOKMARK', object: { kind, metadata: end } });
    }
  });

  /** The first events of a watch in protobuf: field 1 of an event is its type, field 2 its object. */
  const protobufEvents = (path: string, accept: string, count: number) =>
    new Promise<{ type: string; object: unknown }[]>(resolve => {
      let bytes = Buffer.alloc(0);
      const req = request({ port: server.port, path, headers: { accept } }, res => {
        expect(res.headers['content-type']).toBe('application/vnd.kubernetes.protobuf;stream=watch');
        res.on('data', (chunk: Buffer) => {
          bytes = Buffer.concat([bytes, chunk]);
          const events: { type: string; object: unknown }[] = [];
          for (let at = 0; at + 4 <= bytes.length; at += 4 + bytes.readUInt32BE(at)) {
            const frame = bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at));
            events.push({
              type: frame.subarray(2, 2 + frame[1]!).toString(),
              object: decodeProtobuf(frame.subarray(frame.indexOf('k8s\0'))),
            });
          }
          if (events.length < count) return;
          req.destroy();
          resolve(events);
        });
      });
      req.on('error', () => {}).end();
    });

  it.each([
    [
      `${LIST}&allowWatchBookmarks=true&resourceVersion=99`,
      504,
      'Timeout',
      'Timeout: Too large resource version: 99, current: 4',
    ],
    ['resourceVersion=2', 410, 'Expired', 'too old resource version: 2 (4)'],
  ])('?watch=1&%s fails in the stream', async (query, code, reason, message) => {
    for (const name of ['a', 'b', 'c']) await create(name);
    await server.registry.log.compact(4);
    const watch = await server.watch(`${MAPS}?watch=1&${query}`);
    expect(watch.code).toBe(200);
    await watch.untilEnd();
    expect(watch.events).toEqual([
      {
        type: 'ERROR',
        object: expect.objectContaining({
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          code,
          reason,
          message,
        }),
      },
    ]);
    expect(server.api.watchers).toBe(0);
  });

  it('tells of what left a selection as it was when it was in it', async () => {
    const labelled = (app: string, a: string) => ({
      ...configMap('one', { a }),
      metadata: { name: 'one', labels: { app } },
    });
    await server.post(MAPS, labelled('x', '1'));
    const x = await server.watch(`${MAPS}?watch=1&labelSelector=app=x`);
    const y = await server.watch(`${MAPS}?watch=1&labelSelector=app=y`);
    await server.ask('PUT', `${MAPS}/one`, { body: labelled('y', '2') });
    await server.ask('PUT', `${MAPS}/one`, { body: labelled('y', '3') });
    await server.ask('PUT', `${MAPS}/one`, { body: labelled('x', '4') });
    await remove('one');
    await x.first(4);
    await y.first(3);
    const told = (watch: typeof x) =>
      watch.events.map(
        ({ type, object: { metadata, data } }) => `${type} ${metadata.resourceVersion} ${metadata.labels.app}${data.a}`,
      );
    expect(told(x)).toEqual(['ADDED 2 x1', 'DELETED 3 x1', 'ADDED 5 x4', 'DELETED 6 x4']);
    expect(told(y)).toEqual(['ADDED 3 y2', 'MODIFIED 4 y3', 'DELETED 5 y3']);
    x.close();
    y.close();
  });

  it('watches fields as well as labels', async () => {
    const nodes = '/api/v1/nodes';
    await server.post(nodes, { metadata: { name: 'n1' } });
    const watch = await server.watch(`${nodes}?watch=1&fieldSelector=spec.unschedulable=true`);
    const cordon = (unschedulable: boolean) =>
      server.ask('PATCH', `${nodes}/n1`, {
        body: JSON.stringify({ spec: { unschedulable } }),
        headers: { 'content-type': 'application/merge-patch+json' },
      });
    await cordon(true);
    await cordon(false);
    await watch.first(2);
    expect(watch.told).toEqual(['ADDED n1', 'DELETED n1']);
    expect(watch.events[1]!.object.spec.unschedulable).toBe(true);
    watch.close();
  });

  const INVALID = 'ListOptions.meta.k8s.io "" is invalid: ';
  it.each([
    [
      'sendInitialEvents=true',
      `${INVALID}resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan`,
    ],
    [
      'resourceVersion=1&resourceVersionMatch=NotOlderThan',
      `${INVALID}resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided`,
    ],
    [
      'sendInitialEvents=false&resourceVersionMatch=Exact',
      `${INVALID}[resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan, resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"]`,
    ],
    [
      `${LIST}&continue=x`,
      `${INVALID}resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided`,
    ],
  ])('?watch=1&%s is 422', async (query, message) => {
    const { code, body } = await server.get(`${MAPS}?watch=1&${query}`);
    expect({ code, message: body.message }).toEqual({ code: 422, message });
    expect(server.api.watchers).toBe(0);
  });

  it('refuses what makes no sense before it begins', async () => {
    expect(await server.get(`${MAPS}?watch=true&resourceVersion=x`)).toMatchObject({ code: 500 });
    expect(await server.get(`${MAPS}?watch=true&labelSelector=a%20b`)).toMatchObject({ code: 400 });
    expect(await server.get(`${MAPS}?watch=true&sendInitialEvents=true`)).toMatchObject({ code: 422 });
    const { code, text } = await server.get(`${MAPS}?watch=true`, { accept: 'application/yaml' });
    expect([code, text]).toEqual([
      406,
      expect.stringContaining(
        'only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch',
      ),
    ]);
  });

  it('is ended by a server that closes, with all that was written', async () => {
    const watch = await server.watch(`${MAPS}?watch=true`);
    const writes = Array.from({ length: 50 }, (_, i) => create(`m-${i}`));
    await Promise.all(writes);
    server.api.close();
    await watch.untilEnd();
    expect(watch.events).toHaveLength(50);
  });

  it('forgets a reader that went away', async () => {
    const watch = await server.watch(`${MAPS}?watch=true`);
    expect(server.api.watchers).toBe(1);
    watch.close();
    while (server.api.watchers > 0) await new Promise(setImmediate);
  });

  it('cuts off a reader that does not read, and no other', async () => {
    const slow = connect(server.port, '127.0.0.1');
    slow.write(`GET ${MAPS}?watch=true HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    slow.pause();
    const quick = await server.watch(`${MAPS}?watch=true`);
    while (server.api.watchers < 2) await new Promise(setImmediate);
    const data = { text: 'x'.repeat(1_000_000) };
    let written = 0;
    // The kernel takes some megabytes on behalf of the reader before the server's own bound is reached.
    while (server.api.watchers === 2 && written < 10 * MAX_BEHIND_BYTES) {
      await create(`m-${written}`, data);
      written += data.text.length;
    }
    expect(server.api.watchers).toBe(1);
    expect(written).toBeGreaterThan(MAX_BEHIND_BYTES);
    await quick.first(written / data.text.length);
    quick.close();
    // It has lost nothing: what it missed is told from where it was.
    const resumed = await server.watch(`${MAPS}?watch=true&resourceVersion=1`);
    await resumed.first(quick.events.length);
    expect(resumed.told).toEqual(quick.told);
    resumed.close();
    slow.destroy();
  });
});
