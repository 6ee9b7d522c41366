import { describe, expect, it } from 'vitest';
import { layoutMatrix, linesBetween, moved, scrolledTo, spotAt } from '../../../src/dashboard/matrix/layout.js';
import { Marks } from '../../../src/dashboard/matrix/marks.js';
import { STATE } from '../../../src/dashboard/model/cells.js';
import { arrange } from '../../../src/dashboard/model/groups.js';
import { Picture } from '../../../src/dashboard/model/picture.js';
import { daemonSet, message, owner, row } from './messages.js';

const NAMES = ['dns', 'logs', 'proxy'];
const OWNERS = NAMES.map(name => owner(name));

/** Nodes n0 … in zones z0, z1, z2 by turns; `cells` of each. */
function matrix(nodes: number, { cells = '0R1R2R', folded = [] as string[], width = 1200, longestHead = 60 } = {}) {
  const picture = new Picture();
  const rows = Array.from({ length: nodes }, (_, i) => row(`n${i}`, cells, { zone: `z${i % 3}` }));
  picture.apply(message({ whole: true, owners: OWNERS, daemonSets: NAMES.map(daemonSet), rows }));
  const root = arrange(picture, undefined, ['zone']);
  const shape = { root, columns: picture.columns, width, longestName: 60, longestHead };
  return { picture, layout: layoutMatrix({ ...shape, folded: new Set(folded) }) };
}

describe('the layout of the matrix', () => {
  it('has a line for each node and each group, one under the other, as the map has them', () => {
    const { layout } = matrix(7);
    expect(layout.lines.map(line => line.key)).toEqual([
      'group z0',
      'n0',
      'n3',
      'n6',
      'group z1',
      'n1',
      'n4',
      'group z2',
      'n2',
      'n5',
    ]);
    let y = layout.lines[0]!.y;
    for (const line of layout.lines) {
      expect(line.y).toBe(y);
      y += line.height;
    }
    expect(layout.height).toBeGreaterThan(y);
  });

  it('leaves out the nodes of folded groups', () => {
    expect(matrix(7, { folded: ['z0', 'z2'] }).layout.lines.map(line => line.key)).toEqual([
      'group z0',
      'group z1',
      'n1',
      'n4',
      'group z2',
    ]);
  });

  it('slants names where there is no room for them side by side', () => {
    expect(matrix(3).layout.slanted).toBe(false);
    const narrow = matrix(3, { width: 420, longestHead: 130 }).layout;
    expect(narrow.slanted).toBe(true);
    expect(narrow.columnWidth).toBeLessThan(matrix(3).layout.columnWidth);
  });

  it.each([0, 700, 40_000])('finds the lines that are seen at %i', top => {
    const { layout } = matrix(5000);
    const { from, to } = linesBetween(layout, top, top + 500);
    const seen = layout.lines.filter(line => line.y + line.height > top && line.y < top + 500);
    expect(layout.lines.slice(from, to)).toEqual(seen);
  });

  it('knows what is at a point, however far it is scrolled', () => {
    const { layout } = matrix(5000, { width: 420, longestHead: 130 });
    const line = layout.lines[900]!;
    const scrolled = { left: 20, top: line.y - 300 };
    const x = layout.nameWidth + 1.5 * layout.columnWidth - scrolled.left;
    expect(spotAt(layout, { x, y: 305 }, scrolled)).toEqual({ line: 900, column: 1 });
    // The names and the head stay where they are.
    expect(spotAt(layout, { x: 5, y: 305 }, scrolled)).toEqual({ line: 900, column: -1 });
    expect(spotAt(layout, { x, y: layout.headHeight - 4 }, scrolled)).toEqual({ head: 1 });
    expect(spotAt(layout, { x: layout.width + 50, y: 305 }, scrolled)).toBeUndefined();
  });

  it('follows slanted names', () => {
    const { layout } = matrix(3, { width: 420, longestHead: 130 });
    const foot = { x: layout.nameWidth + 0.5 * layout.columnWidth, y: layout.headHeight - 20 };
    const above = { x: foot.x + 50, y: foot.y - 50 };
    expect(spotAt(layout, foot, { left: 0, top: 0 })).toEqual({ head: 0 });
    expect(spotAt(layout, above, { left: 0, top: 0 })).toEqual({ head: 0 });
  });

  it('moves by keys in two dimensions and stays within', () => {
    const { layout } = matrix(6);
    const spot = { line: 1, column: 0 };
    expect(moved(layout, spot, 'ArrowDown', 5)).toEqual({ line: 2, column: 0 });
    expect(moved(layout, spot, 'ArrowLeft', 5)).toEqual({ line: 1, column: -1 });
    expect(moved(layout, { line: 1, column: -1 }, 'ArrowLeft', 5)).toEqual({ line: 1, column: -1 });
    expect(moved(layout, { line: 1, column: 2 }, 'ArrowRight', 5)).toEqual({ line: 1, column: 2 });
    expect(moved(layout, spot, 'PageDown', 5)).toEqual({ line: 6, column: 0 });
    expect(moved(layout, spot, 'End', 5)).toEqual({ line: 8, column: 0 });
    expect(moved(layout, spot, 'PageUp', 5)).toEqual({ line: 0, column: 0 });
    expect(moved(layout, spot, 'x', 5)).toBeUndefined();
  });

  it('scrolls a spot from behind the head and the names, and no further than needed', () => {
    const { layout } = matrix(500, { width: 420, longestHead: 130 });
    const view = { left: 0, top: 1000, width: 260, height: 400 };
    const seen = layout.lines.findIndex(line => line.y > 1200);
    expect(scrolledTo(layout, { line: seen, column: -1 }, view)).toEqual({ left: 0, top: 1000 });
    const above = scrolledTo(layout, { line: 2, column: -1 }, view);
    expect(layout.lines[2]!.y - above.top).toBeGreaterThanOrEqual(layout.headHeight);
    const right = scrolledTo(layout, { line: seen, column: 2 }, view);
    expect(layout.nameWidth + 3 * layout.columnWidth - right.left).toBeLessThanOrEqual(view.width);
  });
});

