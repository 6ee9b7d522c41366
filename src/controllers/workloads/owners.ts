import { controllerOf } from '../../registry/indexes.js';
import type { Registry } from '../../registry/registry.js';
import type { ResourceDefinition } from '../../resources/definition.js';
import { equalJson } from '../../resources/json.js';
import type { LabelMatcher } from '../../resources/selector.js';
import type { KubeObject, OwnerReference } from '../../resources/types.js';
import type { Change, Entry } from '../../store/entry.js';
import { keyOf } from '../runtime/keys.js';

const NOBODY: readonly string[] = [];

/**
 * The objects of kind `owner` (as keys) that a change of something that they may own concerns: the one that controls it and, if
 * that has changed, the one before; for an orphan that is new, or has new labels, every one that might adopt it (CTL-02..04).
 * An orphan without labels concerns nobody until it is found by a look for other reasons.
 * Costs next to nothing where there are no such objects, and for what others own.
 * @param selectorOf what an owner selects; asked only for orphans
 */
export function concernedOwners<O extends KubeObject>(
  registry: Registry,
  owner: ResourceDefinition<O>,
  selectorOf: (entry: Entry<O>) => LabelMatcher,
): (change: Change) => readonly string[] {
  const keysOf = (namespace: string, { kind, name, uid }: OwnerReference): readonly string[] =>
    kind === owner.kind && registry.get(owner, namespace, name)?.uid === uid ? [keyOf({ namespace, name })] : NOBODY;

  return ({ type, entry, previous }) => {
    if (registry.all(owner, entry.namespace).length === 0) return NOBODY;
    const { object } = entry;
    const controller = controllerOf(object);
    const before = previous && controllerOf(previous.object);
    const keys = controller ? keysOf(entry.namespace, controller) : NOBODY;
    const former = before && before.uid !== controller?.uid ? keysOf(entry.namespace, before) : NOBODY;
    if (controller || type === 'DELETED' || object.metadata.deletionTimestamp !== undefined)
      return [...keys, ...former];
    const { labels } = object.metadata;
    const isNews = !previous || before !== undefined || !equalJson(previous.object.metadata.labels, labels);
    if (!isNews || Object.keys(labels ?? {}).length === 0) return former;
    const adopters = registry.all(owner, entry.namespace).filter(candidate => selectorOf(candidate).matches(labels));
    return [...former, ...adopters.map(keyOf)];
  };
}

/**
 * Does something for an owner; what fails because the owner has gone meanwhile needs nothing more.
 * @throws Error what failed while the owner was there
 */
export async function unlessGone<O extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<O>,
  { metadata: { namespace = '', name, uid } }: O,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (registry.get(kind, namespace, name)?.uid === uid) throw error;
  }
}
