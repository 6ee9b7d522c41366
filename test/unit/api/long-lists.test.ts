import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Exchange } from '../../../src/api/http.js';
import { decodeProtobuf } from '../../../src/api/protobuf/index.js';
import { toYaml } from '../../../src/registry/yaml.js';
import { configMaps } from '../../../src/resources/index.js';
import { addNamespace } from '../../support/registry.js';
import { type Answer, configMap, TestServer } from './serve.js';

const JSON_TYPE = 'application/json';
const YAML = { accept: 'application/yaml' };
const PROTOBUF = { accept: 'application/vnd.kubernetes.protobuf' };
const TABLE = { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' };
const TABLE_YAML = { accept: 'application/yaml;as=Table;g=meta.k8s.io;v=v1' };
const METADATA = { accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' };
const pathOf = (namespace: string) => `/api/v1/namespaces/${namespace}/configmaps`;

/** Of every length that there is: without items, with one, with two, and 10 MB, which is more than is made in one go. */
const LENGTHS = { none: 0, one: 1, two: 2, many: 200 };
const NAMESPACES = Object.keys(LENGTHS) as (keyof typeof LENGTHS)[];

describe('lists of any length', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start();
    for (const [namespace, count] of Object.entries(LENGTHS)) {
      await addNamespace(server.registry, namespace);
      const value = count > 2 ? 'ä line\n'.repeat(6500) : 'an ä: - line\nand another\n';
      for (let i = 0; i < count; i++) await server.post(pathOf(namespace), configMap(`map-${i}`, { value, 7: 'b' }));
    }
  });
  afterAll(() => server.close());

  /** The list, as its entries tell it. */
  const expected = async (namespace: string) => {
    const { entries, revision } = await server.registry.list(configMaps, { namespace });
    const items = entries.map(({ object: { kind: _, apiVersion: __, ...rest } }) => rest);
    const list = { kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: String(revision) }, items };
    return JSON.parse(JSON.stringify(list)) as typeof list;
  };
  const get = async (namespace: string, headers = {}, query = ''): Promise<Answer> => {
    const answer = await server.get(`${pathOf(namespace)}${query}`, headers);
    expect(answer.code).toBe(200);
    expect(answer.headers['content-length']).toBe(namespace === 'many' ? undefined : String(answer.bytes.length));
    return answer;
  };

  it.each(NAMESPACES)('are JSON (%s)', async namespace => {
    expect((await get(namespace)).text).toBe(`${JSON.stringify(await expected(namespace))}\n`);
  });

  it.each(NAMESPACES)('are JSON for eyes (%s)', async namespace => {
    const { text } = await get(namespace, {}, '?pretty=true');
    expect(text).toBe(`${JSON.stringify(await expected(namespace), null, 2)}\n`);
  });

  it.each(NAMESPACES)('are YAML (%s)', async namespace => {
    expect((await get(namespace, YAML)).text).toBe(toYaml(await expected(namespace)));
  });

  it.each(NAMESPACES)('are protobuf (%s)', async namespace => {
    const { bytes, headers } = await get(namespace, PROTOBUF);
    expect(headers['content-type']).toBe(PROTOBUF.accept);
    expect({ items: [], ...decodeProtobuf(bytes) }).toEqual(await expected(namespace));
  });

  it.each(NAMESPACES)('are tables (%s)', async namespace => {
    const { items } = await expected(namespace);
    const { body } = await get(namespace, TABLE, '?includeObject=Object');
    expect(Object.keys(body)).toEqual(['kind', 'apiVersion', 'metadata', 'columnDefinitions', 'rows']);
    expect(body.rows.map((row: object) => Object.keys(row))).toEqual(items.map(() => ['cells', 'object']));
    expect(body.rows.map((row: { object: object }) => row.object)).toEqual(
      items.map(item => ({ kind: 'ConfigMap', apiVersion: 'v1', ...item })),
    );
    expect((await get(namespace, TABLE_YAML, '?includeObject=Object')).text).toBe(toYaml(body));
  });

  it.each(['none', 'two'])('are lists of metadata (%s)', async namespace => {
    const { items } = await expected(namespace);
    const { body } = await get(namespace, METADATA);
    expect(body.items.map((item: { metadata: object }) => item.metadata)).toEqual(items.map(item => item.metadata));
  });

  it('are compressed for who takes that', async () => {
    const { headers, bytes } = await server.get(pathOf('many'), { 'accept-encoding': 'gzip' });
    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(bytes).equals((await get('many')).bytes)).toBe(true);
  });

  it('are refused with a Status where their beginning cannot be made', async () => {
    const { registry } = server;
    const list = registry.list.bind(registry);
    registry.list = async (kind, options) => {
      const result = await list(kind, options);
      const broken = Object.defineProperty({ ...result.entries[0]! }, 'bytes', { get: () => fail('torn') });
      return { ...result, entries: [broken] };
    };
    try {
      const { code, body } = await server.get(pathOf('two'));
      expect([code, body.kind, body.reason, body.message]).toEqual([
        500,
        'Status',
        'InternalError',
        expect.stringContaining('torn'),
      ]);
    } finally {
      registry.list = list;
    }
  });
});

const fail = (message: string): never => {
  throw new Error(message);
};

describe('an answer without an end', () => {
  /** Asks for pieces of 64 KiB; with what of the client's side comes back. */
  async function asked(pieces: Generator<Buffer>, headers: Record<string, string> = {}) {
    const host = { onAnswered() {}, onBegan() {}, newAuditId: () => '', servedBy: () => [] };
    const server = createServer((req, res) => {
      new Exchange(req, res, new URLSearchParams(), host).sendPieces(JSON_TYPE, pieces);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const response = await new Promise<IncomingMessage>((resolve, reject) =>
      request({ port, host: '127.0.0.1', headers }, resolve).on('error', reject).end(),
    );
    return { server, response };
  }

  it.each<Record<string, string>>([{}, { 'accept-encoding': 'gzip' }])(
    'is made no faster than it is read, and no longer than anybody reads (%o)',
    async headers => {
      const piece = Buffer.from(Array.from({ length: 65_536 }, (_, i) => (i * i * 7919) >> 3));
      let made = 0;
      let onOver = () => {};
      const over = new Promise<void>(resolve => {
        onOver = resolve;
      });
      function* pieces() {
        try {
          for (;;) {
            made++;
            yield piece;
          }
        } finally {
          onOver();
        }
      }
      const { server, response } = await asked(pieces(), headers);
      // Nobody reads. Without an ear for the socket, each of these turns would make another two pieces.
      for (let turn = 0; turn < 5000; turn++) await new Promise(resolve => setImmediate(resolve));
      expect(made).toBeLessThan(2000);
      response.destroy();
      await over;
      await new Promise(resolve => server.close(resolve));
    },
  );

  it('is cut where it cannot be made any more', async () => {
    function* pieces() {
      for (let i = 0; i < 1000; i++) yield Buffer.alloc(65_536, 'a');
      throw new Error('torn');
    }
    const { server, response } = await asked(pieces());
    const ended = await new Promise(resolve => {
      response.on('end', () => resolve('end')).on('error', () => resolve('cut'));
      response.resume();
    });
    expect(ended).toBe('cut');
    await new Promise(resolve => server.close(resolve));
  });
});
