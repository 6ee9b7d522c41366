import { readFileSync } from 'node:fs';
import { toYaml } from '../registry/yaml.js';
import { formatTable } from '../words/table.js';
import { changesOfWords, readChanges, type Shortcuts } from './changes.js';
import { askGraph, GraphFailure } from './graph.js';
import { askServerOrFile } from './server-or-file.js';

/** Of each list so much is asked for, and so many steps are printed. */
const PAGE = 500;
const STEPS = 40;

interface Counts {
  readonly wanted: number;
  readonly present: number;
  readonly ready: number;
  readonly upToDate: number;
  readonly missing: number;
  readonly extra: number;
}

interface Page<T> {
  readonly totalCount: number;
  readonly nodes: readonly T[];
}

interface Side {
  readonly actual: string;
  readonly reason: string;
}

interface Standing {
  readonly node: string | null;
  readonly state: string;
  readonly reason: string | null;
  readonly pod: { readonly name: string };
}

interface WhatIf {
  readonly revision: string;
  readonly changes: readonly { readonly messages: readonly string[]; readonly warnings: readonly string[] }[];
  readonly daemonSets: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly before: Counts | null;
    readonly after: Counts | null;
  }[];
  readonly placements: Page<{
    readonly difference: string;
    readonly namespace: string;
    readonly daemonSet: string;
    readonly node: string;
    readonly before: Side | null;
    readonly after: Side | null;
  }>;
  readonly pods: Page<{
    readonly difference: string;
    readonly namespace: string;
    readonly workloadKind: string | null;
    readonly workloadName: string | null;
    readonly before: Standing | null;
    readonly after: Standing | null;
  }>;
  readonly waiting: Page<{
    readonly reason: string;
    readonly pod: { readonly namespace: string; readonly name: string };
  }>;
  readonly steps: Page<{ readonly number: number; readonly seconds: number; readonly text: string }>;
  readonly rest: { readonly atRest: boolean; readonly seconds: number; readonly goingOn: readonly string[] };
}

const COUNTS = '{ wanted present ready upToDate missing extra }';
const STANDING = '{ node state reason pod { name } }';
const QUERY = `query WhatIf($changes: [ChangeInput!]!, $limit: String!, $at: Moment) {
  whatIf(changes: $changes, limit: $limit, at: $at) {
    revision
    changes { messages warnings }
    daemonSets { namespace name before ${COUNTS} after ${COUNTS} }
    placements(first: ${PAGE}) { totalCount nodes { difference namespace daemonSet node before { actual reason } after { actual reason } } }
    pods(first: ${PAGE}) { totalCount nodes { difference namespace workloadKind workloadName before ${STANDING} after ${STANDING} } }
    waiting(first: ${PAGE}) { totalCount nodes { reason pod { namespace name } } }
    steps(first: ${PAGE}) { totalCount nodes { number seconds text } }
    rest { atRest seconds goingOn }
  }
}`;

export interface WhatIfOptions extends Shortcuts {
  filename?: string[];
  /** Address of the server; the one on `port` if absent. */
  server?: string;
  port: number;
  token?: string;
  /** File of a cluster that no server has open, in place of a server. */
  data?: string;
  output: 'table' | 'json' | 'yaml';
  /** How far the clock of the imagined world may go. */
  limit: string;
  at?: string;
  exitCode?: boolean;
}

/**
 * Prints what would come of changes. Answers the exit code: 0; with `exitCode` 1 where something would be different.
 * @throws Error if there are no changes, one is refused, or nobody can be asked
 */
export async function printWhatIf(options: WhatIfOptions): Promise<0 | 1> {
  const files = (options.filename ?? []).flatMap(path => readChanges(readFileSync(path === '-' ? 0 : path, 'utf8')));
  const changes = [...files, ...changesOfWords(options)];
  if (changes.length === 0)
    throw new Error('tell what would change: -f FILE, --taint, --label, --cordon, --drain or --remove-node');
  const { whatIf } = await asked(options, { changes, limit: options.limit, at: options.at ?? null }, changes);
  process.stdout.write(
    options.output === 'json'
      ? `${JSON.stringify(whatIf, null, 2)}\n`
      : options.output === 'yaml'
        ? toYaml(whatIf)
        : told(whatIf),
  );
  const isSame = whatIf.placements.totalCount + whatIf.pods.totalCount === 0;
  return options.exitCode && !isSame ? 1 : 0;
}

