import { endpointsFor, slicesOf } from '../../network/endpoints.js';
import { API_SERVICE, DNS_SERVICE } from '../../network/house.js';
import { judge, type Party, partyAt, type Side, type TrafficVerdict } from '../../network/policies.js';
import { verdictOn } from '../../network/verdict.js';
import { StatusError } from '../../registry/status.js';
import { nodes, pods, services } from '../../resources/index.js';
import { canonicalIp } from '../../resources/ip.js';
import { networkPolicies } from '../../resources/plain/networking.js';
import { internalIP } from '../../resources/state.js';
import { type Sentence, sentence, tell } from '../../words/sentence.js';
import type { GraphContext } from '../context.js';
import { badInput } from '../errors.js';
import type {
  QueryExplainTrafficArgs,
  TrafficExplanationResolvers,
  TrafficNameInput,
  TrafficToPodResolvers,
} from '../generated.js';
import type { SeenPod, View } from '../view.js';
import { addressesOf } from './addresses.js';

/** The most pods behind a Service that are told of. */
const MOST = 500;

/** What the policies say of a connection to a pod. */
export interface SeenTrafficToPod {
  readonly pod: SeenPod;
  readonly port: number;
  readonly verdict: TrafficVerdict;
}

/** What they say of all who may get it. */
export interface SeenTraffic {
  readonly pods: readonly SeenTrafficToPod[];
  readonly allowed: boolean;
  readonly why: Sentence;
}

/** The fields of type TrafficExplanation. */
export const TrafficExplanation: TrafficExplanationResolvers = {
  allowed: ({ allowed }) => allowed,
  reason: ({ why }) => tell([why]),
  why: ({ why }) => [why],
  pods: seen => seen.pods,
};

const sideShown = ({ allowed, policies, by, why }: Side) => ({
  allowed,
  policies,
  policy: by?.policy,
  rule: by?.rule,
  reason: tell([why]),
  why: [why],
});

/** The fields of type TrafficToPod. */
export const TrafficToPod: TrafficToPodResolvers = {
  pod: ({ pod }) => pod,
  port: ({ port }) => port,
  allowed: ({ verdict }) => verdict.allowed,
  egress: ({ verdict }) => sideShown(verdict.egress),
  ingress: ({ verdict }) => sideShown(verdict.ingress),
};

/**
 * Whether somebody can talk to a pod or a Service.
 * @throws StatusError 403, 404; GraphQLError for what is no address, and for a port that the Service does not have
 */
export function explainTraffic(view: View, args: QueryExplainTrafficArgs, context: GraphContext): SeenTraffic {
  const { from, to, port, protocol = 'TCP' } = args;
  view.checkList(networkPolicies);
  view.checkList(pods);
  const party = partyOf(view, from);
  const reached = to.pod ? [{ pod: podNamed(view, to.pod), port }] : behind(view, to.service!, port, protocol);
  if (to.service && reached.length === 0 && isOfTheHouse(view, to.service, port, protocol, context))
    return { pods: [], allowed: true, why: sentence('traffic.house') };
  const told = reached.map(one => ({
    ...one,
    verdict: judge(view.registry, party, one.pod.entry.object, one.port, protocol),
  }));
  const judged = told.map(({ pod, verdict }) => ({ pod: pod.entry.object, verdict }));
  return { pods: told, ...verdictOn(party, judged) };
}

/** @throws StatusError 403, 404 */
export function podNamed(view: View, { namespace = 'default', name }: TrafficNameInput): SeenPod {
  const pod = view.get(pods, namespace, name);
  if (!pod) throw StatusError.notFound(pods, name);
  return pod;
}

/** Who an end of a connection is. @throws StatusError 403, 404; GraphQLError for what is no address */
export function partyOf(view: View, { pod, node, address }: QueryExplainTrafficArgs['from']): Party {
  if (pod) {
    const { object } = podNamed(view, pod).entry;
    return { address: object.status.podIP ?? '', pod: object };
  }
  if (node != null) {
    const found = view.get(nodes, '', node);
    if (!found) throw StatusError.notFound(nodes, node);
    return { address: internalIP(found.entry.object) ?? '', node };
  }
  const known = canonicalIp(address!);
  if (known === undefined) throw badInput(`"${address}" is not an address`);
  return partyAt(view.registry, known);
}

/** The pods behind a port of a Service. */
function behind(view: View, { namespace = 'default', name }: TrafficNameInput, port: number, protocol: string) {
  const service = view.get(services, namespace, name);
  if (!service) throw StatusError.notFound(services, name);
  const { object } = service.entry;
  const found = object.spec.ports?.find(p => p.port === port && (p.protocol ?? 'TCP') === protocol);
  if (!found) throw badInput(`Service ${name} has no port ${port} (${protocol})`);
  return endpointsFor(slicesOf(view.registry, object), found)
    .slice(0, MOST)
    .flatMap(endpoint => {
      const { target } = endpoint;
      const pod = target?.kind === 'Pod' ? view.get(pods, target.namespace ?? namespace, target.name ?? '') : undefined;
      return pod ? [{ pod, port: endpoint.port }] : [];
    });
}

/** Whether what answers there is no pod, but the cluster's own API server or DNS. */
function isOfTheHouse(
  view: View,
  { namespace = 'default', name }: TrafficNameInput,
  port: number,
  protocol: string,
  context: GraphContext,
): boolean {
  if (![API_SERVICE, DNS_SERVICE].includes(`${namespace}/${name}`)) return false;
  const clusterIP = view.get(services, namespace, name)?.entry.object.spec.clusterIP;
  return addressesOf(view, context, 'Service', namespace, name).some(
    place => place.address === clusterIP && place.port === port && place.protocol === protocol,
  );
}
