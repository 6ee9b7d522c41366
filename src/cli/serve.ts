import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { formatTime } from '../clock/clock.js';
import { parseDuration } from '../clock/duration.js';
import type { Cluster } from '../cluster/cluster.js';
import { createCluster } from '../cluster/create.js';
import type { ClusterOptions } from '../cluster/options.js';
import { KUBERNETES_VERSION, kubetteVersion } from '../cluster/version.js';
import { type NetworkOptions, type NetworkSetting, networkOptions, rangesOf } from '../network/options.js';
import { messageOf } from '../registry/status.js';
import { apiAddress, USUAL_RANGES } from '../resources/address-ranges.js';
import { nodes } from '../resources/index.js';
import { adminCertificate, serverCertificates } from './certificates.js';
import { listOf, readConfig, readFaults, type ServeOptions } from './config.js';
import { readObjects, tell } from './import.js';
import { cacheFolder, writeKubeconfig } from './kubeconfig.js';
import { announce, whenParentEnds } from './parent.js';

/** Addresses that only this machine can reach. */
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** A cluster that answers. */
export interface Serving {
  readonly cluster: Cluster;
  readonly options: ServeOptions;
  /** By which this machine reaches it. */
  readonly url: string;
  readonly token: string | undefined;
  /** Where its names are answered for, if they are: an address and a port. */
  readonly dns: string | undefined;
  /** The path of its kubeconfig. */
  readonly kubeconfig: string;
  /** How its network is reached, in words; undefined if it has none. */
  readonly network: string | undefined;
  /** What came of an import, in words. */
  readonly told: string;
}

/** Runs a cluster until the process is told to stop. */
export async function serve(given: ServeOptions, isGiven: (name: string) => boolean): Promise<void> {
  const serving = await startServing(given, isGiven);
  process.stdout.write(serving.told + banner(serving));
  const stop = stopOnSignal(serving.cluster);
  const { readyFile, dieWithParent } = serving.options;
  if (readyFile !== undefined) announce(readyFile, serving);
  if (dieWithParent) whenParentEnds(stop);
}

/**
 * Makes a cluster answer, and leaves its kubeconfig where clients find it. `isGiven` tells which options the command line sets, so that the
 * configuration file sets only the others.
 */
export async function startServing(given: ServeOptions, isGiven: (name: string) => boolean): Promise<Serving> {
  const options = given.config === undefined ? given : { ...given, ...notGiven(readConfig(given.config), isGiven) };
  const network = networkOptions(options.network);
  const exposed = !LOOPBACK.test(options.host);
  const token = options.token ?? (exposed ? randomBytes(24).toString('base64url') : undefined);
  // A token sent in the clear would be no protection, and kubectl sends none without TLS.
  const certificates =
    options.tls || exposed || token
      ? await serverCertificates(
          certificateFolder(options),
          options.host,
          apiAddress(network ? rangesOf(network) : USUAL_RANGES),
        )
      : undefined;
  const brought = options.import && readObjects(options.import);
  const cluster = await createCluster({
    ...clusterOptions(options, token),
    ...(brought ? { import: brought.objects } : {}),
    ...(certificates ? { authority: certificates.authority } : {}),
  });
  const tls = certificates && {
    key: certificates.server.key,
    cert: certificates.server.certificate,
    ca: certificates.authority.certificate,
  };
  const { url } = await cluster.listen(options.port, options.host, tls).catch(async error => {
    await cluster.close();
    throw listenError(error, options);
  });
  const server = url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
  const kubeconfig = writeKubeconfig({
    server,
    token,
    ca: tls?.ca,
    ...(certificates ? { client: await adminCertificate(certificates.authority) } : {}),
  });
  const dns = cluster.dns && `${cluster.dns.address}:${cluster.dns.port}`;
  const told = brought ? tell(cluster.imported!, brought) : '';
  return {
    cluster,
    options,
    url: server,
    token,
    dns,
    network: network && (await networkTold(network)),
    kubeconfig,
    told,
  };
}

async function networkTold({ mode }: NetworkOptions): Promise<string> {
  if (mode === 'ports') return 'a port of 127.0.0.1 in place of each address';
  const { hasWholeLoopback } = await import('../network/machine.js');
  if (await hasWholeLoopback()) return 'each node, pod and Service at an address of its own';
  return 'this machine has 127.0.0.1 alone of 127.0.0.0/8: ports of it answer in place of all addresses';
}

/** The file that keeps a cluster; undefined for one in memory. */
const dataOf = ({ inMemory, data }: ServeOptions): string | undefined =>
  inMemory || data === undefined ? undefined : resolve(data);

/** Beside the data, so that clients which trusted the server once trust it after a restart. */
function certificateFolder(options: ServeOptions): string {
  const data = dataOf(options);
  return data === undefined ? join(cacheFolder(), 'tls') : `${data}-tls`;
}

/** What the command line says counts more than the file. */
function notGiven(config: Partial<ServeOptions>, isGiven: (name: string) => boolean): Partial<ServeOptions> {
  return Object.fromEntries(Object.entries(config).filter(([name]) => !isGiven(name)));
}

