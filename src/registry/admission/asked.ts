import { groupVersionOf, type ResourceDefinition, storeKey } from '../../resources/definition.js';
import { namespaces } from '../../resources/index.js';
import { type JsonObject, without } from '../../resources/json.js';
import { SCALE_KIND, scaleOf } from '../../resources/scale.js';
import type { Labels } from '../../resources/selector.js';
import type { KubeObject, Namespace, ObjectMeta } from '../../resources/types.js';
import { withoutNote } from '../managed-fields/unrecorded.js';
import type { Registry } from '../registry.js';
import type { User } from '../types.js';
import type { AdmissionRequest } from './admission.js';

/** Who the cluster's own controllers and kubelets are where somebody looks at who writes. */
const CLUSTER: User = { name: 'system:kube-controller-manager', groups: ['system:authenticated'] };

/** A request as policies and webhooks are told of it. */
export class Asked {
  /** The version that the request came in. */
  readonly kind: ResourceDefinition;
  readonly user: User;
  /** A namespace counts as being in itself. */
  readonly namespace: string;
  /** Empty while there is none yet. */
  readonly name: string;
  readonly subresource: string;

  constructor(
    readonly request: AdmissionRequest,
    readonly registry: Registry,
  ) {
    const { kind, namespace, object, options } = request;
    this.kind = (options?.apiVersion && registry.kinds.byKind(options.apiVersion, kind.kind)) || kind;
    this.user = request.user ?? CLUSTER;
    this.subresource = request.subresource ?? '';
    this.name = this.#isDrawn ? '' : (object.metadata.name ?? '') || request.name;
    this.namespace = this.isNamespace ? this.name : namespace;
  }

  get #isDrawn(): boolean {
    const { operation, subresource, object } = this.request;
    return operation === 'CREATE' && !subresource && object.metadata.generateName !== undefined;
  }

  get isNamespace(): boolean {
    return this.request.kind === (namespaces as unknown as ResourceDefinition);
  }

  /** The namespace that the object is in; undefined for what is in none. */
  get namespaceObject(): Namespace | undefined {
    return this.request.kind.namespaced ? this.registry.get(namespaces, '', this.namespace)?.object : undefined;
  }

  /** The labels that selectors of namespaces look at; undefined for what is in no namespace. */
  get namespaceLabels(): { readonly labels: Labels } | undefined {
    if (this.isNamespace) return { labels: this.request.object.metadata.labels };
    const found = this.namespaceObject;
    return found && { labels: found.metadata.labels };
  }

  /** Other versions of the same resource that are served. */
  equivalents(): ResourceDefinition[] {
    const { kind } = this;
    const key = storeKey(kind);
    return this.registry.kinds
      .all()
      .filter(other => other !== kind && other.plural === kind.plural && storeKey(other) === key);
  }

  /** The object as it shall be, as `kind` shows it; none if it is deleted. */
  object(kind: ResourceDefinition): KubeObject | undefined {
    const { operation, object } = this.request;
    if (operation === 'DELETE') return undefined;
    // Options have no metadata.
    return operation === 'CONNECT' ? (without(object, 'metadata') as KubeObject) : this.#shown(kind, object);
  }

  /** The object as it is. */
  oldObject(kind: ResourceDefinition): KubeObject | undefined {
    const { operation, object, old } = this.request;
    const found = operation === 'DELETE' ? object : old;
    return found && this.#shown(kind, found);
  }

  #shown(kind: ResourceDefinition, given: KubeObject): KubeObject {
    const { kind: worker, old } = this.request;
    // Upstream draws a name once all have changed what they want to.
    const isUnnamed = this.#isDrawn && given !== old && given.metadata.uid === undefined;
    const found = withoutNote(given);
    const object = isUnnamed ? { ...found, metadata: without(found.metadata, 'name') as ObjectMeta } : found;
    if (this.subresource === 'scale' && worker.scale) return scaleOf(worker.scale, object);
    // What is done to an object through a subresource is an object of a kind of its own.
    if (kind === worker || object.kind !== worker.kind) return object;
    if (kind.kept) return kind.kept.read(worker.kept ? worker.kept.write(object) : object);
    return kind.stored ? kind.stored.fromStored(object) : object;
  }

  /** `AdmissionRequest`, but for the objects. @param kind the version that was matched */
  review(kind: ResourceDefinition, uid: string): JsonObject {
    const { request, user, namespace, name, subresource } = this;
    const { operation, options } = request;
    const sub = subresource ? { subResource: subresource } : {};
    const requestSub = subresource ? { requestSubResource: subresource } : {};
    return {
      uid,
      kind: this.#gvk(kind),
      resource: gvr(kind),
      ...sub,
      requestKind: this.#gvk(this.kind),
      requestResource: gvr(this.kind),
      ...requestSub,
      ...(name ? { name } : {}),
      ...(namespace ? { namespace } : {}),
      operation,
      userInfo: {
        username: user.name,
        ...(user.uid ? { uid: user.uid } : {}),
        ...(user.groups.length > 0 ? { groups: user.groups } : {}),
        ...(user.extra ? { extra: user.extra } : {}),
      },
      dryRun: options?.dryRun ?? false,
      ...(operation === 'CONNECT' ? {} : { options: optionsOf(operation, options) }),
    };
  }

  #gvk(kind: ResourceDefinition): JsonObject {
    const { object, kind: worker } = this.request;
    if (this.subresource === 'scale') return { ...SCALE_KIND };
    if (object.kind !== worker.kind) return { ...groupVersionOf(object.apiVersion), kind: object.kind };
    return { group: kind.group, version: kind.version, kind: kind.kind };
  }
}

const gvr = ({ group, version, plural }: ResourceDefinition) => ({ group, version, resource: plural });

const OPTIONS = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' };

const optionsOf = (operation: keyof typeof OPTIONS, options: AdmissionRequest['options']): JsonObject => ({
  kind: OPTIONS[operation],
  apiVersion: 'meta.k8s.io/v1',
  ...(options?.dryRun ? { dryRun: ['All'] } : {}),
  ...(options?.fieldManager ? { fieldManager: options.fieldManager } : {}),
  ...(options?.fieldValidation ? { fieldValidation: options.fieldValidation } : {}),
});
