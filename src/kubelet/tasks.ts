import { controllerOf } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import type { Container, Pod } from '../resources/types.js';
import { boxOf } from './shell/box.js';
import { type Rehearsal, rehearse } from './shell/rehearsal.js';

/** How a container ends that does a task, by its name, so many ms after its start. */
export type Tasks = ReadonlyMap<string, { readonly code: number; readonly after: number }>;

export const NO_TASKS: Tasks = new Map();

/** What somebody does whose command is not understood: it takes a moment, and goes well. */
const SOME_TASK = { code: 0, after: 1000 };

/** Whether a pod's containers are to end by themselves: as its restart policy says. */
export const isTask = ({ spec }: Pod): boolean => (spec.restartPolicy ?? 'Always') !== 'Always';

/**
 * What the containers of a pod come to. One whose command the small shell understands does what that does; of another it is only
 * known that it has an end if somebody made the pod for a task, as Jobs do. One that somebody may sit in front of waits for him.
 */
export async function tasksOf(registry: Registry, pod: Pod): Promise<Tasks> {
  const tasks = new Map<string, { code: number; after: number }>();
  for (const container of pod.spec.containers) {
    if (container.stdin) continue;
    const rehearsal = await rehearsalOf(registry, pod, container, registry.clock.now());
    const end = rehearsal ? rehearsal.end : controllerOf(pod) && SOME_TASK;
    if (end) tasks.set(container.name, end);
  }
  return tasks;
}

/** What the command of a pod's container does; undefined if it is not understood. */
export const rehearsalOf = (
  registry: Registry,
  pod: Pod,
  container: Container,
  startedAt: number,
): Promise<Rehearsal | undefined> => rehearse(boxOf(registry, pod, container, false), startedAt);
