import { describe, expect, it } from 'vitest';
import { cloneJson, equalJson, equalUpToEmpty, isObject, setKey, sortKeys } from '../../../src/resources/json.js';

/** What `JSON.parse` makes of keys that mean something to JavaScript: fields like any other. */
const odd = JSON.parse('{"__proto__": {"a": 1}, "constructor": "x"}') as Record<string, unknown>;

describe('JSON values', () => {
  it('are equal whatever the order of their fields, and undefined ones are not there', () => {
    expect(equalJson({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toBe(true);
    expect(equalJson({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(equalJson({ a: 1 }, { b: undefined, a: 1 })).toBe(true);
    expect(equalJson({ a: undefined }, { b: 1 })).toBe(false);
    expect(equalJson({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(equalJson({ a: undefined, b: 1 }, { a: 1, b: undefined })).toBe(false);
    expect(equalJson([1, 2], [2, 1])).toBe(false);
    expect(equalJson([], {})).toBe(false);
    expect(equalJson(null, {})).toBe(false);
  });

  it('differ by fields that every object seems to have', () => {
    for (const key of ['constructor', 'toString', '__proto__']) {
      const labels = JSON.parse(`{${JSON.stringify(key)}: "x"}`) as unknown;
      expect(equalJson({}, labels), key).toBe(false);
      expect(equalJson(labels, {}), key).toBe(false);
      expect(equalJson(labels, cloneJson(labels)), key).toBe(true);
    }
  });

  it('are copied through and through, without undefined fields', () => {
    const value = { a: [{ b: 1 }], c: undefined, d: null };
    const copy = cloneJson(value);
    expect(copy).toEqual({ a: [{ b: 1 }], d: null });
    expect(Object.keys(copy)).toEqual(['a', 'd']);
    expect(copy.a[0]).not.toBe(value.a[0]);
    expect(JSON.stringify(cloneJson(odd))).toBe(JSON.stringify(odd));
  });

  it('give the same text when their keys are in order', () => {
    expect(JSON.stringify(sortKeys({ b: [{ d: 1, c: 2 }], a: 'x' }))).toBe('{"a":"x","b":[{"c":2,"d":1}]}');
    expect(JSON.stringify(sortKeys(odd))).toBe('{"__proto__":{"a":1},"constructor":"x"}');
  });

  it('are objects, lists or neither', () => {
    expect([{}, [], null, 'x', undefined].map(isObject)).toEqual([true, false, false, false, false]);
    const object: Record<string, unknown> = {};
    setKey(object, '__proto__', 1);
    expect(Object.keys(object)).toEqual(['__proto__']);
  });
});

describe('equalUpToEmpty', () => {
  it.each([
    [true, { a: 1, b: {} }, { a: 1 }],
    [true, { a: { b: [] } }, undefined],
    [true, { a: null }, {}],
    [true, [{ a: [] }], [{}]],
    [false, [{}], []],
    [false, { a: 0 }, {}],
    [false, { a: '' }, {}],
    [false, { a: {} }, { a: [1] }],
    [false, { a: { b: 1 } }, { a: { b: 2 } }],
    [false, { constructor: 1 }, {}],
  ])('%s: %j, %j', (equal, a, b) => {
    expect(equalUpToEmpty(a, b)).toBe(equal);
    expect(equalUpToEmpty(b, a)).toBe(equal);
  });
});
