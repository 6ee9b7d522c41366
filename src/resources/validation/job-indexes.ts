/** What indexes of pods a text such as `1,3-5` names. */
export interface Indexes {
  /** How many; 0 if the text is wrong. */
  readonly total: number;
  /** First and last of each interval. */
  readonly intervals: readonly (readonly [number, number])[];
  /** What is wrong with it, in upstream's words. */
  readonly problem?: string;
}

/** Reads indexes in their order, each below `completions`. Mirrors `validateIndexesFormat`. */
export function parseIndexes(text: string, completions: number): Indexes {
  const intervals: [number, number][] = [];
  const wrong = (problem: string): Indexes => ({ total: 0, intervals: [], problem });
  let previous = -1;
  for (const part of text === '' ? [] : text.split(',')) {
    const limits = part.split('-');
    if (limits.length > 2) {
      return wrong(
        `the fragment ${JSON.stringify(part)} violates the requirement that an index interval can have at most two parts separated by '-'`,
      );
    }
    const own: number[] = [];
    for (const limit of limits) {
      if (!/^[+-]?\d+$/.test(limit))
        return wrong(`cannot convert string to integer for index: ${JSON.stringify(limit)}`);
      const index = Number(limit);
      if (index >= completions) return wrong(`too large index: ${JSON.stringify(limit)}`);
      if (index <= previous) return wrong(`non-increasing order, previous: ${previous}, current: ${index}`);
      previous = index;
      own.push(index);
    }
    intervals.push([own[0]!, own.at(-1)!]);
  }
  return { total: intervals.reduce((sum, [first, last]) => sum + last - first + 1, 0), intervals };
}
