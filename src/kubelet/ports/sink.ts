/** What is remembered of what came: so many, and so many characters of each. */
const KEPT = 100;
export const MOST_TEXT = 16 * 1024;

/** Something that came to a sink. */
export interface Arrival {
  /** RFC 3339, by the cluster's clock. */
  readonly time: string;
  /** The address that it came from. */
  readonly from: string;
  readonly protocol: 'HTTP' | 'UDP';
  /** Of the request, its path and media type; empty for datagrams. */
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

/** What came to the sinks, by the uid of the pod that is one: to be looked at. */
export class Sinks {
  readonly #byPod = new Map<string, { received: number; last: Arrival[] }>();

  take(uid: string, { text, ...arrival }: Arrival): void {
    let sink = this.#byPod.get(uid);
    if (!sink) this.#byPod.set(uid, (sink = { received: 0, last: [] }));
    sink.received++;
    sink.last.push({ ...arrival, text: text.slice(0, MOST_TEXT) });
    if (sink.last.length > KEPT) sink.last.shift();
  }

  /** How many things came, and the last of them. */
  told(uid: string): { readonly received: number; readonly last: readonly Arrival[] } {
    return this.#byPod.get(uid) ?? { received: 0, last: [] };
  }

  forget(uid: string): void {
    this.#byPod.delete(uid);
  }
}
