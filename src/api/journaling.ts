import type { Journal, Note } from '../faults/journal.js';
import type { Answered, Exchange } from './http.js';

/** Notes in the journal of a cluster what is asked of its API. */
export class Journaling {
  readonly #journal: Journal;
  readonly #adminRoot: string | undefined;
  /** Of answers that have no end yet. */
  readonly #open = new WeakMap<Exchange, Note>();

  /** @param adminRoot what paths begin with that are about the cluster as a whole: they are not noted */
  constructor(journal: Journal, adminRoot: string | undefined) {
    this.#journal = journal;
    this.#adminRoot = adminRoot && `/${adminRoot}/`;
  }

  /** An answer without an end has begun. */
  began(answered: Answered, exchange: Exchange): void {
    const note = this.#add(answered, exchange, true);
    if (note) this.#open.set(exchange, note);
  }

  answered(answered: Answered, exchange: Exchange): void {
    const note = this.#open.get(exchange);
    if (!note) {
      this.#add(answered, exchange, false);
      return;
    }
    note.open = false;
    note.milliseconds = answered.milliseconds;
  }

  #add(answered: Answered, exchange: Exchange, open: boolean): Note | undefined {
    const { method, url, verb, code, milliseconds, userAgent } = answered;
    if (this.#adminRoot && url.startsWith(this.#adminRoot)) return undefined;
    const { target, user, faults, created } = exchange;
    const resource = target && {
      group: target.definition.group,
      plural: target.definition.plural,
      subresource: target.subresource?.name ?? '',
      namespace: target.namespace,
      name: target.name || created,
    };
    const note = this.#journal.add(
      { method, url, verb, resource, user: user.name, userAgent, code, milliseconds, faults },
      open,
    );
    if (this.#journal.bodyBytes > 0) this.#noteBody(note, exchange);
    return note;
  }

  #noteBody(note: Note, exchange: Exchange): void {
    const { target, read } = exchange;
    if (!read) return;
    const { plural, group } = target?.definition ?? { plural: '', group: '' };
    // Whoever may look into the journal need not know these.
    if ((plural === 'secrets' && group === '') || plural === 'tokenreviews') return;
    read.then(
      bytes => {
        if (bytes.length > 0) note.body = bytes.toString('utf8', 0, this.#journal.bodyBytes);
      },
      () => {}, // it broke off
    );
  }
}
