import { conditionOf, hasEnded, holds, isSidecar, isTerminating } from '../state.js';
import type { ContainerState, ContainerStatus, Pod } from '../types.js';
import { age } from './age.js';
import { AGE, column, NAME, NONE, orNone, printer, wide } from './printer.js';

/** `kubectl get pods` */
export const printPod = printer<Pod>(
  NAME,
  column('Ready', 'Containers that are ready, of all that should be.', o => summarize(o).ready),
  column('Status', 'What the pod is doing, or what keeps it from it.', o => summarize(o).status),
  column('Restarts', 'How often containers were restarted, and when the last time was.', restarts),
  AGE,
  wide('IP', 'Address of the pod.', o => orNone(o.status.podIPs?.[0]?.ip ?? o.status.podIP)),
  wide('Node', 'Node that it runs on.', o => orNone(o.spec.nodeName)),
  wide('Nominated Node', 'Node where room is being made for it.', o => orNone(o.status.nominatedNodeName)),
  wide('Readiness Gates', 'Conditions of others that it waits for, and how many hold.', readinessGates),
);

interface Summary {
  readonly ready: string;
  readonly status: string;
  readonly restarts: number;
  /** When a container last ended before it was started again; empty if never. */
  readonly lastRestart: string;
}

/** The last pod summarized: three cells ask for the same one in turn. */
let last: { pod: Pod; summary: Summary } | undefined;

function summarize(pod: Pod): Summary {
  if (last?.pod !== pod) last = { pod, summary: summary(pod) };
  return last.summary;
}

/** Counts restarts, and remembers when the last one was. */
class Restarts {
  count = 0;
  latest = '';

  add({ restartCount = 0, lastState }: ContainerStatus): void {
    this.count += restartCount;
    const ended = lastState?.terminated?.finishedAt;
    // Times all have one form, so that their texts sort as they do.
    if (ended && ended > this.latest) this.latest = ended;
  }
}

/** Upstream's rules for what one word says of a pod, which read the containers from the outside in. */
function summary(pod: Pod): Summary {
  const { spec, status } = pod;
  const sidecars = new Set((spec.initContainers ?? []).filter(isSidecar).map(c => c.name));
  const init = initialization(pod, sidecars);
  const total = spec.containers.length + sidecars.size;
  const gated = conditionOf(pod, 'PodScheduled')?.reason === 'SchedulingGated';
  let word = init.word ?? (gated ? 'SchedulingGated' : status.reason || status.phase || '');
  let { ready, restarts } = init;
  if (!init.word || holds(pod, 'Initialized')) {
    restarts = init.sidecarRestarts;
    const main = running(status.containerStatuses ?? [], restarts);
    ready += main.ready;
    word = main.word ?? word;
    if (word === 'Completed' && main.ready > 0) word = holds(pod, 'Ready') ? 'Running' : 'NotReady';
  }
  if (isTerminating(pod)) {
    if (status.reason === 'NodeLost') word = 'Unknown';
    else if (!hasEnded(pod)) word = 'Terminating';
  }
  return { ready: `${ready}/${total}`, status: word, restarts: restarts.count, lastRestart: restarts.latest };
}

interface Initialization {
  /** `Init:0/2`, `Init:Error`; absent once all have run. */
  word?: string;
  /** Sidecars that are ready. */
  ready: number;
  restarts: Restarts;
  sidecarRestarts: Restarts;
}

/** How far the init containers are: up to the first that is not done. */
function initialization({ spec, status }: Pod, sidecars: ReadonlySet<string>): Initialization {
  const found: Initialization = { ready: 0, restarts: new Restarts(), sidecarRestarts: new Restarts() };
  const statuses = status.initContainerStatuses ?? [];
  for (const [i, container] of statuses.entries()) {
    const { state = {}, name } = container;
    found.restarts.add(container);
    if (sidecars.has(name)) found.sidecarRestarts.add(container);
    if (state.terminated?.exitCode === 0) continue;
    if (sidecars.has(name) && container.started) {
      if (container.ready) found.ready++;
      continue;
    }
    const waiting = state.waiting?.reason;
    if (state.terminated) found.word = `Init:${ending(state.terminated)}`;
    else if (waiting && waiting !== 'PodInitializing') found.word = `Init:${waiting}`;
    else found.word = `Init:${i}/${spec.initContainers?.length ?? 0}`;
    break;
  }
  return found;
}

/** What the containers say: the first one that does not run has the word. */
function running(statuses: readonly ContainerStatus[], restarts: Restarts): { word?: string; ready: number } {
  const found: { word?: string; ready: number } = { ready: 0 };
  for (const container of statuses.toReversed()) {
    restarts.add(container);
    const { state = {} } = container;
    if (state.waiting?.reason) found.word = state.waiting.reason;
    else if (state.terminated) found.word = ending(state.terminated);
    else if (container.ready && state.running) found.ready++;
  }
  return found;
}

function ending({ reason, signal, exitCode }: NonNullable<ContainerState['terminated']>): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);
}

/** `0`, `3 (5m ago)` */
function restarts(pod: Pod, now: number): string {
  const { restarts, lastRestart } = summarize(pod);
  return restarts > 0 && lastRestart ? `${restarts} (${age(lastRestart, now)} ago)` : String(restarts);
}

function readinessGates(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? [];
  return gates.length ? `${gates.filter(g => holds(pod, g.conditionType)).length}/${gates.length}` : NONE;
}
