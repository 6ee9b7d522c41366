import { conditionOf } from '../state.js';
import type { Node } from '../types.js';
import { AGE, column, NAME, NONE, orNone, printer, wide } from './printer.js';

const UNKNOWN = '<unknown>';
const ROLE_PREFIX = 'node-role.kubernetes.io/';
/** The older way to say a role, with the role as the value. */
const ROLE_LABEL = 'kubernetes.io/role';

/** `kubectl get nodes` */
export const printNode = printer<Node>(
  NAME,
  column('Status', 'Whether the node is ready, and whether it takes new pods.', status),
  column('Roles', 'What the node is for, by its labels.', o => orNone(rolesOf(o).join(','))),
  AGE,
  column('Version', 'Version of its kubelet.', o => o.status.nodeInfo?.kubeletVersion ?? ''),
  wide('Internal-IP', 'First address inside the cluster.', o => address(o, 'InternalIP')),
  wide('External-IP', 'First address from outside.', o => address(o, 'ExternalIP')),
  wide('OS-Image', 'Operating system, as the node reports it.', o => o.status.nodeInfo?.osImage || UNKNOWN),
  wide(
    'Kernel-Version',
    'Version of the kernel, as the node reports it.',
    o => o.status.nodeInfo?.kernelVersion || UNKNOWN,
  ),
  wide('Container-Runtime', 'Runtime and its version.', o => o.status.nodeInfo?.containerRuntimeVersion || UNKNOWN),
);

function status(node: Node): string {
  const ready = conditionOf(node, 'Ready');
  const shown = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown';
  return node.spec.unschedulable ? `${shown},SchedulingDisabled` : shown;
}

/** What the node is for, in order. */
export function rolesOf({ metadata: { labels = {} } }: Node): string[] {
  const found = new Set<string>();
  for (const [key, value] of Object.entries(labels)) {
    if (key.startsWith(ROLE_PREFIX) && key.length > ROLE_PREFIX.length) found.add(key.slice(ROLE_PREFIX.length));
    else if (key === ROLE_LABEL && value) found.add(value);
  }
  return [...found].sort();
}

function address(node: Node, type: string): string {
  return node.status.addresses?.find(a => a.type === type)?.address ?? NONE;
}
