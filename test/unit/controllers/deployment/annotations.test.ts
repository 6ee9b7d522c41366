import { describe, expect, it } from 'vitest';
import {
  byRevision,
  currentAnnotations,
  desiredReplicas,
  nextRevision,
  withReplicas,
} from '../../../../src/controllers/deployment/annotations.js';
import { deployment, set } from './builders.js';

const REVISION = 'deployment.kubernetes.io/revision';
const HISTORY = 'deployment.kubernetes.io/revision-history';

describe('currentAnnotations', () => {
  const bare = deployment(1);
  it.each([
    { name: 'a new set', before: {}, revision: 1, after: { [REVISION]: '1' } },
    {
      name: 'a revision that grows',
      before: { [REVISION]: '1' },
      revision: 3,
      after: { [REVISION]: '3', [HISTORY]: '1' },
    },
    {
      name: 'a history that grows',
      before: { [REVISION]: '3', [HISTORY]: '1' },
      revision: 5,
      after: { [REVISION]: '5', [HISTORY]: '1,3' },
    },
    { name: 'a revision never shrinks', before: { [REVISION]: '7' }, revision: 2, after: { [REVISION]: '7' } },
    { name: 'a revision that is none', before: { [REVISION]: 'x' }, revision: 2, after: { [REVISION]: 'x' } },
  ])('TestSetNewReplicaSetAnnotations: $name', ({ before, revision, after }) => {
    expect(currentAnnotations(before as Record<string, string>, bare, BigInt(revision))).toEqual(after);
  });

  it('hands on what the Deployment is annotated with, but for what is its own', () => {
    const annotations = {
      'kubernetes.io/change-cause': 'me',
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
      [REVISION]: '9',
    };
    expect(currentAnnotations({ kept: 'yes' }, deployment(1, { annotations }), 2n)).toEqual({
      kept: 'yes',
      'kubernetes.io/change-cause': 'me',
      [REVISION]: '2',
    });
  });

  it('TestAnnotationUtils: a history stays below 2000 characters', () => {
    let annotations: Record<string, string> = {};
    for (let revision = 1n; revision <= 1000n; revision++)
      annotations = currentAnnotations(annotations, bare, revision);
    const history = annotations[HISTORY]!;
    expect(history.length).toBeLessThanOrEqual(2000);
    expect(history).toMatch(/,998,999$/);
    expect(history).not.toMatch(/^1,2,/);
  });
});

it('TestMaxRevision: revisions count on from the highest that can be read', () => {
  const revisions = ['4', '10', 'x'].map((text, i) => set(`set-${i}`, 0, { annotations: { [REVISION]: text } }));
  expect(nextRevision([...revisions, set('bare', 0)])).toBe(11n);
  expect(nextRevision([])).toBe(1n);
  const large = set('large', 0, { annotations: { [REVISION]: '3546343826724305832' } });
  expect(nextRevision([large])).toBe(3546343826724305833n);
});

it('sets are in the order of their revisions, or else of their age', () => {
  const of = (name: string, age: number, text?: string) =>
    set(name, 0, { age, annotations: text === undefined ? {} : { [REVISION]: text } });
  const names = [of('b', 1, '10'), of('a', 9, '9'), of('none', 5)].sort(byRevision).map(s => s.metadata.name);
  expect(names).toEqual(['none', 'a', 'b']);
  expect(byRevision(of('young', 1, 'x'), of('old', 2, '7'))).toBeGreaterThan(0);
});

it('TestReplicasAnnotationsNeedUpdate: what a set is told of the scale', () => {
  const annotations = withReplicas({ a: '1' }, deployment(10, { surge: '25%' }));
  expect(annotations).toEqual({
    a: '1',
    'deployment.kubernetes.io/desired-replicas': '10',
    'deployment.kubernetes.io/max-replicas': '13',
  });
  expect(desiredReplicas(set('told', 1, { annotations }))).toBe(10);
  expect(desiredReplicas(set('untold', 1))).toBeUndefined();
});
