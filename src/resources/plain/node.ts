import { AGE, column, NAME, printer } from '../printing/printer.js';
import { type RuntimeClass, validateRuntimeClass } from '../validation/runtime-class.js';
import { nodeLabelWarnings } from '../warnings/node-labels.js';
import { scalarAt } from './cells.js';
import { plainKind } from './plain-kind.js';

/** `node.k8s.io/v1` */
export const nodeKinds = [
  plainKind<RuntimeClass>({
    group: 'node.k8s.io',
    kind: 'RuntimeClass',
    plural: 'runtimeclasses',
    needsResourceVersion: true,
    namespaced: false,
    createsOnUpdate: true,
    immutable: ['handler'],
    strategy: {
      validate: validateRuntimeClass,
      warnings: ({ scheduling }) =>
        Object.keys(scheduling?.nodeSelector ?? {}).flatMap(label =>
          nodeLabelWarnings('scheduling.nodeSelector', label),
        ),
    },
    printer: printer(NAME, column('Handler', 'How containers are run.', scalarAt('handler')), AGE),
  }),
];
