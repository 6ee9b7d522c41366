import { describe, expect, it } from 'vitest';
import { isOutdated, ownerOf, STATES, stateOf } from '../../../src/dashboard/model/cells.js';
import { Picture } from '../../../src/dashboard/model/picture.js';
import { daemonSet, message, owner, row } from './messages.js';

/** The cells of a node in words. */
const cellsOf = (picture: Picture, node: string) =>
  [...picture.rows.get(node)!.cells].map(
    cell =>
      `${picture.owners[ownerOf(cell)]!.name} ${STATES[stateOf(cell)]!.name}${isOutdated(cell) ? ' outdated' : ''}`,
  );
const tally = (picture: Picture, name: string) => {
  const counts = picture.tallyOf(picture.columns.find(c => c.name === name)!);
  if (!counts) return undefined;
  const states = Object.fromEntries(STATES.map(({ name: state }, i) => [state, counts.states[i]]).filter(([, n]) => n));
  return { ...states, total: counts.total, outdated: counts.outdated };
};

describe('the picture of a cluster', () => {
  it('reads what cells say of each pod', () => {
    const picture = new Picture();
    picture.apply(
      message({
        whole: true,
        owners: [owner('proxy'), owner('logs'), owner('web', 'Deployment')],
        daemonSets: [daemonSet('proxy'), daemonSet('logs')],
        rows: [row('a', "0R1R'2U"), row('b', '0M1P2F'), row('c', '')],
      }),
    );
    expect(cellsOf(picture, 'a')).toEqual(['proxy ready', 'logs ready outdated', 'web unready']);
    expect(cellsOf(picture, 'b')).toEqual(['proxy missing', 'logs pending', 'web failed']);
    expect(cellsOf(picture, 'c')).toEqual([]);
    // Failed pods of other workloads are not what the map shouts about.
    expect([...picture.rows.values()].map(r => r.troubles)).toEqual([0, 1, 0]);
    expect(picture.mostOthers).toBe(1);
  });

  it('knows owners by name, in whatever order a message numbers them', () => {
    const picture = new Picture();
    picture.apply(message({ whole: true, owners: [owner('x'), owner('y')], rows: [row('a', '0R1M')] }));
    picture.apply(
      message({ owners: [owner('z'), owner('y'), owner('x')], rows: [{ ...row('a', '2T1R0P'), node: null }] }),
    );
    expect(cellsOf(picture, 'a')).toEqual(['x terminating', 'y ready', 'z pending']);
  });

  it('keeps its counts right while nodes change, go and come', () => {
    const picture = new Picture();
    const owners = [owner('x')];
    const daemonSets = [daemonSet('x')];
    picture.apply(
      message({ whole: true, owners, daemonSets, rows: [row('a', "0R'"), row('b', '0M'), row('c', '0R')] }),
    );
    expect(tally(picture, 'x')).toEqual({ ready: 2, missing: 1, total: 3, outdated: 1 });
    picture.apply(message({ owners, rows: [{ ...row('a', '0R'), node: null }, row('d', '0R0T')], goneNodes: ['b'] }));
    expect(tally(picture, 'x')).toEqual({ ready: 3, terminating: 1, total: 4, outdated: 0 });
    picture.apply(message({ whole: true, owners, daemonSets, rows: [row('a', '')] }));
    expect(tally(picture, 'x')).toBeUndefined();
  });

  it('keeps what it knows of a node that only has other pods', () => {
    const picture = new Picture();
    picture.apply(message({ whole: true, rows: [row('a', '', { zone: 'z1' }, { unschedulable: true })] }));
    const { arrangement } = picture;
    picture.apply(message({ owners: [owner('x')], rows: [{ ...row('a', '0R'), node: null }] }));
    expect(picture.rows.get('a')!.facts).toMatchObject({ unschedulable: true, metadata: { labelMap: { zone: 'z1' } } });
    expect(picture.arrangement).toBe(arrangement);
    expect(picture.rows.get('a')!.changed).toBe(picture.changes);
  });

  it('puts together what is told in several messages', () => {
    const picture = new Picture();
    picture.apply(message({ whole: true, rows: [row('old', '')] }));
    picture.apply(message({ whole: true, more: true, rows: [row('a', '')] }));
    picture.apply(message({ rows: [row('b', '')] }));
    expect([...picture.rows.keys()]).toEqual(['a', 'b']);
  });

  it('has the pods that are bound to no node in a row of their own, while there are any', () => {
    const picture = new Picture();
    picture.apply(message({ whole: true, owners: [owner('x')], rows: [row('', '0P')] }));
    expect(cellsOf(picture, '')).toEqual(['x pending']);
    const { arrangement } = picture;
    picture.apply(message({ rows: [row('', '')] }));
    expect(picture.rows.has('')).toBe(false);
    // It has no place on the map, so that nothing is to be arranged anew.
    expect(picture.arrangement).toBe(arrangement);
  });
});
