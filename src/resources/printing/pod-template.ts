import { formatLabels } from '../selector.js';
import type { PodTemplate } from '../workload-types.js';
import { containerColumns } from './containers.js';
import { column, NAME, printer } from './printer.js';

/** `kubectl get podtemplates` */
export const printPodTemplate = printer<PodTemplate>(
  NAME,
  ...containerColumns<PodTemplate>(o => o.template.spec.containers).map(shown => ({ ...shown, priority: 0 as const })),
  column('Pod Labels', 'Labels of the pods that are made from it.', o => formatLabels(o.template.metadata?.labels)),
);