describe('what is to be looked at in the matrix', () => {
  const mark = (column: number, state: number) => column * 16 + state;

  it('is kept up with the picture, folded groups included', () => {
    const { picture, layout } = matrix(6, { folded: ['z1'] });
    const marks = new Marks(layout, picture);
    expect(marks.update()).toBe(true);
    const lineOf = (key: string) => layout.lines.findIndex(line => line.key === key);
    picture.apply(message({ owners: OWNERS, rows: [row('n0', '0M1R2P'), row('n1', '0R1F2R')] }));
    expect(marks.update()).toBe(true);
    expect(marks.of(lineOf('n0'))).toEqual([mark(0, STATE.missing), mark(2, STATE.pending)]);
    expect(marks.of(lineOf('group z1'))).toEqual([mark(1, STATE.failed)]);
    // What does not show there is no reason to paint.
    picture.apply(message({ owners: OWNERS, rows: [row('n3', '0U1R2R')] }));
    expect(marks.update()).toBe(false);
    picture.apply(message({ owners: OWNERS, rows: [row('n0', '0R1R2R')] }));
    expect(marks.update()).toBe(true);
    expect(marks.of(lineOf('n0'))).toEqual([]);
  });

  it('leads from one cell to the next, and round', () => {
    const { picture, layout } = matrix(6);
    picture.apply(message({ owners: OWNERS, rows: [row('n3', '2M0X1P'), row('n5', '1F')] }));
    const marks = new Marks(layout, picture);
    marks.update();
    const lineOf = (key: string) => layout.lines.findIndex(line => line.key === key);
    const found = [
      { line: lineOf('n3'), column: 0 },
      { line: lineOf('n3'), column: 2 },
      { line: lineOf('n5'), column: 1 },
    ];
    expect(marks.next(undefined, true)).toEqual(found[0]);
    expect(marks.next(found[0], true)).toEqual(found[1]);
    expect(marks.next(found[2], true)).toEqual(found[0]);
    expect(marks.next(found[0], false)).toEqual(found[2]);
    expect(marks.next(found[2], false)).toEqual(found[1]);
  });
});
