import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inNewWords } from './failed-scheduling.js';
import { differences } from './normalise.js';
import { replay, type Scenario } from './replay.js';

const here = (path: string) => new URL(path, import.meta.url);

/**
 * Plays every scenario of a folder that there is a recorded answer to.
 * @param everywhere differences that are right in every scenario
 * @param known those that are right in single ones, by name
 */
export function describeRecorded(
  title: string,
  { scenarios, golden }: { scenarios: string; golden: string },
  everywhere: readonly RegExp[],
  known: Readonly<Record<string, readonly RegExp[]>>,
): void {
  const names = readdirSync(here(scenarios))
    .map(file => basename(file, '.yaml'))
    .filter(name => existsSync(here(`${golden}/${name}.json`)));

  describe(title, () => {
    it.each(names)('%s', async name => {
      const scenario = parse(readFileSync(here(`${scenarios}/${name}.yaml`), 'utf8')) as Scenario;
      const recorded = JSON.parse(readFileSync(here(`${golden}/${name}.json`), 'utf8')) as { observed: unknown };
      const observed: unknown = JSON.parse(JSON.stringify(await replay({ ...scenario, name })));
      const right = [...everywhere, ...(known[name] ?? [])];
      const found = differences(inNewWords(recorded.observed), inNewWords(observed));
      expect(found.filter(difference => !right.some(pattern => pattern.test(difference)))).toEqual([]);
    });
  });
}
