import { computed, effect, signal } from '@preact/signals';
import { en } from './en.js';
import type { TextKey, Texts } from './texts.js';
import { zhTW } from './zh-TW.js';

export type { TextKey };

export const LANGUAGES = { en: { name: 'English', texts: en }, 'zh-TW': { name: '繁體中文', texts: zhTW } } as const;
export type Language = keyof typeof LANGUAGES;

const KEY = 'kubette.language';

function firstLanguage(): Language {
  const chosen = localStorage.getItem(KEY) ?? navigator.languages.find(l => /^(en|zh)\b/i.test(l)) ?? 'en';
  return /^zh/i.test(chosen) ? 'zh-TW' : 'en';
}

const current = signal<Language>(firstLanguage());
export const language = computed(() => current.value);

export function setLanguage(next: Language): void {
  localStorage.setItem(KEY, next);
  current.value = next;
}

effect(() => {
  document.documentElement.lang = current.value;
});

/** The text of a key in the language that is chosen: components that call it are drawn again when another is. */
export function t(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  const texts: Texts = LANGUAGES[current.value].texts;
  return texts[key].replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}

/** Keys of texts that differ by a number: `key.one` and `key.other`. */
export type PluralKey = TextKey extends infer K ? (K extends `${infer Base}.other` ? Base : never) : never;

/** The text of a number of things: `1 node`, `4 nodes`. `{count}` in it is the number, as the language writes it. */
export function plural(key: PluralKey, count: number): string {
  const one = forms.value.plural.select(count) === 'one';
  return t(`${key}.${one ? 'one' : 'other'}` as TextKey, { count: formatNumber(count) });
}

/** A number as the language writes it. */
export const formatNumber = (value: number): string => forms.value.number.format(value);

/** Kept, since a new one for each number would be most of the work of painting. */
const forms = computed(() => ({
  number: new Intl.NumberFormat(current.value),
  plural: new Intl.PluralRules(current.value),
}));
