import { isOutdated, ownerOf, STATES, stateOf } from './cells.js';
import type { Picture, Row } from './picture.js';
import { ZONE_LABEL } from './place-url.js';

/**
 * What the filter line says: words that all must hold of a node. `zone:a`, `label:key=value` (or `key=value` alone),
 * `taint:gpu`, `state:missing`, `ds:name`, `ns:name`, `is:cordoned|notready|trouble|outdated`; `ds:x state:y` hold of one and the same pod.
 * A word with `-` before it must not hold. Any other word is looked for in the node's name and in the names of what runs there.
 */
export type Filter = (row: Row) => boolean;

type CellTest = (cell: number) => boolean;

/** Compiles the filter line for a picture; undefined if it lets all pass. */
export function compileFilter(text: string, picture: Picture): Filter | undefined {
  const words = wordsOf(text);
  const tests: Filter[] = [];
  const cellTests: CellTest[] = [];
  for (const word of words) {
    const negative = word.length > 1 && word.startsWith('-');
    const { row, cell } = compileWord((negative ? word.slice(1) : word).replaceAll('"', ''), picture);
    if (cell && !negative) cellTests.push(cell);
    else if (cell) tests.push(({ cells }) => !cells.some(cell));
    else if (row) tests.push(negative ? r => !row(r) : row);
  }
  if (cellTests.length > 0) tests.push(({ cells }) => cells.some(cell => cellTests.every(test => test(cell))));
  if (tests.length === 0) return undefined;
  return row => tests.every(test => test(row));
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/-?(?:[^\s"]+|"[^"]*")+/g) ?? [];

/** What the filter line says of workloads, which the server is asked for by name, and what it says of the nodes of their pods. */
export interface WorkloadFilter {
  readonly text: string | null;
  readonly namespace: string | null;
  /** A filter line again. */
  readonly nodes: string;
}

/** Takes a filter line apart for a list of workloads: plain words and a namespace are theirs, all else is about nodes. */
export function workloadFilter(filter: string): WorkloadFilter {
  const texts: string[] = [];
  const nodes: string[] = [];
  let namespace: string | null = null;
  for (const word of wordsOf(filter)) {
    if (word.startsWith('ns:') && namespace === null) namespace = word.slice(3).replaceAll('"', '');
    else if (/^[^-]/.test(word) && !/[:=]/.test(word)) texts.push(word.replaceAll('"', ''));
    else nodes.push(word);
  }
  return { text: texts.join(' ') || null, namespace, nodes: nodes.join(' ') };
}

function compileWord(word: string, picture: Picture): { row?: Filter; cell?: CellTest } {
  const colon = word.indexOf(':');
  const value = word.slice(colon + 1);
  switch (colon < 0 ? '' : word.slice(0, colon)) {
    case 'zone':
      return { row: ({ facts }) => facts.metadata.labelMap[ZONE_LABEL]?.toLowerCase() === value };
    case 'label':
      return { row: hasLabel(value) };
    case 'taint':
      return { row: ({ facts }) => facts.taints.some(({ text }) => text.toLowerCase().includes(value)) };
    case 'node':
      return { row: ({ name }) => name.toLowerCase().includes(value) };
    case 'state': {
      const code = STATES.findIndex(({ name }) => name === value);
      return { cell: cell => stateOf(cell) === code };
    }
    case 'ds':
      return { cell: cell => isOf(picture, cell, o => o.daemon && (o.name === value || o.key === value)) };
    case 'ns':
      return { cell: cell => isOf(picture, cell, o => o.namespace === value) };
    case 'is':
      return compileIs(value);
    default:
      if (word.includes('=')) return { row: hasLabel(word) };
      return {
        row: row =>
          row.name.toLowerCase().includes(word) ||
          row.cells.some(cell => isOf(picture, cell, o => o.name.toLowerCase().includes(word))),
      };
  }
}

function compileIs(value: string): { row?: Filter; cell?: CellTest } {
  switch (value) {
    case 'cordoned':
      return { row: ({ facts }) => facts.unschedulable };
    case 'notready':
      return { row: ({ facts }) => !facts.ready };
    case 'outdated':
      return { cell: isOutdated };
    case 'trouble':
      return { row: ({ troubles }) => troubles > 0 };
    default:
      return { row: () => false };
  }
}

function hasLabel(text: string): Filter {
  const equals = text.indexOf('=');
  const key = equals < 0 ? text : text.slice(0, equals);
  const value = equals < 0 ? undefined : text.slice(equals + 1);
  return ({ facts }) =>
    Object.entries(facts.metadata.labelMap).some(
      ([k, v]) => k.toLowerCase() === key && (value === undefined || v.toLowerCase() === value),
    );
}

const isOf = (picture: Picture, cell: number, test: (owner: Picture['owners'][number]) => boolean) =>
  test(picture.owners[ownerOf(cell)]!);
