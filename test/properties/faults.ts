import type { Timer } from '../../src/clock/clock.js';
import { Random } from '../../src/clock/random.js';
import { VirtualClock } from '../../src/clock/virtual-clock.js';
import { StatusError } from '../../src/registry/status.js';
import { controllerRevisions, daemonSets, pods } from '../../src/resources/index.js';
import type { Row } from '../../src/store/backend.js';
import { StoreError } from '../../src/store/backend.js';
import type { Change } from '../../src/store/entry.js';
import { MemoryBackend } from '../../src/store/memory.js';
import { type Call, intercepted, overridden } from '../support/intercept.js';
import type { World, WorldOptions } from './world.js';

/** Something that goes wrong now and then while a history is played. */
export interface Fault {
  readonly options: WorldOptions;
  /** How often it has gone wrong. */
  readonly count: () => number;
  /** Done after each step of the history. */
  readonly meanwhile?: (world: World) => Promise<void> | void;
  /** From here on nothing goes wrong any more. */
  readonly end: (world: World) => Promise<void> | void;
}

/** Fails so many in ten of the calls that are meant: one half before they are carried out, of the other the answer is lost. */
function failing(seed: number, isMeant: (call: Call) => boolean, inTen = 3): Fault {
  const dice = new Random(seed);
  let count = 0;
  let over = false;
  return {
    options: {
      between: registry =>
        intercepted(registry, async (call, carryOut) => {
          if (over || !isMeant(call) || dice.below(10) >= inTen) return carryOut();
          count++;
          if (dice.below(2) === 0) await carryOut();
          throw StatusError.internal('out of order');
        }),
    },
    count: () => count,
    end: () => {
      over = true;
    },
  };
}

/** Somebody else writes to an object just before the controller does, three times in ten. */
function conflicts(seed: number): Fault {
  const dice = new Random(seed);
  let count = 0;
  let over = false;
  return {
    options: {
      between: registry =>
        intercepted(registry, async ({ verb, kind, namespace, name }, carryOut) => {
          if (over || verb === 'create' || verb === 'delete' || dice.below(10) >= 3) return carryOut();
          if (verb === 'patch') {
            count++;
            throw StatusError.conflict(kind, name, 'somebody else was faster');
          }
          const body = { metadata: { annotations: { 'test/other': String(count) } } };
          void registry.patch(kind, namespace, name, { type: 'merge', body }).catch(() => {});
          try {
            return await carryOut();
          } catch (error) {
            if (StatusError.is(error, 'Conflict')) count++;
            throw error;
          }
        }),
    },
    count: () => count,
    end: () => {
      over = true;
    },
  };
}

/**
 * Watches that break off, and are taken up again with a list: what happened in between is then told at once, as the difference
 * between what was there and what is, as client-go's informers do.
 */
function lostWatches(seed: number): Fault {
  const dice = new Random(seed);
  let missed: Change[] | undefined;
  let listener: (changes: readonly Change[]) => void = () => {};
  let count = 0;
  const resume = () => {
    const changes = missed ?? [];
    missed = undefined;
    if (changes.length > 0) listener(differences(changes));
  };
  return {
    options: {
      between: registry =>
        overridden(registry, {
          follow: listen => {
            listener = listen;
            return registry.follow(changes => {
              if (!missed) return listen(changes);
              missed.push(...changes);
              count++;
              // That something was committed it knows by other ways; of what, it does not hear.
              listen([]);
            });
          },
        }),
    },
    count: () => count,
    meanwhile: () => {
      if (!missed && dice.below(2) === 0) missed = [];
      else if (dice.below(2) === 0) resume();
    },
    end: resume,
  };
}

