import { formatLabelSelector, formatLabels } from '../selector.js';
import type { KubeObject } from '../types.js';
import type { ReplicaSet, ReplicaStatus, ReplicationController } from '../workload-types.js';
import { containerColumns } from './containers.js';
import { AGE, column, NAME, type PrintedColumn, printer, wide } from './printer.js';

type Counted = KubeObject & { spec: { replicas: number }; status: ReplicaStatus };

const COUNTS: readonly PrintedColumn<Counted>[] = [
  column('Desired', 'Pods that should be there.', o => o.spec.replicas, 'integer'),
  column('Current', 'Pods that are there.', o => o.status.replicas ?? 0, 'integer'),
  column('Ready', 'Pods that are ready.', o => o.status.readyReplicas ?? 0, 'integer'),
];
const SELECTOR = 'Labels of the pods that belong to it.';

/** `kubectl get replicasets` */
export const printReplicaSet = printer<ReplicaSet>(
  NAME,
  ...COUNTS,
  AGE,
  ...containerColumns<ReplicaSet>(o => o.spec.template.spec.containers),
  wide('Selector', SELECTOR, o => formatLabelSelector(o.spec.selector)),
);

/** `kubectl get replicationcontrollers` */
export const printReplicationController = printer<ReplicationController>(
  NAME,
  ...COUNTS,
  AGE,
  ...containerColumns<ReplicationController>(o => o.spec.template?.spec.containers ?? []),
  wide('Selector', SELECTOR, o => formatLabels(o.spec.selector)),
);
