import { compileDaemonPlacement } from '../../../placement/daemon.js';
import { equalJson } from '../../../resources/json.js';
import type { Node } from '../../../resources/types.js';
import { sharedSpec } from '../../workloads/pod-template.js';
import { decideManage } from '../manage.js';
import { pinnedTo } from '../pod-template.js';
import { decideRollingUpdate } from '../rolling-update.js';
import type { DaemonSchedulingFactory } from './era.js';

/**
 * Since 1.12: a pod is made for its node by an affinity to the node's name, and the default scheduler binds it. Whether a node
 * is to have one depends on its name, labels and taints alone.
 */
export const scheduledByScheduler: DaemonSchedulingFactory = () => ({
  statusAfterFailure: true,
  asksScheduler: true,
  keepsEnded: false,
  compile({ spec: { template } }) {
    const placement = compileDaemonPlacement(template);
    const spec = sharedSpec({ ...template.spec, tolerations: [...placement.tolerations] });
    return {
      stable: true,
      verdict({ name, object }) {
        const { shouldRun, shouldContinue } = placement.verdict(object);
        return { name, wanted: shouldRun, shouldRun, shouldContinue };
      },
      explain: ({ object }) => placement.explain(object).checks,
      specFor: node => ({ ...spec, affinity: pinnedTo(node, spec.affinity) }),
    };
  },
  decideManage,
  decideRollingUpdate,
  concerns: (before, after) => !sameIdentity(before, after),
  wokenBy: () => [],
  decided: () => {},
  checkManaged: () => {},
});

/** Whether two versions of a node agree in labels and taints. */
export function sameIdentity(before: Node, after: Node): boolean {
  return equalJson(before.metadata.labels, after.metadata.labels) && equalJson(before.spec?.taints, after.spec?.taints);
}
