import fc from 'fast-check';
import fastJsonPatch from 'fast-json-patch';
import { describe, expect, it } from 'vitest';
import { applyPatch } from '../../../src/registry/patch/index.js';
import { JsonPatchError, jsonPatch } from '../../../src/registry/patch/json-patch.js';
import { StatusError } from '../../../src/registry/status.js';
import { at, deepFreeze, recorded, withoutDefaults } from './recorded.js';

const DAEMON_SET = 'io.k8s.api.apps.v1.DaemonSet';
const POD = 'io.k8s.api.core.v1.Pod';
type Dict = Record<string, unknown>;

function failure(run: () => unknown): StatusError {
  try {
    run();
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new Error('did not fail');
}

describe('JSON patch', () => {
  const document = deepFreeze({ data: { a: '1', b: '2', 'x/y': '3' }, list: [1, 2, 3] });
  const patch = (...operations: unknown[]) => applyPatch('json', document, operations, POD) as unknown as Dict;

  it('adds, replaces, removes, copies and moves', () => {
    expect(
      patch(
        { op: 'replace', path: '/data/a', value: '9' },
        { op: 'remove', path: '/data/b' },
        { op: 'add', path: '/data/c', value: 'new' },
        { op: 'copy', from: '/data/c', path: '/data/d' },
        { op: 'move', from: '/data/x~1y', path: '/data/z' },
      ),
    ).toEqual({ data: { a: '9', c: 'new', d: 'new', z: '3' }, list: [1, 2, 3] });
  });

  it('shares what it did not touch', () => {
    expect(patch({ op: 'remove', path: '/data/a' }).list).toBe(document.list);
  });

  it.each([
    [{ op: 'add', path: '/list/1', value: 9 }, [1, 9, 2, 3]],
    [{ op: 'add', path: '/list/-', value: 9 }, [1, 2, 3, 9]],
    [{ op: 'remove', path: '/list/-1' }, [1, 2]],
    [{ op: 'replace', path: '/list/0', value: null }, [null, 2, 3]],
    [{ op: 'test', path: '/list/2', value: 3 }, [1, 2, 3]],
    [{ op: 'test', path: '/none', value: null }, [1, 2, 3]],
  ])('%j', (operation, list) => {
    expect(patch(operation).list).toEqual(list);
  });

  it.each([
    [{ op: 'test', path: '/data/a', value: 'no' }, 'testing value /data/a failed: test failed'],
    [
      { op: 'remove', path: '/data/none' },
      "error in remove for path: '/data/none': Unable to remove nonexistent key: none: missing value",
    ],
    [
      { op: 'replace', path: '/data/none', value: 1 },
      'replace operation does not apply: doc is missing key: /data/none: missing value',
    ],
    [
      { op: 'add', path: '/none/x', value: 1 },
      'add operation does not apply: doc is missing path: "/none/x": missing value',
    ],
    [{ op: 'add', path: '/list/9', value: 1 }, 'Unable to access invalid index: 9: invalid index referenced'],
    [{ op: 'hop', path: '/data/a' }, 'Unexpected kind: hop'],
  ])('%j does not apply', (operation, why) => {
    const error = failure(() => patch(operation));
    expect([error.code, error.reason, error.message]).toEqual([
      422,
      'Invalid',
      'the server rejected our request due to an error in our request',
    ]);
    expect((error.cause as Error).message).toBe(why);
  });

  it('refuses a body that is no list of operations, and one too long', () => {
    const wrong = failure(() => applyPatch('json', document, { not: 'a list' }, POD));
    expect([wrong.code, wrong.message]).toEqual([
      400,
      'json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    ]);
    const long = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/none', value: null }));
    expect(failure(() => applyPatch('json', document, long, POD)).code).toBe(413);
  });

  it('agrees with fast-json-patch', () => {
    const key = fc.constantFrom('a', 'b', 'x/y', 'm~n', '0', '1', '-');
    const value = fc.letrec(tie => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(1, 'two', true),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    const pointer = fc
      .array(key, { minLength: 1, maxLength: 3 })
      .map(keys => keys.map(k => `/${k.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''));
    const operation = fc.oneof(
      fc.record({ op: fc.constantFrom('add', 'replace', 'test'), path: pointer, value }),
      fc.record({ op: fc.constant('remove'), path: pointer }),
      fc.record({ op: fc.constantFrom('copy', 'move'), from: pointer, path: pointer }),
    );
    let applied = 0;
    fc.assert(
      fc.property(
        fc.dictionary(key, value),
        fc.array(operation, { minLength: 1, maxLength: 3 }),
        (before, operations) => {
          // A move into its own child is an error by the RFC; the oracle loses the value instead.
          fc.pre(!operations.some(o => o.op === 'move' && 'from' in o && o.path.startsWith(o.from)));
          const attempt = (run: () => unknown): unknown => {
            try {
              return { result: run() };
            } catch {
              return 'refused';
            }
          };
          const expected = attempt(
            () =>
              fastJsonPatch.applyPatch(
                structuredClone(before),
                structuredClone(operations) as fastJsonPatch.Operation[],
                true,
              ).newDocument,
          );
          const got = attempt(() => jsonPatch(deepFreeze(structuredClone(before)), operations));
          if (got !== 'refused') applied++;
          expect(got).toEqual(expected);
        },
      ),
      { numRuns: 1000, seed: 7 },
    );
    expect(applied).toBeGreaterThan(80);
  });

  it('words errors of single operations', () => {
    expect(() => jsonPatch({}, [{ op: 'replace', path: '', value: 1 }])).toThrow(JsonPatchError);
    expect(jsonPatch({}, [{ op: 'replace', path: '', value: { a: 1 } }])).toEqual({ a: 1 });
  });
});

describe('JSON merge patch', () => {
  const object = deepFreeze({ a: { b: 1, c: 2 }, list: [1], keep: { x: 1 } });
  const patch = (body: unknown) => applyPatch('merge', object, body, POD) as unknown as Dict;

  // The examples of RFC 7396, appendix A, wrapped in an object.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    // Lists are not searched for nulls by the RFC.
    [{}, { a: [null, { b: null, c: [{ d: null }] }] }, { a: [null, { c: [{}] }] }],
    [{ a: {} }, { a: [{ b: null }] }, { a: [{ b: null }] }],
  ])('%j with %j', (before, body, after) => {
    expect(applyPatch('merge', deepFreeze(before as object), body, POD)).toEqual(after);
  });

  it('shares what it did not touch', () => {
    const result = patch({ a: { b: 9 } });
    expect(result.keep).toBe(object.keep);
    expect(patch({ a: { b: 1 } })).toBe(object);
    expect(patch({})).toBe(object);
  });

  it('refuses a body that is no object', () => {
    expect(failure(() => applyPatch('merge', object, [1], POD, true)).message).toBe(
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
    expect(failure(() => patch(null)).message).toBe('Invalid JSON Patch');
    expect(failure(() => applyPatch('strategic', object, [1], POD)).message).toBe(
      'json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
  });
});

describe('strategic merge patch', () => {
  it('gives what a real server gave', () => {
    const [create, ...patches] = recorded('patch-strategic');
    let object = deepFreeze(create!.request.body as object);
    let compared = 0;
    for (const { request, answer } of patches) {
      const patched = deepFreeze(applyPatch('strategic', object, request.body, DAEMON_SET));
      if (answer.status !== 200) continue;
      object = patched;
      for (const [path, value] of Object.entries(answer.body ?? {})) {
        expect(withoutDefaults(at(object, path))).toEqual(withoutDefaults(value));
        compared++;
      }
    }
    expect(compared).toBe(10);
  });

  const patch = (object: object, body: unknown, type = DAEMON_SET) =>
    applyPatch('strategic', deepFreeze(object), body, type) as unknown as Dict;

  it('rolls back with a ControllerRevision: $patch: replace replaces the template', () => {
    const object = {
      spec: {
        paused: true,
        template: {
          metadata: { labels: { a: '1', b: '2' } },
          spec: { containers: [{ name: 'x', image: 'i' }], hostNetwork: true },
        },
      },
    };
    const data = {
      spec: {
        template: {
          $patch: 'replace',
          metadata: { labels: { a: '1' } },
          spec: { containers: [{ name: 'y', image: 'j' }] },
        },
      },
    };
    expect(patch(object, data)).toEqual({
      spec: {
        paused: true,
        template: { metadata: { labels: { a: '1' } }, spec: { containers: [{ name: 'y', image: 'j' }] } },
      },
    });
  });

  it('adopts and releases pods by owner references', () => {
    const pod = { metadata: { uid: 'p', name: 'x' } };
    const owner = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      name: 'd',
      uid: 'u',
      controller: true,
      blockOwnerDeletion: true,
    };
    const adopted = patch(pod, { metadata: { ownerReferences: [owner], uid: 'p' } }, POD);
    expect(adopted).toEqual({ metadata: { uid: 'p', name: 'x', ownerReferences: [owner] } });
    const released = patch(adopted, { metadata: { ownerReferences: [{ $patch: 'delete', uid: 'u' }], uid: 'p' } }, POD);
    expect(released).toEqual({ metadata: { uid: 'p', name: 'x', ownerReferences: [] } });
    expect(patch(pod, { metadata: { ownerReferences: [{ $patch: 'delete', uid: 'u' }], uid: 'p' } }, POD)).toEqual({
      metadata: { uid: 'p', name: 'x', ownerReferences: [] },
    });
  });

  it('deletes from lists of scalars', () => {
    const object = { metadata: { finalizers: ['a', 'b', 'c'] } };
    const body = {
      metadata: {
        '$deleteFromPrimitiveList/finalizers': ['b'],
        '$setElementOrder/finalizers': ['d', 'c', 'a'],
        finalizers: ['d'],
      },
    };
    expect(patch(object, body)).toEqual({ metadata: { finalizers: ['d', 'c', 'a'] } });
  });

  it('replaces atomic lists, merges maps, drops nulls of what is new', () => {
    const object = { metadata: { labels: { a: '1' } }, spec: { template: { spec: { tolerations: [{ key: 'a' }] } } } };
    expect(
      patch(object, {
        metadata: { labels: { b: '2', c: null } },
        spec: {
          template: {
            spec: {
              tolerations: [],
              volumes: [{ name: 'v', emptyDir: { medium: null }, $retainKeys: ['name', 'emptyDir'] }],
            },
          },
        },
      }),
    ).toEqual({
      metadata: { labels: { a: '1', b: '2' } },
      spec: {
        template: {
          spec: { tolerations: [], volumes: [{ name: 'v', emptyDir: {}, $retainKeys: ['name', 'emptyDir'] }] },
        },
      },
    });
  });

  it('shares what stays, and is the object itself where nothing changes', () => {
    const object = deepFreeze({
      metadata: { labels: { a: '1' } },
      spec: { template: { spec: { containers: [{ name: 'x', image: 'i' }] } } },
    });
    expect(
      applyPatch(
        'strategic',
        object,
        { spec: { template: { spec: { containers: [{ name: 'x', image: 'i' }] } } } },
        DAEMON_SET,
      ),
    ).toBe(object);
    const changed = applyPatch('strategic', object, { metadata: { labels: { b: '2' } } }, DAEMON_SET);
    expect(changed.spec).toBe(object.spec);
  });

  // Each is what kube-apiserver makes of it.
  it.each([
    // What is not there, or of another type, is not deleted from; of one thing, it is what replaces it.
    [{ finalizers: ['a'] }, { '$deleteFromPrimitiveList/finalizers': 'x' }, { finalizers: ['a'] }],
    [{ labels: { a: 'b' } }, { '$deleteFromPrimitiveList/labels': ['a'] }, { labels: { a: 'b' } }],
    [{}, { '$deleteFromPrimitiveList/finalizers': ['a'] }, {}],
    [{ finalizers: ['a'] }, { '$deleteFromPrimitiveList/finalizers': null }, {}],
    [{ name: 'a' }, { '$deleteFromPrimitiveList/name': 'b' }, { name: 'b' }],
    // What is new goes if it has a directive, of whatever kind.
    [{}, { labels: { $patch: 'replace', a: 'b' } }, {}],
    [{ labels: { a: '1' } }, { labels: { $patch: 'replace', b: null } }, { labels: { b: null } }],
    [{}, { labels: { $patch: null, a: null, b: 'c' } }, { labels: { b: 'c' } }],
    [{}, { ownerReferences: [{ $patch: 'delete', uid: 'u' }, { uid: 'v' }] }, { ownerReferences: [{ uid: 'v' }] }],
    // New elements that the order does not name come the other way round.
    [
      { finalizers: ['a'] },
      { '$setElementOrder/finalizers': [], finalizers: ['b', 'c'] },
      { finalizers: ['a', 'c', 'b'] },
    ],
  ])('metadata %j with %j', (metadata, body, after) => {
    expect(patch({ metadata }, { metadata: body })).toEqual({ metadata: after });
  });

  const order = (list: string, elements: unknown[]) => ({
    spec: { template: { spec: { [`$setElementOrder/${list}`]: elements } } },
  });
  const PANIC = 'This request caused apiserver to panic. Look in the logs for details.';

  it.each([
    [
      { spec: { template: { spec: { containers: [{ image: 'i' }] } } } },
      500,
      'map: map[image:i] does not contain declared merge key: name',
    ],
    [
      { spec: { template: { spec: { containers: [['i']] } } } },
      500,
      'list element types are not identical: [[map[name:x]] [[i]]]',
    ],
    [
      { spec: { template: { spec: { initContainers: [['i']] } } } },
      422,
      'the server rejected our request due to an error in our request',
    ],
    [
      { spec: { template: { spec: { containers: [{ name: 'x', $patch: 'melt' }] } } } },
      500,
      'unknown patch type: melt in map: map[$patch:melt name:x]',
    ],
    [{ metadata: { $retainKeys: 'name' } }, 400, 'invalid patch format of retainKeys'],
    [{ metadata: { $retainKeys: [], name: 'x' } }, 400, 'invalid patch format of retainKeys'],
    [{ metadata: { $setElementOrder: ['a'] } }, 400, 'invalid patch format of setElementOrder list'],
    [{ metadata: { $deleteFromPrimitiveList: ['a'] } }, 400, 'invalid patch format of primitive list'],
    [{ metadata: { $patch: 1 } }, 500, 'unknown patch type: %!s(int64=1) in map: map[$patch:1]'],
    [{ metadata: { '$setElementOrder/finalizers': 'x' } }, 500, 'expected a []interface {}, but received a string'],
    [
      { metadata: { '$setElementOrder/finalizers': ['a'], finalizers: null } },
      500,
      'expected a []interface {}, but received a %!s(<nil>)',
    ],
    [order('containers', ['d']), 500, 'value for key 0 is not a map'],
    [order('containers', [{}]), 500, 'map: map[] does not contain declared merge key: name'],
    [order('nope', []), 500, 'unable to find api field in struct PodSpec for the json field "nope"'],
    [order('nodeName', []), 500, 'expected slice or array type, but got: struct'],
    // Go cannot look up a map among others, and its server has no better answer than this.
    [order('tolerations', [{ key: 't' }]), 500, PANIC],
    [{ metadata: { $retainKeys: [{}] } }, 500, PANIC],
    [{ metadata: { finalizers: [1] } }, 500, 'list element types are not identical: [[a] [1]]'],
    [{ metadata: { finalizers: [null] } }, 500, 'list element types are not identical: [[a] [<nil>]]'],
    [
      { metadata: { '$deleteFromPrimitiveList/finalizers': [1] } },
      500,
      'list element types are not identical: [[a] [1]]',
    ],
    [
      { spec: { template: { spec: { '$deleteFromPrimitiveList/containers': ['x'] } } } },
      500,
      'list element types are not identical: [[map[name:x]] [x]]',
    ],
    [
      { spec: { template: { spec: { '$deleteFromPrimitiveList/tolerations': [{ key: 't' }] } } } },
      500,
      'cannot merge lists without merge key for struct',
    ],
  ])('%j is refused', (body, code, message) => {
    const object = {
      metadata: { name: 'd', finalizers: ['a'] },
      spec: { template: { spec: { containers: [{ name: 'x' }], initContainers: [], tolerations: [{ key: 't' }] } } },
    };
    const error = failure(() => patch(object, body));
    expect([error.code, error.message]).toEqual([code, message]);
  });
});
