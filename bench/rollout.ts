import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { rssMiB, send, start } from './processes.js';

/** How far: all pods Running, Ready and on disk; or bound to their nodes by the scheduler, with nobody to run them. */
export type Until = 'available' | 'bound';

export interface Rollout {
  readonly nodes: number;
  /** From the POST of the DaemonSet. */
  readonly ms: number;
  readonly rows: number;
  /** The same rows into the same schema by better-sqlite3 alone, 100 a transaction. */
  readonly rawMs: number;
  /** GET of a node, one after the other, all the while. */
  readonly getP99Ms: number;
  readonly gets: number;
  readonly rssBeforeMiB: number;
  readonly rssAfterMiB: number;
}

const DAEMON_SET = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: {
      metadata: { labels: { app: 'agent' } },
      spec: {
        containers: [
          {
            name: 'agent',
            image: 'registry.example/agent:1',
            resources: { requests: { cpu: '100m', memory: '200Mi' } },
          },
        ],
      },
    },
  },
};

/** A DaemonSet comes to `nodes` nodes, in a server with a file. */
export async function rollout(nodes: number, port: number, until: Until = 'available'): Promise<Rollout> {
  const folder = mkdtempSync(join(tmpdir(), 'kubette-bench-'));
  const data = join(folder, 'kubette.db');
  const server = await start(
    ['dist/cli/main.js', '--port', String(port), '--data', data].concat(
      until === 'bound' ? ['--nodes', '0', '--kubelet', 'off'] : ['--nodes', String(nodes)],
    ),
    port,
    '/readyz',
  );
  try {
    if (until === 'bound') await createNodes(server.url, nodes);
    await quiet(server.url);
    const rssBeforeMiB = rssMiB(server.pid);
    const before = revision(
      await send(`${server.url}/api/v1/namespaces/default`),
      await send(`${server.url}/api/v1/nodes?limit=1`),
    );
    const probe = probeGets(`${server.url}/api/v1/nodes?limit=1`);
    const began = performance.now();
    const done =
      until === 'bound'
        ? allBound(`${server.url}/api/v1/namespaces/default/pods`, nodes)
        : allAvailable(`${server.url}/apis/apps/v1/namespaces/default/daemonsets`, nodes);
    await send(`${server.url}/apis/apps/v1/namespaces/default/daemonsets`, 'POST', DAEMON_SET);
    const at = await done;
    const ms = at - began;
    const latencies = await probe.stop();
    const after = revision(await send(`${server.url}/api/v1/pods?limit=1`));
    const rssAfterMiB = rssMiB(server.pid);
    await server.stop();
    const raw = insertRaw(data, join(folder, 'raw.db'), before, after);
    return { nodes, ms, ...raw, getP99Ms: latencies.p99, gets: latencies.count, rssBeforeMiB, rssAfterMiB };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Nodes as their kubelets would register them, if there were any: ready, with room. */
async function createNodes(url: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const room = { cpu: '8', memory: '32Gi', pods: '110' };
    const conditions = [{ type: 'Ready', status: 'True' }];
    const node = { metadata: { name: `node-${i}` }, status: { capacity: room, allocatable: room, conditions } };
    await send(`${url}/api/v1/nodes`, 'POST', { apiVersion: 'v1', kind: 'Node', ...node });
  }
}

const revision = (...lists: string[]) =>
  Math.max(...lists.map(text => Number(JSON.parse(text).metadata.resourceVersion)));

/** Waits until the background work of a new cluster is done: no new revision for a while. */
async function quiet(url: string): Promise<void> {
  for (let last = -1; ; ) {
    const now = revision(await send(`${url}/api/v1/nodes?limit=1`));
    if (now === last) return;
    last = now;
    await new Promise(resolve => setTimeout(resolve, 300));
  }
}

/** Resolves with the time at which the DaemonSet's status says that all pods are available. */
const allAvailable = (url: string, wanted: number) =>
  watchUntil(url, line => JSON.parse(line).object.status?.numberAvailable === wanted);

/** Resolves with the time at which the last of `wanted` pods has a node. */
function allBound(url: string, wanted: number): Promise<number> {
  const bound = new Set<string>();
  return watchUntil(url, line => {
    const { metadata, spec } = JSON.parse(line).object;
    return spec.nodeName !== undefined && bound.add(metadata.name).size === wanted;
  });
}

/** The time at which the watch of `url` brought a line for which `done` holds. */
function watchUntil(url: string, done: (line: string) => boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = get(`${url}?watch=true`, response => {
      let rest = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop()!;
        for (const line of lines) {
          if (line && done(line)) {
            resolve(performance.now());
            call.destroy();
          }
        }
      });
    });
    call.on('error', error => (call.destroyed ? undefined : reject(error)));
  });
}

function probeGets(path: string): { stop(): Promise<{ p99: number; count: number }> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  let open = true;
  const loop = (async () => {
    while (open) {
      const began = performance.now();
      await new Promise<void>((resolve, reject) => {
        get(path, { agent }, response => {
          response.resume().on('end', resolve);
        }).on('error', reject);
      });
      times.push(performance.now() - began);
    }
    agent.destroy();
  })();
  return {
    async stop() {
      open = false;
      await loop;
      times.sort((a, b) => a - b);
      return { p99: times[Math.min(times.length - 1, Math.floor(times.length * 0.99))]!, count: times.length };
    },
  };
}

function insertRaw(from: string, to: string, before: number, after: number): { rows: number; rawMs: number } {
  const source = new Database(from, { readonly: true });
  const rows = source
    .prepare('SELECT * FROM log WHERE revision > ? AND revision <= ? ORDER BY revision')
    .all(before, after) as Record<string, unknown>[];
  const schema = source
    .prepare("SELECT sql FROM sqlite_schema WHERE name IN ('log', 'log_by_object') ORDER BY name")
    .pluck()
    .all() as string[];
  source.close();
  const target = new Database(to);
  target.pragma('journal_mode = WAL');
  target.pragma('synchronous = NORMAL');
  for (const sql of schema) target.exec(sql);
  const insert = target.prepare(
    'INSERT INTO log (revision, type, resource, namespace, name, uid, created, time, object) VALUES (@revision, @type, @resource, @namespace, @name, @uid, @created, @time, @object)',
  );
  const many = target.transaction((batch: Record<string, unknown>[]) => {
    for (const row of batch) insert.run(row);
  });
  const began = performance.now();
  for (let i = 0; i < rows.length; i += 100) many(rows.slice(i, i + 100));
  const rawMs = performance.now() - began;
  target.close();
  return { rows: rows.length, rawMs };
}
