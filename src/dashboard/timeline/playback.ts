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
    const timer = setInterval(() => {
      const { at, newest, isBehind, show, end } = latest.current;
      if (isBehind()) return;
      const { revision, time } = at();
      if (revision >= newest().revision) return end();
      if (speed === 'change') return show(String(revision + 1));
      clock = Math.max(clock ?? time, time) + speed * TICK;
      if (clock > newest().time) return end();
      show(new Date(clock).toISOString());
    }, TICK);
    return () => clearInterval(timer);
  }, [isPlaying, speed]);
}
