import { formatTime } from '../clock/clock.js';
import { daemonPodOf } from '../controllers/daemonset/daemon-pod.js';
import { controllerOf, podsByNode } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import { compareText } from '../resources/compare.js';
import type { ResourceDefinition } from '../resources/definition.js';
import { daemonSets, nodes, pods } from '../resources/index.js';
import type { DaemonSet, KubeObject, Node, OwnerReference, Pod } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import { BETWEEN, NO_NODE, type Touched } from './map-touched.js';
import { type PlacementState, type Placements, stateOf } from './placements.js';
import { outlineOf, type PodOutline } from './pod-outline.js';
import { type Labelled, ROLLING_KINDS, type Rolling, updatedBy } from './rollout.js';

/** Whether somebody may see the objects of a kind in a namespace. */
export type Sight = (kind: Pick<ResourceDefinition, 'group' | 'plural'>, namespace: string) => boolean;

/** Whose pods they are that a cell stands for; a pod that nobody controls is its own. */
interface MapOwner {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Whoever stands behind what controls a pod. */
interface Maker {
  readonly owner: MapOwner;
  /** Tells pods of its present template; absent for who has none, or who may not be seen. */
  readonly isUpToDate?: ((pod: Labelled) => boolean) | undefined;
}

interface MapRow {
  /** Empty: pods that are on no node. */
  readonly name: string;
  /** As `MapRow.cells` in `schema/map.graphql` tells. */
  readonly cells: string;
  /** Requested cores, bytes of memory, and pods. */
  readonly used: readonly number[];
  /** Absent: as it was before, or none. */
  readonly node: Entry<Node> | undefined;
}

/** A part of a picture of the cluster, that can be understood without the others. */
export interface MapSheet {
  readonly revision: string;
  readonly time: string;
  readonly whole: boolean;
  readonly more: boolean;
  readonly owners: readonly MapOwner[];
  readonly rows: readonly MapRow[];
  readonly goneNodes: readonly string[];
  readonly daemonSets: readonly Entry<DaemonSet>[];
  readonly goneDaemonSets: readonly string[];
}

export interface MapOptions {
  /** Only what may look another way than before; without it, all. */
  readonly touched?: Touched | undefined;
  /** Rows on one sheet. */
  readonly rows?: number;
}

/**
 * The cluster in one picture: for each node one row of cells, one for each pod and for each that is missing. All sheets are of the same
 * moment; there is at least one.
 */
export function drawMap(
  placements: Placements,
  sight: Sight,
  { touched, rows = Number.POSITIVE_INFINITY }: MapOptions = {},
): MapSheet[] {
  const { registry } = placements;
  const pen = new Pen(placements, sight);
  const found = rowsToDraw(registry, touched);
  const sets = daemonSetsToTell(registry, pen, sight, touched);
  const sheets: MapSheet[] = [];
  for (let from = 0; from === 0 || from < found.there.length; from += rows) {
    const owners = new OwnerTable();
    const drawn = found.there.slice(from, from + rows).map(({ name, node, isNew }) => ({
      name,
      ...(node ? pen.row(node, owners) : pen.rest(owners)),
      node: isNew ? node : undefined,
    }));
    const isFirst = from === 0;
    sheets.push({
      revision: String(registry.revision),
      time: formatTime(registry.clock.now()),
      whole: isFirst && !touched,
      more: from + rows < found.there.length,
      owners: owners.all,
      rows: drawn,
      goneNodes: isFirst ? found.gone : [],
      daemonSets: isFirst ? sets.there : [],
      goneDaemonSets: isFirst ? sets.gone : [],
    });
  }
  return sheets;
}

interface RowToDraw {
  readonly name: string;
  readonly node: Entry<Node> | undefined;
  readonly isNew: boolean;
}

function rowsToDraw(registry: Registry, touched: Touched | undefined) {
  const there: RowToDraw[] = [];
  const gone: string[] = [];
  if (!touched || touched.everywhere) {
    for (const node of registry.all(nodes))
      there.push({ name: node.name, node, isNew: !touched || touched.nodes.get(node.name) === true });
  }
  let rest = !touched || touched.everywhere;
  for (const [name, isNew] of touched?.nodes ?? []) {
    const node = name === NO_NODE ? undefined : registry.get(nodes, '', name);
    // Pods of a node that comes or goes were, or are, on none that there is.
    if (!node || isNew) rest = true;
    if (!node && isNew) gone.push(name);
    if (node && !touched!.everywhere) there.push({ name, node, isNew });
  }
  if (rest) there.push({ name: NO_NODE, node: undefined, isNew: false });
  return { there, gone };
}

function daemonSetsToTell(registry: Registry, pen: Pen, sight: Sight, touched: Touched | undefined) {
  if (!touched) return { there: pen.daemonSets, gone: [] };
  const there: Entry<DaemonSet>[] = [];
  const gone: string[] = [];
  for (const key of touched.daemonSets) {
    const [namespace, name] = key.split('/') as [string, string];
    if (!seesDaemonSets(sight, namespace)) continue;
    const entry = registry.get(daemonSets, namespace, name);
    if (entry) there.push(entry);
    else gone.push(key);
  }
  return { there, gone };
}

/** A DaemonSet's placements tell of its pods. */
const seesDaemonSets = (sight: Sight, namespace: string) => sight(daemonSets, namespace) && sight(pods, namespace);

/** The owners that the cells of one sheet name, each once. */
class OwnerTable {
  readonly all: MapOwner[] = [];
  readonly #indexes = new Map<MapOwner, string>();

