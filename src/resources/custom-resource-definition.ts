import { unreadable } from './custom/readable.js';
import type { CustomResourceDefinition } from './custom/types.js';
import { storageVersion, validateDefinition, validateDefinitionUpdate } from './custom/validation.js';
import { define, statusOf } from './define.js';
import { equalJson } from './json.js';
import { nameAndAge } from './printing/printer.js';
import { withCondition } from './state.js';
import { formatWarnings } from './warnings/custom.js';
import { CUSTOM_RESOURCE_FINALIZER } from './well-known.js';

export const customResourceDefinitions = define<CustomResourceDefinition>({
  group: 'apiextensions.k8s.io',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: [statusOf('CustomResourceDefinition')],
  strategy: {
    needsResourceVersion: true,
    conversionProblem: unreadable,
    setDefaults(object) {
      const { spec, status } = completed(object);
      const { names } = spec;
      names.singular ||= names.kind.toLowerCase();
      if (names.kind) names.listKind ||= `${names.kind}List`;
      spec.conversion ??= { strategy: 'None' };
      status.acceptedNames ??= { plural: '', kind: '' };
      status.conditions ??= [];
    },
    prepareForCreate(object) {
      object.metadata.generation = 1;
      object.status = { conditions: [], acceptedNames: { plural: '', kind: '' }, storedVersions: [] };
      rememberStorage(object);
    },
    prepareForUpdate(object, old) {
      object.status = { ...old.status };
      if (!equalJson(object.spec, old.spec)) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
      rememberStorage(object);
    },
    prepareForStatusUpdate(object, old) {
      object.spec = old.spec;
      const { managedFields } = object.metadata;
      object.metadata = { ...old.metadata, ...(managedFields ? { managedFields } : {}) };
    },
    validate: validateDefinition,
    validateUpdate: validateDefinitionUpdate,
    warnings: formatWarnings,
    // A definition never goes before its objects have gone.
    isHeld: ({ metadata }) => metadata.deletionTimestamp === undefined,
    markTerminating: object => ({
      ...object,
      metadata: {
        ...object.metadata,
        finalizers: [...new Set([...(object.metadata.finalizers ?? []), CUSTOM_RESOURCE_FINALIZER])],
      },
      status: {
        ...object.status,
        conditions: withCondition(object.status.conditions, {
          type: 'Terminating',
          status: 'True',
          reason: 'InstanceDeletionPending',
          message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
          lastTransitionTime: object.metadata.deletionTimestamp!,
        }),
      },
    }),
  },
  printer: nameAndAge,
});

/** The parts that every definition has, so that the rest need not ask. */
function completed(object: CustomResourceDefinition): CustomResourceDefinition {
  object.spec ??= {} as CustomResourceDefinition['spec'];
  object.status ??= {};
  const { spec } = object;
  spec.group ??= '';
  spec.scope ??= '';
  spec.versions ??= [];
  spec.names ??= { plural: '', kind: '' };
  spec.names.plural ??= '';
  spec.names.kind ??= '';
  if (!spec.preserveUnknownFields) delete spec.preserveUnknownFields;
  for (const version of spec.versions) {
    version.name ??= '';
    version.served ??= false;
    version.storage ??= false;
  }
  return object;
}

function rememberStorage({ spec, status }: CustomResourceDefinition): void {
  const storage = storageVersion(spec.versions);
  const stored = status.storedVersions ?? [];
  if (storage !== undefined && !stored.includes(storage)) status.storedVersions = [...stored, storage];
}
