import { Unmet } from '../faults/unmet.js';
import type { Registry } from '../registry/registry.js';
import { qualifiedName, type ResourceDefinition, storeKey } from '../resources/definition.js';
import { stages } from '../resources/index.js';
import type { Stage } from '../resources/stage/types.js';
import type { KubeObject } from '../resources/types.js';
import type { Change } from '../store/entry.js';
import { kindId, LivingStage } from './stage.js';

/** A stage as it stands, and what has come of it. */
export interface StageReport {
  readonly name: string;
  /** What it is for. */
  readonly apiVersion: string;
  readonly kind: string;
  /** Whether there is such a kind. */
  readonly served: boolean;
  /** How many objects have been such that it was for them. */
  readonly matched: number;
  /** How often it was played. */
  readonly fired: number;
  /** How often that failed, and with what the last time; or why it cannot be played at all. */
  readonly failed: number;
  readonly error?: string;
}

interface Tally {
  readonly matched: Set<string>;
  fired: number;
  failed: number;
  error?: string;
}

/** The stages that there are for one kind. */
export interface Lifecycle {
  readonly stages: readonly LivingStage[];
  /** The revision of the last write that changed them. */
  readonly revision: number;
}

const STAGES = qualifiedName(stages);
const known = new WeakMap<Registry, Lifecycles>();

/**
 * The stages that there are, by the kinds that live by them: derived state, kept with every write, so that a pod's kubelet knows at once
 * that it is no longer its business. And how often each has been of use, since the cluster began or was put back. One for each registry.
 */
export class Lifecycles {
  readonly #registry: Registry;
  /** By name. */
  readonly #stages = new Map<string, LivingStage>();
  readonly #byKind = new Map<string, Lifecycle>();
  readonly #tallies = new Map<string, Tally>();
  readonly #listeners: ((about: string) => void)[] = [];

  static of(registry: Registry): Lifecycles {
    let found = known.get(registry);
    if (!found) known.set(registry, (found = new Lifecycles(registry)));
    return found;
  }

  private constructor(registry: Registry) {
    this.#registry = registry;
    for (const { object, revision } of registry.all(stages)) this.#set(new LivingStage(object, revision), revision);
    registry.onApply(change => {
      if (change.entry.resource === STAGES) this.#changed(change as Change<Stage>);
    });
  }

  get isEmpty(): boolean {
    return this.#byKind.size === 0;
  }

  /** What the objects of a resource live by; undefined if there is no stage for them. @param resource `pods`, `jobs.batch` */
  of(resource: string): Lifecycle | undefined {
    if (this.isEmpty) return undefined;
    const kind = this.#registry.kinds.byResource(resource);
    return kind && this.#byKind.get(kindId(kind.group, kind.kind));
  }

  /** Whether objects of the kind live by stages, and by nothing else. */
  rules<T extends KubeObject>(kind: ResourceDefinition<T>): boolean {
    return this.of(storeKey(kind as unknown as ResourceDefinition)) !== undefined;
  }

  /** Hears when objects of a kind begin or cease to live by stages, the moment that it is decided. */
  onChange<T extends KubeObject>(kind: ResourceDefinition<T>, listener: () => void): void {
    const id = kindId(kind.group, kind.kind);
    this.#listeners.push(about => {
      if (about === id) listener();
    });
  }

  // ---- what has come of them ----

  noteMatch(stage: LivingStage, uid: string): void {
    this.#tally(stage.name).matched.add(uid);
  }

  noteFired(stage: LivingStage): void {
    this.#tally(stage.name).fired++;
  }

  noteFailure(stage: LivingStage, error: string): void {
    const tally = this.#tally(stage.name);
    tally.failed++;
    tally.error = error;
  }

  /** All stages by name, and what has come of each. */
  list(): readonly StageReport[] {
    return [...this.#stages.keys()].sort().map(name => this.#report(this.#stages.get(name)!));
  }

  get(name: string): StageReport | undefined {
    const stage = this.#stages.get(name);
    return stage && this.#report(stage);
  }

  /**
   * @param names of the stages that are meant; all, if absent
   * @throws Unmet (an Error) that names the stages that were never played, and says how near they came to it
   */
  verify(...names: readonly string[]): void {
    const unknown = names.find(name => !this.#stages.has(name));
    if (unknown !== undefined) throw new Unmet(`there is no stage ${JSON.stringify(unknown)}`, [unknown]);
    const never = this.list().filter(({ name, fired }) => fired === 0 && (names.length === 0 || names.includes(name)));
    if (never.length === 0) return;
    const title = never.length === 1 ? 'a stage was never played:' : `${never.length} stages were never played:`;
    throw new Unmet(
      [title, ...never.map(report => `- ${whyNever(report)}`)].join('\n'),
      never.map(({ name }) => name),
    );
  }

  #report({ name, apiVersion, kind, problem }: LivingStage): StageReport {
    const { matched, fired, failed, error = problem } = this.#tally(name);
    const served = this.#registry.kinds.byKind(apiVersion, kind) !== undefined;
    return {
      name,
      apiVersion,
      kind,
      served,
      matched: matched.size,
      fired,
      failed,
      ...(error === undefined ? {} : { error }),
    };
  }

  #tally(name: string): Tally {
    let tally = this.#tallies.get(name);
    if (!tally) this.#tallies.set(name, (tally = { matched: new Set(), fired: 0, failed: 0 }));
    return tally;
  }

  #changed({ type, entry, revision }: Change<Stage>): void {
    const before = this.#stages.get(entry.name);
    if (type !== 'DELETED') this.#set(new LivingStage(entry.object, entry.revision), revision);
    else {
      this.#stages.delete(entry.name);
      this.#tallies.delete(entry.name);
    }
    if (before && before.about !== this.#stages.get(entry.name)?.about) this.#gather(before.about, revision);
  }

  #set(stage: LivingStage, revision: number): void {
    this.#stages.set(stage.name, stage);
    this.#gather(stage.about, revision);
  }

  /** Puts the stages for one kind together, by name. */
  #gather(about: string, revision: number): void {
    const before = this.#byKind.get(about);
    const own = [...this.#stages.values()]
      .filter(stage => stage.about === about)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    if (own.length === 0) this.#byKind.delete(about);
    else this.#byKind.set(about, { stages: own, revision: Math.max(revision, ...own.map(stage => stage.revision)) });
    if ((before === undefined) !== (own.length === 0)) for (const listener of this.#listeners) listener(about);
  }
}

function whyNever({ name, apiVersion, kind, served, matched, failed, error }: StageReport): string {
  if (!served) return `${name}: there is no kind ${kind} in ${apiVersion}`;
  if (error !== undefined) return `${name}: failed ${failed} times: ${error}`;
  if (matched > 0) return `${name}: was for ${matched} objects, and its time did not come, or others were chosen`;
  return `${name}: there was no ${kind} that it was for`;
}
