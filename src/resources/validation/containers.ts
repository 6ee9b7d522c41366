import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../field-error.js';
import { isSidecar } from '../state.js';
import type { Container, ContainerPort, PodSpec } from '../types.js';
import { validateEnv } from './env.js';
import { addProblems } from './messages.js';
import { validateDevices, validateMounts } from './mounts.js';
import { checkLabel, checkPortName, checkPortNumber } from './names.js';
import { PROTOCOLS } from './ports.js';
import { type ProbeKind, validateHandler, validateProbe } from './probes.js';
import { validateResizePolicies, validateResourceRequirements } from './resources.js';
import { validateSecurityContext } from './security-context.js';
import type { VolumesByName } from './volumes.js';

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const MESSAGE_POLICIES = ['FallbackToLogsOnError', 'File'];
const RESTART_POLICIES = ['Always', 'Never', 'OnFailure'];
const PROBES: readonly ProbeKind[] = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** All containers of a pod: each by itself, then what they share, names and ports of the node. */
export function validateContainers(errors: FieldError[], path: string, spec: PodSpec, volumes: VolumesByName): void {
  const { containers, initContainers = [], hostNetwork = false } = spec;
  const names = new Set<string>();
  if (containers.length === 0) errors.push(required(`${path}.containers`));
  for (let i = 0; i < containers.length; i++) {
    const field = `${path}.containers[${i}]`;
    validateContainer(errors, field, containers[i]!, names, volumes);
    validateResizePolicies(errors, `${field}.resizePolicy`, containers[i]!.resizePolicy, spec.restartPolicy);
    validateProbes(errors, field, containers[i]!);
  }
  validateHostPorts(errors, `${path}.containers`, containers, hostNetwork);
  for (let i = 0; i < initContainers.length; i++) {
    const field = `${path}.initContainers[${i}]`;
    const container = initContainers[i]!;
    validateContainer(errors, field, container, names, volumes);
    validateResizePolicies(errors, `${field}.resizePolicy`, container.resizePolicy, spec.restartPolicy);
    if (isSidecar(container)) validateProbes(errors, field, container);
    else forbidProbes(errors, field, container);
  }
  validateHostPorts(errors, `${path}.initContainers`, initContainers, hostNetwork);
}

/** One container by itself. `names` are those taken before it, and take its own. */
export function validateContainer(
  errors: FieldError[],
  path: string,
  container: Container,
  names: Set<string>,
  volumes: VolumesByName,
): void {
  const { name = '', image = '', terminationMessagePolicy, imagePullPolicy, restartPolicy } = container;
  if (!name) errors.push(required(`${path}.name`));
  else addProblems(errors, `${path}.name`, name, checkLabel(name));
  if (name && names.has(name)) errors.push(duplicate(`${path}.name`, name));
  names.add(name);
  if (!image) errors.push(required(`${path}.image`));
  if (!terminationMessagePolicy) errors.push(required(`${path}.terminationMessagePolicy`));
  else if (!MESSAGE_POLICIES.includes(terminationMessagePolicy)) {
    errors.push(notSupported(`${path}.terminationMessagePolicy`, terminationMessagePolicy, MESSAGE_POLICIES));
  }
  if (container.ports) validatePorts(errors, `${path}.ports`, container.ports);
  validateEnv(errors, path, container);
  if (container.volumeMounts) validateMounts(errors, `${path}.volumeMounts`, container, volumes);
  if (container.volumeDevices) validateDevices(errors, `${path}.volumeDevices`, container, volumes);
  if (!imagePullPolicy) errors.push(required(`${path}.imagePullPolicy`));
  else if (!PULL_POLICIES.includes(imagePullPolicy)) {
    errors.push(notSupported(`${path}.imagePullPolicy`, imagePullPolicy, PULL_POLICIES));
  }
  if (container.resources) validateResourceRequirements(errors, `${path}.resources`, container.resources);
  if (restartPolicy !== undefined && !RESTART_POLICIES.includes(restartPolicy)) {
    errors.push(notSupported(`${path}.restartPolicy`, restartPolicy, RESTART_POLICIES));
  }
  if (container.securityContext) validateSecurityContext(errors, `${path}.securityContext`, container.securityContext);
}

function validateProbes(errors: FieldError[], path: string, container: Container): void {
  const { lifecycle } = container;
  if (lifecycle?.postStart) validateHandler(errors, `${path}.lifecycle.postStart`, lifecycle.postStart);
  if (lifecycle?.preStop) validateHandler(errors, `${path}.lifecycle.preStop`, lifecycle.preStop);
  for (const kind of PROBES) {
    const probe = container[kind];
    if (probe) validateProbe(errors, `${path}.${kind}`, probe, kind);
  }
}

/** What runs once, before all else, is neither probed nor hooked. */
function forbidProbes(errors: FieldError[], path: string, container: Container): void {
  for (const field of ['lifecycle', ...PROBES] as const) {
    if (container[field]) {
      errors.push(forbidden(`${path}.${field}`, 'may not be set for init containers without restartPolicy=Always'));
    }
  }
}

function validatePorts(errors: FieldError[], path: string, ports: readonly ContainerPort[]): void {
  const names = new Set<string>();
  ports.forEach(({ name, containerPort = 0, hostPort, protocol = '' }, i) => {
    const field = `${path}[${i}]`;
    if (name) {
      const problems = checkPortName(name);
      addProblems(errors, `${field}.name`, name, problems);
      if (problems.length === 0 && names.has(name)) errors.push(duplicate(`${field}.name`, name));
      names.add(name);
    }
    if (containerPort === 0) errors.push(required(`${field}.containerPort`));
    else addProblems(errors, `${field}.containerPort`, containerPort, checkPortNumber(containerPort));
    if (hostPort) addProblems(errors, `${field}.hostPort`, hostPort, checkPortNumber(hostPort));
    if (!protocol) errors.push(required(`${field}.protocol`));
    else if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(`${field}.protocol`, protocol, PROTOCOLS));
  });
}

/** No two containers can have one port of the node; on the node's network, a container's port is the node's. */
function validateHostPorts(
  errors: FieldError[],
  path: string,
  containers: readonly Container[],
  hostNetwork: boolean,
): void {
  let taken: Set<string> | undefined;
  containers.forEach(({ ports }, i) => {
    ports?.forEach(({ hostPort, hostIP = '', containerPort, protocol }, j) => {
      if (!hostPort) return;
      const field = `${path}[${i}].ports[${j}]`;
      const key = `${protocol}/${hostIP}/${hostPort}`;
      taken ??= new Set();
      if (taken.has(key)) errors.push(duplicate(`${field}.hostPort`, key));
      taken.add(key);
      if (hostNetwork && hostPort !== containerPort) {
        errors.push(
          invalid(`${field}.containerPort`, containerPort, 'must match `hostPort` when `hostNetwork` is true'),
        );
      }
    });
  });
}
