import { equalJson } from '../json.js';
import type { Container, EnvVar, ObjectMeta, PodSpec } from '../types.js';
import { fractionWarnings } from './fractions.js';

/** Resources that are counted in whole bytes. */
export const BYTES = ['memory', 'ephemeral-storage'];

const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
const SECCOMP_FIELD = 'non-functional in v1.27+; use the "seccompProfile" field instead';
const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';
const APP_ARMOR_FIELD = 'deprecated since v1.30; use the "appArmorProfile" field instead';

/** A container and its path in the pod. */
export interface Placed {
  readonly path: string;
  readonly container: Container;
}

/** All containers of a pod, in upstream's order. */
export function containersOf(path: string, spec: PodSpec): Placed[] {
  return (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap(list =>
    (spec[list] ?? []).map((container, i) => ({ path: `${path}.${list}[${i}]`, container })),
  );
}

/** @param at what stands before `spec` and `metadata` in paths; empty for a pod, of whose AppArmor others tell */
export function containerWarnings(at: string, spec: PodSpec, annotations: Readonly<Record<string, string>>): string[] {
  const { securityContext } = spec;
  const annotated = (key: string, why: string) =>
    key in annotations ? [`${at}metadata.annotations[${key}]: ${why}`] : [];
  return [
    ...(securityContext?.seccompProfile ? [] : annotated(SECCOMP_POD, SECCOMP_FIELD)),
    ...containersOf(`${at}spec`, spec).flatMap(
      ({ path, container: { name, securityContext: own, resources, env } }) => [
        ...(own?.seccompProfile ? [] : annotated(SECCOMP_CONTAINER + name, SECCOMP_FIELD)),
        ...(at === '' || securityContext?.appArmorProfile || own?.appArmorProfile
          ? []
          : annotated(APP_ARMOR + name, APP_ARMOR_FIELD)),
        ...BYTES.flatMap(resource => [
          ...fractionWarnings(`${path}.resources.limits`, resources?.limits, [resource]),
          ...fractionWarnings(`${path}.resources.requests`, resources?.requests, [resource]),
        ]),
        ...hiddenWarnings(path, env),
      ],
    ),
  ];
}

/** A pod's containers that have their AppArmor profile in an annotation alone, and not that of the pod. */
export function appArmorWarnings(spec: PodSpec, { annotations = {} }: Partial<ObjectMeta>): string[] {
  if (spec.os?.name === 'windows') return [];
  return containersOf('spec', spec).flatMap(({ container: { name, securityContext } }) => {
    const key = APP_ARMOR + name;
    const isSame = equalJson(appArmorProfile(annotations[key] ?? ''), spec.securityContext?.appArmorProfile ?? null);
    return !(key in annotations) || securityContext?.appArmorProfile || isSame
      ? []
      : [`metadata.annotations[${key}]: ${APP_ARMOR_FIELD}`];
  });
}

/** The profile that an annotation means; undefined if it means none. */
function appArmorProfile(annotation: string): object | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  const [, localhostProfile] = /^localhost\/(.+)$/s.exec(annotation) ?? [];
  return localhostProfile ? { type: 'Localhost', localhostProfile } : undefined;
}

/** Of variables of one name the last one counts, which tools that merge by name do not know. */
function hiddenWarnings(path: string, env: readonly EnvVar[] = []): string[] {
  const seen = new Set<string>();
  return env.flatMap(({ name, value = '', valueFrom }, i) => {
    const before = `$(${name})`;
    // One that goes on from the one before it is meant.
    const isMeant = !valueFrom && value !== before && value.includes(before);
    if (seen.has(name)) {
      const what = `${path}.env[${i}]: hides previous definition of ${JSON.stringify(name)}`;
      return isMeant ? [] : [`${what}, which may be dropped when using apply`];
    }
    seen.add(name);
    return [];
  });
}
