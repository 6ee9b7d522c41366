import { isTrouble, ownerOf, stateOf } from '../model/cells.js';
import type { Picture, Row } from '../model/picture.js';

/**
 * Where each cell of a node stands in its box: every DaemonSet has the same place in all boxes, so that what differs strikes the
 * eye; what is more than one of a DaemonSet, and all other pods, come after them.
 */
export class Slots {
  readonly #place = new Map<number, number>();
  /** How many places the DaemonSets have. */
  readonly daemons: number;

  constructor(readonly picture: Picture) {
    for (const [i, owner] of picture.columns.entries()) this.#place.set(owner.number, i);
    this.daemons = picture.columns.length;
  }

  /** The places that the fullest box has. */
  get most(): number {
    return this.daemons + this.picture.mostOthers;
  }

  /** Slot → cell of a row; a DaemonSet's place where nothing is wanted is undefined. */
  of(row: Row): (number | undefined)[] {
    const slots: (number | undefined)[] = new Array(this.daemons).fill(undefined);
    for (const cell of row.cells) {
      const place = this.#place.get(ownerOf(cell));
      if (place === undefined) slots.push(cell);
      else if (slots[place] === undefined) slots[place] = cell;
      // What is in trouble must not hide behind what is not.
      else if (isTrouble(stateOf(cell)) && !isTrouble(stateOf(slots[place]!))) {
        slots.push(slots[place]);
        slots[place] = cell;
      } else slots.push(cell);
    }
    return slots;
  }
}
