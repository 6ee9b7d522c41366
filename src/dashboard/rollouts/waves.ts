import { isOutdated, ownerOf, STATES, stateOf } from '../model/cells.js';
import type { Owner, Picture, Row } from '../model/picture.js';

/**
 * A tick stands for a DaemonSet on a node: 0 where nothing is wanted and nothing is, else `1 + 2 * state`, and one more if the pod
 * is of an older template.
 */
export const TICKS = 1 + 2 * STATES.length;
export const tickState = (tick: number): number => (tick - 1) >> 1;
export const tickOutdated = (tick: number): boolean => (tick - 1) % 2 === 1;
const tickOf = (cell: number) => 1 + 2 * stateOf(cell) + Number(isOutdated(cell));

/** A DaemonSet on all nodes that are shown. Its ticks change in place; when they do, it is another object. */
export interface Wave {
  /** In the order of the nodes. */
  readonly ticks: Uint8Array;
}

/** The ticks of all DaemonSets, kept up with the picture: only nodes that changed are looked at. */
export class Waves {
  readonly rows: readonly Row[];
  readonly #picture: Picture;
  readonly #waves = new Map<number, Wave>();
  #seen = -1;

  constructor(rows: readonly Row[], picture: Picture) {
    this.rows = rows;
    this.#picture = picture;
    for (const { number } of picture.columns) this.#waves.set(number, { ticks: new Uint8Array(rows.length) });
  }

  of({ number }: Owner): Wave {
    return this.#waves.get(number)!;
  }

  update(): void {
    const now = new Map<number, number>();
    const others = new Set<number>();
    for (const [i, row] of this.rows.entries()) {
      if (row.changed <= this.#seen) continue;
      now.clear();
      for (const cell of row.cells) {
        const owner = ownerOf(cell);
        if (this.#waves.has(owner)) now.set(owner, foremost(now.get(owner), tickOf(cell)));
      }
      for (const [owner, { ticks }] of this.#waves) {
        const tick = now.get(owner) ?? 0;
        if (ticks[i] === tick) continue;
        ticks[i] = tick;
        others.add(owner);
      }
    }
    for (const owner of others) this.#waves.set(owner, { ticks: this.#waves.get(owner)!.ticks });
    this.#seen = this.#picture.changes;
  }
}

/** Where there are two pods, the new one is what a rollout is about; else the one that is worse. */
function foremost(a: number | undefined, b: number): number {
  if (a === undefined) return b;
  if (tickOutdated(a) !== tickOutdated(b)) return tickOutdated(a) ? b : a;
  return Math.min(a, b);
}

/** How many ticks there are of each kind. */
export function countTicks(ticks: Uint8Array): Uint32Array {
  const counts = new Uint32Array(TICKS);
  for (const tick of ticks) counts[tick]!++;
  return counts;
}

/** How ticks are laid out: in lines from left to right, as large as there is room for. */
export interface TickLayout {
  readonly size: number;
  readonly step: number;
  readonly across: number;
  readonly height: number;
}

const SIZES: readonly (readonly [size: number, gap: number])[] = [[16, 4], [12, 3], [9, 2], [7, 2], [5, 1], [4, 1], [3, 1]]; // biome-ignore format: a scale
/** Ticks get smaller before they take more room than this. */
const HIGHEST = 64;

export function layoutTicks(count: number, width: number): TickLayout {
  const at = ([size, gap]: readonly [number, number]): TickLayout => {
    const step = size + gap;
    const across = Math.max(1, Math.floor((width + gap) / step));
    return { size, step, across, height: Math.max(1, Math.ceil(count / across)) * step - gap };
  };
  return at(SIZES.find(sizes => at(sizes).height <= HIGHEST) ?? SIZES.at(-1)!);
}

/** The number of the tick at a point, gaps taken for the tick before them; undefined behind the last. */
export function tickAt({ step, across }: TickLayout, count: number, x: number, y: number): number | undefined {
  const [column, line] = [Math.floor(x / step), Math.floor(y / step)];
  const index = line * across + column;
  return column >= 0 && line >= 0 && column < across && index < count ? index : undefined;
}
