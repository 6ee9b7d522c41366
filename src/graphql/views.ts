import type { Placements } from '../explain/placements.js';
import { StatusError } from '../registry/status.js';
import type { Moment } from '../store/log.js';
import { parseMoment } from '../store/moment.js';
import { revisionOfCursor } from './connection.js';
import { badInput } from './errors.js';
import type { Pasts } from './pasts.js';
import { View } from './view.js';

/** Where a root field's arguments say what to look at. */
export interface Where {
  readonly at?: string | number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

/**
 * The views of one request on a cluster, or on a world that it imagined: the one place where it is chosen what a root field looks at.
 */
export class Views {
  readonly #present: View;
  readonly #pasts: Pasts;
  readonly #chosen = new Map<string | number, Promise<View>>();

  /** @param present what is looked at where nothing else is said: the cluster as it is, or another world at its end */
  constructor(present: View, pasts: Pasts) {
    this.#present = present;
    this.#pasts = pasts;
  }

  /**
   * What a root field looks at: the moment it names; else the revision that its cursor is of, if the log reaches back to it; else
   * the present.
   * @throws GraphQLError for what is no moment, or still to come; StatusError 410 (both as a rejection)
   */
  async of({ at, after, before }: Where): Promise<View> {
    if (at != null) return this.#at(at);
    const cursor = after ?? before;
    const revision = cursor == null ? undefined : revisionOfCursor(cursor);
    if (revision === undefined || revision > this.#present.registry.revision) return this.#present;
    return this.#at(revision).catch(error => {
      if (StatusError.is(error, 'Expired')) return this.#present;
      throw error;
    });
  }

  #at(at: string | number): Promise<View> {
    let view = this.#chosen.get(at);
    if (!view) this.#chosen.set(at, (view = this.#look(at)));
    return view;
  }

  async #look(at: string | number): Promise<View> {
    const moment = this.moment(at)!;
    const { registry, placements } = await this.#pasts.at(moment);
    return new View(registry, this.#present.user, placements);
  }

  /**
   * The moment that a root field's arguments name, if they name one.
   * @throws GraphQLError for what is no moment, or still to come
   */
  moment(at: Where['at']): Moment | undefined {
    if (at == null) return undefined;
    const moment = momentOf(at);
    if (typeof moment === 'number' && moment > this.#present.registry.revision) {
      throw badInput(`revision ${moment} is still to come`);
    }
    return moment;
  }

  /**
   * The revision that a reader goes on from; the present one if none is named.
   * @throws GraphQLError for what is no revision, or still to come; StatusError 410 if the log does not reach back to it
   */
  since(since: string | null | undefined): number {
    const { log } = this.#present.registry;
    if (since == null) return log.revision;
    const moment = this.moment(since);
    if (typeof moment !== 'number' || moment < 1) throw badInput(`${JSON.stringify(since)} is no revision`);
    if (moment < log.compacted) throw StatusError.expired(`revision ${moment} is no longer in the log`);
    return moment;
  }

  /** The present after a mutation: nothing that was found or allowed before it is still taken for true. */
  fresh(): View {
    return new View(this.#present.registry, this.#present.user);
  }

  /** What a subscription looks at: the present when something happened, with what is known of it already. */
  now(placements: Placements): View {
    return new View(this.#present.registry, this.#present.user, placements);
  }

  get present(): View {
    return this.#present;
  }
}

/** @throws GraphQLError for what is neither a revision nor a time */
export function momentOf(at: string | number): Moment {
  const moment = parseMoment(at);
  if (moment === undefined) throw badInput(`${JSON.stringify(at)} is neither a revision nor a time`);
  return moment;
}
