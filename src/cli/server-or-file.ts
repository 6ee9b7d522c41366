import { existsSync } from 'node:fs';
import { type Access, accessTo } from './kubeconfig.js';

/** Who is asked. */
export interface Asked {
  readonly port: number;
  readonly server?: string;
  readonly token?: string;
  /** A file that keeps a cluster, in place of a server. */
  readonly data?: string;
}

/**
 * Asks a server, or what is in a file, which is only read.
 * @throws Error if there is no such file; whatever `ask` throws
 */
export async function askServerOrFile<T>(asked: Asked, ask: (access: Access) => Promise<T>): Promise<T> {
  if (asked.data === undefined) return ask(accessTo(asked));
  if (!existsSync(asked.data)) throw new Error(`there is no file ${asked.data}`);
  const { createCluster } = await import('../cluster/create.js');
  const cluster = await createCluster({ data: asked.data, readOnly: true, clock: 'virtual' });
  try {
    return await ask({ server: (await cluster.listen()).url });
  } finally {
    await cluster.close();
  }
}
