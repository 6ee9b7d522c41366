import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { STATES } from '../model/cells.js';
import type { Palette } from '../paint/cell.js';
import type { MatrixLayout } from './layout.js';
import type { Marks } from './marks.js';

export interface RulerProps {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly layout: () => { readonly layout: MatrixLayout; readonly marks: Marks } | undefined;
  readonly palette: Palette;
  /** Whatever changes how it looks. */
  readonly when: readonly unknown[];
}

/**
 * The whole matrix pressed into the height that there is, with nothing on it but what should be looked at; a press leads there. For
 * pointers alone: the keyboard has a key for the same.
 */
export function Ruler({ scroller, layout: find, palette, when }: RulerProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const painted = useRef<readonly unknown[]>([]);

  const place = () => {
    const box = scroller.current;
    const found = find();
    if (!box || !frame.current || !found) return;
    const scale = scaleOf(found.layout, box.clientHeight);
    const { headHeight } = found.layout;
    frame.current.style.top = `${headHeight + box.scrollTop * scale}px`;
    frame.current.style.height = `${Math.max(12, (box.clientHeight - headHeight) * scale)}px`;
    frame.current.hidden = found.layout.height <= box.clientHeight;
  };
  const paint = () => {
    const element = canvas.current;
    const box = scroller.current;
    const found = find();
    if (!element || !box || !found) return;
    const ratio = devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = element;
    const same = [found.layout, palette, width, height, ratio];
    const changed = found.marks.update();
    if (!changed && same.every((part, i) => part === painted.current[i])) return;
    painted.current = same;
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    const context = element.getContext('2d', { alpha: false });
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintMarks(context, found.layout, found.marks, palette, width, height, scaleOf(found.layout, box.clientHeight));
  };

  useEffect(() => {
    const request = requestAnimationFrame(() => {
      paint();
      place();
    });
    return () => cancelAnimationFrame(request);
  }, when);
  useEffect(() => {
    const box = scroller.current!;
    const observer = new ResizeObserver(() => {
      paint();
      place();
    });
    observer.observe(box);
    box.addEventListener('scroll', place);
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', place);
    };
  }, []);

  const jump = (event: PointerEvent) => {
    const box = scroller.current;
    const found = find();
    if (!box || !found || event.buttons !== 1) return;
    const y = event.clientY - canvas.current!.getBoundingClientRect().top - found.layout.headHeight;
    const shown = box.clientHeight - found.layout.headHeight;
    box.scrollTop = y / scaleOf(found.layout, box.clientHeight) - shown / 2;
  };
  return (
    <div
      class="ruler"
      aria-hidden="true"
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId);
        jump(event);
      }}
      onPointerMove={jump}
    >
      <canvas ref={canvas} />
      <div ref={frame} class="frame" />
    </div>
  );
}

/** How much smaller the ruler shows a line than the matrix does; never larger. */
function scaleOf({ height, headHeight }: MatrixLayout, room: number): number {
  return Math.min(1, (room - headHeight) / Math.max(1, height - headHeight));
}

function paintMarks(
  c: CanvasRenderingContext2D,
  { lines, columns, headHeight }: MatrixLayout,
  marks: Marks,
  p: Palette,
  width: number,
  height: number,
  scale: number,
): void {
  c.fillStyle = p.ground;
  c.fillRect(0, 0, width, height);
  const inner = width - 6;
  const step = inner / Math.max(1, columns.length);
  // What is worse comes later, over what is less so.
  for (let state = STATES.length - 1; state >= 0; state--) {
    c.fillStyle = p[STATES[state]!.name];
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!;
      const size = Math.max(2, Math.min(8, line.height * scale - 1));
      for (const mark of marks.of(i)) {
        if ((mark & 15) !== state) continue;
        const y = headHeight + (line.y - headHeight + line.height / 2) * scale - size / 2;
        c.fillRect(3 + (mark >> 4) * step, y, Math.max(3, Math.min(8, step - 1)), size);
      }
    }
  }
}
