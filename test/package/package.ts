import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { library } from '../../scripts/library.mjs';
import { installed } from '../support/installed.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What is packed beside dist/. */
const BESIDE = ['package.json', 'README.md', 'LICENSE', 'NOTICE', 'data', 'migrations', 'schema'];
/** What users have of their own, and this project too. */
const OF_USERS = ['vitest', 'typescript', '@types/node', '@kubernetes/client-node'];

/** A project of a user, with the package as npm would put it there, what it depends on, and nothing else of this project. */
export interface Project {
  readonly folder: string;
  /** The packed file. */
  readonly tarball: string;
  /** Runs Node there; answers what it printed. @throws Error with what it printed if it ends with anything but 0 */
  node(...args: readonly string[]): Promise<string>;
  /** Runs the program of a package there. */
  run(name: string, ...args: readonly string[]): Promise<string>;
}

/** What packages are judged and tested with; undefined where it cannot be had, and the reason has been printed. */
export const tools = installed(
  fileURLToPath(new URL('consumer', import.meta.url)),
  'the tools of users of the package',
);

/** Packs the package, of the sources as they are but without the pages, and makes a project that uses it. */
export async function packed(): Promise<Project> {
  const scratch = mkdtempSync(join(inject('scratch'), 'package-'));
  const source = join(scratch, 'source');
  for (const name of BESIDE) cpSync(join(ROOT, name), join(source, name), { recursive: true });
  await library(join(source, 'dist'));
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', scratch];
  const { stdout } = await promisify(execFile)('npm', pack, { cwd: source });
  const tarball = join(scratch, stdout.trim());
  const folder = join(scratch, 'project');
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'kubette'), { recursive: true });
  await promisify(execFile)('tar', ['-xzf', tarball, '--strip-components=1', '-C', join(modules, 'kubette')]);
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: object };
  const own = join(ROOT, 'node_modules');
  for (const name of [...Object.keys(dependencies), ...OF_USERS]) link(own, modules, name);
  for (const name of namesIn(join(tools!, 'node_modules'))) link(join(tools!, 'node_modules'), modules, name);
  cpSync(join(ROOT, 'examples'), join(folder, 'examples'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const node: Project['node'] = async (...args) => {
    try {
      const env = { PATH: process.env.PATH, HOME: scratch, NO_COLOR: '1', CI: '1' };
      const options = { cwd: folder, env, maxBuffer: 2 ** 24 };
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args, options);
      return stdout + stderr;
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      throw new Error(`node ${args.join(' ')} failed:\n${stdout}${stderr}`);
    }
  };
  const run: Project['run'] = (name, ...args) => node(programOf(modules, name), ...args);
  return { folder, tarball, node, run };
}

function link(from: string, to: string, name: string): void {
  mkdirSync(dirname(join(to, name)), { recursive: true });
  try {
    symlinkSync(join(from, name), join(to, name));
  } catch (error) {
    // What the package and the tools both need is there.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The packages in a folder of them. */
const namesIn = (modules: string): string[] =>
  readdirSync(modules).flatMap(name => {
    if (name.startsWith('.')) return [];
    return name.startsWith('@') ? readdirSync(join(modules, name)).map(part => `${name}/${part}`) : [name];
  });

/** Where the first program of a package is. */
function programOf(modules: string, name: string): string {
  const { bin } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  return join(modules, name, typeof bin === 'string' ? bin : Object.values(bin)[0]!);
}
