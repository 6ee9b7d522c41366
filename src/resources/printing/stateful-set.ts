import type { StatefulSet } from '../workload-types.js';
import { containerColumns } from './containers.js';
import { AGE, column, NAME, printer } from './printer.js';

/** `kubectl get statefulsets` */
export const printStatefulSet = printer<StatefulSet>(
  NAME,
  column(
    'Ready',
    'Pods that are ready, of all that should be.',
    o => `${o.status.readyReplicas ?? 0}/${o.spec.replicas}`,
  ),
  AGE,
  ...containerColumns<StatefulSet>(o => o.spec.template.spec.containers),
);
