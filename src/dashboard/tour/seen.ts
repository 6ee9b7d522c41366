import { isOutdated, ownerOf, STATES, type StateName, stateOf } from '../model/cells.js';
import { type Picture, type Row, UNBOUND } from '../model/picture.js';

/** A pod, or the place of one, as a picture tells it. */
interface SeenPod {
  readonly state: StateName;
  readonly outdated: boolean;
}

/** What the chapters of the tour look at to see whether what they speak of has happened. */
export class Seen {
  constructor(
    readonly picture: Picture,
    /** Which nodes count: those of the tour. */
    readonly isPart: (row: Row) => boolean,
  ) {}

  get nodes(): readonly string[] {
    return [...this.picture.rows.values()].filter(row => row.name !== UNBOUND && this.isPart(row)).map(row => row.name);
  }

  node(name: string): Row['facts'] | undefined {
    return this.picture.rows.get(name)?.facts;
  }

  /** The pods of a workload on a node, and the places where they are missing. */
  pods(node: string, owner = 'agent'): readonly SeenPod[] {
    const row = this.picture.rows.get(node);
    return [...(row?.cells ?? [])]
      .filter(cell => this.picture.owners[ownerOf(cell)]!.name === owner)
      .map(cell => ({ state: STATES[stateOf(cell)]!.name, outdated: isOutdated(cell) }));
  }

  /** Whether a node has one pod of the DaemonSet, ready and of the present template. */
  well(node: string): boolean {
    const pods = this.pods(node);
    return pods.length === 1 && pods[0]!.state === 'ready' && !pods[0]!.outdated;
  }

  /** Whether these nodes are well, and on all others there is nothing. */
  only(...names: readonly string[]): boolean {
    return this.nodes.every(node => (names.includes(node) ? this.well(node) : this.pods(node).length === 0));
  }

  get allWell(): boolean {
    return this.nodes.length > 0 && this.nodes.every(node => this.well(node));
  }

  /** How many nodes have a pod of the DaemonSet in this state. */
  count(test: (pod: SeenPod) => boolean): number {
    return this.nodes.filter(node => this.pods(node).some(test)).length;
  }

  /** How the DaemonSet brings a new template to its pods. */
  get strategy(): string | undefined {
    return this.picture.daemonSets.get('tour/agent')?.updateStrategy.type;
  }
}
