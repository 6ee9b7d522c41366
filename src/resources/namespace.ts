import { define, statusOf } from './define.js';
import type { FieldError } from './field-error.js';
import { validateFinalizerName } from './metadata.js';
import { AGE, column, NAME, printer } from './printing/printer.js';
import type { Namespace } from './types.js';
import { checkLabel } from './validation/names.js';
import { NAMESPACE_FINALIZER } from './well-known.js';

export const namespaces = define<Namespace>({
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: [statusOf('Namespace'), { name: 'finalize', kind: 'Namespace', verbs: ['update'] }],
  validName: checkLabel,
  selectableFields: { 'status.phase': o => o.status.phase ?? '' },
  strategy: {
    setDefaults(object) {
      object.spec ??= {};
      object.status ??= {};
      const { metadata } = object;
      if (metadata.name) metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
    },
    prepareForCreate(object) {
      object.status = { phase: 'Active' };
      const finalizers = object.spec.finalizers ?? [];
      if (!finalizers.includes(NAMESPACE_FINALIZER)) object.spec.finalizers = [...finalizers, NAMESPACE_FINALIZER];
    },
    prepareForUpdate(object, old) {
      object.spec.finalizers = old.spec.finalizers ?? [];
      object.status = old.status;
    },
    prepareForStatusUpdate(object, old) {
      object.spec = old.spec;
    },
    prepareForFinalize(object, old) {
      object.status = old.status;
    },
    validate: validateFinalizers,
    validateUpdate: validateFinalizers,
    isHeld: object => (object.spec.finalizers?.length ?? 0) > 0,
    markTerminating: object => ({ ...object, status: { ...object.status, phase: 'Terminating' } }),
  },
  printer: printer<Namespace>(
    NAME,
    column('Status', 'Active, or Terminating while its content is being deleted.', o => o.status.phase ?? ''),
    AGE,
  ),
});

/** Mirrors `ValidateNamespace` and `ValidateNamespaceFinalizeUpdate`; other updates leave these finalizers as they are. */
function validateFinalizers({ spec }: Namespace): FieldError[] {
  const errors: FieldError[] = [];
  spec.finalizers?.forEach((finalizer, i) => {
    validateFinalizerName(errors, `spec.finalizers[${i}]`, finalizer);
  });
  return errors;
}
