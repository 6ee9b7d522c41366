import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/resources/types.js';
import { type Answer, createAnswer, updateAnswer } from './validation-answers.js';
import { asToday } from './validation-differences.js';

/**
 * Objects of every kind with most of their fields, each changed in one place, and what a real control plane said of it. Answers that
 * differ in 1.35 in more than a wording are not among them.
 */
interface Recorded {
  /** Name → where it is sent, and the object. */
  readonly bases: Readonly<Record<string, { path: string; object: KubeObject }>>;
  readonly cases: readonly Case[];
}

interface Case {
  readonly name: string;
  readonly base: string;
  readonly operation: 'create' | 'update';
  /** The place that is changed: it gets the value, or is left out. */
  readonly at?: readonly (string | number)[];
  readonly value?: unknown;
}

const read = (file: string) => JSON.parse(readFileSync(new URL(`validation/${file}`, import.meta.url), 'utf8'));

/** The object with its one change. */
function changed(object: KubeObject, { at, value }: Case): KubeObject {
  const copy = structuredClone(object);
  if (!at) return copy;
  const parents = at.slice(0, -1);
  const last = at.at(-1)!;
  let place = copy as unknown as Record<string | number, unknown>;
  for (const step of parents) place = (place[step] ??= {}) as typeof place;
  if (value !== undefined) place[last] = value;
  else if (Array.isArray(place)) place.splice(last as number, 1);
  else delete place[last];
  return copy;
}

/**
 * The recorded causes, where the value was in Go's syntax (`…` stands for it) with the value that was told now; the words before it
 * and behind it must be the same.
 */
function pairedWith(told: readonly string[], recorded: readonly string[]): string[] {
  return recorded
    .map(cause => {
      const [before, behind] = cause.split('…');
      if (behind === undefined) return cause;
      return told.map(asToday).find(text => text.startsWith(before!) && text.endsWith(behind)) ?? cause;
    })
    .sort();
}

/** What is said of an object, without what every server gives its own. */
function told(object: KubeObject | undefined): unknown {
  if (!object) return undefined;
  const {
    kind: _,
    apiVersion: __,
    metadata,
    ...rest
  } = JSON.parse(JSON.stringify(object)) as KubeObject & {
    status?: unknown;
  };
  const { namespace: ___, generation: ____, uid: _____, creationTimestamp: ______, ...named } = metadata;
  const { status: _______, ...content } = rest as { status?: unknown };
  return { metadata: named, ...content };
}

const stored = (base: Recorded['bases'][string]): KubeObject => {
  const { finalizers: _, ...metadata } = base.object.metadata;
  const { object } = createAnswer({ ...base.object, metadata } as never, base.path);
  const identity = { uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z' };
  return { ...object!, metadata: { ...object!.metadata, ...identity } };
};

describe.each(['pod', 'workloads', 'core', 'other', 'served'])('objects of %s, each changed in one place', file => {
  const { bases, cases }: Recorded = read(`${file}.json`);
  const golden: Readonly<Record<string, Answer>> = read(`${file}.golden.json`);

  it.each(cases.map(request => [request.name, request] as const))('%s', (name, request) => {
    const base = bases[request.base]!;
    const want = golden[name]!;
    const got =
      request.operation === 'create'
        ? createAnswer(changed(base.object, request) as never, base.path)
        : updateAnswer(changed(stored(base), request) as never, stored(base));
    expect({ status: got.status, reason: got.reason, causes: got.causes?.map(asToday).sort() }).toEqual({
      status: want.status,
      reason: want.reason,
      causes: want.causes && pairedWith(got.causes ?? [], want.causes.map(asToday)),
    });
    if (want.object) expect(told(got.object)).toEqual(told(want.object));
  });

  it('has an answer for every case', () => {
    expect(cases.map(({ name }) => name).filter(name => !golden[name])).toEqual([]);
  });
});
