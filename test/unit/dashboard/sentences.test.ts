import { describe, expect, it } from 'vitest';
import { sentencesZhTW } from '../../../src/dashboard/i18n/sentences.zh-TW.js';
import { ENGLISH } from '../../../src/words/english.js';
import { type SentenceCode, sentence, tell } from '../../../src/words/sentence.js';

/** What is filled in, and what of it may be missing. */
const places = (text: string) => ({
  all: new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name)),
  optional: new Set([...text.matchAll(/\[[^\]]*\{(\w+)/g)].map(([, name]) => name)),
});
const codes = Object.keys(ENGLISH) as SentenceCode[];

describe('what the server explains, in Chinese', () => {
  it('is there for every sentence, and for no other', () => {
    expect(Object.keys(sentencesZhTW.sentences).sort()).toEqual([...codes].sort());
  });

  it.each(codes)('%s says all that the English one says', code => {
    const text = sentencesZhTW.sentences[code];
    expect(places(text)).toEqual(places(ENGLISH[code]));
    if (/[a-z]/.test(ENGLISH[code].replace(/\{\w+/g, ''))) expect(text).toMatch(/\p{Script=Han}/u);
  });

  it('is put together with its own signs', () => {
    const why = ['a:NoExecute', 'b:NoSchedule'].map(taint => sentence('taint.notTolerated', { taint }));
    expect(tell([sentence('notWanted', { why })], sentencesZhTW)).toBe(
      '這裡不需要 Pod：不容忍污點（taint）a:NoExecute；不容忍污點（taint）b:NoSchedule',
    );
  });
});

describe('a sentence', () => {
  it('fills in texts, lists and sentences', () => {
    expect(tell([sentence('ports.allFree', { ports: ['80', '443'] })])).toBe('host ports 80, 443 are free');
    expect(tell([sentence('resources.room', { amounts: ['1 CPU', '2Gi memory'] })])).toBe(
      'there is room for 1 CPU and 2Gi memory',
    );
    const terms = [
      sentence('affinity.emptyTerm'),
      sentence('affinity.term', { requirement: 'zone In (a)', found: [sentence('affinity.noLabel')] }),
    ];
    expect(tell([sentence('affinity.required', { terms }), sentence('affinity.noTerms')])).toBe(
      'required node affinity does not match: an empty term matches no node; nor: zone In (a): the node has no such label; ' +
        'the required node affinity has no terms, and so matches no node',
    );
  });

  it('leaves out what is empty with its brackets, and takes what it is given as it stands', () => {
    expect(tell([sentence('failed.replaced', { detail: '' })])).toBe('the pod has failed; the controller replaces it');
    expect(tell([sentence('failed.replaced', { detail: 'Evicted: [memory] {low} $& was $1' })])).toBe(
      'the pod has failed (Evicted: [memory] {low} $& was $1); the controller replaces it',
    );
  });
});
