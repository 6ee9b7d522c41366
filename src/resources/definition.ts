import type { AddressRanges } from './address-ranges.js';
import type { FieldError } from './field-error.js';
import type { SchemaRef } from './schema.js';
import type { Draft, KubeObject } from './types.js';

/** A column of the table that `kubectl get` prints. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format?: string;
  readonly description: string;
  /** 0 is always shown, 1 only with `-o wide`. */
  readonly priority: 0 | 1;
}

export type Cell = string | number | boolean | null;

/** How a kind is printed: columns and, for each object, one row of as many cells. `now` is the cluster's time in ms, for ages. */
export interface Printer<T extends KubeObject = KubeObject> {
  readonly columns: readonly Column[];
  cells(object: T, now: number): Cell[];
  /** The order of rows in a table, where it is not that of the list. */
  order?(a: T, b: T): number;
}

/** An age of DaemonSet scheduling: today's, or that before 1.12, when the controller placed its pods itself. */
export type Era = 'current' | '1.11';

/**
 * What is particular to one kind. All functions are pure but for the draft they are given, which they change in place.
 * Upstream calls the same thing a "strategy" (`pkg/registry/<group>/<kind>/strategy.go`).
 */
export interface Strategy<T extends KubeObject = KubeObject> {
  /** Why an object cannot even be read, in words for `… cannot be handled as a …: <why>` (400); absent if it can. */
  conversionProblem?(object: T): string | undefined;
  /** Fills the defaults that every write gets (`SetDefaults_…`). Must be idempotent. */
  setDefaults?(object: T): void;
  /** Create: wipe what a client may not set (status), set generation 1, … Runs before defaults of admission and validation. */
  prepareForCreate?(object: T): void;
  /** Update through the main resource: restore status and other server-owned fields, raise `metadata.generation` if the spec changed. */
  prepareForUpdate?(object: T, old: T): void;
  /** Update through `/status`: restore everything but status (and metadata that may change). */
  prepareForStatusUpdate?(object: T, old: T): void;
  /** An update must name the version that it was made from (`AllowUnconditionalUpdate` is false). */
  readonly needsResourceVersion?: boolean;
  /** PUT of an object that is not there creates it (`AllowCreateOnUpdate`). */
  readonly createsOnUpdate?: boolean;
  /** @param ranges where the cluster's addresses come from; the usual ones if absent */
  validate?(object: T, ranges?: AddressRanges): FieldError[];
  validateUpdate?(object: T, old: T, ranges?: AddressRanges): FieldError[];
  validateStatusUpdate?(object: T, old: T): FieldError[];
  /** Warnings for the `Warning: 299` header on create and update, which has an `old`; asked only where somebody hears them. */
  warnings?(object: T, old?: T): string[];
  /** The same of an update through `/status`. Nobody is warned of updates through other parts. */
  statusWarnings?(object: T): string[];
  /** What is said to who deletes without saying what becomes of dependents. */
  readonly deletionWarning?: string;
  /**
   * Graceful deletion: the seconds to wait before the object goes, given what the client asked for.
   * Absent: the kind is removed at once (unless finalizers hold it). Upstream: `CheckGracefulDelete`.
   */
  gracePeriodSeconds?(object: T, requested: number | undefined): number;
  /** Deletion waits while this is true, besides `metadata.finalizers` (a namespace's `spec.finalizers`). */
  isHeld?(object: T): boolean;
  /**
   * What changes, besides metadata, when deletion waits: a namespace turns `Terminating`. Answers a new object. Kinds that have
   * this are deleted in a way of their own upstream: without a grace period, and with their own words where a precondition fails.
   */
  markTerminating?(object: T): T;
  /** Update through `/finalize`. */
  prepareForFinalize?(object: T, old: T): void;
  /** Updates through subresources that hold a part of the object, by their names. */
  readonly partialUpdates?: Readonly<Record<string, PartialUpdate<T>>>;
  /** DELETE answers with the object rather than with a Status (`ReturnDeletedObject`). */
  readonly returnsDeletedObject?: boolean;
  /** Default `propagationPolicy` of DELETE; `Background` if absent. `Unsupported`: no policy holds the kind's objects back. */
  readonly defaultPropagation?: 'Background' | 'Orphan' | 'Unsupported';
}

