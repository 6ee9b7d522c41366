import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/index.js';
import { stateText } from '../model/describe.js';
import type { Row } from '../model/picture.js';
import { palette } from '../model/theme.js';
import { colourOf, DETAILED, type Palette, paintCell } from '../paint/cell.js';
import { Tooltip } from '../paint/tooltip.js';
import { layoutTicks, type TickLayout, tickAt, tickOutdated, tickState, type Wave } from './waves.js';

export interface TicksProps {
  readonly rows: readonly Row[];
  readonly wave: Wave;
  readonly onPick: (node: string) => void;
}

/** A DaemonSet on all its nodes, a tick each: how far a rollout has come is seen as a wave. */
export function Ticks({ rows, wave, onPick }: TicksProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painted = useRef<{ key: readonly unknown[]; ticks: Uint8Array }>(undefined);
  const [width, setWidth] = useState(0);
  const [isSeen, setSeen] = useState(false);
  const hover = useSignal<{ x: number; y: number } | null>(null);

  // Nodes where nothing is wanted have no tick.
  const places: number[] = [];
  for (let i = 0; i < wave.ticks.length; i++) if (wave.ticks[i] !== 0) places.push(i);
  const layout = layoutTicks(places.length, width);

  useLayoutEffect(() => {
    const element = box.current!;
    const resize = new ResizeObserver(() => setWidth(element.clientWidth));
    const intersection = new IntersectionObserver(entries => setSeen(entries.at(-1)!.isIntersecting), {
      rootMargin: '100px',
    });
    resize.observe(element);
    intersection.observe(element);
    setWidth(element.clientWidth);
    return () => {
      resize.disconnect();
      intersection.disconnect();
    };
  }, []);

  useEffect(() => {
    const element = canvas.current!;
    if (!isSeen || width === 0) return;
    const ratio = devicePixelRatio || 1;
    const key = [places.length, width, ratio, palette.value];
    const ticks = Uint8Array.from(places, i => wave.ticks[i]!);
    const same = painted.current?.key.every((part, i) => part === key[i]) ? painted.current.ticks : undefined;
    if (!same) {
      element.width = Math.round(width * ratio);
      element.height = Math.round(layout.height * ratio);
    }
    const context = element.getContext('2d');
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    // Only what is not on the canvas already.
    for (const [i, tick] of ticks.entries()) if (tick !== same?.[i]) paintTick(context, layout, i, tick, palette.value);
    painted.current = { key, ticks };
  }, [isSeen, width, wave, places.length, palette.value]);

  const nodeAt = ({ x, y }: { x: number; y: number }) => {
    const index = tickAt(layout, places.length, x, y);
    return index === undefined ? undefined : places[index]!;
  };
  const pointOf = (event: MouseEvent) => ({ x: event.offsetX, y: event.offsetY });
  return (
    <div class="ticks" ref={box}>
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas is not. */}
      <canvas
        ref={canvas}
        aria-hidden="true"
        style={{ width: `${width}px`, height: `${layout.height}px` }}
        onMouseMove={event => {
          hover.value = pointOf(event);
        }}
        onMouseLeave={() => {
          hover.value = null;
        }}
        onClick={event => {
          const node = nodeAt(pointOf(event));
          if (node !== undefined) onPick(rows[node]!.name);
        }}
      />
      <Tooltip at={hover} scroller={box}>
        {point => {
          const node = nodeAt(point);
          if (node === undefined) return null;
          const tick = wave.ticks[node]!;
          return (
            <>
              <strong>{rows[node]!.name}</strong>
              <span>{stateText(tickState(tick))}</span>
              <span>{tickOutdated(tick) ? t('state.outdated') : ''}</span>
            </>
          );
        }}
      </Tooltip>
    </div>
  );
}

function paintTick(c: CanvasRenderingContext2D, layout: TickLayout, index: number, tick: number, p: Palette): void {
  const { size, step, across } = layout;
  const [x, y] = [(index % across) * step, Math.floor(index / across) * step];
  const look = { state: tickState(tick), outdated: tickOutdated(tick), daemon: true };
  c.clearRect(x, y, size, size);
  if (size >= DETAILED) paintCell(c, look, x, y, size, p);
  else {
    c.fillStyle = p[colourOf(look)];
    c.fillRect(x, y, size, size);
  }
}
