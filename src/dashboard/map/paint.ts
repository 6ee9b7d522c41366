import { isLoudest, isOutdated, isTrouble, ownerOf, STATE, STATES, stateOf } from '../model/cells.js';
import type { Picture, Row } from '../model/picture.js';
import type { Colour } from '../model/theme.js';
import { addSmallCell, Batches, colourOf, DETAILED, type Palette, paintCell } from '../paint/cell.js';
import { type HeadingText, paintHeading } from '../paint/heading.js';
import { HEADING } from '../paint/metrics.js';
import type { Viewport } from '../paint/scroller.js';
import { clip, FONT } from '../paint/text.js';
import { type Box, boxesBetween, type Heading, type MapLayout, slotPosition } from './layout.js';
import type { Slots } from './slots.js';

/** Node → how many daemon pods would come there and go from there. */
export type Outlook = ReadonlyMap<string, { readonly comes: number; readonly goes: number }>;

/** What is painted, and how. */
export interface MapScene {
  readonly picture: Picture;
  readonly layout: MapLayout;
  readonly slots: Slots;
  readonly palette: Palette;
  /** The node that is looked at in detail. */
  readonly selected: string | undefined;
  /** The node that the keyboard is on. */
  readonly active: string | undefined;
  readonly outlook: Outlook | undefined;
  readonly headingText: (heading: Heading) => HeadingText;
  /** What is told of a node in one line besides its name: its taints, its condition. */
  readonly remark: (row: Row) => string;
}

const batches = new Batches();

/**
 * Paints what of the map can be seen.
 * @param since with it, only nodes that changed after this many changes of the picture: all else is on the canvas already
 */
export function paintMap(c: CanvasRenderingContext2D, scene: MapScene, viewport: Viewport, since?: number): void {
  const { layout, palette: p } = scene;
  c.fillStyle = p.ground;
  if (since === undefined) c.fillRect(viewport.left, viewport.top, viewport.width, viewport.height);
  const [right, bottom] = [viewport.left + viewport.width, viewport.top + viewport.height];
  for (const heading of layout.headings) {
    if (heading.y + HEADING > viewport.top && heading.y < bottom)
      paintHeading(c, scene.headingText(heading), { ...heading, right }, p);
  }
  const { from, to } = boxesBetween(layout, viewport.top, bottom);
  for (let i = from; i < to; i++) {
    const box = layout.boxes[i]!;
    if (since === undefined) paintBox(c, scene, box);
    else if (box.row.changed > since) {
      c.fillStyle = p.ground;
      c.fillRect(box.x - 2, box.y - 2, layout.boxWidth + 4, layout.boxHeight + 4);
      paintBox(c, scene, box);
    }
  }
  batches.paint(c, p);
}

function paintBox(c: CanvasRenderingContext2D, scene: MapScene, box: Box): void {
  const { layout, palette: p, picture } = scene;
  const { row, x, y } = box;
  const { scale, boxWidth: width, boxHeight: height } = layout;
  // What is missing or too much is loudest; what is broken has a thinner frame, and no ground of its own.
  const loud = isLoudest(row.worst);
  const broken = isTrouble(row.worst);
  // Not ready, or not even there yet.
  const out = !row.facts.ready || !picture.rows.has(row.name);

  c.beginPath();
  c.roundRect(x, y, width, height, Math.min(6, scale.pad));
  c.fillStyle = loud ? p['loud-ground'] : p.panel;
  c.fill();
  if (row.facts.unschedulable || !row.facts.ready) hatch(c, scene, box);
  const chosen = row.name === scene.selected || row.name === scene.active;
  c.lineWidth = chosen ? 3 : loud ? 2.5 : broken ? 1.5 : 1;
  c.setLineDash(out && !chosen ? [4, 3] : []);
  c.strokeStyle = chosen ? p.accent : broken ? p[STATES[row.worst]!.name] : out ? p.muted : p.line;
  c.stroke();
  c.setLineDash([]);

  if (scale.head > 0) paintHead(c, scene, box);
  const slots = scene.slots.of(row);
  for (let slot = 0; slot < slots.length; slot++) {
    const at = slotPosition(layout, slot);
    const cell = slots[slot];
    if (cell === undefined) {
      // A place where nothing is wanted, so that the others keep theirs.
      const size = scale.cell < DETAILED ? 1 : Math.max(2, Math.round(scale.cell / 6));
      batches.add('terminating', x + at.x + (scale.cell - size) / 2, y + at.y + (scale.cell - size) / 2, size);
      if (scale.label > 0) paintLabel(c, scene, picture.columns[slot]!.name, 'muted', x + at.x, y + at.y);
      continue;
    }
    const owner = picture.owners[ownerOf(cell)]!;
    const look = { state: stateOf(cell), outdated: isOutdated(cell), daemon: owner.daemon };
    if (scale.cell < DETAILED) addSmallCell(batches, look, x + at.x, y + at.y, scale.cell);
    else paintCell(c, look, x + at.x, y + at.y, scale.cell, p);
    if (scale.label > 0) {
      paintLabel(
        c,
        scene,
        owner.name,
        owner.daemon && isTrouble(look.state) ? colourOf(look) : 'ink',
        x + at.x,
        y + at.y,
      );
    } else if (scale.cell >= 20 && look.daemon && look.state === STATE.ready)
      paintInitials(c, owner.name, x + at.x, y + at.y, scale.cell, p);
  }
  if (scale.bar > 0) paintBars(c, scene, box);
  const change = scene.outlook?.get(row.name);
  if (change) paintOutlook(c, scene, box, change);
}

