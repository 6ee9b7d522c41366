import { daemonSets, TEMPLATE_GENERATION, templateGeneration } from './daemon-set.js';
import { type AnyDraft, apiVersionOf, type ResourceDefinition, type Strategy, schemaNameOf } from './definition.js';
import { without } from './json.js';
import type { DaemonSet, DaemonSetSpec, Draft } from './types.js';
import { validateDaemonSetReplacement } from './validation/daemon-set.js';

/** The spec of `extensions/v1beta1`: what is an annotation elsewhere is a field. */
type ExtensionsSpec = DaemonSetSpec & { templateGeneration?: number };

/** DaemonSets as a version showed them that was served until 1.16, over the same objects. */
function oldDaemonSets(
  gv: { readonly group: string; readonly version: string },
  rules: Pick<Strategy<DaemonSet>, 'defaultPropagation' | 'validateUpdate'>,
  toStored: (object: Draft<DaemonSet>) => Draft<DaemonSet>,
  fromStored: (object: DaemonSet) => DaemonSet,
): ResourceDefinition {
  const at = <T extends object>(object: T, apiVersion: string): T => ({ ...object, apiVersion });
  // Requests in this version are held to its own rules, and otherwise to those of the version that is stored.
  const worker = { ...daemonSets, strategy: { ...daemonSets.strategy, ...rules } };
  return {
    ...(daemonSets as unknown as ResourceDefinition),
    ...gv,
    era: '1.11',
    schema: schemaNameOf({ ...gv, kind: daemonSets.kind }),
    stored: {
      kind: worker as unknown as ResourceDefinition,
      toStored: object => at(toStored(object as Draft<DaemonSet>), apiVersionOf(daemonSets)) as AnyDraft,
      fromStored: object => at(fromStored(object as DaemonSet), apiVersionOf(gv)),
    },
  };
}

/** The first version: the pods' labels say what is selected, and old pods stay until somebody deletes them. */
function fromExtensions(object: Draft<DaemonSet>): Draft<DaemonSet> {
  const { templateGeneration, ...spec } = (object.spec ?? {}) as ExtensionsSpec;
  const labels = spec.template?.metadata?.labels;
  const own = object.metadata.labels;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      ...(labels && Object.keys(own ?? {}).length === 0 ? { labels } : {}),
      annotations: { ...object.metadata.annotations, [TEMPLATE_GENERATION]: String(templateGeneration ?? 0) },
    },
    spec: {
      ...spec,
      ...(labels && !spec.selector ? { selector: { matchLabels: labels } } : {}),
      updateStrategy: { ...spec.updateStrategy, type: spec.updateStrategy?.type || 'OnDelete' },
    },
  };
}

function toExtensions(object: DaemonSet): DaemonSet {
  const { annotations = {}, ...metadata } = object.metadata;
  const others = without(annotations, TEMPLATE_GENERATION) as Record<string, string>;
  const spec: ExtensionsSpec = { ...object.spec, templateGeneration: templateGeneration(object) ?? 0 };
  return {
    ...object,
    metadata: Object.keys(others).length > 0 ? { ...metadata, annotations: others } : metadata,
    spec,
  };
}

const asItIs = <T>(object: T): T => object;

/** The versions of DaemonSets that 1.11 served beside `apps/v1`. Who deleted through one of them kept the pods (API-11). */
export const OLD_DAEMON_SETS: readonly ResourceDefinition[] = [
  oldDaemonSets(
    { group: 'extensions', version: 'v1beta1' },
    { defaultPropagation: 'Orphan', validateUpdate: validateDaemonSetReplacement },
    fromExtensions,
    toExtensions,
  ),
  oldDaemonSets({ group: 'apps', version: 'v1beta2' }, { defaultPropagation: 'Orphan' }, asItIs, asItIs),
];
