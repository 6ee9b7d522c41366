import type { Clock } from '../clock/clock.js';
import { parseDuration } from '../clock/duration.js';
import { Random } from '../clock/random.js';
import { controllerOf } from '../registry/indexes.js';
import { type LabelMatcher, parseLabelSelector } from '../resources/selector.js';
import type { KubeObject, Node, Pod } from '../resources/types.js';
import { annotationsFor, type PodDefaults } from './options.js';

/** Which pods a rule is about: all of these must hold. */
export interface PodMatch {
  readonly namespace?: string;
  /** Labels, as kubectl's `-l` takes them. */
  readonly selector?: string;
  /** What controls them: `DaemonSet/agent`. */
  readonly owner?: string;
  /** The node that they are on: its name. */
  readonly node?: string;
  /** Labels of that node. */
  readonly nodeSelector?: string;
}

/** Which nodes a rule is about. */
export interface NodeMatch {
  readonly name?: string;
  /** Labels, as kubectl's `-l` takes them. */
  readonly selector?: string;
}

/**
 * What some pods, or some nodes, are made to do for some time, whatever their annotations say: settings as in {@link PodDefaults}. Of
 * rules that say different things of the same setting the one that was added last counts.
 */
export interface BehaviorRule extends PodDefaults {
  readonly name: string;
  /** One of these two. */
  readonly pods?: PodMatch;
  readonly nodes?: NodeMatch;
  /** Which part of them, `30%` or 0.3: found by their uids, so that it is the same ones in every run. All if absent. */
  readonly share?: number | string;
  /** From when on, counted from when the rule is added: ms, or `10s`. At once if absent. */
  readonly after?: number | string;
  /** For how long. For ever if absent. */
  readonly for?: number | string;
  /** How often that begins again: with `for: '20s'` and `every: '1m'`, twenty seconds of each minute. */
  readonly every?: number | string;
}

/** A rule as it stands. */
export interface BehaviorRuleState extends BehaviorRule {
  /** Whether its time is now. */
  readonly active: boolean;
  /** How many pods or nodes have been what it is about. */
  readonly matched: number;
  /** How many of them it has struck. */
  readonly struck: number;
}

/** One rule, ready to be applied. */
interface Standing {
  readonly rule: BehaviorRule;
  readonly annotations: Readonly<Record<string, string>>;
  readonly selects: (object: KubeObject, node: Node | undefined) => boolean;
  readonly share: number;
  /** ms since the epoch. */
  readonly from: number;
  readonly length: number;
  readonly period: number;
  readonly matched: Set<string>;
  readonly struck: Set<string>;
}

const FIELDS: Readonly<Record<string, true>> = {
  name: true,
  pods: true,
  nodes: true,
  share: true,
  after: true,
  for: true,
  every: true,
};

/**
 * What pods and nodes are made to do on demand, by selector, share and schedule. A rule works like annotations that the objects do not have, and
 * is over with whoever keeps it: it is no part of the cluster's state.
 */
