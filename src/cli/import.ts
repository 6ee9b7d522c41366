import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createCluster } from '../cluster/cluster.js';
import type { ImportNote, ImportReport } from '../cluster/import/index.js';
import { parseManifests } from '../registry/manifests.js';
import { messageOf } from '../registry/status.js';

/** How many objects are named of those of which the same is told. */
const NAMED = 3;
const MANIFEST = /\.(ya?ml|json)$/;

/** The options of `kubette import`. */
interface ImportOptions {
  readonly data: string;
}

/** Objects, and where each comes from. */
export interface Brought {
  readonly objects: readonly object[];
  readonly origins: ReadonlyMap<object, string>;
}

/** Puts what files hold into a new data file, which is there as a whole or not at all. */
export async function importFiles(paths: readonly string[], options: ImportOptions): Promise<void> {
  const data = resolve(options.data);
  if (existsSync(data)) throw new Error(`${data} is there already: objects are imported into a new file (--data)`);
  const brought = readObjects(paths);
  const partial = `${data}.importing`;
  const discard = () => {
    for (const suffix of ['', '-wal', '-shm', '-lock']) rmSync(partial + suffix, { force: true });
  };
  discard();
  try {
    // Who serves the file says what runs in it.
    const cluster = await createCluster({
      data: partial,
      import: brought.objects,
      controllers: ['-*'],
      kubelet: 'off',
    });
    await cluster.settled();
    await cluster.close();
    renameSync(partial, data);
    process.stdout.write(tell(cluster.imported!, brought));
    process.stdout.write(`Try: kubette --data ${options.data}\n`);
  } finally {
    discard();
  }
}

/**
 * Reads the objects in files, in the files of folders, and for `-` in what is piped in.
 * @throws Error that names the file that cannot be read
 */
export function readObjects(paths: readonly string[]): Brought {
  const origins = new Map<object, string>();
  for (const path of paths.flatMap(filesOf)) for (const object of read(path)) origins.set(object, path);
  return { objects: [...origins.keys()], origins };
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
export function tell({ taken, left, changed }: ImportReport, { origins }: Brought): string {
  const counts = [...taken].map(([kind, count]) => `${count} ${kind}`);
  const lines = [`Imported: ${counts.join(', ') || 'nothing'}`];
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
