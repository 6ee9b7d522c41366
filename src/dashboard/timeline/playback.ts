import { useEffect, useRef } from 'preact/hooks';

/** Change by change, or how many seconds of the cluster a second is. */
export const SPEEDS = ['change', 1, 10, 60] as const;
export type Speed = (typeof SPEEDS)[number];

interface Moment {
  readonly revision: number;
  readonly time: number;
}

interface Playback {
  readonly isPlaying: boolean;
  readonly speed: Speed;
  /** What is shown. */
  readonly at: () => Moment;
  readonly newest: () => Moment;
  /** Whether what is to be shown is not there yet: nothing is passed over then, but all waits. */
  readonly isBehind: () => boolean;
  readonly show: (at: string) => void;
  /** The next revision at which anything that is shown may have changed; undefined if there is none. */
  readonly next: (revision: number) => Promise<number | undefined>;
  /** It has come to the present. */
  readonly end: () => void;
}

const TICK = 250;

/** Goes on through the past while `isPlaying`. */
export function usePlayback(playback: Playback): void {
  const latest = useRef(playback);
  latest.current = playback;
  const { isPlaying, speed } = playback;
  useEffect(() => {
    if (!isPlaying) return;
    let clock: number | undefined;
    let isAsking = false;
    let isOver = false;
    const goOn = async (revision: number) => {
      isAsking = true;
      const found = await latest.current.next(revision).catch(() => revision + 1);
      isAsking = false;
      if (isOver) return;
      if (found === undefined) latest.current.end();
      else latest.current.show(String(found));
    };
    const timer = setInterval(() => {
      const { at, newest, isBehind, show, end } = latest.current;
      if (isAsking || isBehind()) return;
      const { revision, time } = at();
      if (revision >= newest().revision) return end();
      if (speed === 'change') return void goOn(revision);
      clock = Math.max(clock ?? time, time) + speed * TICK;
      if (clock > newest().time) return end();
      show(new Date(clock).toISOString());
    }, TICK);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [isPlaying, speed]);
}
