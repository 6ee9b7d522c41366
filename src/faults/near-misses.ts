import { type Asked, type Part, told, whyNot } from './matching.js';
import type { FaultMatch } from './rule.js';

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

  add(match: FaultMatch, asked: Asked, missed: readonly Part[]): void {
    const worst = this.#closest.at(-1);
    if (this.#closest.length >= KEPT && worst!.parts < missed.length) return;
    const request = told(asked);
    const near = { request, missed: missed.map(part => whyNot(match, part, asked)), parts: missed.length };
    const others = this.#closest.filter(other => other.request !== request);
    this.#closest = [near, ...others].sort((a, b) => a.parts - b.parts).slice(0, KEPT);
  }

  closest(): readonly NearMiss[] {
    return this.#closest.map(({ request, missed }) => ({ request, missed }));
  }

  /** In words, for whoever looked for a request that did not come. */
  told(): string {
    if (this.#closest.length === 0) return 'there was no request';
    const lines = this.#closest.map(({ request, missed }) => `    ${request}: ${missed.join('; ')}`);
    return ['no request matched; the closest were', ...lines].join('\n');
  }
}
