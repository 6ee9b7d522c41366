import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { IMPORT_PATH, type ImportNote, type ImportReport, LINES_TYPE } from '../admin/control.js';
import { importInto } from '../cluster/create.js';
import { parseManifests } from '../registry/manifests.js';
import { messageOf } from '../registry/status.js';
import { readContext } from './contexts.js';
import { ask } from './http.js';
import { type Access, accessTo } from './kubeconfig.js';
import { readCluster } from './read-cluster.js';

/** How many objects are named of those of which the same is told. */
const NAMED = 3;
const MANIFEST = /\.(ya?ml|json)$/;

/** The options of `kubette import`. */
export interface ImportOptions {
  readonly data: string;
  /** The context of a kubeconfig whose cluster is read. */
  readonly context?: string;
  readonly kubeconfig?: string;
  /** A running Kubette that the objects go to, in place of a file. */
  readonly server?: string;
  readonly token?: string;
}

/** Objects, and where each comes from. */
export interface Brought {
  readonly objects: readonly object[];
  readonly origins: ReadonlyMap<object, string>;
  /** What could not be read where they come from. */
  readonly unread: readonly string[];
}

/**
 * Brings the objects of files, or of a cluster that is asked, into a data file, new or there already, as a whole or not at all; or into a
 * server that runs.
 */
export async function importObjects(paths: readonly string[], options: ImportOptions): Promise<void> {
  const { context, kubeconfig, server, token } = options;
  const isAsked = context !== undefined || kubeconfig !== undefined;
  if (isAsked === paths.length > 0) throw new Error('name either files to import, or a --context to read from');
  const brought = isAsked ? await readFromCluster(context, kubeconfig) : readObjects(paths);
  if (server !== undefined) {
    const access = accessTo({ server, port: 0, ...(token === undefined ? {} : { token }) });
    process.stdout.write(tell(await sendTo(access, brought.objects), brought));
    return;
  }
  const report = await importInto(resolve(options.data), brought.objects);
  process.stdout.write(tell(report, brought));
  process.stdout.write(`Try: kubette --data ${options.data}\n`);
}

async function readFromCluster(name: string | undefined, kubeconfig: string | undefined): Promise<Brought> {
  const context = await readContext(name, kubeconfig);
  process.stderr.write(`Reading ${context.endpoint.server} (context ${context.name})\n`);
  const { objects, unread } = await readCluster(context);
  return { objects, origins: new Map(), unread };
}

/** Has a running server take the objects in. @throws Error with what it says */
async function sendTo({ server, token, ca }: Access, objects: readonly object[]): Promise<ImportReport> {
  const lines = function* () {
    for (const object of objects) yield `${JSON.stringify(object)}\n`;
  };
  const { status, text } = await ask({ server, token, ca }, IMPORT_PATH, {
    method: 'POST',
    headers: { 'content-type': LINES_TYPE },
    body: Readable.from(lines()),
  });
  const told = parsed(text);
  if (status !== 200 || !told.taken)
    throw new Error(told.message ?? `${server} answered ${status}, and not as Kubette does`);
  const notes = (list: ToldNote[] = []) => list.map(({ index, ...note }) => ({ ...note, object: objects[index]! }));
  return { taken: new Map(Object.entries(told.taken)), left: notes(told.left), changed: notes(told.changed) };
}

interface ToldNote {
  readonly index: number;
  readonly kind: string;
  readonly name: string;
  readonly why: string;
}

interface Told {
  readonly message?: string;
  readonly taken?: Record<string, number>;
  readonly left?: ToldNote[];
  readonly changed?: ToldNote[];
}

function parsed(text: string): Told {
  try {
    return JSON.parse(text) as Told;
  } catch {
    return {};
  }
}

/**
 * Reads the objects in files, in the files of folders, and for `-` in what is piped in.
 * @throws Error that names the file that cannot be read
 */
export function readObjects(paths: readonly string[]): Brought {
  const origins = new Map<object, string>();
  for (const path of paths.flatMap(filesOf)) for (const object of read(path)) origins.set(object, path);
  return { objects: [...origins.keys()], origins, unread: [] };
}

function filesOf(path: string): string[] {
  if (path === '-' || !statSync(path).isDirectory()) return [path];
  const inside = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return inside
    .filter(entry => entry.isDirectory() || MANIFEST.test(entry.name))
    .flatMap(({ name }) => filesOf(join(path, name)));
}

function read(path: string): object[] {
  try {
    const text = readFileSync(path === '-' ? 0 : path, 'utf8');
    // Much faster than to read it as YAML, which it is too.
    return parseManifests(text.trimStart().startsWith('{') ? (JSON.parse(text) as object) : text);
  } catch (error) {
    throw new Error(`${path === '-' ? 'standard input' : path}: ${messageOf(error)}`);
  }
}

/** What came of an import, in words. */
export function tell({ taken, left, changed }: ImportReport, { origins, unread }: Brought): string {
  const counts = [...taken].map(([kind, count]) => `${count} ${kind}`);
  const lines = [`Imported: ${counts.join(', ') || 'nothing'}`];
  if (unread.length > 0) lines.push('Could not be read:', ...unread.map(line => `  ${line}`));
  if (left.length > 0) lines.push('Left out:', ...summary(left, origins));
  if (changed.length > 0) lines.push('Changed:', ...summary(changed, origins));
  return `${lines.join('\n')}\n`;
}

/** A line for all objects of a kind of which the same is told. */
function summary(notes: readonly ImportNote[], origins: Brought['origins']): string[] {
  const groups = new Map<string, ImportNote[]>();
  for (const note of notes) {
    const same = `${note.kind}: ${note.why}`;
    const group = groups.get(same);
    if (group) group.push(note);
    else groups.set(same, [note]);
  }
  return [...groups.values()].map(group => {
    const { kind, why } = group[0]!;
    const names = group.slice(0, NAMED).map(({ name, object }) => {
      const origin = origins.get(object);
      return origin === undefined ? name : `${name} (${origin})`;
    });
    const more = group.length > NAMED ? ` and ${group.length - NAMED} more` : '';
    return `  ${kind || 'object'} ${names.join(', ')}${more}: ${why}`;
  });
}
