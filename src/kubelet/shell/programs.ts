import type { Clock } from '../../clock/clock.js';
import { getent, nslookup } from './names.js';
import { absolute, listDirectory, type Process, type Program } from './process.js';
import { shell } from './shell.js';

/** Where programs lie. */
const FOLDERS = ['/bin/', '/usr/bin/', '/usr/local/bin/', '/sbin/', '/usr/sbin/'];

/** The programs that a simulated container has. There is no tar, as in many a small image. */
const PROGRAMS: Readonly<Record<string, Program>> = {
  sh: shell,
  ash: shell,
  bash: shell,
  cat,
  date,
  echo,
  env: printEnvironment,
  false: () => 1,
  getent,
  hostname: (_, { box, out }) => out(`${box.hostname}\n`).then(() => 0),
  id: identity,
  '[': (args, process) => check(args.slice(0, -1), process),
  ls: list,
  nslookup,
  printenv: printEnvironment,
  ps: processes,
  pwd: (_, { directory, out }) => out(`${directory}\n`).then(() => 0),
  sleep,
  test: check,
  true: () => 0,
  uname: (args, { box, out }) =>
    out(args.includes('-a') ? `Linux ${box.hostname} 6.1.0 #1 SMP x86_64 GNU/Linux\n` : 'Linux\n').then(() => 0),
  whoami: (_, { box, out }) => out(`${userName(box.user.uid)}\n`).then(() => 0),
};

/** The program of a name, or of a path that it lies at. */
export function findProgram(name: string): Program | undefined {
  const folder = FOLDERS.find(candidate => name.startsWith(candidate)) ?? '';
  const base = name.slice(folder.length);
  return Object.hasOwn(PROGRAMS, base) ? PROGRAMS[base] : undefined;
}

async function cat(args: readonly string[], process: Process): Promise<number> {
  const { box, directory, out, err, stdin, signal } = process;
  let code = 0;
  for (const name of args.length > 0 ? args : ['-']) {
    if (name === '-') {
      for (let bytes = await stdin.bytes(signal); bytes; bytes = await stdin.bytes(signal)) await out(bytes);
      continue;
    }
    const path = absolute(name, directory);
    const text = path === '/dev/null' ? '' : box.files.get(path);
    if (text !== undefined) await out(text);
    else {
      const isDirectory = listDirectory(box, path) !== undefined;
      await err(
        `cat: ${isDirectory ? 'read error: Is a directory' : `can't open '${name}': No such file or directory`}\n`,
      );
      code = 1;
    }
  }
  return code;
}

