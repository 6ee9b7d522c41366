import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/resources/types.js';
import { createAnswer } from './validation-answers.js';
import { VALIDATION_DIFFERENCES } from './validation-differences.js';

interface Request {
  readonly name: string;
  readonly path: string;
  readonly body: { apiVersion: string; kind: string };
}

interface Answer {
  readonly status: number;
  readonly reason?: string;
  /** `field: reason: message`, sorted. */
  readonly causes?: readonly string[];
  /** What was stored: the object's spec, or its data. */
  readonly spec?: unknown;
}

const read = (file: string) => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
const requests: readonly Request[] = read('validation.json');
const recorded: Readonly<Record<string, Answer>> = read('validation.golden.json');

/** What admission does, and not the kind itself. The server's own test answers these. */
const NEEDS_ADMISSION = new Set(['Pod/priority-set']);

/** Values in Go's syntax, as before 1.34; their wording cannot be compared. */
const GO_SYNTAX = /map\[string\]string|v1\.\w+\{|core\.\w+\{|intstr\.IntOrString\{|\[\]string\{/;

/** What a kind says of an object that is to be created. */
function answer({ body, path }: Request): Answer {
  const { object, ...told } = createAnswer(body, path);
  return object ? { ...told, spec: stored(object) } : told;
}

function stored(object: KubeObject): unknown {
  const { spec, data } = object as KubeObject & { spec?: unknown; data?: unknown };
  return JSON.parse(JSON.stringify(spec ?? data ?? null));
}

const fieldsOf = ({ causes = [] }: Answer) => causes.map(cause => cause.split(': ', 2).join(': ')).sort();

/** What 1.35 answers, as far as it is known to differ from the recording. */
const expected = (name: string): Answer => VALIDATION_DIFFERENCES[name] ?? recorded[name]!;

const compared = requests.filter(({ name }) => !NEEDS_ADMISSION.has(name));

describe('requests as a real control plane answered them', () => {
  it.each(compared.map(request => [request.name, request] as const))('%s', (name, request) => {
    const want = expected(name);
    const got = answer(request);
    expect({ status: got.status, reason: got.reason, fields: fieldsOf(got) }).toEqual({
      status: want.status,
      reason: want.reason,
      fields: fieldsOf(want),
    });
    for (const [i, cause] of (want.causes ?? []).entries()) {
      if (!GO_SYNTAX.test(cause)) expect(got.causes?.[i]).toBe(cause);
    }
  });

  it('has an answer for every request', () => {
    expect(requests.map(r => r.name).filter(name => !recorded[name])).toEqual([]);
    expect(Object.keys(VALIDATION_DIFFERENCES).filter(name => !recorded[name])).toEqual([]);
  });
});

/** Fields of the spec that v1.20 did not have, or that others than the kind itself fill in. */
const FILLED_ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  DaemonSet: [],
  Pod: ['priority', 'preemptionPolicy', 'tolerations'],
  Service: ['clusterIP', 'clusterIPs', 'internalTrafficPolicy', 'ipFamilies', 'ipFamilyPolicy', 'ports'],
  Node: ['taints'],
};

describe('defaults as a real control plane set them', () => {
  const accepted = compared.filter(({ name }) => expected(name).status === 201 && recorded[name]!.status === 201);
  it.each(accepted.map(request => [request.name, request] as const))('%s', (name, request) => {
    const without = (spec: unknown) => {
      const copy = structuredClone(spec) as Record<string, unknown>;
      for (const field of FILLED_ELSEWHERE[request.body.kind] ?? []) delete copy[field];
      const { rollingUpdate } = (copy.updateStrategy ?? {}) as { rollingUpdate?: { maxSurge?: unknown } };
      // There was no surge before 1.21.
      if (rollingUpdate?.maxSurge === 0) delete rollingUpdate.maxSurge;
      return copy;
    };
    expect(without(answer(request).spec)).toEqual(without(recorded[name]!.spec));
  });
});
