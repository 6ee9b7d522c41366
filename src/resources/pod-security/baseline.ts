import { compareText } from '../compare.js';
import type { Container, Handler, PodSecurityContext, SecurityContext } from '../types.js';
import {
  type Candidate,
  containersThat,
  counted,
  distinct,
  inContexts,
  named,
  quoted,
  type Rule,
} from './candidate.js';

const APP_ARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';
const SECCOMP_POD_ANNOTATION = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_ANNOTATION = 'container.seccomp.security.alpha.kubernetes.io/';
/** Of seccomp and AppArmor alike. */
const CONFINED: readonly (string | undefined)[] = ['RuntimeDefault', 'Localhost'];

/** What containers have, unless they say otherwise, from most container runtimes. */
const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

export const appArmorProfile: Rule = pod => {
  const { setters, values } = inContexts(pod, ({ appArmorProfile: profile }) =>
    profile && !CONFINED.includes(profile.type) ? [profile.type] : [],
  );
  const annotated = Object.entries(pod.annotations)
    .filter(([key, value]) => key.startsWith(APP_ARMOR_ANNOTATION) && value !== '' && !isConfined(value))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort(compareText);
  const who = annotated.length > 0 ? [...setters, counted(annotated.length, 'annotation')] : setters;
  const what = [...values, ...annotated];
  return who.length === 0
    ? undefined
    : {
        reason: counted(what.length, 'forbidden AppArmor profile'),
        detail: `${who.join(' and ')} must not set AppArmor profile type to ${quoted(what)}`,
      };
};

/** Whether an annotation, as there were before there were fields, names a profile that confines. */
const isConfined = (profile: string) => profile === 'runtime/default' || profile.startsWith('localhost/');

export const defaultCapabilities: Rule = pod => {
  const { names, values } = added(pod, name => DEFAULT_CAPABILITIES.has(name));
  return names.length === 0 ? undefined : { reason: 'non-default capabilities', detail: mustNotAdd(names, values) };
};

/** Who adds capabilities that may not be added, and which. */
export function added(pod: Candidate, mayBe: (capability: string) => boolean) {
  const bad = ({ securityContext }: Container) =>
    securityContext?.capabilities?.add?.filter(capability => !mayBe(capability)) ?? [];
  return { names: containersThat(pod, one => bad(one).length > 0), values: distinct(pod.containers.flatMap(bad)) };
}

export const mustNotAdd = (names: readonly string[], capabilities: readonly string[]): string =>
  `${named('container', names)} must not include ${quoted(capabilities)} in securityContext.capabilities.add`;

export const hostNamespaces: Rule = ({ spec }) => {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter(field => spec[field]);
  return shared.length === 0
    ? undefined
    : { reason: 'host namespaces', detail: shared.map(field => `${field}=true`).join(', ') };
};

export const hostPathVolumes: Rule = ({ spec: { volumes = [] } }) => {
  const names = volumes.filter(({ hostPath }) => hostPath).map(({ name }) => name);
  return names.length === 0 ? undefined : { reason: 'hostPath volumes', detail: named('volume', names) };
};

export const hostPorts: Rule = pod => {
  const used = ({ ports = [] }: Container) => ports.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));
  const found = distinct(pod.containers.flatMap(used));
  if (found.length === 0) return undefined;
  const uses = using(
    containersThat(pod, one => used(one).length > 0),
    counted(found.length, 'hostPort'),
  );
  return { reason: 'hostPort', detail: `${uses} ${found.join(', ')}` };
};

const using = (names: readonly string[], what: string) =>
  `${named('container', names)} ${counted(names.length, 'uses', 'use')} ${what}`;

export const hostsOfProbes: Rule = pod => {
  const found = distinct(pod.containers.flatMap(hostsOf));
  if (found.length === 0) return undefined;
  const uses = using(
    distinct(containersThat(pod, one => hostsOf(one).length > 0)),
    counted(found.length, 'probe or lifecycle host'),
  );
  return { reason: 'probe or lifecycle host', detail: `${uses} ${quoted(found)}` };
};

