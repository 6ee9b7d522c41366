import { send, start } from './processes.js';
import { daemonSet, timed } from './subjects.js';

export interface GraphTimes {
  readonly nodes: number;
  readonly daemonSets: number;
  /** All pods as REST lists them, in pages of 500 as kubectl asks for, parsed: the least that tells which node has none, and not yet why. */
  readonly listMs: number;
  readonly listBytes: number;
  /** Every placement with its reason, in pages of 500. */
  readonly allMs: number;
  readonly allBytes: number;
  /** The first page: what lacks a pod. */
  readonly firstMs: number;
  /** Counted by node. */
  readonly countsMs: number;
  /** The same list of pods with the node and the placement of each, 500 of them: looked up one by one it would show. */
  readonly edgesMs: number;
  /** The picture of all nodes and pods: the first time, when each pod is looked into, and after that. */
  readonly firstMapMs: number;
  readonly mapMs: number;
  readonly mapBytes: number;
}

const PLACEMENTS = `query($after: String) {
  placements(first: 500, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { daemonSet { name } node { name } wanted actual reason }
  }
}`;

const MAP = '{ clusterMap { owners { namespace name } rows { name cells used } } }';

/** `daemonSets` DaemonSets on `nodes` nodes, asked of GraphQL and of REST in one run. */
export async function graph(nodes: number, daemonSets: number, port: number): Promise<GraphTimes> {
  const server = await start(
    ['dist/cli/main.js', '--in-memory', '--port', String(port), '--nodes', String(nodes)],
    port,
    '/readyz',
  );
  try {
    const sets = `${server.url}/apis/apps/v1/namespaces/default/daemonsets`;
    for (let i = 0; i < daemonSets; i++) await send(sets, 'POST', daemonSet(`agent-${i}`));
    for (let available = 0; available < daemonSets; await new Promise(resolve => setTimeout(resolve, 500))) {
      const { items } = JSON.parse(await send(sets)) as { items: { status: { numberAvailable?: number } }[] };
      available = items.filter(({ status }) => status.numberAvailable === nodes).length;
    }
    const ask = (query: string, variables = {}) => send(`${server.url}/graphql`, 'POST', { query, variables });
    const map = () => ask(MAP);
    const firstMap = await timed(map);
    const list = async () => {
      let bytes = 0;
      for (let next: string | undefined = ''; next !== undefined; ) {
        const text: string = await send(`${server.url}/api/v1/pods?limit=500&continue=${next}`);
        bytes += text.length;
        next = JSON.parse(text).metadata.continue;
      }
      return bytes;
    };
    // Twice each: what is loaded and compiled at first is not meant.
    await ask(PLACEMENTS);
    await list();
    const listed = await timed(list);
    const all = await timed(async () => {
      let bytes = 0;
      for (let after: string | null = null, more = true; more; ) {
        const text: string = await ask(PLACEMENTS, { after });
        bytes += text.length;
        const { pageInfo } = JSON.parse(text).data.placements;
        [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
      }
      return bytes;
    });
    const first = await timed(() => ask(PLACEMENTS));
    const counts = await timed(() => ask('{ placementCounts(by: NODE) { nodes { key counts { wanted missing } } } }'));
    const edges = await timed(() =>
      ask('{ pods(first: 500) { nodes { name node { name } placement { actual reason } } } }'),
    );
    const mapAgain = await timed(map);
    return {
      nodes,
      daemonSets,
      listMs: listed.ms,
      listBytes: listed.result,
      allMs: all.ms,
      allBytes: all.result,
      firstMs: first.ms,
      countsMs: counts.ms,
      edgesMs: edges.ms,
      firstMapMs: firstMap.ms,
      mapMs: mapAgain.ms,
      mapBytes: mapAgain.result.length,
    };
  } finally {
    await server.stop();
  }
}
