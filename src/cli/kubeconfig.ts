import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

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
export function kubeconfigText({ server, token, ca }: Access): string {
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

/** Where the kubeconfig of the server on `port` is: one server a port, whatever name it is called by. */
const pathFor = (server: string): string => join(cacheFolder(), `kubeconfig-${new URL(server).port || 'default'}`);

/** Writes the kubeconfig where `kubette kubeconfig` finds it, readable by its owner only. Answers the path. */
export function writeKubeconfig(access: Access): string {
  const path = pathFor(access.server);
  mkdirSync(cacheFolder(), { recursive: true, mode: 0o700 });
  writeFileSync(path, kubeconfigText(access), { mode: 0o600 });
  return path;
}

/**
 * Prints the path of a kubeconfig, or the kubeconfig: the one that the server on that port left behind, which knows its
 * token and certificate; else a new one.
 * @throws Error if the server's address is none
 */
export function kubeconfig(options: { port: number; server?: string; token?: string; print?: boolean }): void {
  const server = options.server ?? `http://127.0.0.1:${options.port}`;
  if (!URL.canParse(server)) throw new Error(`--server ${server} is no URL: http://127.0.0.1:8001`);
  const left = options.server === undefined && options.token === undefined && existsSync(pathFor(server));
  const path = left ? pathFor(server) : writeKubeconfig({ server, token: options.token });
  process.stdout.write(options.print ? readFileSync(path, 'utf8') : `${path}\n`);
}
