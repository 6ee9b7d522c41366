import { ownersOf } from '../../registry/indexes.js';
import { StatusError } from '../../registry/status.js';
import type { PropagationPolicy } from '../../registry/types.js';
import type { ResourceDefinition } from '../../resources/definition.js';
import { equalJson } from '../../resources/json.js';
import type { KubeObject, OwnerReference } from '../../resources/types.js';
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from '../../resources/well-known.js';
import type { Change, Entry } from '../../store/entry.js';
import { type Controller, type ControllerContext, nothing } from '../runtime/types.js';
import { awaitsDependents, awaitsOrphaning, blocks, EVENTS, Owners } from './owners.js';

/** Dependents set free in one go. */
const BATCH = 64;

/**
 * Deletes objects whose owners are gone, and carries out what a deletion says about dependents: with it (foreground),
 * after it (background), or not at all (orphan): GC-01 to GC-10.
 *
 * Upstream keeps a graph of all objects beside the API and asks the API again before it acts. Here the registry's own
 * indexes are the graph, and always up to date.
 */
export function garbageCollector(context: ControllerContext): Controller {
  const { registry } = context;
  const recorder = context.recorder('garbage-collector-controller');
  const owners = new Owners(registry);

  // ---- what wakes it ----

  function keys(change: Change): Iterable<string> {
    const { type, entry, previous } = change;
    if (entry.resource === EVENTS) return NOTHING;
    // Most writes: owners tell themselves what becomes of them.
    const isRoutine =
      type === 'MODIFIED' &&
      previous !== undefined &&
      entry.object.metadata.deletionTimestamp === undefined &&
      sameOwners(previous.object, entry.object);
    return isRoutine ? NOTHING : keysOf(change);
  }

  function* keysOf(change: Change): Iterable<string> {
    const { type, entry, previous } = change;
    if (type === 'DELETED') {
      yield* owners.dependentsOf(entry.uid).map(keyOf);
      yield* waitingOwners(entry);
      return;
    }
    const { object } = entry;
    const former = type === 'MODIFIED' ? previous?.object : undefined;
    const refsChanged = !former || !sameOwners(former, object);
    if (former && refsChanged) yield* waitingOwners(previous!);
    const needsCare =
      object.metadata.deletionTimestamp === undefined &&
      ownersOf(object).some(owner => {
        const state = owners.stateOf(owner, entry.namespace);
        return state === 'unknown' ? refsChanged : state !== 'solid';
      });
    if (needsCare) yield keyOf(entry);
    if (awaitsOrphaning(object) && !(former && awaitsOrphaning(former))) yield keyOf(entry);
    if (awaitsDependents(object) && !(former && awaitsDependents(former))) {
      yield keyOf(entry);
      yield* owners.dependentsOf(entry.uid).map(keyOf);
    }
  }

  /** Owners of the object that may go when it no longer holds them up. */
  function* waitingOwners({ object, namespace }: Entry): Iterable<string> {
    for (const ref of ownersOf(object)) {
      if (owners.stateOf(ref, namespace) === 'waiting') yield keyOf(owners.find(ref, namespace)!);
    }
  }

  // ---- what it does ----

  async function collect(kind: ResourceDefinition, { object, namespace, uid }: Entry): Promise<void> {
    const refs = ownersOf(object);
    const inState = (wanted: string) => refs.filter(ref => owners.stateOf(ref, namespace) === wanted);
    const [solid, dangling, waiting, unknown] = ['solid', 'dangling', 'waiting', 'unknown'].map(inState);
    for (const ref of [...dangling!, ...unknown!]) {
      if (owners.isElsewhere(ref, namespace)) reportInvalidNamespace(object, ref);
    }
    if (refs.length === 0 || unknown!.length > 0) return;
    if (solid!.length > 0) {
      if (solid!.length < refs.length) await setOwners(kind, object, solid!);
      return;
    }
    const dependents = waiting!.length > 0 ? owners.dependentsOf(uid) : [];
    if (dependents.length === 0) {
      await remove(kind, object, policyFor(object));
      return;
    }
    // Owners in a circle would wait for each other for ever.
    if (dependents.some(dependent => awaitsDependents(dependent.object))) {
      await setOwners(
        kind,
        object,
        refs.map(ref => ({ ...ref, blockOwnerDeletion: false })),
      );
    }
    await remove(kind, object, 'Foreground');
  }

  async function remove(
    kind: ResourceDefinition,
    { metadata }: KubeObject,
    propagationPolicy: PropagationPolicy,
  ): Promise<void> {
    const { namespace = '', name, uid } = metadata;
    await registry.delete(kind, namespace, name, { propagationPolicy, preconditions: { uid } });
  }

  /** Takes the owner from all of its dependents, then lets it go. */
  async function orphan(kind: ResourceDefinition, { namespace, name, uid }: Entry): Promise<void> {
    const dependents = owners.dependentsOf(uid);
    for (let i = 0; i < dependents.length; i += BATCH) {
      await Promise.all(dependents.slice(i, i + BATCH).map(dependent => setFree(dependent, uid)));
    }
    const entry = registry.get(kind, namespace, name);
    if (entry?.uid === uid) await removeFinalizer(kind, entry.object, ORPHAN_FINALIZER);
  }

  async function setFree(dependent: Entry, uid: string): Promise<void> {
    const kind = registry.kinds.byResource(dependent.resource)!;
    // As it is now: others may have written it while the batches before were stored.
    const object = registry.get(kind, dependent.namespace, dependent.name)?.object;
    if (!object || !ownersOf(object).some(ref => ref.uid === uid)) return;
    try {
      await setOwners(
        kind,
        object,
        ownersOf(object).filter(ref => ref.uid !== uid),
      );
    } catch (error) {
      // An object that cannot be written any more must not hold its owner for ever.
      if (!StatusError.is(error, 'NotFound') && !StatusError.is(error, 'Invalid')) throw error;
    }
  }

  async function setOwners(
    kind: ResourceDefinition,
    object: KubeObject,
    refs: readonly OwnerReference[],
  ): Promise<void> {
    const { ownerReferences: _, ...metadata } = object.metadata;
    await registry.update(kind, {
      ...object,
      metadata: { ...metadata, ...(refs.length > 0 ? { ownerReferences: [...refs] } : {}) },
    });
  }

  async function removeFinalizer(kind: ResourceDefinition, object: KubeObject, finalizer: string): Promise<void> {
    const finalizers = (object.metadata.finalizers ?? []).filter(f => f !== finalizer);
    await registry.update(kind, { ...object, metadata: { ...object.metadata, finalizers } });
  }

  function reportInvalidNamespace(object: KubeObject, ref: OwnerReference): void {
    const { namespace = '' } = object.metadata;
    const { apiVersion, kind, name, uid } = ref;
    const owner = `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`;
    const message = `ownerRef ${owner} does not exist in namespace ${JSON.stringify(namespace)}`;
    recorder.event(object, 'Warning', 'OwnerRefInvalidNamespace', message);
  }

  return {
    name: 'garbage-collector',
    workers: 64,
    watches: [{ keys, inherits: nothing }],
    async reconcile(key: string) {
      const [resource = '', namespace = '', name = ''] = key.split(' ');
      const kind = registry.kinds.byResource(resource);
      const entry = kind && registry.get(kind, namespace, name);
      if (!entry) return;
      const { object, uid } = entry;
      if (awaitsOrphaning(object)) await orphan(kind, entry);
      else if (awaitsDependents(object)) {
        const held = owners.dependentsOf(uid).some(dependent => blocks(dependent.object, uid));
        if (!held) await removeFinalizer(kind, object, FOREGROUND_FINALIZER);
      } else if (object.metadata.deletionTimestamp === undefined) await collect(kind, entry);
    },
  };
}

const NOTHING: readonly string[] = [];

const keyOf = ({ resource, namespace, name }: Entry) => `${resource} ${namespace} ${name}`;

/** Deletion goes on as the object's own finalizers ask for. */
function policyFor({ metadata }: KubeObject): PropagationPolicy {
  if (metadata.finalizers?.includes(ORPHAN_FINALIZER)) return 'Orphan';
  if (metadata.finalizers?.includes(FOREGROUND_FINALIZER)) return 'Foreground';
  return 'Background';
}

function sameOwners(a: KubeObject, b: KubeObject): boolean {
  const [before, after] = [ownersOf(a), ownersOf(b)];
  if (before === after) return true;
  return before.length === after.length && before.every((ref, i) => equalJson(ref, after[i]));
}
