import { readFileSync, writeFileSync } from 'node:fs';
import type { Reporter, TestModule, Vitest } from 'vitest/node';
import { type CatalogueSection, namedBy, readCatalogue } from '../conformance/catalogue.js';

const DOCUMENT = new URL('../../docs/conformance.md', import.meta.url);

const HEAD = `# Which test proves which rule

Made by \`npm run conformance\` from the titles of tests, which name the rules of [daemonset-semantics.md](daemonset-semantics.md); there
each is told in full. \`npm test\` fails when a rule is named by no test that passes, or when this table is not what the tests say.
Where versions of Kubernetes differ, see [differences.md](../test/conformance/differences.md).
`;

/** How many tests of a rule are shown. */
const SHOWN = 4;

interface Proof {
  readonly file: string;
  readonly title: string;
  readonly passed: boolean;
}

/**
 * Holds the tests that ran against the catalogue of rules: each rule must be named by a test that passed, and
 * `docs/conformance.md` must say so. Writes that table when `KUBETTE_CONFORMANCE=write`; is silent about runs of a part of the tests.
 */
export default class ConformanceReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const vitest = this.#vitest!;
    const write = process.env.KUBETTE_CONFORMANCE === 'write';
    if (modules.length < (await vitest.globTestSpecifications()).length) return;
    if (vitest.config.testNamePattern) return;

    const catalogue = readCatalogue();
    const proofs = proofsIn(modules, catalogue);
    const document = documentOf(catalogue, proofs);
    if (write) writeFileSync(DOCUMENT, document);
    else if (readFileSync(DOCUMENT, 'utf8') !== document)
      fail('docs/conformance.md is out of date: npm run conformance');

    const ids = catalogue.flatMap(section => section.entries.map(entry => entry.id));
    const unproven = ids.filter(id => !proofs.get(id)?.some(proof => proof.passed));
    if (unproven.length > 0) fail(`no test that passed names ${unproven.join(', ')}`);
  }
}

function fail(why: string): void {
  console.error(`conformance: ${why}`);
  process.exitCode = 1;
}

function proofsIn(modules: readonly TestModule[], catalogue: readonly CatalogueSection[]): Map<string, Proof[]> {
  const proofs = new Map<string, Proof[]>();
  const named = namedBy(catalogue);
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'skipped' || state === 'pending') continue;
      const proof = { file: module.relativeModuleId, title: test.fullName, passed: state === 'passed' };
      for (const id of named(test.fullName)) proofs.set(id, [...(proofs.get(id) ?? []), proof]);
    }
  }
  return proofs;
}

function documentOf(catalogue: readonly CatalogueSection[], proofs: ReadonlyMap<string, readonly Proof[]>): string {
  const sections = catalogue.map(({ title, entries }) => {
    const rows = entries.map(({ id, says }) => `| ${id} | ${short(says)} | ${cell(proofs.get(id) ?? [])} |`);
    return [`## ${title}`, '', '| rule | says | tests | passed |', '|---|---|---|---|', ...rows, ''].join('\n');
  });
  return [HEAD, ...sections].join('\n');
}

/** Two cells: the tests, and how many of them passed. */
function cell(proofs: readonly Proof[]): string {
  const sorted = [...proofs].sort((a, b) => compare(a.file, b.file) || compare(a.title, b.title));
  const shown = sorted.slice(0, SHOWN).map(({ file, title }) => `[${inTable(title)}](../${file})`);
  if (sorted.length > SHOWN) shown.push(`and ${sorted.length - SHOWN} more`);
  return `${shown.join('<br>')} | ${proofs.filter(proof => proof.passed).length} of ${proofs.length}`;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The beginning of a rule: the whole is a link away. */
function short(says: string): string {
  const words = says.split(' ');
  let text = '';
  for (const word of words) {
    if (text.length + word.length > 110) return closed(`${text} …`);
    text += text ? ` ${word}` : word;
  }
  return text;
}

/** A cut may fall into a piece of code: leave no backtick open. */
const closed = (text: string) => ((text.match(/`/g)?.length ?? 0) % 2 === 0 ? text : text.replace(/`(?=[^`]*$)/, ''));

const inTable = (text: string) => text.replace(/[|[\]<>]/g, character => `\\${character}`);
