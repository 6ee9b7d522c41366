import { formatLabelSelector, formatLabels } from '../selector.js';
import type { DaemonSet } from '../types.js';
import { containerColumns } from './containers.js';
import { AGE, column, NAME, orNone, printer, wide } from './printer.js';

/** `kubectl get daemonsets` (TAB-01, TAB-02) */
export const printDaemonSet = printer<DaemonSet>(
  NAME,
  column('Desired', 'Nodes that should run a pod.', o => o.status.desiredNumberScheduled, 'integer'),
  column('Current', 'Nodes that should run a pod and have one.', o => o.status.currentNumberScheduled, 'integer'),
  column('Ready', 'Nodes whose pod is ready.', o => o.status.numberReady, 'integer'),
  column(
    'Up-to-date',
    'Nodes whose pod is of the newest template.',
    o => o.status.updatedNumberScheduled ?? 0,
    'integer',
  ),
  column('Available', 'Nodes whose pod has been ready for long enough.', o => o.status.numberAvailable ?? 0, 'integer'),
  column('Node Selector', 'Labels of the nodes that are meant.', o =>
    orNone(formatLabels(o.spec.template.spec.nodeSelector)),
  ),
  AGE,
  ...containerColumns<DaemonSet>(o => o.spec.template.spec.containers),
  wide('Selector', 'Labels of the pods that belong to the set.', o => formatLabelSelector(o.spec.selector)),
);