  indexOf(owner: MapOwner): string {
    let index = this.#indexes.get(owner);
    if (index === undefined) {
      this.#indexes.set(owner, (index = this.all.length.toString(36)));
      this.all.push(owner);
    }
    return index;
  }
}

/** Draws rows, as far as somebody may see what is in them. */
class Pen {
  /** Those whose placements are drawn. */
  readonly daemonSets: readonly Entry<DaemonSet>[];
  readonly #placements: Placements;
  readonly #seesPods: (namespace: string) => boolean;
  readonly #sight: Sight;
  readonly #ownersOfSets: readonly MapOwner[];
  /** By the uid of what controls a pod. */
  readonly #makers = new Map<string, Maker>();
  /** By their own uid; all ReplicaSets of a Deployment have the same. */
  readonly #rolling = new Map<string, Maker>();
  readonly #drawnSets: ReadonlySet<string>;

  constructor(placements: Placements, sight: Sight) {
    const { registry } = placements;
    this.#placements = placements;
    this.#sight = sight;
    this.#seesPods = remembering(namespace => sight(pods, namespace));
    this.daemonSets = registry.all(daemonSets).filter(({ namespace }) => seesDaemonSets(sight, namespace));
    this.#ownersOfSets = this.daemonSets.map(({ namespace, name }) => ({ kind: daemonSets.kind, namespace, name }));
    this.#drawnSets = new Set(this.daemonSets.map(({ uid }) => uid));
  }

