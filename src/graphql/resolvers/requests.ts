import { REQUESTS_PATH } from '../../admin/control.js';
import type { Network } from '../../network/network.js';
import type { Party } from '../../network/policies.js';
import type { Delivery, SendOrder, Target } from '../../network/send/sender.js';
import { authorizePath } from '../../registry/authorize.js';
import { StatusError } from '../../registry/status.js';
import { nodes, pods, services } from '../../resources/index.js';
import { networkPolicies } from '../../resources/plain/networking.js';
import { hasNodePorts, isHeadless } from '../../resources/service.js';
import { internalIP } from '../../resources/state.js';
import type { Pod } from '../../resources/types.js';
import { tell } from '../../words/sentence.js';
import type { GraphContext } from '../context.js';
import { badInput } from '../errors.js';
import type {
  RequestServiceInput,
  SendRequestInput,
  SendRequestPayloadResolvers,
  SentRequestResolvers,
} from '../generated.js';
import type { View } from '../view.js';
import { partyOf, podNamed } from './traffic.js';

const MOST_TIMES = 100;
const MOST_SENT = 16 * 1024;
/** How many are under way at once. */
const AT_ONCE = 10;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const PATH = /^\/[\x21-\x7e]{0,2047}$/;
const NAME = /^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?\.?$/i;

/** As the SDL fills it in. */
type Given = SendRequestInput & Required<Omit<SendRequestInput, 'from'>>;

/** What became of all that one mutation sent. */
export interface SentRequests {
  readonly sent: readonly Delivery[];
}

/** The fields of type SendRequestPayload. */
export const SendRequestPayload: SendRequestPayloadResolvers = {
  requests: ({ sent }, { first }) => sent.slice(0, Math.max(0, first)),
  tally: ({ sent }) => tallied(sent),
};

/** The fields of type SentRequest. */
export const SentRequest: SentRequestResolvers = {
  outcome: ({ outcome }) => outcome,
  message: ({ why }) => tell([why]),
  why: ({ why }) => [why],
  from: ({ from }) => from,
  lookups: ({ lookups }) => [...lookups],
  address: ({ place }) => place?.address ?? null,
  port: ({ place }) => place?.port ?? null,
  at: ({ spot }) => (spot ? `${spot.address}:${spot.port}` : null),
  status: ({ answer }) => answer?.status ?? null,
  headers: ({ answer }) => [...(answer?.headers ?? [])],
  body: ({ answer }) => answer?.body ?? null,
  cut: ({ answer }) => answer?.isCut ?? false,
  by: ({ by }) => responder(by),
};

const responder = (pod: Pod | undefined) =>
  pod ? { namespace: pod.metadata.namespace ?? '', pod: pod.metadata.name, node: pod.spec.nodeName ?? '' } : null;

function tallied(sent: readonly Delivery[]) {
  const counts = new Map<string, { first: Delivery; count: number }>();
  for (const one of sent) {
    const key = JSON.stringify([one.outcome, one.answer?.status, one.by?.metadata.uid]);
    const known = counts.get(key);
    if (known) known.count++;
    else counts.set(key, { first: one, count: 1 });
  }
  return [...counts.values()]
    .map(({ first: { outcome, answer, by }, count }) => ({
      outcome,
      status: answer?.status ?? null,
      by: responder(by),
      count,
    }))
    .sort((a, b) => b.count - a.count || (a.by?.pod ?? '').localeCompare(b.by?.pod ?? ''));
}

/**
 * Sends what a mutation asks for.
 * @throws StatusError 403, 404; GraphQLError for what cannot be sent, and where there is no network
 */
export async function sendRequests(input: SendRequestInput, context: GraphContext): Promise<SentRequests> {
  const view = context.views.fresh();
  const { registry, user } = view;
  if (user) authorizePath(registry.authorizer, user, 'post', REQUESTS_PATH);
  const network = context.network?.present();
  if (!network)
    throw badInput(
      'The cluster has no network: start it with --network loopback or ports; a fork opens one by openNetwork.',
    );
  const given = input as Given;
  check(given);
  const order = orderOf(view, given, context);
  const sent = await inParts(network, order, given.times, () => context.deadline?.passed ?? false);
  return { sent };
}

/** So many at once; none any more once it is too late. */
async function inParts(network: Network, order: SendOrder, times: number, isLate: () => boolean): Promise<Delivery[]> {
  const sent: Delivery[] = [];
  while (sent.length < times && !isLate()) {
    const part = Math.min(AT_ONCE, times - sent.length);
    sent.push(...(await Promise.all(Array.from({ length: part }, () => network.send(order)))));
  }
  return sent;
}

function check({ times, body, method, path, to }: Given): void {
  if (times < 1 || times > MOST_TIMES) throw badInput(`times: from 1 to ${MOST_TIMES} can be sent at once`);
  if (Buffer.byteLength(body) > MOST_SENT) throw badInput('body: 16 KiB at most');
  if (!METHODS.has(method)) throw badInput(`method: one of ${[...METHODS].join(', ')}`);
  if (!PATH.test(path)) throw badInput('path: begins with "/", and has no blanks and nothing but ASCII');
  const port = (to.address ?? to.node ?? to.dns ?? to.service)?.port ?? 1;
  if (port < 1 || port > 65_535) throw badInput('port: from 1 to 65535');
}

function orderOf(view: View, input: Given, { deadline }: GraphContext): SendOrder {
  const { from, protocol, method, path, body } = input;
  const party: Party | undefined = from ? partyOf(view, from) : undefined;
  return {
    from: party,
    to: targetOf(view, input),
    message: { protocol, method, path, body, headers: {} },
    // As `explainTraffic` has it.
    mayExplain: view.mayList(networkPolicies, '') && view.mayList(pods, ''),
    signal: deadline?.signal,
  };
}

function targetOf(view: View, { to: { address, node, dns, service, push } }: SendRequestInput): Target {
  if (push) return { push: podNamed(view, push).entry.object };
  if (address) return { address: address.address, port: address.port };
  if (node) return { address: addressOf(view, node.name), port: node.port };
  if (service) return serviceAt(view, service);
  const { name, port } = dns!;
  if (!NAME.test(name)) throw badInput(`"${name}" is not a name that DNS could know`);
  return { name, port };
}

function addressOf(view: View, name: string): string {
  const node = view.get(nodes, '', name);
  if (!node) throw StatusError.notFound(nodes, name);
  const address = internalIP(node.entry.object);
  if (!address) throw badInput(`node ${name} has no address`);
  return address;
}

function serviceAt(view: View, { namespace = 'default', name, port, node }: RequestServiceInput): Target {
  const found = view.get(services, namespace, name);
  if (!found) throw StatusError.notFound(services, name);
  const { spec } = found.entry.object;
  if (isHeadless(spec) || !spec.clusterIP)
    throw badInput(`Service ${name} has no address of its own: ask for its name (dns)`);
  if (node == null) return { address: spec.clusterIP, port };
  const { nodePort } = (hasNodePorts(spec) ? spec.ports?.find(one => one.port === port) : undefined) ?? {};
  if (!nodePort) throw badInput(`Service ${name} has no node port for port ${port}`);
  return { address: addressOf(view, node), port: nodePort };
}
