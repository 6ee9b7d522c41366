import { ownersOf } from '../../registry/indexes.js';
import { messageOf, StatusError } from '../../registry/status.js';
import { persistentVolumeClaims, pods } from '../../resources/index.js';
import { isTerminating } from '../../resources/state.js';
import type { KubeObject, Pod } from '../../resources/types.js';
import type { ClaimTemplate } from '../../resources/workload-types.js';
import { keyOf, splitKey } from '../runtime/keys.js';
import { type Controller, type ControllerContext, nothing, source } from '../runtime/types.js';
import { controllerReference } from '../workloads/claim.js';

/** A claim that a pod's volume needs. */
interface Wanted extends ClaimTemplate {
  readonly name: string;
}

type Unnamed = Pick<ClaimTemplate, 'spec'> & Partial<Pick<ClaimTemplate, 'metadata'>>;

/** Makes the claims of ephemeral volumes, which belong to their pod and go with it. */
export function ephemeralVolumeController({ registry, recorder }: ControllerContext): Controller {
  const events = recorder('ephemeral_volume');

  async function make(pod: Pod, { name, metadata: { labels, annotations }, spec }: Wanted): Promise<void> {
    const { namespace = '', name: podName } = pod.metadata;
    const known = registry.get(persistentVolumeClaims, namespace, name)?.object;
    if (known) {
      if (isOwnedBy(known, pod)) return;
      throw new Error(`PVC ${namespace}/${name} was not created for pod ${namespace}/${podName} (pod is not owner)`);
    }
    const metadata = {
      name,
      namespace,
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ownerReferences: [controllerReference(pods, pod)],
    };
    const draft = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec };
    try {
      await registry.create(persistentVolumeClaims, draft, { namespace });
    } catch (error) {
      if (!StatusError.is(error, 'AlreadyExists')) throw new Error(`create PVC ${name}: ${messageOf(error)}`);
    }
  }

  return {
    name: 'ephemeral-volume',
    watches: [
      source(
        pods,
        ({ type, entry }) => (type !== 'DELETED' && templatesOf(entry.object).length > 0 ? [keyOf(entry)] : []),
        nothing,
      ),
      // One that somebody deleted is made again while its pod is there.
      source(persistentVolumeClaims, ({ type, entry }) =>
        type === 'DELETED'
          ? ownersOf(entry.object).flatMap(({ kind, name }) =>
              kind === 'Pod' ? [keyOf({ namespace: entry.namespace, name })] : [],
            )
          : [],
      ),
    ],
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const pod = registry.get(pods, namespace, name)?.object;
      if (!pod || isTerminating(pod)) return;
      for (const template of templatesOf(pod)) {
        try {
          await make(pod, template);
        } catch (error) {
          const message = `ephemeral volume ${template.name.slice(name.length + 1)}: ${messageOf(error)}`;
          events.event(pod, 'Warning', 'FailedBinding', message);
          throw error;
        }
      }
    },
  };
}

const isOwnedBy = (claim: KubeObject, pod: Pod): boolean =>
  ownersOf(claim).some(({ uid, controller }) => controller && uid === pod.metadata.uid);

/** What claims the pod's ephemeral volumes need. */
function templatesOf({ metadata, spec: { volumes = [] } }: Pod): Wanted[] {
  return volumes.flatMap(({ name, ephemeral }) => {
    const template = (ephemeral as { volumeClaimTemplate?: Unnamed } | undefined)?.volumeClaimTemplate;
    return template
      ? [{ spec: template.spec, metadata: template.metadata ?? {}, name: `${metadata.name}-${name}` }]
      : [];
  });
}
