import type { Registry } from '../../src/registry/registry.js';
import { StatusError } from '../../src/registry/status.js';
import { daemonSets, nodes } from '../../src/resources/index.js';
import { limitRanges } from '../../src/resources/limit-range.js';
import { resourceQuotas } from '../../src/resources/resource-quota.js';
import type { Node } from '../../src/resources/types.js';
import type { World } from './play.js';

const BEARABLE = ['NotFound', 'AlreadyExists', 'Conflict', 'InternalError', 'Forbidden'];

/** Does something that may be refused as anybody may be: gone, taken, changed meanwhile, not stored, not allowed. */
export async function attempt(deed: () => Promise<unknown>): Promise<void> {
  try {
    await deed();
  } catch (error) {
    if (!BEARABLE.some(reason => StatusError.is(error, reason))) throw error;
  }
}

/** The namespace that may end. */
export const MORTAL_NAMESPACE = 'other';

const NAME = 'few';

/** From now on a namespace may have so many pods. */
export async function putQuota(registry: Registry, namespace: string, pods: number | 'any'): Promise<void> {
  const known = registry.get(resourceQuotas, namespace, NAME)?.object;
  if (known) await registry.delete(resourceQuotas, namespace, NAME);
  if (pods === 'any') return;
  await registry.create(resourceQuotas, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { namespace, name: NAME },
    spec: { hard: { pods: String(pods) } },
    status: {},
  });
}

/** From now on containers in a namespace may have so much processor time; whoever asks for none has none. */
export async function putLimit(registry: Registry, namespace: string, cpu: string): Promise<void> {
  const known = registry.get(limitRanges, namespace, NAME)?.object;
  if (known) await registry.delete(limitRanges, namespace, NAME);
  if (cpu === 'any') return;
  await registry.create(limitRanges, {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { namespace, name: NAME },
    spec: { limits: [{ type: 'Container', max: { cpu }, defaultRequest: { cpu: '0' } }] },
  });
}

/**
 * What keeps a cluster from its rest is no more: kubelets that were told to misbehave, pods that are not allowed, and taints that are
 * tolerated for a time only, so that one pod goes after the other.
 */
export async function repair({ registry }: World): Promise<void> {
  for (const { namespace } of registry.all(resourceQuotas)) await attempt(() => putQuota(registry, namespace, 'any'));
  for (const { namespace } of registry.all(limitRanges)) await attempt(() => putLimit(registry, namespace, 'any'));
  const metadata = { annotations: { 'kubette.dev/behavior': null } };
  for (const { name, object } of registry.all(nodes)) {
    const body = { metadata, spec: { taints: tiresNobody(registry, object) } };
    await registry.patch(nodes, '', name, { type: 'merge', body });
  }
}

/** The taints of a node but those that some set tolerates for a time. */
function tiresNobody(registry: Registry, { spec: { taints = [] } }: Node) {
  const tolerations = registry.all(daemonSets).flatMap(({ object }) => object.spec.template.spec.tolerations ?? []);
  const passing = new Set(tolerations.filter(t => t.tolerationSeconds !== undefined).map(t => t.key));
  return taints.filter(({ key, effect }) => effect !== 'NoExecute' || !passing.has(key));
}

/** Brings every set to the mind of its controller. */
export async function nudge({ registry }: World): Promise<void> {
  const body = { metadata: { annotations: { note: 'again' } } };
  for (const { namespace, name } of registry.all(daemonSets))
    await registry.patch(daemonSets, namespace, name, { type: 'merge', body });
}
