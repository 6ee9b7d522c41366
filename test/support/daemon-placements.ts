import { readFileSync } from 'node:fs';

const read = (file: string) => readFileSync(new URL(`../../examples/daemons/${file}`, import.meta.url), 'utf8');

/** The manifests of twenty nodes, and of the daemons that run on them, as YAML. */
export const NODES = read('nodes.yaml');
export const DAEMONS: readonly string[] = ['logging', 'monitoring', 'network', 'storage', 'gpu'].map(topic =>
  read(`${topic}.yaml`),
);

/** DaemonSet → node → what is expected there, in the words of examples/daemons/placement.md. */
export type Table = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The tables whose columns are nodes: who runs where, and who stays when spot machines are reclaimed. */
export const [EVERYBODY, RECLAIMED] = read('placement.md')
  .split('\n\n')
  .filter(block => block.startsWith('| |'))
  .map((block): Table => {
    const [head, , ...rows] = block
      .trim()
      .split('\n')
      .map(line => line.split('|').map(cell => cell.trim()));
    return new Map(
      rows.map(([, name, ...cells]) => [name!, new Map(cells.slice(0, -1).map((cell, i) => [head![i + 2]!, cell]))]),
    );
  }) as [Table, Table];

/** Words for a pod that waits, and what the scheduler says of it. */
export const WAITS: Readonly<Record<string, string>> = {
  cpu: 'Insufficient cpu',
  gpu: 'Insufficient nvidia.com/gpu',
  pods: 'Too many pods',
  port: "node(s) didn't have free ports for the requested pod ports",
};

/** In how many cells of a row one of these words stands. */
export const count = (cells: ReadonlyMap<string, string>, ...words: string[]): number =>
  [...cells.values()].filter(cell => words.includes(cell)).length;

/** In how many cells of a row a pod is wanted. */
export const wanted = (cells: ReadonlyMap<string, string>): number => count(cells, '●', '○', ...Object.keys(WAITS));
