import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/** Which rooms a room may import from, besides itself. `clock` is below all. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  clock: [],
  // The pages as they were built, and how they are sent.
  web: [],
  resources: ['clock'],
  // Sentences as data, and in English: the page has them in other languages.
  words: [],
  placement: ['resources', 'words'],
  store: ['clock', 'resources'],
  registry: ['clock', 'resources', 'store'],
  access: ['clock', 'resources', 'store', 'registry'],
  // Explanations ask the very functions that the controllers decide by.
  explain: ['clock', 'resources', 'store', 'placement', 'registry', 'controllers', 'words'],
  controllers: ['clock', 'resources', 'store', 'placement', 'registry', 'access'],
  // kwok's stages, by which objects live in place of what is built in.
  stages: ['clock', 'resources', 'store', 'registry', 'controllers', 'faults'],
  kubelet: ['clock', 'resources', 'store', 'placement', 'registry', 'controllers', 'stages'],
  // Nodes, pods and Services on real sockets.
  network: ['clock', 'resources', 'store', 'placement', 'registry', 'controllers', 'kubelet', 'words'],
  // What is to go wrong: rules that decide, apart from what carries them out.
  faults: ['clock', 'resources', 'store', 'registry'],
  api: ['clock', 'resources', 'store', 'registry', 'access', 'faults'],
  admin: ['clock', 'resources', 'store', 'registry', 'faults', 'stages', 'api'],
  graphql: [
    'clock',
    'resources',
    'store',
    'placement',
    'registry',
    'controllers',
    'explain',
    'network',
    'admin',
    'web',
    'words',
  ],
  cluster: [
    'clock',
    'resources',
    'store',
    'placement',
    'registry',
    'access',
    'explain',
    'controllers',
    'kubelet',
    'stages',
    'network',
    'faults',
    'api',
    'admin',
    'graphql',
    'web',
  ],
  // What tests are written with: above the cluster, as the command line is.
  fixture: ['resources', 'store', 'registry', 'explain', 'words', 'cluster'],
  cli: [
    'clock',
    'resources',
    'store',
    'registry',
    'access',
    'faults',
    'admin',
    'explain',
    'kubelet',
    'network',
    'cluster',
    'words',
  ],
};

/** Files whose work is the machine's time: the clock itself, certificates' validity, how long a request took. */
const OUTSIDE_TIME = /^(clock\/|cli\/certificates\.ts|api\/http\.ts)/;
const TIME_OR_DICE =
  /\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bsetInterval\(|\bMath\.random\(|\bperformance\.now\(/;

const files = (readdirSync(SRC, { recursive: true }) as string[]).filter(
  f => /\.tsx?$/.test(f) && !/^(playground|dashboard)\//.test(f),
);
/** A file without its comments. */
const code = (file: string) => readFileSync(join(SRC, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
const roomOf = (file: string) => (file.includes('/') ? file.split('/')[0]! : undefined);

test('imports point downwards only', () => {
  const wrong: string[] = [];
  for (const file of files) {
    const room = roomOf(file);
    if (!room) continue; // src/index.ts is the door of the house
    const text = readFileSync(join(SRC, file), 'utf8');
    for (const [, target] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
      const other = roomOf(relative(SRC, resolve(SRC, dirname(file), target!)));
      if (other !== room && !MAY_IMPORT[room]?.includes(other!)) wrong.push(`${file} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

/** Packages that take their time to load: who does not need them at the start loads them when they are first asked for. */
const HEAVY = [
  '@apollo/server',
  '@peculiar/x509',
  'better-sqlite3',
  'dns-packet',
  'express',
  'graphql',
  'graphql-ws',
  'prom-client',
  're2js',
  'ws',
];

/** So are rooms of our own. */
const LATE = /^(network\/(network|doors|send\/sender|push\/)|graphql\/resolvers\/)/;

test('a server starts without what nobody has asked for yet', () => {
  const seen = new Set<string>();
  const wrong: string[] = [];
  const follow = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, target] of code(file).matchAll(/^(?:import|export) (?!type )(?:[^;']*? from )?'([^']+)'/gm)) {
      if (target!.startsWith('.')) follow(relative(SRC, resolve(SRC, dirname(file), target!)).replace(/\.js$/, '.ts'));
      else if (HEAVY.some(name => target === name || target!.startsWith(`${name}/`)))
        wrong.push(`${file} imports ${target}`);
    }
  };
  follow('cli/main.ts');
  follow('cli/serve.ts');
  follow('index.ts');
  expect(seen.size).toBeGreaterThan(200);
  expect(wrong).toEqual([]);
  expect([...seen].filter(file => LATE.test(file))).toEqual([]);
});

test('time and dice come from the cluster alone', () => {
  const wrong = files.filter(f => !OUTSIDE_TIME.test(f) && TIME_OR_DICE.test(code(f)));
  expect(wrong).toEqual([]);
});
