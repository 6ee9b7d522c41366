import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { User } from '../../registry/types.js';
import { isObject } from '../../resources/json.js';
import { jsonDiff } from '../../resources/json-diff.js';
import type { KubeObject } from '../../resources/types.js';
import type { ChangeType, Entry } from '../../store/entry.js';
import type { ClusterOptions } from '../options.js';
import { veiledObject } from './veil.js';

/** The form of the file; another number can be read by nobody who does not know it. */
export const FORMAT = 1;

/** The method of what a program applied without a request. */
export const APPLY = 'APPLY';

/** The method of what a program wrote without a request, by way of a registry or of an object. */
export const CALL = 'CALL';

/** The first line: which cluster it was. */
export interface Beginning {
  readonly kubette: string;
  readonly format: number;
  /** When it began, by its clock (ms). */
  readonly start: number;
  /** How fast the clock went then; absent if it stood still. */
  readonly rate?: number;
  readonly options: ClusterOptions;
}

/** A request that was let in. */
export interface Asked {
  readonly n: number;
  /** When, by the cluster's clock (ms). */
  readonly at: number;
  /** How fast the clock went; absent if it stood still. */
  readonly rate?: number;
  readonly method: string;
  readonly path: string;
  /** Absent: the administrator. */
  readonly user?: User;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string | { readonly base64: string };
}

/** What came of it. */
export interface AnswerLine {
  readonly answer: number;
  readonly code: number;
  readonly message?: string;
  /** Of the answer's bytes. */
  readonly hash?: string;
}

/** One write of the log. */
export interface WriteLine {
  readonly write: number;
  readonly type: ChangeType;
  /** `pods default/agent-x7k2p` */
  readonly what: string;
  /** By the cluster's clock (ms). */
  readonly at: number;
  /** The whole object, if it is new. */
  readonly object?: unknown;
  /** What is another than before: place, and what stands there now. */
  readonly changes?: readonly (readonly [path: string, after: unknown])[];
  /** Of all that is stored of it. */
  readonly hash: string;
}

/** A rule of faults made something happen that a replay does not repeat: to a commit, or a webhook. */
export interface DisturbedLine {
  readonly disturbed: string;
  /** The name of the rule. */
  readonly rule: string;
}

/** All that was written so far. */
interface Checkpoint {
  readonly checkpoint: number;
  readonly hash: string;
}

/** The last line, if the cluster was closed in order. */
interface End {
  readonly end: number;
  /** When, by its clock (ms). */
  readonly at: number;
  readonly hash: string;
}

export type Line = Beginning | Asked | AnswerLine | WriteLine | DisturbedLine | Checkpoint | End;

export const hashOf = (...parts: readonly (string | Buffer)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 16);
};

/** A write as the file has it. */
export function writeLine(
  { type, entry, time }: { readonly type: ChangeType; readonly entry: Entry; readonly time: number },
  previous: Entry | undefined,
): WriteLine {
  const { resource, namespace, name, revision } = entry;
  const object = veiledObject(resource, entry.object);
  const isNew = type === 'ADDED' || !previous;
  const changes =
    isNew || type === 'DELETED' ? undefined : jsonDiff(bare(veiledObject(resource, previous.object)), bare(object));
  return {
    write: revision,
    type,
    what: `${resource} ${namespace && `${namespace}/`}${name}`,
    at: time,
    ...(isNew && type !== 'DELETED' ? { object: bare(object) } : {}),
    ...(changes ? { changes: changes.map(({ path, after }) => [path, after ?? null]) } : {}),
    hash: hashOf(JSON.stringify(object)),
  };
}

/** Without what is told by the line itself, or by nobody who reads it. */
function bare({ metadata: { managedFields: _, resourceVersion: __, ...metadata }, ...object }: KubeObject): object {
  return { ...object, metadata };
}

/** The lines of a file, up to the last whole one. @throws Error if it is no such file */
export async function* readLines(file: string): AsyncGenerator<Line> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  let first = true;
  let broken: number | undefined;
  let number = 0;
  for await (const text of lines) {
    number++;
    if (text === '') continue;
    // Only the last line can be one that was not written to its end.
    if (broken !== undefined) throw new Error(`${file}: line ${broken} cannot be read`);
    const line = parsed(text);
    if (first) {
      if (!line || !('kubette' in line)) throw new Error(`${file} is no recording of Kubette's`);
      if (line.format !== FORMAT) throw new Error(`${file} was recorded by Kubette ${line.kubette}, in another format`);
      first = false;
    }
    if (line) yield line;
    else broken = number;
  }
  if (first) throw new Error(`${file} is no recording of Kubette's: it is empty`);
}

function parsed(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? (value as unknown as Line) : undefined;
  } catch {
    return undefined;
  }
}
