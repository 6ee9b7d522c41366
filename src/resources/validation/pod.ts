import { duplicate, type FieldError, forbidden, invalid } from '../field-error.js';
import { equalJson } from '../json.js';
import type { Container, ContainerStatus, Pod, PodSpec, PodStatus, Toleration } from '../types.js';
import { validateAffinity } from './affinity.js';
import { checkIp } from './ip.js';
import { addProblems, IMMUTABLE } from './messages.js';
import { validatePodSpec } from './pod-spec.js';

const MAX_INT32 = 2 ** 31 - 1;

const CHANGEABLE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** The spec of the last pod that was found valid. */
let lastValid: PodSpec | undefined;

/** A pod by itself: the rules of templates, and what only a pod must keep. */
export function validatePod(pod: Pod): FieldError[] {
  const errors: FieldError[] = [];
  // Pods of one set differ only in where they are meant to go.
  if (lastValid && isSameButForPlace(pod.spec, lastValid)) {
    if (pod.spec.affinity) validateAffinity(errors, 'spec.affinity', pod.spec.affinity);
    return errors;
  }
  validatePodSpec(errors, 'spec', pod.spec, pod.metadata.name);
  validateTokens(errors, pod.spec);
  validateImages(errors, 'spec.containers', pod.spec.containers);
  validateImages(errors, 'spec.initContainers', pod.spec.initContainers);
  if (pod.spec.ephemeralContainers?.length) {
    errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
  }
  if (errors.length === 0) lastValid = pod.spec;
  return errors;
}

/** Whether two specs share every field, as those made from the same template do, but for the affinity. */
function isSameButForPlace(a: PodSpec, b: PodSpec): boolean {
  const fields = (spec: PodSpec) => (Object.keys(spec) as (keyof PodSpec)[]).filter(field => field !== 'affinity');
  const own = fields(a);
  return own.length === fields(b).length && own.every(field => a[field] === b[field]);
}

/** A token is somebody's: whose, only a template may leave open. */
function validateTokens(errors: FieldError[], { serviceAccountName, volumes = [] }: PodSpec): void {
  if (serviceAccountName) return;
  volumes.forEach(({ projected }, i) => {
    const { sources = [] } = (projected ?? {}) as { sources?: { serviceAccountToken?: object }[] };
    sources.forEach(({ serviceAccountToken }, j) => {
      if (!serviceAccountToken) return;
      const field = `spec.volumes[${i}].projected.sources[${j}].serviceAccountToken`;
      errors.push(forbidden(field, 'must not be specified when serviceAccountName is not set'));
    });
  });
}

/** Templates put up with spaces around an image's name, pods do not. */
function validateImages(errors: FieldError[], path: string, containers: readonly Container[] = []): void {
  containers.forEach(({ image = '' }, i) => {
    if (image !== image.trim()) {
      errors.push(invalid(`${path}[${i}].image`, image, 'must not have leading or trailing whitespace'));
    }
  });
}

/** What of a pod may change once it is there (LIFE-05): little, since most of it is in use on a node. */
export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
  const errors: FieldError[] = [];
  const { spec } = pod;
  if (spec === old.spec || equalJson(spec, old.spec)) return errors;
  validatePodSpec(errors, 'spec', spec, pod.metadata.name);
  validateTokens(errors, spec);
  validateImages(errors, 'spec.containers', spec.containers);
  validateImages(errors, 'spec.initContainers', spec.initContainers);
  for (const list of ['containers', 'initContainers'] as const) {
    if ((spec[list]?.length ?? 0) === (old.spec[list]?.length ?? 0)) continue;
    errors.push(forbidden(`spec.${list}`, 'pod updates may not add or remove containers'));
    return errors;
  }
  validateDeadline(errors, spec.activeDeadlineSeconds, old.spec.activeDeadlineSeconds);
  validateGates(errors, spec, old.spec);
  if (!keepsTolerations(spec.tolerations ?? [], old.spec.tolerations ?? [])) {
    errors.push(forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'));
  }
  if (!equalJson(withChangesOf(spec, old.spec), spec)) errors.push(forbidden('spec', CHANGEABLE));
  return errors;
}

