import { type ReadonlySignal, signal } from '@preact/signals';
import { carryOut } from '../changes/carry-out.js';
import type { Change } from '../changes/change.js';
import { Graph, GraphError } from '../graph/client.js';
import {
  CREATE_FORK,
  type CreateForkAnswer,
  DELETE_FORK,
  DELETE_POD,
  type DeletePodAnswer,
  FORKS,
  type ForkFacts,
  type ForksAnswer,
  INHABITANTS,
  type InhabitantsAnswer,
  PODS_ON_NODE,
  type PodsOnNodeAnswer,
  SET_RATE,
} from '../graph/forks.js';
import { OPEN_NETWORK, type RequestInput, SEND_REQUEST, type SendAnswer } from '../graph/network.js';
import { World } from '../model/world.js';
import { type Chapter, type Deed, NODES_OF_TOUR } from './chapters.js';
import { inputFor } from './sending.js';

/** A pace at which one sees what happens, one thing after the other. */
const RATE = 1;
/** In a larger cluster the tour leaves the other nodes alone: to clear them away would be most of the work. */
const MOST_CLEARED = 60;
const AGENT = 'app=agent';
/** How often a request is sent until all is there that it needs, and the pause in between. */
const ATTEMPTS = 10;
const PAUSE_MS = 300;

export type StageState =
  | { readonly state: 'making' }
  | { readonly state: 'ready'; readonly worlds: readonly World[] }
  | { readonly state: 'refused'; readonly error: GraphError };

/** What came of what was done. */
interface Performed {
  /** The revision of the last deletion; 0 if nothing was deleted. */
  readonly deleted: number;
  /** What became of requests, in their order. */
  readonly answers: readonly SendAnswer['sendRequest'][];
}

/** The clusters of a chapter: forks of the one that is shown, made for it, and gone when one leaves it. */
export class Stage {
  readonly #state = signal<StageState>({ state: 'making' });
  readonly #home: Graph;
  readonly #chapter: Chapter;
  readonly #key: string;
  #forks: readonly ForkFacts[] = [];
  #left = false;

  constructor(home: Graph, chapter: Chapter, number: number) {
    this.#home = home;
    this.#chapter = chapter;
    this.#key = `kubette.tour.${home.prefix}.${number}`;
    void this.#begin();
  }

  get state(): ReadonlySignal<StageState> {
    return this.#state;
  }

  /** How far one was when the page was left with the chapter under way. */
  get step(): number {
    return this.#remembered().step;
  }

