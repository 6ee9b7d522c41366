import { messageOf, StatusError } from '../../registry/status.js';
import type { ResourceDefinition } from '../../resources/definition.js';
import { namespaces, pods } from '../../resources/index.js';
import { hasEnded, isTerminating } from '../../resources/state.js';
import type { Namespace, Pod } from '../../resources/types.js';
import { NAMESPACE_FINALIZER } from '../../resources/well-known.js';
import type { Change, Entry } from '../../store/entry.js';
import { type Controller, type ControllerContext, nothing, type Queue, source } from '../runtime/types.js';
import { type Remaining, withDeletionConditions } from './conditions.js';

/** Objects deleted in one go. */
const BATCH = 64;
/** Seconds that finalizers are given, where no grace period says how long it takes. */
const FINALIZERS_ESTIMATE = 15;

/** What a deletion waits for before it is worth another look. */
interface Wait {
  readonly kinds: readonly ResourceDefinition[];
  /** When to look regardless, ms since the epoch. */
  readonly until: number;
}

/**
 * Empties namespaces that are deleted, and lets them go when nothing is left: pods first, since they may still use the
 * rest while they end (`OrderedNamespaceDeletion`), then all the other kinds. What remains, and which finalizers hold
 * it, is told in conditions.
 *
 * Upstream looks again after half of the longest grace period. So does this one, and besides at once when the last
 * object goes.
 */
export function namespaceController({ registry }: ControllerContext): Controller {
  const contentKinds = () => registry.kinds.stored().filter(kind => kind.namespaced && kind.verbs.includes('delete'));
  const waits = new Map<string, Wait>();

  const isEmpty = (kinds: readonly ResourceDefinition[], namespace: string) =>
    kinds.every(kind => registry.all(kind, namespace).length === 0);

  function contentKeys({ type, entry }: Change): string[] {
    return type === 'DELETED' && waits.has(entry.namespace) ? [entry.namespace] : [];
  }

  /** Asks for the deletion of all objects of a kind; answers what spoke against it. */
  async function deleteAll(kind: ResourceDefinition, namespace: string): Promise<string[]> {
    const errors: string[] = [];
    const entries = registry.all(kind, namespace);
    for (let i = 0; i < entries.length; i += BATCH) {
      await Promise.all(
        entries.slice(i, i + BATCH).map(async ({ name, uid }) => {
          try {
            await registry.delete(kind, namespace, name, { propagationPolicy: 'Background', preconditions: { uid } });
          } catch (error) {
            if (!StatusError.is(error, 'NotFound') && !StatusError.is(error, 'Conflict')) errors.push(messageOf(error));
          }
        }),
      );
    }
    return errors;
  }

  async function setConditions(namespace: Namespace, remaining: Remaining): Promise<void> {
    const before = namespace.status.conditions ?? [];
    const conditions = withDeletionConditions(before, remaining, registry.clock.now());
    if (conditions === before && namespace.status.phase === 'Terminating') return;
    const status = { ...namespace.status, phase: 'Terminating', conditions: [...conditions] };
    await registry.update(namespaces, { ...namespace, status }, { subresource: 'status' });
  }

  async function empty(name: string, kinds: readonly ResourceDefinition[]): Promise<Remaining> {
    const errors: string[] = [];
    for (const kind of kinds) errors.push(...(await deleteAll(kind, name)));
    return { ...whatRemains(kinds.flatMap(kind => registry.all(kind, name))), errors };
  }

  /** Seconds after which it may be over: the longest grace period of a pod, or what finalizers are given. */
  function estimate(name: string): number {
    const grace = registry.all(pods, name).map(({ object }) => graceLeft(object));
    return Math.max(...grace, 0) || FINALIZERS_ESTIMATE;
  }

  return {
    name: 'namespace',
    workers: 10,
    watches: [
      source(namespaces, ({ type, entry }) => (type !== 'DELETED' && isTerminating(entry.object) ? [entry.name] : [])),
      { keys: contentKeys, inherits: nothing },
    ],
    async reconcile(name: string, queue: Queue) {
      const now = registry.clock.now();
      const wait = waits.get(name);
      const current = () => registry.get(namespaces, '', name)?.object;
      const namespace = current();
      if (!namespace || !isTerminating(namespace) || !namespace.spec.finalizers?.includes(NAMESPACE_FINALIZER)) {
        waits.delete(name);
        return;
      }
      if (wait && now < wait.until && !isEmpty(wait.kinds, name)) return;

      const kinds = contentKinds();
      const onlyPods = !isEmpty([pods], name);
      let remaining = await empty(name, onlyPods ? [pods] : kinds);
      if (onlyPods && isEmpty([pods], name)) remaining = await empty(name, kinds);
      const latest = current();
      if (!latest || latest.metadata.uid !== namespace.metadata.uid) return;
      await setConditions(latest, remaining);
      if (isEmpty(kinds, name)) {
        waits.delete(name);
        await finalize(current());
        return;
      }
      const seconds = Math.floor(estimate(name) / 2) + 1;
      waits.set(name, { kinds: isEmpty([pods], name) ? kinds : [pods], until: now + seconds * 1000 });
      queue.addAfter(name, seconds * 1000, 'upkeep');
    },
  };

  async function finalize(namespace: Namespace | undefined): Promise<void> {
    if (!namespace) return;
    const finalizers = namespace.spec.finalizers?.filter(f => f !== NAMESPACE_FINALIZER) ?? [];
    await registry.update(
      namespaces,
      { ...namespace, spec: { ...namespace.spec, finalizers } },
      { subresource: 'finalize' },
    );
  }
}

function graceLeft(pod: Pod): number {
  const { metadata, spec } = pod;
  if (hasEnded(pod)) return 0;
  return metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 0;
}

function whatRemains(entries: readonly Entry[]): Omit<Remaining, 'errors'> {
  const resources = new Map<string, number>();
  const finalizers = new Map<string, number>();
  const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const { resource, object } of entries) {
    count(resources, resource.includes('.') ? resource : `${resource}.`);
    for (const finalizer of object.metadata.finalizers ?? []) count(finalizers, finalizer);
  }
  return { resources, finalizers };
}
