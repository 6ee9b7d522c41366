import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import './paint.css';

/** The part of the content that can be seen, in CSS pixels. */
export interface Viewport {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface ScrollerProps {
  /** The size of the whole content for a viewport of this width and height. */
  readonly contentSize: (width: number, height: number) => { readonly width: number; readonly height: number };
  /** Paints what can be seen; the origin of the context is that of the content. `isBlank`: nothing is on the canvas. */
  readonly paint: (context: CanvasRenderingContext2D, viewport: Viewport, isBlank: boolean) => void;
  /** Whatever changes how it looks: when one of these is another, it is painted anew, once a frame at most. */
  readonly when: readonly unknown[];
  /** Where in the content the pointer is; null when it leaves. */
  readonly onHover?: (point: { x: number; y: number } | null) => void;
  readonly onPick?: (point: { x: number; y: number }) => void;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  /** The element that scrolls: for who scrolls it to something. */
  readonly scrollerRef?: RefObject<HTMLDivElement | null>;
  readonly label: string;
  /** How many rows and columns there are for a screen reader, which is told of one at a time. */
  readonly rows?: number;
  readonly columns?: number;
  /** What the focus is on, by id, within `children`. */
  readonly active?: string | undefined;
  /** What a screen reader is told instead of the canvas. */
  readonly children?: ComponentChildren;
}

/**
 * A canvas of the size of what can be seen, over content of any size: the browser scrolls it, and only what is seen is painted. For
 * screen readers the canvas does not exist; they get `children`.
 */
export function Scroller(props: ScrollerProps) {
  const own = useRef<HTMLDivElement>(null);
  const scroller = props.scrollerRef ?? own;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const frame = useRef(0);
  const latest = useRef(props);
  latest.current = props;

  /** A canvas that gets another size loses what was on it. */
  const isBlank = useRef(true);

  const paint = () => {
    const box = scroller.current;
    const context = canvas.current?.getContext('2d', { alpha: false });
    if (!box || !context) return;
    const ratio = devicePixelRatio || 1;
    const viewport = { left: box.scrollLeft, top: box.scrollTop, width: box.clientWidth, height: box.clientHeight };
    context.setTransform(ratio, 0, 0, ratio, -viewport.left * ratio, -viewport.top * ratio);
    latest.current.paint(context, viewport, isBlank.current);
    isBlank.current = false;
  };
  const schedule = () => {
    frame.current ||= requestAnimationFrame(() => {
      frame.current = 0;
      paint();
    });
  };

  useLayoutEffect(() => {
    const box = scroller.current!;
    const observer = new ResizeObserver(() => setSize({ width: box.clientWidth, height: box.clientHeight }));
    observer.observe(box);
    setSize({ width: box.clientWidth, height: box.clientHeight });
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    };
  }, []);

  useLayoutEffect(() => {
    const ratio = devicePixelRatio || 1;
    const element = canvas.current!;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (element.width === width && element.height === height) return;
    element.width = width;
    element.height = height;
    isBlank.current = true;
    // At once, or it would be seen black for a moment.
    paint();
  }, [size.width, size.height]);

  useEffect(schedule, [size.width, size.height, ...props.when]);

  const content = props.contentSize(size.width, size.height);
  const pointOf = (event: MouseEvent) => {
    const box = scroller.current!;
    const { left, top } = box.getBoundingClientRect();
    return { x: event.clientX - left + box.scrollLeft, y: event.clientY - top + box.scrollTop };
  };
  return (
    <div
      ref={scroller}
      class="scroller"
      tabIndex={0}
      role="grid"
      aria-label={props.label}
      aria-activedescendant={props.active}
      aria-rowcount={props.rows}
      aria-colcount={props.columns}
      onScroll={() => {
        // What was under the pointer is elsewhere now.
        props.onHover?.(null);
        schedule();
      }}
      onKeyDown={props.onKeyDown}
      onClick={event => props.onPick?.(pointOf(event))}
      onMouseMove={event => props.onHover?.(pointOf(event))}
      onMouseLeave={() => props.onHover?.(null)}
    >
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas is not. */}
      <canvas ref={canvas} aria-hidden="true" style={{ width: `${size.width}px`, height: `${size.height}px` }} />
      <div class="spacer" aria-hidden="true" style={{ width: `${content.width}px`, height: `${content.height}px` }} />
      <div class="unseen">{props.children}</div>
    </div>
  );
}
