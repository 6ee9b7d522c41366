import { ALL_VERBS, type ResourceDefinition, type Subresource, schemaNameOf } from './definition.js';
import { nameAndAge } from './printing/printer.js';
import type { KubeObject } from './types.js';

/** A kind as it is written down: what most kinds have in common need not be said. */
type KindFacts<T extends KubeObject> = Pick<ResourceDefinition<T>, 'kind' | 'plural'> & Partial<ResourceDefinition<T>>;

/**
 * Completes a kind: core `v1` and namespaced unless said otherwise, all verbs, printed by name and age, and its schema
 * named as upstream names Go types (`io.k8s.api.<group>.<version>.<Kind>`).
 */
export function define<T extends KubeObject>(facts: KindFacts<T>): ResourceDefinition<T> {
  const { group = '', version = 'v1', kind } = facts;
  return {
    group,
    version,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: ALL_VERBS,
    subresources: [],
    schema: schemaNameOf({ group, version, kind }),
    strategy: {},
    printer: nameAndAge,
    selectableFields: {},
    ...facts,
  };
}

/** `/status` of a kind: read and written like the object itself. */
export function statusOf(kind: string): Subresource {
  return { name: 'status', kind, verbs: ['get', 'patch', 'update'] };
}

/** `/proxy`: requests are handed on to what the object stands for. */
export function proxyOf(kind: string): Subresource {
  return { name: 'proxy', kind: `${kind}ProxyOptions`, verbs: ['create', 'delete', 'get', 'patch', 'update'] };
}

/** `/scale` of a kind, whose definition says how it is read and written. */
export const SCALE: Subresource = {
  name: 'scale',
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  verbs: ['get', 'patch', 'update'],
};
