import { SNAPSHOTS_PATH, type SnapshotControl, type SnapshotInfo } from '../admin/control.js';
import { type DiceState, Random } from '../clock/random.js';
import { VirtualClock } from '../clock/virtual-clock.js';
import type { ClockState } from '../clock/world-clock.js';
import type { Outstanding } from '../controllers/runtime/runtime.js';
import { authorizePath } from '../registry/authorize.js';
import type { Registry } from '../registry/registry.js';
import { StatusError } from '../registry/status.js';
import type { User } from '../registry/types.js';
import type { KeptSnapshots } from '../store/backend.js';
import { RevisionLog } from '../store/log.js';

/** The snapshot that every cluster begins with. */
export const INITIAL = 'initial';

/** A cluster at one moment, as far as it is needed to go on from there. */
export interface Standing {
  readonly registry: Registry;
  readonly clock: ClockState;
  /** What the controllers had still to do; absent if they have looked at nothing yet. */
  readonly outstanding: Outstanding | undefined;
}

/** States of a cluster that it can be put back to, by name. */
export interface Snapshots {
  /** In the order in which they were taken. */
  list(): Promise<readonly SnapshotInfo[]>;
  /** Keeps a state, in place of another one of its name. */
  take(name: string, now: Standing): Promise<SnapshotInfo>;
  /** Forgets one, if there is one. */
  delete(name: string): Promise<void>;
  /**
   * What to go on with.
   * @param ended what it was until now: nothing is written there any more
   */
  restore(name: string, ended: Registry): Promise<Standing>;
}

/** Those of a cluster in memory. A state costs little: what stays the same is shared. */
export class SnapshotsInMemory implements Snapshots {
  readonly #byName = new Map<string, { readonly info: SnapshotInfo; readonly state: Standing }>();

  async list(): Promise<readonly SnapshotInfo[]> {
    return [...this.#byName.values()].map(({ info }) => info);
  }

  async take(name: string, { registry, clock, outstanding }: Standing): Promise<SnapshotInfo> {
    const info = { name, revision: registry.revision, time: clock.time };
    const state = { registry: registry.copy(new VirtualClock(clock.time)), clock, outstanding };
    this.#byName.delete(name);
    this.#byName.set(name, { info, state });
    return info;
  }

  async delete(name: string): Promise<void> {
    this.#byName.delete(name);
  }

  async restore(name: string, ended: Registry): Promise<Standing> {
    const { state } = this.#byName.get(name)!;
    return { ...state, registry: state.registry.copy(ended.clock, firstAfter(ended)) };
  }
}

/** What is kept of a state in a file besides the objects. */
interface StateText {
  readonly clock: ClockState;
  readonly dice: DiceState;
  readonly outstanding?: readonly (readonly [string, readonly string[]])[] | undefined;
}

/** Those of a cluster that a file keeps: in the file too. */
export class SnapshotsInFile implements Snapshots {
  readonly #kept: KeptSnapshots;

  constructor(kept: KeptSnapshots) {
    this.#kept = kept;
  }

  async list(): Promise<readonly SnapshotInfo[]> {
    return (await this.#kept.list()).map(({ state: _, ...info }) => info);
  }

  async take(name: string, { registry, clock, outstanding }: Standing): Promise<SnapshotInfo> {
    const info = { name, revision: registry.revision, time: clock.time };
    const state: StateText = { clock, dice: registry.random.state, outstanding: outstanding && [...outstanding] };
    await this.#kept.save({ ...info, state: JSON.stringify(state) });
    return info;
  }

  delete(name: string): Promise<void> {
    return this.#kept.delete(name);
  }

  async restore(name: string, ended: Registry): Promise<Standing> {
    const { state } = (await this.#kept.list()).find(row => row.name === name)!;
    const { dice, outstanding, ...rest } = JSON.parse(state) as StateText;
    await this.#kept.restore(name, firstAfter(ended));
    const registry = await reopened(ended, Random.at(dice));
    return { ...rest, registry, outstanding: outstanding && new Map(outstanding) };
  }
}

/** A registry over what keeps one that has ended. */
export async function reopened(ended: Registry, dice = ended.random): Promise<Registry> {
  const { clock } = ended;
  const log = await RevisionLog.open(ended.log.backend, { now: () => clock.now() });
  return ended.over(log, clock, dice);
}

/** What a name may be, since it stands in URLs. */
const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$/;
const SNAPSHOTS = { group: '', plural: 'snapshots' };

/**
 * Snapshots as users ask for them.
 * @param cluster how it stands, and what puts it back
 */
export function snapshotControl(
  states: Snapshots,
  cluster: {
    readonly registry: () => Registry;
    readonly now: () => Standing;
    readonly restore: (name: string) => Promise<void>;
  },
): SnapshotControl {
  const check = (user: User | undefined, verb: string, name?: string) => {
    const { authorizer } = cluster.registry();
    if (user) authorizePath(authorizer, user, verb, name === undefined ? SNAPSHOTS_PATH : `${SNAPSHOTS_PATH}/${name}`);
  };
  const find = async (name: string): Promise<SnapshotInfo> => {
    const info = (await states.list()).find(one => one.name === name);
    if (!info) throw StatusError.notFound(SNAPSHOTS, name);
    return info;
  };
  const checkWritable = () => {
    const { frozen } = cluster.registry().log;
    if (frozen) throw new StatusError(405, 'MethodNotAllowed', frozen);
  };
  return {
    async list(user) {
      check(user, 'get');
      return states.list();
    },
    async get(name, user) {
      check(user, 'get', name);
      return find(name);
    },
    async take(name, user) {
      check(user, 'put', name);
      checkWritable();
      if (!NAME.test(name))
        throw StatusError.badRequest(
          `${JSON.stringify(name)} is no name for a snapshot: it must be up to 100 letters, digits, dots, dashes and underscores`,
        );
      await cluster.registry().log.committed();
      return states.take(name, cluster.now());
    },
    async restore(name, user) {
      check(user, 'post', name);
      checkWritable();
      const info = await find(name);
      await cluster.restore(name);
      return info;
    },
    async delete(name, user) {
      check(user, 'delete', name);
      checkWritable();
      const info = await find(name);
      if (name === INITIAL) throw StatusError.badRequest(`${INITIAL} is what the cluster began with, and stays`);
      await states.delete(name);
      return info;
    },
  };
}

/** Revisions are given out once: who watches from an earlier one is told that it is gone, and lists again. */
const firstAfter = ({ revision }: Registry): number => revision + 1;
