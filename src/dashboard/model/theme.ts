import { computed, signal } from '@preact/signals';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'kubette.theme';
const systemDark = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(systemDark.matches);
systemDark.addEventListener('change', event => {
  systemIsDark.value = event.matches;
});

const chosen = signal<Theme>(THEMES.find(theme => theme === localStorage.getItem(KEY)) ?? 'auto');
export const theme = computed(() => chosen.value);

export function setTheme(next: Theme): void {
  localStorage.setItem(KEY, next);
  chosen.value = next;
}

const dark = computed(() => chosen.value === 'dark' || (chosen.value === 'auto' && systemIsDark.value));

const COLOURS = [
  'panel', 'ground', 'hover', 'ink', 'muted', 'line', 'accent', 'loud-ground',
  'missing', 'extra', 'failed', 'failing', 'pending', 'unready', 'terminating', 'succeeded', 'ready', 'outdated',
  'other', 'other-outdated', 'mark', 'bar', 'bar-full',
] as const; // biome-ignore format: one line a family
export type Colour = (typeof COLOURS)[number];

/** The colours of the style sheet, for canvases. They change with the theme. */
export const palette = computed((): Readonly<Record<Colour, string>> => {
  document.documentElement.dataset.theme = dark.value ? 'dark' : 'light';
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(COLOURS.map(name => [name, style.getPropertyValue(`--${name}`).trim()])) as Record<
    Colour,
    string
  >;
});

// Also where no canvas asks for them.
palette.subscribe(() => {});
