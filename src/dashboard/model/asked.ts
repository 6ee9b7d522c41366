import { type ReadonlySignal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { type Graph, GraphError, type Variables } from '../graph/client.js';

/** What became of a question so far. */
export interface Answer<T> {
  /** The newest answer; it stays while the question is asked again. */
  readonly data: T | undefined;
  readonly error: GraphError | undefined;
  readonly asking: boolean;
}

/** Ms between an answer and the same question asked again: what changes all the time must not be asked for all the time. */
const PAUSE = 400;

/** A question that is asked again whenever its answer may be another one: one request at a time, and the last one always. */
class Question<T> {
  readonly #answer = signal<Answer<T>>({ data: undefined, error: undefined, asking: true });
  readonly #abort = new AbortController();
  #busy = false;
  #again = false;

  constructor(
    readonly graph: Graph,
    readonly document: string,
    readonly variables: Variables,
  ) {}

  get answer(): ReadonlySignal<Answer<T>> {
    return this.#answer;
  }

  async ask(): Promise<void> {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    try {
      const data = await this.graph.ask<T>(this.document, this.variables, this.#abort.signal);
      if (!this.#abort.signal.aborted) this.#answer.value = { data, error: undefined, asking: false };
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.#answer.value = { data: this.#answer.peek().data, error: GraphError.of(error), asking: false };
    }
    setTimeout(() => {
      this.#busy = false;
      if (this.#again && !this.#abort.signal.aborted) {
        this.#again = false;
        void this.ask();
      }
    }, PAUSE);
  }

  end(): void {
    this.#abort.abort();
  }
}

/**
 * Asks a question of a cluster, for as long as the component is there.
 * @param stamp when it is another, the answer may be too, and the question is asked again
 */
export function useAsked<T>(graph: Graph, document: string, variables: Variables, stamp: unknown): Answer<T> {
  const key = JSON.stringify(variables);
  const question = useMemo(() => new Question<T>(graph, document, variables), [graph, document, key]);
  useEffect(() => () => question.end(), [question]);
  useEffect(() => void question.ask(), [question, stamp]);
  return question.answer.value;
}
