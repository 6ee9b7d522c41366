import { request as requestInTheClear } from 'node:http';
import { request as requestByTls } from 'node:https';
import { type Access, accessTo } from './kubeconfig.js';

interface Check {
  stage: 'CONTROLLER' | 'SCHEDULER';
  name: string;
  verdict: 'PASS' | 'KEEP_ONLY' | 'FAIL';
  message: string;
}

interface Placement {
  daemonSet: { metadata: { namespace: string; name: string } };
  node: { metadata: { name: string } };
  wanted: boolean;
  actual: string;
  reason: string;
  pod: { metadata: { name: string } } | null;
  checks?: Check[];
}

const PAGE = 500;

const QUERY = `query Explain($namespace: String, $daemonSet: String!, $node: String, $first: Int!, $after: String, $checks: Boolean!) {
  placements(namespace: $namespace, daemonSet: $daemonSet, node: $node, orderBy: NAME, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes {
      daemonSet { metadata { namespace name } }
      node { metadata { name } }
      wanted actual reason
      pod { metadata { name } }
      checks @include(if: $checks) { stage name verdict message }
    }
  }
}`;

export interface ExplainOptions {
  namespace?: string;
  node?: string;
  /** Address of the server; the one on `port` if absent. */
  server?: string;
  port: number;
  token?: string;
}

/**
 * Prints why a DaemonSet has, or has not, a pod on a node; for all nodes a table.
 * @throws Error if the server cannot be asked, or knows no such DaemonSet or node
 */
export async function explain(target: string, options: ExplainOptions): Promise<void> {
  const daemonSet = nameOf(target);
  const placements = await ask(daemonSet, options);
  const namespaces = [...new Set(placements.map(p => p.daemonSet.metadata.namespace))];
  if (namespaces.length > 1) {
    throw new Error(
      `there are DaemonSets ${daemonSet} in the namespaces ${namespaces.join(', ')}: choose one with --namespace`,
    );
  }
  if (placements.length === 0) {
    throw new Error(
      `there is no DaemonSet ${daemonSet}${options.namespace ? ` in namespace ${options.namespace}` : ''}${options.node ? `, or no node ${options.node}` : ', or the cluster has no nodes'}`,
    );
  }
  process.stdout.write(options.node ? story(placements[0]!) : table(placements));
}

/** `ds/x`, `daemonset/x`, `daemonsets.apps/x` or just `x`. */
function nameOf(target: string): string {
  const [kind, name, ...more] = target.split('/');
  if (name === undefined && kind) return kind;
  if (
    more.length > 0 ||
    !name ||
    !['ds', 'daemonset', 'daemonsets', 'daemonset.apps', 'daemonsets.apps'].includes(kind!.toLowerCase())
  ) {
    throw new Error(`${target} is no DaemonSet: kubette explain ds/NAME`);
  }
  return name;
}

interface Answer {
  message?: string;
  errors?: { message: string }[];
  data?: { placements: { nodes: Placement[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } };
}

async function ask(daemonSet: string, { namespace, node, ...options }: ExplainOptions): Promise<Placement[]> {
  const access = accessTo(options);
  const found: Placement[] = [];
  for (let after: string | null = null; ; ) {
    const variables = {
      namespace: namespace ?? null,
      daemonSet,
      node: node ?? null,
      first: PAGE,
      after,
      checks: node !== undefined,
    };
    const answer = await post(access, { query: QUERY, variables });
    if (!answer.data) {
      throw new Error(
        answer.errors?.map(e => e.message).join('; ') ?? answer.message ?? `${access.server} is no Kubette`,
      );
    }
    found.push(...answer.data.placements.nodes);
    const { hasNextPage, endCursor } = answer.data.placements.pageInfo;
    if (!hasNextPage) return found;
    after = endCursor;
  }
}

/** Asks over HTTP or HTTPS; `fetch` would trust no certificate but those of the system's authorities. */
function post({ server, token, ca }: Access, body: object): Promise<Answer> {
  const url = new URL('/graphql', server);
  const send = url.protocol === 'https:' ? requestByTls : requestInTheClear;
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  return new Promise((resolve, reject) => {
    const request = send(url, { method: 'POST', headers, ...(ca ? { ca } : {}) }, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        try {
          resolve(JSON.parse(Buffer.concat(chunks).toString()) as Answer);
        } catch {
          reject(new Error(`${server} answered ${response.statusCode}, and not as Kubette does`));
        }
      });
    });
    request.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Error(
          error.code === 'ECONNREFUSED'
            ? `no server answers at ${server}: start one with kubette, or name it with --server`
            : `${server} cannot be asked: ${error.message}`,
        ),
      ),
    );
    request.end(JSON.stringify(body));
  });
}

const MARKS: Record<Check['verdict'], string> = { PASS: 'yes', KEEP_ONLY: 'stay', FAIL: 'no' };

function story({ daemonSet, node, wanted, actual, reason, pod, checks = [] }: Placement): string {
  const { namespace, name } = daemonSet.metadata;
  return [
    `${namespace}/${name} on ${node.metadata.name}: ${wanted ? 'wanted' : 'not wanted'}, ${actual}${pod ? ` (pod ${pod.metadata.name})` : ''}`,
    `  ${reason}`,
    ...checks.map(
      c => `  ${MARKS[c.verdict].padEnd(5)}${c.stage.toLowerCase().padEnd(11)}${c.name.padEnd(18)}${c.message}`,
    ),
    '',
  ].join('\n');
}

function table(placements: readonly Placement[]): string {
  const rows = [
    ['NODE', 'WANTED', 'ACTUAL', 'POD', 'REASON'],
    ...placements.map(p => [
      p.node.metadata.name,
      p.wanted ? 'yes' : 'no',
      p.actual,
      p.pod?.metadata.name ?? '<none>',
      p.reason,
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
  return rows
    .map(
      row =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]! + 3))
          .join('')
          .trimEnd()}\n`,
    )
    .join('');
}
