import { ENGLISH } from './english.js';

/** Which sentence one is. */
export type SentenceCode = keyof typeof ENGLISH;

/** What is filled in: a text, or a list of texts and sentences. */
type Value = string | readonly (string | Sentence)[];

/** A sentence as data: it is put into words in one place for each language. */
export interface Sentence {
  readonly code: SentenceCode;
  readonly values: Readonly<Record<string, Value>>;
}

/** A language: what stands between two sentences, and all of them. */
export interface Words {
  readonly separator: string;
  readonly sentences: Readonly<Record<SentenceCode, string>>;
}

const NOTHING = {};

export const sentence = (code: SentenceCode, values: Sentence['values'] = NOTHING): Sentence => ({ code, values });

/** Sentences in the words of a language: in English, unless told otherwise. */
export const tell = (sentences: readonly Sentence[], words: Words = IN_ENGLISH): string =>
  sentences.map(one => told(one, words)).join(words.separator);

const IN_ENGLISH: Words = { separator: '; ', sentences: ENGLISH };

/** `[ ({name})]`, `{name}`, `{name|, }`. */
const GROUP = /\[([^\]]*)\]/g;
const PLACE = /\{(\w+)(?:\|([^}]*))?\}/g;

function told({ code, values }: Sentence, words: Words): string {
  const text = words.sentences[code];
  if (values === NOTHING) return text;
  const fill = (part: string) =>
    part.replace(PLACE, (_, name: string, between: string | undefined) => {
      const value = values[name] ?? '';
      if (typeof value === 'string') return value;
      return value.map(one => (typeof one === 'string' ? one : told(one, words))).join(between ?? words.separator);
    });
  // What is filled in may have brackets of its own, so these come first.
  return text
    .split(GROUP)
    .map((part, i) => (i % 2 === 0 || hasAll(part, values) ? fill(part) : ''))
    .join('');
}

const hasAll = (text: string, values: Sentence['values']): boolean =>
  [...text.matchAll(PLACE)].every(([, name]) => (values[name!]?.length ?? 0) > 0);
