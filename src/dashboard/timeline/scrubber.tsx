import { useRef } from 'preact/hooks';
import { t } from '../i18n/index.js';
import type { Track } from './track.js';

export interface ScrubberProps {
  readonly track: Track;
  /** Where the handle is, from 0 to 1. */
  readonly position: number;
  readonly revision: number;
  /** The same in words. */
  readonly text: string;
  readonly onMove: (revision: number) => void;
}

/** The log as bars, with a handle at what is shown. */
export function Scrubber({ track, position, revision, text, onMove }: ScrubberProps) {
  const box = useRef<HTMLDivElement>(null);
  const drag = (event: PointerEvent) => {
    if (event.buttons !== 1) return;
    const { left, width } = box.current!.getBoundingClientRect();
    onMove(track.revisionAt((event.clientX - left) / width));
  };
  return (
    <div
      ref={box}
      class="scrubber"
      role="slider"
      tabIndex={0}
      aria-label={t('timeline.slider')}
      aria-valuemin={track.oldest}
      aria-valuemax={Math.max(track.newest, revision)}
      aria-valuenow={Math.max(track.oldest, revision)}
      aria-valuetext={text}
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag(event);
      }}
      onPointerMove={drag}
      onKeyDown={event => {
        const next = track.moved(revision, event.key);
        if (next === undefined) return;
        event.preventDefault();
        if (next !== revision) onMove(next);
      }}
    >
      <svg viewBox={`0 0 ${track.bars.length} 100`} preserveAspectRatio="none" aria-hidden="true">
        {track.bars.map(({ writes }, i) => {
          // Roots, so that a burst does not press all else to the ground.
          const height = writes > 0 ? 8 + 92 * Math.sqrt(writes / track.most) : 2;
          const isAhead = (i + 0.5) / track.bars.length > position;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place.
            <rect key={i} class={isAhead ? 'ahead' : ''} x={i + 0.1} y={100 - height} width={0.8} height={height} />
          );
        })}
      </svg>
      <div class="handle" style={{ left: `${100 * position}%` }} />
    </div>
  );
}
