import type { Registry } from '../../registry/registry.js';
import { dnsAddress } from '../../resources/address-ranges.js';
import { asksClusterDns, searchPath } from '../../resources/dns-policy.js';
import { configMaps, secrets, services } from '../../resources/index.js';
import type { ConfigMap, Container, EnvVar, Pod, Secret } from '../../resources/types.js';
import type { NameService } from './names.js';

/** The service by which pods reach the API. */
const API_SERVICE = { namespace: 'default', name: 'kubernetes' };
const SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a process inside of a container finds around it. */
export interface Box {
  readonly pod: Pod;
  readonly container: Container;
  readonly hostname: string;
  readonly user: { readonly uid: number; readonly gid: number };
  readonly directory: string;
  readonly env: ReadonlyMap<string, string>;
  /** Absolute path → text. */
  readonly files: ReadonlyMap<string, string>;
  /** Who answers for names; absent where nobody is asked, since it is only looked what a command would come to. */
  readonly names?: (() => Promise<NameService>) | undefined;
}

/** The inside of a container, as its pod and the objects that the pod names make it. */
export function boxOf(registry: Registry, pod: Pod, container: Container, tty: boolean): Box {
  const { spec } = pod;
  const hostname = (spec.hostNetwork ? spec.nodeName : spec.hostname) || pod.metadata.name;
  const uid = container.securityContext?.runAsUser ?? spec.securityContext?.runAsUser ?? 0;
  const gid = container.securityContext?.runAsGroup ?? spec.securityContext?.runAsGroup ?? 0;
  const files = new Map([
    ['/etc/hostname', `${hostname}\n`],
    ['/etc/hosts', hostsFile(pod, hostname)],
    ['/etc/resolv.conf', resolverFile(registry, pod)],
    ['/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n'],
    ['/etc/os-release', 'NAME="Kubette"\nID=kubette\nPRETTY_NAME="Kubette simulated container"\n'],
  ]);
  for (const [path, text] of mountedFiles(registry, pod, container)) files.set(path, text);
  return {
    pod,
    container,
    hostname,
    user: { uid, gid },
    directory: container.workingDir || '/',
    env: environment(registry, pod, container, hostname, tty),
    files,
  };
}

function hostsFile({ spec, status }: Pod, hostname: string): string {
  const lines = [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
  ];
  if (status.podIP) lines.push(`${status.podIP}\t${hostname}`);
  for (const { ip, hostnames = [] } of spec.hostAliases ?? []) lines.push(`${ip}\t${hostnames.join('\t')}`);
  return `${lines.join('\n')}\n`;
}

function resolverFile({ ranges }: Registry, pod: Pod): string {
  const { nameservers = [], options = [] } = pod.spec.dnsConfig ?? {};
  const inCluster = asksClusterDns(pod);
  const servers = [...(inCluster ? [dnsAddress(ranges)] : []), ...nameservers];
  const all = searchPath(pod);
  const settings = [
    ...options.map(({ name, value }) => (value ? `${name}:${value}` : name)),
    // What the pod says counts more.
    ...(inCluster && !options.some(({ name }) => name === 'ndots') ? ['ndots:5'] : []),
  ];
  return [
    ...(all.length > 0 ? [`search ${all.join(' ')}`] : []),
    ...servers.map(server => `nameserver ${server}`),
    ...(settings.length > 0 ? [`options ${settings.join(' ')}`] : []),
    '',
  ].join('\n');
}

interface KeyedSource {
  name?: string;
  secretName?: string;
  items?: { key: string; path: string }[];
}

/** The files of volumes that are ConfigMaps and Secrets; of other volumes there are none. */
function* mountedFiles(registry: Registry, pod: Pod, container: Container): Generator<[string, string]> {
  for (const { name, mountPath, subPath } of container.volumeMounts ?? []) {
    const volume = pod.spec.volumes?.find(candidate => candidate.name === name);
    const configMap = volume?.configMap as KeyedSource | undefined;
    const secret = volume?.secret as KeyedSource | undefined;
    const source = configMap ?? secret;
    if (!source) continue;
    const data = configMap
      ? configMapData(registry, pod, configMap.name)
      : secretData(registry, pod, secret!.secretName);
    const items = source.items ?? [...data.keys()].map(key => ({ key, path: key }));
    for (const { key, path } of items) {
      const text = data.get(key);
      if (text === undefined) continue;
      if (subPath === undefined) yield [`${mountPath.replace(/\/$/, '')}/${path}`, text];
      else if (subPath === path) yield [mountPath, text];
    }
  }
}