export class BehaviorRules {
  readonly #clock: Clock;
  readonly #standing = new Map<string, Standing>();
  readonly #listeners: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return this.#standing.size === 0;
  }

  /**
   * Adds a rule, in place of another one of its name.
   * @throws TypeError that says what is wrong with it
   */
  add(rule: BehaviorRule): BehaviorRuleState {
    const standing = compiled(rule, this.#clock.now());
    this.#standing.delete(rule.name);
    this.#standing.set(rule.name, standing);
    this.#changed();
    return this.#state(standing);
  }

  list(): readonly BehaviorRuleState[] {
    return [...this.#standing.values()].map(one => this.#state(one));
  }

  get(name: string): BehaviorRuleState | undefined {
    const standing = this.#standing.get(name);
    return standing && this.#state(standing);
  }

  /** Ends a rule; what it made pods and nodes do is over. Answers whether there was one. */
  remove(name: string): boolean {
    const was = this.#standing.delete(name);
    if (was) this.#changed();
    return was;
  }

  /** Ends all of them. */
  clear(): void {
    if (this.isEmpty) return;
    this.#standing.clear();
    this.#changed();
  }

  /** Hears when rules came or went: all pods and nodes are to be looked at again. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** A pod or node with the annotations that rules give it now; the very same object if none does. @param node that a pod is on */
  applied<T extends KubeObject>(object: T, node?: Node): T {
    if (this.isEmpty) return object;
    const now = this.#clock.now();
    let annotations: Record<string, string> | undefined;
    for (const standing of this.#of(object, node)) {
      if (!isActive(standing, now)) continue;
      standing.struck.add(object.metadata.uid);
      annotations = { ...(annotations ?? object.metadata.annotations), ...standing.annotations };
    }
    return annotations ? { ...object, metadata: { ...object.metadata, annotations } } : object;
  }

  /** When a rule begins or ends for a pod or node next; whether that comes round for ever. */
  next(object: KubeObject, node?: Node): { readonly at: number; readonly comesRound: boolean } | undefined {
    if (this.isEmpty) return undefined;
    const now = this.#clock.now();
    let next: { at: number; comesRound: boolean } | undefined;
    for (const standing of this.#of(object, node)) {
      const at = flipAfter(standing, now);
      if (at !== undefined && (!next || at < next.at)) next = { at, comesRound: standing.period > 0 };
    }
    return next;
  }

  #of(object: KubeObject, node: Node | undefined): Standing[] {
    return [...this.#standing.values()].filter(standing => {
      if (!standing.selects(object, node)) return false;
      standing.matched.add(object.metadata.uid);
      return isOfShare(standing, object.metadata.uid);
    });
  }

  #state({ rule, from, length, period, matched, struck, ...rest }: Standing): BehaviorRuleState {
    const active = isActive({ rule, from, length, period, matched, struck, ...rest }, this.#clock.now());
    return { ...rule, active, matched: matched.size, struck: struck.size };
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** How far into its time a rule is; less than 0 before it begins. */
function elapsed({ from, period }: Standing, now: number): number {
  const since = now - from;
  return since < 0 || period === 0 ? since : since % period;
}

const isActive = (standing: Standing, now: number): boolean => {
  const since = elapsed(standing, now);
  return since >= 0 && since < standing.length;
};

/** When a rule begins or ends next. */
function flipAfter(standing: Standing, now: number): number | undefined {
  const since = elapsed(standing, now);
  if (since < 0) return standing.from;
  if (since < standing.length) return Number.isFinite(standing.length) ? now + standing.length - since : undefined;
  return standing.period > 0 ? now + standing.period - since : undefined;
}

/** The same objects in every run, since uids are; other ones for another rule. */
function isOfShare({ rule, share }: Standing, uid: string): boolean {
  return share >= 1 || new Random(`${rule.name}/${uid}`).uint32() / 2 ** 32 < share;
}

/** @throws TypeError */
function compiled(rule: BehaviorRule, now: number): Standing {
  const { name, pods, nodes } = rule;
  if (typeof name !== 'string' || name === '') throw new TypeError('a rule needs a name');
  const where = `rule ${JSON.stringify(name)}`;
  if ((pods === undefined) === (nodes === undefined))
    throw new TypeError(`${where} must be about pods or about nodes: pods: {} for all pods`);
  const settings = Object.fromEntries(Object.entries(rule).filter(([field]) => !Object.hasOwn(FIELDS, field)));
  const about = pods ? 'Pod' : 'Node';
  const annotations = explained(where, () => annotationsFor(about, settings));
  if (Object.keys(annotations).length === 0)
    throw new TypeError(`${where} says nothing of what is to happen: behavior: 'crash-loop', readyDelay: '30s' …`);
  const length = millisecondsOf(where, 'for', rule.for, Number.POSITIVE_INFINITY);
  const period = millisecondsOf(where, 'every', rule.every, 0);
  if (period > 0 && !(length < period)) throw new TypeError(`${where}: for must be shorter than every`);
  return {
    rule,
    annotations,
    selects: explained(where, () => (pods ? podSelector(pods) : nodeSelector(nodes!))),
    share: shareOf(where, rule.share),
    from: now + millisecondsOf(where, 'after', rule.after, 0),
    length,
    period,
    matched: new Set(),
    struck: new Set(),
  };
}

function podSelector(match: PodMatch): Standing['selects'] {
  checkFields(match, ['namespace', 'selector', 'owner', 'node', 'nodeSelector']);
  const labels = labelsOf(match.selector);
  const nodeLabels = labelsOf(match.nodeSelector);
  return (object, node) => {
    if (object.kind !== 'Pod') return false;
    const { namespace, labels: own } = object.metadata;
    if (match.namespace !== undefined && namespace !== match.namespace) return false;
    if (!labels.matches(own)) return false;
    if (match.node !== undefined && (object as Pod).spec.nodeName !== match.node) return false;
    if (match.nodeSelector !== undefined && !(node && nodeLabels.matches(node.metadata.labels))) return false;
    if (match.owner === undefined) return true;
    const owner = controllerOf(object);
    return owner !== undefined && `${owner.kind}/${owner.name}` === match.owner;
  };
}

function nodeSelector(match: NodeMatch): Standing['selects'] {
  checkFields(match, ['name', 'selector']);
  const labels = labelsOf(match.selector);
  return ({ kind, metadata }) =>
    kind === 'Node' && (match.name === undefined || metadata.name === match.name) && labels.matches(metadata.labels);
}

const labelsOf = (selector = ''): LabelMatcher => parseLabelSelector(selector);

/** @throws TypeError for what has been misspelt: a rule that is about everything by mistake strikes everything */
function checkFields(match: object, known: readonly string[]): void {
  for (const field of Object.keys(match))
    if (!known.includes(field))
      throw new TypeError(`there is no field ${field} to match; there are ${known.join(', ')}`);
}

function millisecondsOf(where: string, field: string, value: number | string | undefined, absent: number): number {
  if (value === undefined) return absent;
  const ms = typeof value === 'number' ? value : parseDuration(value);
  if (ms === undefined || !(ms >= 0))
    throw new TypeError(`${where}: ${field} must be a duration such as 10s, not ${JSON.stringify(value)}`);
  return ms;
}

function shareOf(where: string, share: number | string | undefined): number {
  if (share === undefined) return 1;
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(String(share)) ?? [];
  const part = percent === undefined ? Number(share) : Number(percent) / 100;
  if (!(part >= 0 && part <= 1))
    throw new TypeError(`${where}: share must be one such as 30% or 0.3, not ${JSON.stringify(share)}`);
  return part;
}

/** What goes wrong says of which rule. */
function explained<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new TypeError(`${where}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