/** An update of nothing but a part of the object. */
interface PartialUpdate<T extends KubeObject = KubeObject> {
  /** Restores everything but that part. */
  prepare(object: T, old: T): void;
  validate(object: T, old: T): FieldError[];
}

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

export interface Subresource {
  readonly name: string;
  /** Kind of the body, with its group and version where they differ from the resource's (`Eviction` in `policy/v1`). */
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly Verb[];
}

/**
 * All that the rest of Kubette needs to know of a kind. One table of these (`resources/index.ts`) drives routes,
 * discovery, OpenAPI, printing, defaults and validation, so that a kind cannot be half there.
 */
export interface ResourceDefinition<T extends KubeObject = KubeObject> {
  /** API group; the empty string is the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** What a list of its objects is called, where that is not `<Kind>List`. */
  readonly listKind?: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  readonly subresources: readonly Subresource[];
  /** The type of its objects: a name in the schema data (`io.k8s.api.apps.v1.DaemonSet`), or a custom resource's own. */
  readonly schema: SchemaRef;
  /** What is wrong with a name, or with the beginning of one (`generateName`); DNS subdomains are right unless a kind says otherwise. */
  readonly validName?: (name: string, isPrefix: boolean) => readonly string[];
  /** Nothing of the kind is stored: the API answers by itself (reviews, usage). */
  readonly virtual?: true;
  /** Where this is another version of a kind: the version that is stored, and the way there and back. */
  readonly stored?: StoredVersion;
  /** Where objects are not shown as they are stored, in whichever version: a custom kind's. */
  readonly kept?: Kept<T>;
  /** Objects of the kind are stored, but the version is not served. */
  readonly unserved?: true;
  /** The only age in which it is served. */
  readonly era?: Era;
  /** Answered, but told of neither in discovery nor in OpenAPI. */
  readonly unlisted?: true;
  /** For the `Warning` header of every answer: the version is deprecated. */
  readonly deprecation?: string;
  /** Whether the kind is on its way out: nothing more is created. */
  isClosing?(): boolean;
  /** How the subresource `scale` reads and writes its objects. */
  readonly scale?: ScaleAccess<T>;
  readonly strategy: Strategy<T>;
  readonly printer: Printer<T>;
  /** Field selector → the stored object's value; `metadata.name` and `metadata.namespace` are there for every kind. */
  readonly selectableFields: Readonly<Record<string, Getter<T>>>;
  /** What is said of a field selector that the kind does not know, where it is not what others say. */
  readonly unknownField?: (label: string) => string;
}

/**
 * A kind can be served in several versions, and then is stored in one of them, whose definition does all the work: admission,
 * defaults, validation, field ownership. The others only translate. Both ways are pure, and set `apiVersion` and `kind`.
 */
interface StoredVersion {
  readonly kind: ResourceDefinition;
  toStored(object: AnyDraft): AnyDraft;
  fromStored(object: KubeObject): KubeObject;
  /**
   * What is wrong with an object only because it comes in this version.
   * @param old the stored object that it replaces
   */
  problems?(object: AnyDraft, old?: KubeObject): FieldError[];
}

/**
 * The versions of a custom kind differ in no more than `apiVersion` and their schemas. So each does its own work, on objects that
 * are stored in one of them.
 */
export interface Kept<T extends KubeObject = KubeObject> {
  /** The stored object as this version shows it: itself where it is in this version, and complete. */
  read(object: KubeObject): T;
  /** The object as it is stored. */
  write(object: T): KubeObject;
}

