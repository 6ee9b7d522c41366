import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/clock/virtual-clock.js';
import { Runtime } from '../../../src/controllers/runtime/runtime.js';
import { type Controller, source } from '../../../src/controllers/runtime/types.js';
import { WorkQueue } from '../../../src/controllers/runtime/work-queue.js';
import { namespaces } from '../../../src/resources/index.js';
import type { RevisionLog } from '../../../src/store/log.js';
import { addNamespace, openRegistry } from '../../support/registry.js';

const open: { runtime: Runtime; log: RevisionLog }[] = [];
afterEach(async () => {
  for (const { runtime, log } of open.splice(0)) {
    await runtime.stop();
    await log.close();
  }
});

async function newRuntime(onError?: (controller: string, key: string, error: unknown) => void) {
  const registry = await openRegistry([]);
  const runtime = new Runtime(registry, onError ? { onError } : {});
  open.push({ runtime, log: registry.log });
  return { clock: registry.clock, registry, runtime, addNamespace: (name: string) => addNamespace(registry, name) };
}

const byName = source(namespaces, ({ entry }) => [entry.name]);

describe('the work queue', () => {
  it('holds each key once, first come first served, and runs no key twice at once', () => {
    const queue = new WorkQueue(new VirtualClock(), () => {});
    for (const key of ['a', 'b', 'a']) queue.add(key);
    expect(queue.take()).toBe('a');
    queue.add('a');
    expect([queue.take(), queue.take()]).toEqual(['b', undefined]);
    queue.done('a', false);
    expect(queue.take()).toBe('a');
  });

  it('adds after a while, the earlier date wins', () => {
    const clock = new VirtualClock();
    const queue = new WorkQueue(clock, () => {});
    queue.addAfter('a', 5000);
    queue.addAfter('a', 1000);
    queue.addAfter('a', 9000);
    clock.moveTo(clock.now() + 999);
    expect(queue.ready).toBe(0);
    clock.moveTo(clock.now() + 1);
    expect(queue.take()).toBe('a');
    queue.done('a', false);
    clock.moveTo(clock.now() + 60_000);
    expect(queue.ready).toBe(0);
  });

  it('tells what rest has to wait for: timers that are no upkeep, and retries until they are hopeless', () => {
    const clock = new VirtualClock();
    const queue = new WorkQueue(clock, () => {});
    queue.addAfter('lease', 1000, 'upkeep');
    queue.addAfter('rollout', 1000);
    queue.addAfter('both', 1000, 'upkeep');
    queue.addAfter('both', 2000);
    queue.addAfter('both', 500, 'upkeep');
    expect(queue.awaited).toEqual(['rollout', 'both']);
    clock.moveTo(clock.now() + 1000);
    expect(queue.awaited).toEqual([]);
    queue.clear();
    queue.add('a');
    const awaited: number[] = [];
    for (let i = 0; i < 20; i++) {
      queue.done(queue.take()!, true);
      awaited.push(queue.awaited.length);
      clock.moveTo(Math.max(clock.now(), clock.nextDue() ?? 0));
    }
    expect(awaited).toEqual([0, 0, 0, ...Array(10).fill(1), ...Array(7).fill(0)]);
  });

  it('lets a failed key come back at once three times, then later each time', () => {
    const clock = new VirtualClock();
    const queue = new WorkQueue(clock, () => {});
    queue.add('a');
    for (let i = 0; i < 4; i++) queue.done(queue.take()!, true);
    expect(queue.ready).toBe(0);
    clock.moveTo(clock.now() + 10);
    queue.done(queue.take()!, true);
    clock.moveTo(clock.now() + 10);
    expect(queue.ready).toBe(0);
    clock.moveTo(clock.now() + 10);
    expect(queue.ready).toBe(1);
  });
});

