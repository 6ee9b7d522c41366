import { describe, expect, it } from 'vitest';
import { withDisruptionTarget } from '../../../src/resources/pod-disruption.js';
import { conditionOf, hasEnded, holds, isReady, isSidecar, withCondition } from '../../../src/resources/state.js';
import type { Condition, Pod } from '../../../src/resources/types.js';

const condition = (type: string, status: Condition['status'], more: Partial<Condition> = {}): Condition => ({
  type,
  status,
  ...more,
});

describe('conditions', () => {
  const object = { status: { conditions: [condition('Ready', 'True'), condition('DiskPressure', 'Unknown')] } };

  it('are found by type, and hold only when they are True', () => {
    expect(conditionOf(object, 'DiskPressure')?.status).toBe('Unknown');
    expect([holds(object, 'Ready'), holds(object, 'DiskPressure'), holds(object, 'None')]).toEqual([
      true,
      false,
      false,
    ]);
    expect([isReady(object), isReady({}), isReady({ status: {} })]).toEqual([true, false, false]);
  });

  it('keep their places when one is changed; new ones come last', () => {
    const before = object.status.conditions;
    const changed = withCondition(before, condition('Ready', 'False'));
    expect(changed.map(c => `${c.type}=${c.status}`)).toEqual(['Ready=False', 'DiskPressure=Unknown']);
    expect(withCondition(changed, condition('New', 'True')).map(c => c.type)).toEqual(['Ready', 'DiskPressure', 'New']);
    expect(withCondition(undefined, condition('New', 'True'))).toHaveLength(1);
    expect(before[0]!.status).toBe('True');
  });
});

describe('pods', () => {
  const pod = (status: Pod['status']): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', uid: 'u', resourceVersion: '1', creationTimestamp: '', generation: 2 },
    spec: { containers: [] },
    status,
  });

  it('have ended in two phases', () => {
    const phases = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'] as const;
    expect(phases.filter(phase => hasEnded(pod({ phase })))).toEqual(['Succeeded', 'Failed']);
    expect(hasEnded(pod({}))).toBe(false);
  });

  it('have sidecars among their init containers', () => {
    expect([isSidecar({ name: 'a', restartPolicy: 'Always' }), isSidecar({ name: 'a' })]).toEqual([true, false]);
  });

  it('are marked once as the target of a disruption', () => {
    const marked = withDisruptionTarget(pod({}), 'Why', 'because', Date.UTC(2025, 0, 1));
    expect(marked.status.conditions).toEqual([
      {
        type: 'DisruptionTarget',
        observedGeneration: 2,
        status: 'True',
        lastProbeTime: null,
        lastTransitionTime: '2025-01-01T00:00:00Z',
        reason: 'Why',
        message: 'because',
      },
    ]);
    expect(withDisruptionTarget(marked, 'Why', 'because', Date.UTC(2026, 0, 1))).toBe(marked);
    const again = withDisruptionTarget(marked, 'Other', 'because', Date.UTC(2026, 0, 1));
    expect(conditionOf(again, 'DisruptionTarget')).toMatchObject({
      reason: 'Other',
      lastTransitionTime: '2025-01-01T00:00:00Z',
    });
  });
});
