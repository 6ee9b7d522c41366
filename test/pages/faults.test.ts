// What docs/faults.md says is tried out here: its table, its code, its commands.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FAULTS } from '../../src/faults/catalogue.js';
import { readRule } from '../../src/faults/read-rule.js';
import { createCluster } from '../../src/index.js';
import { fromYaml } from '../../src/registry/yaml.js';
import { Page, runCode } from '../support/page.js';

const page = new Page('faults.md');
/** The table of faults: name and rule of each row. */
const rows = [...page.text.matchAll(/^\| `(\w+)` \|.*\| `(\{.*\})` \|$/gm)].map(
  ([, name, rule]) => [name!, rule!] as const,
);

describe('docs/faults.md', () => {
  it('has a row for each fault, in order', () => {
    expect(rows.map(([name]) => name)).toEqual(Object.keys(FAULTS));
  });

  it.each(rows)('%s is provoked as it says', (name, rule) => {
    expect(readRule(JSON.parse(rule)).fault.kind).toBe(name);
  });

  it.each(page.code)('runs: %s', async (_, code) => {
    await runCode(code, { scope: { createCluster, expect } });
  });

  it.each(page.blocks('yaml'))('is read: %s', yaml => {
    const { faults } = fromYaml(yaml).value as { faults: unknown[] };
    expect(faults.map(rule => readRule(rule).fault.kind)).toEqual(['latency', 'watchEnds']);
  });

  it('has commands that do what it says', async () => {
    const cluster = await createCluster();
    const { url } = await cluster.listen();
    const run = async (commands: string) =>
      (await promisify(execFile)('sh', ['-ec', commands.replaceAll('http://127.0.0.1:8001', url)])).stdout;
    const [rules, header] = page.blocks('sh');
    expect(await run(rules!)).toContain('"retryAfter": 2');
    expect(cluster.faults.list()).toEqual([]);
    const told = await run(header!);
    expect(told).toContain('the server is currently unable to handle the request');
    expect(told).toContain('worker-1');
    await cluster.close();
  });
});
