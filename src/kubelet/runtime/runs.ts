import { StatusError } from '../../registry/status.js';
import type { Container, ContainerState, ContainerStatus, Pod } from '../../resources/types.js';
import type { Run } from './log-lines.js';

/** Any container of the pod by its name. */
export function containerOf({ spec }: Pod, name: string): Container | undefined {
  return [spec.containers, spec.initContainers, spec.ephemeralContainers]
    .flatMap(list => list ?? [])
    .find(container => container.name === name);
}

/** The status of any container of the pod by its name. */
export function statusOf({ status }: Pod, name: string): ContainerStatus | undefined {
  const lists = [status.containerStatuses, status.initContainerStatuses, status.ephemeralContainerStatuses];
  return lists.flatMap(list => list ?? []).find(container => container.name === name);
}

/**
 * The run of a container whose log is asked for. Mirrors `validateContainerLogStatus` (pkg/kubelet/kubelet_pods.go).
 * @throws StatusError 400 if there is none
 */
export function runToShow(pod: Pod, name: string, previous: boolean): Run {
  const status = statusOf(pod, name);
  const where = `container ${JSON.stringify(name)} in pod ${JSON.stringify(pod.metadata.name)}`;
  if (!status) throw StatusError.badRequest(`${where} is not available`);
  const { state = {}, lastState } = status;
  const former = ended(lastState?.terminated);
  if (previous) {
    if (!former) throw StatusError.badRequest(`previous terminated ${where} not found`);
    return former;
  }
  if (state.running) return { startedAt: Date.parse(state.running.startedAt ?? '') };
  const run = ended(state.terminated) ?? former;
  if (run) return run;
  if (state.terminated || lastState?.terminated) throw StatusError.badRequest(`${where} is terminated`);
  throw StatusError.badRequest(`${where} is waiting to start${waitsFor(state.waiting?.reason)}`);
}

/** What became of `run` meanwhile: as it stands in `pod`, and as ended at `now` if it is not there any more. */
export function runAsOf(pod: Pod | undefined, name: string, run: Run, now: number): Run {
  const { state, lastState } = (pod && statusOf(pod, name)) ?? {};
  if (state?.running && Date.parse(state.running.startedAt ?? '') === run.startedAt) return run;
  const runs = [ended(state?.terminated), ended(lastState?.terminated)];
  return runs.find(found => found?.startedAt === run.startedAt) ?? { ...run, finishedAt: now, exitCode: 0 };
}

/** A run that was ended; none if the container was lost before anybody saw it. */
function ended(terminated: ContainerState['terminated']): Run | undefined {
  if (!terminated?.containerID) return undefined;
  const { startedAt = '', finishedAt = '', exitCode } = terminated;
  return { startedAt: Date.parse(startedAt), finishedAt: Date.parse(finishedAt), exitCode };
}

function waitsFor(reason: string | undefined): string {
  switch (reason) {
    case undefined:
      return ' - no logs yet';
    case 'ErrImagePull':
      return ": image can't be pulled";
    case 'ImagePullBackOff':
      return ': trying and failing to pull image';
    default:
      return `: ${reason}`;
  }
}
