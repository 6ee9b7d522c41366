import type { KubeObject, ObjectReference } from '../../resources/types.js';

/** Something that a component has seen happen to an object, before it is decided what of it is written. */
export interface Sighting {
  readonly component: string;
  /** The node that the component runs on; empty for those of the control plane. */
  readonly host: string;
  readonly about: ObjectReference;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Reported through `events.k8s.io`; the old API knows neither. */
  readonly action?: string | undefined;
  readonly related?: ObjectReference | undefined;
}

/** A reference to the object as it is now. References are taken as they are. */
export function referenceTo(object: KubeObject | ObjectReference): ObjectReference {
  if (!('metadata' in object)) return object;
  const { kind, apiVersion, metadata } = object;
  const { namespace, name, uid, resourceVersion } = metadata;
  return { kind, ...(namespace ? { namespace } : {}), name, uid, apiVersion, resourceVersion };
}

/** Events about objects that are in no namespace are in this one. */
const DEFAULT_NAMESPACE = 'default';

/** The namespace that events about an object are in. */
export const namespaceOf = (about: ObjectReference): string => about.namespace || DEFAULT_NAMESPACE;

/** Joins the parts of a key; no part of one can hold the separator. */
export const keyOf = (...parts: readonly (string | undefined)[]): string => parts.join('\0');
