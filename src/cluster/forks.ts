import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { FORKS_PATH, type ForkControl, type ForkInfo, type ForkOrder } from '../admin/control.js';
import type { Clock, Timer } from '../clock/clock.js';
import { Random } from '../clock/random.js';
import { checkRate } from '../clock/world-clock.js';
import { authorizePath } from '../registry/authorize.js';
import type { Registry } from '../registry/registry.js';
import { messageOf, StatusError } from '../registry/status.js';
import type { User } from '../registry/types.js';
import type { App } from './app.js';
import type { ForkOptions } from './options.js';

/** What the paths of all forks begin with. */
const ROOT = '/forks/';
const ID_LENGTH = 6;
const MAX_NAME = 100;
const FORKS = { group: '', plural: 'forks' };

/** A cluster, as far as forks are concerned. */
interface World {
  readonly app: Pick<App, 'handle' | 'upgrade'>;
  readonly registry: Registry;
  close(): Promise<void>;
}

/** Makes a fork that is served under a path. */
export type Branch = (options: ForkOptions, path: string) => Promise<World>;

export interface ForksOptions {
  /** How many there may be at once. */
  readonly limit: number;
  /** After how many milliseconds one is closed of which nobody has asked anything. */
  readonly idleMs: number;
  /** The machine's time: how long nobody asks is not the cluster's business. */
  readonly machine: Clock;
}

interface Standing {
  readonly info: Omit<ForkInfo, 'idleSeconds'>;
  readonly world: World;
  /** Requests, watches and subscriptions that are open. */
  open: number;
  lastAsked: number;
  closing: Timer | undefined;
}

/**
 * The forks of a server that have an address: whole clusters, each under a path of its own. They are all in one place, those of forks
 * too, so that they are bounded together and none needs its base to be there.
 */
export class Forks {
  readonly #root: () => Registry;
  readonly #options: ForksOptions;
  readonly #standing = new Map<string, Standing>();
  readonly #ids = new Random('forks');
  #beingMade = 0;
  #closed = false;

  /** @param root whose roles tell who may do what with forks */
  constructor(root: () => Registry, options: ForksOptions) {
    this.#root = root;
    this.#options = options;
  }

  /** How many there are. */
  get size(): number {
    return this.#standing.size;
  }

