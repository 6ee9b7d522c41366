import { apiVersionOf, type Era, type ResourceDefinition, schemaNameOf } from './definition.js';
import { BUILT_IN, KindTable } from './index.js';
import { OLD_DAEMON_SETS } from './old-daemon-sets.js';
import { podDisruptionBudgets } from './pod-disruption-budget.js';

/** An earlier version of a kind, with the same fields: answered, and told of nowhere. */
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

/** Versions that Kubernetes 1.35 serves no more. */
const OLD_VERSIONS: readonly ResourceDefinition[] = [
  ...OLD_DAEMON_SETS,
  // A kube-scheduler of 1.20 waits for it before it begins.
  oldVersion(podDisruptionBudgets as unknown as ResourceDefinition, 'v1beta1'),
];

/** The kinds that are there from the start, in the versions that an age serves. Clients look for a kind in old groups first, as then. */
export function kindsOf(era: Era): KindTable {
  return new KindTable([...OLD_VERSIONS, ...BUILT_IN].filter(kind => kind.era === undefined || kind.era === era));
}
