import type { GroupVersionKind, ScaleAccess } from './definition.js';
import type { KubeObject } from './types.js';

export const SCALE_KIND: GroupVersionKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

/** A Scale: how many of something there are, and are wanted, whatever it is that is scaled. */
export interface Scale extends KubeObject {
  spec?: { replicas?: number };
  status?: { replicas: number; selector?: string };
}

/** The Scale of an object, under its name and revision. */
export function scaleOf(access: ScaleAccess, object: KubeObject): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = access.replicas(object);
  const selector = access.selector(object);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), uid, resourceVersion, creationTimestamp },
    spec: replicas ? { replicas } : {},
    status: { replicas: access.statusReplicas(object), ...(selector ? { selector } : {}) },
  };
}
