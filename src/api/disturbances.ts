import type { IncomingMessage } from 'node:http';
import type { Timer } from '../clock/clock.js';
import { WorldClock } from '../clock/world-clock.js';
import { type About, answerOf, type FaultAnswer } from '../faults/answers.js';
import { isAboutEvents } from '../faults/catalogue.js';
import type { Delay, Faults, Happening, Met } from '../faults/faults.js';
import type { Asked } from '../faults/matching.js';
import { RuleError } from '../faults/reading.js';
import type { ReadFault } from '../faults/rule.js';
import { authorizePath } from '../registry/authorize.js';
import type { Registry } from '../registry/registry.js';
import { messageOf, StatusError } from '../registry/status.js';
import { without } from '../resources/json.js';
import { askedOf } from './asked.js';
import type { Exchange, Truth } from './http.js';
import type { Target } from './routes.js';

/** The header of a request that brings its fault itself. */
const HEADER = 'Kubette-Fault';
/** Subresources whose answers have no end of their own. */
const ENDLESS: ReadonlySet<string> = new Set(['log', 'exec', 'attach', 'portforward', 'proxy']);

/** What those are told who ask a server that is not there yet. */
const UNAVAILABLE = new StatusError(503, 'ServiceUnavailable', 'the server is currently unable to handle the request');

/** What is disturbed. */
interface Disturbed {
  readonly exchange: Exchange;
  readonly about: About;
  /** Whether its answer has no end of its own: then nothing is carried out before it is disturbed. */
  readonly endless: boolean;
  /** Goes on as if nothing was wrong. */
  readonly goOn: () => void;
}

/** Lets happen to requests what rules say. */
export class Disturbances {
  readonly #registry: Registry;
  readonly #faults: Faults;
  readonly #path: string | undefined;
  #machine: WorldClock | undefined;
  readonly #waiting = new Map<Exchange, Timer>();

  /** @param path whose leave is needed to bring a fault */
  constructor(registry: Registry, faults: Faults, path: string | undefined) {
    this.#registry = registry;
    this.#faults = faults;
    this.#path = path;
  }

  /** Whether anything may go wrong with a request. Cheap, since every request passes here. */
  concern(req: IncomingMessage): boolean {
    return this.#faults.any || req.headers[HEADER.toLowerCase()] !== undefined;
  }

  /**
   * Lets a request meet what happens to it.
   * @param usual whether it is to the Kubernetes API proper: rules reach others by their path only
   * @param goOn answers it as if nothing was wrong
   * @throws StatusError 400, 403 for a fault that it brings itself
   */
  meet(exchange: Exchange, target: Target | undefined, path: string, usual: boolean, goOn: () => void): void {
    const { refusal } = this.#faults;
    if (refusal) {
      if (refusal === 'connection') exchange.breakOff();
      else exchange.fail(UNAVAILABLE);
      return;
    }
    const asked = askedOf(exchange, target, path, this.#registry, usual);
    // Who answers in its place tells of it too.
    exchange.verb = asked.verb;
    exchange.target = target;
    const met = this.#brought(exchange, asked);
    const { group = '', plural = path } = target?.definition ?? {};
    const from = exchange.query.get('continue') ? 'continue' : asked.verb === 'watch' ? 'watch' : 'list';
    const disturbed: Disturbed = {
      exchange,
      about: { group, plural, name: target?.name ?? '', from },
      endless: asked.verb === 'watch' || (!target && !usual) || ENDLESS.has(target?.subresource?.name ?? ''),
      goOn() {
        try {
          goOn();
        } catch (error) {
          exchange.fail(error);
        }
      },
    };
    const decide = () => {
      const found = met ?? this.#faults.meet(asked);
      if (found) this.#disturb(disturbed, found);
      else disturbed.goOn();
    };
    if (!met && target?.name === '' && asked.verb === 'create' && this.#faults.needsBody(asked)) {
      asked.readSent(exchange, target).then(decide);
    } else {
      decide();
    }
  }

  /** What a request brings itself. @throws StatusError 400, 403 */
  #brought(exchange: Exchange, asked: Asked): Met | undefined {
    const text = exchange.req.headers[HEADER.toLowerCase()];
    if (text === undefined) return undefined;
    if (this.#path !== undefined) authorizePath(this.#registry.authorizer, exchange.user, 'post', this.#path);
    try {
      return this.#faults.meetAlone(HEADER, parsed(String(text)), asked);
    } catch (error) {
      throw error instanceof RuleError ? StatusError.badRequest(error.message) : error;
    }
  }

  /** Breaks off what waits. */
  close(): void {
    for (const [exchange, timer] of this.#waiting) {
      timer.cancel();
      exchange.breakOff();
    }
    this.#waiting.clear();
    this.#machine?.close();
  }

  #disturb(disturbed: Disturbed, { delays, happening }: Met): void {
    const { exchange, endless } = disturbed;
    exchange.faults = [...delays, ...(happening ? [happening] : [])].map(({ name }) => name);
    const isLate = ({ applied }: Delay) => applied && !endless;
    this.#wait(
      exchange,
      delays.filter(delay => !isLate(delay)),
      () => this.#happen(disturbed, happening, delays.filter(isLate)),
    );
  }

  #happen(
    { exchange, about, endless, goOn }: Disturbed,
    happening: Happening | undefined,
    late: readonly Delay[],
  ): void {
    let fault = happening?.fault;
    if (fault?.kind === 'staleRead') {
      exchange.stale = fault;
      fault = undefined;
    } else if (fault && isAboutEvents(fault.kind)) {
      exchange.watchFault = happening;
      fault = undefined;
    }
    const wrongly = (truth?: Truth) => this.#answerWrongly(exchange, fault!, answer, truth);
    const answer = fault && answerOf(fault, about);
    if (fault && (endless || !isApplied(fault))) {
      wrongly();
      return;
    }
    if (fault || late.length > 0) {
      exchange.tamper = truth =>
        this.#wait(exchange, late, () => {
          // What is refused is refused.
          if (!fault || truth.code >= 400) truth.send();
          else wrongly(truth);
        });
    }
    goOn();
  }

  /** @param truth what would have been answered, where that was waited for */
  #answerWrongly(exchange: Exchange, fault: ReadFault, answer: FaultAnswer | undefined, truth?: Truth): void {
    if (fault.kind === 'restart') this.#faults.restart(without(without(fault, 'kind'), 'applied'));
    if (!answer) exchange.breakOff(fault.kind === 'halfAnswer' ? (truth?.chunks ?? []) : undefined);
    else if ('error' in answer) exchange.fail(answer.error);
    else exchange.send(answer.code, answer.contentType, [Buffer.from(answer.text)], answer.headers);
  }

  #wait(exchange: Exchange, delays: readonly Delay[], then: () => void): void {
    const [delay, ...more] = delays;
    if (!delay) {
      then();
      return;
    }
    const clock = delay.clock === 'cluster' ? this.#registry.clock : (this.#machine ??= WorldClock.real());
    const timer = clock.after(delay.ms, () => {
      this.#waiting.delete(exchange);
      this.#wait(exchange, more, then);
    });
    this.#waiting.set(exchange, timer);
  }
}

/** A name, or JSON. */
function parsed(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : text.trim();
  } catch (error) {
    throw new RuleError(HEADER, `the name of a fault, or JSON such as {"latency":{"by":"2s"}} (${messageOf(error)})`);
  }
}

const isApplied = (fault: ReadFault): boolean =>
  fault.kind === 'halfAnswer' || ('applied' in fault && fault.applied === true);
