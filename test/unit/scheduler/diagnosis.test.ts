import { describe, expect, it } from 'vitest';
import { Diagnosis, preemptionFailure, TRIED } from '../../../src/controllers/scheduler/diagnosis.js';

const obstacle = (...reasons: string[]) => ({ check: 'NodeResourcesFit', reasons, preemptable: false }) as const;

describe('why a pod found no node', () => {
  it('SCH-05, T50: counts all nodes, and sorts the parts as texts', () => {
    const diagnosis = new Diagnosis(15);
    for (let i = 0; i < 10; i++) diagnosis.add(`n${i}`, obstacle('x'));
    for (let i = 10; i < 12; i++) diagnosis.add(`n${i}`, obstacle('y'));
    for (let i = 12; i < 15; i++) diagnosis.add(`n${i}`, obstacle('Insufficient cpu', 'Insufficient memory'));
    expect(diagnosis.message('')).toBe(
      '0/15 nodes are available: 10 x, 2 y, 3 Insufficient cpu, 3 Insufficient memory.',
    );
  });

  it('SCH-05: what speaks against all nodes stands in the place of the counts', () => {
    const diagnosis = new Diagnosis(3);
    diagnosis.impossible('pod affinity terms conflict', 'NodeAffinity');
    expect(diagnosis.message(TRIED.nothing)).toBe('0/3 nodes are available: pod affinity terms conflict. not found');
  });

  it('SCH-04: nodes that a rule left out are counted by the name of the rule', () => {
    const diagnosis = new Diagnosis(5);
    diagnosis.add('n1', obstacle('Too many pods'));
    diagnosis.leftOut(4, 'NodeAffinity');
    expect(diagnosis.message('')).toBe(
      "0/5 nodes are available: 1 Too many pods, 4 node(s) didn't satisfy plugin(s) [NodeAffinity].",
    );
  });

  it('SCH-06: claims to devices are thought of before preemption', () => {
    const diagnosis = new Diagnosis(1);
    diagnosis.add('n1', obstacle('Insufficient cpu'));
    expect(diagnosis.message(TRIED.preemption('nothing helps.'))).toBe(
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: nothing helps.',
    );
  });

  it.each<[string[], number, string]>([
    [
      ['No preemption victims found for incoming pod'],
      1,
      '0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.',
    ],
    [
      ['Insufficient cpu', 'Insufficient cpu', 'Too many pods'],
      3,
      '0/3 nodes are available: 1 Too many pods, 2 Insufficient cpu.',
    ],
    [[], 0, '0/3 nodes are available: 3 Preemption is not helpful for scheduling.'],
  ])('SCH-06: preemption tells of every node: %j, %d of 3', (reasons, helpful, message) => {
    expect(preemptionFailure(3, reasons, helpful)).toBe(message);
  });
});
