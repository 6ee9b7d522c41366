import { describe, expect, it } from 'vitest';
import { boxesBetween, hitTest, layoutMap, slotPosition } from '../../../src/dashboard/map/layout.js';
import { arrange } from '../../../src/dashboard/model/groups.js';
import { Picture } from '../../../src/dashboard/model/picture.js';
import { message, row } from './messages.js';

function layout(nodes: number, { folded = false, zoom }: { folded?: boolean; zoom?: number } = {}) {
  const picture = new Picture();
  const rows = Array.from({ length: nodes }, (_, i) => row(`n${i}`, '', { zone: `z${i % 3}` }));
  picture.apply(message({ whole: true, rows }));
  const root = arrange(picture, undefined, ['zone']);
  return layoutMap({
    root,
    slots: 30,
    zoom,
    width: 1200,
    height: 800,
    folded: new Set(folded ? ['z0', 'z1', 'z2'] : []),
  });
}

describe('the layout of the map', () => {
  it.each([1, 4, 60, 500, 5000])('has every one of %i nodes once, none over another, all within the width', nodes => {
    const { boxes, boxWidth, boxHeight, height } = layout(nodes);
    expect(new Set(boxes.map(b => b.row.name)).size).toBe(nodes);
    const taken = new Set(boxes.map(b => `${b.x}/${b.y}`));
    expect(taken.size).toBe(nodes);
    for (const { x, y } of boxes) {
      expect(x + boxWidth).toBeLessThanOrEqual(1200);
      expect(y + boxHeight).toBeLessThanOrEqual(height);
    }
  });

  it('has larger boxes where there are fewer nodes', () => {
    const widths = [4, 60, 500, 5000].map(nodes => layout(nodes).boxWidth);
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    expect(new Set(widths).size).toBeGreaterThan(2);
  });

  it('finds the boxes of a span by halving: the same as one by one', () => {
    const all = layout(500, { zoom: 1 });
    for (const top of [0, 33, 400, 1234, 99999]) {
      const { from, to } = boxesBetween(all, top, top + 300);
      const seen = all.boxes.filter(b => b.y + all.boxHeight > top && b.y < top + 300);
      expect(all.boxes.slice(from, to)).toEqual(seen);
    }
  });

  it('knows what is at a point', () => {
    const all = layout(60, { zoom: 2 });
    for (const box of all.boxes) {
      const at = slotPosition(all, 13);
      expect(hitTest(all, { x: box.x + at.x + 1, y: box.y + at.y + 1 })).toEqual({ box, slot: 13 });
    }
    expect(hitTest(all, { x: 1, y: 1 })).toBeUndefined();
    const [heading] = all.headings;
    expect(hitTest(all, { x: heading!.x + 5, y: heading!.y + 5 })).toEqual({ heading });
  });

  it('folds groups away', () => {
    const folded = layout(60, { folded: true });
    expect(folded.boxes).toEqual([]);
    expect(folded.headings.map(h => h.group.value)).toEqual(['z0', 'z1', 'z2']);
  });
});