async function echo(args: readonly string[], { out }: Process): Promise<number> {
  let first = 0;
  let [newline, escapes] = ['\n', false];
  for (; /^-[neE]+$/.test(args[first] ?? ''); first++) {
    if (args[first]!.includes('n')) newline = '';
    if (args[first]!.includes('e')) escapes = true;
  }
  const text = args.slice(first).join(' ');
  await out(`${escapes ? text.replace(/\\([ntr\\])/g, (_, letter: string) => ESCAPES[letter]!) : text}${newline}`);
  return 0;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\' };

async function printEnvironment(args: readonly string[], { env, out }: Process): Promise<number> {
  if (args.length === 0) {
    for (const [name, value] of env) await out(`${name}=${value}\n`);
    return 0;
  }
  const values = args.map(name => env.get(name));
  for (const value of values) if (value !== undefined) await out(`${value}\n`);
  return values.includes(undefined) ? 1 : 0;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** The cluster's time. */
async function date(args: readonly string[], { clock, out, err }: Process): Promise<number> {
  const format = args.find(arg => arg.startsWith('+'))?.slice(1) ?? '%a %b %e %H:%M:%S UTC %Y';
  const unknown = args.find(arg => !arg.startsWith('+') && arg !== '-u');
  if (unknown !== undefined) {
    await err(`date: invalid date '${unknown}'\n`);
    return 1;
  }
  await out(`${formatDate(format, clock.now())}\n`);
  return 0;
}

function formatDate(format: string, now: number): string {
  const at = new Date(now);
  const two = (n: number) => String(n).padStart(2, '0');
  const [weekday, month] = [WEEKDAYS[at.getUTCDay()]!, MONTHS[at.getUTCMonth()]!];
  const iso = at.toISOString();
  const values: Readonly<Record<string, string>> = {
    Y: iso.slice(0, 4),
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    e: String(at.getUTCDate()).padStart(2),
    H: two(at.getUTCHours()),
    M: two(at.getUTCMinutes()),
    S: two(at.getUTCSeconds()),
    N: `${iso.slice(20, 23)}000000`,
    s: String(Math.floor(now / 1000)),
    F: iso.slice(0, 10),
    T: iso.slice(11, 19),
    a: weekday.slice(0, 3),
    A: weekday,
    b: month.slice(0, 3),
    B: month,
    Z: 'UTC',
    '%': '%',
  };
  return format.replace(/%(.)/g, (all, letter: string) => values[letter] ?? all);
}

/** What `test` can ask of one text, … */
const TESTS_OF_ONE: Readonly<Record<string, (text: string, process: Process) => boolean>> = {
  '-n': text => text !== '',
  '-z': text => text === '',
  '-e': (path, { box, directory }) => isThere(box, absolute(path, directory)),
  '-f': (path, { box, directory }) => box.files.has(absolute(path, directory)),
  '-d': (path, { box, directory }) => listDirectory(box, absolute(path, directory)) !== undefined,
};

/** … and of two. */
const TESTS_OF_TWO: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  '=': (a, b) => a === b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '-eq': (a, b) => Number(a) === Number(b),
  '-ne': (a, b) => Number(a) !== Number(b),
  '-lt': (a, b) => Number(a) < Number(b),
  '-le': (a, b) => Number(a) <= Number(b),
  '-gt': (a, b) => Number(a) > Number(b),
  '-ge': (a, b) => Number(a) >= Number(b),
};

const isThere = (box: Process['box'], path: string): boolean =>
  box.files.has(path) || listDirectory(box, path) !== undefined;

/** `test A = B`, `[ -z TEXT ]`, `test ! -f FILE` */
async function check(args: readonly string[], process: Process): Promise<number> {
  if (args[0] === '!') {
    const code = await check(args.slice(1), process);
    return code > 1 ? code : 1 - code;
  }
  const [first = '', second = '', third = ''] = args;
  if (args.length <= 1) return first === '' ? 1 : 0;
  const ofTwo = args.length === 3 ? TESTS_OF_TWO[second] : undefined;
  if (ofTwo) return ofTwo(first, third) ? 0 : 1;
  const ofOne = args.length === 2 ? TESTS_OF_ONE[first] : undefined;
  if (ofOne) return ofOne(second, process) ? 0 : 1;
  await process.err(`sh: ${second}: unknown operand\n`);
  return 2;
}

const userName = (uid: number) => (uid === 0 ? 'root' : String(uid));

async function identity(args: readonly string[], { box, out }: Process): Promise<number> {
  const { uid, gid } = box.user;
  const named = (id: number) => (id === 0 ? '0(root)' : String(id));
  if (args.includes('-u')) await out(`${uid}\n`);
  else if (args.includes('-g')) await out(`${gid}\n`);
  else await out(`uid=${named(uid)} gid=${named(gid)} groups=${named(gid)}\n`);
  return 0;
}

async function list(args: readonly string[], { box, directory, out, err }: Process): Promise<number> {
  const isLong = args.some(arg => /^-\w*l/.test(arg));
  const paths = args.filter(arg => !arg.startsWith('-'));
  let code = 0;
  for (const name of paths.length > 0 ? paths : ['.']) {
    const path = absolute(name, directory);
    const names = box.files.has(path) ? [name] : listDirectory(box, path);
    if (!names) {
      await err(`ls: ${name}: No such file or directory\n`);
      code = 1;
      continue;
    }
    for (const entry of names) await out(isLong ? longEntry(box.files, path, entry) : `${entry}\n`);
  }
  return code;
}

function longEntry(files: ReadonlyMap<string, string>, path: string, name: string): string {
  const text = files.get(path) ?? files.get(absolute(name, path));
  const size = String(text === undefined ? 4096 : Buffer.byteLength(text)).padStart(8);
  return `${text === undefined ? 'drwxr-xr-x' : '-rw-r--r--'}    1 root     root     ${size} ${name}\n`;
}

/** The container's own process, and the one that looks. */
async function processes(_: readonly string[], { box, out }: Process): Promise<number> {
  const { name, command = [], args = [] } = box.container;
  const main = [...command, ...args].join(' ') || `/${name}`;
  const user = userName(box.user.uid).padEnd(8);
  await out(`PID   USER     TIME  COMMAND\n    1 ${user}  0:00 ${main}\n    7 ${user}  0:00 ps\n`);
  return 0;
}

const UNITS: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Sleeps by the cluster's clock. */
async function sleep(args: readonly string[], { clock, err, signal }: Process): Promise<number> {
  let ms = 0;
  for (const arg of args) {
    if (arg === 'infinity') return awaken(signal);
    const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(arg) ?? [];
    if (amount === undefined) {
      await err(`sleep: invalid number '${arg}'\n`);
      return 1;
    }
    ms += Number(amount) * UNITS[unit]!;
  }
  if (args.length === 0) {
    await err('sleep: missing operand\n');
    return 1;
  }
  await pause(clock, ms, signal);
  return signal.aborted ? INTERRUPTED : 0;
}

/** Sleeps until it is ended. */
const awaken = (signal: AbortSignal): Promise<number> =>
  new Promise(resolve => {
    signal.addEventListener('abort', () => resolve(INTERRUPTED));
    if (signal.aborted) resolve(INTERRUPTED);
  });

/** The exit code of a program that was ended by Ctrl-C. */
export const INTERRUPTED = 130;

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      timer.cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(ms, done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
