import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { differences } from './normalise.js';
import { replay, type Scenario } from './replay.js';
import { REST_DIFFERENCES } from './rest-differences.js';

const here = (path: string) => new URL(path, import.meta.url);
const names = readdirSync(here('scenarios-api')).map(file => basename(file, '.yaml'));

/** What a real control plane (v1.20.2) answered; see differences.md for what 1.35 does otherwise. */
describe('REST answers as recorded', () => {
  it.each(names)('%s', async name => {
    const scenario = parse(readFileSync(here(`scenarios-api/${name}.yaml`), 'utf8')) as Scenario;
    const golden = JSON.parse(readFileSync(here(`golden-api/${name}.json`), 'utf8')) as { observed: unknown };
    const observed: unknown = JSON.parse(JSON.stringify(await replay({ ...scenario, name })));
    const known = REST_DIFFERENCES[name] ?? [];
    const found = differences(golden.observed, observed);
    expect(found.filter(difference => !known.some(pattern => pattern.test(difference)))).toEqual([]);
    for (const pattern of known)
      expect(
        found.some(difference => pattern.test(difference)),
        `${pattern} is listed and does not occur`,
      ).toBe(true);
  });
});
