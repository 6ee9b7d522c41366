import type { PlacementFacts } from '../graph/detail.js';
import type { en } from '../i18n/en.js';

/** How a placement is marked, and what it is called. */
export function chipOf({ actual, ready }: Pick<PlacementFacts, 'actual' | 'ready'>): {
  look: string;
  text: keyof typeof en;
} {
  switch (actual) {
    case 'PRESENT':
      return ready ? { look: 'ready', text: 'state.ready' } : { look: 'unready', text: 'state.unready' };
    case 'NOT_WANTED':
      return { look: 'not-wanted', text: 'detail.notWanted' };
    default: {
      const name = actual.toLowerCase() as Lowercase<typeof actual>;
      return { look: name, text: `state.${name}` };
    }
  }
}

/** Seconds as kubectl writes an age: `45s`, `3m20s`, `5h`, `12d`. */
export function ageText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [minutes, hours, days] = [whole / 60, whole / 3600, whole / 86_400].map(Math.floor) as [number, number, number];
  if (minutes < 2) return `${whole}s`;
  if (minutes < 10) return `${minutes}m${whole % 60 ? `${whole % 60}s` : ''}`;
  if (hours < 3) return `${minutes}m`;
  if (hours < 8) return `${hours}h${minutes % 60 ? `${minutes % 60}m` : ''}`;
  if (days < 2) return `${hours}h`;
  return `${days}d`;
}

const UNITS = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'] as const;

/** An amount of a resource as people write it: cores with two digits, bytes with the unit that fits. */
export function amountText(resource: string, value: number): string {
  if (!/memory|storage|hugepages/.test(resource)) return String(Math.round(value * 100) / 100);
  let unit = 0;
  let amount = value;
  while (amount >= 1024 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${amount >= 100 ? Math.round(amount) : Math.round(amount * 10) / 10}${UNITS[unit]}`;
}
