import { describe, expect, it } from 'vitest';
import { duplicateFields } from '../../../src/api/duplicates.js';
import { negotiate } from '../../../src/api/negotiate.js';
import { deleteOptions, readParameters, writeParameters } from '../../../src/api/parameters.js';
import { StatusError } from '../../../src/registry/status.js';
import { fromYaml, fromYamlDocuments, toYaml } from '../../../src/registry/yaml.js';
import { jsonSyntaxError } from '../../../src/resources/go-json.js';

const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof StatusError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'accepted';
};

describe('what is wrong with JSON, in the words of Go', () => {
  it.each([
    ['', 'unexpected end of JSON input'],
    ['{', 'unexpected end of JSON input'],
    ['{"a":1', 'unexpected end of JSON input'],
    ['"a', 'unexpected end of JSON input'],
    ['x', "invalid character 'x' looking for beginning of value"],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b":2}', "invalid character '\"' after object key:value pair"],
    ['[1 2]', "invalid character '2' after array element"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{} {}', "invalid character '{' after top-level value"],
    ['trux', "invalid character 'x' in literal true (expecting 'e')"],
    ['"\n"', "invalid character '\\n' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1ex', "invalid character 'x' in exponent of numeric literal"],
    ["'", "invalid character '\\'' looking for beginning of value"],
  ])('%j', (text, message) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(jsonSyntaxError(text)).toBe(message);
  });

  it.each(['{}', ' [1, -2.5e+3, "a\\u00e4\\"", {"a": [true, false, null]}] '])('%s is well', text => {
    expect(jsonSyntaxError(text)).toBeUndefined();
  });
});

describe('keys that stand twice', () => {
  it.each([
    ['{"a":1,"b":2}', []],
    ['{"a":1,"a":2}', ['a']],
    ['{"spec":{"x":[{"y":1},{"y":1,"z":2,"y":3}]}}', ['spec.x[1].y']],
    ['{"a":{"b":1},"b":{"b":1}}', []],
    ['{"a":"a\\",\\"a\\":1","b":["a","a"]}', []],
    ['{"a":1,"\\u0061":2,"a":3}', ['a', 'a']],
    ['[{"a":1},{"a":1}]', []],
  ])('%s', (json, fields) => {
    expect(duplicateFields(json)).toEqual(fields.map(field => `duplicate field "${field}"`));
  });
});

describe('YAML', () => {
  it('reads the first of several documents', () => {
    expect(fromYaml('a: 1\n---\nb: [').value).toEqual({ a: 1 });
    expect(fromYaml('---\n---\na: 1').value).toBeNull();
  });

  it('reads YAML 1.1 as Kubernetes does', () => {
    expect(fromYaml('a: yes\nb: 2020-01-01\nc: 1:30\nd: 0755\ne: "x"\nf: ~').value).toEqual({
      a: true,
      b: '2020-01-01',
      c: '1:30',
      d: 0o755,
      e: 'x',
      f: null,
    });
  });

  it.each([
    ['kind: [', "yaml: line 1: did not find expected ',' or ']'"],
    ['{a: 1', "yaml: line 1: did not find expected ',' or '}'"],
    ['a: "x', 'yaml: line 1: found unexpected end of stream'],
    ['a: b: c', 'yaml: line 1: mapping values are not allowed in this context'],
    ['\ta: 1', 'yaml: line 1: found character that cannot start any token'],
    ['a:\n  - b\n c: 1', 'yaml: line 3: did not find expected key'],
  ])('%j is refused', (text, message) => {
    expect(() => fromYaml(text)).toThrow(message);
  });

  it('reports keys that stand twice, and takes the last', () => {
    expect(fromYaml('a: 1\nb: 2\na: 3')).toEqual({
      value: { a: 3, b: 2 },
      duplicates: ['line 3: key "a" already set in map'],
    });
  });

  it('does not let a small document grow large', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefg'[i]}`)}]`),
    ].join('\n');
    expect(() => fromYaml(bomb)).toThrow('excessive aliasing');
  });

  it('writes keys in order', () => {
    expect(toYaml({ b: 1, a: { d: 'yes', c: [] } })).toBe('a:\n  c: []\n  d: "yes"\nb: 1\n');
    const shared = { x: 1 };
    expect(toYaml({ list: [shared, shared] })).toBe('list:\n- x: 1\n- x: 1\n');
  });

  it('reads several documents, each as Kubernetes does', () => {
    const text = 'a: yes\n---\n# nothing\n---\nb: 2025-01-01\n';
    expect(fromYamlDocuments(text)).toEqual([{ a: true }, { b: '2025-01-01' }]);
    expect(() => fromYamlDocuments('a: 1\n---\nb: 1\nb: 2\n')).toThrow(/key "b" already set in map/);
  });
});

