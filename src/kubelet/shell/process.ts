import type { Clock } from '../../clock/clock.js';
import type { Box } from './box.js';
import type { Input } from './input.js';

export type Output = (text: string | Buffer) => Promise<void>;

/** A running program, as it sees itself. */
export interface Process {
  readonly box: Box;
  readonly clock: Clock;
  readonly env: ReadonlyMap<string, string>;
  /** The working directory. */
  readonly directory: string;
  readonly stdin: Input;
  readonly out: Output;
  readonly err: Output;
  /** Whether somebody sits at a terminal. */
  readonly tty: boolean;
  /** It is to end: its terminal was told so, or its client has gone. */
  readonly signal: AbortSignal;
  /** At a terminal: makes a signal for a program in the foreground, which Ctrl-C is for. */
  readonly interruptible?: () => AbortSignal;
  /** Told when something is to be run that is not there, or not understood. */
  readonly puzzled?: () => void;
}

/** Does its work and answers its exit code. `args` do not hold the program's own name. */
export type Program = (args: readonly string[], process: Process) => Promise<number> | number;

/** The absolute path of `path` as seen from `directory`. */
export function absolute(path: string, directory: string): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : directory}/${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The directories that every container has. */
const DIRECTORIES = ['/bin', '/dev', '/etc', '/proc', '/root', '/sys', '/tmp', '/usr', '/var'];

/** What is in a directory, in order; undefined if there is no such directory. */
export function listDirectory({ files, directory }: Box, path: string): string[] | undefined {
  const prefix = path === '/' ? '/' : `${path}/`;
  const known = [...DIRECTORIES, directory, ...files.keys()];
  const inside = known.filter(name => name.startsWith(prefix) && name !== prefix);
  if (inside.length === 0 && !DIRECTORIES.includes(path) && path !== directory) return undefined;
  return [...new Set(inside.map(name => name.slice(prefix.length).split('/')[0]!))].sort();
}
