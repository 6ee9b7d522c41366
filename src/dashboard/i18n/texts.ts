import type { en } from './en.js';

export type TextKey = keyof typeof en;

/** Every text of the page, by key; `{name}` in it is filled in. */
export type Texts = Readonly<Record<TextKey, string>>;
