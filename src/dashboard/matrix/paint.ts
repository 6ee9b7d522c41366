import { isLoudest, isOutdated, isTrouble, ownerOf, STATE, STATES, stateOf } from '../model/cells.js';
import type { Group } from '../model/groups.js';
import type { Owner, Picture, Row, Tally } from '../model/picture.js';
import type { Colour } from '../model/theme.js';
import { Batches, colourOf, type Palette, paintCell } from '../paint/cell.js';
import { type HeadingText, paintHeading } from '../paint/heading.js';
import type { Viewport } from '../paint/scroller.js';
import { clip, FONT } from '../paint/text.js';
import { CELL, CHIP, type Line, linesBetween, type MatrixLayout, type Spot } from './layout.js';

/** What is painted, and how. */
export interface MatrixScene {
  readonly picture: Picture;
  readonly layout: MatrixLayout;
  readonly palette: Palette;
  /** Where the keyboard is. */
  readonly active: Spot | undefined;
  /** What is looked at in detail. */
  readonly selected: { readonly node: string | undefined; readonly daemonSet: string | undefined };
  readonly text: {
    readonly corner: string;
    readonly group: (group: Group) => HeadingText;
    readonly remark: (row: Row) => string;
    readonly state: (cell: number) => string;
    readonly count: (tally: Tally | undefined) => string;
  };
}

/** Columns from this width on have a word beside each cell. */
const WORDS = 104;
const batches = new Batches();

/**
 * Paints what of the matrix can be seen; the head and the nodes' names stay where they are.
 * @param since with it, only nodes that changed after this many changes of the picture: all else is on the canvas already
 */
export function paintMatrix(c: CanvasRenderingContext2D, scene: MatrixScene, view: Viewport, since?: number): void {
  const { layout, palette: p } = scene;
  const { headHeight } = layout;
  c.fillStyle = p.ground;
  if (since === undefined) c.fillRect(view.left, view.top, view.width, view.height);
  c.save();
  c.beginPath();
  c.rect(view.left, view.top + headHeight, view.width, view.height - headHeight);
  c.clip();
  const columns = new Columns(scene.picture, layout, view);
  const { from, to } = linesBetween(layout, view.top + headHeight, view.top + view.height);
  for (let i = from; i < to; i++) {
    const line = layout.lines[i]!;
    if (line.kind === 'group') {
      c.fillStyle = p.ground;
      c.fillRect(view.left, line.y, view.width, line.height);
      const x = view.left + 14 + (line.depth - 1) * 14;
      const place = { ...line, x, right: view.left + view.width };
      paintHeading(c, scene.text.group(line.group), place, p);
      if (scene.active?.line === i) outline(c, view.left + 5, line.y, view.width - 12, line.height - 2, p.accent);
    } else if (since === undefined || line.row.changed > since) paintRow(c, scene, view, columns, line, i);
  }
  c.restore();
  paintHead(c, scene, view);
}

/** Which columns can be seen, and whose they are. */
class Columns {
  readonly #place: Int16Array;
  readonly from: number;
  readonly to: number;
  /** How many cells of the row that is painted each column has. */
  readonly counts: Uint8Array;
  readonly done: Uint8Array;

  constructor(picture: Picture, { columns, nameWidth, columnWidth }: MatrixLayout, view: Viewport) {
    this.#place = new Int16Array(picture.owners.length).fill(-1);
    for (const [i, { number }] of columns.entries()) this.#place[number] = i;
    this.from = Math.max(0, Math.floor(view.left / columnWidth));
    this.to = Math.min(columns.length, Math.ceil((view.left + view.width - nameWidth) / columnWidth));
    this.counts = new Uint8Array(columns.length);
    this.done = new Uint8Array(columns.length);
  }

  /** The column of a cell if it can be seen, else -1. */
  of(cell: number): number {
    const column = this.#place[ownerOf(cell)]!;
    return column >= this.from && column < this.to ? column : -1;
  }
}

