import type { Pod } from '../resources/types.js';
import { type Check, fail, pass } from './check.js';
import { formatHostPort, hostPorts, portsConflict } from './host-ports.js';
import { checkNodeAffinity } from './node-affinity.js';
import type { NodeInfo } from './node-info.js';
import { podRequests } from './pod-resources.js';
import { checkTaints, isTolerated } from './taints.js';

const UNSCHEDULABLE = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;

type Filter = (pod: Pod, info: NodeInfo) => Check;

/** The filters of the default scheduler profile that look at one node alone, in its order (SCH-03). */
const FILTERS: readonly Filter[] = [
  checkUnschedulable,
  checkNodeName,
  (pod, { node }) => checkTaints(node.spec?.taints, pod.spec.tolerations),
  (pod, { node }) => checkNodeAffinity(pod.spec, node),
  checkPorts,
  checkResources,
];

/** The first check that fails, or `undefined` if the pod fits: what the scheduler does. */
export function firstObstacle(pod: Pod, info: NodeInfo): Check | undefined {
  for (const filter of FILTERS) {
    const check = filter(pod, info);
    if (check.verdict !== 'pass') return check;
  }
  return undefined;
}

/** Every check of a pod on a node, also those behind the first that fails: what an explanation shows. */
export const explainFit = (pod: Pod, info: NodeInfo): Check[] => FILTERS.map(filter => filter(pod, info));

/** A cordoned node takes only pods that tolerate the taint it stands for (SCH-14). */
function checkUnschedulable(pod: Pod, { node }: NodeInfo): Check {
  if (!node.spec?.unschedulable) return pass('NodeUnschedulable', 'the node is not cordoned');
  if (isTolerated(UNSCHEDULABLE, pod.spec.tolerations))
    return pass('NodeUnschedulable', 'the node is cordoned, which the pod tolerates');
  return fail('NodeUnschedulable', ['node(s) were unschedulable'], 'the node is cordoned');
}

function checkNodeName(pod: Pod, { node }: NodeInfo): Check {
  const { nodeName } = pod.spec;
  if (!nodeName || nodeName === node.metadata.name) return pass('NodeName', 'no other node is asked for by name');
  return fail('NodeName', ["node(s) didn't match the requested node name"], `the pod names another node, ${nodeName}`);
}

/** Whether the pod's host ports are free (SCH-13). */
export function checkPorts(pod: Pod, info: NodeInfo): Check {
  const wanted = hostPorts(pod);
  if (wanted.length === 0) return pass('NodePorts', 'no host ports are asked for');
  for (const [uid, taken] of info.ports) {
    if (uid === pod.metadata.uid) continue;
    const port = wanted.find(w => taken.some(t => portsConflict(w, t)));
    if (!port) continue;
    const holder = info.pods.get(uid)!.metadata;
    return fail(
      'NodePorts',
      ["node(s) didn't have free ports for the requested pod ports"],
      `host port ${formatHostPort(port)} is taken by pod ${holder.namespace}/${holder.name}`,
      true,
    );
  }
  return pass('NodePorts', `host port${wanted.length > 1 ? 's' : ''} ${wanted.map(formatHostPort).join(', ')} free`);
}

/** Whether the node has room for the pod's requests, and for one more pod at all (SCH-12). */
export function checkResources(pod: Pod, info: NodeInfo): Check {
  const { allocatable, requested } = info;
  const own = info.pods.has(pod.metadata.uid) ? 1 : 0;
  const requests = podRequests(pod);
  const reasons: string[] = [];
  const messages: string[] = [];
  let preemptable = false;
  const limit = allocatable.pods ?? 0;
  if (info.pods.size - own + 1 > limit) {
    reasons.push('Too many pods');
    messages.push(`the node takes ${limit} pods and has ${info.pods.size - own}`);
    preemptable = limit > 0;
  }
  for (const resource in requests) {
    const wanted = requests[resource]!;
    if (wanted === 0) continue;
    const total = allocatable[resource] ?? 0;
    const left = total - (requested[resource] ?? 0) + (own ? wanted : 0);
    if (wanted <= left) continue;
    reasons.push(`Insufficient ${resource}`);
    messages.push(
      `needs ${show(resource, wanted)} ${label(resource)}, ${show(resource, Math.max(left, 0))} left of ${show(resource, total)}`,
    );
    preemptable ||= wanted <= total;
  }
  if (reasons.length > 0) return fail('NodeResourcesFit', reasons, messages.join('; '), preemptable);
  const asked = Object.entries(requests).filter(([, amount]) => amount > 0);
  return pass(
    'NodeResourcesFit',
    asked.length === 0
      ? 'nothing is requested'
      : `${asked.map(([r, amount]) => `${show(r, amount)} ${label(r)}`).join(' and ')} fit`,
  );
}

const label = (resource: string) => (resource === 'cpu' ? 'CPU' : resource);

/** An amount for people: `500m`, `4`, `200Mi`. */
function show(resource: string, amount: number): string {
  if (resource === 'cpu') return amount % 1000 === 0 ? String(amount / 1000) : `${amount}m`;
  if (resource !== 'memory' && resource !== 'ephemeral-storage') return String(amount);
  for (const [suffix, power] of [
    ['Gi', 30],
    ['Mi', 20],
    ['Ki', 10],
  ] as const) {
    if (amount >= 2 ** power) return `${Math.round((amount / 2 ** power) * 100) / 100}${suffix}`;
  }
  return String(amount);
}