  /**
   * Forks as a world has them made of itself.
   * @param base its path, if it is a fork with an address
   */
  of(registry: () => Registry, base: string, branch: Branch): ForkControl {
    return {
      list: user => {
        this.#check(user, 'get');
        return [...this.#standing.values()].map(one => this.#told(one));
      },
      get: (id, user) => {
        this.#check(user, 'get', id);
        return this.#told(this.#find(id));
      },
      create: async (order = {}, user) => {
        this.#check(user, 'post');
        return this.#create(registry(), base, branch, order);
      },
      delete: async (id, user) => {
        this.#check(user, 'delete', id);
        const told = this.#told(this.#find(id));
        await this.#close(id);
        return told;
      },
    };
  }

  async #create(
    registry: Registry,
    base: string,
    branch: Branch,
    { at, era, rate, name }: ForkOrder,
  ): Promise<ForkInfo> {
    const { limit, machine } = this.#options;
    if (name !== undefined && name.length > MAX_NAME)
      throw StatusError.badRequest(`the name of a fork must be no more than ${MAX_NAME} characters`);
    if (typeof at === 'number' && at > registry.revision)
      throw StatusError.badRequest(`revision ${at} is still to come: the newest one is ${registry.revision}`);
    if (rate !== undefined) checkRateOf(rate);
    if (this.size + this.#beingMade >= limit)
      throw new StatusError(429, 'TooManyRequests', `there are ${limit} forks already: delete one first`, {});
    this.#beingMade++;
    try {
      const id = this.#ids.suffix(ID_LENGTH);
      const path = ROOT + id;
      const world = await branch({ at, era, rate }, path).catch(error => {
        throw error instanceof RangeError ? StatusError.expired(error.message) : error;
      });
      const now = machine.now();
      const info = {
        id,
        path,
        name: name || id,
        base: base ? base.slice(ROOT.length) : null,
        revision: world.registry.revision,
        time: world.registry.clock.now(),
        era: world.registry.era,
        createdAt: now,
      };
      if (this.#closed) await world.close();
      const standing: Standing = { info, world, open: 0, lastAsked: now, closing: undefined };
      this.#standing.set(id, standing);
      this.#waitForQuestions(standing);
      return this.#told(standing);
    } finally {
      this.#beingMade--;
    }
  }

  /** Answers a request for a fork and returns true; leaves others alone and returns false. Who may ask is known already. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const asked = this.#asked(request.url!);
    if (!asked) return false;
    const { id, rest } = asked;
    const standing = this.#standing.get(id);
    if (!standing) {
      sendStatus(response, StatusError.notFound(FORKS, id));
    } else if (rest === undefined) {
      response.writeHead(308, { Location: `${standing.info.path}/${asked.query}` }).end();
    } else {
      this.#opened(standing);
      response.once('close', () => this.#ended(standing));
      request.url = rest;
      standing.world.app.handle(request, response);
    }
    return true;
  }

  /** Answers a request for a fork that wants another protocol, and returns true. @param admits whether it may be made */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, admits: () => boolean): boolean {
    const { id, rest } = this.#asked(request.url!) ?? {};
    const standing = this.#standing.get(id ?? '');
    if (!standing || rest === undefined || !admits()) return false;
    this.#opened(standing);
    socket.once('close', () => this.#ended(standing));
    request.url = rest;
    standing.world.app.upgrade(request, socket, head);
    return true;
  }

  /** Closes all of them. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#standing.keys()].map(id => this.#close(id)));
  }

  /** Whose a URL is, and what is left of it there. */
  #asked(url: string): { id: string; rest: string | undefined; query: string } | undefined {
    if (!url.startsWith(ROOT)) return undefined;
    const [, id = '', rest, query = ''] = /^\/forks\/([^/?]*)(\/[^?]*)?(\?.*)?$/.exec(url) ?? [];
    return { id, rest: rest && rest + query, query };
  }

  #find(id: string): Standing {
    const standing = this.#standing.get(id);
    if (!standing) throw StatusError.notFound(FORKS, id);
    return standing;
  }

  #told({ info, open, lastAsked }: Standing): ForkInfo {
    const idleMs = open > 0 ? 0 : this.#options.machine.now() - lastAsked;
    return { ...info, idleSeconds: Math.floor(idleMs / 1000) };
  }

  #opened(standing: Standing): void {
    standing.open++;
    standing.closing?.cancel();
  }

  #ended(standing: Standing): void {
    standing.open--;
    standing.lastAsked = this.#options.machine.now();
    if (standing.open === 0 && this.#standing.get(standing.info.id) === standing) this.#waitForQuestions(standing);
  }

  #waitForQuestions(standing: Standing): void {
    const { machine, idleMs } = this.#options;
    standing.closing = machine.after(idleMs, () => void this.#close(standing.info.id));
  }

  /** It is gone at once for whoever asks; what is under way in it ends. */
  async #close(id: string): Promise<void> {
    const standing = this.#standing.get(id);
    if (!standing) return;
    this.#standing.delete(id);
    standing.closing?.cancel();
    await standing.world.close();
  }

  /** The roles of the cluster itself count, whatever those of a fork have become. */
  #check(user: User | undefined, verb: string, id?: string): void {
    if (user) authorizePath(this.#root().authorizer, user, verb, id === undefined ? FORKS_PATH : `${FORKS_PATH}/${id}`);
  }
}

/** @throws StatusError 400 */
function checkRateOf(rate: number): void {
  try {
    checkRate(rate);
  } catch (error) {
    throw StatusError.badRequest(messageOf(error));
  }
}

function sendStatus(response: ServerResponse, { code, status }: StatusError): void {
  response.writeHead(code, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(status)}\n`);
}