/** A badge at the corner: what would come and what would go. */
function paintOutlook(
  c: CanvasRenderingContext2D,
  { layout, palette: p }: MapScene,
  { x, y }: Box,
  { comes, goes }: { comes: number; goes: number },
): void {
  const small = layout.boxWidth < 60;
  const text = small ? '' : [comes ? `+${comes}` : '', goes ? `−${goes}` : ''].filter(Boolean).join(' ');
  c.font = `700 12px ${FONT}`;
  const width = small ? 9 : c.measureText(text).width + 10;
  const height = small ? 9 : 18;
  c.beginPath();
  c.roundRect(x + layout.boxWidth - width + 2, y - 2, width, height, height / 2);
  c.fillStyle = goes > comes ? p.missing : comes > 0 && goes === 0 ? p.ready : p.accent;
  c.fill();
  c.fillStyle = p.mark;
  c.textBaseline = 'middle';
  if (text) c.fillText(text, x + layout.boxWidth - width + 7, y + 7.5);
}

function paintHead(c: CanvasRenderingContext2D, scene: MapScene, { row, x, y }: Box): void {
  const { layout, palette: p } = scene;
  const { scale, boxWidth } = layout;
  const room = boxWidth - 2 * scale.pad;
  c.textBaseline = 'alphabetic';
  const size = scale.head < 20 ? 10 : 13;
  c.font = `600 ${size}px ${FONT}`;
  c.fillStyle = p.ink;
  c.fillText(clip(c, row.name, room), x + scale.pad, y + scale.pad + size - 1);
  if (scale.head < 30) return;
  c.font = `11px ${FONT}`;
  c.fillStyle = row.facts.ready ? p.muted : p.missing;
  c.fillText(clip(c, scene.remark(row), room), x + scale.pad, y + scale.pad + size + 13);
}

/** Whose pod it is, beside its cell. */
function paintLabel(
  c: CanvasRenderingContext2D,
  { layout: { scale }, palette: p }: MapScene,
  name: string,
  colour: Colour,
  x: number,
  y: number,
): void {
  c.font = `12.5px ${FONT}`;
  c.textBaseline = 'middle';
  c.fillStyle = p[colour];
  c.fillText(clip(c, name, scale.label - 8), x + scale.cell + 8, y + scale.cell / 2 + 1);
}

/** The first letters of a DaemonSet's name, in a cell that is large enough. */
function paintInitials(
  c: CanvasRenderingContext2D,
  name: string,
  x: number,
  y: number,
  size: number,
  p: Palette,
): void {
  c.font = `600 ${Math.round(size * 0.44)}px ${FONT}`;
  c.textAlign = 'center';
  c.textBaseline = 'middle';
  c.fillStyle = p.mark;
  c.fillText(initials(name), x + size / 2, y + size * 0.52);
  c.textAlign = 'left';
}

function initials(name: string): string {
  const [first = '', second] = name.split(/[-._]/);
  return second ? first[0]! + second[0]! : first.slice(0, 2);
}

/** How full a node is of cores and memory. */
function paintBars(c: CanvasRenderingContext2D, scene: MapScene, { row, x, y }: Box): void {
  const { layout, palette: p } = scene;
  const { scale, boxWidth, boxHeight } = layout;
  const width = boxWidth - 2 * scale.pad;
  let top = y + boxHeight - scale.pad - 2 * scale.bar + 1;
  for (const [i, resource] of ['cpu', 'memory'].entries()) {
    const has = row.facts.allocatable.find(a => a.resource === resource)?.value ?? 0;
    const share = has > 0 ? Math.min(1, (row.used[i] ?? 0) / has) : 0;
    c.fillStyle = p.line;
    c.fillRect(x + scale.pad, top, width, scale.bar);
    c.fillStyle = share > 0.9 ? p['bar-full'] : p.bar;
    c.fillRect(x + scale.pad, top, width * share, scale.bar);
    top += scale.bar + 1;
  }
}

/** Slanted lines over a node that takes no pods as others do. */
function hatch(c: CanvasRenderingContext2D, { layout, palette: p }: MapScene, { x, y }: Box): void {
  const { boxWidth: width, boxHeight: height } = layout;
  c.save();
  c.clip();
  c.strokeStyle = p.line;
  c.lineWidth = 1;
  c.beginPath();
  const path = new Path2D();
  for (let offset = -height; offset < width; offset += 7) {
    path.moveTo(x + offset, y + height);
    path.lineTo(x + offset + height, y);
  }
  c.stroke(path);
  c.restore();
  c.beginPath();
  c.roundRect(x, y, width, height, Math.min(6, layout.scale.pad));
}