function clusterOptions(options: ServeOptions, token: string | undefined): ClusterOptions {
  const data = dataOf(options);
  return {
    ...(data === undefined ? {} : { data }),
    sync: options.sync,
    ...(options.history === undefined ? {} : { history: { maxAgeMs: parseDuration(options.history)! } }),
    seed: options.seed,
    clock: options.clock,
    ...(options.rate === undefined ? {} : { rate: options.rate }),
    ...(options.record === undefined ? {} : { record: options.record }),
    forks: { limit: options.maxForks, idleMs: parseDuration(options.forkIdle)! },
    ...(options.era ? { era: options.era } : {}),
    ...nodesOf(options),
    ...(options.apply ? { manifests: readObjects(options.apply).objects } : {}),
    kubelet: options.kubelet,
    network: networkOf(options),
    ...(options.dns === undefined ? {} : { dns: options.dns }),
    authorization: options.authorizationMode,
    controllers: listOf(options.controllers),
    enableAdmissionPlugins: listOf(options.enableAdmissionPlugins),
    disableAdmissionPlugins: listOf(options.disableAdmissionPlugins),
    webhookHosts: listOf(options.webhookHosts),
    ...faultsOf(options),
    ...journalOf(options),
    ...(token ? { token } : {}),
    onError: (where, error) => process.stderr.write(`kubette: ${where}: ${messageOf(error)}\n`),
  };
}

/** @throws Error where hosts are allowed and there is no network */
function networkOf({ network, networkAllow }: ServeOptions): NetworkSetting {
  const allow = listOf(networkAllow);
  if (allow.length === 0) return network;
  const options = networkOptions(network);
  if (!options) throw new Error('--network-allow is about a network: --network loopback or ports');
  return { ...options, allow: [...(options.allow ?? []), ...allow] };
}

/** @throws Error for a file that cannot be read */
const faultsOf = ({ faults }: ServeOptions): Pick<ClusterOptions, 'faults'> =>
  faults === undefined ? {} : { faults: typeof faults === 'string' ? readFaults(faults) : faults };

const journalOf = ({ journal }: ServeOptions): Pick<ClusterOptions, 'journal'> =>
  journal === undefined ? {} : { journal: typeof journal === 'number' ? { size: journal } : journal };

/** @throws Error for a plan of no nodes */
function nodesOf({ nodes: count, zones, gpu }: ServeOptions): Pick<ClusterOptions, 'nodes'> {
  if (count === undefined && (zones !== undefined || gpu !== undefined))
    throw new Error('--zones and --gpu are about the workers of --nodes: say how many these are');
  return count === undefined ? {} : { nodes: { count, ...(zones ? { zones } : {}), ...(gpu ? { gpu } : {}) } };
}

function banner({ cluster, options, url, token, dns, network }: Serving): string {
  const count = cluster.registry.all(nodes).length;
  const config = url.startsWith('https:')
    ? ` --kubeconfig "$(kubette kubeconfig --port ${new URL(url).port})"`
    : ` --server ${url}`;
  const { mode, rate, time } = cluster.clock.state;
  const lines = [
    `Kubette ${kubetteVersion()}: a scale model of a Kubernetes ${KUBERNETES_VERSION} cluster with ${count} node${count === 1 ? '' : 's'}${cluster.registry.era === 'current' ? '' : `, DaemonSets as in ${cluster.registry.era}`}`,
    `  REST     ${url}`,
    `  GraphQL  ${url}/graphql (a playground in the browser)`,
    ...(dns
      ? [
          `  DNS      ${dns} (dig @${cluster.dns!.address} -p ${cluster.dns!.port} kubernetes.default.svc.cluster.local)`,
        ]
      : []),
    ...(network ? [`  network  ${network} (kubette addresses)`] : []),
    `  data     ${dataOf(options) ?? 'in memory, gone when this process ends'}`,
    ...(mode === 'real'
      ? []
      : [
          `  clock    ${formatTime(time)}, ${mode === 'paused' ? 'standing still' : `${rate} times as fast as the machine's`}`,
        ]),
    ...(token ? [`  token    ${token}`] : []),
    `Try: kubectl${config} get nodes,ds,pods -A -o wide`,
  ];
  return `${lines.join('\n')}\n`;
}

function listenError(error: unknown, { port, host }: ServeOptions): Error {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'EADDRINUSE')
    return new Error(`port ${port} on ${host} is in use; choose another with --port (0 takes a free one)`);
  if (code === 'EACCES')
    return new Error(`port ${port} may not be used by this user; choose one above 1023 with --port`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return new Error(`${host} is no address of this machine`);
  return new Error(message);
}

/** Ends the process by a signal. @returns what ends it otherwise */
function stopOnSignal(cluster: Cluster): () => void {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(130); // asked twice: now
    stopping = true;
    cluster.close().then(
      () => process.exit(0),
      error => {
        process.stderr.write(`kubette: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return stop;
}
