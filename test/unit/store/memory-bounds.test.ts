import { afterEach, describe, expect, it, vi } from 'vitest';
import type { KubeObject } from '../../../src/resources/types.js';
import { RevisionLog } from '../../../src/store/log.js';
import { MemoryBackend } from '../../../src/store/memory.js';
import { ParsedObjects, StoredEntry } from '../../../src/store/stored-entry.js';
import { StoredJson } from '../../../src/store/stored-json.js';

const MiB = 1024 * 1024;

describe('what is kept in memory', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  it.each([
    ['small changes, thousands of them', 3000, 100, false],
    ['large ones, not many', 80, MiB, true],
  ])('of recent changes: %s', async (_, count, bytes, isCut) => {
    const backend = new MemoryBackend();
    const log = await RevisionLog.open(backend, { now: () => 0 });
    const data = 'x'.repeat(bytes);
    for (let i = 0; i < count; i++) {
      const object = {
        kind: 'Thing',
        apiVersion: 'v1',
        metadata: { name: 'a', uid: 'u' },
        data,
      } as unknown as KubeObject;
      log.append({
        type: i === 0 ? 'ADDED' : 'MODIFIED',
        resource: 'things',
        namespace: '',
        name: 'a',
        uid: 'u',
        object,
      });
      if (i % 10 === 9) await log.committed();
    }
    const read = vi.spyOn(backend, 'read');
    const heard: number[] = [];
    await new Promise<void>((resolve, reject) => {
      log.followFrom(
        0,
        changes => {
          heard.push(...changes.map(change => change.revision));
          if (heard.length === count) resolve();
        },
        reject,
      );
    });
    // Whatever is no longer in memory comes from the back end, and nothing is missing in between.
    expect(heard).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    expect(read.mock.calls.length > 0).toBe(isCut);
    await log.close();
  });

  it.each([
    ['as many as were asked for', 3, 1000, ['1', '2']],
    ['no more than so much JSON', 100, 25, ['1', '2', '3']],
    ['at least the one used last', 100, 1, ['1', '2', '3', '4']],
  ])('of parsed objects: %s', (_, capacity, maxBytes, parsedAgain) => {
    // Nobody else has them, and garbage is collected at once.
    vi.stubGlobal(
      'WeakRef',
      class {
        deref() {}
      },
    );
    const parsed = new ParsedObjects(capacity, maxBytes);
    const entries = ['1', '2', '3', '4', '5'].map(n => {
      const json = new StoredJson(`{"number":${n}}`);
      return new StoredEntry('things', '', n, n, Number(n), 1, json, parsed, JSON.parse(json.content as string));
    });
    const again: string[] = [];
    vi.spyOn(StoredJson.prototype, 'parse').mockImplementation(function (this: StoredJson) {
      again.push(/\d/.exec(this.content as string)![0]);
      return { metadata: {} };
    });
    for (const entry of [...entries].reverse().filter(entry => !parsedAgain.includes(entry.name))) void entry.object;
    expect(again).toEqual([]);
    for (const entry of entries.filter(({ name }) => parsedAgain.includes(name))) void entry.object;
    expect(again).toEqual(parsedAgain);
  });

  it('of parsed objects: what somebody has is not parsed again', () => {
    const parsed = new ParsedObjects(1);
    const held = ['1', '2', '3'].map(n => {
      const json = new StoredJson(`{"number":${n}}`);
      const entry = new StoredEntry('things', '', n, n, Number(n), 1, json, parsed);
      return { entry, object: entry.object };
    });
    const parse = vi.spyOn(StoredJson.prototype, 'parse');
    for (const { entry, object } of held) expect(entry.object).toBe(object);
    expect(parse).not.toHaveBeenCalled();
  });
});
