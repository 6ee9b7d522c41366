import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Project, packed, tools } from './package.js';

/** Programs that are started one after the other, some of which take their time. */
const PATIENCE = 180_000;

describe.skipIf(!tools)('the package, packed and used elsewhere', { timeout: PATIENCE }, () => {
  let project: Project;
  beforeAll(async () => {
    project = await packed();
  }, PATIENCE);
  const write = (name: string, text: string) => writeFileSync(join(project.folder, name), text);

  const PROGRAM = `
const cluster = await createCluster({ clock: 'virtual', nodes: 2, seed: 7, data: 'NAME.db' });
await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'here' } });
assertThat(cluster.object('cm/here')).toExist();
const { url } = await cluster.listen();
const answers = await Promise.all(['/version', '/openapi/v2', '/metrics'].map(async path => (await fetch(url + path)).status));
const graph = await fetch(url + '/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ __typename }"}' });
console.log(JSON.stringify([...answers, await graph.json()]));
await cluster.close();
`;
  const ANSWERS = `${JSON.stringify([200, 200, 200, { data: { __typename: 'Query' } }])}\n`;

  it('is imported', async () => {
    const imports = `import { createCluster } from 'kubette'; import { assertThat } from 'kubette/assert';`;
    write('program.mjs', imports + PROGRAM.replace('NAME', 'imported'));
    expect(await project.node('program.mjs')).toBe(ANSWERS);
  });

  it('is required', async () => {
    const requires = `const { createCluster } = require('kubette'); const { assertThat } = require('kubette/assert');`;
    write('program.cjs', `${requires}(async () => {${PROGRAM.replace('NAME', 'required')}})();`);
    expect(await project.node('program.cjs')).toBe(ANSWERS);
  });

  const TYPED = `
import { type Cluster, createCluster, type Placement } from 'kubette';
import { assertThat } from 'kubette/assert';
export async function use(): Promise<readonly Placement[]> {
  const cluster: Cluster = await createCluster({ clock: 'virtual', nodes: { count: 500, zones: 3, gpu: '10%' } });
  const agent = cluster.object('ds/agent', 'kube-system');
  const strategy: string | undefined = agent.current?.spec.updateStrategy.type;
  assertThat(agent).not.toRunOn(strategy ?? '');
  // @ts-expect-error: no such matcher
  assertThat(agent).toFly();
  return agent.placements();
}
`;
  const VITEST = `
import { clusterTest } from 'kubette/vitest';
import { expect } from 'vitest';
clusterTest({ nodes: 3 })('types', async ({ cluster }) => {
  expect(cluster.object('ds/agent')).toRunOn(['node-1']);
  expect(cluster.object('ds/agent')).not.toBePlacedOnEveryNode();
  await expect(cluster.object('ds/agent')).toHaveEverMatched({});
  // @ts-expect-error: a node is a text
  expect(cluster.object('ds/agent')).toRunOn(3);
});
`;
  const JEST = `
import { setUpCluster } from 'kubette/jest';
const kubette = setUpCluster({ nodes: 3 });
test('types', async () => {
  expect(kubette.cluster.object('ds/agent')).not.toRunOn(['node-1']);
  await expect(kubette.cluster.object('ds/agent')).toHaveEverMatched({});
  // @ts-expect-error: a node is a text
  expect(kubette.cluster.object('ds/agent')).toRunOn(3);
});
`;

  it.each([
    ['nodenext', 'nodenext'],
    ['node16', 'node16'],
    ['esnext', 'bundler'],
  ])('has types for modules of %s, found by %s', async (module, moduleResolution) => {
    // What a package brings along is looked at once: that takes its time.
    const common = {
      target: 'es2023',
      strict: true,
      noEmit: true,
      skipLibCheck: moduleResolution !== 'node16',
      module,
      moduleResolution,
    };
    const check = async (name: string, types: readonly string[], files: Readonly<Record<string, string>>) => {
      for (const [file, text] of Object.entries(files)) write(file, text);
      const config = { compilerOptions: { ...common, types }, files: Object.keys(files) };
      write(`tsconfig.${name}.json`, JSON.stringify(config));
      expect(await project.run('typescript', '--project', `tsconfig.${name}.json`)).toBe('');
    };
    const required: Record<string, string> = moduleResolution === 'bundler' ? {} : { 'typed.cts': TYPED };
    await check('vitest', ['node'], { 'typed.mts': TYPED, ...required, 'vitest.test.mts': VITEST });
    await check('jest', ['node', 'jest'], { 'jest.test.mts': JEST });
    await check('jest-globals', ['node'], {
      'globals.test.mts': `import { expect, test } from '@jest/globals';${JEST.replace('kubette/jest', 'kubette/jest-globals')}`,
    });
  });

  it('is as publint and "Are the types wrong?" want it', async () => {
    expect(await project.run('publint', '--strict', 'node_modules/kubette')).toContain('All good!');
    const judged = (...args: string[]) => project.run('@arethetypeswrong/cli', project.tarball, ...args);
    expect(await judged('--profile', 'node16', '--entrypoints', '.', 'jest', 'jest-globals', 'assert')).toContain(
      '🟢 (CJS)',
    );
    expect(await judged('--profile', 'esm-only', '--entrypoints', 'vitest')).toContain('🟢 (ESM)');
  });

  it('works in Vitest', async () => {
    expect(await project.run('vitest', 'run', 'examples/vitest')).toMatch(/Tests +4 passed/);
  });

  it('works in Jest', async () => {
    expect(await project.run('jest', '--rootDir', 'examples/jest')).toMatch(/Tests: +2 passed, 2 total/);
  });

  it('works in Jest without globals', async () => {
    const named = `const { expect, test } = require('@jest/globals');`;
    const example = readFileSync(join(project.folder, 'examples/jest/fluentd.test.cjs'), 'utf8');
    mkdirSync(join(project.folder, 'examples/named'));
    write('examples/named/fluentd.test.cjs', named + example.replace('kubette/jest', 'kubette/jest-globals'));
    const jest = await project.run('jest', '--rootDir', 'examples/named', '--injectGlobals', 'false');
    expect(jest).toMatch(/Tests: +2 passed, 2 total/);
  });

  it('works in node:test', async () => {
    const out = await project.node(
      '--test',
      'examples/node-test/fluentd.test.mjs',
      'examples/operator/operator.test.mjs',
      'examples/dashboard/pods-table.test.mjs',
    );
    expect(out).toMatch(/# pass 9\n# fail 0/);
  });

  it('works in Mocha', async () => {
    expect(await project.run('mocha', 'examples/mocha/fluentd.test.cjs')).toContain('1 passing');
  });

  it('has a program, which runs others in a cluster of theirs', async () => {
    const asked =
      "fetch(process.env.KUBETTE_SERVER + '/api/v1/nodes').then(async r => console.log((await r.json()).items.length))";
    expect(await project.run('kubette', 'exec', '--nodes', '7', '--', process.execPath, '-e', asked)).toMatch(/^7$/m);
  });

  it('prints what a person needs when a test fails', async () => {
    write(
      'fails.test.mjs',
      `import { clusterTest } from 'kubette/vitest'; import { expect } from 'vitest';
clusterTest({ nodes: 2 })('fails', async ({ cluster }) => {
  await cluster.object('node/node-1').patch({ spec: { unschedulable: true } });
  expect(cluster.object('node/node-1')).not.toExist();
});`,
    );
    const failure = await project.run('vitest', 'run', 'fails.test.mjs').catch(error => String(error));
    expect(failure).toContain('node/node-1 is there');
    expect(failure).toMatch(
      /The cluster at 2025-01-01T00:00:00.000Z, revision \d+\n[\s\S]*changed nodes node-1.*: spec.unschedulable/,
    );
  });
});
