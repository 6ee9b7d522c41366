import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ControllerRevision, DaemonSet, Node, Pod } from '../../src/resources/types.js';
import type { Row } from '../../src/store/backend.js';
import { SqliteBackend } from '../../src/store/sqlite.js';
import { isAvailable, judge, podsOf, podsOn, readyCondition, surges } from '../properties/model.js';
import { parameters, TIMEOUT } from '../properties/property.js';
import { Replay, violations } from '../properties/safety.js';
import { controllerOf, isLive, nodeOf, type State } from '../properties/state.js';
import { eventually, type ServerProcess, startServer } from '../support/server.js';
import { Client, CORE, PLANS } from './deeds.js';
import { suspects } from './suspects.js';

const folder = mkdtempSync(join(tmpdir(), 'kubette-kill-'));
const data = join(folder, 'cluster.db');
let server: ServerProcess;

afterAll(async () => {
  await server?.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** The log as it lies in the file while nobody serves it. */
async function readLog(): Promise<Row[]> {
  const backend = SqliteBackend.open(data);
  const rows = await backend.read(0, Number.MAX_SAFE_INTEGER);
  await backend.close();
  return rows;
}

function replayed(rows: readonly Row[]): State {
  const replay = new Replay(false);
  for (const row of rows) replay.apply(row);
  return replay.latest!;
}

/** What had begun and was not done yet. */
function underWay(state: State): string[] {
  const rolling = state.sets.filter(
    ({ spec, status }) =>
      spec.updateStrategy.type === 'RollingUpdate' &&
      (status.updatedNumberScheduled ?? 0) < status.desiredNumberScheduled,
  );
  const moving = state.pods.filter(pod => !isLive(pod) || !readyCondition(pod));
  return [...judge(state), ...[...rolling, ...moving].map(object => `${object.kind} ${object.metadata.name}`)];
}

/** The state that a client sees. */
async function seenBy(client: Client): Promise<State> {
  const [nodes, sets, pods, revisions] = await Promise.all(
    ['Node', 'DaemonSet', 'Pod', 'ControllerRevision'].map(kind => client.list(kind)),
  );
  return {
    now: Date.now(),
    nodes: nodes as Node[],
    sets: sets as DaemonSet[],
    pods: pods as Pod[],
    revisions: revisions as ControllerRevision[],
  };
}

/** Writes one thing after the other, until the server is gone. */
async function untilGone(deed: () => Promise<unknown>): Promise<void> {
  try {
    for (;;) await deed();
  } catch (error) {
    // What `fetch` throws when there is no answer.
    if (!(error instanceof TypeError)) throw error;
  }
}

test(
  'kill -9 again and again: what was acknowledged is there, nobody is ever harmed, and all comes to its end',
  async () => {
    const { numRuns: kills, seed } = parameters(6);
    const client = new Client(seed);
    const start = async () => {
      server = await startServer(['--data', data, '--nodes', '0']);
      client.moveTo(server.url);
    };
    const rest = () =>
      eventually('everything is in order', async () => judge(await seenBy(client)).length === 0, 60_000, 200);

    await start();
    await client.furnish();
    await rest();
    const settledAt = await client.note();

    /** The first revision of each life of the server. */
    const lives = [1];
    for (let kill = 0; kill < kills; kill++) {
      await client.rollOut();
      const target = (await client.note()) + client.below(300);
      const killed = untilGone(async () => {
        if ((await client.note()) >= target) await server.stop('SIGKILL');
      });
      await Promise.all([killed, untilGone(() => client.doSomething())]);
      const rows = await readLog();
      expect(underWay(replayed(rows)), `KUBETTE_SEED=${seed}, kill ${kill}`).not.toEqual([]);
      lives.push(rows.length + 1);
      await start();
    }
    await client.furnish();
    await rest();
    expect(await server.stop()).toBe(0);

    const rows = await readLog();
    expect(rows.map(row => row.revision)).toEqual(rows.map((_, i) => i + 1));
    expect(lost(client, rows)).toEqual([]);
    expect(judge(replayed(rows))).toEqual([]);
    expect(violations(rows, suspects(rows, lives, client.deleted), false)).toEqual([]);
    expect(harm(rows, settledAt)).toEqual([]);
  },
  TIMEOUT,
);

/** What was acknowledged and is not in the log. */
function lost({ acknowledged }: Client, rows: readonly Row[]): unknown[] {
  const gone = new Set(rows.filter(row => row.type === 'DELETED').map(row => row.uid));
  return acknowledged.filter(({ uid, name, resourceVersion }) => {
    if (resourceVersion === undefined) return !gone.has(uid);
    const row = rows[resourceVersion - 1];
    return row?.uid !== uid || row.name !== name;
  });
}

/** Revisions at which a node has too many pods of a set, or too few of those nodes are served to which nothing happens. */
function harm(rows: readonly Row[], settledAt: number): string[] {
  const wrong: string[] = [];
  const replay = new Replay(false);
  for (const row of rows) {
    replay.apply(row);
    const state = replay.latest;
    const owner = row.resource === 'pods' ? controllerOf(row.json.parse() as Pod)?.uid : row.uid;
    for (const set of state?.sets ?? []) {
      if (!state || set.metadata.uid !== owner) continue;
      const { name } = set.metadata;
      for (const { metadata: node } of state.nodes) {
        const live = podsOn(state, set, node.name).filter(isLive).length;
        if (live > (surges(set) ? 2 : 1))
          wrong.push(`revision ${row.revision}: ${live} pods of ${name} on ${node.name}`);
      }
      const { nodeSelector, updateStrategy } = PLANS[name]!;
      if (row.revision < settledAt || !nodeSelector?.core) continue;
      const serving = podsOf(state, set).filter(pod => isLive(pod) && isAvailable(state, set, pod));
      const served = new Set(serving.map(nodeOf)).size;
      const least = CORE.length - Number(updateStrategy.rollingUpdate!.maxUnavailable);
      if (served < least) wrong.push(`revision ${row.revision}: ${name} serves ${served} nodes`);
    }
  }
  return wrong;
}

test('a second server on the same file is refused and says why', async () => {
  server = await startServer(['--data', data]);
  await expect(startServer(['--data', data])).rejects.toThrow(/in use by another Kubette server/);
  expect(await server.stop()).toBe(0);
});
