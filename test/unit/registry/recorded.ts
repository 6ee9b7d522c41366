import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** One request of a scenario, with what a real kube-apiserver answered. */
export interface RecordedStep {
  readonly request: { readonly path: string; readonly body: unknown; readonly type?: string };
  readonly answer: {
    readonly status: number;
    readonly reason?: string;
    readonly message?: string;
    readonly causes?: string[];
    readonly body?: Record<string, unknown>;
  };
}

/** The steps of a recorded scenario (test/unit/registry/recorded). */
export function recorded(name: string): RecordedStep[] {
  const read = (file: string) => readFileSync(new URL(`./recorded/${file}`, import.meta.url), 'utf8');
  const { steps } = parse(read(`${name}.yaml`)) as { steps: { request: RecordedStep['request'] }[] };
  const { observed } = JSON.parse(read(`${name}.golden.json`)) as { observed: RecordedStep['answer'][] };
  return steps.map((step, i) => ({ request: step.request, answer: observed[i]! }));
}

/** Fields that the server fills in by default, which pure patching does not. */
const DEFAULTS: Record<string, unknown> = {
  imagePullPolicy: 'IfNotPresent',
  resources: '{}',
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  protocol: 'TCP',
};

/** `value` without the defaults of containers and ports. */
export function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([k, v]) => {
    const text = typeof v === 'object' ? JSON.stringify(v) : v;
    return DEFAULTS[k] === undefined || DEFAULTS[k] !== text;
  });
  return Object.fromEntries(kept.map(([k, v]) => [k, withoutDefaults(v)]));
}

/** The value at a dotted path such as `spec.template.spec`. */
export function at(object: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], object);
}

/** Freezes a JSON value through and through, so that a test fails where code changes its input. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) deepFreeze(item);
    Object.freeze(value);
  }
  return value;
}
