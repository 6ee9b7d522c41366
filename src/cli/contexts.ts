import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { KeyPair } from '../access/key-pair.js';
import { messageOf } from '../registry/status.js';
import { yaml } from '../registry/yaml.js';
import { isObject } from '../resources/json.js';
import type { Endpoint } from './http.js';

/** How to reach the cluster of a context, and as whom. */
export interface Context {
  readonly name: string;
  readonly endpoint: Endpoint;
  /** Where it looks if no namespace is named. */
  readonly namespace: string;
}

/** A cluster of a kubeconfig. */
interface ClusterEntry {
  readonly server?: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
  readonly 'proxy-url'?: string;
}

/** A user of a kubeconfig. */
interface UserEntry {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly exec?: ExecEntry;
  readonly 'auth-provider'?: { readonly name?: string };
}

/** A program that says who one is. */
interface ExecEntry {
  readonly apiVersion?: string;
  readonly command?: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly provideClusterInfo?: boolean;
  readonly installHint?: string;
}

/** An entry, and the folder that its paths start from. */
interface Found<T> {
  readonly entry: T;
  readonly folder: string;
}

/**
 * Reads a context as kubectl does: of the file that is given, of those of `$KUBECONFIG`, or of `~/.kube/config`; the first file that has an
 * entry counts.
 * @param name the context; the current one if absent
 * @throws Error if there is none such, or it cannot be used
 */
export async function readContext(name?: string, kubeconfig?: string): Promise<Context> {
  const paths = kubeconfig
    ? [kubeconfig]
    : (process.env.KUBECONFIG?.split(delimiter).filter(Boolean) ?? [join(homedir(), '.kube/config')]);
  const files = paths.filter(path => kubeconfig !== undefined || existsSync(path)).map(readFile);
  if (files.length === 0) throw new Error(`there is no kubeconfig at ${paths.join(' or ')}`);
  const chosen = name ?? files.map(({ content }) => content['current-context']).find(Boolean);
  if (typeof chosen !== 'string') throw new Error('the kubeconfig has no current context: choose one with --context');
  const find = <T>(list: string, wanted: string | undefined): Found<T> => {
    for (const { content, folder } of files) {
      const entries = Array.isArray(content[`${list}s`]) ? (content[`${list}s`] as Record<string, unknown>[]) : [];
      const entry = entries.find(one => one.name === wanted)?.[list];
      if (entry !== undefined) return { entry: (entry ?? {}) as T, folder };
    }
    const all = files.flatMap(({ content }) => (content.contexts as { name: string }[] | undefined) ?? []);
    const choice = list === 'context' ? `; there are ${all.map(one => one.name).join(', ') || 'none'}` : '';
    throw new Error(`the kubeconfig has no ${list} ${JSON.stringify(wanted)}${choice}`);
  };
  const context = find<{ cluster?: string; user?: string; namespace?: string }>('context', chosen).entry;
  const cluster = find<ClusterEntry>('cluster', context.cluster);
  const user = context.user ? find<UserEntry>('user', context.user) : { entry: {}, folder: '' };
  return {
    name: chosen,
    namespace: context.namespace || 'default',
    endpoint: { ...serverOf(cluster), ...(await identityOf(user, cluster)) },
  };
}

/** @throws Error that names the file */
function readFile(path: string): { readonly content: Record<string, unknown>; readonly folder: string } {
  try {
    const content: unknown = yaml().parse(readFileSync(path, 'utf8')) ?? {};
    if (!isObject(content)) throw new Error('it is no kubeconfig');
    return { content, folder: dirname(resolve(path)) };
  } catch (error) {
    throw new Error(`kubeconfig ${path}: ${messageOf(error)}`);
  }
}

function serverOf({ entry, folder }: Found<ClusterEntry>): Endpoint {
  const { server, 'proxy-url': proxy } = entry;
  if (!server || !URL.canParse(server))
    throw new Error(`the kubeconfig names no server that can be asked: ${server ?? ''}`);
  if (proxy)
    throw new Error(`the cluster is behind the proxy ${proxy}: let kubectl ask it, and pipe in what it prints`);
  return {
    server,
    ca: contentOf(entry['certificate-authority-data'], entry['certificate-authority'], folder),
    serverName: entry['tls-server-name'],
    insecure: entry['insecure-skip-tls-verify'],
  };
}

async function identityOf(
  { entry, folder }: Found<UserEntry>,
  cluster: Found<ClusterEntry>,
): Promise<Partial<Endpoint>> {
  const { exec, 'auth-provider': provider, username, password, token, tokenFile } = entry;
  if (exec) return execIdentity(exec, folder, cluster);
  if (provider)
    throw new Error(
      `the user of the kubeconfig is known by ${provider.name}, which kubectl itself has given up: use exec`,
    );
  const certificate = contentOf(entry['client-certificate-data'], entry['client-certificate'], folder);
  const key = contentOf(entry['client-key-data'], entry['client-key'], folder);
  return {
    token: token || (tokenFile && readFileSync(resolve(folder, tokenFile), 'utf8').trim()) || undefined,
    ...(certificate && key ? { client: { certificate, key } } : {}),
    ...(username ? { password: `${username}:${password ?? ''}` } : {}),
  };
}

/** What stands in the kubeconfig itself, in base64, or in a file beside it. */
function contentOf(data: string | undefined, path: string | undefined, folder: string): string | undefined {
  if (data) return Buffer.from(data, 'base64').toString();
  return path ? readFileSync(resolve(folder, path), 'utf8') : undefined;
}

/** Asks the program that says who one is, in client-go's way. */
async function execIdentity(exec: ExecEntry, folder: string, cluster: Found<ClusterEntry>): Promise<Partial<Endpoint>> {
  const {
    command = '',
    args,
    env,
    apiVersion = 'client.authentication.k8s.io/v1',
    provideClusterInfo,
    installHint,
  } = exec;
  const info = provideClusterInfo
    ? { server: cluster.entry.server, 'certificate-authority-data': cluster.entry['certificate-authority-data'] }
    : undefined;
  const asked = {
    kind: 'ExecCredential',
    apiVersion,
    spec: { interactive: false, ...(info ? { cluster: info } : {}) },
  };
  const own = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
  let printed: string;
  try {
    const { stdout } = await promisify(execFile)(
      // A path starts from the kubeconfig's folder; a bare name is looked for where programs are.
      command.includes('/') ? resolve(folder, command) : command,
      [...(args ?? [])],
      { env: { ...process.env, ...own, KUBERNETES_EXEC_INFO: JSON.stringify(asked) }, maxBuffer: 2 ** 20 },
    );
    printed = stdout;
  } catch (error) {
    throw new Error(`${command} does not say who you are: ${messageOf(error)}${installHint ? `\n${installHint}` : ''}`);
  }
  const { token, client } = credentialIn(printed, command);
  return { token, ...(client ? { client } : {}) };
}

function credentialIn(printed: string, command: string): { token?: string | undefined; client?: KeyPair | undefined } {
  let status: { token?: string; clientCertificateData?: string; clientKeyData?: string } | undefined;
  try {
    ({ status } = JSON.parse(printed) as { status?: typeof status });
  } catch {
    // told below
  }
  const { token, clientCertificateData: certificate, clientKeyData: key } = status ?? {};
  if (!token && !(certificate && key)) throw new Error(`${command} does not say who you are: it printed no credential`);
  return { token, client: certificate && key ? { certificate, key } : undefined };
}