function configMapData(registry: Registry, pod: Pod, name = ''): Map<string, string> {
  const found = registry.get<ConfigMap>(configMaps, pod.metadata.namespace!, name);
  return new Map(Object.entries(found?.object.data ?? {}));
}

function secretData(registry: Registry, pod: Pod, name = ''): Map<string, string> {
  const found = registry.get<Secret>(secrets, pod.metadata.namespace!, name);
  const entries = Object.entries(found?.object.data ?? {});
  return new Map(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

function environment(
  registry: Registry,
  pod: Pod,
  container: Container,
  hostname: string,
  tty: boolean,
): Map<string, string> {
  const env = new Map([
    ['PATH', SEARCH_PATH],
    ['HOSTNAME', hostname],
    ...(tty ? ([['TERM', 'xterm']] as const) : []),
    ...apiService(registry),
  ]);
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const data = configMapRef
      ? configMapData(registry, pod, configMapRef.name)
      : secretData(registry, pod, secretRef?.name);
    for (const [key, value] of data) env.set(prefix + key, value);
  }
  for (const variable of container.env ?? []) {
    const value = variableValue(registry, pod, variable, env);
    if (value !== undefined) env.set(variable.name, value);
  }
  if (!env.has('HOME')) env.set('HOME', '/root');
  return env;
}

function apiService(registry: Registry): [string, string][] {
  const service = registry.get(services, API_SERVICE.namespace, API_SERVICE.name)?.object;
  const { clusterIP, ports = [] } = service?.spec ?? {};
  if (!clusterIP || !ports[0]) return [];
  const port = String(ports[0].port);
  const url = `tcp://${clusterIP}:${port}`;
  return [
    ['KUBERNETES_SERVICE_HOST', clusterIP],
    ['KUBERNETES_SERVICE_PORT', port],
    ['KUBERNETES_SERVICE_PORT_HTTPS', port],
    ['KUBERNETES_PORT', url],
    [`KUBERNETES_PORT_${port}_TCP`, url],
    [`KUBERNETES_PORT_${port}_TCP_PROTO`, 'tcp'],
    [`KUBERNETES_PORT_${port}_TCP_PORT`, port],
    [`KUBERNETES_PORT_${port}_TCP_ADDR`, clusterIP],
  ];
}

function variableValue(
  registry: Registry,
  pod: Pod,
  { value = '', valueFrom }: EnvVar,
  env: ReadonlyMap<string, string>,
): string | undefined {
  if (!valueFrom) return expanded(value, env);
  const { fieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef) return fieldOf(pod, fieldRef.fieldPath);
  if (configMapKeyRef) return configMapData(registry, pod, configMapKeyRef.name).get(configMapKeyRef.key);
  if (secretKeyRef) return secretData(registry, pod, secretKeyRef.name).get(secretKeyRef.key);
  return undefined;
}

/** `text` with `$(NAME)` replaced, and `$$` standing for one. */
const expanded = (text: string, env: ReadonlyMap<string, string>): string =>
  text.replace(/\$\$|\$\(([^)]+)\)/g, (all, name?: string) => (name ? (env.get(name) ?? all) : '$'));

/** What a container was told to run, as far as its spec says so: the rest is in its image, which is not there. */
export const commandOf = ({ container: { command = [], args = [] }, env }: Box): readonly string[] =>
  [...command, ...args].map(text => expanded(text, env));

/** A field of the pod by the path that the downward API has for it. */
function fieldOf(pod: Pod, path: string): string {
  const [, map, key] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path) ?? [];
  if (key !== undefined) return pod.metadata[map as 'labels' | 'annotations']?.[key] ?? '';
  if (path === 'status.podIPs') return pod.status.podIPs?.map(({ ip }) => ip).join(',') ?? '';
  let value: unknown = pod;
  for (const part of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[part];
  return value === undefined ? '' : String(value);
}
