/** A request that was not meant, and why. */
export interface NearMiss {
  /** As in `update daemonsets.apps default/agent (by admin, kubectl)`. */
  readonly request: string;
  /** What of the match was not so of it, in words. */
  readonly missed: readonly string[];
}

/** How many are kept. */
const KEPT = 3;

/** Of the requests that were not meant those that came closest; of equals the latest. */
export class NearMisses {
  #closest: (NearMiss & { readonly parts: number })[] = [];

  /**
   * @param parts how much of the match was not so of it
   * @param tell what it was: asked for those alone that came close
   */
  add(parts: number, tell: () => NearMiss): void {
    const worst = this.#closest.at(-1);
    if (this.#closest.length >= KEPT && worst!.parts < parts) return;
    const near = { ...tell(), parts };
    const others = this.#closest.filter(other => other.request !== near.request);
    this.#closest = [near, ...others].sort((a, b) => a.parts - b.parts).slice(0, KEPT);
  }

  closest(): readonly NearMiss[] {
    return this.#closest.map(({ request, missed }) => ({ request, missed }));
  }

  /** Each in words. */
  lines(): string[] {
    return this.#closest.map(({ request, missed }) => `${request}: ${missed.join('; ')}`);
  }

  /** In words, for whoever looked for a request that did not come. */
  told(): string {
    if (this.#closest.length === 0) return 'there was no request';
    return ['no request matched; the closest were', ...this.lines()].join('\n    ');
  }
}
