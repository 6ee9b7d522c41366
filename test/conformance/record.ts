/**
 * Records what a real control plane does: `npx tsx test/conformance/record.ts https://HOST:PORT TOKEN SCENARIO.yaml…`
 * writes what it observes beside the scenarios, `scenarios-X/NAME.yaml` to `golden-X/NAME.json`; `--to DIR` elsewhere.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { RealControlPlane } from './real.js';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { to: { type: 'string' } } });
const [base, token, ...files] = positionals;
const real = new RealControlPlane(base!, token!);

for (const file of files) {
  const name = basename(file, '.yaml');
  try {
    const observed = await real.play({ name, ...parse(readFileSync(file, 'utf8')) });
    const folder = values.to ?? dirname(file).replace('scenarios', 'golden');
    mkdirSync(folder, { recursive: true });
    const lines = observed.map(step => JSON.stringify(step));
    writeFileSync(join(folder, `${name}.json`), `{"observed":[\n${lines.join(',\n')}\n]}\n`);
    console.log(`recorded ${name}`);
  } catch (error) {
    console.error(`${name}: ${error}`);
    process.exitCode = 1;
  }
}
