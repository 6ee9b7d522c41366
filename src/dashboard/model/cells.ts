/** The states of a cell, by the letters in which `ClusterMap` tells them. What is named first is worse. */
export const STATES = [
  { letter: 'M', name: 'missing' },
  { letter: 'X', name: 'extra' },
  { letter: 'F', name: 'failed' },
  { letter: 'C', name: 'failing' },
  { letter: 'P', name: 'pending' },
  { letter: 'U', name: 'unready' },
  { letter: 'T', name: 'terminating' },
  { letter: 'S', name: 'succeeded' },
  { letter: 'R', name: 'ready' },
] as const;

export type StateName = (typeof STATES)[number]['name'];

/** The number of a state, as cells keep it. */
export const STATE = Object.fromEntries(STATES.map(({ name }, code) => [name, code])) as Record<StateName, number>;

const CODE_OF_LETTER = new Map(STATES.map(({ letter }, code) => [letter as string, code]));

/**
 * A cell is one number: bits 0 to 3 are its state, bit 4 says that the pod is of an older template, and the rest is the
 * number of its owner. 150,000 pods are so 600 KB, and nothing for the garbage collector to look through.
 */
export const stateOf = (cell: number): number => cell & 15;
export const isOutdated = (cell: number): boolean => (cell & 16) !== 0;
export const ownerOf = (cell: number): number => cell >>> 5;
const cellOf = (owner: number, state: number, outdated: boolean): number =>
  ((owner << 5) | (outdated ? 16 : 0) | state) >>> 0;

/** Whether a daemon pod in this state is what one looks for: it is not there, too much, or broken. */
export const isTrouble = (state: number): boolean => state <= STATE.failing;

/** Whether it is what nothing on the page may be louder than: missing, or where it is not wanted. */
export const isLoudest = (state: number): boolean => state <= STATE.extra;

const CELL = /([0-9a-z]+)([A-Z])('?)/g;

/**
 * Reads the text in which a row tells its cells.
 * @param owners the numbers that the owners of the message have here
 */
export function readCells(text: string, owners: readonly number[]): Uint32Array {
  const cells: number[] = [];
  for (const [, owner, letter, outdated] of text.matchAll(CELL)) {
    const code = CODE_OF_LETTER.get(letter!);
    const number = owners[Number.parseInt(owner!, 36)];
    if (code !== undefined && number !== undefined) cells.push(cellOf(number, code, outdated !== ''));
  }
  return Uint32Array.from(cells);
}
