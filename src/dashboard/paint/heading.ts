import type { Palette } from './cell.js';
import { HEADING } from './metrics.js';
import { FONT } from './text.js';

/** What the line above a group says. */
export interface HeadingText {
  readonly title: string;
  readonly counts: string;
  /** What of it needs looking at; empty if nothing. */
  readonly troubles: string;
}

/** Where the line above a group is, and how it looks. */
interface HeadingPlace {
  readonly x: number;
  readonly y: number;
  readonly right: number;
  readonly depth: number;
  readonly folded: boolean;
}

/** Paints the line above a group of nodes. */
export function paintHeading(c: CanvasRenderingContext2D, text: HeadingText, place: HeadingPlace, p: Palette): void {
  const middle = place.y + HEADING / 2 + 1;
  c.fillStyle = p.ground;
  c.fillRect(place.x, place.y, place.right - place.x, HEADING - 4);
  c.textBaseline = 'middle';
  c.fillStyle = p.muted;
  triangle(c, place.x + 4, middle, place.folded);
  let x = place.x + 16;
  const write = (part: string, font: string, colour: string) => {
    c.font = `${font} ${FONT}`;
    c.fillStyle = colour;
    c.fillText(part, x, middle);
    x += c.measureText(part).width + 10;
  };
  write(text.title, `600 ${place.depth === 1 ? 14 : 13}px`, p.ink);
  write(text.counts, '12px', p.muted);
  if (text.troubles) write(text.troubles, '600 12px', p.missing);
  c.fillStyle = p.line;
  c.fillRect(x, Math.round(middle), Math.max(0, place.right - 16 - x), 1);
}

function triangle(c: CanvasRenderingContext2D, x: number, y: number, folded: boolean): void {
  c.beginPath();
  if (folded) {
    c.moveTo(x - 2, y - 5);
    c.lineTo(x + 4, y);
    c.lineTo(x - 2, y + 5);
  } else {
    c.moveTo(x - 4, y - 3);
    c.lineTo(x + 6, y - 3);
    c.lineTo(x + 1, y + 4);
  }
  c.fill();
}
