import { type FieldError, forbidden, invalid, notSupported } from '../field-error.js';
import { equalJson } from '../json.js';
import type { PodTemplateSpec } from '../types.js';
import type { StatefulSet, StatefulSetUpdateStrategy } from '../workload-types.js';
import { checkIntOrPercent, isZero } from './int-or-percent.js';
import { addProblems, checkNotNegative } from './messages.js';
import { checkLabel } from './names.js';
import { validatePodTemplate } from './pod-template.js';
import { validateRunsForever, validateSetSelector, validateTemplateLabels } from './replicas.js';

const RETENTION_POLICIES = ['Retain', 'Delete'];

/** Mirrors `ValidateStatefulSetSpec`. */
export function validateStatefulSet({ spec }: StatefulSet): FieldError[] {
  const errors: FieldError[] = [];
  const { podManagementPolicy: management, persistentVolumeClaimRetentionPolicy: retention, template } = spec;
  if (management !== 'OrderedReady' && management !== 'Parallel') {
    errors.push(invalid('spec.podManagementPolicy', management, "must be 'OrderedReady' or 'Parallel'"));
  }
  validateUpdateStrategy(errors, spec.updateStrategy);
  for (const when of ['whenDeleted', 'whenScaled'] as const) {
    if (RETENTION_POLICIES.includes(retention[when])) continue;
    errors.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${when}`, retention[when], RETENTION_POLICIES));
  }
  checkNotNegative(errors, 'spec.replicas', spec.replicas);
  checkNotNegative(errors, 'spec.minReadySeconds', spec.minReadySeconds);
  checkNotNegative(errors, 'spec.ordinals.start', spec.ordinals?.start);
  if (spec.serviceName) addProblems(errors, 'spec.serviceName', spec.serviceName, checkLabel(spec.serviceName));
  if (validateSetSelector(errors, spec.selector, 'empty selector is invalid for statefulset')) {
    validateTemplateLabels(errors, spec.selector, template);
    validatePodTemplate(errors, 'spec.template', withClaims(spec));
  } else errors.push(invalid('spec.selector', spec.selector, ''));
  validateRunsForever(errors, 'StatefulSet', template);
  return errors;
}

/** The template as the pods will be: with a volume for each claim of their own. */
function withClaims({ template, volumeClaimTemplates = [] }: StatefulSet['spec']): PodTemplateSpec {
  const { volumes = [] } = template.spec;
  const known = new Set(volumes.map(v => v.name));
  const claims = volumeClaimTemplates.flatMap(({ metadata: { name = '' } = {} }) =>
    name && !known.has(name) ? [{ name, persistentVolumeClaim: { claimName: name } }] : [],
  );
  return claims.length ? { ...template, spec: { ...template.spec, volumes: [...volumes, ...claims] } } : template;
}

function validateUpdateStrategy(errors: FieldError[], strategy: StatefulSetUpdateStrategy): void {
  const path = 'spec.updateStrategy';
  const { type, rollingUpdate } = strategy;
  if (type === 'OnDelete') {
    if (rollingUpdate)
      errors.push(invalid(`${path}.rollingUpdate`, rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'"));
  } else if (type !== 'RollingUpdate') {
    errors.push(invalid(path, strategy, "must be 'RollingUpdate' or 'OnDelete'"));
  } else if (rollingUpdate) {
    const { partition, maxUnavailable } = rollingUpdate;
    checkNotNegative(errors, `${path}.rollingUpdate.partition`, partition);
    if (maxUnavailable === undefined) return;
    checkIntOrPercent(errors, `${path}.rollingUpdate.maxUnavailable`, maxUnavailable);
    if (isZero(maxUnavailable)) {
      errors.push(invalid(`${path}.rollingUpdate.maxUnavailable`, maxUnavailable, 'cannot be 0'));
    }
  }
}

/** What may change in a set that is there. */
const MUTABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
] as const;

/** Of the rest, no field may change, and upstream does not say which it was. */
export function validateStatefulSetUpdate({ spec }: StatefulSet, { spec: old }: StatefulSet): FieldError[] {
  const mutable = Object.fromEntries(MUTABLE.map(field => [field, undefined]));
  if (equalJson({ ...spec, ...mutable }, { ...old, ...mutable })) return [];
  const names = MUTABLE.map(field => `'${field}'`);
  return [
    forbidden(
      'spec',
      `updates to statefulset spec for fields other than ${names.slice(0, -1).join(', ')} and ${names.at(-1)} are forbidden`,
    ),
  ];
}
