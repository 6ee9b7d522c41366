import type { AddressInfo, NetworkInfo } from '../admin/control.js';
import { WorldClock } from '../clock/world-clock.js';
import { Feed, Pace } from '../explain/feed.js';
import type { NetworkService } from './context.js';

/** From one message to the next, ms of the machine's time: counters that run are not read any faster. */
const PAUSE_MS = 1000;

/** What answers, or what of it is different. */
export interface TrafficMessage {
  readonly network: NetworkInfo['network'];
  readonly whole: boolean;
  readonly changed: readonly AddressInfo[];
  /** Places where nothing answers any more. */
  readonly gone: readonly string[];
}

/** What answers with real sockets, and how much comes: all at first, then what was touched since. A slow reader gets the newest state of each, once. */
export class TrafficFeed extends Feed<TrafficMessage> {
  readonly #network: NetworkService | undefined;
  readonly #pace = new Pace(WorldClock.real(), () => this.wake());
  readonly #unfollow: (() => void) | undefined;
  #touched = new Set<string>();
  #isWhole = true;

  /** @param network nothing ever answers without */
  constructor(network: NetworkService | undefined) {
    super();
    this.#network = network;
    this.#unfollow = network?.follow(place => {
      if (place === undefined) this.#isWhole = true;
      else this.#touched.add(place);
      this.wake();
    });
  }

  protected take(): TrafficMessage | undefined {
    if ((!this.#isWhole && this.#touched.size === 0) || !this.#pace.isDue) return undefined;
    this.#pace.pause(PAUSE_MS);
    const touched = this.#touched;
    const whole = this.#isWhole;
    this.#touched = new Set();
    this.#isWhole = false;
    const present = this.#network?.present();
    if (whole || !present) {
      const { network, addresses } = this.#network?.state() ?? { network: 'off' as const, addresses: [] };
      return { network, whole: true, changed: addresses, gone: [] };
    }
    const changed: AddressInfo[] = [];
    const gone: string[] = [];
    for (const place of touched) {
      const address = present.at(place);
      if (address) changed.push(address);
      else gone.push(place);
    }
    return { network: present.mode, whole, changed, gone };
  }

  protected close(): void {
    this.#unfollow?.();
    this.#pace.close();
  }
}
