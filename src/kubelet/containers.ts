import { createHash } from 'node:crypto';
import type { Random } from '../clock/random.js';
import { isSidecar } from '../resources/state.js';
import type { Container, ContainerState, ContainerStatus, Pod, PodSpec, PodStatus } from '../resources/types.js';

/** What a container that has not run yet is waiting for. */
export type WaitingReason = 'PodInitializing' | 'ContainerCreating' | 'ImagePullBackOff' | 'CrashLoopBackOff';

/** Whether the container runs. */
export const isRunning = (status: ContainerStatus | undefined) => status?.state?.running !== undefined;

/** How the container's last run ended, whether it is still to be seen as its state or already as its last state. */
export function lastTermination(status: ContainerStatus | undefined): ContainerState['terminated'] {
  return status?.state?.terminated ?? status?.lastState?.terminated;
}

/** An init container that no longer holds up those after it. */
export function hasPassed(container: Container, status: ContainerStatus | undefined): boolean {
  return isSidecar(container)
    ? isRunning(status) && status?.started === true
    : status?.state?.terminated?.exitCode === 0;
}

/** The status of a container that has not run yet. */
export function waiting(container: Container, reason: WaitingReason, message?: string): ContainerStatus {
  return {
    name: container.name,
    state: { waiting: { reason, ...(message ? { message } : {}) } },
    lastState: {},
    ready: false,
    restartCount: 0,
    image: container.image ?? '',
    imageID: '',
    started: false,
  };
}

/** The container's next run; its first if there is no `former` one. */
export function running(
  container: Container,
  former: ContainerStatus | undefined,
  random: Random,
  now: string,
): ContainerStatus {
  const terminated = lastTermination(former);
  return {
    name: container.name,
    state: { running: { startedAt: now } },
    lastState: terminated ? { terminated } : {},
    ready: false,
    restartCount: terminated ? former!.restartCount + 1 : 0,
    image: container.image ?? '',
    imageID: imageId(container.image ?? ''),
    containerID: containerId(random),
    started: true,
    ...given(container),
  };
}

/** What a container is given, as its status tells; nothing if it asks for nothing. */
export function given({ resources }: Container): Pick<ContainerStatus, 'allocatedResources' | 'resources'> | undefined {
  if (!resources || Object.keys(resources).length === 0) return undefined;
  return { ...(resources.requests ? { allocatedResources: resources.requests } : {}), resources };
}

/**
 * `status` after its container exited with `exitCode`. A container that never ran counts as lost, as upstream reports it.
 * @param reason if the code does not tell it
 */
export function terminated(status: ContainerStatus, exitCode: number, now: string, reason?: string): ContainerStatus {
  const startedAt = status.state?.running?.startedAt;
  const state: ContainerState = startedAt
    ? {
        terminated: {
          exitCode,
          reason: reason ?? (exitCode === 0 ? 'Completed' : 'Error'),
          startedAt,
          finishedAt: now,
          ...(status.containerID ? { containerID: status.containerID } : {}),
        },
      }
    : {
        terminated: {
          exitCode: 137,
          reason: 'ContainerStatusUnknown',
          message: 'The container could not be located when the pod was terminated',
        },
      };
  return { ...status, state, ready: false, started: false };
}

/** A container of a pod with its status. */
export interface Part {
  readonly container: Container;
  readonly status: ContainerStatus | undefined;
  readonly init: boolean;
  /** It came later than the pod. */
  readonly ephemeral?: boolean;
}

/** The pod's parts that were asked for last, and what they were made of: one look at a pod asks for them many times. */
let latest: { spec: PodSpec; init: Statuses; own: Statuses; parts: readonly Part[] } | undefined;
type Statuses = readonly ContainerStatus[] | undefined;

/** Every container of the pod but ephemeral ones, init containers first. */
export function partsOf({ spec, status }: Pod): readonly Part[] {
  const { initContainerStatuses: init, containerStatuses: own } = status;
  if (latest?.spec === spec && latest.init === init && latest.own === own) return latest.parts;
  const parts: Part[] = [];
  if (spec.initContainers) pair(spec.initContainers, init, true, parts);
  pair(spec.containers, own, false, parts);
  latest = { spec, init, own, parts };
  return parts;
}

/** Finds each container's status, most often the one in the same place. */
function pair(containers: readonly Container[], statuses: Statuses, init: boolean, parts: Part[]): void {
  for (let i = 0; i < containers.length; i++) {
    const container = containers[i]!;
    const there = statuses?.[i];
    const status = there?.name === container.name ? there : statuses?.find(s => s.name === container.name);
    parts.push({ container, status, init });
  }
}

/** The pod's container statuses, each put through `change`. */
export function mapStatuses(
  pod: Pod,
  change: (part: Part) => ContainerStatus | undefined,
): Pick<PodStatus, 'initContainerStatuses' | 'containerStatuses'> {
  const initContainerStatuses: ContainerStatus[] = [];
  const containerStatuses: ContainerStatus[] = [];
  for (const part of partsOf(pod)) {
    const status = change(part);
    if (status) (part.init ? initContainerStatuses : containerStatuses).push(status);
  }
  return pod.spec.initContainers?.length ? { initContainerStatuses, containerStatuses } : { containerStatuses };
}

const containerId = (random: Random) => `containerd://${random.hex(8)}`;

const imageIds = new Map<string, string>();

/** What containerd calls the image: its repository in full and a digest, always the same one for the same image. */
function imageId(image: string): string {
  if (image === '') return '';
  let id = imageIds.get(image);
  if (id === undefined) {
    id = image.includes('@')
      ? repository(image) + image.slice(image.indexOf('@'))
      : `${repository(image)}@sha256:${sha256(image)}`;
    if (imageIds.size >= 1000) imageIds.clear();
    imageIds.set(image, id);
  }
  return id;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** `nginx:1.27` → `docker.io/library/nginx`. */
function repository(image: string): string {
  const path = image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  const [host = ''] = path.split('/');
  if (!path.includes('/')) return `docker.io/library/${path}`;
  return host.includes('.') || host.includes(':') || host === 'localhost' ? path : `docker.io/${path}`;
}
