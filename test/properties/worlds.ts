// Clusters that histories are played on as users do, and the logs that come of it.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../src/index.js';
import { StatusError } from '../../src/registry/status.js';
import { type Sent, send, writingOver } from '../support/rest-writer.js';
import { logOf } from '../support/whole-log.js';
import type { History } from './history.js';
import { play, type World } from './play.js';
import { attempt, MORTAL_NAMESPACE } from './refusals.js';

export const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: MORTAL_NAMESPACE } };

/** A file that nothing is in yet. */
export const newFile = (name = 'cluster.db') => join(mkdtempSync(join(inject('scratch'), 'same-')), name);

/** Lets the event loop go round. */
export const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise(resolve => setImmediate(resolve));
};

/** A cluster that something is done to, and the log that comes of it. */
export async function logged(
  act: (cluster: Cluster) => Promise<unknown>,
  options: ClusterOptions = {},
): Promise<string[]> {
  const cluster = await createCluster({ clock: 'virtual', nodes: 2, seed: 'same', ...options });
  try {
    await act(cluster);
    await cluster.settled();
    return await logOf(cluster.registry);
  } finally {
    await cluster.close();
  }
}

const worldOf = (cluster: Cluster, parts: Partial<World> = {}): World => ({
  registry: cluster.registry,
  clock: cluster.clock,
  settled: () => cluster.settled(),
  advance: ms => cluster.advance(ms),
  turns,
  ...parts,
});

/** Plays a history as a program does that has the cluster in hand. */
export async function inProcess(cluster: Cluster, story: History): Promise<void> {
  await cluster.apply(NAMESPACE);
  await play(worldOf(cluster), story);
}

/** Sends a request. @throws StatusError as the server answers */
export type Write = (sent: Sent) => Promise<object>;

/**
 * Plays a history over HTTP, and answers with what was sent.
 * @param besides what is done after each step
 */
export async function overHttp(
  cluster: Cluster,
  story: History,
  besides: (cluster: Cluster, write: Write) => Promise<unknown> = async () => {},
): Promise<Sent[]> {
  const { url } = await cluster.listen();
  const all: Sent[] = [];
  const write: Write = sent => {
    all.push(sent);
    return send(url, sent).catch(error => {
      // What etcd is said to answer has no reason that it could be told by.
      throw error.code === 500 ? StatusError.internal(error.message) : error;
    });
  };
  await write({ method: 'POST', path: '/api/v1/namespaces', body: JSON.stringify(NAMESPACE) });
  const advance = async (ms: number) => {
    const body = JSON.stringify({ by: `${ms / 1000}s` });
    await write({ method: 'POST', path: '/_kubette/v1/clock/advance', body });
  };
  // Which is another one once the cluster is put back to a snapshot.
  const world = {
    ...worldOf(cluster, { advance }),
    get registry() {
      return writingOver(cluster.registry, write);
    },
  };
  await play(world, story, () => attempt(() => besides(cluster, write)));
  return all;
}
