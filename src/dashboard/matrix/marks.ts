import { isTrouble, ownerOf, STATE, stateOf } from '../model/cells.js';
import type { Picture, Row } from '../model/picture.js';
import type { MatrixLayout, Spot } from './layout.js';

/** What is not as it should be on a line: `column * 16 + state` of each such cell. */
export type LineMarks = readonly number[];

const NONE: LineMarks = [];

/**
 * What the matrix has to be looked at for, line by line. It is kept up with the picture: only lines that changed are gone through.
 */
export class Marks {
  readonly #layout: MatrixLayout;
  readonly #picture: Picture;
  readonly #columnOf = new Map<number, number>();
  readonly #lines: LineMarks[];
  #seen = -1;

  constructor(layout: MatrixLayout, picture: Picture) {
    this.#layout = layout;
    this.#picture = picture;
    for (const [i, { number }] of layout.columns.entries()) this.#columnOf.set(number, i);
    this.#lines = layout.lines.map(() => NONE);
  }

  /** Takes in what changed; whether anything of it is to be seen. */
  update(): boolean {
    let other = this.#seen < 0;
    const { lines } = this.#layout;
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!;
      let marks: LineMarks;
      if (line.kind === 'node') {
        if (line.row.changed <= this.#seen) continue;
        marks = this.#of(line.row);
      } else if (line.folded && line.group.rows.some(row => row.changed > this.#seen)) {
        marks = [...new Set(line.group.rows.flatMap(row => this.#of(row)))];
      } else continue;
      if (marks.length === 0 && this.#lines[i]!.length === 0) continue;
      this.#lines[i] = marks;
      other = true;
    }
    this.#seen = this.#picture.changes;
    return other;
  }

  of(line: number): LineMarks {
    return this.#lines[line]!;
  }

  /** The next cell in trouble from a spot on, forwards or backwards; where there is none any more, the first or last of all. */
  next(from: Spot | undefined, forwards: boolean): Spot | undefined {
    const spots = this.#lines.flatMap((marks, line) =>
      marks.filter(mark => isTrouble(mark & 15)).map(mark => ({ line, column: mark >> 4 })),
    );
    spots.sort((a, b) => a.line - b.line || a.column - b.column);
    const after = (a: Spot, b: Spot) => a.line - b.line || a.column - b.column;
    if (!from) return forwards ? spots[0] : spots.at(-1);
    return forwards
      ? (spots.find(spot => after(spot, from) > 0) ?? spots[0])
      : (spots.findLast(spot => after(spot, from) < 0) ?? spots.at(-1));
  }

  #of(row: Row): LineMarks {
    let marks: number[] | undefined;
    for (const cell of row.cells) {
      const state = stateOf(cell);
      if (state > STATE.pending) continue;
      const column = this.#columnOf.get(ownerOf(cell));
      if (column !== undefined) (marks ??= []).push(column * 16 + state);
    }
    return marks ?? NONE;
  }
}
