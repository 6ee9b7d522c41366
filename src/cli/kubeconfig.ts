import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

/** How a client reaches and is known to a server. */
export interface Access {
  readonly server: string;
  readonly token?: string | undefined;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca?: string | undefined;
}

/** Where Kubette keeps what belongs to the user and can be made again. */
export const cacheFolder = (): string => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kubette');

/** A kubeconfig with one cluster, one user and one context, all called `kubette`. */
function kubeconfigText({ server, token, ca }: Access): string {
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'kubette',
          cluster: { server, ...(ca ? { 'certificate-authority-data': Buffer.from(ca).toString('base64') } : {}) },
        },
      ],
      users: [{ name: 'kubette', user: token ? { token } : {} }],
      contexts: [{ name: 'kubette', context: { cluster: 'kubette', user: 'kubette' } }],
      'current-context': 'kubette',
    },
    { lineWidth: 0 },
  );
}

/** Where the server on a port leaves its kubeconfig: one server a port, whatever name it is called by. */
const pathFor = (server: string): string => join(cacheFolder(), `kubeconfig-${new URL(server).port || 'default'}`);

/** Writes the kubeconfig where `kubette kubeconfig` finds it, readable by its owner only. Answers the path. */
export function writeKubeconfig(access: Access, path = pathFor(access.server)): string {
  mkdirSync(cacheFolder(), { recursive: true, mode: 0o700 });
  writeFileSync(path, kubeconfigText(access), { mode: 0o600 });
  return path;
}

/** Names of this machine for itself. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** What the server at an address left behind: its own address, token and certificate. */
export function accessLeftBy(server: string): Access | undefined {
  const path = pathFor(server);
  if (!existsSync(path)) return undefined;
  const { clusters, users } = parse(readFileSync(path, 'utf8')) as {
    clusters: [{ cluster: { server: string; 'certificate-authority-data'?: string } }];
    users: [{ user: { token?: string } }];
  };
  const { server: own, 'certificate-authority-data': ca } = clusters[0].cluster;
  const [here, there] = [new URL(own), new URL(server)];
  const same = here.hostname === there.hostname || (LOOPBACK.has(here.hostname) && LOOPBACK.has(there.hostname));
  if (!same) return undefined;
  return { server: own, token: users[0].user.token, ca: ca ? Buffer.from(ca, 'base64').toString() : undefined };
}

/**
 * Prints the path of a kubeconfig, or the kubeconfig: the one that the server left behind, which knows its token and
 * certificate. For a server that left none here, or another token, one is written beside it: what a server left stays.
 * @throws Error if the server's address is none
 */
export function kubeconfig(options: { port: number; server?: string; token?: string; print?: boolean }): void {
  const server = options.server ?? `http://127.0.0.1:${options.port}`;
  if (!URL.canParse(server)) throw new Error(`--server ${server} is no URL: http://127.0.0.1:8001`);
  const left = accessLeftBy(server);
  const path =
    left && (options.token === undefined || options.token === left.token)
      ? pathFor(server)
      : writeKubeconfig(
          { server, ...left, token: options.token },
          join(cacheFolder(), `kubeconfig-for-${new URL(server).host.replaceAll(/[^\w.]/g, '-')}`),
        );
  process.stdout.write(options.print ? readFileSync(path, 'utf8') : `${path}\n`);
}