describe('content negotiation', () => {
  const TYPES = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

  it('knows stars where no router stands before', () => {
    expect(negotiate('application/*', 'custom').media).toBe('json');
    expect(() => negotiate('*/json', 'custom')).toThrow(`only the following media types are accepted: ${TYPES}`);
  });

  it.each([
    [undefined, { media: 'json', version: 'v1' }],
    ['*/*', { media: 'json', version: 'v1' }],
    ['application/json;q=0', { media: 'json', version: 'v1' }],
    ['*/*, application/yaml', { media: 'yaml', version: 'v1' }],
    ['application/json;stream=other, application/yaml', { media: 'yaml', version: 'v1' }],
    ['text/html, application/yaml;q=0.5, application/json;q=0.1', { media: 'yaml', version: 'v1' }],
    ['application/vnd.kubernetes.protobuf,application/json', { media: 'protobuf', version: 'v1' }],
    ['application/json;as=Table;v=v1;g=meta.k8s.io,application/json', { media: 'json', as: 'Table', version: 'v1' }],
    [
      'application/json;as=Table;v=v9;g=meta.k8s.io, application/json;as=Table;v=v1beta1;g=meta.k8s.io',
      { media: 'json', as: 'Table', version: 'v1beta1' },
    ],
    [
      'application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io,application/json',
      { media: 'json', version: 'v1' },
    ],
    [
      'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
      { media: 'json', as: 'PartialObjectMetadataList', version: 'v1' },
    ],
  ])('%s', (header, accepted) => {
    expect(negotiate(header)).toEqual(accepted);
  });

  it.each([
    ['text/csv', `406 406: Not Acceptable\n\nAvailable representations: ${TYPES}`],
    ['application/*', `406 406: Not Acceptable\n\nAvailable representations: ${TYPES}`],
    [
      'application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io',
      '406 only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    ],
    [
      'application/json;as=Nothing;v=v1;g=meta.k8s.io',
      '406 only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    ],
  ])('%s is refused', (header, message) => {
    expect(refusal(() => negotiate(header))).toBe(message);
  });
});

describe('parameters', () => {
  const query = (text: string) => new URLSearchParams(text);

  it('reads lists and watches', () => {
    const all =
      'labelSelector=a%3Db&limit=5&watch=1&allowWatchBookmarks=true&sendInitialEvents=false&resourceVersion=7&timeoutSeconds=3';
    expect(readParameters(query(all), false)).toEqual({
      watch: true,
      labelSelector: 'a=b',
      limit: 5,
      allowWatchBookmarks: true,
      sendInitialEvents: false,
      resourceVersion: '7',
      timeoutSeconds: 3,
    });
    for (const no of ['watch=false', 'watch=0', 'watch=False', 'watch=0&watch=1', 'Watch=1'])
      expect(readParameters(query(no), false).watch, no).toBe(false);
    for (const yes of ['watch=', 'watch', 'watch=1', 'watch=t', 'watch=no', 'watch=1&watch=0'])
      expect(readParameters(query(yes), false).watch, yes).toBe(true);
    expect(readParameters(query(''), true).watch).toBe(true);
  });

  it.each([
    ['limit=x', '400 strconv.ParseInt: parsing "x": invalid syntax'],
    ['timeoutSeconds=', '400 strconv.ParseInt: parsing "": invalid syntax'],
    ['limit=99999999999999999999', '400 strconv.ParseInt: parsing "99999999999999999999": value out of range'],
  ])('?%s is refused', (text, message) => {
    expect(refusal(() => readParameters(query(text), false))).toBe(message);
  });

  it('names the program as field manager unless told otherwise', () => {
    expect(writeParameters('CreateOptions', query(''), 'kubectl/v1.35.0 (linux/amd64)')).toEqual({
      dryRun: false,
      fieldManager: 'kubectl',
      fieldValidation: 'Warn',
    });
    expect(writeParameters('UpdateOptions', query('fieldManager=me&dryRun=All&fieldValidation=Strict'), 'x/1')).toEqual(
      {
        dryRun: true,
        fieldManager: 'me',
        fieldValidation: 'Strict',
      },
    );
  });

  it.each([
    ['CreateOptions', 'dryRun=Some', false, 'dryRun: Unsupported value: ["Some"]: supported values: "All"'],
    [
      'UpdateOptions',
      'fieldValidation=Some',
      false,
      'fieldValidation: Unsupported value: "Some": supported values: "", "Ignore", "Strict", "Warn"',
    ],
    ['PatchOptions', '', true, 'fieldManager: Required value: is required for apply patch'],
    ['PatchOptions', 'force=true', false, 'force: Forbidden: may not be specified for non-apply patch'],
    [
      'PatchOptions',
      `fieldManager=a%07`,
      true,
      'fieldManager: Invalid value: "a\\u0007": invalid character U+0007 (at position 1)',
    ],
  ] as const)('%s ?%s is refused', (kind, text, apply, why) => {
    expect(refusal(() => writeParameters(kind, query(text), 'x', apply))).toBe(
      `422 ${kind}.meta.k8s.io "" is invalid: ${why}`,
    );
  });

  it('checks DeleteOptions', () => {
    expect(
      deleteOptions({
        gracePeriodSeconds: 0,
        propagationPolicy: 'Orphan',
        preconditions: { uid: 'u' },
        dryRun: ['All'],
      }),
    ).toEqual({
      dryRun: true,
      gracePeriodSeconds: 0,
      propagationPolicy: 'Orphan',
      preconditions: { uid: 'u' },
    });
    expect(refusal(() => deleteOptions({ propagationPolicy: 'Later' }))).toContain(
      'supported values: "Foreground", "Background", "Orphan", "nil"',
    );
    expect(refusal(() => deleteOptions({ propagationPolicy: 'Orphan', orphanDependents: true }))).toContain(
      'cannot be both set',
    );
  });
});
