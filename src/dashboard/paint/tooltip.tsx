import type { Signal } from '@preact/signals';
import type { ComponentChildren, RefObject } from 'preact';

export interface TooltipProps {
  /** Where in the content of the scroller the pointer is. */
  readonly at: Signal<{ x: number; y: number } | null>;
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** What there is to say; null for nothing. */
  readonly children: (point: { x: number; y: number }) => ComponentChildren;
}

/** What a canvas says about the place under the pointer. Screen readers hear of it in another way. */
export function Tooltip({ at, scroller, children }: TooltipProps) {
  const point = at.value;
  const box = scroller.current;
  const content = point && box ? children(point) : null;
  if (!content || !point || !box) return null;
  const x = point.x - box.scrollLeft;
  const y = point.y - box.scrollTop;
  const right = x > box.clientWidth - 280;
  const below = y < box.clientHeight - 110;
  return (
    <div
      class="tooltip"
      aria-hidden="true"
      style={{
        left: right ? 'auto' : `${x + 14}px`,
        right: right ? `${box.clientWidth - x + 14}px` : 'auto',
        top: below ? `${y + 14}px` : 'auto',
        bottom: below ? 'auto' : `${box.clientHeight - y + 14}px`,
      }}
    >
      {content}
    </div>
  );
}
