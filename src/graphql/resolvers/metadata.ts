import type { Amounts } from '../../placement/pod-resources.js';
import { clientView } from '../../registry/client-view.js';
import { ownersOf } from '../../registry/indexes.js';
import { toYaml } from '../../registry/yaml.js';
import { without } from '../../resources/json.js';
import { formatQuantity, toNumber } from '../../resources/quantity.js';
import type { KubeObject, ResourceList } from '../../resources/types.js';
import type {
  KubernetesObjectResolvers,
  ObjectMetaResolvers,
  OwnerReferenceResolvers,
  ResourceQuantity,
} from '../generated.js';
import { objectId } from '../global-id.js';
import type { Seen } from '../view.js';
import { eventsAbout } from './events.js';
import { ownerNamed, ownersAbove } from './owners.js';
import { kindOf } from './types.js';
import { historyOf } from './writes.js';

/** The fields of interface KubernetesObject, for any kind; the namespace is not for those of the whole cluster. */
export const clusterObjectFields: Omit<KubernetesObjectResolvers, '__resolveType'> = {
  id: ({ entry }) => objectId(entry),
  apiVersion: ({ entry }) => entry.object.apiVersion,
  kind: ({ entry }) => entry.object.kind,
  name: ({ entry }) => entry.name,
  metadata: seen => seen,
  json: (seen, { managedFields }) => whole(seen, managedFields),
  yaml: (seen, { managedFields }) => toYaml(whole(seen, managedFields)),
  owners: ownersAbove,
  events: (seen, args) => eventsAbout(seen, args),
  history: (seen, args) => historyOf(seen, args),
};

/** {@link clusterObjectFields} for a kind that has a namespace. */
export const objectFields = { ...clusterObjectFields, namespace: ({ entry }: Seen) => entry.namespace };

/** The fields of type ObjectMeta, whose source is the object itself. */
export const ObjectMeta: ObjectMetaResolvers = {
  name: ({ entry }) => entry.name,
  namespace: ({ entry }) => entry.namespace || null,
  uid: ({ entry }) => entry.uid,
  generateName: ({ entry }) => entry.object.metadata.generateName,
  resourceVersion: ({ entry }) => String(entry.revision),
  generation: ({ entry }) => entry.object.metadata.generation,
  creationTimestamp: ({ entry }) => entry.object.metadata.creationTimestamp,
  ageSeconds: ({ view, entry }) => {
    const age = view.registry.clock.now() - Date.parse(entry.object.metadata.creationTimestamp);
    return Math.max(0, Math.floor(age / 1000));
  },
  deletionTimestamp: ({ entry }) => entry.object.metadata.deletionTimestamp,
  labels: ({ entry }) => pairs(entry.object.metadata.labels),
  labelMap: ({ entry }) => entry.object.metadata.labels ?? {},
  label: ({ entry }, { key }) => own(entry.object.metadata.labels, key),
  annotations: ({ entry }) => pairs(entry.object.metadata.annotations),
  annotationMap: ({ entry }) => entry.object.metadata.annotations ?? {},
  annotation: ({ entry }, { key }) => own(entry.object.metadata.annotations, key),
  ownerReferences: seen => ownersOf(seen.entry.object).map(reference => ({ ...seen, reference })),
  finalizers: ({ entry }) => entry.object.metadata.finalizers ?? [],
};

/** The fields of type OwnerReference. */
export const OwnerReference: OwnerReferenceResolvers = {
  apiVersion: ({ reference }) => reference.apiVersion,
  kind: ({ reference }) => reference.kind,
  name: ({ reference }) => reference.name,
  uid: ({ reference }) => reference.uid,
  controller: ({ reference }) => reference.controller ?? false,
  blockOwnerDeletion: ({ reference }) => reference.blockOwnerDeletion ?? false,
  owner: seen => ownerNamed(seen, seen.reference),
};

/** Conditions as the graph tells them, of an object that may have none yet. */
export const conditions = <T extends { readonly type: string; readonly status: string }>(
  list: readonly T[] | undefined,
): readonly T[] => list ?? [];

/** A mapping as a list, by key. */
function pairs(mapping: Readonly<Record<string, string>> | undefined): { key: string; value: string }[] {
  return Object.entries(mapping ?? {})
    .map(([key, value]) => ({ key, value }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Amounts as they are written and as numbers, in the order they come. */
export function resources(list: ResourceList | undefined): ResourceQuantity[] {
  return Object.entries(list ?? {}).map(([resource, quantity]) => ({
    resource,
    quantity: String(quantity),
    value: toNumber(quantity),
  }));
}

const BYTES = /^(memory|ephemeral-storage|hugepages-)/;

/** Amounts that were added up, written as kubectl writes them. */
export function amountsAsResources(amounts: Amounts): ResourceQuantity[] {
  return Object.entries(amounts).map(([resource, amount]) => {
    const nano = BigInt(amount) * (resource === 'cpu' ? 1_000_000n : 1_000_000_000n);
    const quantity = formatQuantity({ nano, format: BYTES.test(resource) ? 'BinarySI' : 'DecimalSI' });
    return { resource, quantity, value: toNumber(quantity) };
  });
}

function own(mapping: Readonly<Record<string, string>> | undefined, key: string): string | undefined {
  return mapping && Object.hasOwn(mapping, key) ? mapping[key] : undefined;
}

/** The object as clients see it. */
function whole(seen: Seen, managedFields: boolean): KubeObject {
  const { entry } = seen;
  if (managedFields) return JSON.parse(clientView(kindOf(seen), entry).bytes.toString()) as KubeObject;
  const { object } = entry;
  if (!object.metadata.managedFields) return object;
  return { ...object, metadata: without(object.metadata, 'managedFields') as KubeObject['metadata'] };
}
