import type { Clock, Timer } from '../clock/clock.js';
import type { Registry } from '../registry/registry.js';
import type { Change } from '../store/entry.js';
import { drawMap, type MapSheet, type Sight } from './cluster-map.js';
import { Feed } from './feed.js';
import { Touched } from './map-touched.js';
import { Placements } from './placements.js';
import { outlineAll } from './pod-outline.js';

export interface MapFeedOptions {
  /** All as the reader knows it; without it, the reader knows nothing. */
  readonly known?: Registry | undefined;
  /** Rows on one sheet, at most. */
  readonly rows: number;
  /** What the reader may see by now. */
  readonly sight: () => Sight;
  /** The machine's time: how often somebody can look has nothing to do with the time of the cluster. */
  readonly machine: Clock;
}

/** From one picture to the next: what is touched meanwhile is drawn once. A tenth of a second is soon enough for eyes. */
export const PAUSE_MS = 100;

/** A sheet, and the placements it was drawn from. */
export interface MapMessage {
  readonly sheet: MapSheet;
  readonly placements: Placements;
}

/**
 * The map of the cluster as it changes: first all that the reader does not know, then, again and again, the rows that may look another
 * way. What is kept for a reader is which rows these are, and of the picture that is being read the sheets that were not asked for yet.
 */
export class MapFeed extends Feed<MapMessage> {
  readonly #registry: Registry;
  readonly #options: MapFeedOptions;
  readonly #unfollow: () => void;
  #touched: Touched | undefined;
  #sheets: MapMessage[] = [];
  /** When the next picture may be drawn, by the machine's time. */
  #notBefore = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;
  #begun = false;

  constructor(registry: Registry, options: MapFeedOptions) {
    super();
    this.#registry = registry;
    this.#options = options;
    this.#touched = options.known && Touched.between(options.known, registry);
    this.#unfollow = registry.follow(changes => this.#note(changes));
  }

  #note(changes: readonly Change[]): void {
    const touched = this.#touched;
    // All is still to be drawn.
    if (!touched) return;
    for (const { type, entry, previous } of changes)
      touched.note(this.#registry, entry.resource, {
        before: previous,
        after: type === 'DELETED' ? undefined : entry,
      });
    if (!touched.isEmpty) this.wake();
  }

  protected override async take(): Promise<MapMessage | undefined> {
    const next = this.#sheets.shift();
    if (next) return next;
    if (this.#begun && this.#touched?.isEmpty) return undefined;
    const { machine, sight, rows } = this.#options;
    const wait = this.#notBefore - machine.now();
    if (wait > 0) {
      this.#timer ??= machine.after(wait, () => {
        this.#timer = undefined;
        this.wake();
      });
      return undefined;
    }
    if (!this.#begun) await outlineAll(this.#registry);
    // Nothing is shown that may yet fail to be written.
    await this.#registry.log.committed().catch(() => {});
    const placements = new Placements(this.#registry);
    const sheets = drawMap(placements, sight(), { touched: this.#touched, rows });
    this.#touched = new Touched();
    this.#notBefore = machine.now() + PAUSE_MS;
    const isFirst = !this.#begun;
    this.#begun = true;
    this.#sheets = sheets.filter(sheet => isFirst || tellsSomething(sheet)).map(sheet => ({ sheet, placements }));
    return this.#sheets.shift();
  }

  protected override close(): void {
    this.#unfollow();
    this.#timer?.cancel();
    this.#sheets = [];
    this.#touched = new Touched();
  }
}

const tellsSomething = ({ rows, goneNodes, daemonSets, goneDaemonSets }: MapSheet) =>
  rows.length + goneNodes.length + daemonSets.length + goneDaemonSets.length > 0;
