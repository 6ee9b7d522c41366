import type { Clock } from '../clock/clock.js';
import type { Registry } from '../registry/registry.js';
import type { Change } from '../store/entry.js';
import { drawMap, type MapSheet, type Sight } from './cluster-map.js';
import { Feed, Pace } from './feed.js';
import { Touched } from './map-touched.js';
import { Placements } from './placements.js';
import { outlineAll } from './pod-outline.js';

export interface MapFeedOptions {
  /** The revision up to which the reader knows all; without it, the reader knows nothing. */
  readonly since?: number | undefined;
  /** Rows on one sheet, at most. */
  readonly rows: number;
  /** What the reader may see by now. */
  readonly sight: () => Sight;
  /** The machine's time, for pauses. */
  readonly machine: Clock;
}

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
  readonly #pace: Pace;
  #begun = false;

  constructor(registry: Registry, options: MapFeedOptions) {
    super();
    this.#registry = registry;
    this.#options = options;
    this.#pace = new Pace(options.machine, () => this.wake());
    // A reader may have seen a part of what came after: what was touched is drawn, also where it is as it was. After a long absence all is:
    // as many writes as are in memory touch so many rows that not much less than all would be told, and older ones would have to be read.
    const missed = options.since === undefined ? undefined : registry.log.undoing(options.since);
    if (missed) this.#begin().noteAll(registry, missed);
    this.#unfollow = registry.follow(changes => this.#note(changes));
  }

  #note(changes: readonly Change[]): void {
    const touched = this.#touched;
    // All is still to be drawn.
    if (!touched) return;
    touched.noteAll(this.#registry, changes);
    if (!touched.isEmpty) this.wake();
  }

  /** From here on only what is touched is to be drawn. */
  #begin(): Touched {
    this.#touched = new Touched();
    return this.#touched;
  }

  protected override async take(): Promise<MapMessage | undefined> {
    const next = this.#sheets.shift();
    if (next) return next;
    if (this.#begun && this.#touched?.isEmpty) return undefined;
    if (!this.#pace.isDue) return undefined;
    const { sight, rows } = this.#options;
    if (!this.#begun) await outlineAll(this.#registry);
    // Nothing is shown that may yet fail to be written.
    await this.#registry.log.committed().catch(() => {});
    const placements = new Placements(this.#registry);
    const sheets = drawMap(placements, sight(), { touched: this.#touched, rows });
    this.#begin();
    this.#pace.pause();
    const isFirst = !this.#begun;
    this.#begun = true;
    this.#sheets = sheets.filter(sheet => isFirst || tellsSomething(sheet)).map(sheet => ({ sheet, placements }));
    return this.#sheets.shift();
  }

  protected override close(): void {
    this.#unfollow();
    this.#pace.close();
    this.#sheets = [];
    this.#begin();
  }
}

const tellsSomething = ({ rows, goneNodes, daemonSets, goneDaemonSets }: MapSheet) =>
  rows.length + goneNodes.length + daemonSets.length + goneDaemonSets.length > 0;
