import { describe, expect, it } from 'vitest';
import {
  currentReplicas,
  dispensable,
  dropAvailable,
  dropUnhealthy,
  type Scaling,
} from '../../../../src/controllers/deployment/rolling-update.js';
import { deployment, set } from './builders.js';

const sizes = (scalings: Scaling[]) => Object.fromEntries(scalings.map(s => [s.set.metadata.name, s.replicas]));

describe('currentReplicas', () => {
  it.each([
    { replicas: 10, surge: 0, old: 10, now: 0, becomes: 0 },
    { replicas: 10, surge: 2, old: 10, now: 0, becomes: 2 },
    { replicas: 10, surge: 2, old: 5, now: 0, becomes: 7 },
    { replicas: 10, surge: 2, old: 10, now: 2, becomes: 2 },
    { replicas: 10, surge: 2, old: 2, now: 11, becomes: 10 },
    { replicas: 10, surge: '25%', old: 10, now: 0, becomes: 3 },
    { replicas: 10, surge: 2, old: 0, now: 3, becomes: 10 },
  ])('TestDeploymentController_reconcileNewReplicaSet: of $replicas + $surge, beside $old: $now → $becomes', facts => {
    const { replicas, surge, old, now, becomes } = facts;
    const sets = [set('old', old), set('new', now)];
    expect(currentReplicas(deployment(replicas, { surge }), sets, now)).toBe(becomes);
  });

  it('TestNewRSNewReplicas: all at once where pods are recreated', () => {
    expect(currentReplicas(deployment(10, { strategy: { type: 'Recreate' } }), [set('old', 10)], 0)).toBe(10);
  });
});

/** Both steps on the way down, one after the other. */
function scaleDown(replicas: number, unavailable: number, sets: { old: [number, number]; now: [number, number] }) {
  const [oldSize, oldAvailable] = sets.old;
  const rolling = deployment(replicas, { unavailable });
  const current = set('new', sets.now[0], { available: sets.now[1] });
  let old = [set('old', oldSize, { available: oldAvailable })];
  const most = dispensable(rolling, { current, old });
  if (most <= 0) return oldSize;
  for (const step of [() => dropUnhealthy(old, most), () => dropAvailable(rolling, { current, old })]) {
    for (const { replicas } of step()) old = [set('old', replicas, { available: Math.min(oldAvailable, replicas) })];
  }
  return old[0]!.spec.replicas;
}

describe('on the way down', () => {
  it.each<{ why: string; unavailable: number; old: [number, number]; now: [number, number]; becomes: number }>([
    { why: 'none may be added or missing: one may', unavailable: 0, old: [10, 10], now: [0, 0], becomes: 9 },
    { why: 'two may be missing', unavailable: 2, old: [10, 10], now: [0, 0], becomes: 8 },
    { why: 'what is unhealthy goes', unavailable: 2, old: [10, 8], now: [0, 0], becomes: 8 },
    { why: 'what is unhealthy goes, and one more', unavailable: 2, old: [10, 9], now: [0, 0], becomes: 8 },
    { why: 'new ones that are not available hold it up', unavailable: 2, old: [8, 8], now: [2, 0], becomes: 8 },
    { why: 'new ones that are available let old ones go', unavailable: 2, old: [8, 8], now: [2, 2], becomes: 6 },
    {
      why: 'a set that has not followed its last change is waited for',
      unavailable: 2,
      old: [8, 10],
      now: [0, 0],
      becomes: 8,
    },
  ])('TestDeploymentController_reconcileOldReplicaSets: $why', ({ unavailable, old, now, becomes }) => {
    expect(scaleDown(10, unavailable, { old, now })).toBe(becomes);
  });

  it.each([
    { most: 1, available: 8, becomes: { old: 9 } },
    { most: 3, available: 8, becomes: { old: 8 } },
    { most: 0, available: 8, becomes: {} },
    { most: 3, available: 10, becomes: {} },
  ])('TestDeploymentController_cleanupUnhealthyReplicas: $most at most, $available of 10 available', facts => {
    expect(sizes(dropUnhealthy([set('old', 10, { available: facts.available })], facts.most))).toEqual(facts.becomes);
  });

  it.each([
    { unavailable: 0, available: 10, size: 10, becomes: {} },
    { unavailable: 2, available: 10, size: 10, becomes: { old: 8 } },
    { unavailable: 2, available: 8, size: 10, becomes: {} },
    { unavailable: 2, available: 10, size: 0, becomes: {} },
    { unavailable: 2, available: 1, size: 10, becomes: {} },
  ])(
    'TestDeploymentController_scaleDownOldReplicaSetsForRollingUpdate: $available of $size, $unavailable missing',
    f => {
      const rolling = deployment(10, { surge: 1, unavailable: f.unavailable });
      expect(sizes(dropAvailable(rolling, { old: [set('old', f.size, { available: f.available })] }))).toEqual(
        f.becomes,
      );
    },
  );

  it('the oldest goes first', () => {
    const old = [set('older', 4, { available: 1 }), set('old', 4, { available: 1 })];
    expect(sizes(dropUnhealthy(old, 4))).toEqual({ older: 1, old: 3 });
    expect(sizes(dropAvailable(deployment(1, { unavailable: 1 }), { old }))).toEqual({ older: 2 });
  });
});
