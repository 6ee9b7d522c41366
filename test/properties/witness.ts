import type { Event, Pod } from '../../src/resources/types.js';
import type { Row } from '../../src/store/backend.js';
import { controllerOf } from './state.js';

/** What must come to pass in some of the histories, or they prove less than they seem to. */
const REMARKABLE: Readonly<Record<string, (row: Row, before: Row | undefined) => boolean>> = {
  'a pod is refused by a quota': row => tells(row, 'FailedCreate', /exceeded quota/),
  'a pod is refused by a limit': row => tells(row, 'FailedCreate', /cpu limit|maximum cpu/),
  'a pod is driven away by a taint': row => tells(row, 'TaintManagerEviction', /^Marking/),
  'a failed pod is replaced': row => tells(row, 'FailedDaemonPod', /will try to kill it/),
  'a pod that ended well is deleted': (row, before) =>
    row.resource === 'pods' && row.type === 'DELETED' && /"phase":"Succeeded"/.test(String(before?.json.content)),
  'a pod gets another owner': (row, before) =>
    row.resource === 'pods' && before !== undefined && ownerOf(row) !== undefined && ownerOf(row) !== ownerOf(before),
  'a namespace ends': row => row.resource === 'namespaces' && row.type === 'DELETED',
  'a node comes back': (row, before) => row.resource === 'nodes' && row.type === 'ADDED' && before !== undefined,
};

const ownerOf = (row: Row) => controllerOf(row.json.parse() as Pod)?.uid;

function tells(row: Row, reason: string, message: RegExp): boolean {
  if (row.resource !== 'events') return false;
  const event = row.json.parse() as Event;
  return event.reason === reason && message.test(event.message ?? '');
}

/** Notes what remarkable things came to pass, in one history after the other. */
export class Witness {
  readonly #counts = new Map(Object.keys(REMARKABLE).map(what => [what, 0]));

  see(rows: readonly Row[]): void {
    const newest = new Map<string, Row>();
    for (const row of rows) {
      const key = `${row.resource} ${row.namespace}/${row.name}`;
      for (const [what, isIt] of Object.entries(REMARKABLE))
        if (isIt(row, newest.get(key))) this.#counts.set(what, this.#counts.get(what)! + 1);
      newest.set(key, row);
    }
  }

  /** What was to be seen, and how often. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** What was not seen at all. */
  get missed(): string[] {
    return Object.keys(this.counts).filter(what => this.counts[what] === 0);
  }
}
