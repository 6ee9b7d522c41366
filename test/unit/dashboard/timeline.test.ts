import { describe, expect, it } from 'vitest';
import { Pacer } from '../../../src/dashboard/timeline/pacer.js';
import { Track } from '../../../src/dashboard/timeline/track.js';

/** Bars with so many writes each, after `oldest`. */
function track(writes: readonly number[], oldest = 10): Track {
  let revision = oldest;
  const activity = writes.map(count => {
    const fromRevision = String(revision);
    revision += count;
    return { from: '', to: '', fromRevision, toRevision: String(revision), writes: count };
  });
  return new Track({ cluster: { revision: String(revision), oldestRevision: String(oldest), now: '' }, activity });
}

describe('the track of the timeline', () => {
  it('finds each revision where it is', () => {
    const all = track([4, 0, 0, 2, 30]);
    for (let revision = 10; revision <= 46; revision++) {
      expect(all.revisionAt(all.positionOf(revision))).toBe(revision);
    }
    expect(all.positionOf(10)).toBe(0);
    expect(all.positionOf(46)).toBe(1);
    // What came after the bars were told is at their end.
    expect(all.positionOf(99)).toBe(1);
    expect(all.revisionAt(-1)).toBe(10);
    expect(all.revisionAt(0.5)).toBe(14);
  });

  it('is walked by change and by bar, within what there is', () => {
    const all = track([4, 0, 2]);
    expect(all.moved(12, 'ArrowLeft')).toBe(11);
    expect(all.moved(10, 'ArrowLeft')).toBe(10);
    expect(all.moved(16, 'ArrowRight')).toBe(16);
    expect(all.moved(12, 'PageUp')).toBe(14);
    expect(all.moved(14, 'PageUp')).toBe(16);
    expect(all.moved(16, 'PageDown')).toBe(14);
    expect(all.moved(14, 'PageDown')).toBe(10);
    expect(all.moved(12, 'Home')).toBe(10);
    expect(all.moved(12, 'End')).toBe(16);
    expect(all.moved(12, 'a')).toBeUndefined();
  });

  it('says when there is too little on it to go by', () => {
    expect(track([900, 0, 0, 0, 0, 1]).isCrowded).toBe(true);
    expect(track([9, 1, 3, 2, 0, 1]).isCrowded).toBe(false);
  });
});

describe('the pacer of the timeline', () => {
  it('shows one moment after the other, and of those that were passed meanwhile the last', () => {
    const shown: number[] = [];
    const pacer = new Pacer<number>(moment => {
      shown.push(moment);
      return true;
    });
    for (const moment of [1, 2, 3]) pacer.want(moment);
    expect(shown).toEqual([1]);
    expect(pacer.isBehind).toBe(true);
    pacer.arrived();
    expect(shown).toEqual([1, 3]);
    pacer.arrived();
    expect(shown).toEqual([1, 3]);
    expect(pacer.isBehind).toBe(false);
  });

  it('does not wait for what is there already', () => {
    const shown: number[] = [];
    const pacer = new Pacer<number>(moment => {
      shown.push(moment);
      return moment !== 1;
    });
    pacer.want(1);
    pacer.want(2);
    expect(shown).toEqual([1, 2]);
  });
});
