import { formatTable } from '../words/table.js';
import { askGraph } from './graph.js';
import { accessTo } from './kubeconfig.js';

const QUERY = `query ExplainTraffic($from: TrafficSourceInput!, $to: TrafficTargetInput!, $port: Int!, $protocol: TrafficProtocol!) {
  explainTraffic(from: $from, to: $to, port: $port, protocol: $protocol) {
    allowed reason
    pods {
      pod { metadata { namespace name } }
      port allowed
      egress { reason }
      ingress { reason }
    }
  }
}`;

interface Explanation {
  readonly allowed: boolean;
  readonly reason: string;
  readonly pods: readonly {
    readonly pod: { readonly metadata: { readonly namespace: string; readonly name: string } };
    readonly port: number;
    readonly allowed: boolean;
    readonly egress: { readonly reason: string };
    readonly ingress: { readonly reason: string };
  }[];
}

export interface ExplainTrafficOptions {
  readonly from: string;
  readonly to: string;
  readonly namespace: string;
  readonly udp?: boolean;
  readonly server?: string;
  readonly port: number;
  readonly token?: string;
}

/**
 * Prints whether somebody can talk to a pod or a Service, and which policy lets them or keeps them.
 * @returns the exit code: 0 if they can, 1 if not
 * @throws Error for ends that make no sense, or if the server cannot be asked, or knows no such pod, node or Service
 */
export async function explainTraffic({ from, to, namespace, udp, ...asked }: ExplainTrafficOptions): Promise<number> {
  const { explainTraffic: told } = await askGraph<{ explainTraffic: Explanation }>(accessTo(asked), QUERY, {
    from: sourceOf(from, namespace),
    ...targetOf(to, namespace),
    protocol: udp ? 'UDP' : 'TCP',
  });
  process.stdout.write(`${told.allowed ? 'yes' : 'no'}: ${told.reason}\n`);
  if (told.pods.length > 0) {
    const rows = told.pods.map(({ pod: { metadata }, port, allowed, egress, ingress }) => [
      `${metadata.namespace}/${metadata.name}:${port}`,
      allowed ? 'yes' : 'no',
      egress.reason,
      ingress.reason,
    ]);
    process.stdout.write(`\n${formatTable([['POD', 'ALLOWED', 'OUT', 'IN'], ...rows])}`);
  }
  return told.allowed ? 0 : 1;
}

const NAMED = /^(?:([a-z0-9.-]+)\/)?(pod|pods|po|svc|service|services)\/([a-z0-9.-]+)$/;

/** `pod/web`, `shop/pod/web`, `node/worker-1`, `10.0.0.1`. */
function sourceOf(text: string, usual: string): object {
  const [, node] = /^(?:node|nodes|no)\/([a-z0-9.-]+)$/.exec(text) ?? [];
  if (node) return { node };
  const [, namespace = usual, kind = '', name] = NAMED.exec(text) ?? [];
  if (kind.startsWith('po')) return { pod: { namespace, name } };
  if (/^[\da-f.:]+$/i.test(text)) return { address: text };
  throw new Error(`--from ${text}: it must be pod/NAME, NAMESPACE/pod/NAME, node/NAME or an address`);
}

/** `svc/db:80`, `shop/pod/db:8080`. */
function targetOf(text: string, usual: string): { to: object; port: number } {
  const [, end = '', port] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  const [, namespace = usual, kind = '', name] = NAMED.exec(end) ?? [];
  if (!kind)
    throw new Error(`--to ${text}: it must be svc/NAME:PORT or pod/NAME:PORT, with NAMESPACE/ before it or not`);
  return { to: { [kind.startsWith('po') ? 'pod' : 'service']: { namespace, name } }, port: Number(port) };
}