/** What a list tells to whom knew the state before the changes. */
function differences(changes: readonly Change[]): Change[] {
  const first = new Map<string, Change>();
  const last = new Map<string, Change>();
  for (const change of changes) {
    const { resource, namespace, name } = change.entry;
    const key = `${resource}/${namespace}/${name}`;
    if (!first.has(key)) first.set(key, change);
    last.set(key, change);
  }
  return [...last].flatMap(([key, change]): Change[] => {
    const { previous } = first.get(key)!;
    if (change.type !== 'DELETED') return [{ ...change, type: previous ? 'MODIFIED' : 'ADDED', previous }];
    return previous ? [{ ...change, entry: previous, previous }] : [];
  });
}

/** The controller dies in the middle of what it does, and is started again. */
function restarts(seed: number): Fault {
  const dice = new Random(seed);
  let life = { over: false };
  let count = 0;
  return {
    options: {
      between: registry => {
        const mine = { over: false };
        life = mine;
        return intercepted(registry, async (_call, carryOut) => {
          if (mine.over) throw new Error('the process is gone');
          return carryOut();
        });
      },
    },
    count: () => count,
    async meanwhile(world) {
      if (dice.below(2) === 0) return;
      if (world.inFlight > 0) count++;
      life.over = true;
      await world.stopDaemons();
      world.startDaemons();
    },
    end: () => {},
  };
}

/** Time that jumps, while timers go on as before: as it is when somebody sets a machine's clock. */
class JumpyClock extends VirtualClock {
  #offset = 0;
  #latest = 0;

  override now(): number {
    return super.now() + this.#offset;
  }

  override after(delay: number, fire: () => void): Timer {
    const offset = this.#offset;
    this.#offset = 0;
    const timer = super.after(delay, fire);
    this.#offset = offset;
    return timer;
  }

  jump(ms: number): void {
    this.#latest = Math.max(this.#latest, this.now());
    this.#offset += ms;
  }

  /** How long it takes until it is later than it ever was. */
  get behind(): number {
    return Math.max(this.#latest - this.now(), 0);
  }
}

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const JUMPS = [30 * SECOND, HOUR, 72 * HOUR, -30 * SECOND, -600 * SECOND, -HOUR];

function clockJumps(seed: number): Fault {
  const dice = new Random(seed);
  const clock = new JumpyClock();
  let count = 0;
  return {
    options: { clock },
    count: () => count,
    meanwhile() {
      if (dice.below(2) === 0) return;
      count++;
      clock.jump(JUMPS[dice.below(JUMPS.length)]!);
    },
    // What is put off until a moment that has been before comes when that moment has come again.
    end: world => world.advance(clock.behind),
  };
}

/** A store that takes nothing for a while. */
class FullBackend extends MemoryBackend {
  full = false;
  refused = 0;

  override async append(rows: readonly Row[]): Promise<void> {
    if (!this.full) return super.append(rows);
    this.refused++;
    throw new StoreError('full', 'the disk is full');
  }
}

function fullDisk(seed: number): Fault {
  const dice = new Random(seed);
  const backend = new FullBackend();
  return {
    options: { backend },
    count: () => backend.refused,
    meanwhile() {
      backend.full = dice.below(3) === 0;
    },
    end() {
      backend.full = false;
    },
  };
}

const isChild = ({ kind }: Call) => [pods, controllerRevisions].some(child => child.plural === kind.plural);

export const FAULTS: Readonly<Record<string, (seed: number) => Fault>> = {
  'write conflicts': conflicts,
  'errors when children are created': seed => failing(seed, call => call.verb === 'create' && isChild(call)),
  'errors when children are deleted': seed => failing(seed, call => call.verb === 'delete' && isChild(call)),
  'errors when the status is written': seed =>
    failing(seed, ({ kind, subresource }) => kind.plural === daemonSets.plural && subresource === 'status'),
  'errors when children are adopted, released and relabelled': seed =>
    // There are few of these.
    failing(seed, call => call.verb === 'patch' && isChild(call), 8),
  'lost watches': lostWatches,
  'restarts of the controller in mid-flight': restarts,
  'jumps of the clock': clockJumps,
  'a full disk': fullDisk,
};
