import { GraphQLError } from 'graphql';
import type { Registry } from '../../registry/registry.js';
import { messageOf } from '../../registry/status.js';
import type { User } from '../../registry/types.js';
import { badInput } from '../errors.js';
import type { ChangeInput, DrainInput, DrainStep } from '../generated.js';
import { View } from '../view.js';
import { DEEDS } from './deeds.js';
import { drain, inWords } from './drain.js';
import { Writer } from './writer.js';

/** Changes made at once, at most. */
const MAX_CHANGES = 5000;

/** @throws GraphQLError for too many */
export function checkNumber(changes: readonly ChangeInput[]): void {
  if (changes.length > MAX_CHANGES) throw badInput(`at most ${MAX_CHANGES} changes can be made at once`);
}

/** Changes that are made one after the other in the name of a user, in a cluster or in a world that is only imagined. */
export class ChangeList {
  readonly done: { readonly index: number; readonly messages: string[]; readonly warnings: readonly string[] }[] = [];
  /** Nodes that are not empty yet, since disruption budgets refuse, and which change was to empty them. */
  readonly #unfinished = new Map<number, DrainInput>();

  readonly #mayWrite: (() => void) | undefined;

  /** @param mayWrite asked before each write of a change; throws where no other one may begin */
  constructor(
    readonly registry: Registry,
    readonly user: User | undefined,
    mayWrite?: () => void,
  ) {
    this.#mayWrite = mayWrite;
  }

  /**
   * Makes them, up to the first that is refused.
   * @param mayGoOn asked before each; throws where no other one may begin
   * @throws what a change is refused with: which one it was, and what those before it did
   */
  async make(changes: readonly ChangeInput[], mayGoOn: () => void): Promise<void> {
    for (const change of changes) await this.#make(change, mayGoOn);
  }

  async #make(change: ChangeInput, mayGoOn: () => void): Promise<void> {
    const index = this.done.length;
    const writer = this.#writer();
    try {
      mayGoOn();
      const [[deed, args] = ['', {}], ...more] = Object.entries(change);
      // graphql-js has seen to it; the command line has files of them.
      if (!deed || more.length > 0) throw badInput('each change must be exactly one');
      const steps = deed === 'drain' ? await this.#drain(writer, index, args as DrainInput) : [];
      if (deed !== 'drain') await (DEEDS[deed as keyof typeof DEEDS] as Deed)(writer, args);
      const { changes, warnings } = await writer.payload();
      this.done.push({ index, messages: [...changes.map(({ message }) => message), ...steps], warnings });
    } catch (error) {
      throw this.#refusal(error, index);
    }
  }

  /** Goes on with nodes that could not be emptied at once; says whether it got any further. */
  async again(): Promise<boolean> {
    let further = false;
    for (const [index, input] of [...this.#unfinished]) {
      const evicted = await this.#drain(this.#writer(), index, input, ({ outcome }) => outcome === 'EVICTED');
      this.done[index]!.messages.push(...evicted);
      further ||= evicted.length > 0;
    }
    return further;
  }

  async #drain(
    writer: Writer,
    index: number,
    input: DrainInput,
    isTold: (step: DrainStep) => boolean = () => true,
  ): Promise<string[]> {
    const { node, force = false, deleteEmptyDirData = false, gracePeriod } = input;
    const steps = await drain(writer, node, { force, deleteEmptyDirData, gracePeriod });
    if (steps.some(({ outcome }) => outcome === 'REFUSED')) this.#unfinished.set(index, input);
    else this.#unfinished.delete(index);
    return steps.filter(isTold).map(inWords);
  }

  /** What is told of a change that went wrong: which one it was, and all that was done before. */
  #refusal(error: unknown, change: number): GraphQLError {
    const extensions = error instanceof GraphQLError ? error.extensions : {};
    const own = Array.isArray(extensions.done) ? extensions.done : [];
    const done = [...this.done.flatMap(({ messages }) => messages), ...own];
    return new GraphQLError(messageOf(error), {
      originalError: error as Error,
      extensions: { ...extensions, change, done },
    });
  }

  #writer(): Writer {
    return new Writer(new View(this.registry, this.user), { dryRun: false, mayGoOn: this.#mayWrite });
  }
}

type Deed = (writer: Writer, args: unknown) => Promise<void>;
