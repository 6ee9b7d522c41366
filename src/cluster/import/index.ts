import type { ImportNote, ImportReport } from '../../admin/control.js';
import { decodeObject } from '../../registry/decode.js';
import type { Registry } from '../../registry/registry.js';
import { messageOf } from '../../registry/status.js';
import { workerOf } from '../../registry/versions.js';
import { decideRestore } from '../../registry/writes.js';
import { qualifiedName, type ResourceDefinition, storeKey } from '../../resources/definition.js';
import { customResourceDefinitions, namespaces, nodes, pods } from '../../resources/index.js';
import { isObject, without } from '../../resources/json.js';
import type { Draft, KubeObject, ObjectMeta, Pod } from '../../resources/types.js';
import { adapted } from './adapt.js';

const OWN = 'the cluster makes its own';
const CALLS = 'what it has called is not in this cluster';

/** What is never imported, by resource, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  secrets: 'secrets stay where they are',
  configmaps: 'what is in it may be private, and places no pod',
  events: OWN,
  'events.events.k8s.io': OWN,
  'leases.coordination.k8s.io': OWN,
  endpoints: OWN,
  'endpointslices.discovery.k8s.io': OWN,
  'flowschemas.flowcontrol.apiserver.k8s.io': OWN,
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': OWN,
  'certificatesigningrequests.certificates.k8s.io': 'nobody here signed it',
  'apiservices.apiregistration.k8s.io': CALLS,
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': CALLS,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': CALLS,
};

/** Why objects of a kind are never imported; undefined if they may be. */
export const whyLeftOut = (kind: ResourceDefinition): string | undefined =>
  kind.virtual ? 'it is told, and not kept' : LEFT_OUT[qualifiedName(kind)];

/** An object that is to come in, in the version that is stored. */
interface Arrival {
  readonly given: object;
  readonly kind: ResourceDefinition;
  readonly object: KubeObject;
}

/**
 * Takes the objects of another cluster into this one: with their uids, owners, times and status, by no admission. What cannot come in is told
 * of, and stops nothing else. Nothing that comes in sends a controller after what did not: pods stay out without their node, and owners
 * that stay out own nothing any more. But for definitions and namespaces, which come first, all is there at one stroke, so that controllers
 * that run already never see half of it.
 */
export async function importObjects(registry: Registry, given: readonly object[]): Promise<ImportReport> {
  const objects = given.filter(isObject);
  const arrivals = new Arrivals(registry);
  // Kinds of one's own are served from their definitions on.
  const isDefinition = (object: object) => kindNamed(object) === customResourceDefinitions.kind;
  for (const object of objects) if (isDefinition(object)) arrivals.add(object);
  await arrivals.store();
  for (const object of objects) if (!isDefinition(object)) arrivals.add(object);
  await arrivals.store();
  return arrivals.report;
}

/** The newest time that objects tell of (ms since the epoch): when they stood like this, at the earliest. */
export function newestTime(objects: readonly object[]): number | undefined {
  let newest: number | undefined;
  for (const object of objects) {
    const { metadata, status } = object as Partial<KubeObject> & { status?: { conditions?: unknown } };
    const conditions = Array.isArray(status?.conditions) ? (status.conditions as unknown[]) : [];
    const times = conditions.filter(isObject).flatMap(c => [c.lastHeartbeatTime, c.lastTransitionTime]);
    for (const time of [metadata?.creationTimestamp, ...times]) {
      const ms = typeof time === 'string' ? Date.parse(time) : Number.NaN;
      if (!Number.isNaN(ms) && ms > (newest ?? -Infinity)) newest = ms;
    }
  }
  return newest;
}

/** Why an object stays out. */
class Refusal extends Error {}

class Arrivals {
  readonly #registry: Registry;
  readonly #taken = new Map<string, number>();
  readonly #left: ImportNote[] = [];
  readonly #changed: ImportNote[] = [];
  /** Of all that is there, and comes in. */
  readonly #uids = new Set<string>();
  readonly #keys = new Set<string>();
  #waiting: Arrival[] = [];

  constructor(registry: Registry) {
    this.#registry = registry;
    for (const kind of registry.kinds.stored()) for (const { uid } of registry.all(kind)) this.#uids.add(uid);
  }