/** The hosts that a kubelet is told to call for a container. */
function hostsOf({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): string[] {
  const handlers: readonly (Handler | undefined)[] = [
    livenessProbe,
    readinessProbe,
    startupProbe,
    lifecycle?.postStart,
    lifecycle?.preStop,
  ];
  return handlers.flatMap(handler => [handler?.httpGet?.host, handler?.tcpSocket?.host]).filter(isText);
}

const isText = (text: string | undefined): text is string => text !== undefined && text !== '';

export const privileged: Rule = pod => {
  const names = containersThat(pod, ({ securityContext }) => securityContext?.privileged === true);
  return names.length === 0
    ? undefined
    : { reason: 'privileged', detail: `${named('container', names)} must not set securityContext.privileged=true` };
};

export const procMount: Rule = pod => {
  const bad = ({ securityContext }: Container) =>
    [securityContext?.procMount].filter(isText).filter(type => type !== 'Default');
  const names = containersThat(pod, one => bad(one).length > 0);
  return names.length === 0
    ? undefined
    : {
        reason: 'procMount',
        detail: `${named('container', names)} must not set securityContext.procMount to ${quoted(distinct(pod.containers.flatMap(bad)))}`,
      };
};

type Context = PodSecurityContext | SecurityContext;

/** Such options for SELinux as leave it in force: these types, and neither users nor roles. */
export const seLinuxOptions =
  (...types: readonly string[]): Rule =>
  pod => {
    const badTypes = ({ seLinuxOptions: { type } = {} }: Context) => (type && !types.includes(type) ? [type] : []);
    const users = ({ seLinuxOptions: { user } = {} }: Context) => (user ? [user] : []);
    const roles = ({ seLinuxOptions: { role } = {} }: Context) => (role ? [role] : []);
    const { setters } = inContexts(pod, one => [...badTypes(one), ...users(one), ...roles(one)]);
    if (setters.length === 0) return undefined;
    const found = inContexts(pod, badTypes).values;
    const what = [
      ...(found.length > 0 ? [named('type', found)] : []),
      ...(inContexts(pod, users).setters.length > 0 ? ['user may not be set'] : []),
      ...(inContexts(pod, roles).setters.length > 0 ? ['role may not be set'] : []),
    ];
    return {
      reason: 'seLinuxOptions',
      detail: `${setters.join(' and ')} set forbidden securityContext.seLinuxOptions: ${what.join('; ')}`,
    };
  };

/** As it was while seccomp profiles were annotations. */
export const seccompAnnotations: Rule = ({ annotations, containers }) => {
  const keys = [SECCOMP_POD_ANNOTATION, ...containers.map(({ name }) => `${SECCOMP_ANNOTATION}${name}`)];
  const found = distinct(
    keys.flatMap(key => {
      const value = annotations[key];
      const isGood = value === undefined || isConfined(value) || value === 'docker/default';
      return isGood ? [] : [`${key}=${JSON.stringify(value)}`];
    }),
  );
  return found.length === 0
    ? undefined
    : {
        reason: 'seccompProfile',
        detail: `forbidden ${counted(found.length, 'annotation')} ${found.join(', ')}`,
      };
};

export const seccompProfile: Rule = pod => {
  const { setters, values } = inContexts(pod, context =>
    context.seccompProfile && !hasSeccomp(context) ? [context.seccompProfile.type] : [],
  );
  return setters.length === 0
    ? undefined
    : {
        reason: 'seccompProfile',
        detail: `${setters.join(' and ')} must not set securityContext.seccompProfile.type to ${quoted(values)}`,
      };
};

/** Whether a security context names a seccomp profile that confines. */
export const hasSeccomp = ({ seccompProfile: profile }: Context): boolean => CONFINED.includes(profile?.type);

/** Only such sysctls as bear on nobody but the pod. */
export const sysctls =
  (...safe: readonly string[]): Rule =>
  ({ spec: { securityContext } }) => {
    const names = securityContext?.sysctls?.map(({ name }) => name).filter(name => !safe.includes(name)) ?? [];
    return names.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: names.join(', ') };
  };

export const windowsHostProcess: Rule = pod => {
  const { setters } = inContexts(pod, ({ windowsOptions }) => (windowsOptions?.hostProcess ? ['true'] : []));
  return setters.length === 0
    ? undefined
    : {
        reason: 'hostProcess',
        detail: `${setters.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true`,
      };
};