  remember(step: number): void {
    const ids = this.#forks.map(({ id }) => id);
    sessionStorage.setItem(this.#key, JSON.stringify({ ids, step }));
  }

  /** Does something in one of the clusters. @throws GraphError */
  async perform(cluster: number, deeds: readonly Deed[]): Promise<Performed> {
    const state = this.#state.peek();
    const answers: SendAnswer['sendRequest'][] = [];
    if (state.state !== 'ready') return { deleted: 0, answers };
    const { graph } = state.worlds[cluster]!;
    let deleted = 0;
    for (const deed of deeds) {
      if ('send' in deed) {
        const input = await inputFor(deed.send, node => this.agentsOn(cluster, node));
        answers.push(await answerTo(graph, input));
        continue;
      }
      if (!('deleteAgentOn' in deed)) {
        await carryOut(graph, deed);
        continue;
      }
      const pods = await this.agentsOn(cluster, deed.deleteAgentOn);
      for (const { namespace, name } of pods) {
        const answer = await graph.ask<DeletePodAnswer>(DELETE_POD, { namespace, name });
        deleted = Math.max(deleted, ...answer.delete.changes.map(({ revision }) => Number(revision)));
      }
    }
    return { deleted, answers };
  }

  /** The pods of the tour's DaemonSet on a node. @throws GraphError */
  async agentsOn(cluster: number, node: string): Promise<PodsOnNodeAnswer['pods']['nodes']> {
    const state = this.#state.peek();
    if (state.state !== 'ready') return [];
    const { pods } = await state.worlds[cluster]!.graph.ask<PodsOnNodeAnswer>(PODS_ON_NODE, {
      node,
      labelSelector: AGENT,
    });
    return pods.nodes;
  }

  /** Lets the clocks go so many times as fast as usual. */
  async hurry(times: number): Promise<void> {
    const state = this.#state.peek();
    if (state.state === 'ready')
      await Promise.all(state.worlds.map(({ graph }) => graph.ask(SET_RATE, { rate: RATE * times })));
  }

  /** Makes everything anew. */
  async again(): Promise<void> {
    this.#close();
    this.#state.value = { state: 'making' };
    await this.#begin();
  }

  /** The chapter is left: its clusters go. */
  leave(): void {
    this.#left = true;
    this.#close();
  }

  #close(): void {
    const state = this.#state.peek();
    if (state.state === 'ready') for (const world of state.worlds) world.close();
    sessionStorage.removeItem(this.#key);
    for (const { id } of this.#forks) this.#home.ask(DELETE_FORK, { id }).catch(() => {});
    this.#forks = [];
  }

  #remembered(): { readonly ids: readonly string[]; readonly step: number } {
    try {
      const { ids, step } = JSON.parse(sessionStorage.getItem(this.#key) ?? '') as { ids: string[]; step: number };
      return { ids, step };
    } catch {
      return { ids: [], step: 0 };
    }
  }

  async #begin(): Promise<void> {
    try {
      this.#forks = (await this.#resumed()) ?? (await this.#made());
      if (this.#left) return this.#close();
      const worlds = this.#forks.map(({ path }) => new World(`${path}/`));
      this.#state.value = { state: 'ready', worlds };
    } catch (error) {
      if (!this.#left) this.#state.value = { state: 'refused', error: GraphError.of(error) };
    }
  }

  /** The forks of before the page was loaded anew, if all of them are still there. */
  async #resumed(): Promise<readonly ForkFacts[] | undefined> {
    const { ids } = this.#remembered();
    if (ids.length !== this.#chapter.eras.length) return undefined;
    const { forks } = await this.#home.ask<ForksAnswer>(FORKS);
    const found = ids.flatMap(id => forks.filter(fork => fork.id === id));
    return found.length === ids.length ? found : undefined;
  }

  async #made(): Promise<readonly ForkFacts[]> {
    const forks: ForkFacts[] = [];
    // What was made before something went wrong is to be closed too.
    this.#forks = forks;
    for (const era of this.#chapter.eras) {
      const { createFork } = await this.#home.ask<CreateForkAnswer>(CREATE_FORK, { name: 'tour', era, rate: RATE });
      forks.push(createFork);
      await prepare(new Graph(`${createFork.path}/`), this.#chapter);
    }
    this.remember(0);
    return forks;
  }
}

/** What becomes of a request. Who has just become ready is behind its Service a moment later: so long it is sent again. */
async function answerTo(graph: Graph, input: RequestInput): Promise<SendAnswer['sendRequest']> {
  for (let attempt = 1; ; attempt++) {
    const { sendRequest } = await graph.ask<SendAnswer>(SEND_REQUEST, { input });
    if (attempt === ATTEMPTS || sendRequest.tally.every(({ outcome }) => outcome === 'ANSWERED')) return sendRequest;
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
  }
}

/** Clears a fork of what it was forked with, so that only what the tour makes is to be seen, and sets it up for a chapter. */
async function prepare(graph: Graph, { setup, network }: Chapter): Promise<void> {
  const { daemonSets, workloads, nodes } = await graph.ask<InhabitantsAnswer>(INHABITANTS);
  const changes: Change[] = [
    ...daemonSets.nodes.map((object): Change => ({ delete: { kind: 'DaemonSet', ...object } })),
    ...workloads.nodes
      .filter(({ metadata }) => metadata.ownerReferences.length === 0)
      .map(({ kind, namespace, name }): Change => ({ delete: { kind, namespace, name } })),
    ...(nodes.totalCount <= MOST_CLEARED
      ? nodes.nodes.map(({ name }): Change => ({ delete: { kind: 'Node', namespace: '', name } }))
      : []),
  ];
  await Promise.all(changes.map(change => carryOut(graph, change).catch(() => {})));
  await carryOut(graph, NODES_OF_TOUR, ...setup);
  if (network) await graph.ask(OPEN_NETWORK);
  graph.close();
}
