import { readFileSync } from 'node:fs';

/** The Kubernetes version that Kubette models. */
export const KUBERNETES_VERSION = 'v1.35.0';

/** Kubette's own version. */
export function kubetteVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
