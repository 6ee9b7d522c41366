import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fromDebian } from '../support/debian.js';
import { programPath } from '../support/server.js';
import { clientBinary } from './kubectl.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const PYTHON = '/usr/bin/python3';
const python = ['kubernetes', 'pytest'].every(name =>
  fromDebian(`python3-${name}`, () => (existsSync(`/usr/lib/python3/dist-packages/${name}`) ? PYTHON : undefined)),
);

/** Runs a command in a cluster of its own; answers what it printed. @throws Error with what it printed if it ends with anything but 0 */
async function inCluster(command: readonly string[], path = process.env.PATH): Promise<string> {
  const args = [await programPath(), 'exec', '--clock', 'virtual', '--', ...command];
  const env = { ...process.env, PATH: path, PYTHONDONTWRITEBYTECODE: '1' };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: EXAMPLES, env }).catch(
    ({ stdout, stderr }) => {
      throw new Error(`${command.join(' ')} failed:\n${stdout}${stderr}`);
    },
  );
  return stdout + stderr;
}

describe('examples in other languages', () => {
  it.skipIf(!python)('Python, by pytest', async () => {
    const pytest = [PYTHON, '-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'python'];
    expect(await inCluster(pytest)).toContain('2 passed');
  });

  it('a shell, by kubectl', async () => {
    const path = `${dirname(clientBinary('kubectl'))}:${process.env.PATH}`;
    expect(await inCluster(['sh', 'shell/fluentd.sh'], path)).toContain('node/worker-1 tainted');
  });
});

describe('examples for machines that build', () => {
  const read = (name: string) => parse(readFileSync(`${EXAMPLES}ci/${name}`, 'utf8'), { strict: true });
  /** All options that a command has. */
  const optionsOf = async (...command: readonly string[]) => {
    const { stdout } = await promisify(execFile)(process.execPath, [await programPath(), ...command, '--help']);
    return new Set(stdout.match(/--[a-z-]+/g));
  };

  it('GitHub Actions: what it runs, the program knows', async () => {
    const { jobs } = read('github-actions.yml') as { jobs: { test: { steps: { uses?: string; run?: string }[] } } };
    const { steps } = jobs.test;
    for (const { uses, run } of steps) expect(uses ?? run).toMatch(uses ? /^actions\/[a-z-]+@v\d+$/ : /./);
    const command = steps.map(({ run }) => run).find(run => run?.includes('kubette exec'))!;
    const options = command.split(' -- ')[0]!.match(/(?<=kubette exec .*)--[a-z-]+/g)!;
    const known = await optionsOf('exec');
    expect(options.filter(option => !known.has(option))).toEqual([]);
  });

  it('Compose: what it starts, the program knows', async () => {
    const { services } = read('compose.yaml') as {
      services: Record<string, { command: string[]; depends_on?: object }>;
    };
    const options = services.kubette!.command.filter(word => word.startsWith('--'));
    const known = await optionsOf();
    expect(options).not.toEqual([]);
    expect(options.filter(option => !known.has(option))).toEqual([]);
    expect(Object.keys(services.tests!.depends_on!)).toEqual(['kubette']);
  });

  it('Testcontainers: is JavaScript', async () => {
    await promisify(execFile)(process.execPath, ['--check', `${EXAMPLES}testcontainers/kubette.mjs`]);
  });
});
