import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { KeyPair } from '../access/key-pair.js';
import { yaml } from '../registry/yaml.js';

/** How a client reaches and is known to a server. */
export interface Access {
  readonly server: string;
  readonly token?: string | undefined;
  /** By which it is known, in place of a token. */
  readonly client?: KeyPair | undefined;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca?: string | undefined;
}

/** Where Kubette keeps what belongs to the user and can be made again. */
export const cacheFolder = (): string => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kubette');

/**
 * A kubeconfig with one cluster, one user and one context, all called `kubette`. Written by hand, so that a server starts without
 * the YAML library; what is in JSON is YAML, too.
 */
function kubeconfigText({ server, token, client, ca }: Access): string {
  const credential: Record<string, string> = client
    ? { 'client-certificate-data': base64(client.certificate), 'client-key-data': base64(client.key) }
    : token
      ? { token }
      : {};
  return `apiVersion: v1
kind: Config
clusters:
  - name: kubette
    cluster:${fields({ server, ...trust(server, ca) })}
users:
  - name: kubette
    user:${fields(credential)}
contexts:
  - name: kubette
    context:
      cluster: kubette
      user: kubette
current-context: kubette
`;
}

/** A map below a key. */
const fields = (map: Readonly<Record<string, string | boolean>>): string =>
  Object.entries(map)
    .map(([key, value]) => `\n      ${key}: ${JSON.stringify(value)}`)
    .join('') || ' {}';

/** Without TLS there is nothing to verify, and `@kubernetes/client-node` wants that said. */
const trust = (server: string, ca: string | undefined): Record<string, string | boolean> =>
  ca
    ? { 'certificate-authority-data': base64(ca) }
    : server.startsWith('http:')
      ? { 'insecure-skip-tls-verify': true }
      : {};

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Where the server on a port leaves its kubeconfig: one server a port, whatever name it is called by. */
const pathFor = (server: string): string => join(cacheFolder(), `kubeconfig-${new URL(server).port || 'default'}`);

/** The one with a client certificate lies beside it. */
const pathWithCertificate = (server: string): string => `${pathFor(server)}-certificate`;

/**
 * Writes a server's kubeconfig where `kubette kubeconfig` finds it, and another for its client certificate if there is one.
 * @returns where it is
 */
export function writeKubeconfig({ client, ...access }: Access): string {
  const path = pathFor(access.server);
  write(path, kubeconfigText(access));
  const beside = pathWithCertificate(access.server);
  if (client) write(beside, kubeconfigText({ ...access, client }));
  else rmSync(beside, { force: true }); // of a former server
  return path;
}

/** Only its owner may read it. */
function write(path: string, text: string): void {
  mkdirSync(cacheFolder(), { recursive: true, mode: 0o700 });
  writeFileSync(path, text, { mode: 0o600 });
}

/** What the server on a port of this machine left behind: its address, token and certificate. */
function leftOn(port: string): Access | undefined {
  const path = pathFor(`http://127.0.0.1:${port}`);
  if (!existsSync(path)) return undefined;
  const { clusters, users } = yaml().parse(readFileSync(path, 'utf8')) as {
    clusters: [{ cluster: { server: string; 'certificate-authority-data'?: string } }];
    users: [{ user: { token?: string } }];
  };
  const { server, 'certificate-authority-data': ca } = clusters[0].cluster;
  return { server, token: users[0].user.token, ca: ca ? Buffer.from(ca, 'base64').toString() : undefined };
}

/** Names of this machine for itself. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * How to reach a server: as it left word on this machine, if it did; a token given counts more.
 * @param server its address; if absent, the server is the one on `port`
 * @throws Error if the address is none
 */
export function accessTo({ server, port, token }: { server?: string; port: number; token?: string }): Access {
  if (server !== undefined && !URL.canParse(server))
    throw new Error(`--server ${server} is no URL: http://127.0.0.1:8001`);
  const address = new URL(server ?? `http://127.0.0.1:${port}`);
  const left = leftOn(address.port);
  const there = left && new URL(left.server);
  const same =
    there &&
    (server === undefined ||
      there.hostname === address.hostname ||
      (LOOPBACK.has(there.hostname) && LOOPBACK.has(address.hostname)));
  return { server: server ?? address.origin, ...(same ? left : {}), ...(token === undefined ? {} : { token }) };
}

/**
 * Prints the path of a kubeconfig, or the kubeconfig: the one that the server left behind, which knows its token and
 * certificate. For a server that left none here, or another token, one is written beside it: what a server left stays.
 * @throws Error if the server's address is none, or it left no client certificate where one is asked for
 */
export function kubeconfig(options: {
  port: number;
  server?: string;
  token?: string;
  clientCertificate?: boolean;
  print?: boolean;
}): void {
  const access = accessTo(options);
  if (options.clientCertificate) {
    const path = pathWithCertificate(access.server);
    if (!existsSync(path)) throw new Error(`${access.server} left no client certificate here: start it with --tls`);
    process.stdout.write(options.print ? readFileSync(path, 'utf8') : `${path}\n`);
    return;
  }
  const own = pathFor(access.server);
  const text = kubeconfigText(access);
  const left = existsSync(own) && readFileSync(own, 'utf8') === text;
  const path = left
    ? own
    : join(cacheFolder(), `kubeconfig-for-${new URL(access.server).host.replaceAll(/[^\w.]/g, '-')}`);
  if (!left) write(path, text);
  process.stdout.write(options.print ? text : `${path}\n`);
}