function paintRow(
  c: CanvasRenderingContext2D,
  scene: MatrixScene,
  view: Viewport,
  columns: Columns,
  line: Line & { kind: 'node' },
  index: number,
): void {
  const { layout, palette: p, active, selected } = scene;
  const { nameWidth, columnWidth } = layout;
  const { row, y, height } = line;
  const chosen = row.name === selected.node;
  const ground = chosen ? p.hover : isLoudest(row.worst) ? p['loud-ground'] : p.panel;
  c.fillStyle = ground;
  c.fillRect(view.left, y, view.width, height - 1);

  const left = cellLeft(layout);
  const top = y + (height - 1 - CELL) / 2;
  columns.counts.fill(0);
  columns.done.fill(0);
  for (const cell of row.cells) {
    const column = columns.of(cell);
    if (column >= 0) columns.counts[column]!++;
  }
  c.textBaseline = 'middle';
  for (const cell of row.cells) {
    const column = columns.of(cell);
    if (column < 0) continue;
    const many = columns.counts[column]!;
    const nth = columns.done[column]!++;
    const x = nameWidth + column * columnWidth + left + (many > 1 ? secondOffset(layout, nth) : 0);
    const look = { state: stateOf(cell), outdated: isOutdated(cell), daemon: true };
    paintCell(c, look, x, top, CELL, p);
    if (columnWidth < WORDS || many > 1) continue;
    const plain = look.state === STATE.ready && !look.outdated;
    c.font = `${plain ? '' : '600 '}11.5px ${FONT}`;
    c.fillStyle = plain ? p.muted : isTrouble(look.state) ? p[colourOf(look)] : p.ink;
    c.fillText(clip(c, scene.text.state(cell), columnWidth - left - CELL - 12), x + CELL + 7, top + CELL / 2 + 1);
  }
  for (let column = columns.from; column < columns.to; column++) {
    // A place where nothing is wanted.
    if (columns.counts[column] === 0)
      batches.add('line', nameWidth + column * columnWidth + left + CELL / 2 - 1.5, top + CELL / 2 - 1.5, 3);
  }
  batches.paint(c, p);

  c.fillStyle = ground;
  c.fillRect(view.left, y, nameWidth, height - 1);
  paintName(c, scene, row, view.left, y + (height - 1) / 2);
  if (chosen) {
    c.fillStyle = p.accent;
    c.fillRect(view.left, y, 3, height - 1);
  }
  const marked = layout.columns.findIndex(({ key }) => key === selected.daemonSet);
  if (chosen && marked >= 0) outlineCell(c, layout, view, marked, line, p.accent, 1.5);
  if (active?.line === index) {
    if (active.column < 0) outline(c, view.left + 1, y, nameWidth - 2, height - 1, p.accent);
    else outlineCell(c, layout, view, active.column, line, p.accent, 2.5);
  }
}

/** Where a cell stands in its column: in the middle of a narrow one, under the name in a wide one. */
const cellLeft = ({ columnWidth, slanted }: MatrixLayout) => (slanted ? (columnWidth - CELL) / 2 : 10);

/** Two pods of a DaemonSet on a node stand side by side. */
const secondOffset = ({ slanted }: MatrixLayout, nth: number) => (slanted ? -8 : 0) + Math.min(nth, 2) * (CELL + 2);

function paintName(
  c: CanvasRenderingContext2D,
  { layout, palette: p, text }: MatrixScene,
  row: Row,
  left: number,
  middle: number,
) {
  const x = left + 14;
  const room = layout.nameWidth - 22;
  c.textBaseline = 'middle';
  c.font = `${row.troubles > 0 ? 650 : 450} 12.5px ${FONT}`;
  c.fillStyle = isTrouble(row.worst) ? p[STATES[row.worst]!.name] : p.ink;
  const name = clip(c, row.name, room);
  c.fillText(name, x, middle + 0.5);
  const used = c.measureText(name).width + 8;
  const remark = text.remark(row);
  if (!remark || used > room - 24) return;
  c.font = `11px ${FONT}`;
  c.fillStyle = row.facts.ready ? p.muted : p.missing;
  c.fillText(clip(c, remark, room - used), x + used, middle + 0.5);
}

function outline(c: CanvasRenderingContext2D, x: number, y: number, w: number, h: number, colour: string, width = 2) {
  c.beginPath();
  c.roundRect(x + width / 2, y + width / 2, w - width, h - width, 4);
  c.lineWidth = width;
  c.strokeStyle = colour;
  c.stroke();
}

function outlineCell(
  c: CanvasRenderingContext2D,
  { nameWidth, columnWidth }: MatrixLayout,
  view: Viewport,
  column: number,
  { y, height }: Line,
  colour: string,
  width: number,
) {
  const x = nameWidth + column * columnWidth;
  if (x + columnWidth / 2 < view.left + nameWidth) return;
  outline(c, x + 2, y, columnWidth - 4, height - 1, colour, width);
}

