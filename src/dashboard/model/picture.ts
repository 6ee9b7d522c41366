import type { ClusterMap, DaemonSetFacts, NodeFacts } from '../graph/cluster-map.js';
import { isOutdated, isTrouble, ownerOf, readCells, STATE, STATES, stateOf } from './cells.js';
import { compareNames } from './names.js';

/** Whose pods a cell stands for: a DaemonSet, another workload, or a pod that nobody owns. */
export interface Owner {
  /** Its place in `Picture.owners`, by which cells name it. */
  readonly number: number;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** `namespace/name`, by which DaemonSets are known. */
  readonly key: string;
  readonly daemon: boolean;
}

/** A node as the page sees it. It stays the same object while the node is there, and what is in it changes. */
export type Row = Readonly<MutableRow>;

interface MutableRow {
  readonly name: string;
  facts: NodeFacts;
  cells: Uint32Array;
  /** What its pods request: cores, bytes and pods. */
  used: readonly number[];
  /** How many of its cells are daemon pods that are missing, too many, or failed. */
  troubles: number;
  /** The worst state of its daemon pods. */
  worst: number;
  /** The `Picture.changes` at which it became as it is. */
  changed: number;
}

/** Counts of a DaemonSet's cells by state, and how many of them are of an older template. */
export interface Tally {
  readonly states: readonly number[];
  readonly outdated: number;
  /** All cells: the nodes where a pod is wanted or is. */
  readonly total: number;
}

/** The row of pods that are bound to no node. */
export const UNBOUND = '';

const NO_FACTS: NodeFacts = {
  ready: true,
  unschedulable: false,
  taints: [],
  conditions: [],
  allocatable: [],
  metadata: { labelMap: {} },
};

/** A node that is not there, but would be. */
export const imaginedRow = (name: string): Row => ({
  name,
  facts: NO_FACTS,
  cells: new Uint32Array(),
  used: [],
  troubles: 0,
  worst: STATE.ready,
  changed: 0,
});

/**
 * The cluster as of one revision: what messages tell, put together. It changes in place, since at 5,000 nodes a new one for
 * each message would be most of the work; whoever looks at it is told by `World.look`.
 */
export class Picture {
  revision = '';
  time = '';
  readonly #rows = new Map<string, MutableRow>();
  readonly owners: Owner[] = [];
  readonly daemonSets = new Map<string, DaemonSetFacts>();
  /** How many messages have changed it. */
  changes = 0;
  /** Whether it has been told of as a whole at least once. */
  complete = false;
  /** Rises when nodes come, go or become others: what is arranged by them is to be arranged anew. */
  arrangement = 0;
  /** The DaemonSets by name: where each has its place in all boxes and in the matrix. */
  #columns: readonly Owner[] | undefined;
  #nodes: readonly string[] | undefined;
  readonly #numbers = new Map<string, number>();
  #mostOthers = 0;
  /** By the owner's number; kept up with each row, since counting all cells anew would be most of the work of a message. */
  readonly #tallies = new Map<number, { states: number[]; outdated: number; total: number }>();

  /** By name. */
  get rows(): ReadonlyMap<string, Row> {
    return this.#rows;
  }

  /** The names of the nodes, in their order. */
  get nodes(): readonly string[] {
    this.#nodes ??= [...this.#rows.keys()].filter(name => name !== UNBOUND).sort(compareNames);
    return this.#nodes;
  }