/** A deadline may come, and come closer. */
function validateDeadline(errors: FieldError[], wanted: number | undefined, old: number | undefined): void {
  const field = 'spec.activeDeadlineSeconds';
  if (wanted === undefined) {
    if (old !== undefined) errors.push(invalid(field, null, 'must not update from a positive integer to nil value'));
  } else if (wanted < 0 || wanted > MAX_INT32) {
    errors.push(invalid(field, wanted, `must be between 0 and ${MAX_INT32}, inclusive`));
  } else if (old !== undefined && wanted > old) {
    errors.push(invalid(field, wanted, 'must be less than or equal to previous value'));
  }
}

function validateGates(errors: FieldError[], { schedulingGates = [] }: PodSpec, old: PodSpec): void {
  const before = new Set(old.schedulingGates?.map(g => g.name));
  schedulingGates.forEach(({ name }, i) => {
    if (!before.has(name)) {
      errors.push(
        forbidden(
          `spec.schedulingGates[${i}].name`,
          `only deletion is allowed, but found new scheduling gate '${name}'`,
        ),
      );
    }
  });
}

/** Whether all that was tolerated still is; for how long may have changed. */
function keepsTolerations(tolerations: readonly Toleration[], old: readonly Toleration[]): boolean {
  const key = (t: Toleration) => [t.key, t.operator, t.value, t.effect].map(part => part ?? '').join('\0');
  const now = new Set(tolerations.map(key));
  return old.every(t => now.has(key(t)));
}

/** `old` with the fields of `spec` that may change: any other difference is one too many. */
function withChangesOf(spec: PodSpec, old: PodSpec): PodSpec {
  const graceIsMended = (old.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1;
  return {
    ...old,
    containers: withImagesOf(spec.containers, old.containers)!,
    initContainers: withImagesOf(spec.initContainers, old.initContainers),
    activeDeadlineSeconds: spec.activeDeadlineSeconds,
    tolerations: spec.tolerations,
    schedulingGates: spec.schedulingGates,
    ...(graceIsMended ? { terminationGracePeriodSeconds: 1 } : {}),
    // While its gates are shut, a pod may be narrowed down to fewer nodes.
    ...(old.schedulingGates?.length ? { nodeSelector: narrowed(spec.nodeSelector, old.nodeSelector) } : {}),
  } as PodSpec;
}

function withImagesOf(containers: readonly Container[] | undefined, old: readonly Container[] | undefined) {
  return old?.map((container, i) => ({ ...container, image: containers?.[i]?.image }));
}

function narrowed(selector: Record<string, string> | undefined, old: Record<string, string> | undefined) {
  return Object.entries(old ?? {}).every(([key, value]) => selector?.[key] === value) ? selector : old;
}

/** A container that ended for good does not come back, and the class of service stays. */
export function validatePodStatusUpdate(pod: Pod, old: Pod): FieldError[] {
  const errors: FieldError[] = [];
  const { qosClass } = old.status;
  if (qosClass !== undefined && pod.status.qosClass !== qosClass) {
    errors.push(invalid('status.qosClass', pod.status.qosClass, IMMUTABLE));
  }
  validateAddresses(errors, pod.status, old.status);
  const { restartPolicy } = old.spec;
  if (restartPolicy === 'Always') return errors;
  const now = new Map(pod.status.containerStatuses?.map((status, i) => [status.name, { status, i }] as const));
  for (const before of old.status.containerStatuses ?? []) {
    const after = now.get(before.name);
    if (!after || !endedForGood(before, restartPolicy) || after.status.state?.terminated) continue;
    errors.push(
      forbidden(`status.containerStatuses[${after.i}].state`, 'may not be transitioned to non-terminated state'),
    );
  }
  return errors;
}

/** The addresses of a pod, the first of which has a field of its own; those that were there stay, whatever they are. */
function validateAddresses(errors: FieldError[], { podIP, podIPs = [] }: PodStatus, old: PodStatus): void {
  if (podIP === old.podIP && podIPs === old.podIPs) return;
  const ips = podIP && podIP !== podIPs[0]?.ip ? [podIP] : podIPs.map(({ ip }) => ip);
  const former = new Set([old.podIP, ...(old.podIPs ?? []).map(({ ip }) => ip)]);
  ips.forEach((ip, i) => {
    if (!former.has(ip)) addProblems(errors, `status.podIPs[${i}]`, ip, checkIp(ip));
    if (ips.indexOf(ip) < i) errors.push(duplicate(`status.podIPs[${i}]`, { ip }));
  });
}

function endedForGood({ state }: ContainerStatus, restartPolicy: string | undefined): boolean {
  if (!state?.terminated) return false;
  return restartPolicy === 'Never' || state.terminated.exitCode === 0;
}
