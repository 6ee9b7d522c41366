import { language } from './index.js';
import { tour as en } from './tour.en.js';
import { tour as zhTW } from './tour.zh-TW.js';
import type { TourTexts } from './tour-texts.js';

/** The tour in the language that is chosen. */
export const tourTexts = (): TourTexts => (language.value === 'zh-TW' ? zhTW : en);
