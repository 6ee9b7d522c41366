import { hasRollouts, type Rolling } from '../../explain/rollout.js';
import { RolloutFeed } from '../../explain/rollout-feed.js';
import { kindNamed } from '../../registry/kind-names.js';
import { StatusError } from '../../registry/status.js';
import { qualifiedName, type ResourceDefinition } from '../../resources/definition.js';
import { daemonSets, pods } from '../../resources/index.js';
import type { GraphContext } from '../context.js';
import { badInput } from '../errors.js';
import type { RequireFields, SubscriptionRolloutArgs } from '../generated.js';
import type { View } from '../view.js';
import { MACHINE } from './cluster-map.js';

/**
 * A rollout as it goes on.
 * @throws GraphQLError for a kind that has no rollouts; StatusError 403, 404 and 410 (as rejections)
 */
export async function rolloutFeed(
  { views, resumeFrom }: GraphContext,
  args: RequireFields<SubscriptionRolloutArgs, 'namespace' | 'untilDone'>,
): Promise<RolloutFeed> {
  const { present } = views;
  const { registry } = present;
  const { namespace, untilDone } = args;
  const [kind, name] = rollingNamed(present, args);
  present.check('get', kind, namespace, name);
  present.checkList(pods, namespace);
  const at = resumeFrom ?? args.since;
  const known = at == null ? undefined : (await views.of({ at })).registry;
  const entry = registry.get(kind, namespace, name);
  if (!entry) throw StatusError.notFound(kind, name);
  return new RolloutFeed(registry, kind, entry, { known, untilDone, machine: MACHINE });
}

/** The kind and the name of what has the rollout. */
function rollingNamed(
  { registry }: View,
  { daemonSet, kind: named, name }: Partial<SubscriptionRolloutArgs>,
): [ResourceDefinition<Rolling>, string] {
  if (daemonSet != null && named == null && name == null)
    return [daemonSets as ResourceDefinition as ResourceDefinition<Rolling>, daemonSet];
  if (daemonSet != null || named == null || name == null)
    throw badInput('name either a DaemonSet, or a kind and a name');
  const kind = kindNamed(registry, named, null);
  if (!hasRollouts(qualifiedName(kind))) throw badInput(`${qualifiedName(kind)} have no rollouts`);
  return [kind as ResourceDefinition as ResourceDefinition<Rolling>, name];
}
