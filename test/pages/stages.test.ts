// What docs/stages.md says is tried out here: its code, its commands, its table of functions.
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { createCluster } from '../../src/index.js';
import { FUNCTIONS } from '../../src/resources/templates/functions/index.js';
import { clientBinary } from '../clients/kubectl.js';
import { Page, runCode } from '../support/page.js';
import { END } from '../unit/stages/staged.js';

const page = new Page('stages.md');
const block = (language: string) => page.blocks(language)[0]!;

describe('docs/stages.md', () => {
  it('has a row for each function', () => {
    const table = page.text.slice(page.text.indexOf('## Functions of templates'));
    const named = [...table.matchAll(/`(\w+)`/g)].map(([, name]) => name!).sort();
    expect(named).toEqual([...FUNCTIONS.keys()].sort());
  });

  it('has code that runs', async () => {
    await runCode(block('ts'), { scope: { createCluster, expect } });
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