  /** A node's row. */
  row(node: Entry<Node>, owners: OwnerTable): Pick<MapRow, 'cells' | 'used'> {
    const sum = new Sum();
    let cells = '';
    for (const [i, placement] of this.#placements.onNode(this.daemonSets, node).entries()) {
      const { actual, pod, pods, ready, upToDate } = placement;
      if (actual === 'NOT_WANTED') continue;
      const index = owners.indexOf(this.#ownersOfSets[i]!);
      cells += index + letterOf(actual, ready, pod) + (upToDate === false ? OLDER : '');
      for (const other of pods.length > 1 ? pods : NO_OTHERS) {
        if (other === pod) continue;
        const described = daemonPodOf(other);
        const letter = letterOf(placement.stateWith(described), described.ready, other);
        cells += index + letter + (placement.isUpToDate(described) ? '' : OLDER);
      }
    }
    const others: Entry<Pod>[] = [];
    for (const pod of this.#placements.podsOn(node.name)) {
      if (!this.#seesPods(pod.namespace)) continue;
      const outline = outlineOf(pod);
      sum.add(outline);
      if (!this.#isPlaced(outline)) others.push(pod);
    }
    return { cells: cells + this.#cells(others, owners), used: sum.used };
  }

  /** The pods that are on no node: those that wait for one, and those of nodes that there are not. */
  rest(owners: OwnerTable): Pick<MapRow, 'cells' | 'used'> {
    const { registry } = this.#placements;
    const byNode = podsByNode(registry);
    const isThere = (node: string | undefined) => node !== undefined && registry.get(nodes, '', node) !== undefined;
    const sum = new Sum();
    const rest: Entry<Pod>[] = [];
    for (const node of byNode.keys()) {
      if (isThere(node)) continue;
      for (const pod of byNode.get(node)) {
        const outline = outlineOf(pod);
        if (!this.#seesPods(pod.namespace) || (this.#isPlaced(outline) && isThere(daemonPodOf(pod).node))) continue;
        sum.add(outline);
        rest.push(pod);
      }
    }
    return { cells: this.#cells(rest, owners), used: sum.used };
  }

  /** Whether the placements of a DaemonSet tell of it, on whichever node it belongs to. */
  #isPlaced({ controller }: PodOutline): boolean {
    return controller !== undefined && this.#drawnSets.has(controller.uid);
  }

  /** The cells of pods that no placement tells of, in an order that stays. */
  #cells(others: Entry<Pod>[], owners: OwnerTable): string {
    let cells = '';
    for (const pod of others.sort(byName)) {
      const described = daemonPodOf(pod);
      const { owner, isUpToDate } = this.#makerOf(pod, outlineOf(pod));
      const older = isUpToDate && !isUpToDate(described) ? OLDER : '';
      cells += owners.indexOf(owner) + letterOf(stateOf(true, described), described.ready, pod) + older;
    }
    return cells;
  }

  #makerOf({ namespace, name }: Entry<Pod>, { controller }: PodOutline): Maker {
    if (!controller) return { owner: { kind: pods.kind, namespace, name } };
    let maker = this.#makers.get(controller.uid);
    if (!maker) this.#makers.set(controller.uid, (maker = this.#whoMade(controller, namespace)));
    return maker;
  }

  /** Who stands behind what controls a pod, as far as that may be seen. */
  #whoMade({ kind, name, uid }: OwnerReference, namespace: string): Maker {
    const between = BETWEEN.find(definition => definition.kind === kind && this.#sight(definition, namespace));
    const entry = between && this.#placements.registry.get<KubeObject>(between, namespace, name);
    const above = entry?.uid === uid ? controllerOf(entry.object) : undefined;
    if (above) return this.#whoMade(above, namespace);
    let maker = this.#rolling.get(uid);
    if (!maker) {
      const rolling = this.#rollingNamed(kind, namespace, name);
      maker = {
        owner: { kind, namespace, name },
        isUpToDate: rolling?.uid === uid ? updatedBy(this.#placements.registry, rolling) : undefined,
      };
      this.#rolling.set(uid, maker);
    }
    return maker;
  }

  #rollingNamed(kind: string, namespace: string, name: string): Entry<Rolling> | undefined {
    const definition = ROLLING_KINDS.find(rolling => rolling.kind === kind && this.#sight(rolling, namespace));
    return (
      definition &&
      this.#placements.registry.get<Rolling>(
        definition as ResourceDefinition as ResourceDefinition<Rolling>,
        namespace,
        name,
      )
    );
  }
}

/** What cells call a state; what is there and started is told by whether it is ready. */
const LETTERS: Readonly<Record<PlacementState, string>> = {
  MISSING: 'M',
  FAILED: 'F',
  EXTRA: 'X',
  PENDING: 'P',
  SUCCEEDED: 'S',
  TERMINATING: 'T',
  PRESENT: 'R',
  NOT_WANTED: '',
};
const NOT_READY = 'U';
const STUCK = 'C';
const OLDER = "'";

function letterOf(state: PlacementState, ready: boolean, pod: Entry<Pod> | undefined): string {
  if (state !== 'PENDING' && (state !== 'PRESENT' || ready)) return LETTERS[state];
  if (pod && outlineOf(pod).stuck) return STUCK;
  return state === 'PENDING' ? LETTERS[state] : NOT_READY;
}

const byName = (a: Entry, b: Entry) => compareText(a.namespace, b.namespace) || compareText(a.name, b.name);

const NO_OTHERS: readonly never[] = [];

/** What pods request together. */
class Sum {
  #cpu = 0;
  #memory = 0;
  #pods = 0;

  add({ requests }: PodOutline): void {
    if (!requests) return;
    this.#cpu += requests.cpu ?? 0;
    this.#memory += requests.memory ?? 0;
    this.#pods++;
  }

  get used(): number[] {
    return [this.#cpu / 1000, this.#memory, this.#pods];
  }
}

function remembering(decide: (key: string) => boolean): (key: string) => boolean {
  const known = new Map<string, boolean>();
  return key => {
    let answer = known.get(key);
    if (answer === undefined) known.set(key, (answer = decide(key)));
    return answer;
  };
}
