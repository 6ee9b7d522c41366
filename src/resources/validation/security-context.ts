import { duplicate, type FieldError, invalid, notSupported, required } from '../field-error.js';
import type { PodSecurityContext, SeccompProfile, SecurityContext } from '../types.js';
import { checkDescendingPath } from './paths.js';
import { validateWindowsOptions } from './windows-options.js';

const MAX_ID = 2 ** 31 - 1;
const MAX_SYSCTL = 253;
const SYSCTL_SEGMENT = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const SYSCTL = `(${SYSCTL_SEGMENT}[\\./])*${SYSCTL_SEGMENT}`;
const SYSCTL_PATTERN = new RegExp(`^${SYSCTL}$`);
const POLICIES = {
  fsGroupChangePolicy: ['Always', 'OnRootMismatch'],
  supplementalGroupsPolicy: ['Merge', 'Strict'],
  seLinuxChangePolicy: ['MountOption', 'Recursive'],
};
const PROC_MOUNTS = ['Default', 'Unmasked'];
const SECCOMP_TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

/** What a pod's processes may do, as far as it can be wrong. */
export function validatePodSecurityContext(errors: FieldError[], path: string, context: PodSecurityContext): void {
  checkId(errors, `${path}.fsGroup`, context.fsGroup);
  checkId(errors, `${path}.runAsUser`, context.runAsUser);
  checkId(errors, `${path}.runAsGroup`, context.runAsGroup);
  context.supplementalGroups?.forEach((group, i) => {
    checkId(errors, `${path}.supplementalGroups[${i}]`, group);
  });
  if (context.sysctls) validateSysctls(errors, `${path}.sysctls`, context.sysctls);
  for (const [field, policies] of Object.entries(POLICIES)) {
    const policy = context[field] as string | undefined;
    if (policy !== undefined && !policies.includes(policy)) {
      errors.push(notSupported(`${path}.${field}`, policy, policies));
    }
  }
  if (context.seccompProfile) validateSeccomp(errors, `${path}.seccompProfile`, context.seccompProfile);
  if (context.windowsOptions) validateWindowsOptions(errors, `${path}.windowsOptions`, context.windowsOptions);
}

/** The same for one container. */
export function validateSecurityContext(errors: FieldError[], path: string, context: SecurityContext): void {
  checkId(errors, `${path}.runAsUser`, context.runAsUser);
  checkId(errors, `${path}.runAsGroup`, context.runAsGroup);
  if (context.procMount !== undefined && !PROC_MOUNTS.includes(context.procMount)) {
    errors.push(notSupported(`${path}.procMount`, context.procMount, PROC_MOUNTS));
  }
  if (context.seccompProfile) validateSeccomp(errors, `${path}.seccompProfile`, context.seccompProfile);
  if (context.windowsOptions) validateWindowsOptions(errors, `${path}.windowsOptions`, context.windowsOptions);
  if (context.allowPrivilegeEscalation !== false) return;
  if (context.privileged) {
    errors.push(invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'));
  }
  if (context.capabilities?.add?.includes('CAP_SYS_ADMIN')) {
    errors.push(
      invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN'),
    );
  }
}

function checkId(errors: FieldError[], field: string, id: number | undefined): void {
  if (id !== undefined && (id < 0 || id > MAX_ID)) {
    errors.push(invalid(field, id, `must be between 0 and ${MAX_ID}, inclusive`));
  }
}

/** Parameters of the kernel, each once. */
function validateSysctls(errors: FieldError[], path: string, sysctls: readonly { name?: string }[]): void {
  const names = new Set<string>();
  sysctls.forEach(({ name = '' }, i) => {
    const field = `${path}[${i}].name`;
    const dotted = withDots(name);
    if (!name) errors.push(required(field));
    else if (name.length > MAX_SYSCTL || !SYSCTL_PATTERN.test(name)) {
      errors.push(invalid(field, name, `must have at most ${MAX_SYSCTL} characters and match regex ${SYSCTL}`));
    } else if (names.has(dotted)) errors.push(duplicate(field, name));
    names.add(dotted);
  });
}

/** Names are written with dots or with slashes, whichever comes first; the other sign is then part of a segment. */
function withDots(name: string): string {
  if (/^[^./]*\//.test(name)) return name.replace(/[./]/g, sign => (sign === '/' ? '.' : '/'));
  return name;
}

function validateSeccomp(errors: FieldError[], path: string, { type, localhostProfile }: SeccompProfile): void {
  if (!type) errors.push(required(`${path}.type`, 'type is required when seccompProfile is set'));
  else if (!SECCOMP_TYPES.includes(type)) errors.push(notSupported(`${path}.type`, type, SECCOMP_TYPES));
  if (type === 'Localhost' && localhostProfile === undefined) {
    errors.push(required(`${path}.localhostProfile`, 'must be set when seccomp type is Localhost'));
  }
  if (type !== 'Localhost' && localhostProfile !== undefined) {
    errors.push(
      invalid(`${path}.localhostProfile`, localhostProfile, 'can only be set when seccomp type is Localhost'),
    );
  }
  if (type === 'Localhost' && localhostProfile !== undefined) {
    checkDescendingPath(errors, `${path}.localhostProfile`, localhostProfile);
  }
}
