import { describe, expect, it } from 'vitest';
import { customPrinter } from '../../../../src/resources/custom/columns.js';
import { fieldsOfPath, parseJsonPath } from '../../../../src/resources/custom/json-path.js';
import type { CustomResource } from '../../../../src/resources/custom/types.js';

const NOW = Date.parse('2030-01-01T01:00:00Z');
const widget = {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'one', creationTimestamp: '2030-01-01T00:00:00Z', labels: { 'a.b/c': 'label' } },
  spec: {
    size: 3,
    share: 0.5,
    on: false,
    list: [
      { name: 'a', n: 1 },
      { name: 'b', n: 2 },
    ],
    none: null,
  },
  status: {
    conditions: [
      { type: 'Old', status: 'True' },
      { type: 'Ready', status: 'False' },
    ],
  },
} as unknown as CustomResource;

describe('JSONPath', () => {
  it.each([
    ['.spec.size', [3]],
    ['.spec.nothing.at.all', []],
    [`.metadata.labels['a.b/c']`, ['label']],
    ['.metadata.labels.a\\.b/c', ['label']],
    ['.spec.list[0].name', ['a']],
    ['.spec.list[-1].name', ['b']],
    ['.spec.list[*].n', [1, 2]],
    ['.spec.list[1:].name', ['b']],
    ['.status.conditions[?(@.type=="Ready")].status', ['False']],
    [`.status.conditions[?(@.type != 'Ready')].status`, ['True']],
    ['.spec.list[?(@.n>1)].name', ['b']],
    ['.spec.list[?(@.name)].n', [1, 2]],
    ['.spec..name', ['a', 'b']],
  ])('%s', (path, found) => {
    expect(parseJsonPath(path)!(widget)).toEqual(found);
  });

  it.each(['spec', '.spec[', '.spec[a]', '.a[?(@.b==)]', '{.spec}'])('is not %s', path => {
    expect(parseJsonPath(path)).toBeUndefined();
  });

  it.each([
    ['.spec.a', ['spec', 'a']],
    [`.spec['a.b']`, ['spec', 'a.b']],
    ['.spec.list[0]', undefined],
    ['.spec.list[*].a', undefined],
  ])('the fields of %s', (path, fields) => {
    expect(fieldsOfPath(path)).toEqual(fields);
  });
});

describe('columns', () => {
  it.each([
    ['string', '.spec.size', '3'],
    ['string', '.spec.list[0]', '{"name":"a","n":1}'],
    ['integer', '.spec.share', 0],
    ['integer', '.metadata.name', null],
    ['number', '.spec.share', 0.5],
    ['boolean', '.spec.on', false],
    ['boolean', '.spec.size', null],
    ['date', '.metadata.creationTimestamp', '60m'],
    ['date', '.metadata.name', '<invalid>'],
    ['string', '.spec.none', null],
    ['string', '.spec.absent', null],
  ])('of type %s at %s', (type, jsonPath, cell) => {
    expect(customPrinter([{ name: 'X', type, jsonPath }]).cells(widget, NOW)).toEqual(['one', cell]);
  });

  it('are name and age where none are asked for', () => {
    const printer = customPrinter();
    expect(printer.columns.map(column => column.name)).toEqual(['Name', 'Age']);
    expect(printer.cells(widget, NOW)).toEqual(['one', '60m']);
  });
});
