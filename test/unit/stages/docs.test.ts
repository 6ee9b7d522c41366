// What docs/stages.md says is tried out here: its code, its commands, its table of functions.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { createCluster } from '../../../src/index.js';
import { FUNCTIONS } from '../../../src/resources/templates/functions/index.js';
import { clientBinary } from '../../clients/kubectl.js';
import { END } from './staged.js';

const text = readFileSync(new URL('../../../docs/stages.md', import.meta.url), 'utf8');
const block = (language: string) => new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'm').exec(text)![1]!;

type Code = (create: typeof createCluster, expected: typeof expect) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...source: string[]) => Code;

describe('docs/stages.md', () => {
  it('has a row for each function', () => {
    const table = text.slice(text.indexOf('## Functions of templates'));
    const named = [...table.matchAll(/`(\w+)`/g)].map(([, name]) => name!).sort();
    expect(named).toEqual([...FUNCTIONS.keys()].sort());
  });

  it('has code that runs', async () => {
    await new AsyncFunction('createCluster', 'expect', block('ts'))(createCluster, expect);
  });

  it('has commands that do what it says', async () => {
    const cluster = await createCluster();
    const { url } = await cluster.listen();
    const folder = mkdtempSync(join(inject('scratch'), 'stages-'));
    writeFileSync(join(folder, 'stages.yaml'), JSON.stringify({ ...END, metadata: { name: 'example' } }));
    const commands = block('sh').replaceAll('http://127.0.0.1:8001', url);
    const PATH = [dirname(clientBinary('kubectl')), process.env.PATH].join(delimiter);
    const { stdout } = await promisify(execFile)('sh', ['-ec', commands], {
      cwd: folder,
      env: { ...process.env, HOME: folder, PATH },
    });
    expect(stdout).toContain('stage.kwok.x-k8s.io/example created');
    expect(stdout).toMatch(/^NAME +AGE\nexample /m);
    expect(stdout).toContain('FIELD: delay <Object>');
    expect(stdout).toContain('"name": "example"');
    expect(stdout).toContain('stage.kwok.x-k8s.io "example" deleted');
    expect(cluster.stages.list()).toEqual([]);
    await cluster.close();
  });
});
