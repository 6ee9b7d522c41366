import type { Clock } from '../../../clock/clock.js';
import { Random } from '../../../clock/random.js';
import type { WebhookClient } from '../../../resources/admission/configuration.js';
import { isObject, type JsonObject } from '../../../resources/json.js';
import { messageOf } from '../../status.js';

/** What a webhook is asked. */
export interface Question {
  /** The webhook and all that it is told: the same question has the same answer. */
  readonly key: string;
  readonly client: WebhookClient;
  readonly timeoutSeconds: number;
  /** The review that is sent, but for the `uid` of its request. */
  readonly review: { readonly apiVersion: string; readonly kind: string; readonly request: JsonObject };
  /** Conversions of the same batch are asked for in one review. */
  readonly batch?: string;
}

/** What came back, or why nothing did. */
export type Answer =
  | { readonly uid: string; readonly review: unknown }
  | { readonly uid: string; readonly failure: string };

/** Sends reviews to webhooks. */
export interface WebhookCaller {
  /** Whether nobody is asked about writes: they pass as if no webhook was configured. */
  readonly letsPass?: boolean;
  /**
   * Resolves with what the webhook answered, as JSON.
   * @throws Error why it could not be asked, in upstream's words: `failed to call webhook: Post "https://…": …`
   */
  call(client: WebhookClient, body: unknown, timeoutSeconds: number): Promise<unknown>;
  /** Waits for no answer any more. */
  close?(): void;
}

/** Nobody is called. */
export const NO_WEBHOOKS: WebhookCaller = {
  call: () => Promise.reject(new Error('failed to call webhook: nobody is called from here')),
};

/** Nobody is called, and writes pass without; what a webhook would have to convert is refused. */
export const WEBHOOKS_PASSED_BY: WebhookCaller = { ...NO_WEBHOOKS, letsPass: true };

/** Stops a decision which cannot be made before these are answered. */
export class Unanswered extends Error {
  constructor(readonly questions: readonly Question[]) {
    super('webhooks have not answered yet');
  }
}

/**
 * A decision that webhooks have a say in. It is made again and again, each time in one go and on what is there by then, until it
 * asks nothing that was not answered: so nobody comes in between the last look and the write. What differs from one attempt to
 * the next is only what others changed meanwhile: the time and the dice are the same.
 */
export class Consultation {
  readonly #answers = new Map<string, Answer>();
  readonly #seed: string;
  /** What names reviews. */
  readonly #ids: Random;

  constructor(
    readonly clock: Clock,
    random: Random,
    private readonly caller: WebhookCaller,
  ) {
    const now = clock.now();
    this.clock = { now: () => now, after: (delay, fire) => clock.after(delay, fire) };
    this.#seed = random.hex(4);
    this.#ids = new Random(`${this.#seed} ids`);
  }

  /** The dice of one attempt: they fall as in the one before. */
  dice(): Random {
    return new Random(this.#seed);
  }

  /** @throws Unanswered with those that have no answer yet */
  answersTo(questions: readonly Question[]): Answer[] {
    const open = questions.filter(({ key }) => !this.#answers.has(key));
    if (open.length > 0) throw new Unanswered(open);
    return questions.map(({ key }) => this.#answers.get(key)!);
  }

  /** Asks all at once. */
  async ask(questions: readonly Question[]): Promise<void> {
    const batches = new Map<string, Question[]>();
    for (const question of questions) {
      const name = question.batch ?? question.key;
      batches.set(name, [...(batches.get(name) ?? []), question]);
    }
    await Promise.all([...batches.values()].map(batch => this.#askTogether(batch)));
  }

  async #askTogether(batch: readonly Question[]): Promise<void> {
    const { client, timeoutSeconds, review } = batch[0]!;
    const uid = this.#ids.uuid();
    const objects = batch.flatMap(one => (one.review.request.objects as unknown[] | undefined) ?? []);
    const request = { uid, ...review.request, ...(batch.length > 1 ? { objects } : {}) };
    const answer = await this.caller.call(client, { ...review, request }, timeoutSeconds).then(
      (found): Answer => ({ uid, review: found }),
      (error): Answer => ({ uid, failure: messageOf(error) }),
    );
    batch.forEach(({ key }, i) => {
      this.#answers.set(key, batch.length === 1 ? answer : shareOf(answer, i, batch.length));
    });
  }
}

/** What is said of one of several objects; all of it, if that is not what was asked for. */
function shareOf(answer: Answer, index: number, count: number): Answer {
  if ('failure' in answer || !isObject(answer.review) || !isObject(answer.review.response)) return answer;
  const { response } = answer.review;
  const { convertedObjects } = response;
  if (!Array.isArray(convertedObjects) || convertedObjects.length !== count) return answer;
  const own = { ...response, convertedObjects: [convertedObjects[index]] };
  return { uid: answer.uid, review: { ...answer.review, response: own } };
}
