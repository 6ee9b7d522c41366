import type { Pod } from './types.js';

/** Whether a pod asks the cluster's DNS for names; otherwise it asks whom its node asks. */
export const asksClusterDns = ({ spec }: Pod): boolean =>
  spec.dnsPolicy === 'ClusterFirstWithHostNet' ||
  ((spec.dnsPolicy ?? 'ClusterFirst') === 'ClusterFirst' && !spec.hostNetwork);

/** The ends with which a pod's resolver tries a name that is not written out: those of its namespace, then its own. */
export function searchPath(pod: Pod): string[] {
  const domains = asksClusterDns(pod)
    ? [`${pod.metadata.namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local']
    : [];
  return [...domains, ...(pod.spec.dnsConfig?.searches ?? [])];
}
