import type {
  Condition,
  IntOrString,
  KubeObject,
  LabelSelector,
  ObjectReference,
  PodTemplateSpec,
  ResourceRequirements,
} from './types.js';

/** Kinds that make pods from a template: as far as Kubette reads them, with their defaults filled in. */

export interface PodTemplate extends KubeObject {
  template: PodTemplateSpec;
}

/** The counts that all sets of like pods tell of themselves. */
export interface ReplicaStatus {
  replicas?: number;
  fullyLabeledReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  unavailableReplicas?: number;
  updatedReplicas?: number;
  currentReplicas?: number;
  terminatingReplicas?: number;
  observedGeneration?: number;
  collisionCount?: number;
  conditions?: Condition[];
}

export interface DeploymentStrategy {
  type: string;
  rollingUpdate?: { maxUnavailable?: IntOrString; maxSurge?: IntOrString };
}

export interface Deployment extends KubeObject {
  spec: {
    replicas: number;
    selector?: LabelSelector;
    template: PodTemplateSpec;
    strategy: DeploymentStrategy;
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    progressDeadlineSeconds?: number;
    paused?: boolean;
  };
  status: ReplicaStatus;
}

export interface ReplicaSet extends KubeObject {
  spec: { replicas: number; selector?: LabelSelector; template: PodTemplateSpec; minReadySeconds?: number };
  status: ReplicaStatus;
}

export interface ReplicationController extends KubeObject {
  spec: {
    replicas: number;
    selector?: Record<string, string>;
    template?: PodTemplateSpec;
    minReadySeconds?: number;
  };
  status: ReplicaStatus;
}

/** A claim as a StatefulSet has it for each of its pods. */
export interface ClaimTemplate {
  apiVersion?: string;
  kind?: string;
  metadata: { name?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: { volumeMode?: string; resources?: ResourceRequirements };
  status?: { phase?: string };
}

export interface StatefulSetUpdateStrategy {
  type: string;
  rollingUpdate?: { partition?: number; maxUnavailable?: IntOrString };
}

export interface StatefulSet extends KubeObject {
  spec: {
    replicas: number;
    selector?: LabelSelector;
    template: PodTemplateSpec;
    serviceName?: string;
    podManagementPolicy: string;
    updateStrategy: StatefulSetUpdateStrategy;
    persistentVolumeClaimRetentionPolicy: { whenDeleted: string; whenScaled: string };
    volumeClaimTemplates?: ClaimTemplate[];
    ordinals?: { start?: number };
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
  };
  /** Revisions are told by the names of their ControllerRevisions. */
  status: ReplicaStatus & { currentRevision?: string; updateRevision?: string };
}

export interface PodFailurePolicyRule {
  action?: string;
  onExitCodes?: { containerName?: string; operator?: string; values?: number[] };
  onPodConditions?: { type?: string; status?: string }[];
}

export interface SuccessPolicyRule {
  succeededIndexes?: string;
  succeededCount?: number;
}

export interface JobSpec {
  parallelism?: number;
  completions?: number;
  activeDeadlineSeconds?: number;
  backoffLimit?: number;
  backoffLimitPerIndex?: number;
  maxFailedIndexes?: number;
  ttlSecondsAfterFinished?: number;
  managedBy?: string;
  completionMode?: string;
  suspend?: boolean;
  manualSelector?: boolean;
  podReplacementPolicy?: string;
  podFailurePolicy?: { rules?: PodFailurePolicyRule[] };
  successPolicy?: { rules?: SuccessPolicyRule[] };
  selector?: LabelSelector;
  template: PodTemplateSpec;
}

export interface JobStatus {
  active?: number;
  ready?: number;
  succeeded?: number;
  failed?: number;
  terminating?: number;
  startTime?: string;
  completionTime?: string;
  completedIndexes?: string;
  failedIndexes?: string;
  uncountedTerminatedPods?: { succeeded?: string[]; failed?: string[] };
  conditions?: Condition[];
}

export interface Job extends KubeObject {
  spec: JobSpec;
  status: JobStatus;
}

export interface CronJob extends KubeObject {
  spec: {
    schedule?: string;
    timeZone?: string;
    startingDeadlineSeconds?: number;
    concurrencyPolicy: string;
    suspend: boolean;
    jobTemplate: {
      metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
      spec: JobSpec;
    };
    successfulJobsHistoryLimit?: number;
    failedJobsHistoryLimit?: number;
  };
  status: { active?: ObjectReference[]; lastScheduleTime?: string; lastSuccessfulTime?: string };
}

/** An amount of a metric, wanted or there: in total, on average for each pod, or as a share of what its pods request. */
export interface MetricAmount {
  type?: string;
  value?: string;
  averageValue?: string;
  averageUtilization?: number;
}

/** What is measured, beside the amount. */
export interface MetricSource {
  name?: string;
  container?: string;
  metric?: { name?: string; selector?: LabelSelector };
  describedObject?: ScaleTarget;
  target?: MetricAmount;
  current?: MetricAmount;
}

/** A metric to scale by, or how it stands: its type, and the source of that type. */
export interface Metric {
  type?: string;
  object?: MetricSource;
  pods?: MetricSource;
  resource?: MetricSource;
  containerResource?: MetricSource;
  external?: MetricSource;
}

export interface ScaleTarget {
  apiVersion?: string;
  kind?: string;
  name?: string;
}

export interface ScalingRules {
  stabilizationWindowSeconds?: number;
  selectPolicy?: string;
  policies?: { type?: string; value?: number; periodSeconds?: number }[];
  tolerance?: string;
}

export interface HorizontalPodAutoscaler extends KubeObject {
  spec: {
    scaleTargetRef: ScaleTarget;
    minReplicas?: number;
    maxReplicas: number;
    metrics?: Metric[];
    behavior?: { scaleUp?: ScalingRules; scaleDown?: ScalingRules };
  };
  status: {
    currentReplicas?: number;
    desiredReplicas: number;
    currentMetrics?: Metric[] | null;
    conditions?: Condition[];
    lastScaleTime?: string;
    observedGeneration?: number;
  };
}
