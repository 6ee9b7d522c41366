/**
 * Breaks each rule of the rooms that DaemonSets hang on, one at a time, and looks whether a test notices: `npm run mutation`.
 * All mutants are in the code at once, each behind a switch, so that each test runs again and again in one process.
 *
 * usage: node scripts/mutation.mjs [--room folder]… [--only part-of-a-file-name] [--tests folder]…
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BaseSequencer, startVitest } from 'vitest/node';
import { mutate } from './mutation/mutants.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    room: { type: 'string', multiple: true, default: ['src/placement', 'src/controllers/daemonset'] },
    only: { type: 'string', default: '' },
    tests: { type: 'string', multiple: true, default: [] },
  },
});

/** Quick ones first: what they notice the others need not be asked about. */
const TESTS = ['test/unit/placement', 'test/unit/controllers/daemonset', 'test/properties'];
const LATE = ['cluster', 'controller.test', 'era-1-11', 'rollout', 'properties'];

const sources = new Map();
const mutants = [];
for (const room of values.room) {
  for (const name of readdirSync(join(root, room), { recursive: true }).sort()) {
    const file = join(room, name);
    if (!file.endsWith('.ts') || !file.includes(values.only)) continue;
    const mutated = mutate(file, readFileSync(join(root, file), 'utf8'), mutants.length);
    sources.set(join(root, file), mutated.code);
    mutants.push(...mutated.mutants.map(mutant => ({ file, ...mutant })));
  }
}
console.log(`${mutants.length} mutants in ${sources.size} files`);

const folder = mkdtempSync(join(tmpdir(), 'mutation-'));
process.env.MUTATION_RESULTS = join(folder, 'results');

/** Tests that are cheap come first. */
class CheapFirst extends BaseSequencer {
  async sort(files) {
    const rank = ({ moduleId }) => LATE.findIndex(part => moduleId.includes(part));
    return [...files].sort((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

/** Runs the tests with the mutants in the code. Answers whether all went well. */
async function run(bail) {
  const vitest = await startVitest(
    'test',
    values.tests.length > 0 ? values.tests : TESTS,
    {
      root,
      watch: false,
      bail,
      reporters: process.env.MUTATION_VERBOSE ? ['default'] : [{}],
      isolate: false,
      fileParallelism: false,
      maxWorkers: 1,
      pool: 'threads',
      runner: join(root, 'scripts/mutation/runner.mjs'),
      sequence: { sequencer: CheapFirst },
      testTimeout: 24 * 3600_000,
    },
    { plugins: [{ name: 'mutants', enforce: 'pre', load: id => sources.get(id.split('?')[0]) }] },
  );
  const failed = vitest.state.getCountOfFailedTests();
  const errors = vitest.state.getUnhandledErrors();
  await vitest.close();
  return { failed, errors };
}

const started = Date.now();
const { errors } = await run(0);
for (const error of errors.slice(0, 3)) console.error(error);
const seen = new Set();
const atImport = new Set();
const killers = new Map();
if (existsSync(process.env.MUTATION_RESULTS)) {
  for (const line of readFileSync(process.env.MUTATION_RESULTS, 'utf8').trim().split('\n')) {
    const result = JSON.parse(line);
    for (const id of result.seen ?? []) seen.add(id);
    for (const id of result.atImport ?? []) atImport.add(id);
    if (result.killed !== undefined) killers.set(result.killed, result);
    // What fails anyhow would notice every mutant.
    if (result.failing) throw new Error(`fails as it is: ${result.failing}`);
    if (result.unrepeatable) console.log(`passes only once, and was not asked: ${result.unrepeatable}`);
  }
}
// What is worked out when a module is loaded is worked out once: such a mutant needs a run of its own.
for (const { id } of mutants) {
  if (killers.has(id) || !atImport.has(id)) continue;
  process.env.MUTATION_ACTIVE = String(id);
  const { failed: noticed, errors: broken } = await run(1);
  seen.add(id);
  if (noticed > 0 || broken.length > 0) killers.set(id, { by: 'the first test that fails' });
}
rmSync(folder, { recursive: true });

const count = { killed: 0, survived: 0, unseen: 0 };
for (const { id, file, line, from, to } of mutants) {
  const state = killers.has(id) ? 'killed' : seen.has(id) ? 'survived' : 'unseen';
  count[state]++;
  const { by, how = '' } = killers.get(id) ?? {};
  if (state !== 'killed' || process.env.MUTATION_VERBOSE)
    console.log(`${state} ${relative('.', file)}:${line} ${from} → ${to}${by ? ` (${by}: ${how})` : ''}`);
}
console.log(
  `${count.killed} killed, ${count.survived} survived, ${count.unseen} seen by no test, ${Math.round((Date.now() - started) / 1000)} s`,
);
