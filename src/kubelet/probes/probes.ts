import type { ContainerRuntime } from '../../resources/container-runtime.js';
import { isSidecar, isTerminating } from '../../resources/state.js';
import type { Container, Pod, Probe } from '../../resources/types.js';
import type { ProbeKind } from '../../resources/validation/probes.js';
import { isRunning, type Part, partsOf } from '../containers.js';
import { type Answer, ask } from './ask.js';
import { ProbeRun, type Standing } from './run.js';

/** Something to be asked now. */
export interface DueProbe {
  readonly part: Part;
  readonly run: ProbeRun;
  readonly probe: Probe;
}

/** What is to be asked of a pod now, and when it is to be looked at again. */
export interface Schedule {
  readonly due: readonly DueProbe[];
  /** ms since the epoch; undefined if nothing is to be asked before something else happens. */
  readonly next: number | undefined;
  /** Whether what is asked next may change how things stand, with time alone. */
  readonly isOpen: boolean;
}

/**
 * What the probes of running containers have come to. Kept in memory, as a kubelet does; where nothing is known, because the process is
 * another one, a container stands as its status says.
 */
export class Probes {
  readonly #runtime: ContainerRuntime;
  readonly #userAgent: string;
  /** By the pod's uid, then by container run and kind. */
  readonly #runs = new Map<string, Map<string, ProbeRun>>();
  readonly #listeners: ((pod: Pod) => void)[] = [];

  /** @param version what nodes report: `v1.35.0` */
  constructor(runtime: ContainerRuntime, version: string) {
    this.#runtime = runtime;
    this.#userAgent = `kube-probe/${/\d+\.\d+/.exec(version)?.[0] ?? ''}`;
  }

  /** How a probe of a container stands; passed if it has none. */
  standing(pod: Pod, part: Part, kind: ProbeKind): Standing {
    if (!part.container[kind]) return 'passed';
    return this.#runs.get(pod.metadata.uid)?.get(runKey(part, kind))?.standing ?? told(part, kind);
  }

  /** Hears of pods of which a probe stands otherwise than before. */
  onChange(listener: (pod: Pod) => void): void {
    this.#listeners.push(listener);
  }

  /** What is to be asked of a pod; nothing of one that is on its way out. */
  schedule(pod: Pod, now: number): Schedule {
    const { uid } = pod.metadata;
    const before = this.#runs.get(uid);
    const runs = new Map<string, ProbeRun>();
    const due: DueProbe[] = [];
    let next: number | undefined;
    let isOpen = false;
    const { key: manner } = this.#runtime.manner(pod);
    for (const part of isTerminating(pod) ? [] : partsOf(pod)) {
      if (!isRunning(part.status) || (part.init && !isSidecar(part.container))) continue;
      for (const kind of kindsOf(part.container)) {
        const probe = part.container[kind]!;
        const key = runKey(part, kind);
        const run = before?.get(key) ?? new ProbeRun(kind, probe, startOf(part, now), told(part, kind));
        runs.set(key, run);
        const at = run.due(probe, manner, now);
        if (at !== undefined && at <= now) due.push({ part, run, probe });
        else if (at !== undefined) {
          if (next === undefined || at < next) next = at;
          isOpen ||= run.isOpen;
        }
        // Until it has started up nothing else is asked of it.
        if (kind === 'startupProbe' && run.standing !== 'passed') break;
      }
    }
    if (runs.size > 0) this.#runs.set(uid, runs);
    else this.forget(uid);
    return { due, next, isOpen };
  }

  /** Asks, and takes in what came of it. */
  async ask(pod: Pod, { part, run, probe }: DueProbe, now: () => number): Promise<Answer> {
    const { key: manner } = this.#runtime.manner(pod);
    const { container } = part;
    const answer = await ask(probe, { pod, container, runtime: this.#runtime, userAgent: this.#userAgent });
    const before = run.standing;
    run.take(answer, probe, manner, now());
    if (run.standing !== before) for (const listener of this.#listeners) listener(pod);
    return answer;
  }

  forget(uid: string): void {
    this.#runs.delete(uid);
  }
}

const KINDS = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;
const NONE: readonly ProbeKind[] = [];

/** In the order in which they are asked. */
function kindsOf(container: Container): readonly ProbeKind[] {
  if (!container.startupProbe && !container.livenessProbe && !container.readinessProbe) return NONE;
  return KINDS.filter(kind => container[kind]);
}

/** Whether a pod has anything to be probed. */
export const hasProbes = ({ spec }: Pod): boolean =>
  spec.containers.some(one => kindsOf(one).length > 0) ||
  (spec.initContainers ?? []).some(one => isSidecar(one) && kindsOf(one).length > 0);

const runKey = ({ container, status }: Part, kind: ProbeKind) =>
  `${container.name} ${status?.containerID ?? ''} ${kind}`;

/** What its status tells of a container's probe. */
function told({ status }: Part, kind: ProbeKind): Standing {
  const passed = kind === 'readinessProbe' ? status?.ready : kind === 'startupProbe' ? status?.started : false;
  return passed ? 'passed' : 'open';
}

/** Timestamps have whole seconds; one that has just started, started now. */
function startOf({ status }: Part, now: number): number {
  const startedAt = Date.parse(status!.state!.running!.startedAt ?? '');
  return now - startedAt >= 1000 ? startedAt : now;
}
