import { type Sentence, tell } from '../../words/sentence.js';
import { language, t } from './index.js';
import { sentencesZhTW } from './sentences.zh-TW.js';

/** What the server explains, in the language that is chosen. */
export const say = (sentences: readonly Sentence[]): string =>
  tell(sentences, language.value === 'zh-TW' ? sentencesZhTW : undefined);

/** The same as a sentence that stands alone. */
export function sayInFull(sentences: readonly Sentence[]): string {
  const text = say(sentences);
  return t('list.fullStop', { text: text.charAt(0).toUpperCase() + text.slice(1) });
}
