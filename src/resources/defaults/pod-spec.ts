import { isShared } from '../json.js';
import type { Container, Pod, PodSpec, PodTemplateSpec, Probe } from '../types.js';
import { DEFAULT_SCHEDULER } from '../well-known.js';
import { setFieldDefaults, setVolumeDefaults } from './volumes.js';

const GRACE_SECONDS = 30;

/** Defaults of a pod in a template (DEF-04): they count as the template's own and so enter its revision. */
export function setPodTemplateDefaults(template: PodTemplateSpec): void {
  template.metadata ??= {};
  setPodSpecDefaults((template.spec ??= {} as PodSpec));
}

/** Defaults of a pod: those of a template, and what only a pod gets (DEF-05). */
export function setPodDefaults(pod: Pod): void {
  const spec = (pod.spec ??= {} as PodSpec);
  pod.status ??= {};
  setPodSpecDefaults(spec);
  spec.enableServiceLinks ??= true;
  forEachOwn(spec.containers, container => setPodContainerDefaults(container, spec));
  forEachOwn(spec.initContainers, container => setPodContainerDefaults(container, spec));
}

/** What is shared has its defaults: pods share what they have in common once they have them. */
function forEachOwn<T>(list: readonly T[] | undefined, setDefaults: (item: T) => void): void {
  if (list && !isShared(list)) for (const item of list) setDefaults(item);
}

function setPodSpecDefaults(spec: PodSpec): void {
  spec.containers ??= [];
  spec.dnsPolicy ||= 'ClusterFirst';
  spec.restartPolicy ||= 'Always';
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= GRACE_SECONDS;
  spec.schedulerName ||= DEFAULT_SCHEDULER;
  // Two names for one thing, the second for old clients.
  if (spec.serviceAccountName || spec.serviceAccount) {
    spec.serviceAccountName ||= spec.serviceAccount!;
    spec.serviceAccount = spec.serviceAccountName;
  }
  forEachOwn(spec.containers, setContainerDefaults);
  forEachOwn(spec.initContainers, setContainerDefaults);
  forEachOwn(spec.ephemeralContainers, setContainerDefaults);
  forEachOwn(spec.volumes, setVolumeDefaults);
}

function setContainerDefaults(container: Container): void {
  container.imagePullPolicy ||= pullPolicy(container.image ?? '');
  container.terminationMessagePath ||= '/dev/termination-log';
  container.terminationMessagePolicy ||= 'File';
  container.resources ??= {};
  if (container.ports) for (const port of container.ports) port.protocol ||= 'TCP';
  if (container.env) {
    for (const { valueFrom } of container.env) if (valueFrom) setFieldDefaults(valueFrom);
  }
  if (container.livenessProbe) setProbeDefaults(container.livenessProbe);
  if (container.readinessProbe) setProbeDefaults(container.readinessProbe);
  if (container.startupProbe) setProbeDefaults(container.startupProbe);
  const { lifecycle } = container;
  if (lifecycle?.postStart?.httpGet) setHttpGetDefaults(lifecycle.postStart.httpGet);
  if (lifecycle?.preStop?.httpGet) setHttpGetDefaults(lifecycle.preStop.httpGet);
}

/** What has a limit and no request requests its limit; on the node's own network, ports are the node's. */
function setPodContainerDefaults(container: Container, spec: PodSpec): void {
  const { limits } = container.resources!;
  if (limits) {
    const requests = (container.resources!.requests ??= {});
    for (const name in limits) requests[name] ??= limits[name]!;
  }
  if (spec.hostNetwork && container.ports) for (const port of container.ports) port.hostPort ||= port.containerPort;
}

function setProbeDefaults(probe: Probe): void {
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  if (probe.httpGet) setHttpGetDefaults(probe.httpGet);
  if (probe.grpc) probe.grpc.service ??= '';
}

function setHttpGetDefaults(action: NonNullable<Probe['httpGet']>): void {
  action.path ||= '/';
  action.scheme ||= 'HTTP';
  for (const header of action.httpHeaders ?? []) header.value ??= '';
}

const DOMAIN = '(?:[a-zA-Z0-9][a-zA-Z0-9.-]*|\\[[0-9a-fA-F:]+\\])(?::\\d+)?';
const COMPONENT = '[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*';
const REFERENCE = new RegExp(
  `^(?:${DOMAIN}/)?${COMPONENT}(?:/${COMPONENT})*(?::(?<tag>\\w[\\w.-]{0,127}))?(?<digest>@[A-Za-z][\\w+.-]*:[0-9a-fA-F]{32,})?$`,
);
const MAX_REFERENCE = 1024;

/** `Always` for an image that may be another tomorrow: one whose tag is `latest`, or not given at all. */
function pullPolicy(image: string): string {
  const parts = image.length <= MAX_REFERENCE ? REFERENCE.exec(image)?.groups : undefined;
  const tag = parts?.tag ?? (parts && !parts.digest ? 'latest' : '');
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}
