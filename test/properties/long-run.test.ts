// One long run in which everything happens, and the same requests again with others at work beside them: the same log, to the last byte.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Random } from '../../src/clock/random.js';
import type { WriteLine } from '../../src/cluster/session/format.js';
import type { Cluster, ClusterOptions } from '../../src/index.js';
import { daemonSets, deployments, nodes, pods } from '../../src/resources/index.js';
import { type Sent, send } from '../support/rest-writer.js';
import { firstDifference } from '../support/whole-log.js';
import { type History, history } from './history.js';
import { report, TIMEOUT } from './property.js';
import { attempt } from './refusals.js';
import { logged, newFile, overHttp, turns, type Write } from './worlds.js';

const SEED = Number(process.env.KUBETTE_SEED ?? 20250101);
const STEPS = 120 * Number(process.env.KUBETTE_HISTORIES ?? 1);

/** A history of so many steps, put together of random ones. */
function longHistory(): History {
  const parts = fc.sample(history('current', 60), { seed: SEED, numRuns: Math.ceil(STEPS / 5) });
  return { nodes: parts[0]!.nodes, steps: parts.flatMap(({ steps }) => steps).slice(0, STEPS) };
}

const WEB = '/apis/apps/v1/namespaces/default/deployments';
const web = (image: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 6,
    strategy: { rollingUpdate: { maxSurge: 2, maxUnavailable: 1 } },
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'main', image: `web:${image}` }] },
    },
  },
});

const request = (method: string, path: string, body: object = {}): Sent => ({
  method,
  path,
  body: JSON.stringify(body),
});
const admin = (path: string, body: object, method = 'POST') => request(method, `/_kubette/v1/${path}`, body);

/** Requests that these rules are about; who is at work beside is spared. */
const MATCH = { userAgent: 'history' };
const FAULTS = [
  { match: { ...MATCH, verbs: ['update'] }, when: { share: 0.3 }, fault: 'conflict' },
  { match: MATCH, when: { every: 3 }, fault: { etcdTimeout: { applied: true } } },
  { match: { ...MATCH, verbs: ['create', 'delete'] }, when: { share: 0.3 }, fault: 'etcdLeaderChanged' },
  { match: MATCH, when: { share: 0.2 }, fault: { latency: { by: '1ms', clock: 'machine' } } },
];
const BEHAVIORS = [
  { pods: { selector: 'app' }, share: '30%', behavior: 'crash-loop', for: '2m' },
  { pods: {}, share: '20%', behavior: 'never-ready', for: '1m' },
  { nodes: {}, share: '40%', behavior: 'down', for: '90s' },
  { pods: { owner: 'ReplicaSet/*' }, stopDelay: '20s', for: '3m' },
];

/** What is done besides between two steps of the history: rollouts, drains, rules that make things fail. */
function hostile(dice: Random): (cluster: Cluster, write: Write) => Promise<unknown> {
  let count = 0;
  const pick = <T>(items: readonly T[]): T => items[dice.below(items.length)]!;
  return async ({ registry }, write) => {
    count++;
    switch (dice.below(9)) {
      case 0:
        return registry.get(deployments, 'default', 'web')
          ? write(request('PUT', `${WEB}/web`, web(count)))
          : write(request('POST', WEB, web(count)));
      case 1: {
        // A drain, as kubectl does it.
        const node = pick(registry.all(nodes));
        if (!node) return undefined;
        const object = { ...node.object, spec: { ...node.object.spec, unschedulable: true } };
        await attempt(() => write(request('PUT', `/api/v1/nodes/${node.name}`, object)));
        const there = registry.all(pods).filter(({ object: pod }) => pod.spec.nodeName === node.name);
        for (const { namespace, name } of there) {
          const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
          await attempt(() =>
            write(request('POST', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, eviction)),
          );
        }
        return undefined;
      }
      case 2:
        return write(admin('faults', { name: `f${count}`, ...pick(FAULTS) }));
      case 3:
        return write(admin('faults', {}, 'DELETE'));
      case 4:
        return write(admin('behaviors', { name: pick(['a', 'b']), ...pick(BEHAVIORS) }));
      case 5:
        return write(admin('clock/advance', { by: pick(['1s', '15s', '1m', '6m']) }));
      case 6:
        return dice.below(3) === 0 ? write(admin(`snapshots/${pick(['s', 't'])}`, {}, 'PUT')) : undefined;
      case 7:
        return dice.below(4) === 0 ? write(admin(`snapshots/${pick(['s', 't'])}/restore`, {})) : undefined;
      default:
        return undefined;
    }
  };
}