async function asked(options: WhatIfOptions, variables: object, changes: readonly object[]) {
  const ask = async (access: Parameters<typeof askGraph>[0]) => {
    try {
      return await askGraph<{ whatIf: WhatIf }>(access, QUERY, variables);
    } catch (error) {
      const change = error instanceof GraphFailure ? error.errors[0]?.extensions?.change : undefined;
      if (typeof change !== 'number') throw error;
      throw new Error(
        `change ${change + 1} of ${changes.length} (${Object.keys(changes[change]!)[0]}) is refused: ${(error as Error).message}`,
      );
    }
  };
  return askServerOrFile(options, ask);
}

function told({ changes, daemonSets, placements, pods, waiting, steps, rest }: WhatIf): string {
  const parts = [
    changes.flatMap(({ messages, warnings }) => [...messages, ...warnings.map(text => `Warning: ${text}`)]).join('\n'),
    rest.atRest
      ? `After ${duration(rest.seconds)} all is done.`
      : `After ${duration(rest.seconds)} it is not at its end; still going on: ${rest.goingOn.slice(0, 5).join(', ')}${rest.goingOn.length > 5 ? ' …' : ''}`,
    placements.totalCount + pods.totalCount === 0 ? 'Nothing would be different.' : '',
    section('DaemonSets, before → after', [
      ['DAEMONSET', 'WANTED', 'PRESENT', 'READY', 'UP-TO-DATE', 'MISSING', 'EXTRA'],
      ...daemonSets.map(({ namespace, name, before, after }) => [
        `${namespace}/${name}`,
        ...(['wanted', 'present', 'ready', 'upToDate', 'missing', 'extra'] as const).map(key =>
          becomes(before?.[key] ?? 0, after?.[key] ?? 0),
        ),
      ]),
    ]),
    section(
      'Nodes that would win, lose or change a pod',
      [
        ['NODE', 'DAEMONSET', 'WHAT', 'BEFORE', 'AFTER', 'REASON'],
        ...placements.nodes.map(({ node, namespace, daemonSet, difference, before, after }) => [
          node,
          `${namespace}/${daemonSet}`,
          difference,
          before?.actual ?? '<none>',
          after?.actual ?? '<none>',
          after?.reason ?? 'there is no such node or DaemonSet any more',
        ]),
      ],
      placements.totalCount,
    ),
    section(
      'Other pods',
      [
        ['WORKLOAD', 'WHAT', 'BEFORE', 'AFTER', 'REASON'],
        ...pods.nodes.map(({ namespace, workloadKind, workloadName, difference, before, after }) => [
          workloadKind ? `${namespace}/${workloadKind}/${workloadName}` : `${namespace}/${(after ?? before)!.pod.name}`,
          difference,
          standing(before),
          standing(after),
          after?.reason ?? '',
        ]),
      ],
      pods.totalCount,
    ),
    section(
      'Pods that would wait for a node',
      [['POD', 'REASON'], ...waiting.nodes.map(({ pod, reason }) => [`${pod.namespace}/${pod.name}`, reason])],
      waiting.totalCount,
    ),
    section(
      'Steps on the way',
      [
        ['STEP', 'AFTER', 'WHAT HAPPENS'],
        ...steps.nodes.slice(0, STEPS).map(({ number, seconds, text }) => [String(number), duration(seconds), text]),
      ],
      steps.totalCount,
    ),
  ];
  return `${parts.filter(part => part !== '').join('\n\n')}\n`;
}

/** A table below its title; nothing where it has no rows. @param total how many rows there are, also those that are not shown */
function section(title: string, rows: readonly (readonly string[])[], total = rows.length - 1): string {
  if (rows.length === 1) return '';
  const more = total - (rows.length - 1);
  return `${title}\n${formatTable(rows).trimEnd()}${more > 0 ? `\n… and ${more} more` : ''}`;
}

const becomes = (before: number, after: number) => (before === after ? String(after) : `${before} → ${after}`);

const standing = (pod: Standing | null) => (pod ? `${pod.state}${pod.node ? ` on ${pod.node}` : ''}` : '<none>');

function duration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = `${Number((seconds % 60).toFixed(3))}s`;
  return `${hours ? `${hours}h` : ''}${hours || minutes ? `${minutes}m` : ''}${rest}`;
}
