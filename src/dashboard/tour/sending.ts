import type { RequestInput, RequestTarget } from '../graph/network.js';

/** A request that a step sends. Whose name is not known beforehand is told by the node that its pod is on. */
export interface TourRequest {
  /** The node whose agent sends it; absent: somebody outside. */
  readonly fromAgentOn?: string;
  readonly to: RequestTarget | { readonly pushOfAgentOn: string };
  readonly times?: number;
}

interface Pod {
  readonly namespace: string;
  readonly name: string;
}

/** The request as the server is told of it. @param agents the pods of the tour's DaemonSet on a node */
export async function inputFor(
  { fromAgentOn, to, times = 1 }: TourRequest,
  agents: (node: string) => Promise<readonly Pod[]>,
): Promise<RequestInput> {
  const podOn = async (node: string) => {
    const [pod] = await agents(node);
    return { namespace: pod?.namespace ?? 'tour', name: pod?.name ?? 'agent' };
  };
  return {
    to: 'pushOfAgentOn' in to ? { push: await podOn(to.pushOfAgentOn) } : to,
    ...(fromAgentOn ? { from: { pod: await podOn(fromAgentOn) } } : {}),
    times,
  };
}

/** A request as one would type it, or for a push what the pod does. */
export function requestText({ fromAgentOn, to, times = 1 }: TourRequest): string {
  if ('pushOfAgentOn' in to) return `# agent@${to.pushOfAgentOn}: POST http://sink:8080/in`;
  const curl = `curl http://${hostOf(to)}/`;
  const many = times > 1 ? `for i in $(seq ${times}); do ${curl}; done` : curl;
  return fromAgentOn ? `# agent@${fromAgentOn}:\n${many}` : many;
}

function hostOf(to: RequestTarget): string {
  if ('node' in to) return `${to.node.name}:${to.node.port}`;
  if ('dns' in to) return `${to.dns.name}:${to.dns.port}`;
  if ('service' in to) return `${to.service.name}.${to.service.namespace}:${to.service.port}`;
  return 'address' in to ? `${to.address.address}:${to.address.port}` : '';
}
