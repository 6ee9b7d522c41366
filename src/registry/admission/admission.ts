import type { ResourceDefinition } from '../../resources/definition.js';
import type { KubeObject } from '../../resources/types.js';
import type { Registry } from '../registry.js';
import type { User, WriteOptions } from '../types.js';

/** A write on its way through admission. `object` is a draft of its own. */
export interface AdmissionRequest<T extends KubeObject = KubeObject> {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly kind: ResourceDefinition<T>;
  readonly namespace: string;
  /** The object's name; on CREATE, until there is one, what the request says: the stem of one, or `Unknown`. */
  readonly name: string;
  /** The object as it shall be; for DELETE as it is. */
  readonly object: T;
  readonly old?: T | undefined;
  readonly subresource?: string | undefined;
  /** Who wants it; undefined for the cluster itself. */
  readonly user?: User | undefined;
  /** What else the write was told. */
  readonly options?: Pick<WriteOptions, 'apiVersion' | 'dryRun' | 'fieldManager' | 'fieldValidation' | 'warn'>;
}

/** What else is to be written when a write is: not if it is a dry run, or comes to nothing. */
export type Consequence = () => void;

/** One of kube-apiserver's admission plugins. */
export interface AdmissionPlugin {
  /** Upstream's name, as in `--disable-admission-plugins`. */
  readonly name: string;
  /** The resources that it is about: `pods`, `ingresses.networking.k8s.io`; absent: all. */
  readonly resources?: readonly string[];
  /** It asks what users configured, also about what is done to objects through subresources, which no other plugin looks at. */
  readonly isConfigurable?: true;
  /** It waits to be asked for. */
  readonly offByDefault?: true;
  /**
   * After defaults and before validation: changes `request.object`, or throws a StatusError. Also asked about a DELETE. Answers
   * true if everybody is to look at the object once more.
   */
  admit?(request: AdmissionRequest, registry: Registry): unknown;
  /** After validation, of the object as it would be stored: throws a StatusError, or tells what goes with it. */
  validate?(request: AdmissionRequest, registry: Registry): Consequence | undefined;
}

/** Whether a pod that is there already asks for more or less: what is held against its requests is so again. */
export const isResize = ({ kind, subresource }: AdmissionRequest): boolean =>
  subresource === 'resize' && kind.plural === 'pods';
