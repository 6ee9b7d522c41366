import type { Random } from '../clock/random.js';
import { groupVersionOf } from '../resources/definition.js';
import type { JqQuery } from '../resources/jq/query.js';
import { JqError } from '../resources/jq/query.js';
import {
  type CompiledRequirement,
  type CompiledStep,
  compileStage,
  type StageParts,
} from '../resources/stage/compile.js';
import type { Stage } from '../resources/stage/types.js';
import { parseGoDuration, parseRfc3339 } from '../resources/templates/time.js';
import type { KubeObject } from '../resources/types.js';

/** A stage as it is played: whom it is for, when, and what it does. */
export class LivingStage {
  readonly name: string;
  /** The revision of the write that made it so. */
  readonly revision: number;
  /** The kind that it is for, whichever version it names: see {@link kindId}. */
  readonly about: string;
  /** `apps/v1`, `v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  /** Why it cannot be played: it was stored when stages were something else. */
  readonly problem: string | undefined;
  readonly #spec: Stage['spec'];
  readonly #parts: StageParts;

  constructor(stage: Stage, revision: number) {
    const { apiGroup = 'v1', kind } = stage.spec.resourceRef;
    this.name = stage.metadata.name;
    this.revision = revision;
    this.apiVersion = apiGroup;
    this.kind = kind;
    this.about = kindId(groupVersionOf(apiGroup).group, kind);
    this.#spec = stage.spec;
    const { parts, errors } = compileStage(stage);
    this.#parts = parts;
    this.problem = errors[0]?.message;
  }

  /** What it does, one after the other. */
  get steps(): readonly CompiledStep[] {
    return this.#parts.steps;
  }

  /** Whether it is for an object as that stands. Without a selector it is for none. */
  matches(object: KubeObject): boolean {
    const { selector } = this.#spec;
    if (!selector || this.problem !== undefined) return false;
    const { labels, annotations } = object.metadata;
    return (
      hasAll(labels, selector.matchLabels) &&
      hasAll(annotations, selector.matchAnnotations) &&
      this.#parts.requirements.every(requirement => holds(requirement, object))
    );
  }

  /** How likely it is among others; undefined where the object says something that is no number. */
  weight(object: KubeObject): number | undefined {
    const { weight = 0 } = this.#spec;
    const [value] = asked(this.#parts.weightFrom, object) ?? [];
    if (typeof value === 'number') return Math.trunc(value);
    if (typeof value !== 'string') return weight;
    return /^[-+]?\d+$/.test(value) ? Number(value) : undefined;
  }

  /** How long it waits from `since` on, in ms. */
  delay(object: KubeObject, since: number, dice: Random): number {
    const { delay } = this.#spec;
    if (!delay) return 0;
    const duration = timeFrom(this.#parts.durationFrom, object, since, delay.durationMilliseconds ?? 0);
    if (duration === undefined) return 0;
    const most = timeFrom(this.#parts.jitterFrom, object, since, delay.jitterDurationMilliseconds);
    if (most === undefined) return Math.max(0, duration);
    return Math.max(0, most <= duration ? most : duration + dice.below(most - duration));
  }
}

/** What names a kind in all of its versions. */
export const kindId = (group: string, kind: string): string => `${group}/${kind}`;

/**
 * Which of the stages that are for an object is played: by weight; where nobody weighs anything, each is as likely.
 * @param stages at least one
 */
export function chosen(stages: readonly LivingStage[], object: KubeObject, dice: Random): LivingStage {
  if (stages.length === 1) return stages[0]!;
  const weighed = stages.map(stage => ({ stage, weight: stage.weight(object) }));
  const known = weighed.filter(({ weight }) => weight !== undefined);
  const candidates = known.length === 0 ? weighed : known;
  const total = candidates.reduce((sum, { weight = 0 }) => sum + Math.max(0, weight), 0);
  if (total === 0) return candidates[dice.below(candidates.length)]!.stage;
  let left = dice.below(total);
  for (const { stage, weight = 0 } of candidates) if (weight > 0 && (left -= weight) < 0) return stage;
  return candidates.at(-1)!.stage;
}

/** All that a query gives; undefined where it has an error, as jq has for what is not there to be gone through. */
function asked(query: JqQuery | undefined, object: KubeObject): unknown[] | undefined {
  try {
    return query?.of(object);
  } catch (error) {
    if (error instanceof JqError) return undefined;
    throw error;
  }
}

function holds({ query, operator, values }: CompiledRequirement, object: KubeObject): boolean {
  const found = asked(query, object) ?? [];
  switch (operator) {
    case 'In':
      return found.some(value => isAmong(value, values));
    case 'NotIn':
      return !found.some(value => isAmong(value, values));
    case 'Exists':
      return found.some(value => value !== null);
    default:
      return !found.some(value => value !== null);
  }
}

const isAmong = (value: unknown, values: readonly string[]): boolean =>
  ['string', 'boolean', 'number'].includes(typeof value) && values.includes(String(value));

function hasAll(own: Readonly<Record<string, string>> = {}, wanted: Readonly<Record<string, string>> = {}): boolean {
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(own, key) && own[key] === value);
}

/** A time in ms from `since` on: until when a query says, or for how long; what the stage itself says where it gives nothing of the sort. */
function timeFrom(
  query: JqQuery | undefined,
  object: KubeObject,
  since: number,
  otherwise: number | undefined,
): number | undefined {
  const [value] = asked(query, object) ?? [];
  if (typeof value !== 'string') return otherwise;
  if (value === '') return undefined;
  const until = parseRfc3339(value);
  if (until !== undefined) return Math.ceil(until - since);
  const duration = parseGoDuration(value);
  return duration === undefined ? otherwise : Math.ceil(duration);
}
