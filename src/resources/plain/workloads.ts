import { setClaimTemplateDefaults } from '../defaults/claim-template.js';
import { setPodTemplateDefaults } from '../defaults/pod-spec.js';
import { SCALE } from '../define.js';
import type { ResourceDefinition } from '../definition.js';
import type { FieldError } from '../field-error.js';
import { printDeployment } from '../printing/deployment.js';
import { printPodTemplate } from '../printing/pod-template.js';
import { printReplicaSet, printReplicationController } from '../printing/replica-set.js';
import { printStatefulSet } from '../printing/stateful-set.js';
import { labelSelectorMatcher } from '../selector.js';
import type { KubeObject, LabelSelector } from '../types.js';
import { validateDeployment } from '../validation/deployment.js';
import { checkLabel } from '../validation/names.js';
import { validatePodTemplate } from '../validation/pod-template.js';
import { validateReplicaSet, validateReplicationController } from '../validation/replica-set.js';
import { validateHistoryStatus, validateReplicaStatus } from '../validation/replicas.js';
import { validateStatefulSet, validateStatefulSetUpdate } from '../validation/stateful-set.js';
import {
  controllerWarnings,
  podTemplateObjectWarnings,
  replicatedWarnings,
  statefulSetWarnings,
} from '../warnings/workloads.js';
import type {
  Deployment,
  PodTemplate,
  ReplicaSet,
  ReplicaStatus,
  ReplicationController,
  StatefulSet,
} from '../workload-types.js';
import { plainKind } from './plain-kind.js';

/** Counts that are left out while there is nothing to count. */
const COUNTS = [
  'status.fullyLabeledReplicas',
  'status.readyReplicas',
  'status.availableReplicas',
  'status.unavailableReplicas',
  'status.updatedReplicas',
  'status.currentReplicas',
  'status.observedGeneration',
  'spec.minReadySeconds',
];

/** How a set of like pods is scaled; `selector` tells what selects them, as text. */
function scaleBy<T extends Replicated>(
  selector: (object: T) => string,
): Pick<ResourceDefinition<T>, 'scale' | 'subresources'> {
  return {
    subresources: [SCALE],
    scale: {
      replicas: o => o.spec.replicas,
      statusReplicas: o => o.status?.replicas ?? 0,
      selector,
      withReplicas: (o, replicas) => ({ ...o, spec: { ...o.spec, replicas } }),
    },
  };
}

type Replicated = KubeObject & { spec: { replicas: number }; status?: ReplicaStatus };

const selectorText = (o: { spec: { selector?: LabelSelector } }) => labelSelectorMatcher(o.spec.selector).toString();

const SET = { group: 'apps', categories: ['all'], generation: true, podTemplate: 'spec.template' } as const;

const countOf = (o: { status?: ReplicaStatus }) => String(o.status?.replicas ?? 0);

export const deployments = plainKind<Deployment>({
  ...SET,
  ...scaleBy<Deployment>(selectorText),
  kind: 'Deployment',
  plural: 'deployments',
  // They are handed on to the ReplicaSets.
  generation: 'and annotations',
  shortNames: ['deploy'],
  status: {},
  defaults: {
    'spec.replicas': 1,
    'spec.strategy.type': 'RollingUpdate',
    'spec.revisionHistoryLimit': 10,
    'spec.progressDeadlineSeconds': 600,
  },
  omitZero: [...COUNTS, 'status.replicas'],
  immutable: ['spec.selector'],
  strategy: {
    setDefaults({ spec: { strategy } }) {
      if (strategy.type !== 'RollingUpdate') return;
      strategy.rollingUpdate ??= {};
      strategy.rollingUpdate.maxUnavailable ??= '25%';
      strategy.rollingUpdate.maxSurge ??= '25%';
    },
    prepareForStatusUpdate({ metadata }, old) {
      if (old.metadata.labels) metadata.labels = old.metadata.labels;
      else delete metadata.labels;
    },
    validate: validateDeployment,
    validateStatusUpdate: validateHistoryStatus,
    warnings: replicatedWarnings,
  },
  printer: printDeployment,
});

