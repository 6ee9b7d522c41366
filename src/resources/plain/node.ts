import { AGE, column, NAME, printer } from '../printing/printer.js';
import { scalarAt } from './cells.js';
import { plainKind } from './plain-kind.js';

/** `node.k8s.io/v1` */
export const nodeKinds = [
  plainKind({
    group: 'node.k8s.io',
    kind: 'RuntimeClass',
    plural: 'runtimeclasses',
    needsResourceVersion: true,
    namespaced: false,
    createsOnUpdate: true,
    required: ['handler'],
    immutable: ['handler'],
    printer: printer(NAME, column('Handler', 'How containers are run.', scalarAt('handler')), AGE),
  }),
];
