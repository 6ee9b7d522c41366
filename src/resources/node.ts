import { define, proxyOf, statusOf } from './define.js';
import { printNode } from './printing/node.js';
import type { Node } from './types.js';
import { validateNode, validateNodeUpdate } from './validation/node.js';
import { cidrWarnings } from './warnings/addresses.js';

/** What a node tells of its machine, before its kubelet has. */
const NOTHING_KNOWN = {
  machineID: '',
  systemUUID: '',
  bootID: '',
  kernelVersion: '',
  osImage: '',
  containerRuntimeVersion: '',
  kubeletVersion: '',
  kubeProxyVersion: '',
  operatingSystem: '',
  architecture: '',
};

export const nodes = define<Node>({
  kind: 'Node',
  plural: 'nodes',
  shortNames: ['no'],
  namespaced: false,
  subresources: [statusOf('Node'), proxyOf('Node')],
  selectableFields: { 'spec.unschedulable': o => String(o.spec.unschedulable ?? false) },
  strategy: {
    setDefaults(object) {
      object.spec ??= {};
      const status = (object.status ??= {});
      // Both are there even where nothing is in them yet.
      status.daemonEndpoints ??= { kubeletEndpoint: { Port: 0 } };
      status.nodeInfo ??= { ...NOTHING_KNOWN };
      // What a node has is what it offers, unless it says otherwise.
      if (status.capacity && !status.allocatable) status.allocatable = { ...status.capacity };
      // One address range for pods is written twice for the sake of old clients, who know of one and are believed.
      const { spec } = object;
      if (spec.podCIDR && spec.podCIDR !== spec.podCIDRs?.[0]) spec.podCIDRs = [spec.podCIDR];
      else if (spec.podCIDRs?.length) spec.podCIDR = spec.podCIDRs[0]!;
    },
    prepareForUpdate(object, old) {
      object.status = old.status;
    },
    prepareForStatusUpdate(object, old) {
      object.spec = old.spec;
    },
    validate: validateNode,
    validateUpdate: validateNodeUpdate,
    validateStatusUpdate: validateNodeUpdate,
    warnings: ({ spec: { externalID, podCIDRs = [] } }) => [
      ...(externalID ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : []),
      ...podCIDRs.flatMap((range, i) => cidrWarnings(`spec.podCIDRs[${i}]`, range)),
    ],
  },
  printer: printNode,
});
