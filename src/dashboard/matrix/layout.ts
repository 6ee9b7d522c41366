import { type Group, isFolded } from '../model/groups.js';
import type { Owner, Row } from '../model/picture.js';
import { HEADING } from '../paint/metrics.js';

/** One line of the matrix: a node, or the heading of a group of them. */
export type Line = NodeLine | GroupLine;

interface NodeLine {
  readonly kind: 'node';
  /** By which it is found again in another layout. */
  readonly key: string;
  readonly row: Row;
  readonly y: number;
  readonly height: number;
}

interface GroupLine {
  readonly kind: 'group';
  readonly key: string;
  readonly group: Group;
  readonly depth: number;
  readonly folded: boolean;
  readonly y: number;
  readonly height: number;
}

/** Where everything in the matrix is, in CSS pixels. */
export interface MatrixLayout {
  readonly columns: readonly Owner[];
  readonly lines: readonly Line[];
  /** The column of nodes' names, which stays at the left. */
  readonly nameWidth: number;
  readonly columnWidth: number;
  /** The head with DaemonSets' names, which stays at the top. */
  readonly headHeight: number;
  /** Whether names in the head are slanted, since there is no room for them side by side. */
  readonly slanted: boolean;
  readonly width: number;
  readonly height: number;
}

/** What a layout is made of. */
export interface MatrixInput {
  readonly root: Group;
  readonly columns: readonly Owner[];
  readonly folded: ReadonlySet<string>;
  /** Of what can be seen. */
  readonly width: number;
  /** How wide the longest name of a node is, and the longest in the head. */
  readonly longestName: number;
  readonly longestHead: number;
}

const ROW = 22;
export const CELL = 14;
/** Room between the head and the first line. */
const FIRST = 4;
const NARROW = 34;
/** Slanted names get no more room than this, and no less than the numbers beside them need. */
const LONGEST_SLANTED = 170;
const SHORTEST_SLANTED = 74;
/** Height of the marks at the foot of the head. */
export const CHIP = 17;

/** Puts nodes in lines, group by group, and DaemonSets in columns. */
export function layoutMatrix({ root, columns, folded, ...input }: MatrixInput): MatrixLayout {
  const nameWidth = Math.round(Math.min(Math.max(150, input.longestName + 110), Math.max(140, input.width * 0.3)));
  const room = input.width - nameWidth - 16;
  const wanted = Math.max(84, input.longestHead + 28);
  const slanted = columns.length * wanted > room;
  const headHeight = slanted
    ? Math.ceil(Math.max(SHORTEST_SLANTED, Math.min(input.longestHead, LONGEST_SLANTED)) * Math.SQRT1_2) + CHIP + 34
    : CHIP + 48;
  // The last slanted name leans over the end.
  const lean = slanted ? headHeight - CHIP : 0;
  const fits = Math.floor((room - lean) / columns.length);
  const columnWidth = slanted ? Math.max(NARROW, Math.min(fits, 52)) : Math.min(wanted, 190);
  const lines: Line[] = [];
  let y = headHeight + FIRST;
  const put = (group: Group, depth: number) => {
    if (depth > 0) {
      const isShut = isFolded(folded, group);
      lines.push({
        kind: 'group',
        key: `group ${group.path.join('/')}`,
        group,
        depth,
        folded: isShut,
        y,
        height: HEADING,
      });
      y += HEADING;
      if (isShut) return;
    }
    for (const inner of group.groups) put(inner, depth + 1);
    if (group.groups.length > 0) return;
    for (const row of group.rows) {
      lines.push({ kind: 'node', key: row.name, row, y, height: ROW });
      y += ROW;
    }
  };
  put(root, 0);
  const width = nameWidth + columns.length * columnWidth + lean;
  return { columns, lines, nameWidth, columnWidth, headHeight, slanted, width, height: y + 16 };
}

/** The lines that a span of the content's height touches: a range of `lines`, found by halving. */
export function linesBetween({ lines }: MatrixLayout, top: number, bottom: number): { from: number; to: number } {
  const first = (test: (line: Line) => boolean) => {
    let [low, high] = [0, lines.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (test(lines[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return { from: first(line => line.y + line.height > top), to: first(line => line.y >= bottom) };
}

/** A place in the matrix: a line, and a column of it; -1 is the node itself. */
export interface Spot {
  readonly line: number;
  readonly column: number;
}

/**
 * What is at a point of what can be seen.
 * @param scrolled how far the content is scrolled
 */
export function spotAt(
  layout: MatrixLayout,
  point: { readonly x: number; readonly y: number },
  scrolled: { readonly left: number; readonly top: number },
): Spot | { readonly head: number } | undefined {
  const x = point.x < layout.nameWidth ? point.x : point.x + scrolled.left;
  if (point.y < layout.headHeight) return headAt(layout, point.x + scrolled.left, point);
  const { from, to } = linesBetween(layout, point.y + scrolled.top, point.y + scrolled.top + 1);
  if (from >= to) return undefined;
  const column = x < layout.nameWidth ? -1 : Math.floor((x - layout.nameWidth) / layout.columnWidth);
  if (layout.lines[from]!.kind === 'group') return { line: from, column: -1 };
  return column < layout.columns.length ? { line: from, column } : undefined;
}

/** Slanted names lean to the right by as much as they rise. */
function headAt(
  { nameWidth, columnWidth, headHeight, slanted, columns }: MatrixLayout,
  x: number,
  point: { x: number; y: number },
) {
  const lean = slanted ? Math.max(0, headHeight - CHIP - point.y) : 0;
  const head = Math.floor((x - lean - nameWidth) / columnWidth);
  return head >= 0 && head < columns.length && point.x >= nameWidth ? { head } : undefined;
}

/** Where a key leads from a spot; undefined for other keys. `page`: how many lines can be seen. */
export function moved(layout: MatrixLayout, { line, column }: Spot, key: string, page: number): Spot | undefined {
  const last = layout.lines.length - 1;
  const lineAt = (to: number) => ({ line: Math.max(0, Math.min(last, to)), column });
  switch (key) {
    case 'ArrowDown':
      return lineAt(line + 1);
    case 'ArrowUp':
      return lineAt(line - 1);
    case 'PageDown':
      return lineAt(line + page);
    case 'PageUp':
      return lineAt(line - page);
    case 'Home':
      return lineAt(0);
    case 'End':
      return lineAt(last);
    case 'ArrowLeft':
      return { line, column: Math.max(-1, column - 1) };
    case 'ArrowRight':
      return { line, column: Math.min(layout.columns.length - 1, column + 1) };
    default:
      return undefined;
  }
}

/** How far to scroll so that a spot can be seen whole: from where it is scrolled now. */
export function scrolledTo(
  layout: MatrixLayout,
  { line, column }: Spot,
  view: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
): { left: number; top: number } {
  const { y, height } = layout.lines[line]!;
  const left = layout.nameWidth + column * layout.columnWidth;
  const within = (from: number, to: number, start: number, end: number, now: number) =>
    from < now + start ? from - start : to > now + end ? to - end : now;
  return {
    top: within(y, y + height, layout.headHeight + 4, view.height - 4, view.top),
    left: column < 0 ? view.left : within(left, left + layout.columnWidth, layout.nameWidth, view.width - 4, view.left),
  };
}
