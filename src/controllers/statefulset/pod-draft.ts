import { statefulSets } from '../../resources/index.js';
import type { Draft, Pod, PodTemplateSpec } from '../../resources/types.js';
import type { StatefulSet } from '../../resources/workload-types.js';
import { podMetadata } from '../workloads/pod-template.js';
import { REVISION_HASH_LABEL } from '../workloads/revisions.js';
import { claimName } from './claims.js';
import { POD_INDEX_LABEL, POD_NAME_LABEL, podName } from './set-pods.js';

/**
 * The pod of an ordinal: its name is its own, its host name is its name, and its claims come back to it. Mirrors
 * `newVersionedStatefulSetPod`.
 * @param revision the name of the revision that `template` is of
 */
export function podDraft(set: StatefulSet, template: PodTemplateSpec, revision: string, ordinal: number): Draft<Pod> {
  const name = podName(set, ordinal);
  const labels = {
    ...identityLabels(set, ordinal),
    [POD_INDEX_LABEL]: String(ordinal),
    [REVISION_HASH_LABEL]: revision,
  };
  const claims = (set.spec.volumeClaimTemplates ?? []).map(({ metadata: { name: volume = '' } }) => ({
    name: volume,
    persistentVolumeClaim: { claimName: claimName(set, volume, ordinal) },
  }));
  const others = (template.spec.volumes ?? []).filter(volume => !claims.some(claim => claim.name === volume.name));
  const volumes = [...claims, ...others];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...podMetadata(statefulSets, set, template, labels), name },
    spec: {
      ...template.spec,
      hostname: name,
      ...(set.spec.serviceName ? { subdomain: set.spec.serviceName } : {}),
      ...(volumes.length > 0 ? { volumes } : {}),
    },
    status: {},
  };
}

/** The labels that a pod must always have. */
export const identityLabels = (set: StatefulSet, ordinal: number) => ({ [POD_NAME_LABEL]: podName(set, ordinal) });
