import { readFileSync } from 'node:fs';

/** A rule, or a test of upstream's that has its counterpart here. */
interface CatalogueEntry {
  /** `UPD-05`, `T25`, or a test's name, such as `TestDaemonSetUpdatesPods` or `should run and stop simple daemon`. */
  readonly id: string;
  /** What it says, in Markdown. */
  readonly says: string;
}

export interface CatalogueSection {
  readonly title: string;
  readonly entries: readonly CatalogueEntry[];
}

const RULE = /^(?<id>[A-Z]{2,5}-S?\d+[a-z]?|T\d{2})\. (?<says>.+)$/;
const RULE_IN_TABLE = /^\| (?<id>[A-Z]{2,5}-\d+) \| (?<says>.+) \|$/;
const UPSTREAM_TEST = /^\| (?<id>[^|]+) \| (?<says>.+) \|$/;

/** The rules of `docs/daemonset-semantics.md` and the upstream tests that its appendix A lists, by section. */
export function readCatalogue(): readonly CatalogueSection[] {
  return parts()
    .map(readSection)
    .filter(section => section.entries.length > 0);
}

/** The sections, each beginning with its title. */
function parts(): readonly string[] {
  const text = readFileSync(new URL('../../docs/daemonset-semantics.md', import.meta.url), 'utf8');
  return text.split(/^#{1,3} (?=\S)/m);
}

/** The rows of a table that tells no rules of their own ids: its cells, without the heads. */
export function tableOf(section: string): readonly (readonly string[])[] {
  const part = parts().find(text => text.startsWith(`${section}\n`));
  if (!part) throw new Error(`the catalogue has no section ${JSON.stringify(section)}`);
  const rows = part.split('\n').filter(line => line.startsWith('| '));
  return rows.slice(1).map(row => row.slice(2, -2).split(' | '));
}

function readSection(part: string): CatalogueSection {
  const [title = '', ...lines] = part.split('\n');
  const ofTests = /^A\.\d/.test(title);
  const entries = lines.flatMap(line => {
    const found = ofTests ? UPSTREAM_TEST.exec(line) : (RULE.exec(line) ?? RULE_IN_TABLE.exec(line));
    const { id, says } = found?.groups ?? {};
    if (id === undefined || says === undefined || id === 'test' || id.startsWith('--')) return [];
    // Of an upstream test the name alone: what follows counts its cases, or names versions.
    return [{ id: ofTests ? id.replace(/:.*| \(.*/, '') : id, says: says.replaceAll(' | ', ' · ') }];
  });
  return { title, entries };
}

/** Finds which entries a test's title names; of names that end in one another, the longest (`taint eviction TestUpdatePod`). */
export function namedBy(sections: readonly CatalogueSection[]): (title: string) => readonly string[] {
  const ids = new Set(sections.flatMap(section => section.entries.map(entry => entry.id)));
  const patterns = [...ids].map(id => [id, new RegExp(`(?<![\\w-])${id.replace(/[/.]/g, '\\$&')}(?![\\w-])`)] as const);
  return title => {
    const named = patterns.filter(([, pattern]) => pattern.test(title)).map(([id]) => id);
    return named.filter(id => !named.some(longer => longer.endsWith(` ${id}`)));
  };
}