  /** The DaemonSets in the order of their names, in which they stand everywhere. */
  get columns(): readonly Owner[] {
    this.#columns ??= [...this.daemonSets.values()]
      .map(({ namespace, name }) => this.owners[this.#numberOf('DaemonSet', namespace, name)]!)
      .sort((a, b) => compareNames(a.name, b.name) || compareNames(a.namespace, b.namespace));
    return this.#columns;
  }

  /** The most pods that a node has besides the first of each DaemonSet: how large a box must be. */
  get mostOthers(): number {
    return this.#mostOthers;
  }

  apply(message: ClusterMap): void {
    if (message.whole) this.#clear();
    const changed = ++this.changes;
    this.revision = message.revision;
    this.time = message.time;
    for (const name of message.goneNodes) this.#remove(name);
    for (const key of message.goneDaemonSets) if (this.daemonSets.delete(key)) this.#rearrange();
    for (const facts of message.daemonSets) {
      const key = `${facts.namespace}/${facts.name}`;
      if (!this.daemonSets.has(key)) this.#rearrange();
      this.daemonSets.set(key, facts);
    }
    const numbers = message.owners.map(({ kind, namespace, name }) => this.#numberOf(kind, namespace, name));
    for (const { name, cells: text, used, node } of message.rows) {
      const before = this.#rows.get(name);
      if (name !== UNBOUND && (node || !before)) this.arrangement++;
      const cells = readCells(text, numbers);
      const others = this.#others(cells);
      if (name !== UNBOUND && others > this.#mostOthers) {
        this.#mostOthers = others;
        this.arrangement++;
      }
      if (name === UNBOUND && cells.length === 0) {
        this.#remove(name);
        continue;
      }
      let troubles = 0;
      let worst: number = STATE.ready;
      for (const cell of cells) {
        if (!this.owners[ownerOf(cell)]!.daemon) continue;
        const state = stateOf(cell);
        if (isTrouble(state)) troubles++;
        worst = Math.min(worst, state);
      }
      const facts = node ?? before?.facts ?? NO_FACTS;
      if (before) this.#count(before.cells, -1);
      this.#count(cells, 1);
      if (before) Object.assign(before, { facts, cells, used, troubles, worst, changed });
      else {
        this.#rows.set(name, { name, facts, cells, used, troubles, worst, changed });
        this.#nodes = undefined;
      }
    }
    if (!message.more) this.complete = true;
  }

  /** The cells of a DaemonSet, counted; undefined where it has none. */
  tallyOf({ number }: Owner): Tally | undefined {
    const tally = this.#tallies.get(number);
    // A new one each time: components are not drawn again for what only changed within.
    return tally && tally.total > 0 ? { ...tally, states: [...tally.states] } : undefined;
  }

  /** Adds a row's cells to the tallies, or takes them away. */
  #count(cells: Uint32Array, sign: 1 | -1): void {
    for (const cell of cells) {
      const owner = ownerOf(cell);
      if (!this.owners[owner]!.daemon) continue;
      let tally = this.#tallies.get(owner);
      if (!tally) this.#tallies.set(owner, (tally = { states: STATES.map(() => 0), outdated: 0, total: 0 }));
      tally.states[stateOf(cell)]! += sign;
      tally.total += sign;
      if (isOutdated(cell)) tally.outdated += sign;
    }
  }

  #rearrange(): void {
    this.#columns = undefined;
    this.arrangement++;
  }

  #remove(name: string): void {
    const row = this.#rows.get(name);
    if (!row) return;
    this.#count(row.cells, -1);
    this.#rows.delete(name);
    this.#nodes = undefined;
    if (name !== UNBOUND) this.arrangement++;
  }

  #others(cells: Uint32Array): number {
    const daemons = new Set<number>();
    let others = 0;
    for (const cell of cells) {
      const owner = ownerOf(cell);
      if (this.owners[owner]!.daemon && !daemons.has(owner)) daemons.add(owner);
      else others++;
    }
    return others;
  }

  #clear(): void {
    this.#rows.clear();
    this.#nodes = undefined;
    this.daemonSets.clear();
    this.owners.length = 0;
    this.#numbers.clear();
    this.#tallies.clear();
    this.#mostOthers = 0;
    this.#rearrange();
  }

  #numberOf(kind: string, namespace: string, name: string): number {
    const id = `${kind}/${namespace}/${name}`;
    let number = this.#numbers.get(id);
    if (number === undefined) {
      number = this.owners.length;
      this.#numbers.set(id, number);
      this.owners.push({ number, kind, namespace, name, key: `${namespace}/${name}`, daemon: kind === 'DaemonSet' });
    }
    return number;
  }
}