export const replicaSets = plainKind<ReplicaSet>({
  ...SET,
  ...scaleBy<ReplicaSet>(selectorText),
  kind: 'ReplicaSet',
  plural: 'replicasets',
  shortNames: ['rs'],
  status: { replicas: 0 },
  defaults: { 'spec.replicas': 1, 'status.replicas': 0 },
  omitZero: COUNTS,
  immutable: ['spec.selector'],
  strategy: {
    validate: validateReplicaSet,
    validateStatusUpdate: validateReplicaStatus,
    warnings: replicatedWarnings,
  },
  printer: printReplicaSet,
});

export const statefulSets = plainKind<StatefulSet>({
  ...SET,
  ...scaleBy<StatefulSet>(selectorText),
  kind: 'StatefulSet',
  plural: 'statefulsets',
  shortNames: ['sts'],
  validName: checkLabel,
  status: { replicas: 0, availableReplicas: 0 },
  defaults: {
    'spec.replicas': 1,
    'spec.podManagementPolicy': 'OrderedReady',
    'spec.revisionHistoryLimit': 10,
    'spec.persistentVolumeClaimRetentionPolicy.whenDeleted': 'Retain',
    'spec.persistentVolumeClaimRetentionPolicy.whenScaled': 'Retain',
    'spec.serviceName': '',
    'status.replicas': 0,
    'status.availableReplicas': 0,
  },
  omitZero: COUNTS.filter(path => path !== 'status.availableReplicas'),
  strategy: {
    setDefaults({ spec }) {
      const strategy = (spec.updateStrategy ??= { type: '' });
      if (!strategy.type) {
        strategy.type = 'RollingUpdate';
        strategy.rollingUpdate ??= {};
      }
      if (strategy.type === 'RollingUpdate' && strategy.rollingUpdate) {
        strategy.rollingUpdate.partition ??= 0;
        strategy.rollingUpdate.maxUnavailable ??= 1;
      }
      spec.volumeClaimTemplates?.forEach(setClaimTemplateDefaults);
    },
    validate: validateStatefulSet,
    validateUpdate: validateStatefulSetUpdate,
    validateStatusUpdate: validateHistoryStatus,
    warnings: statefulSetWarnings,
  },
  printer: printStatefulSet,
});

export const replicationControllers = plainKind<ReplicationController>({
  ...scaleBy<ReplicationController>(o => labelSelectorMatcher({ matchLabels: o.spec.selector ?? {} }).toString()),
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  shortNames: ['rc'],
  categories: ['all'],
  status: { replicas: 0 },
  generation: true,
  defaults: { 'spec.replicas': 1, 'status.replicas': 0 },
  omitZero: COUNTS,
  strategy: {
    // Its template is the only one that may be missing.
    setDefaults({ metadata, spec }) {
      if (!spec.template) return;
      setPodTemplateDefaults(spec.template);
      const { labels } = spec.template.metadata ?? {};
      if (!labels) return;
      if (isNothing(spec.selector)) spec.selector = { ...labels };
      if (isNothing(metadata.labels)) metadata.labels = { ...labels };
    },
    validate: validateReplicationController,
    validateStatusUpdate: validateReplicaStatus,
    warnings: controllerWarnings,
    defaultPropagation: 'Orphan',
  },
  selectableFields: { 'status.replicas': countOf },
  printer: printReplicationController,
});

const podTemplates = plainKind<PodTemplate>({
  kind: 'PodTemplate',
  plural: 'podtemplates',
  generation: true,
  podTemplate: 'template',
  strategy: {
    validate({ template }) {
      const errors: FieldError[] = [];
      validatePodTemplate(errors, 'template', template);
      return errors;
    },
    warnings: podTemplateObjectWarnings,
  },
  printer: printPodTemplate,
});

export const workloads = [deployments, replicaSets, statefulSets, replicationControllers, podTemplates];

const isNothing = (labels: object | undefined) => Object.keys(labels ?? {}).length === 0;
