import { fstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { WorldClock } from '../clock/world-clock.js';
import type { Serving } from './serve.js';

/** How often it is looked whether the parent is still there: nothing tells of its end. */
const LOOK_EVERY_MS = 250;

/**
 * Leaves word of a server that answers for whoever started it: `{ url, kubeconfig, token, dns, pid }`. The file is there as a whole or not at
 * all, and goes when the process does.
 */
export function announce(
  path: string,
  { url, kubeconfig, token, dns }: Pick<Serving, 'url' | 'kubeconfig' | 'token' | 'dns'>,
): void {
  const draft = `${path}.${process.pid}`;
  const word = { url, kubeconfig, token, dns, pid: process.pid };
  // A token is for its owner's eyes only.
  writeFileSync(draft, `${JSON.stringify(word)}\n`, { mode: 0o600 });
  renameSync(draft, path);
  process.once('exit', () => rmSync(path, { force: true }));
}

/**
 * Calls `end` when the parent has ended: it has another parent then. Where others stand in between, as npx does, the pipe tells that the
 * first one holds on its standard input.
 */
export function whenParentEnds(end: () => void): void {
  const parent = process.ppid;
  const machine = WorldClock.real();
  const look = () => {
    if (process.ppid === parent) machine.after(LOOK_EVERY_MS, look);
    else end();
  };
  look();
  if (isPipe(0)) process.stdin.once('end', end).resume();
}

function isPipe(descriptor: number): boolean {
  try {
    const kind = fstatSync(descriptor);
    return kind.isFIFO() || kind.isSocket();
  } catch {
    return false;
  }
}
