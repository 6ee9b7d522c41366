import { formatTable } from '../words/table.js';
import { askGraph } from './graph.js';
import { accessTo } from './kubeconfig.js';

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

interface Page {
  placements: { nodes: Placement[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
}

async function ask(daemonSet: string, { namespace, node, ...options }: ExplainOptions): Promise<Placement[]> {
  const access = accessTo(options);
  const found: Placement[] = [];
  for (let after: string | null = null; ; ) {
    const variables: object = {
      namespace: namespace ?? null,
      daemonSet,
      node: node ?? null,
      first: PAGE,
      after,
      checks: node !== undefined,
    };
    const { placements }: Page = await askGraph<Page>(access, QUERY, variables);
    found.push(...placements.nodes);
    const { hasNextPage, endCursor } = placements.pageInfo;
    if (!hasNextPage) return found;
    after = endCursor;
  }
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

const table = (placements: readonly Placement[]): string =>
  formatTable([
    ['NODE', 'WANTED', 'ACTUAL', 'POD', 'REASON'],
    ...placements.map(p => [
      p.node.metadata.name,
      p.wanted ? 'yes' : 'no',
      p.actual,
      p.pod?.metadata.name ?? '<none>',
      p.reason,
    ]),
  ]);
