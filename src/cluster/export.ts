import type { Registry } from '../registry/registry.js';
import { qualifiedName } from '../resources/definition.js';
import { without } from '../resources/json.js';
import type { KubeObject } from '../resources/types.js';

/** What every cluster makes for itself, and soon has again. */
const OWN = new Set([
  'events',
  'events.events.k8s.io',
  'leases.coordination.k8s.io',
  'endpoints',
  'endpointslices.discovery.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'apiservices.apiregistration.k8s.io',
]);

/**
 * All that is committed, with uids, owners and status: what another cluster can begin with (`import`). Definitions of kinds come first. Left
 * out are Events, Leases and what else every cluster makes for itself, and who owns which field.
 */
export function* exportedObjects(registry: Registry): Iterable<KubeObject> {
  const kinds = [...registry.kinds.stored()].filter(kind => !OWN.has(qualifiedName(kind)));
  const isFirst = (name: string) => name === 'customresourcedefinitions.apiextensions.k8s.io' || name === 'namespaces';
  kinds.sort((a, b) => Number(isFirst(qualifiedName(b))) - Number(isFirst(qualifiedName(a))));
  for (const kind of kinds)
    for (const { object } of registry.log.committedList(qualifiedName(kind)))
      yield { ...object, metadata: without(object.metadata, 'managedFields') };
}