/** DaemonSets' names, how many of their pods are ready, and where something is not as it should be. */
function paintHead(c: CanvasRenderingContext2D, scene: MatrixScene, view: Viewport): void {
  const { layout, palette: p } = scene;
  const { nameWidth, columnWidth, headHeight, columns } = layout;
  const bottom = view.top + headHeight;
  c.fillStyle = p.ground;
  c.fillRect(view.left, view.top, view.width, headHeight);
  c.save();
  c.beginPath();
  c.rect(view.left + nameWidth - 2, view.top, view.width, headHeight);
  c.clip();
  for (const [i, owner] of columns.entries()) {
    const x = nameWidth + i * columnWidth;
    if (x + columnWidth / 2 < view.left + nameWidth || x > view.left + view.width) continue;
    const tally = scene.picture.tallyOf(owner);
    const strong = owner.key === scene.selected.daemonSet || i === scene.active?.column;
    paintHeadText(c, scene, owner, tally, x, bottom - CHIP - 5, strong);
    if (tally) paintChip(c, tally, x, bottom - CHIP - 2, layout, p);
  }
  c.restore();
  c.textBaseline = 'alphabetic';
  c.font = `12px ${FONT}`;
  c.fillStyle = p.muted;
  c.fillText(scene.text.corner, view.left + 14, bottom - 8);
  c.fillStyle = p.line;
  c.fillRect(view.left, bottom - 1, view.width, 1);
  if (view.left > 0) c.fillRect(view.left + nameWidth - 1, bottom, 1, view.height);
}

function paintHeadText(
  c: CanvasRenderingContext2D,
  { layout, palette: p, text }: MatrixScene,
  owner: Owner,
  tally: Tally | undefined,
  x: number,
  y: number,
  strong: boolean,
): void {
  const { slanted, columnWidth, headHeight } = layout;
  c.save();
  c.textBaseline = 'alphabetic';
  const room = slanted ? (headHeight - CHIP - 30) * Math.SQRT2 : columnWidth - 16;
  if (slanted) {
    c.strokeStyle = p.line;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(x + 0.5, y + CHIP + 4);
    c.lineTo(x + 0.5, y);
    c.lineTo(x + 0.5 + headHeight, y - headHeight);
    c.stroke();
    c.translate(x + columnWidth * 0.5, y - 12);
    c.rotate(-Math.PI / 4);
  } else c.translate(x + 10, y - 22);
  c.font = `600 12.5px ${FONT}`;
  c.fillStyle = strong ? p.accent : p.ink;
  c.fillText(clip(c, owner.name, room), 0, 0);
  c.font = `11px ${FONT}`;
  c.fillStyle = p.muted;
  c.fillText(text.count(tally), slanted ? 2 : 0, slanted ? 12 : 16);
  c.restore();
}

/** The number of pods that are not as they should be, in the colour of the worst of them. */
function paintChip(
  c: CanvasRenderingContext2D,
  { states }: Tally,
  x: number,
  y: number,
  layout: MatrixLayout,
  p: Palette,
) {
  const troubles = states.reduce((sum, count, state) => sum + (isTrouble(state) ? count : 0), 0);
  const count = troubles || states[STATE.pending]!;
  if (count === 0) return;
  const worst = states.findIndex(n => n > 0);
  const colour = p[STATES[worst]!.name satisfies Colour];
  const label = count > 999 ? '999+' : String(count);
  c.font = `700 11px ${FONT}`;
  const width = Math.min(layout.columnWidth - 2, c.measureText(label).width + 12);
  const left = layout.slanted ? x + (layout.columnWidth - width) / 2 : x + 10;
  c.beginPath();
  c.roundRect(left, y, width, CHIP - 2, 5);
  if (troubles > 0) {
    c.fillStyle = colour;
    c.fill();
  } else {
    c.lineWidth = 1.25;
    c.strokeStyle = colour;
    c.stroke();
  }
  c.textAlign = 'center';
  c.textBaseline = 'middle';
  c.fillStyle = troubles > 0 ? p.panel : colour;
  c.fillText(label, left + width / 2, y + CHIP / 2 - 0.5);
  c.textAlign = 'left';
}
