import type {
  DaemonSet,
  Node,
  NodeSelectorRequirement,
  PodSpec,
  Taint,
  Toleration,
} from '../../src/resources/types.js';
import { controllerOf, hasEnded, type State } from './state.js';

/**
 * `run`: a pod belongs there; `stay`: one that is there may stay; `go`: none may be there. Only before 1.12 `wait`: a pod belongs
 * there, and finds no room.
 */
export type Wish = 'run' | 'stay' | 'go' | 'wait';

/** What every daemon pod tolerates: key and effect (POD-06). */
export const AUTOMATIC = [
  ['node.kubernetes.io/not-ready', 'NoExecute'],
  ['node.kubernetes.io/unreachable', 'NoExecute'],
  ['node.kubernetes.io/disk-pressure', 'NoSchedule'],
  ['node.kubernetes.io/memory-pressure', 'NoSchedule'],
  ['node.kubernetes.io/pid-pressure', 'NoSchedule'],
  ['node.kubernetes.io/unschedulable', 'NoSchedule'],
];

function tolerates(t: Toleration, taint: Taint): boolean {
  const key = !t.key || t.key === taint.key;
  const effect = !t.effect || t.effect === taint.effect;
  const value = t.operator === 'Exists' || (t.value ?? '') === (taint.value ?? '');
  return key && effect && value;
}

function isTolerated(spec: PodSpec, taint: Taint): boolean {
  if (AUTOMATIC.some(([key, effect]) => taint.key === key && taint.effect === effect)) return true;
  if (spec.hostNetwork && taint.key === 'node.kubernetes.io/network-unavailable' && taint.effect === 'NoSchedule')
    return true;
  return (spec.tolerations ?? []).some(t => tolerates(t, taint));
}

/** Whether a requirement is met by the value of a label, or of a field. */
export function matches({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  if (operator === 'In') return value !== undefined && values.includes(value);
  if (operator === 'NotIn') return value === undefined || !values.includes(value);
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  const isNumber = value !== undefined && /^-?\d+$/.test(value);
  if (operator === 'Gt') return isNumber && Number(value) > Number(values[0]);
  if (operator === 'Lt') return isNumber && Number(value) < Number(values[0]);
  throw new Error(`the model knows no operator ${operator}`);
}

function isChosen(spec: PodSpec, { metadata: { name, labels = {} } }: Node): boolean {
  if (spec.nodeName && spec.nodeName !== name) return false;
  if (Object.entries(spec.nodeSelector ?? {}).some(([key, value]) => labels[key] !== value)) return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (!required) return true;
  return required.nodeSelectorTerms.some(({ matchExpressions = [], matchFields = [] }) => {
    if (matchExpressions.length === 0 && matchFields.length === 0) return false;
    return matchExpressions.every(e => matches(e, labels[e.key])) && matchFields.every(f => matches(f, name));
  });
}

/** What a set wants of a node. */
export function wish(state: State, set: DaemonSet, node: Node | undefined): Wish {
  if (!node) return 'go';
  const { spec } = set.spec.template;
  if (!isChosen(spec, node)) return 'go';
  // Before nodes were tainted by their conditions, conditions did not count.
  const taints = (node.spec.taints ?? []).filter(t => !(state.old && isOfCondition(t)));
  const repelled = (effect: string) => taints.some(taint => taint.effect === effect && !isTolerated(spec, taint));
  if (repelled('NoExecute')) return 'go';
  if (state.old && portTaken(state, set, node)) return 'go';
  if (repelled('NoSchedule')) return 'stay';
  return state.old && !hasRoom(state, set, node) ? 'wait' : 'run';
}

const isOfCondition = ({ key, effect }: Taint) => key.startsWith('node.kubernetes.io/') && effect === 'NoSchedule';

// ---- before 1.12 the controller looked at what stands on the node as well ----

/** Pods of others that take something of the node. */
const neighbours = ({ pods }: State, set: DaemonSet, node: Node) =>
  pods.filter(
    pod => pod.spec.nodeName === node.metadata.name && !hasEnded(pod) && controllerOf(pod)?.uid !== set.metadata.uid,
  );

const hostPorts = (spec: PodSpec) => spec.containers.flatMap(c => c.ports ?? []).map(p => p.hostPort ?? 0);

function portTaken(state: State, set: DaemonSet, node: Node): boolean {
  const taken = neighbours(state, set, node).flatMap(pod => hostPorts(pod.spec));
  return hostPorts(set.spec.template.spec).some(port => port !== 0 && taken.includes(port));
}

const cpuOf = (spec: PodSpec) => spec.containers.reduce((sum, c) => sum + Number(c.resources?.requests?.cpu ?? 0), 0);

function hasRoom(state: State, set: DaemonSet, node: Node): boolean {
  const others = neighbours(state, set, node);
  const { cpu, pods } = node.status.allocatable!;
  const used = others.reduce((sum, pod) => sum + cpuOf(pod.spec), 0);
  const mine = cpuOf(set.spec.template.spec);
  return others.length + 1 <= Number(pods) && (mine === 0 || used + mine <= Number(cpu));
}
