import type { Clock } from '../clock/clock.js';
import { parseDuration } from '../clock/duration.js';
import { Random } from '../clock/random.js';
import { FAULTS, isAboutEvents, type Place, placeOf } from './catalogue.js';
import { drawDuration } from './latency.js';
import { type Asked, Matcher, nearMiss } from './matching.js';
import { type NearMiss, NearMisses } from './near-misses.js';
import { type ReadRule, readFault, readRule } from './read-rule.js';
import { RuleError } from './reading.js';
import type { Fault, FaultOf, FaultReport, FaultRule, FaultSettings, ReadFault } from './rule.js';
import { Unmet } from './unmet.js';

/** A fault that happens now, with the dice of its rule. */
export interface Happening<F extends ReadFault = ReadFault> {
  /** The name of its rule. */
  readonly name: string;
  readonly fault: F;
  readonly dice: Random;
  /** To be called when it takes effect, where that is later than now. */
  readonly took: () => void;
}

/** How long a request has to wait, and where. */
export interface Delay {
  readonly name: string;
  readonly ms: number;
  readonly clock: 'cluster' | 'machine';
  /** Whether it waits with its answer rather than with its work. */
  readonly applied: boolean;
}

/** What happens to a request: it waits, and then perhaps something goes wrong. */
export interface Met {
  readonly delays: readonly Delay[];
  readonly happening: Happening | undefined;
}

type Latency = FaultOf<'latency'>;
type Refusal = 'connection' | '503';
export interface FaultsOptions {
  /** The dice of rules are made of it and of their names, so that none moves those of another, nor the cluster's. */
  readonly seed: string | number;
  /** By which their times go. */
  readonly clock: Clock;
  /** Rules that there are from the beginning, and again after a reset. */
  readonly rules?: readonly FaultRule[] | undefined;
}

/** How a cluster is made to fail on purpose: rules, asked in their order at each request; the first that has something happen wins, but latency adds up. */
export class Faults {
  readonly #options: FaultsOptions;
  #rules: Rule[] = [];
  /** Until when nobody answers, by the cluster's clock, and how those who ask are refused. */
  #down: { readonly until: number; readonly refuse: Refusal } | undefined;
  readonly #restarts = new Set<() => void>();
  /** Hears of what happens to commits and webhooks. */
  witness: ((happening: Happening) => void) | undefined;

  /** @throws RuleError (a TypeError) that says which field of a rule makes no sense, and what would */
  constructor(options: FaultsOptions) {
    this.#options = options;
    this.reset();
  }

  /**
   * Adds rules behind those that there are, all of them or none.
   * @throws RuleError (a TypeError) that says which field makes no sense, and what would
   */
  add(...rules: readonly FaultRule[]): readonly FaultReport[] {
    return this.#add(rules, i => (rules.length > 1 ? `rules[${i}]` : ''));
  }

  #add(rules: readonly FaultRule[], pathOf: (index: number) => string): readonly FaultReport[] {
    const taken = new Set(this.#rules.map(({ name }) => name));
    const added = rules.map((given, i) => {
      const path = pathOf(i);
      const read = readRule(given, path);
      const name = read.name ?? freeName(read.fault.kind, taken);
      if (taken.has(name)) throw new RuleError(path ? `${path}.name` : 'name', 'one that no other rule has', name);
      taken.add(name);
      return this.#made(name, read);
    });
    this.#rules = [...this.#rules, ...added];
    return added.map(rule => rule.report());
  }

  /** All rules in their order, and how often each matched and fired. */
  list(): readonly FaultReport[] {
    return this.#rules.map(rule => rule.report());
  }

  get(name: string): FaultReport | undefined {
    return this.#rules.find(rule => rule.name === name)?.report();
  }

  /** Whether there was such a rule. */
  remove(name: string): boolean {
    const before = this.#rules.length;
    this.#rules = this.#rules.filter(rule => rule.name !== name);
    return this.#rules.length < before;
  }

  /** Removes all rules; a server that restarts is there again. What has become of open watches goes on. */
  clear(): void {
    this.#rules = [];
    this.#down = undefined;
  }

  /** What a restart is to be like. @throws RuleError if that makes no sense */
  checkRestart(settings: object): FaultOf<'restart'> {
    return readFault({ restart: settings }, 'fault') as FaultOf<'restart'>;
  }

