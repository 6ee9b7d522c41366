import { type FieldError, invalid, notSupported, required } from '../field-error.js';
import type { PodSecurityContext, SeccompProfile, SecurityContext } from '../types.js';

const MAX_ID = 2 ** 32 - 1;
const FS_GROUP_POLICIES = ['Always', 'OnRootMismatch'];
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
  const { fsGroupChangePolicy: policy } = context;
  if (policy !== undefined && !FS_GROUP_POLICIES.includes(policy)) {
    errors.push(notSupported(`${path}.fsGroupChangePolicy`, policy, FS_GROUP_POLICIES));
  }
  const names = new Set<string>();
  context.sysctls?.forEach(({ name }, i) => {
    if (!name) errors.push(required(`${path}.sysctls[${i}].name`));
    else if (names.has(name)) errors.push(invalid(`${path}.sysctls[${i}].name`, name, 'duplicate sysctl'));
    names.add(name);
  });
  if (context.seccompProfile) validateSeccomp(errors, `${path}.seccompProfile`, context.seccompProfile);
}

/** The same for one container. */
export function validateSecurityContext(errors: FieldError[], path: string, context: SecurityContext): void {
  checkId(errors, `${path}.runAsUser`, context.runAsUser);
  checkId(errors, `${path}.runAsGroup`, context.runAsGroup);
  if (context.procMount !== undefined && !PROC_MOUNTS.includes(context.procMount)) {
    errors.push(notSupported(`${path}.procMount`, context.procMount, PROC_MOUNTS));
  }
  if (context.seccompProfile) validateSeccomp(errors, `${path}.seccompProfile`, context.seccompProfile);
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

function validateSeccomp(errors: FieldError[], path: string, { type, localhostProfile }: SeccompProfile): void {
  if (type === 'Localhost' && localhostProfile === undefined) {
    errors.push(required(`${path}.localhostProfile`, 'must be set when seccomp type is Localhost'));
  }
  if (type !== 'Localhost' && localhostProfile !== undefined) {
    errors.push(
      invalid(`${path}.localhostProfile`, localhostProfile, 'can only be set when seccomp type is Localhost'),
    );
  }
  if (!type) errors.push(required(`${path}.type`, 'type is required when seccompProfile is set'));
  else if (!SECCOMP_TYPES.includes(type)) errors.push(notSupported(`${path}.type`, type, SECCOMP_TYPES));
}
