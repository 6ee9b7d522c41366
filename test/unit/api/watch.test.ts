import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeProtobuf } from '../../../src/api/protobuf.js';
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

  it('can be asked for by the old paths', async () => {
    await create('one');
    await create('two');
    const all = await server.watch('/api/v1/watch/configmaps');
    expect((await all.first(2)).length).toBe(2);
    const one = await server.watch(`/api/v1/watch/namespaces/default/configmaps/two`);
    await one.first(1);
    expect(one.told).toEqual(['ADDED two']);
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
      object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { resourceVersion: '2', creationTimestamp: null } },
    });
    server.clock.moveTo(server.clock.now() + 60_000);
    expect((await wants.first(2)).length).toBe(2);
    expect(plain.events).toEqual([]);
    wants.close();
    plain.close();
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

  it('refuses what makes no sense before it begins', async () => {
    expect(await server.get(`${MAPS}?watch=true&resourceVersion=x`)).toMatchObject({ code: 500 });
    expect(await server.get(`${MAPS}?watch=true&labelSelector=a%20b`)).toMatchObject({ code: 400 });
    expect(await server.get(`${MAPS}?watch=true&sendInitialEvents=true`)).toMatchObject({ code: 422 });
    expect(await server.get(`${MAPS}?watch=true`, { accept: 'application/yaml' })).toMatchObject({ code: 406 });
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
    slow.destroy();
  });
});
