import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get, request } from 'node:http';

/** A server under measurement, in a process of its own. */
export interface Running {
  readonly url: string;
  readonly pid: number;
  /** ms from the start of the process to its first answer. */
  readonly startMs: number;
  stop(): Promise<void>;
}

/** Starts `node ARGS…`, which listens on `port`, and waits for its first answer at `path`. */
export async function start(args: readonly string[], port: number, path: string): Promise<Running> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(url + path))) {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`);
    await new Promise(resolve => setTimeout(resolve, 1));
  }
  return { url, pid: child.pid!, startMs: performance.now() - began, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

function answers(url: string): Promise<boolean> {
  return new Promise(resolve => {
    get(url, response => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => resolve(false));
  });
}

/** Resident memory of a process, MiB. */
export function rssMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

/** Sends one request and answers its body. @throws Error on any status of 400 or above */
export function send(url: string, method = 'GET', body?: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      { method, headers: body === undefined ? {} : { 'content-type': 'application/json' } },
      response => {
        let text = '';
        response.setEncoding('utf8').on('data', chunk => {
          text += chunk;
        });
        response.on('end', () =>
          response.statusCode! < 400
            ? resolve(text)
            : reject(new Error(`${method} ${url}: ${response.statusCode} ${text}`)),
        );
      },
    );
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
