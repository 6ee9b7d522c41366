import type { ResourceDefinition } from '../../resources/definition.js';
import type { KubeObject } from '../../resources/types.js';
import type { Registry } from '../registry.js';
import type { User } from '../types.js';

/** A write on its way through admission. `object` is a draft of its own and may be changed in place. */
interface AdmissionRequest<T extends KubeObject = KubeObject> {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly kind: ResourceDefinition<T>;
  readonly namespace: string;
  /** The object's name; on CREATE what the request says: a name, the stem of one, or `Unknown`. */
  readonly name: string;
  /** The object as it shall be; for DELETE as it is. */
  readonly object: T;
  readonly old?: T | undefined;
  readonly subresource?: string | undefined;
  /** Who wants it; undefined for the cluster itself. */
  readonly user?: User | undefined;
}

/** One of kube-apiserver's admission plugins. Sees each write after defaulting and before validation. */
export interface AdmissionPlugin {
  /** Upstream's name, as in `--disable-admission-plugins`. */
  readonly name: string;
  /** Changes `request.object`, or throws a StatusError. */
  admit(request: AdmissionRequest, registry: Registry): void;
}
