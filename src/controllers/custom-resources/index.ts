import { formatTime } from '../../clock/clock.js';
import { StatusError } from '../../registry/status.js';
import type { CustomResourceDefinition } from '../../resources/custom/types.js';
import { qualifiedName, type ResourceDefinition } from '../../resources/definition.js';
import { customResourceDefinitions } from '../../resources/index.js';
import { equalJson } from '../../resources/json.js';
import { conditionOf, isTerminating, withCondition } from '../../resources/state.js';
import { CUSTOM_RESOURCE_FINALIZER } from '../../resources/well-known.js';
import type { Change } from '../../store/entry.js';
import { type Controller, type ControllerContext, nothing, source } from '../runtime/types.js';
import { namedStatus } from './names.js';

/** Objects deleted in one go. */
const BATCH = 64;

const CRDS = qualifiedName(customResourceDefinitions);

/**
 * Gives CustomResourceDefinitions their names and establishes them, and lets those that are deleted go once the objects of their
 * kind have gone. Upstream runs these controllers inside of kube-apiserver, where nobody can switch them off; it also waits for
 * five seconds before it establishes, so that all of its servers have heard, which one alone has no need for.
 */
export function customResourcesController({ registry }: ControllerContext): Controller {
  const current = (name: string) => registry.get(customResourceDefinitions, '', name)?.object;
  const all = () => registry.all(customResourceDefinitions).map(entry => entry.object);

  /** A name that becomes free may be what others have been waiting for. */
  function* definitionKeys({ type, entry }: Change<CustomResourceDefinition>): Iterable<string> {
    if (type !== 'DELETED') yield entry.name;
    const { group } = entry.object.spec;
    for (const other of all()) if (other.spec.group === group) yield other.metadata.name;
  }

  /** Objects of a custom kind are kept under the name of its definition. */
  function objectKeys({ type, entry }: Change): string[] {
    return type === 'DELETED' && entry.resource !== CRDS && current(entry.resource) ? [entry.resource] : [];
  }

  async function setStatus(crd: CustomResourceDefinition, status: CustomResourceDefinition['status']): Promise<void> {
    if (equalJson(status, crd.status)) return;
    await registry.update(
      customResourceDefinitions,
      { ...crd, status },
      { subresource: 'status', component: 'kube-apiserver' },
    );
  }

  async function setTerminating(name: string, status: 'True' | 'False', reason: string, message: string) {
    const crd = current(name);
    const former = crd && conditionOf(crd, 'Terminating');
    if (!crd || (former?.status === status && former.reason === reason)) return;
    const lastTransitionTime =
      former?.status === status ? (former.lastTransitionTime ?? null) : formatTime(registry.clock.now());
    const condition = { type: 'Terminating', status, reason, message, lastTransitionTime };
    await setStatus(crd, { ...crd.status, conditions: withCondition(crd.status.conditions, condition) });
  }

  async function deleteAll(kind: ResourceDefinition): Promise<void> {
    const entries = registry.all(kind).filter(({ object }) => !isTerminating(object));
    for (let i = 0; i < entries.length; i += BATCH) {
      await Promise.all(
        entries.slice(i, i + BATCH).map(async ({ namespace, name, uid }) => {
          try {
            await registry.delete(kind, namespace, name, { preconditions: { uid } });
          } catch (error) {
            // Somebody else was faster.
            if (!StatusError.is(error, 'NotFound') && !StatusError.is(error, 'Conflict')) throw error;
          }
        }),
      );
    }
  }

  async function cleanUp(name: string): Promise<void> {
    const kind = registry.kinds.byResource(name);
    if (kind && registry.all(kind).length > 0) {
      await setTerminating(name, 'True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress');
      await deleteAll(kind);
      if (registry.all(kind).length > 0) return; // finalizers hold some: woken when they go
    }
    await setTerminating(name, 'False', 'InstanceDeletionCompleted', 'removed all instances');
    const crd = current(name);
    if (!crd) return;
    const finalizers = crd.metadata.finalizers?.filter(f => f !== CUSTOM_RESOURCE_FINALIZER) ?? [];
    await registry.update(
      customResourceDefinitions,
      { ...crd, metadata: { ...crd.metadata, finalizers } },
      { component: 'kube-apiserver' },
    );
  }

  return {
    name: 'custom-resources',
    watches: [source(customResourceDefinitions, definitionKeys), { keys: objectKeys, inherits: nothing }],
    async reconcile(name: string) {
      const crd = current(name);
      if (!crd) return;
      if (!isTerminating(crd)) await setStatus(crd, namedStatus(crd, all(), registry.clock.now()));
      else if (crd.metadata.finalizers?.includes(CUSTOM_RESOURCE_FINALIZER)) await cleanUp(name);
    },
  };
}
