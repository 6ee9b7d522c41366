import { STATES, type StateName } from '../model/cells.js';
import type { Colour } from '../model/theme.js';

export type Palette = Readonly<Record<Colour, string>>;

/** How a cell looks: daemon pods are squares and other pods round, so that nobody needs colours to tell them apart. */
export interface Look {
  readonly state: number;
  readonly outdated: boolean;
  readonly daemon: boolean;
}

/** Below this size, in CSS pixels, a cell has no mark: see {@link addSmallCell}. */
export const DETAILED = 7;

/** From this size on there is room for a frame round a mark. */
const FRAMED = 12;

const nameOf = (state: number): StateName => STATES[state]!.name;

/** The colour of a cell's ground. */
export function colourOf({ state, outdated, daemon }: Look): Colour {
  const name = nameOf(state);
  if (name !== 'ready') return name;
  if (daemon) return outdated ? 'outdated' : 'ready';
  return outdated ? 'other-outdated' : 'other';
}

/** Paints one cell with its mark. */
export function paintCell(
  c: CanvasRenderingContext2D,
  look: Look,
  x: number,
  y: number,
  size: number,
  p: Palette,
): void {
  const colour = p[colourOf(look)];
  const name = nameOf(look.state);
  const hollow = name === 'pending' || name === 'missing';
  const inset = hollow ? Math.max(1, size * 0.1) : 0;
  c.beginPath();
  if (look.daemon) c.roundRect(x + inset, y + inset, size - 2 * inset, size - 2 * inset, size * 0.18);
  else c.arc(x + size / 2, y + size / 2, size / 2 - inset, 0, 2 * Math.PI);
  if (hollow) {
    if (name === 'missing') {
      c.fillStyle = p.panel;
      c.fill();
    }
    c.lineWidth = Math.max(1.5, size * 0.14);
    c.strokeStyle = colour;
    // Where there is little room, the mark alone says that it is missing.
    if (name === 'pending' || size >= FRAMED) c.stroke();
  } else {
    c.fillStyle = colour;
    c.fill();
  }
  if (size >= DETAILED) paintMark(c, name, look.outdated, x, y, size, p);
}

function paintMark(
  c: CanvasRenderingContext2D,
  name: StateName,
  outdated: boolean,
  x: number,
  y: number,
  size: number,
  p: Palette,
): void {
  const [a, m, b] = [size * 0.3, size * 0.5, size * 0.7];
  c.lineWidth = Math.max(name === 'missing' ? 1.75 : 1.25, size * 0.13);
  c.strokeStyle = name === 'missing' ? p.missing : name === 'pending' ? p.pending : p.mark;
  c.beginPath();
  switch (name) {
    case 'missing': {
      const [low, high] = size < FRAMED ? [size * 0.12, size * 0.88] : [a, b];
      line(c, x + low, y + low, x + high, y + high);
      line(c, x + high, y + low, x + low, y + high);
      break;
    }
    case 'extra':
      line(c, x + m, y + a, x + m, y + b);
      line(c, x + a, y + m, x + b, y + m);
      break;
    case 'failed':
      line(c, x + m, y + size * 0.22, x + m, y + size * 0.58);
      line(c, x + m, y + size * 0.7, x + m, y + size * 0.78);
      break;
    case 'failing':
      // It goes round in circles.
      c.arc(x + m, y + m, size * 0.22, -0.25 * Math.PI, 1.4 * Math.PI);
      break;
    case 'pending':
      line(c, x + a, y + m, x + b, y + m);
      break;
    case 'unready':
      line(c, x + a, y + b, x + b, y + a);
      break;
    case 'terminating':
      line(c, x + a, y + m, x + b, y + m);
      break;
    case 'succeeded':
      line(c, x + a, y + m, x + size * 0.45, y + b);
      line(c, x + size * 0.45, y + b, x + b, y + a);
      break;
    case 'ready':
      break;
  }
  c.stroke();
  if (outdated && name !== 'missing') {
    // The corner of an older template.
    c.beginPath();
    c.moveTo(x + size, y + size * 0.5);
    c.lineTo(x + size, y + size);
    c.lineTo(x + size * 0.5, y + size);
    c.closePath();
    c.fillStyle = p.ink;
    c.fill();
  }
}

function line(c: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  c.moveTo(x1, y1);
  c.lineTo(x2, y2);
}

/**
 * Adds a cell that is too small for a mark: a square; where a daemon pod is missing one with a hole, and one that is too much a
 * cross, taller than the others.
 */
export function addSmallCell(batches: Batches, look: Look, x: number, y: number, size: number): void {
  const colour = colourOf(look);
  switch (look.daemon ? nameOf(look.state) : 'ready') {
    case 'missing':
      batches.add(colour, x, y, size, 1);
      batches.add(colour, x, y + size - 1, size, 1);
      batches.add(colour, x, y, 1, size);
      batches.add(colour, x + size - 1, y, 1, size);
      break;
    case 'extra': {
      batches.add(colour, x, y + 1, size, size - 2);
      batches.add(colour, x + 1, y - 1, size - 2, size + 2);
      break;
    }
    default:
      batches.add(colour, x, y, size);
  }
}

/** Rectangles of one colour each, painted together: changing the colour is what costs when there are tens of thousands. */
export class Batches {
  readonly #byColour = new Map<Colour, number[]>();

  add(colour: Colour, x: number, y: number, width: number, height = width): void {
    let list = this.#byColour.get(colour);
    if (!list) this.#byColour.set(colour, (list = []));
    list.push(x, y, width, height);
  }

  paint(c: CanvasRenderingContext2D, p: Palette): void {
    for (const [colour, list] of this.#byColour) {
      c.fillStyle = p[colour];
      for (let i = 0; i < list.length; i += 4) c.fillRect(list[i]!, list[i + 1]!, list[i + 2]!, list[i + 3]!);
      list.length = 0;
    }
  }
}