  /**
   * Restarts the server, as far as its clients can tell: all connections break, and for a time (1s, by the cluster's clock) requests are
   * broken off or refused, all but those to `/_kubette`.
   * @throws RuleError
   */
  restart(settings: Omit<FaultSettings['restart'], 'applied'> = {}): void {
    const { for: time = '1s', refuse = 'connection' } = this.checkRestart(settings);
    this.#down = { until: this.#options.clock.now() + parseDuration(time)!, refuse };
    for (const call of this.#restarts) call();
  }

  /** Puts those back that there were from the beginning, as if they had never fired. */
  reset(): void {
    this.clear();
    this.#add(this.#options.rules ?? [], i => `faults[${i}]`);
  }

  /**
   * @param names of the rules that are meant; all, if absent
   * @throws Unmet (an Error) that names the rules that never fired, and what was nearly right
   */
  verify(...names: readonly string[]): void {
    const unknown = names.find(name => !this.get(name));
    if (unknown !== undefined) throw new Unmet(`there is no fault rule ${JSON.stringify(unknown)}`, [unknown]);
    const meant = names.length > 0 ? this.#rules.filter(({ name }) => names.includes(name)) : this.#rules;
    const never = meant.filter(({ fired }) => fired === 0);
    if (never.length === 0) return;
    const title = never.length === 1 ? 'a fault rule never fired:' : `${never.length} fault rules never fired:`;
    throw new Unmet(
      [title, ...never.map(rule => `- ${rule.why()}`)].join('\n'),
      never.map(({ name }) => name),
    );
  }

  // ---- for those to whom it happens ----

  /** Whether anything can go wrong at all. */
  get any(): boolean {
    return this.#rules.length > 0 || this.#down !== undefined;
  }

  /** Whether a rule has to know what a creation sends. */
  needsBody(asked: Asked): boolean {
    return this.#at('request').some(rule => rule.needsBody(asked));
  }

  /** What happens to a request, which counts as one that came: in order the first wins, but waits add up. */
  meet(asked: Asked): Met | undefined {
    const now = this.#options.clock.now();
    const delays: Delay[] = [];
    let happening: Happening | undefined;
    // All are asked, so that which requests count for a rule does not hang on what other rules say.
    for (const rule of this.#at('request')) {
      if (!rule.meets(asked, now) || happening) continue;
      const found = rule.fire();
      if (isLatency(found)) delays.push(delayOf(found));
      else happening = found;
    }
    return happening || delays.length > 0 ? { delays, happening } : undefined;
  }

  /** What happens to a commit, or to a call of a webhook, which counts as one that came. */
  meetAt(place: Exclude<Place, 'request'>, asked: Asked): Happening | undefined {
    const now = this.#options.clock.now();
    const meeting = this.#at(place).filter(rule => rule.meets(asked, now));
    const happening = meeting[0]?.fire();
    if (happening) this.witness?.(happening);
    return happening;
  }

  /**
   * What happens to a request that says so itself.
   * @param name of where it says so
   * @throws RuleError
   */
  meetAlone(name: string, fault: unknown, asked: Asked): Met {
    const read = readFault(fault, name);
    if (placeOf(read.kind) !== 'request') throw new RuleError(name, 'a fault that happens to requests', read.kind);
    const rule = this.#made(name, { name, match: {}, when: {}, fault: read });
    if (!rule.meets({ ...asked, labels: () => asked.labels(), usual: true }, this.#options.clock.now()))
      throw new RuleError(name, `a fault that happens to ${asked.verb} requests`, read.kind);
    const found = rule.fire();
    return isLatency(found) ? { delays: [delayOf(found)], happening: undefined } : { delays: [], happening: found };
  }

  /** How requests are refused now, if the server is down. */
  get refusal(): Refusal | undefined {
    if (this.#down && this.#options.clock.now() >= this.#down.until) this.#down = undefined;
    return this.#down?.refuse;
  }

  /** Calls `call` whenever all connections are to break. Answers how to stop that. */
  onRestart(call: () => void): () => void {
    this.#restarts.add(call);
    return () => this.#restarts.delete(call);
  }

  /** The clock was put back: the times of rules count from now on. */
  beginAgain(): void {
    this.#down = undefined;
    for (const rule of this.#rules) rule.since = this.#options.clock.now();
  }

  #at(place: Place): readonly Rule[] {
    return this.#rules.filter(({ read }) => placeOf(read.fault.kind) === place);
  }

  #made(name: string, read: ReadRule): Rule {
    const { seed, clock } = this.#options;
    return new Rule(name, read, new Random(`${seed} fault ${name}`), clock.now());
  }
}

const isLatency = (found: Happening): found is Happening<Latency> => found.fault.kind === 'latency';

function delayOf({ name, fault, dice }: Happening<Latency>): Delay {
  return { name, ms: drawDuration(fault.by, dice), clock: fault.clock ?? 'cluster', applied: fault.applied === true };
}

function freeName(kind: string, taken: ReadonlySet<string>): string {
  let name = kind;
  for (let i = 2; taken.has(name); i++) name = `${kind}-${i}`;
  return name;
}

/** A rule with what has come of it. */
class Rule {
  readonly #matcher: Matcher;
  readonly #near = new NearMisses();
  #matched = 0;
  /** Of those that matched, how many came in its time. */
  #counted = 0;
  /** At how many of these it was to happen. */
  #chosen = 0;
  fired = 0;

  constructor(
    readonly name: string,
    readonly read: ReadRule,
    readonly dice: Random,
    /** When it was made. */
    public since: number,
  ) {
    this.#matcher = new Matcher(read.match, FAULTS[read.fault.kind]);
  }

  needsBody(asked: Asked): boolean {
    return this.#matcher.needsBody(asked);
  }

  /** Whether it is to happen to a request, which counts as one that came. */
  meets(asked: Asked, now: number): boolean {
    const missed = this.#matcher.misses(asked);
    if (missed.length > 0) {
      if (this.fired === 0) this.#near.add(missed.length, () => nearMiss(this.read.match, asked, missed));
      return false;
    }
    this.#matched++;
    return this.#isTime(now) && this.#isChosen();
  }

  fire(): Happening {
    const { name, dice, read } = this;
    this.#chosen++;
    let isTold = false;
    const took = () => {
      if (!isTold) this.fired++;
      isTold = true;
    };
    if (!isAboutEvents(read.fault.kind)) took();
    return { name, fault: read.fault, dice, took };
  }

  #isTime(now: number): boolean {
    const { after = '0', for: time } = this.read.when;
    const begin = this.since + parseDuration(after)!;
    return now >= begin && (time === undefined || now < begin + parseDuration(time)!);
  }

  #isChosen(): boolean {
    const { nth, every, share, times } = this.read.when;
    const number = ++this.#counted;
    // Thrown for each, whatever else is said: so what is said besides does not move the dice.
    const thrown = share === undefined || this.dice.uint32() / 2 ** 32 < share;
    return (
      (nth === undefined || (typeof nth === 'number' ? nth === number : nth.includes(number))) &&
      (every === undefined || number % every === 0) &&
      thrown &&
      (times === undefined || this.#chosen < times)
    );
  }

  report(): FaultReport {
    const { match, when, fault } = this.read;
    const { kind, ...settings } = fault;
    const nearMisses: readonly NearMiss[] = this.fired > 0 ? [] : this.#near.closest();
    return {
      name: this.name,
      match,
      when,
      fault: { [kind]: settings } as unknown as Fault,
      matched: this.#matched,
      fired: this.fired,
      nearMisses,
    };
  }

  /** Why it never fired. */
  why(): string {
    const { when } = this.read;
    const what = { request: 'request', commit: 'commit', webhook: 'call' }[placeOf(this.read.fault.kind)];
    if (this.#matched === 0) return `${this.name}: ${this.#near.told()}`;
    const said = Object.entries(when).map(
      ([key, value]) => `when.${key} ${Array.isArray(value) ? value.join(', ') : value}`,
    );
    const count = `${this.#matched} ${what}${this.#matched === 1 ? '' : 's'} matched`;
    if (this.#chosen > 0) return `${this.name}: ${count}, but the event that it is to happen to did not come`;
    return `${this.name}: ${count}, but none that it is for (${said.join(', ')})`;
  }
}
