import { apiVersionOf, type ResourceDefinition, schemaNameOf } from './definition.js';
import { podDisruptionBudgets } from './pod-disruption-budget.js';

/** An earlier version of a kind, with the same fields. */
function oldVersion(kind: ResourceDefinition, version: string): ResourceDefinition {
  const { group } = kind;
  const at =
    (apiVersion: string) =>
    <T>(object: T): T => ({ ...object, apiVersion });
  return {
    ...kind,
    version,
    schema: schemaNameOf({ group, version, kind: kind.kind }),
    unlisted: true,
    stored: { kind, toStored: at(apiVersionOf(kind)), fromStored: at(apiVersionOf({ group, version })) },
  };
}

/**
 * Versions that Kubernetes 1.35 serves no more, and that a kube-scheduler of 1.20 waits for before it begins. They are answered,
 * and told of nowhere.
 */
export const OLD_VERSIONS: readonly ResourceDefinition[] = [
  oldVersion(podDisruptionBudgets as unknown as ResourceDefinition, 'v1beta1'),
];