describe('the runtime', () => {
  it('offers what exists, wakes by what is committed, and knows when nothing is left', async () => {
    const { runtime, addNamespace } = await newRuntime();
    await addNamespace('before');
    const seen: string[] = [];
    runtime.add({ name: 'test', watches: [byName], reconcile: async key => void seen.push(key) });
    runtime.start();
    await addNamespace('after');
    await runtime.settled();
    expect(seen).toEqual(['before', 'after']);
    expect(runtime.idle).toBe(true);
  });

  it('starts what is to do in the same order however often somebody asks whether it has settled', async () => {
    const order = async (asks: boolean) => {
      const { runtime, addNamespace } = await newRuntime();
      const seen: string[] = [];
      for (const controller of ['a', 'b', 'c'])
        runtime.add({
          name: controller,
          watches: [byName],
          reconcile: async key => {
            seen.push(controller + key);
            for (let i = 0; i < key.length; i++) await new Promise(resolve => setImmediate(resolve));
            if (key.length < 4) await addNamespace(key + controller).catch(() => {});
          },
        });
      runtime.start();
      const added = addNamespace('n');
      for (let i = 0; asks && i < 50; i++) {
        void runtime.settled();
        await new Promise(resolve => setImmediate(resolve));
      }
      await added;
      await runtime.settled();
      return seen;
    };
    const usual = await order(false);
    expect(usual.length).toBeGreaterThan(100);
    expect(await order(true)).toEqual(usual);
  });

  it('settles only when writes of reconciles have had their consequences', async () => {
    const { runtime, registry, addNamespace } = await newRuntime();
    runtime.add({
      name: 'chain',
      watches: [byName],
      reconcile: async key => {
        if (key.length < 20) await addNamespace(`${key}a`);
      },
    });
    runtime.start();
    await addNamespace('n');
    await runtime.settled();
    expect(registry.all(namespaces)).toHaveLength(20);
  });

  it('settles also when the last write of all could not be stored', async () => {
    const { runtime, registry, addNamespace } = await newRuntime();
    runtime.start();
    registry.log.backend.append = async () => {
      throw new Error('the disk is full');
    };
    const refused = expect(addNamespace('lost')).rejects.toThrow('the disk is full');
    await runtime.settled();
    expect(runtime.idle).toBe(true);
    await refused;
  });

  it('keeps to the number of workers, and starts background work last', async () => {
    const { runtime } = await newRuntime();
    const order: string[] = [];
    let inFlight = 0;
    let most = 0;
    const controller = (name: string, more: Partial<Controller>): Controller => ({
      name,
      watches: [],
      reconcile: async key => {
        order.push(`${name} ${key}`);
        if (name === 'background') return;
        most = Math.max(most, ++inFlight);
        await Promise.resolve();
        inFlight--;
      },
      ...more,
    });
    const background = runtime.add(controller('background', { background: true, workers: 9 }));
    const foreground = runtime.add(controller('foreground', { workers: 2 }));
    for (const key of ['1', '2', '3']) {
      background.add(key);
      foreground.add(key);
    }
    runtime.start();
    await runtime.settled();
    expect(order.slice(0, 3)).toEqual(['foreground 1', 'foreground 2', 'foreground 3']);
    expect(order).toHaveLength(6);
    expect(most).toBe(2);
  });

  it('tries again what threw, and reports it once until it has gone well', async () => {
    const errors: string[] = [];
    const { runtime, clock } = await newRuntime((controller, key, error) =>
      errors.push(`${controller} ${key} ${error}`),
    );
    const outcomes = ['not yet', 'not yet', 'not so', 'not so', undefined, 'not yet', undefined];
    const controller: Controller = {
      name: 'flaky',
      watches: [],
      async reconcile() {
        const outcome = outcomes.shift();
        if (outcome) throw new Error(outcome);
      },
    };
    const queue = runtime.add(controller);
    runtime.start();
    queue.add('k');
    await clock.advance(1000, () => runtime.settled());
    expect([outcomes.length, errors]).toEqual([2, ['flaky k Error: not yet']]);
    queue.add('k');
    await runtime.settled();
    expect([outcomes, errors.slice(1)]).toEqual([[], ['flaky k Error: not yet']]);
  });
});
