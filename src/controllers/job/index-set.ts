/** First and last of neighbouring indexes. */
type Interval = readonly [number, number];

/** A set of completion indexes, as a Job's status tells them: `1,3-5,7`. Never changes. */
export class IndexSet {
  static readonly EMPTY = new IndexSet([]);
  readonly #intervals: readonly Interval[];
  readonly size: number;

  private constructor(intervals: readonly Interval[]) {
    this.#intervals = intervals;
    this.size = intervals.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  }

  /** Reads a text; what is not below `completions`, which may have been lowered since, is left out. */
  static parse(text: string, completions: number): IndexSet {
    const intervals: Interval[] = [];
    for (const part of text === '' ? [] : text.split(',')) {
      const [first, last = first] = part.split('-').map(Number);
      if (first! < completions) intervals.push([first!, Math.min(last!, completions - 1)]);
    }
    return new IndexSet(intervals);
  }

  has(index: number): boolean {
    let low = 0;
    let high = this.#intervals.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#intervals[middle]![1] < index) low = middle + 1;
      else high = middle;
    }
    return low < this.#intervals.length && this.#intervals[low]![0] <= index;
  }

  with(indexes: Iterable<number>): IndexSet {
    const added = [...indexes].filter(index => !this.has(index)).map(index => [index, index] as Interval);
    return added.length === 0 ? this : this.#joined(added);
  }

  union({ intervals }: IndexSet): IndexSet {
    return intervals.length === 0 ? this : this.#joined(intervals);
  }

  #joined(more: readonly Interval[]): IndexSet {
    const joined: [number, number][] = [];
    for (const [first, last] of [...this.#intervals, ...more].sort(([a], [b]) => a - b)) {
      const open = joined.at(-1);
      if (open && first <= open[1] + 1) open[1] = Math.max(open[1], last);
      else joined.push([first, last]);
    }
    return new IndexSet(joined);
  }

  /** How many indexes both sets have. */
  shared({ intervals: others }: IndexSet): number {
    let count = 0;
    for (let i = 0, j = 0; i < this.#intervals.length && j < others.length; ) {
      const [[first, last], [otherFirst, otherLast]] = [this.#intervals[i]!, others[j]!];
      count += Math.max(Math.min(last, otherLast) - Math.max(first, otherFirst) + 1, 0);
      if (last < otherLast) i++;
      else j++;
    }
    return count;
  }

  /** The first `count` indexes below `completions` that are not in the set. */
  missing(count: number, completions: number): number[] {
    const missing: number[] = [];
    let next = 0;
    for (const [first, last] of [...this.#intervals, [completions, completions] as const]) {
      for (; next < Math.min(first, completions) && missing.length < count; next++) missing.push(next);
      next = Math.max(next, last + 1);
    }
    return missing;
  }

  get intervals(): readonly Interval[] {
    return this.#intervals;
  }

  /** Two neighbours are told one by one, more of them as an interval. */
  toString(): string {
    return this.#intervals
      .map(([first, last]) => (first === last ? `${first}` : `${first}${last === first + 1 ? ',' : '-'}${last}`))
      .join(',');
  }
}