/** What a Scale (`autoscaling/v1`) tells of an object. */
export interface ScaleAccess<T extends KubeObject = KubeObject> {
  /** Where the number of a custom kind's object stands, which has no scale without it. */
  readonly replicasPath?: string;
  /** How many are wanted; `undefined` if the object does not say. */
  replicas(object: T): number | undefined;
  /** How many there are. */
  statusReplicas(object: T): number;
  /** What selects their pods, as text. */
  selector(object: T): string | undefined;
  /** A copy of the object that wants so many. */
  withReplicas(object: T, replicas: number): T;
}

/** Written as a method so that a definition of any kind can stand where one of KubeObject is asked for. */
type Getter<T> = { get(object: T): string }['get'];

/** What identifies a kind. */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** `daemonsets.apps`, `pods`: how upstream names a resource in messages. */
export function qualifiedName(definition: { group: string; plural: string }): string {
  return definition.group ? `${definition.plural}.${definition.group}` : definition.plural;
}

/** The key of a resource in the store: the qualified name of the version that is stored. */
export function storeKey(definition: ResourceDefinition): string {
  return qualifiedName(definition.stored?.kind ?? definition);
}

/** Where upstream's etcd keeps a resource that it does not keep by its plural alone. */
const STORAGE_PREFIXES: Readonly<Record<string, string>> = {
  nodes: 'minions',
  services: 'services/specs',
  endpoints: 'services/endpoints',
  replicationcontrollers: 'controllers',
  'ingresses.networking.k8s.io': 'ingress',
  'customresourcedefinitions.apiextensions.k8s.io': 'apiextensions.k8s.io/customresourcedefinitions',
  'apiservices.apiregistration.k8s.io': 'apiregistration.k8s.io/apiservices',
};

/** The key of an object in upstream's etcd, which some messages tell: `/registry/configmaps/default/x`. */
export function storageKey(definition: ResourceDefinition, namespace: string | undefined, name: string): string {
  const { group, plural } = definition;
  const prefix = STORAGE_PREFIXES[storeKey(definition)] ?? (isCustom(definition) ? `${group}/${plural}` : plural);
  return ['/registry', prefix, namespace, name].filter(Boolean).join('/');
}

/** Whether a kind is one that a client defined: no Go type stands behind its objects. */
export function isCustom({ schema }: Pick<ResourceDefinition, 'schema'>): boolean {
  return typeof schema !== 'string';
}

/** `apps/v1`, `v1`: the `apiVersion` of a kind. */
export function apiVersionOf(definition: { group: string; version: string }): string {
  return definition.group ? `${definition.group}/${definition.version}` : definition.version;
}

/** The group and version of an `apiVersion`: `apps/v1`, `v1`. */
export function groupVersionOf(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) };
}

/** The name that the schema data has for a kind: `io.k8s.api.apps.v1.DaemonSet`. */
export function schemaNameOf({ group, version, kind }: GroupVersionKind): string {
  if (group === 'apiextensions.k8s.io')
    return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.${version}.${kind}`;
  if (group === 'metrics.k8s.io') return `io.k8s.metrics.pkg.apis.metrics.${version}.${kind}`;
  if (group === 'apiregistration.k8s.io') return `io.k8s.kube-aggregator.pkg.apis.apiregistration.${version}.${kind}`;
  // A group of somebody else's may begin like one of Kubernetes' own.
  if (group.includes('.') && !group.endsWith('.k8s.io')) return customNameOf({ group, version, kind });
  return `io.k8s.api.${group.split('.')[0] || 'core'}.${version}.${kind}`;
}

/** What the type of a custom kind is called where types are published: `com.example.v1.Widget`. */
export function customNameOf({ group, version, kind }: GroupVersionKind): string {
  return `${group.split('.').reverse().join('.')}.${version}.${kind}`;
}

/** What a list of a kind is called. */
export const listKindOf = ({ kind, listKind = `${kind}List` }: Pick<ResourceDefinition, 'kind' | 'listKind'>): string =>
  listKind;

/** All eight verbs. */
export const ALL_VERBS: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

export type AnyDraft = Draft<KubeObject>;