/** Sends the same, while others read, watch, look back, and live in forks. */
async function amongOthers(cluster: Cluster, all: readonly Sent[]): Promise<void> {
  const { url } = await cluster.listen();
  const dice = new Random('others');
  const end = new AbortController();
  const look = async (path: string, method = 'GET', body?: object) => {
    const init = {
      method,
      headers: { 'User-Agent': 'others', 'Content-Type': 'application/json' },
      signal: end.signal,
    };
    return fetch(url + path, { ...init, ...(body ? { body: JSON.stringify(body) } : {}) });
  };
  const read = async (...args: Parameters<typeof look>) => (await look(...args)).text();
  const others: (() => Promise<unknown>)[] = [
    () => look('/api/v1/pods?watch=true&allowWatchBookmarks=true'),
    () => read('/api/v1/events?limit=5'),
    () => read('/graphql', 'POST', { query: '{ daemonSets { name placements { totalCount } } }' }),
    async () => {
      const made = JSON.parse(await read('/_kubette/v1/forks', 'POST', {})) as { path: string; id: string };
      await read(`${made.path}/apis/apps/v1/namespaces/default/daemonsets`, 'DELETE');
      await read(`${made.path}/_kubette/v1/clock/advance`, 'POST', { by: '10m' });
      if (dice.below(2) === 0) await read(`/_kubette/v1/forks/${made.id}`, 'DELETE');
    },
    async () => {
      const fork = await cluster.fork();
      for (const { namespace, name } of fork.registry.all(daemonSets))
        await fork.registry.delete(daemonSets, namespace, name);
      await fork.advance('5m');
      await fork.close();
    },
    async () => (await cluster.registry.past(Math.max(1, cluster.revision - 50))).all(pods),
    () => cluster.whatIf(web(99)),
  ];
  const busy: Promise<unknown>[] = [];
  for (const sent of all) {
    if (dice.below(6) === 0) busy.push(others[dice.below(others.length)]!().catch(() => {}));
    await send(url, sent).catch(() => {});
    await turns(dice.below(30));
  }
  end.abort();
  await Promise.all(busy);
}

/**
 * Every write of a cluster that something is done to, a line each, with a hash of all that is stored of it: also those from before it was put back to
 * a snapshot, which its log does not hold any more.
 */
async function written(act: (cluster: Cluster) => Promise<unknown>, options: ClusterOptions = {}): Promise<string[]> {
  const lines: string[] = [];
  const write = (line: string) => void (line.startsWith('{"write"') && lines.push(line.trimEnd()));
  await logged(act, { ...options, record: { write, close: async () => {} } });
  return lines;
}

it(
  'a long run of rollouts, drains, failures and time, and again among others who read, watch and fork',
  async () => {
    let sent: Sent[] = [];
    const besides = hostile(new Random(SEED));
    const one = await written(async cluster => (sent = await overHttp(cluster, longHistory(), besides)));
    const kinds = new Map<string, number>();
    for (const line of one) {
      const [kind = ''] = (JSON.parse(line) as WriteLine).what.split(' ');
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    report('a long run', { requests: sent.length, writes: one.length, bytes: one.join('\n').length, kinds });
    // That it was one.
    expect(sent.length).toBeGreaterThan(STEPS);
    expect(one.length).toBeGreaterThan(10 * STEPS);
    expect(kinds.size).toBeGreaterThan(12);
    for (const path of ['/eviction', '/faults', '/behaviors', '/restore', WEB])
      expect(sent.filter(request => request.path.includes(path)).length, path).toBeGreaterThan(1);

    expect(firstDifference(one, await written(cluster => amongOthers(cluster, sent)))).toBeUndefined();
    const data = newFile();
    expect(firstDifference(one, await written(cluster => amongOthers(cluster, sent), { data }))).toBeUndefined();
  },
  TIMEOUT,
);