  get report(): ImportReport {
    return { taken: this.#taken, left: this.#left, changed: this.#changed };
  }

  /** Reads an object, and keeps it until all are read. */
  add(given: object): void {
    try {
      this.#read(given);
    } catch (error) {
      this.#leave(given, messageOf(error));
    }
  }

  #read(given: object): void {
    const { apiVersion, kind: name, metadata } = given as Partial<KubeObject>;
    const served = apiVersion && name ? this.#registry.kinds.byKind(String(apiVersion), String(name)) : undefined;
    if (!served) throw new Refusal(`there is no such kind in ${apiVersion ?? 'no version'}`);
    const why = whyLeftOut(served);
    if (why) throw new Refusal(why);
    const bare = isObject(metadata)
      ? { ...given, metadata: without(metadata as object as ObjectMeta, 'managedFields') }
      : given;
    const { object: decoded, warnings } = decodeObject(bare, served, { fieldValidation: 'Warn' });
    const worker = workerOf(served);
    const kind = worker?.kind ?? served;
    const stored = worker ? worker.toStored(decoded) : decoded;
    const object = decideRestore(this.#registry, kind, adapted(kind, stored));
    const { namespace = '', uid } = object.metadata;
    const key = `${storeKey(kind)} ${namespace}/${object.metadata.name}`;
    if (this.#keys.has(key)) throw new Refusal('it was given twice');
    if (this.#registry.get(kind, namespace, object.metadata.name)) throw new Refusal('there is one of its name');
    if (this.#uids.has(uid)) throw new Refusal('there is one of its uid');
    this.#keys.add(key);
    this.#uids.add(uid);
    this.#waiting.push({ given, kind, object });
    for (const warning of warnings) this.#change(given, warning);
  }

  /** Stores what was read since. */
  async store(): Promise<void> {
    const standing = this.#waiting.filter(arrival => this.#hasNode(arrival));
    this.#waiting = [];
    const owned = standing.map(arrival => ({ ...arrival, object: this.#withOwners(arrival) }));
    const missing = new Set(
      owned
        .flatMap(({ object }) => object.metadata.namespace ?? [])
        .filter(name => !this.#keys.has(`namespaces /${name}`) && !this.#registry.get(namespaces, '', name)),
    );
    for (const name of missing) {
      this.#keys.add(`namespaces /${name}`);
      const draft = { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {}, status: {} };
      await this.#registry.create(namespaces, draft);
    }
    await Promise.all(
      owned.map(({ given, kind, object }) =>
        this.#registry.restore(kind, object).then(
          () => this.#taken.set(kind.kind, (this.#taken.get(kind.kind) ?? 0) + 1),
          error => this.#leave(given, messageOf(error)),
        ),
      ),
    );
  }

  /** Whether the object is where it can be: pods of nodes that are not there are cleared away. */
  #hasNode({ given, kind, object }: Arrival): boolean {
    if (kind.kind !== pods.kind || kind.group !== '') return true;
    const node = (object as Pod).spec.nodeName;
    if (!node || this.#keys.has(`${storeKey(nodes as unknown as ResourceDefinition)} /${node}`)) return true;
    if (this.#registry.get(nodes, '', node)) return true;
    this.#uids.delete(object.metadata.uid);
    this.#leave(given, 'its node does not come in');
    return false;
  }

  /** The object without owners that stay out: it would be cleared away with them. */
  #withOwners({ given, object }: Arrival): KubeObject {
    const owners = object.metadata.ownerReferences ?? [];
    const kept = owners.filter(({ uid }) => this.#uids.has(uid));
    if (kept.length === owners.length) return object;
    for (const { kind, uid } of owners)
      if (!this.#uids.has(uid)) this.#change(given, `its owner, a ${kind}, does not come in, and owns it no longer`);
    const rest = without(object.metadata, 'ownerReferences') as ObjectMeta;
    return { ...object, metadata: kept.length > 0 ? { ...rest, ownerReferences: kept } : rest };
  }

  #leave(given: object, why: string): void {
    this.#left.push(noteOf(given, why));
  }

  #change(given: object, why: string): void {
    this.#changed.push(noteOf(given, why));
  }
}

const kindNamed = (object: object): string => String((object as Partial<KubeObject>).kind ?? '');

function noteOf(object: object, why: string): ImportNote {
  const { metadata } = object as Draft;
  const { namespace, name = '' } = isObject(metadata) ? (metadata as Partial<ObjectMeta>) : {};
  return { object, kind: kindNamed(object), name: namespace ? `${namespace}/${name}` : String(name), why };
}
