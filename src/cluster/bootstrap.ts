import { storageClassesOf } from '../controllers/volume-binder/kinds.js';
import { STANDARD_CLASS } from '../controllers/volume-binder/provisioner.js';
import type { Registry } from '../registry/registry.js';
import { apiAddress } from '../resources/address-ranges.js';
import type { Era, ResourceDefinition } from '../resources/definition.js';
import { endpointSlices, endpoints, namespaces, nodes, priorityClasses, services } from '../resources/index.js';
import { plainNode } from '../resources/plain-node.js';
import { internalIP } from '../resources/state.js';
import type { Draft, KubeObject, Node } from '../resources/types.js';
import { LEASE_NAMESPACE, SYSTEM_PRIORITIES } from '../resources/well-known.js';

const NAMESPACES = ['default', LEASE_NAMESPACE, 'kube-public', 'kube-system'];

/** What the priority classes that every cluster is born with are for. */
const PRIORITY_CLASSES: Readonly<Record<keyof typeof SYSTEM_PRIORITIES, string>> = {
  'system-node-critical': 'Used for system critical pods that must not be moved from their current node.',
  'system-cluster-critical':
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
};

const API_SERVER_PORT = 6443;
const CONTROL_PLANE_LABEL = /^node-role\.kubernetes\.io\/(control-plane|master)$/;

/**
 * Fills a new cluster with what kube-apiserver and kubeadm put there: namespaces, priority classes, the Service `kubernetes`; but
 * for what was brought from another cluster. Then its nodes, and the storage of simulated ones.
 */
export async function bootstrap(
  registry: Registry,
  newNodes: readonly Draft<Node>[],
  { storage }: { readonly storage: boolean },
): Promise<void> {
  const bring = async <T extends KubeObject>(kind: ResourceDefinition<T>, draft: Draft<T>): Promise<void> => {
    const { name = '', namespace = '' } = draft.metadata;
    if (!registry.get(kind, namespace, name)) await registry.create(kind, draft);
  };
  await Promise.all(
    NAMESPACES.map(name =>
      bring(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {}, status: {} }),
    ),
  );
  await Promise.all([
    ...Object.entries(SYSTEM_PRIORITIES).map(([name, value]) =>
      bring(priorityClasses, {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name },
        value,
        description: PRIORITY_CLASSES[name as keyof typeof SYSTEM_PRIORITIES],
      }),
    ),
    bring(services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'kubernetes',
        namespace: 'default',
        labels: { component: 'apiserver', provider: 'kubernetes' },
      },
      spec: {
        type: 'ClusterIP',
        clusterIP: apiAddress(registry.ranges),
        ipFamilyPolicy: 'SingleStack',
        ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: API_SERVER_PORT }],
      },
      status: {},
    }),
    ...newNodes.map(node => bring(nodes, node)),
    ...(storage ? [bring(storageClassesOf(registry), STANDARD_CLASS)] : []),
    ...newNodes
      .map(addressOfApiServer)
      .filter(isText)
      .slice(0, 1)
      .map(ip => announceApiServer(registry, ip)),
  ]);
}

/** The address of a node that is the control plane. */
function addressOfApiServer({ metadata: { labels = {} }, status }: Draft<Node>): string | undefined {
  if (!Object.keys(labels).some(label => CONTROL_PLANE_LABEL.test(label))) return undefined;
  return internalIP({ status });
}

const isText = (value: string | undefined): value is string => value !== undefined;

/** The endpoints of the Service `kubernetes`, which has no selector: an API server looks after them itself. */
async function announceApiServer(registry: Registry, ip: string): Promise<void> {
  const port = { name: 'https', port: API_SERVER_PORT, protocol: 'TCP' } as const;
  await registry.create(endpoints, {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
    },
    subsets: [{ addresses: [{ ip }], ports: [port] }],
  });
  await registry.create(endpointSlices, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [ip], conditions: { ready: true } }],
    ports: [port],
  });
}

/** One control-plane node, tainted as kubeadm taints it in that era, and three workers. */
export function readyMadeNodes(era: Era): Draft<Node>[] {
  const role = era === '1.11' ? 'master' : 'control-plane';
  const key = `node-role.kubernetes.io/${role}`;
  return [
    plainNode(role, { [key]: '' }, [{ key, effect: 'NoSchedule' }]),
    ...[1, 2, 3].map(i => plainNode(`worker-${i}`)),
  ];
}
