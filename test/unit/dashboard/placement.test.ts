import { describe, expect, it } from 'vitest';
import { askFor } from '../../../src/dashboard/panels/ask.js';
import { ageText, amountText } from '../../../src/dashboard/panels/placement.js';

it.each([
  [0, '0s'],
  [119, '119s'],
  [120, '2m'],
  [200, '3m20s'],
  [5400, '90m'],
  [3 * 3600 + 60, '3h1m'],
  [86_400, '24h'],
  [86_400 * 12, '12d'],
])('%i seconds are %s', (seconds, text) => {
  expect(ageText(seconds)).toBe(text);
});

it.each([
  ['cpu', 0.125, '0.13'],
  ['cpu', 4, '4'],
  ['memory', 209_715_200, '200Mi'],
  ['memory', 1.5 * 2 ** 30, '1.5Gi'],
  ['pods', 110, '110'],
])('%s %d is %s', (resource, value, text) => {
  expect(amountText(resource, value)).toBe(text);
});

describe('the same question elsewhere', () => {
  it('names the moment only where there is one', () => {
    const object = { kind: 'Node', namespace: '', name: 'a' };
    expect(askFor({ kind: 'node', node: 'a' }, object, undefined).variables).toEqual({ name: 'a' });
    expect(askFor({ kind: 'node', node: 'a' }, object, '17').variables).toEqual({ name: 'a', at: '17' });
  });

  it('asks kubectl for the pod that a pair comes down to', () => {
    const pair = { kind: 'pair', namespace: 'logging', name: 'agent', node: 'a' } as const;
    const { kubectl } = askFor(pair, { kind: 'Pod', namespace: 'logging', name: 'agent-x' }, undefined);
    expect(kubectl).toContain('kubectl describe pod agent-x -n logging');
    expect(kubectl).toContain('kubectl get pods -n logging -o wide --field-selector spec.nodeName=a');
  });
});
