import { describe, expect, it } from 'vitest';
import { explain } from '../../../src/placement/check.js';
import { compileDaemonPlacement } from '../../../src/placement/daemon.js';
import { nodeAffinityRule } from '../../../src/placement/node-affinity.js';
import type { PodSpec } from '../../../src/resources/types.js';
import { field, label, node, required, template } from './objects.js';

const place = node({ name: 'n1', labels: { zone: 'a', cores: '8' } });

describe('NODE-02: a term that cannot be read matches nothing, though what it says would hold', () => {
  const unreadable: [string, object][] = [
    ['a key that no label can have', label('two words', 'DoesNotExist')],
    ['a value that no label can have', label('disk', 'NotIn', 'two words')],
    ['In, of nothing', label('zone', 'In')],
    ['NotIn, of nothing', label('disk', 'NotIn')],
    ['Exists, of a value', label('zone', 'Exists', 'a')],
    ['DoesNotExist, of a value', label('disk', 'DoesNotExist', 'ssd')],
    ['Gt, of nothing', label('cores', 'Gt')],
    ['Gt, of two numbers', label('cores', 'Gt', '4', '5')],
    ['Lt, of two numbers', label('cores', 'Lt', '16', '17')],
    ['Lt, of no number', label('cores', 'Lt', 'many')],
    ['an operator that there is not', label('cores', 'Below', '16')],
    ['a name that is not one of none', field('NotIn')],
    ['a name that is not one of two', field('NotIn', 'n2', 'n3')],
    ['a name, with an operator for labels', field('Exists', 'n1')],
  ];
  it.each(unreadable)('%s', (_what, term) => {
    const verdictOn = (...terms: object[]) => compileDaemonPlacement(template(required(...terms))).verdict(place);
    const good = label('zone', 'In', 'a');
    expect(verdictOn(good).shouldRun).toBe(true);
    expect(verdictOn(term).shouldContinue).toBe(false);
    expect(verdictOn(term, good).shouldRun).toBe(true);
    expect(verdictOn({ ...field('In', 'n1'), ...good, ...term }).shouldRun).toBe(false);
  });

  it('one of two expressions is enough', () => {
    const [{ matchExpressions: good }, { matchExpressions: bad }] = [label('zone', 'Exists'), label('disk', 'NotIn')];
    const placement = compileDaemonPlacement(template(required({ matchExpressions: [...good, ...bad] })));
    expect(placement.verdict(place).shouldContinue).toBe(false);
  });
});

it('NODE-02: a field that nodes do not have is not there', () => {
  const byUid = { matchFields: [{ key: 'metadata.uid', operator: 'In', values: ['uid-n1', 'n1'] }] };
  expect(compileDaemonPlacement(template(required(byUid))).verdict(place).shouldContinue).toBe(false);
});

describe('what is said of labels and names', () => {
  const zone = label('zone', 'In', 'a');
  it.each<[Partial<PodSpec>, string]>([
    [{}, 'any node will do'],
    [{ nodeSelector: {} }, 'any node will do'],
    [{ nodeSelector: { zone: 'a' } }, 'node selector and required affinity match the node'],
    [required(zone), 'node selector and required affinity match the node'],
    [
      { nodeSelector: { zone: 'a', cores: '4', disk: 'ssd' } },
      'node selector cores=4 does not match: the node has cores=8; ' +
        'node selector disk=ssd does not match: the node has no such label',
    ],
    [
      { nodeSelector: { zone: 'b' }, ...required(label('cores', 'Lt', '8'), label('zone', 'DoesNotExist')) },
      'node selector zone=b does not match: the node has zone=a; ' +
        'required node affinity does not match: cores Lt (8): the node has cores=8; nor: zone DoesNotExist: the node has zone=a',
    ],
    [
      required({ ...zone, ...field('NotIn', 'n1') }),
      'required node affinity does not match: metadata.name NotIn (n1): the node is n1',
    ],
    [required(), 'the required node affinity has no terms, and so matches no node'],
    [required({}), 'required node affinity does not match: an empty term matches no node'],
    [
      required({ ...label('disk', 'NotIn'), ...field('In', 'n1') }),
      'required node affinity does not match: a term that cannot be read matches no node',
    ],
  ])('%#', (spec, message) => {
    const check = explain(nodeAffinityRule, template(spec).spec, place);
    expect(check.message).toBe(message);
  });
});
