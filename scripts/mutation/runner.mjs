/**
 * Runs each test once as it is, and then again with each mutant that it comes by and that no test has noticed yet.
 */
import { appendFileSync } from 'node:fs';
import { TestRunner } from 'vitest';

const { MUTATION_RESULTS, MUTATION_ACTIVE } = process.env;
/** The one mutant of a run that is about nothing else, from the first import on. */
const always = MUTATION_ACTIVE === undefined ? undefined : Number(MUTATION_ACTIVE);

/** Milliseconds that a test may hang with a mutant. */
const PATIENCE = 30_000;

const killed = new Set();
let hits = new Set();
let active = always;
let calls = 0;
let limit = Number.POSITIVE_INFINITY;

globalThis.__mutant = id => {
  hits.add(id);
  if (++calls > limit) throw new Error('endless');
  return id === active;
};

/** How to empty what modules remember of objects, which may outlive a run: with another mutant it is worked out anew. */
const memories = [];

globalThis.__memory = memory => {
  if (memory instanceof Map) {
    memories.push(() => memory.clear());
    return memory;
  }
  let map = memory;
  memories.push(() => {
    map = new WeakMap();
  });
  return { get: key => map.get(key), set: (key, value) => map.set(key, value) };
};

const forget = () => {
  for (const empty of memories) empty();
};

const record = result => appendFileSync(MUTATION_RESULTS, `${JSON.stringify(result)}\n`);

export default class MutationRunner extends TestRunner {
  async runTask(test) {
    const run = TestRunner.getTestFn(test);
    if (always !== undefined) return run();
    record({ atImport: [...hits] });
    hits = new Set();
    calls = 0;
    forget();
    try {
      await run();
    } catch (error) {
      record({ failing: nameOf(test) });
      throw error;
    }
    const before = calls;
    const seen = [...hits];
    record({ seen });
    const alive = seen.filter(id => !killed.has(id));
    const repeats = alive.length > 0 && (await this.#repeats(test, run));
    for (const id of repeats ? alive : []) {
      active = id;
      calls = 0;
      limit = before * 50 + 100_000;
      try {
        await anew(test);
        await patiently(run());
      } catch (error) {
        killed.add(id);
        record({
          killed: id,
          by: nameOf(test),
          how: String(error).slice(0, 120),
        });
      }
      active = undefined;
      limit = Number.POSITIVE_INFINITY;
    }
    hits = new Set();
  }

  /** Whether a test passes a second time: one that finds what the first left behind would notice every mutant. */
  async #repeats(test, run) {
    try {
      await anew(test);
      await patiently(run());
      return true;
    } catch {
      record({ unrepeatable: nameOf(test) });
      return false;
    }
  }
}

const nameOf = test => `${test.file.name.replace(/^.*test\//, 'test/')}: ${test.name}`;

/** What is to be done before each run of a test. */
async function anew(test) {
  forget();
  const suites = [];
  for (let suite = test.suite ?? test.file; suite; suite = suite.suite) suites.unshift(suite);
  if (suites[0] !== test.file) suites.unshift(test.file);
  for (const suite of suites)
    for (const hook of TestRunner.getSuiteHooks(suite).beforeEach ?? []) await hook(test.context, suite);
}

function patiently(running) {
  let timer;
  const hanging = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('hangs')), PATIENCE);
  });
  return Promise.race([running, hanging]).finally(() => clearTimeout(timer));
}
