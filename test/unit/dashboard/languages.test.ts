import { describe, expect, it } from 'vitest';
import { en } from '../../../src/dashboard/i18n/en.js';
import { tour as tourEn } from '../../../src/dashboard/i18n/tour.en.js';
import { tour as tourZh } from '../../../src/dashboard/i18n/tour.zh-TW.js';
import { zhTW } from '../../../src/dashboard/i18n/zh-TW.js';

/** What has no Chinese name, or is typed as it is. */
const NAMES = new Set(['Pod', 'pod', 'Daemon', 'daemon', 'YAML', 'Manifest', 'kubette', 'nodes']);

const filledIn = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
const isChinese = (text: string) => /\p{Script=Han}/u.test(text);

describe('the texts in Traditional Chinese', () => {
  it('are there for all English ones, and for no others', () => {
    expect(Object.keys(zhTW).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(Object.entries(zhTW))('%s is Chinese: %s', (key, text) => {
    const words = text.replace(/\{\w+\}/g, '').match(/[A-Za-z]+/g) ?? [];
    if (!isChinese(text)) expect(words.filter(word => !NAMES.has(word))).toEqual([]);
    expect(filledIn(text)).toEqual(filledIn(en[key as keyof typeof en]));
  });

  it('tell the whole tour', () => {
    const texts = (value: unknown): string[] =>
      typeof value === 'string' ? [value] : Object.values(value as object).flatMap(texts);
    expect(texts(tourZh)).toHaveLength(texts(tourEn).length);
    expect(texts(tourZh).filter(text => !isChinese(text))).toEqual([]);
  });
});
