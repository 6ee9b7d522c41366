import { describe, expect, it } from 'vitest';
import { maxSurge, maxUnavailable } from '../../../../src/controllers/deployment/budget.js';
import { deployment } from './builders.js';

describe('what a rollout may add and miss', () => {
  it.each([
    { replicas: 10, surge: 0, unavailable: 5, adds: 0, misses: 5 },
    { replicas: 5, surge: 0, unavailable: 10, adds: 0, misses: 5 },
    { replicas: 0, surge: 0, unavailable: 10, adds: 0, misses: 0 },
    { replicas: 10, surge: '0%', unavailable: '50%', adds: 0, misses: 5 },
    { replicas: 10, surge: '0%', unavailable: '100%', adds: 0, misses: 10 },
    { replicas: 5, surge: '25%', unavailable: '25%', adds: 2, misses: 1 },
    { replicas: 1, surge: '25%', unavailable: '25%', adds: 1, misses: 0 },
    { replicas: 2, surge: '0%', unavailable: '1%', adds: 0, misses: 1 },
    { replicas: 2, surge: '1%', unavailable: '25%', adds: 1, misses: 0 },
  ])('$replicas replicas, surge $surge, unavailable $unavailable: $adds and $misses', facts => {
    const { replicas, surge, unavailable, adds, misses } = facts;
    const rolling = deployment(replicas, { surge, unavailable });
    expect([maxSurge(rolling), maxUnavailable(rolling)]).toEqual([adds, misses]);
  });

  it('is nothing where pods are recreated', () => {
    const recreate = deployment(10, { strategy: { type: 'Recreate' } });
    expect([maxSurge(recreate), maxUnavailable(recreate)]).toEqual([0, 0]);
  });
});
