import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { eventually, programPath, startProgram } from '../../support/server.js';

/** What came of a run of the program. */
async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = await startProgram(args, { XDG_CACHE_HOME: scratch(), ...env });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', chunk => {
    stdout += chunk;
  });
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

const scratch = () => mkdtempSync(join(inject('scratch'), 'exec-'));

/** A program for Node that asks the cluster. */
const ask = `
  const { readFileSync } = await import('node:fs');
  const list = await (await fetch(process.env.KUBETTE_SERVER + '/api/v1/nodes')).json();
  console.log(list.items.map(node => node.metadata.name).join(' '));
  console.log(readFileSync(process.env.KUBECONFIG, 'utf8').includes(process.env.KUBETTE_SERVER));
`;

describe('kubette exec', () => {
  it('runs a command that finds a cluster of its own, and ends with what it ends with', async () => {
    const command = `${ask}; console.error(process.argv.slice(1).join()); process.exit(7)`;
    const { code, stdout, stderr } = await run([
      'exec',
      '--nodes',
      '2',
      '--',
      process.execPath,
      '--input-type=module',
      '-e',
      command,
      '--',
      '--port',
      'x',
    ]);
    expect(stderr).toBe('--port,x\n');
    expect(stdout).toBe('node-1 node-2\ntrue\n');
    expect(code).toBe(7);
  });

  it('with faults from a file, and a journal as long as it is told', async () => {
    const folder = scratch();
    const rules = join(folder, 'rules.yaml');
    writeFileSync(rules, '- match: { resources: [nodes] }\n  when: { nth: 1 }\n  fault: unavailable\n');
    const command = `
      for (let i = 0; i < 3; i++) console.log((await fetch(process.env.KUBETTE_SERVER + '/api/v1/nodes')).status);
      const { requests } = await (await fetch(process.env.KUBETTE_SERVER + '/_kubette/v1/journal')).json();
      console.log(requests.map(({ number }) => number).join());`;
    const node = [process.execPath, '--input-type=module', '-e', command];
    expect(await run(['exec', '--faults', rules, '--journal', '2', '--', ...node])).toMatchObject({
      code: 0,
      stdout: '503\n200\n200\n2,3\n',
    });
    writeFileSync(rules, '{ "faults": [{ "fault": "nonsense" }] }');
    const { code, stderr } = await run(['exec', '--faults', rules, '--', ...node]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('faults[0].fault must be one of conflict,')]);
    writeFileSync(rules, 'fault: conflict');
    expect((await run(['exec', '--faults', rules, '--', ...node])).stderr).toBe(
      `kubette: --faults ${rules}: it must be a list of rules, as in docs/faults.md\n`,
    );
  });

  it('with hosts that pods may reach, on the command line and in a file, and none where there is no network', async () => {
    const command = `
      const { settings } = await (await fetch(process.env.KUBETTE_SERVER + '/_kubette/v1/diagnostics')).json();
      console.log(JSON.stringify(settings.network));`;
    const node = ['--', process.execPath, '--input-type=module', '-e', command];
    const config = join(scratch(), 'config.yaml');
    writeFileSync(config, 'network: { mode: ports, allow: [a.example] }\nnetwork-allow: b.example:80\n');
    const allowing = ['--network-allow', '127.0.0.1:9091, c.example'];
    const told = async (...args: string[]) => JSON.parse((await run(['exec', ...args, ...node])).stdout) as object;
    expect(await told('--network', 'ports', ...allowing)).toEqual({
      mode: 'ports',
      allow: ['127.0.0.1:9091', 'c.example'],
    });
    expect(await told('--config', config)).toEqual({ mode: 'ports', allow: ['a.example', 'b.example:80'] });
    expect((await run(['exec', ...allowing, ...node])).stderr).toBe(
      'kubette: --network-allow is about a network: --network loopback or ports\n',
    );
  });

  it('says as a shell does when there is no such command, or a signal ended it', async () => {
    expect(await run(['exec', 'no-such-command'])).toMatchObject({
      code: 127,
      stderr: 'kubette: there is no command no-such-command\n',
    });
    expect(await run(['exec', 'sh', '-c', 'kill -TERM $$'])).toMatchObject({ code: 143 });
  });

  it('passes on what it is told', async () => {
    const child = await startProgram([
      'exec',
      '--',
      'sh',
      '-c',
      'trap "echo told; exit 3" TERM; echo ready; while :; do sleep 0.05; done',
    ]);
    let output = '';
    child.stdout.on('data', chunk => {
      output += chunk;
    });
    await eventually('the command runs', async () => output.includes('ready'));
    child.kill('SIGTERM');
    // What it printed last may come after its end.
    expect((await once(child, 'close'))[0]).toBe(3);
    expect(output).toContain('told');
  });
});

describe('a server that another program starts', () => {
  it('leaves word when it answers, and takes it away when it ends', async () => {
    const file = join(scratch(), 'ready.json');
    const child = await startProgram(['--port', '0', '--in-memory', '--ready-file', file]);
    await eventually('it answers', async () => existsSync(file));
    const word = JSON.parse(readFileSync(file, 'utf8'));
    expect(word).toEqual({ url: expect.any(String), kubeconfig: expect.any(String), pid: child.pid });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await fetch(`${word.url}/readyz`)).status).toBe(200);
    expect(readFileSync(word.kubeconfig, 'utf8')).toContain(word.url);
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(existsSync(file)).toBe(false);
  });

  it.each(['pipe', 'ignore'])('dies with its parent if asked to, its standard input being %s', async stdin => {
    const file = join(scratch(), 'ready.json');
    const args = [await programPath(), '--port', '0', '--in-memory', '--ready-file', file, '--die-with-parent'];
    const parent = spawn(process.execPath, [
      '-e',
      `require('node:child_process').spawn(process.execPath, ${JSON.stringify(args)}, { stdio: [${JSON.stringify(stdin)}, 'ignore', 'ignore'] }); setInterval(() => {}, 1000)`,
    ]);
    await eventually('it answers', async () => existsSync(file));
    const { pid } = JSON.parse(readFileSync(file, 'utf8'));
    parent.kill('SIGKILL');
    await eventually('it has ended', async () => !isAlive(pid));
    expect(existsSync(file)).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
