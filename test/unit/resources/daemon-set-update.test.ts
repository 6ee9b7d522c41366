import { describe, expect, it } from 'vitest';
import { controllerRevisions, daemonSets } from '../../../src/resources/index.js';
import type { DaemonSet } from '../../../src/resources/types.js';
import {
  type Change,
  created,
  createErrors,
  daemonSet,
  object,
  ofMetadata,
  ofPods,
  ofSpec,
  statusUpdated,
  updated,
  updateErrors,
} from './objects.js';

const NEGATIVE = 'must be greater than or equal to 0';

describe('TestValidateDaemonSetUpdate', () => {
  const setImage: Change = set => {
    set.spec.template.spec.containers[0]!.image = 'a:2';
  };
  const readOnly = { name: 'd', gcePersistentDisk: { pdName: 'p', readOnly: true } };
  const writable = { name: 'd', gcePersistentDisk: { pdName: 'p' } };

  it.each<[string, Change]>([
    ['nothing', () => {}],
    ['the image', setImage],
    [
      'labels of the template that the selector does not ask for',
      set => {
        set.spec.template.metadata!.labels!.tier = 'node';
      },
    ],
    ['the strategy', ofSpec({ updateStrategy: { type: 'OnDelete' } })],
    ['what is so by default', ofPods({ dnsPolicy: 'ClusterFirst', restartPolicy: 'Always' })],
    ['a disk that is only read', ofPods({ volumes: [readOnly] })],
  ])('accepts another %s', (_, change) => {
    expect(updateErrors(daemonSets, daemonSet(), change)).toEqual([]);
  });

  it.each<[string, Change, RegExp]>([
    [
      'VAL-31, storage_test: another name',
      ofMetadata({ name: 'other' }),
      /^metadata\.name: Invalid value: "other": field is immutable$/,
    ],
    [
      'VAL-31: another namespace',
      ofMetadata({ namespace: 'other' }),
      /^metadata\.namespace: Invalid value: "other": field is immutable$/,
    ],
    [
      'VAL-31: another uid',
      ofMetadata({ uid: 'other' }),
      /^metadata\.uid: Invalid value: "other": field is immutable$/,
    ],
    [
      'VAL-31: another age',
      ofMetadata({ creationTimestamp: '2020-01-01T00:00:00Z' }),
      /^metadata\.creationTimestamp: Invalid value: "2020-01-01T00:00:00Z": field is immutable$/,
    ],
    [
      'VAL-43: a pod without containers',
      ofPods({ containers: [] }),
      /^spec\.template\.spec\.containers: Required value$/,
    ],
    [
      'VAL-44: a disk that many write to',
      ofPods({ volumes: [writable] }),
      /gcePersistentDisk\.readOnly: Invalid value: false: must be true for replicated pods > 1/,
    ],
    [
      'VAL-60: a bad strategy',
      ofSpec({ updateStrategy: { type: 'Recreate' } }),
      /^spec\.updateStrategy: Unsupported value/,
    ],
    [
      'VAL-40, storage_test: OnFailure',
      ofPods({ restartPolicy: 'OnFailure' }),
      /^spec\.template\.spec\.restartPolicy: Unsupported value: "OnFailure"/,
    ],
  ])('rejects %s, once (VAL-03)', (_, change, message) => {
    expect(updateErrors(daemonSets, daemonSet(), change)).toEqual([expect.stringMatching(message)]);
  });

  it('VAL-44: leaves a disk alone that was there before', () => {
    const set = daemonSet();
    ofPods({ volumes: [writable] })(set);
    expect(updateErrors(daemonSets, set, setImage)).toEqual([]);
  });

  it('TestSelectorImmutability, VAL-30: another selector, with the labels to match', () => {
    const errors = updateErrors(daemonSets, daemonSet(), set => {
      set.spec.selector = { matchLabels: { app: 'other' } };
      set.spec.template.metadata = { labels: { app: 'other' } };
    });
    expect(errors).toEqual(['spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable']);
  });

  it('VAL-95, T47: another selector alone is wrong twice, and that it stays is said last', () => {
    const errors = updateErrors(daemonSets, daemonSet(), set => {
      set.spec.selector = { matchLabels: { app: 'other' } };
      set.spec.minReadySeconds = -1;
    });
    expect(errors).toEqual([
      'spec.template.metadata.labels: Invalid value: {"app":"agent"}: `selector` does not match template `labels`',
      `spec.minReadySeconds: Invalid value: -1: ${NEGATIVE}`,
      'spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
    ]);
  });

  it('VAL-97, TestValidateToleratingBadLabels: a value in the selector that was never right stays as it is', () => {
    const selector = (value: string) => ({
      matchLabels: { app: 'agent' },
      matchExpressions: [{ key: 'tier', operator: 'NotIn', values: [value] }],
    });
    const set = daemonSet({ selector: selector('no label') });
    expect(createErrors(daemonSets, set)).toEqual([
      expect.stringMatching(
        /^spec\.selector\.matchExpressions\[0\]\.values\[0\]: Invalid value: "no label": a valid label/,
      ),
    ]);
    expect(updateErrors(daemonSets, set, () => {})).toEqual([]);
    expect(updateErrors(daemonSets, set, setImage)).toEqual([]);
    // What was right must stay right.
    expect(
      updateErrors(daemonSets, daemonSet({ selector: selector('fine') }), ofSpec({ selector: selector('no label') })),
    ).toHaveLength(2);
  });

  it.each<[string, string | undefined, Change]>([
    ['below zero', '-1', setImage],
    ['lower', '1', setImage],
    ['not moved', '5', setImage],
    ['moved without a new template', '6', () => {}],
    ['taken away', undefined, setImage],
  ])('VAL-98: a template generation that is %s is nothing that clients could send', (_, generation, change) => {
    const key = 'deprecated.daemonset.template.generation';
    const old = daemonSet();
    old.metadata.annotations = { [key]: '5' };
    const sent: Change = set => {
      change(set);
      if (generation === undefined) delete set.metadata.annotations;
      else set.metadata.annotations = { [key]: generation };
    };
    expect(updateErrors(daemonSets, old, sent)).toEqual([]);
    expect(updated(daemonSets, created(daemonSets, old), sent).metadata.annotations).toEqual({ [key]: '5' });
  });
});

