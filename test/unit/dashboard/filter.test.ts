import { describe, expect, it } from 'vitest';
import { compileFilter, workloadFilter } from '../../../src/dashboard/model/filter.js';
import { arrange, type Group, groupableLabels, isSameArrangement } from '../../../src/dashboard/model/groups.js';
import { Picture } from '../../../src/dashboard/model/picture.js';
import { daemonSet, message, owner, row } from './messages.js';

const ZONE = 'topology.kubernetes.io/zone';

function picture(): Picture {
  const result = new Picture();
  result.apply(
    message({
      whole: true,
      owners: [owner('proxy'), owner('logs'), owner('web', 'Deployment')],
      daemonSets: [daemonSet('proxy'), daemonSet('logs')],
      rows: [
        row('worker-10', '0M1R', { [ZONE]: 'a', pool: 'gpu' }, { taints: [{ text: 'gpu=yes:NoSchedule' }] }),
        row('worker-2', "0R1R'2R", { [ZONE]: 'a', pool: 'general' }),
        row('worker-3', '0R1M', { [ZONE]: 'b', pool: 'general' }, { unschedulable: true }),
        row('spare', '', {}, { ready: false }),
      ],
    }),
  );
  return result;
}

/** The nodes that a filter lets pass. */
const fitting = (text: string) => {
  const all = picture();
  const filter = compileFilter(text, all);
  return [...all.rows.values()].filter(r => !filter || filter(r)).map(r => r.name);
};

describe('the filter line', () => {
  it.each([
    ['', ['worker-10', 'worker-2', 'worker-3', 'spare']],
    ['WORKER', ['worker-10', 'worker-2', 'worker-3']],
    ['zone:a', ['worker-10', 'worker-2']],
    ['pool=general', ['worker-2', 'worker-3']],
    ['label:pool', ['worker-10', 'worker-2', 'worker-3']],
    ['taint:gpu', ['worker-10']],
    ['-taint:gpu zone:a', ['worker-2']],
    ['is:cordoned', ['worker-3']],
    ['is:notready', ['spare']],
    ['is:trouble', ['worker-10', 'worker-3']],
    ['is:outdated', ['worker-2']],
    ['state:missing', ['worker-10', 'worker-3']],
    ['web', ['worker-2']],
    ['ds:proxy', ['worker-10', 'worker-2', 'worker-3']],
    ['-ds:proxy', ['spare']],
    ['ns:kube-system -is:trouble', ['worker-2']],
    ['state:nonsense', []],
    ['is:nonsense', []],
  ])('%j', (text, names) => {
    expect(fitting(text)).toEqual(names);
  });

  it('asks both of one and the same pod', () => {
    expect(fitting('ds:proxy state:missing')).toEqual(['worker-10']);
    expect(fitting('ds:logs state:missing')).toEqual(['worker-3']);
  });
});

describe('groups', () => {
  const outline = (group: Group): unknown =>
    group.groups.length > 0
      ? Object.fromEntries(group.groups.map(g => [g.value ?? '-', outline(g)]))
      : group.rows.map(r => r.name);

  it('are made by labels, layer by layer; who has no such label comes last', () => {
    expect(outline(arrange(picture(), undefined, []))).toEqual(['spare', 'worker-2', 'worker-3', 'worker-10']);
    expect(outline(arrange(picture(), undefined, [ZONE, 'pool']))).toEqual({
      a: { general: ['worker-2'], gpu: ['worker-10'] },
      b: { general: ['worker-3'] },
      '-': ['spare'],
    });
  });

  it('are the same as long as nobody comes, goes or moves', () => {
    const seen = picture();
    const before = arrange(seen, undefined, [ZONE]);
    const stillSame = (parts: Parameters<typeof message>[0]) => {
      seen.apply(message(parts));
      return isSameArrangement(before, arrange(seen, undefined, [ZONE]));
    };
    const labels = { [ZONE]: 'a', pool: 'special' };
    expect(stillSame({ rows: [row('worker-2', '0R', labels, { unschedulable: true })] })).toBe(true);
    expect(stillSame({ rows: [row('worker-2', '0R', { ...labels, [ZONE]: 'b' })] })).toBe(false);
    expect(stillSame({ rows: [row('worker-2', '0R', labels)] })).toBe(true);
    expect(stillSame({ goneNodes: ['spare'] })).toBe(false);
    expect(stillSame({ rows: [row('spare', '')] })).toBe(false);
  });

  it('are offered by labels of few values first', () => {
    expect(groupableLabels(picture())).toEqual(['pool', ZONE]);
  });
});

describe('the filter line, where it is about workloads', () => {
  it.each<[string, ReturnType<typeof workloadFilter>]>([
    ['', { text: null, namespace: null, nodes: '' }],
    ['Web  front', { text: 'web front', namespace: null, nodes: '' }],
    ['ns:shop web zone:a -cron', { text: 'web', namespace: 'shop', nodes: 'zone:a -cron' }],
    ['disk=ssd -ns:shop "a b"', { text: 'a b', namespace: null, nodes: 'disk=ssd -ns:shop' }],
  ])('%j is taken apart', (line, parts) => {
    expect(workloadFilter(line)).toEqual(parts);
  });
});
