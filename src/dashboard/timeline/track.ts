import type { TimelineAnswer } from '../graph/timeline.js';

/** A part of the time, as a bar: what was written in it are the revisions after `from`, up to `to`. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly writes: number;
}

/** The log from end to end. Where something is on it is told from 0 to 1. */
export class Track {
  readonly bars: readonly Bar[];
  readonly oldest: number;
  readonly newest: number;
  /** The most writes of a bar. */
  readonly most: number;

  constructor({ cluster, activity }: TimelineAnswer) {
    this.bars = activity.map(({ fromRevision, toRevision, writes }) => ({
      from: Number(fromRevision),
      to: Number(toRevision),
      writes,
    }));
    this.oldest = Number(cluster.oldestRevision);
    this.newest = Number(cluster.revision);
    this.most = Math.max(1, ...this.bars.map(({ writes }) => writes));
  }

  /** Whether next to all of it is in a few bars: too little to go by. */
  get isCrowded(): boolean {
    return this.bars.filter(({ writes }) => writes > 0).length < 4;
  }

  /** Where a revision is; what is newer than all bars is at the end. */
  positionOf(revision: number): number {
    const { bars } = this;
    const index = bars.findIndex(({ to }) => revision <= to);
    if (index < 0) return 1;
    const { from, to } = bars[index]!;
    const within = to > from ? Math.max(0, revision - from) / (to - from) : 0;
    return (index + within) / bars.length;
  }

  /** Which revision is at a place. */
  revisionAt(position: number): number {
    const { bars } = this;
    if (bars.length === 0 || position >= 1) return this.newest;
    const place = Math.max(0, position) * bars.length;
    const index = Math.min(bars.length - 1, Math.floor(place));
    const { from, to } = bars[index]!;
    return this.within(Math.round(from + (place - index) * (to - from)));
  }

  /** Where a key leads from a revision: arrows by one change, pages by one bar that has some; undefined for other keys. */
  moved(revision: number, key: string): number | undefined {
    switch (key) {
      case 'ArrowLeft':
      case 'ArrowDown':
        return this.within(revision - 1);
      case 'ArrowRight':
      case 'ArrowUp':
        return this.within(revision + 1);
      case 'PageUp':
        return this.within(this.bars.find(({ to }) => to > revision)?.to ?? this.newest);
      case 'PageDown':
        return this.within(this.bars.findLast(({ to }) => to < revision)?.to ?? this.oldest);
      case 'Home':
        return this.oldest;
      case 'End':
        return this.newest;
      default:
        return undefined;
    }
  }

  within(revision: number): number {
    return Math.max(this.oldest, Math.min(this.newest, revision));
  }
}
