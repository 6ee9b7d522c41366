import type { Amounts } from '../../placement/pod-resources.js';
import { clientView } from '../../registry/client-view.js';
import { toYaml } from '../../registry/yaml.js';
import { without } from '../../resources/json.js';
import { formatQuantity, toNumber } from '../../resources/quantity.js';
import type { KubeObject, OwnerReference, ResourceList } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import { objectId } from '../global-id.js';
import { type FieldResolvers, OBJECT_TYPES, typeNameOf } from './types.js';

type WholeArguments = { readonly managedFields: boolean };

/** The fields of interface KubernetesObject, for any kind. */
export const objectFields: FieldResolvers<Entry> = {
  id: entry => objectId(typeNameOf(entry)!, entry),
  apiVersion: entry => entry.object.apiVersion,
  kind: entry => entry.object.kind,
  name: entry => entry.name,
  namespace: entry => entry.namespace,
  metadata: entry => entry,
  json: (entry, { managedFields }: WholeArguments) => whole(entry, managedFields),
  yaml: (entry, { managedFields }: WholeArguments) => toYaml(whole(entry, managedFields)),
};

/** {@link objectFields} for a kind of the whole cluster, which has no namespace. */
export const clusterObjectFields: FieldResolvers<Entry> = without(objectFields, 'namespace');

/** The fields of type ObjectMeta, whose source is the entry itself. */
export const ObjectMeta: FieldResolvers<Entry> = {
  name: entry => entry.name,
  namespace: entry => entry.namespace || null,
  uid: entry => entry.uid,
  generateName: entry => entry.object.metadata.generateName,
  resourceVersion: entry => String(entry.revision),
  generation: entry => entry.object.metadata.generation,
  creationTimestamp: entry => entry.object.metadata.creationTimestamp,
  ageSeconds: (entry, _args, { registry }) =>
    Math.max(0, Math.floor((registry.clock.now() - Date.parse(entry.object.metadata.creationTimestamp)) / 1000)),
  deletionTimestamp: entry => entry.object.metadata.deletionTimestamp,
  labels: entry => pairs(entry.object.metadata.labels),
  labelMap: entry => entry.object.metadata.labels ?? {},
  label: (entry, { key }: { key: string }) => own(entry.object.metadata.labels, key),
  annotations: entry => pairs(entry.object.metadata.annotations),
  annotationMap: entry => entry.object.metadata.annotations ?? {},
  annotation: (entry, { key }: { key: string }) => own(entry.object.metadata.annotations, key),
  ownerReferences: entry =>
    (entry.object.metadata.ownerReferences ?? []).map(reference => ({ reference, namespace: entry.namespace })),
  finalizers: entry => entry.object.metadata.finalizers ?? [],
};

/** A reference and the namespace of the object that carries it, which is its owner's unless that has none. */
interface Reference {
  readonly reference: OwnerReference;
  readonly namespace: string;
}

/** The fields of type OwnerReference. */
export const OwnerReferenceFields: FieldResolvers<Reference> = {
  apiVersion: ({ reference }) => reference.apiVersion,
  kind: ({ reference }) => reference.kind,
  name: ({ reference }) => reference.name,
  uid: ({ reference }) => reference.uid,
  controller: ({ reference }) => reference.controller ?? false,
  blockOwnerDeletion: ({ reference }) => reference.blockOwnerDeletion ?? false,
  owner: ({ reference, namespace }, _args, { registry }) => {
    const kind = registry.kinds.byKind(reference.apiVersion, reference.kind);
    if (!kind || ![...OBJECT_TYPES.values()].includes(kind)) return null;
    const owner = registry.get(kind, kind.namespaced ? namespace : '', reference.name);
    return owner?.uid === reference.uid ? owner : null;
  },
};

/** A mapping as a list, by key. */
function pairs(mapping: Readonly<Record<string, string>> | undefined): { key: string; value: string }[] {
  return Object.entries(mapping ?? {})
    .map(([key, value]) => ({ key, value }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

interface ResourceQuantity {
  readonly resource: string;
  readonly quantity: string;
  readonly value: number;
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
function whole(entry: Entry, managedFields: boolean): KubeObject {
  const { object } = entry;
  if (managedFields)
    return JSON.parse(clientView(OBJECT_TYPES.get(typeNameOf(entry)!)!, entry).bytes.toString()) as KubeObject;
  if (!object.metadata.managedFields) return object;
  return { ...object, metadata: without(object.metadata, 'managedFields') as KubeObject['metadata'] };
}
