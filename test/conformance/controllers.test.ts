import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CONTROLLER_DIFFERENCES, EVERYWHERE } from './controller-differences.js';
import { differences } from './normalise.js';
import { replay, type Scenario } from './replay.js';

const here = (path: string) => new URL(path, import.meta.url);
const names = readdirSync(here('scenarios'))
  .map(file => basename(file, '.yaml'))
  .filter(name => existsSync(here(`golden/${name}.json`)));

/** What the controllers of a real control plane (v1.20.2) did; see differences.md for what 1.35 does otherwise. */
describe('controllers act as recorded', () => {
  it.each(names)('%s', async name => {
    const scenario = parse(readFileSync(here(`scenarios/${name}.yaml`), 'utf8')) as Scenario;
    const golden = JSON.parse(readFileSync(here(`golden/${name}.json`), 'utf8')) as { observed: unknown };
    const observed: unknown = JSON.parse(JSON.stringify(await replay({ ...scenario, name })));
    const known = [...EVERYWHERE, ...(CONTROLLER_DIFFERENCES[name] ?? [])];
    const found = differences(golden.observed, observed);
    expect(found.filter(difference => !known.some(pattern => pattern.test(difference)))).toEqual([]);
  });
});
