import { formatLabelSelector } from '../selector.js';
import type { Deployment } from '../workload-types.js';
import { containerColumns } from './containers.js';
import { AGE, column, NAME, printer, wide } from './printer.js';

/** `kubectl get deployments` */
export const printDeployment = printer<Deployment>(
  NAME,
  column(
    'Ready',
    'Pods that are ready, of all that should be.',
    o => `${o.status.readyReplicas ?? 0}/${o.spec.replicas}`,
  ),
  column('Up-to-date', 'Pods of the newest template.', o => o.status.updatedReplicas ?? 0),
  column('Available', 'Pods that have been ready for long enough.', o => o.status.availableReplicas ?? 0),
  AGE,
  ...containerColumns<Deployment>(o => o.spec.template.spec.containers),
  wide('Selector', 'Labels of the pods that belong to it.', o => formatLabelSelector(o.spec.selector)),
);
