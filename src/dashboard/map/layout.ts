import { type Group, isFolded } from '../model/groups.js';
import type { Row } from '../model/picture.js';
import { HEADING } from '../paint/metrics.js';

/** How large boxes are, from a dot for each pod to one with everything written out. All in CSS pixels. */
interface Scale {
  readonly cell: number;
  readonly gap: number;
  /** Cells side by side. */
  readonly columns: number;
  /** Room above the cells: for the name, and for taints and conditions. */
  readonly head: number;
  /** Room for the name of its owner beside each cell; 0 where there is none. */
  readonly label: number;
  /** Height of each of the two bars. */
  readonly bar: number;
  readonly pad: number;
}

const SCALES: readonly Scale[] = [
  { cell: 3, gap: 1, columns: 7, head: 0, label: 0, bar: 0, pad: 3 },
  { cell: 5, gap: 1, columns: 9, head: 0, label: 0, bar: 2, pad: 4 },
  { cell: 9, gap: 2, columns: 10, head: 15, label: 0, bar: 3, pad: 5 },
  { cell: 15, gap: 3, columns: 10, head: 34, label: 0, bar: 4, pad: 8 },
  { cell: 24, gap: 4, columns: 9, head: 40, label: 0, bar: 6, pad: 10 },
  { cell: 16, gap: 6, columns: 1, head: 44, label: 214, bar: 6, pad: 12 },
];

/** One node. */
export interface Box {
  readonly row: Row;
  readonly x: number;
  readonly y: number;
}

/** The line above a group. */
export interface Heading {
  readonly group: Group;
  readonly depth: number;
  readonly x: number;
  readonly y: number;
  readonly folded: boolean;
}

/** Where everything on the map is. */
export interface MapLayout {
  readonly scale: Scale;
  readonly boxWidth: number;
  readonly boxHeight: number;
  /** From top to bottom, from left to right. */
  readonly boxes: readonly Box[];
  readonly headings: readonly Heading[];
  readonly height: number;
}

const MARGIN = 16;
const INDENT = 14;
const SPACE = [3, 4, 6, 10, 14, 16];

/** What a layout is made of. */
export interface LayoutInput {
  readonly root: Group;
  /** The most cells that a box must hold: a place for each DaemonSet, and the other pods. */
  readonly slots: number;
  readonly zoom: number | undefined;
  readonly width: number;
  readonly height: number;
  /** Which groups are folded: see `model/folding.ts`. */
  readonly folded: ReadonlySet<string>;
}

/** Puts boxes in lines, group by group. Without a zoom it takes the largest scale at which all can be seen with little scrolling. */
export function layoutMap(input: LayoutInput): MapLayout {
  if (input.zoom !== undefined) return layoutAt(input, input.zoom);
  for (let zoom = SCALES.length - 1; zoom > 0; zoom--) {
    const layout = layoutAt(input, zoom);
    if (layout.height <= input.height * SCREENS[zoom]!) return layout;
  }
  return layoutAt(input, 0);
}

/** How many screens high the map may get at a scale before the next smaller one is taken: names are worth some scrolling. */
const SCREENS = [Number.POSITIVE_INFINITY, 3, 1.6, 1.2, 1, 1];

function layoutAt({ root, slots, width, folded: foldedGroups }: LayoutInput, zoom: number): MapLayout {
  const scale = SCALES[zoom]!;
  const space = SPACE[zoom]!;
  const columns = Math.max(1, Math.min(scale.columns, Math.max(slots, MIN_COLUMNS[zoom]!)));
  const lines = Math.max(1, Math.ceil(slots / columns));
  const boxWidth = 2 * scale.pad + columns * (scale.cell + scale.gap) - scale.gap + scale.label;
  const bars = scale.bar > 0 ? 2 * scale.bar + 3 + scale.gap : 0;
  const boxHeight = 2 * scale.pad + scale.head + lines * (scale.cell + scale.gap) - scale.gap + bars;

  const boxes: Box[] = [];
  const headings: Heading[] = [];
  let y = MARGIN;
  const place = (group: Group, depth: number) => {
    const left = MARGIN + Math.max(0, depth - 1) * INDENT;
    if (depth > 0) {
      const folded = isFolded(foldedGroups, group);
      headings.push({ group, depth, x: left, y, folded });
      y += HEADING;
      if (folded) return;
    }
    for (const inner of group.groups) place(inner, depth + 1);
    if (group.groups.length > 0) return;
    const across = Math.max(1, Math.floor((width - left - MARGIN + space) / (boxWidth + space)));
    group.rows.forEach((row, i) => {
      boxes.push({
        row,
        x: left + (i % across) * (boxWidth + space),
        y: y + Math.floor(i / across) * (boxHeight + space),
      });
    });
    y += Math.ceil(group.rows.length / across) * (boxHeight + space) + (depth > 0 ? 10 : 0);
  };
  place(root, 0);
  return { scale: { ...scale, columns }, boxWidth, boxHeight, boxes, headings, height: y + MARGIN };
}

/** A box is as wide as its name needs, however few its pods are. */
const MIN_COLUMNS = [4, 5, 9, 9, 8, 1];

/** The boxes that a span of the content's height touches: a range of `boxes`, found by halving. */
export function boxesBetween(layout: MapLayout, top: number, bottom: number): { from: number; to: number } {
  const { boxes, boxHeight } = layout;
  const first = (test: (box: Box) => boolean) => {
    let [low, high] = [0, boxes.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (test(boxes[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return { from: first(box => box.y + boxHeight > top), to: first(box => box.y >= bottom) };
}

/** What is at a point of the content. */
export function hitTest(
  layout: MapLayout,
  { x, y }: { x: number; y: number },
): { box: Box; slot: number | undefined } | { heading: Heading } | undefined {
  const heading = layout.headings.find(h => y >= h.y && y < h.y + HEADING && x >= h.x);
  if (heading) return { heading };
  const { from, to } = boxesBetween(layout, y, y + 1);
  for (let i = from; i < to; i++) {
    const box = layout.boxes[i]!;
    if (x >= box.x && x < box.x + layout.boxWidth && y >= box.y && y < box.y + layout.boxHeight) {
      return { box, slot: slotAt(layout, x - box.x, y - box.y) };
    }
  }
  return undefined;
}

function slotAt({ scale }: MapLayout, x: number, y: number): number | undefined {
  const step = scale.cell + scale.gap;
  const column = scale.label > 0 ? 0 : Math.floor((x - scale.pad) / step);
  const line = Math.floor((y - scale.pad - scale.head) / step);
  if (column < 0 || column >= scale.columns || line < 0) return undefined;
  return line * scale.columns + column;
}

/** Where a slot's cell is within its box. */
export function slotPosition({ scale }: MapLayout, slot: number): { x: number; y: number } {
  const step = scale.cell + scale.gap;
  return {
    x: scale.pad + (slot % scale.columns) * step,
    y: scale.pad + scale.head + Math.floor(slot / scale.columns) * step,
  };
}
