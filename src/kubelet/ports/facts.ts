import { controllerOf } from '../../registry/indexes.js';
import type { Pod } from '../../resources/types.js';

/** Who a pod is, as it tells of itself. */
export function factsOf({ metadata, spec, status, ...pod }: Pod): Record<string, string> {
  const { name, namespace = '', labels = {} } = metadata;
  const owner = controllerOf({ metadata, ...pod });
  const revision = labels['controller-revision-hash'] ?? labels['pod-template-hash'];
  return {
    pod: name,
    namespace,
    node: spec.nodeName ?? '',
    podIP: status.podIP ?? '',
    ...(owner ? { [owner.kind === 'DaemonSet' ? 'daemonSet' : 'owner']: owner.name } : {}),
    ...(revision ? { revision } : {}),
    image: spec.containers[0]?.image ?? '',
  };
}
