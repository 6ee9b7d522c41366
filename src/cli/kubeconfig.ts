import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** A kubeconfig with one cluster, one user and one context, all called `kubette`. */
export function kubeconfigText(server: string, token?: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'kubette', cluster: { server } }],
    users: [{ name: 'kubette', user: token ? { token } : {} }],
    contexts: [{ name: 'kubette', context: { cluster: 'kubette', user: 'kubette' } }],
    'current-context': 'kubette',
  });
}

/** Writes the kubeconfig of the server at `url` where `kubette kubeconfig` finds it, readable by its owner only. Answers the path. */
export function writeKubeconfig(url: string, token?: string): string {
  const { hostname, port } = new URL(url);
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kubette');
  const path = join(folder, `kubeconfig-${hostname.replace(/[^a-zA-Z0-9.-]/g, '_')}-${port || '80'}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(path, kubeconfigText(url, token), { mode: 0o600 });
  return path;
}

export function kubeconfig(options: { server: string; token?: string; print?: boolean }): void {
  if (!URL.canParse(options.server)) throw new Error(`--server ${options.server} is no URL: http://127.0.0.1:8001`);
  process.stdout.write(
    options.print
      ? kubeconfigText(options.server, options.token)
      : `${writeKubeconfig(options.server, options.token)}\n`,
  );
}