describe('TestValidateDaemonSetStatusUpdate', () => {
  const errors = (before: Partial<DaemonSet['status']>, change: Partial<DaemonSet['status']>) => {
    const old = created(daemonSets, daemonSet());
    Object.assign(old.status, before);
    const after = statusUpdated(daemonSets, old, set => {
      Object.assign(set.status, change);
    });
    return daemonSets.strategy.validateStatusUpdate!(after, old).map(e => e.message);
  };

  it.each([
    'currentNumberScheduled',
    'numberMisscheduled',
    'desiredNumberScheduled',
    'numberReady',
    'observedGeneration',
    'updatedNumberScheduled',
    'numberAvailable',
    'numberUnavailable',
    'collisionCount',
  ])('VAL-80: %s counts from zero', counter => {
    expect(errors({}, { [counter]: 3 })).toEqual([]);
    expect(errors({}, { [counter]: -1 })).toEqual([`status.${counter}: Invalid value: -1: ${NEGATIVE}`]);
  });

  it.each([
    [2, []],
    [3, []],
    [1, ['status.collisionCount: Invalid value: 1: cannot be decremented']],
    [undefined, ['status.collisionCount: Invalid value: 0: cannot be decremented']],
  ])('VAL-81: collisions, of which there were two, become %s', (collisionCount, problems) => {
    expect(errors({ collisionCount: 2 }, { collisionCount } as Partial<DaemonSet['status']>)).toEqual(problems);
  });
});

describe('ControllerRevisions', () => {
  const revision = (fields: object) => object(controllerRevisions, { revision: 1, data: { a: 1 }, ...fields });

  it('VAL-90: have data', () => {
    const missing = ['data: Required value: data is mandatory'];
    expect(createErrors(controllerRevisions, revision({ data: undefined }))).toEqual(missing);
    expect(createErrors(controllerRevisions, revision({ data: null }))).toEqual(missing);
  });

  it('VAL-91: are numbered from zero', () => {
    expect(createErrors(controllerRevisions, revision({ revision: 0 }))).toEqual([]);
    expect(createErrors(controllerRevisions, revision({ revision: -1 }))).toEqual([
      `revision: Invalid value: -1: ${NEGATIVE}`,
    ]);
  });

  it('VAL-92: keep their data, and nothing else', () => {
    expect(
      updateErrors(controllerRevisions, revision({}), r => {
        r.revision = 2;
        Object.assign(r.metadata, { labels: { a: 'b' }, annotations: { c: 'd' } });
      }),
    ).toEqual([]);
    expect(
      updateErrors(controllerRevisions, revision({}), r => {
        r.data = { a: 2 };
      }),
    ).toEqual(['data: Invalid value: {"a":2}: field is immutable']);
  });
});
