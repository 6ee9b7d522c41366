/**
 * The same random histories through real control planes and through Kubette:
 * `npx tsx test/conformance/histories.ts --seeds 1-200 TOKEN https://HOST:PORT…` tells where they end differently, and prints the
 * scenarios of single ones with `--show SEED`. Each control plane plays one history at a time.
 */
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { type Answered, differences } from './normalise.js';
import { randomHistory } from './random-history.js';
import { RealControlPlane } from './real.js';
import { type Observed, replay } from './replay.js';

/** Long enough for controllers on a busy machine to go on. */
const QUIET = 2500;
const UNDECIDED = 'the real one is of two minds';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '1-20' }, show: { type: 'string' } },
});
if (values.show) {
  console.log(stringify(randomHistory(Number(values.show))));
  process.exit();
}

const [token, ...bases] = positionals;
const [from, to = from] = values.seeds.split('-').map(Number) as [number, number?];
const seeds = Array.from({ length: to - from + 1 }, (_, i) => from + i);
const tally = { same: 0, undecided: 0, different: 0 };
await Promise.all(bases.map(base => playAll(new RealControlPlane(base, token!))));
console.log(JSON.stringify(tally));

async function playAll(real: RealControlPlane): Promise<void> {
  for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
    const verdict = await compare(real, seed).catch(error => [`${error}`]);
    if (verdict.length === 0) tally.same++;
    else if (verdict[0] === UNDECIDED) tally.undecided++;
    else tally.different++;
    console.log(`${seed}: ${verdict.length === 0 ? 'the same' : verdict.join('\n    ')}`);
  }
}

/** Where the two end differently. What the real one does otherwise when it is asked again is no answer. */
async function compare(real: RealControlPlane, seed: number): Promise<string[]> {
  const history = randomHistory(seed);
  const here = gist(await replay(history, QUIET));
  const there = gist(await real.play(history, QUIET));
  const found = differences(there, here);
  if (found.length === 0) return [];
  const again = gist(await real.play(history, QUIET));
  if (differences(again, here).length === 0) return [];
  const wavering = differences(there, again);
  return wavering.length > 0 ? [UNDECIDED, ...wavering, 'and here', ...found] : found;
}

/** What is compared: who stands where and what it is, in what state the sets are, and what was told. */
function gist(observed: readonly Observed[]): Answered {
  return observed.map(({ step, items, ...rest }) =>
    items ? { step, items: withoutTwins(step, items.map(shape).sort(byText)) } : { step, ...rest },
  );
}

/** Events that read alike are one. */
function withoutTwins(step: string, items: Answered[]): Answered[] {
  if (step !== 'observe events') return items;
  return items.filter((item, i) => JSON.stringify(item) !== JSON.stringify(items[i - 1]));
}

function shape(item: Answered): Answered {
  if (item.reason) {
    const { kind, name, type, reason, message } = item;
    // 1.35 words failures otherwise. From when on repetitions are told in sum depends on how often something was tried.
    const words = reason === 'FailedScheduling' ? undefined : message.replace('(combined from similar events): ', '');
    return { kind, name, type, reason, message: words };
  }
  const { metadata, spec, status, revision, data } = item;
  const { name, labels, ownerReferences, deletionTimestamp } = metadata;
  const common = { name, labels, owner: ownerReferences?.[0]?.name, going: deletionTimestamp };
  if (spec?.containers) {
    const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
    const { containers, nodeName, tolerations } = spec;
    const ready = status.conditions?.find((c: Answered) => c.type === 'Ready')?.status;
    return { ...common, nodeName, terms, tolerations, image: containers[0].image, phase: status.phase, ready };
  }
  return { ...common, generation: metadata.generation, status, revision, data };
}

function byText(a: Answered, b: Answered): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
