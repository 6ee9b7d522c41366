/** The font of canvases. */
export const FONT = '"Kubette Sans", system-ui, -apple-system, "Segoe UI", "Noto Sans TC", sans-serif';

/** As much of a text as there is room for. */
export function clip(c: CanvasRenderingContext2D, text: string, room: number): string {
  if (c.measureText(text).width <= room) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (c.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return low > 0 ? `${text.slice(0, low)}…` : '';
}

let ruler: CanvasRenderingContext2D | null | undefined;

/** How wide the longest of some texts is: of those with the most letters, which is near enough and measures one only. */
export function longest(texts: Iterable<string>, font: string): number {
  ruler ??= document.createElement('canvas').getContext('2d');
  if (!ruler) return 0;
  let most = '';
  for (const text of texts) if (text.length > most.length) most = text;
  ruler.font = `${font} ${FONT}`;
  return ruler.measureText(most).width;
}
