// Made by scripts/generate-graphql.mjs (npm run graphql) from schema/: do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Root, GraphContext } from './context.js';
import type { Identified, Seen, SeenReference, View, SeenNode, SeenPod, SeenDaemonSet, SeenRevision, SeenNamespace, SeenEvent, SeenService, SeenWorkload, SeenPriorityClass, SeenPlacement, SeenMap, SeenExplanation, SeenFit, SeenCandidate, SeenWrite, SeenDifference, SeenPodDifference, SeenDiff } from './view.js';
import type { SeenTraffic, SeenTrafficToPod } from './resolvers/traffic.js';
import type { SeenPushers } from './resolvers/pushes.js';
import type { SentRequests } from './resolvers/requests.js';
import type { Delivery } from './../network/send/sender.js';
import type { Imagined } from './what-ifs.js';
import type { ScenarioSource, NumberedStep } from './resolvers/what-if.js';
export type Maybe<T> = T | null | undefined;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  DateTime: { input: string; output: string; }
  JSON: { input: unknown; output: unknown; }
  Moment: { input: string | number; output: string | number; }
};

export type DaemonSet = KubernetesObject & Node & {
  readonly id: Scalars['ID']['output'];
  readonly apiVersion: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly namespace: Scalars['String']['output'];
  readonly metadata: ObjectMeta;
  readonly json: Scalars['JSON']['output'];
  readonly yaml: Scalars['String']['output'];
  readonly owners: ReadonlyArray<KubernetesObject>;
  readonly events: EventConnection;
  readonly history: WriteConnection;
  readonly selector: Scalars['String']['output'];
  readonly updateStrategy: DaemonSetUpdateStrategy;
  readonly minReadySeconds: Scalars['Int']['output'];
  readonly images: ReadonlyArray<Scalars['String']['output']>;
  readonly status: DaemonSetStatus;
  readonly rollout: RolloutProgress;
  readonly currentRevision?: Maybe<ControllerRevision>;
  readonly revisions: ReadonlyArray<ControllerRevision>;
  readonly pods: PodConnection;
  readonly placements: PlacementConnection;
  readonly placementCounts: PlacementCounts;
};


export type DaemonSetJsonArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type DaemonSetYamlArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type DaemonSetEventsArgs = {
  type?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type DaemonSetHistoryArgs = {
  orderBy?: WriteOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type DaemonSetPodsArgs = {
  labelSelector?: InputMaybe<Scalars['String']['input']>;
  phase?: InputMaybe<ReadonlyArray<PodPhase>>;
  ready?: InputMaybe<Scalars['Boolean']['input']>;
  zone?: InputMaybe<Scalars['String']['input']>;
  owner?: InputMaybe<Scalars['String']['input']>;
  text?: InputMaybe<Scalars['String']['input']>;
  orderBy?: PodOrder;
  nodeName?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type DaemonSetPlacementsArgs = {
  node?: InputMaybe<Scalars['String']['input']>;
  nodeSelector?: InputMaybe<Scalars['String']['input']>;
  actual?: InputMaybe<ReadonlyArray<PlacementState>>;
  wanted?: InputMaybe<Scalars['Boolean']['input']>;
  orderBy?: PlacementOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

export type DaemonSetUpdateStrategy = {
  readonly type: Scalars['String']['output'];
  readonly maxUnavailable?: Maybe<Scalars['String']['output']>;
  readonly maxSurge?: Maybe<Scalars['String']['output']>;
};

export type DaemonSetStatus = {
  readonly observedGeneration?: Maybe<Scalars['Int']['output']>;
  readonly desiredNumberScheduled: Scalars['Int']['output'];
  readonly currentNumberScheduled: Scalars['Int']['output'];
  readonly numberMisscheduled: Scalars['Int']['output'];
  readonly numberReady: Scalars['Int']['output'];
  readonly numberAvailable: Scalars['Int']['output'];
  readonly numberUnavailable: Scalars['Int']['output'];
  readonly updatedNumberScheduled: Scalars['Int']['output'];
};

export type ControllerRevision = KubernetesObject & Node & {
  readonly id: Scalars['ID']['output'];
  readonly apiVersion: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly namespace: Scalars['String']['output'];
  readonly metadata: ObjectMeta;
  readonly json: Scalars['JSON']['output'];
  readonly yaml: Scalars['String']['output'];
  readonly owners: ReadonlyArray<KubernetesObject>;
  readonly events: EventConnection;
  readonly history: WriteConnection;
  readonly revision: Scalars['Int']['output'];
  readonly hash?: Maybe<Scalars['String']['output']>;
  readonly changeCause?: Maybe<Scalars['String']['output']>;
  readonly daemonSet?: Maybe<DaemonSet>;
  readonly pods: PodConnection;
};


export type ControllerRevisionJsonArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type ControllerRevisionYamlArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type ControllerRevisionEventsArgs = {
  type?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type ControllerRevisionHistoryArgs = {
  orderBy?: WriteOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type ControllerRevisionPodsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

export type DaemonSetConnection = {
  readonly edges: ReadonlyArray<DaemonSetEdge>;
  readonly nodes: ReadonlyArray<DaemonSet>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type DaemonSetEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: DaemonSet;
};

export type Fork = {
  readonly id: Scalars['ID']['output'];
  readonly path: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly base?: Maybe<Scalars['ID']['output']>;
  readonly revision: Scalars['String']['output'];
  readonly time: Scalars['DateTime']['output'];
  readonly era: Era;
  readonly createdAt: Scalars['DateTime']['output'];
  readonly idleSeconds: Scalars['Int']['output'];
};

export type Era =
  | 'CURRENT'
  | 'V1_11';

export type Write = {
  readonly revision: Scalars['String']['output'];
  readonly time: Scalars['DateTime']['output'];
  readonly verb: WriteVerb;
  readonly apiVersion: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly namespace?: Maybe<Scalars['String']['output']>;
  readonly name: Scalars['String']['output'];
  readonly object: KubernetesObject;
  readonly diff: ReadonlyArray<FieldChange>;
  readonly writer?: Maybe<Scalars['String']['output']>;
};

export type WriteVerb =
  | 'CREATED'
  | 'UPDATED'
  | 'DELETED';

export type FieldChange = {
  readonly path: Scalars['String']['output'];
  readonly before?: Maybe<Scalars['JSON']['output']>;
  readonly after?: Maybe<Scalars['JSON']['output']>;
};

export type WriteOrder =
  | 'NEWEST'
  | 'OLDEST';

export type PlacementDiff = {
  readonly from: Scalars['String']['output'];
  readonly to: Scalars['String']['output'];
  readonly placements: PlacementDifferenceConnection;
  readonly pods: PodDifferenceConnection;
  readonly waiting: WaitingPodConnection;
};


export type PlacementDiffPlacementsArgs = {
  difference?: InputMaybe<ReadonlyArray<PlacementDifferenceKind>>;
  namespace?: InputMaybe<Scalars['String']['input']>;
  daemonSet?: InputMaybe<Scalars['String']['input']>;
  node?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type PlacementDiffPodsArgs = {
  difference?: InputMaybe<ReadonlyArray<PodDifferenceKind>>;
  namespace?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type PlacementDiffWaitingArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

export type Activity = {
  readonly from: Scalars['DateTime']['output'];
  readonly to: Scalars['DateTime']['output'];
  readonly fromRevision: Scalars['String']['output'];
  readonly toRevision: Scalars['String']['output'];
  readonly writes: Scalars['Int']['output'];
  readonly kinds: ReadonlyArray<ActivityOfKind>;
};

export type ActivityOfKind = {
  readonly kind: Scalars['String']['output'];
  readonly writes: Scalars['Int']['output'];
};

export type ActivityScale =
  | 'TIME'
  | 'REVISION';

export type WriteConnection = {
  readonly edges: ReadonlyArray<WriteEdge>;
  readonly nodes: ReadonlyArray<Write>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type WriteEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Write;
};

export type ClusterMap = {
  readonly revision: Scalars['String']['output'];
  readonly time: Scalars['DateTime']['output'];
  readonly whole: Scalars['Boolean']['output'];
  readonly more: Scalars['Boolean']['output'];
  readonly owners: ReadonlyArray<MapOwner>;
  readonly rows: ReadonlyArray<MapRow>;
  readonly goneNodes: ReadonlyArray<Scalars['String']['output']>;
  readonly daemonSets: ReadonlyArray<DaemonSet>;
  readonly goneDaemonSets: ReadonlyArray<Scalars['String']['output']>;
};

export type MapOwner = {
  readonly kind: Scalars['String']['output'];
  readonly namespace: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
};

export type MapRow = {
  readonly name: Scalars['String']['output'];
  readonly cells: Scalars['String']['output'];
  readonly used: ReadonlyArray<Scalars['Float']['output']>;
  readonly node?: Maybe<ClusterNode>;
};

export type KubernetesObject = {
  readonly id: Scalars['ID']['output'];
  readonly apiVersion: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly metadata: ObjectMeta;
  readonly json: Scalars['JSON']['output'];
  readonly yaml: Scalars['String']['output'];
  readonly owners: ReadonlyArray<KubernetesObject>;
  readonly events: EventConnection;
  readonly history: WriteConnection;
};


export type KubernetesObjectJsonArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type KubernetesObjectYamlArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type KubernetesObjectEventsArgs = {
  type?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type KubernetesObjectHistoryArgs = {
  orderBy?: WriteOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

export type ObjectMeta = {
  readonly name: Scalars['String']['output'];
  readonly namespace?: Maybe<Scalars['String']['output']>;
  readonly uid: Scalars['ID']['output'];
  readonly generateName?: Maybe<Scalars['String']['output']>;
  readonly resourceVersion: Scalars['String']['output'];
  readonly generation?: Maybe<Scalars['Int']['output']>;
  readonly creationTimestamp: Scalars['DateTime']['output'];
  readonly ageSeconds: Scalars['Int']['output'];
  readonly deletionTimestamp?: Maybe<Scalars['DateTime']['output']>;
  readonly labels: ReadonlyArray<KeyValue>;
  readonly labelMap: Scalars['JSON']['output'];
  readonly label?: Maybe<Scalars['String']['output']>;
  readonly annotations: ReadonlyArray<KeyValue>;
  readonly annotationMap: Scalars['JSON']['output'];
  readonly annotation?: Maybe<Scalars['String']['output']>;
  readonly ownerReferences: ReadonlyArray<OwnerReference>;
  readonly finalizers: ReadonlyArray<Scalars['String']['output']>;
};


export type ObjectMetaLabelArgs = {
  key: Scalars['String']['input'];
};


export type ObjectMetaAnnotationArgs = {
  key: Scalars['String']['input'];
};

export type KeyValue = {
  readonly key: Scalars['String']['output'];
  readonly value: Scalars['String']['output'];
};

export type OwnerReference = {
  readonly apiVersion: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly uid: Scalars['ID']['output'];
  readonly controller: Scalars['Boolean']['output'];
  readonly blockOwnerDeletion: Scalars['Boolean']['output'];
  readonly owner?: Maybe<KubernetesObject>;
};

export type Condition = {
  readonly type: Scalars['String']['output'];
  readonly status: Scalars['String']['output'];
  readonly reason?: Maybe<Scalars['String']['output']>;
  readonly message?: Maybe<Scalars['String']['output']>;
  readonly lastTransitionTime?: Maybe<Scalars['DateTime']['output']>;
};

export type ResourceQuantity = {
  readonly resource: Scalars['String']['output'];
  readonly quantity: Scalars['String']['output'];
  readonly value: Scalars['Float']['output'];
};

export type ObjectOrder =
  | 'NAME'
  | 'NEWEST'
  | 'OLDEST';

export type Mutation = {
  readonly apply?: Maybe<ChangePayload>;
  readonly patch?: Maybe<ChangePayload>;
  readonly delete?: Maybe<ChangePayload>;
  readonly label?: Maybe<ChangePayload>;
  readonly annotate?: Maybe<ChangePayload>;
  readonly taint?: Maybe<ChangePayload>;
  readonly untaint?: Maybe<ChangePayload>;
  readonly cordon?: Maybe<ChangePayload>;
  readonly uncordon?: Maybe<ChangePayload>;
  readonly drain?: Maybe<DrainPayload>;
  readonly restartRollout?: Maybe<ChangePayload>;
  readonly undoRollout?: Maybe<ChangePayload>;
  readonly pauseRollout?: Maybe<ChangePayload>;
  readonly resumeRollout?: Maybe<ChangePayload>;
  readonly scale?: Maybe<ChangePayload>;
  readonly scaleNodes?: Maybe<ChangePayload>;
  readonly applyChanges?: Maybe<AppliedChanges>;
  readonly createFork: Fork;
  readonly deleteFork: Fork;
  readonly setClock?: Maybe<ClockPayload>;
  readonly advance?: Maybe<ClockPayload>;
  readonly sendRequest?: Maybe<SendRequestPayload>;
  readonly openNetwork?: Maybe<OpenNetworkPayload>;
};


export type MutationApplyArgs = {
  manifests: Scalars['String']['input'];
  fieldManager?: Scalars['String']['input'];
  force?: Scalars['Boolean']['input'];
  dryRun?: Scalars['Boolean']['input'];
};


export type MutationPatchArgs = {
  kind: Scalars['String']['input'];
  apiVersion?: InputMaybe<Scalars['String']['input']>;
  namespace?: Scalars['String']['input'];
  name: Scalars['String']['input'];
  type?: PatchType;
  patch: Scalars['JSON']['input'];
  fieldManager?: Scalars['String']['input'];
  dryRun?: Scalars['Boolean']['input'];
};


export type MutationDeleteArgs = {
  kind: Scalars['String']['input'];
  apiVersion?: InputMaybe<Scalars['String']['input']>;
  namespace?: Scalars['String']['input'];
  name: Scalars['String']['input'];
  uid?: InputMaybe<Scalars['ID']['input']>;
  propagation?: InputMaybe<DeletePropagation>;
  gracePeriod?: InputMaybe<Scalars['Int']['input']>;
  dryRun?: Scalars['Boolean']['input'];
};


export type MutationLabelArgs = {
  kind: Scalars['String']['input'];
  apiVersion?: InputMaybe<Scalars['String']['input']>;
  namespace?: Scalars['String']['input'];
  name: Scalars['String']['input'];
  labels: ReadonlyArray<EntryInput>;
  overwrite?: Scalars['Boolean']['input'];
  dryRun?: Scalars['Boolean']['input'];
};


export type MutationAnnotateArgs = {
  kind: Scalars['String']['input'];
  apiVersion?: InputMaybe<Scalars['String']['input']>;
  namespace?: Scalars['String']['input'];
  name: Scalars['String']['input'];
  annotations: ReadonlyArray<EntryInput>;
  overwrite?: Scalars['Boolean']['input'];
  dryRun?: Scalars['Boolean']['input'];
};


export type MutationTaintArgs = {
  node: Scalars['String']['input'];
  taints: ReadonlyArray<Scalars['String']['input']>;
  overwrite?: Scalars['Boolean']['input'];
  dryRun?: Scalars['Boolean']['input'];
};


export type MutationUntaintArgs = {
  node: Scalars['String']['input'];
  taints: ReadonlyArray<Scalars['String']['input']>;
  dryRun?: Scalars['Boolean']['input'];
};


export type MutationCordonArgs = {
  node: Scalars['String']['input'];
  dryRun?: Scalars['Boolean']['input'];
};


export type MutationUncordonArgs = {
  node: Scalars['String']['input'];
  dryRun?: Scalars['Boolean']['input'];
};


export type MutationDrainArgs = {
  node: Scalars['String']['input'];
  force?: Scalars['Boolean']['input'];
  deleteEmptyDirData?: Scalars['Boolean']['input'];
  gracePeriod?: InputMaybe<Scalars['Int']['input']>;
  dryRun?: Scalars['Boolean']['input'];
};


export type MutationRestartRolloutArgs = {
  kind?: Scalars['String']['input'];
  namespace?: Scalars['String']['input'];
  name: Scalars['String']['input'];
  dryRun?: Scalars['Boolean']['input'];
};


export type MutationUndoRolloutArgs = {
  kind?: Scalars['String']['input'];
  namespace?: Scalars['String']['input'];
  name: Scalars['String']['input'];
  toRevision?: InputMaybe<Scalars['Int']['input']>;
  dryRun?: Scalars['Boolean']['input'];
};


export type MutationPauseRolloutArgs = {
  kind?: Scalars['String']['input'];
  namespace?: Scalars['String']['input'];
  name: Scalars['String']['input'];
  dryRun?: Scalars['Boolean']['input'];
};


export type MutationResumeRolloutArgs = {
  kind?: Scalars['String']['input'];
  namespace?: Scalars['String']['input'];
  name: Scalars['String']['input'];
  dryRun?: Scalars['Boolean']['input'];
};


export type MutationScaleArgs = {
  kind?: Scalars['String']['input'];
  apiVersion?: InputMaybe<Scalars['String']['input']>;
  namespace?: Scalars['String']['input'];
  name: Scalars['String']['input'];
  replicas: Scalars['Int']['input'];
  dryRun?: Scalars['Boolean']['input'];
};


export type MutationScaleNodesArgs = {
  pool?: Scalars['String']['input'];
  count?: InputMaybe<Scalars['Int']['input']>;
  add?: InputMaybe<Scalars['Int']['input']>;
  remove?: InputMaybe<Scalars['Int']['input']>;
  labels?: ReadonlyArray<EntryInput>;
  taints?: ReadonlyArray<Scalars['String']['input']>;
  dryRun?: Scalars['Boolean']['input'];
};


export type MutationApplyChangesArgs = {
  changes: ReadonlyArray<ChangeInput>;
};


export type MutationCreateForkArgs = {
  at?: InputMaybe<Scalars['Moment']['input']>;
  era?: InputMaybe<Era>;
  rate?: InputMaybe<Scalars['Float']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
};


export type MutationDeleteForkArgs = {
  id: Scalars['ID']['input'];
};


export type MutationSetClockArgs = {
  rate: Scalars['Float']['input'];
};


export type MutationAdvanceArgs = {
  by: Scalars['String']['input'];
};


export type MutationSendRequestArgs = {
  input: SendRequestInput;
};

export type EntryInput = {
  readonly key: Scalars['String']['input'];
  readonly value?: InputMaybe<Scalars['String']['input']>;
};

export type PatchType =
  | 'MERGE'
  | 'STRATEGIC'
  | 'JSON';

export type DeletePropagation =
  | 'BACKGROUND'
  | 'FOREGROUND'
  | 'ORPHAN';

export type ChangePayload = {
  readonly changes: ReadonlyArray<Change>;
  readonly revision: Scalars['String']['output'];
  readonly dryRun: Scalars['Boolean']['output'];
  readonly warnings: ReadonlyArray<Scalars['String']['output']>;
};

export type AppliedChanges = {
  readonly changes: ReadonlyArray<WhatIfChange>;
  readonly revision: Scalars['String']['output'];
};

export type Change = {
  readonly outcome: ChangeOutcome;
  readonly message: Scalars['String']['output'];
  readonly revision: Scalars['String']['output'];
  readonly object: KubernetesObject;
};

export type ChangeOutcome =
  | 'CREATED'
  | 'CHANGED'
  | 'UNCHANGED'
  | 'DELETED'
  | 'MARKED_FOR_DELETION';

export type DrainPayload = {
  readonly node: ClusterNode;
  readonly drained: Scalars['Boolean']['output'];
  readonly steps: ReadonlyArray<DrainStep>;
  readonly revision: Scalars['String']['output'];
};

export type DrainStep = {
  readonly namespace: Scalars['String']['output'];
  readonly pod: Scalars['String']['output'];
  readonly outcome: DrainOutcome;
  readonly message: Scalars['String']['output'];
};

export type DrainOutcome =
  | 'EVICTED'
  | 'REFUSED'
  | 'BLOCKED'
  | 'WAITING'
  | 'LEFT';

export type ClockPayload = {
  readonly clock: ClusterClock;
  readonly now: Scalars['DateTime']['output'];
  readonly revision: Scalars['String']['output'];
};

export type ClusterNode = KubernetesObject & Node & {
  readonly id: Scalars['ID']['output'];
  readonly apiVersion: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly metadata: ObjectMeta;
  readonly json: Scalars['JSON']['output'];
  readonly yaml: Scalars['String']['output'];
  readonly owners: ReadonlyArray<KubernetesObject>;
  readonly events: EventConnection;
  readonly history: WriteConnection;
  readonly roles: ReadonlyArray<Scalars['String']['output']>;
  readonly zone?: Maybe<Scalars['String']['output']>;
  readonly ready: Scalars['Boolean']['output'];
  readonly unschedulable: Scalars['Boolean']['output'];
  readonly taints: ReadonlyArray<Taint>;
  readonly conditions: ReadonlyArray<Condition>;
  readonly addresses: ReadonlyArray<NodeAddress>;
  readonly capacity: ReadonlyArray<ResourceQuantity>;
  readonly allocatable: ReadonlyArray<ResourceQuantity>;
  readonly requested: ReadonlyArray<ResourceQuantity>;
  readonly kubeletVersion?: Maybe<Scalars['String']['output']>;
  readonly pods: PodConnection;
  readonly placementCounts: PlacementCounts;
  readonly placements: PlacementConnection;
  readonly sockets: ReadonlyArray<NetworkAddress>;
};


export type ClusterNodeJsonArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type ClusterNodeYamlArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type ClusterNodeEventsArgs = {
  type?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type ClusterNodeHistoryArgs = {
  orderBy?: WriteOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type ClusterNodePodsArgs = {
  namespace?: InputMaybe<Scalars['String']['input']>;
  labelSelector?: InputMaybe<Scalars['String']['input']>;
  phase?: InputMaybe<ReadonlyArray<PodPhase>>;
  ready?: InputMaybe<Scalars['Boolean']['input']>;
  zone?: InputMaybe<Scalars['String']['input']>;
  owner?: InputMaybe<Scalars['String']['input']>;
  text?: InputMaybe<Scalars['String']['input']>;
  orderBy?: PodOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type ClusterNodePlacementsArgs = {
  namespace?: InputMaybe<Scalars['String']['input']>;
  daemonSet?: InputMaybe<Scalars['String']['input']>;
  actual?: InputMaybe<ReadonlyArray<PlacementState>>;
  wanted?: InputMaybe<Scalars['Boolean']['input']>;
  orderBy?: PlacementOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

export type Taint = {
  readonly key: Scalars['String']['output'];
  readonly value: Scalars['String']['output'];
  readonly effect: TaintEffect;
  readonly timeAdded?: Maybe<Scalars['DateTime']['output']>;
  readonly text: Scalars['String']['output'];
};

export type TaintEffect =
  | 'NO_SCHEDULE'
  | 'PREFER_NO_SCHEDULE'
  | 'NO_EXECUTE';

export type NodeAddress = {
  readonly type: Scalars['String']['output'];
  readonly address: Scalars['String']['output'];
};

export type ClusterNodeConnection = {
  readonly edges: ReadonlyArray<ClusterNodeEdge>;
  readonly nodes: ReadonlyArray<ClusterNode>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type ClusterNodeEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: ClusterNode;
};

export type Namespace = KubernetesObject & Node & {
  readonly id: Scalars['ID']['output'];
  readonly apiVersion: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly metadata: ObjectMeta;
  readonly json: Scalars['JSON']['output'];
  readonly yaml: Scalars['String']['output'];
  readonly owners: ReadonlyArray<KubernetesObject>;
  readonly events: EventConnection;
  readonly history: WriteConnection;
  readonly phase: Scalars['String']['output'];
  readonly pods: PodConnection;
  readonly daemonSets: DaemonSetConnection;
  readonly services: ServiceConnection;
  readonly workloads: WorkloadConnection;
};


export type NamespaceJsonArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type NamespaceYamlArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type NamespaceEventsArgs = {
  type?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type NamespaceHistoryArgs = {
  orderBy?: WriteOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type NamespacePodsArgs = {
  labelSelector?: InputMaybe<Scalars['String']['input']>;
  phase?: InputMaybe<ReadonlyArray<PodPhase>>;
  ready?: InputMaybe<Scalars['Boolean']['input']>;
  zone?: InputMaybe<Scalars['String']['input']>;
  owner?: InputMaybe<Scalars['String']['input']>;
  text?: InputMaybe<Scalars['String']['input']>;
  orderBy?: PodOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type NamespaceDaemonSetsArgs = {
  labelSelector?: InputMaybe<Scalars['String']['input']>;
  text?: InputMaybe<Scalars['String']['input']>;
  orderBy?: ObjectOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type NamespaceServicesArgs = {
  labelSelector?: InputMaybe<Scalars['String']['input']>;
  text?: InputMaybe<Scalars['String']['input']>;
  orderBy?: ObjectOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type NamespaceWorkloadsArgs = {
  kind?: InputMaybe<Scalars['String']['input']>;
  labelSelector?: InputMaybe<Scalars['String']['input']>;
  text?: InputMaybe<Scalars['String']['input']>;
  orderBy?: ObjectOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

export type Event = KubernetesObject & Node & {
  readonly id: Scalars['ID']['output'];
  readonly apiVersion: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly namespace: Scalars['String']['output'];
  readonly metadata: ObjectMeta;
  readonly json: Scalars['JSON']['output'];
  readonly yaml: Scalars['String']['output'];
  readonly owners: ReadonlyArray<KubernetesObject>;
  readonly events: EventConnection;
  readonly history: WriteConnection;
  readonly type: Scalars['String']['output'];
  readonly reason: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
  readonly count: Scalars['Int']['output'];
  readonly firstTimestamp?: Maybe<Scalars['DateTime']['output']>;
  readonly lastTimestamp?: Maybe<Scalars['DateTime']['output']>;
  readonly component?: Maybe<Scalars['String']['output']>;
  readonly aboutKind: Scalars['String']['output'];
  readonly aboutName: Scalars['String']['output'];
  readonly about?: Maybe<KubernetesObject>;
};


export type EventJsonArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type EventYamlArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type EventEventsArgs = {
  type?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type EventHistoryArgs = {
  orderBy?: WriteOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

export type Service = KubernetesObject & Node & {
  readonly id: Scalars['ID']['output'];
  readonly apiVersion: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly namespace: Scalars['String']['output'];
  readonly metadata: ObjectMeta;
  readonly json: Scalars['JSON']['output'];
  readonly yaml: Scalars['String']['output'];
  readonly owners: ReadonlyArray<KubernetesObject>;
  readonly events: EventConnection;
  readonly history: WriteConnection;
  readonly type: Scalars['String']['output'];
  readonly clusterIP?: Maybe<Scalars['String']['output']>;
  readonly selector?: Maybe<Scalars['String']['output']>;
  readonly ports: ReadonlyArray<ServicePort>;
  readonly pods: PodConnection;
  readonly sockets: ReadonlyArray<NetworkAddress>;
};


export type ServiceJsonArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type ServiceYamlArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type ServiceEventsArgs = {
  type?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type ServiceHistoryArgs = {
  orderBy?: WriteOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type ServicePodsArgs = {
  ready?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

export type ServicePort = {
  readonly name?: Maybe<Scalars['String']['output']>;
  readonly protocol: Scalars['String']['output'];
  readonly port: Scalars['Int']['output'];
  readonly targetPort?: Maybe<Scalars['String']['output']>;
  readonly nodePort?: Maybe<Scalars['Int']['output']>;
};

export type Workload = KubernetesObject & Node & {
  readonly id: Scalars['ID']['output'];
  readonly apiVersion: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly namespace: Scalars['String']['output'];
  readonly metadata: ObjectMeta;
  readonly json: Scalars['JSON']['output'];
  readonly yaml: Scalars['String']['output'];
  readonly owners: ReadonlyArray<KubernetesObject>;
  readonly events: EventConnection;
  readonly history: WriteConnection;
  readonly replicas?: Maybe<Scalars['Int']['output']>;
  readonly readyReplicas: Scalars['Int']['output'];
  readonly updatedReplicas?: Maybe<Scalars['Int']['output']>;
  readonly images: ReadonlyArray<Scalars['String']['output']>;
  readonly rollout?: Maybe<RolloutProgress>;
  readonly children: ReadonlyArray<Workload>;
  readonly revisions: ReadonlyArray<ControllerRevision>;
  readonly pods: PodConnection;
};


export type WorkloadJsonArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type WorkloadYamlArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type WorkloadEventsArgs = {
  type?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type WorkloadHistoryArgs = {
  orderBy?: WriteOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type WorkloadPodsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

export type PriorityClass = KubernetesObject & Node & {
  readonly id: Scalars['ID']['output'];
  readonly apiVersion: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly metadata: ObjectMeta;
  readonly json: Scalars['JSON']['output'];
  readonly yaml: Scalars['String']['output'];
  readonly owners: ReadonlyArray<KubernetesObject>;
  readonly events: EventConnection;
  readonly history: WriteConnection;
  readonly value: Scalars['Int']['output'];
  readonly globalDefault: Scalars['Boolean']['output'];
  readonly preemptionPolicy: Scalars['String']['output'];
  readonly description?: Maybe<Scalars['String']['output']>;
};


export type PriorityClassJsonArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type PriorityClassYamlArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type PriorityClassEventsArgs = {
  type?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type PriorityClassHistoryArgs = {
  orderBy?: WriteOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

export type GenericObject = KubernetesObject & Node & {
  readonly id: Scalars['ID']['output'];
  readonly apiVersion: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly namespace?: Maybe<Scalars['String']['output']>;
  readonly metadata: ObjectMeta;
  readonly json: Scalars['JSON']['output'];
  readonly yaml: Scalars['String']['output'];
  readonly owners: ReadonlyArray<KubernetesObject>;
  readonly events: EventConnection;
  readonly history: WriteConnection;
};


export type GenericObjectJsonArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type GenericObjectYamlArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type GenericObjectEventsArgs = {
  type?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type GenericObjectHistoryArgs = {
  orderBy?: WriteOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

export type ServedKind = {
  readonly group: Scalars['String']['output'];
  readonly version: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly plural: Scalars['String']['output'];
  readonly namespaced: Scalars['Boolean']['output'];
};

export type NamespaceConnection = {
  readonly edges: ReadonlyArray<NamespaceEdge>;
  readonly nodes: ReadonlyArray<Namespace>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type NamespaceEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Namespace;
};

export type EventConnection = {
  readonly edges: ReadonlyArray<EventEdge>;
  readonly nodes: ReadonlyArray<Event>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type EventEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Event;
};

export type ServiceConnection = {
  readonly edges: ReadonlyArray<ServiceEdge>;
  readonly nodes: ReadonlyArray<Service>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type ServiceEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Service;
};

export type WorkloadConnection = {
  readonly edges: ReadonlyArray<WorkloadEdge>;
  readonly nodes: ReadonlyArray<Workload>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type WorkloadEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Workload;
};

export type PriorityClassConnection = {
  readonly edges: ReadonlyArray<PriorityClassEdge>;
  readonly nodes: ReadonlyArray<PriorityClass>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type PriorityClassEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: PriorityClass;
};

export type KubernetesObjectConnection = {
  readonly edges: ReadonlyArray<KubernetesObjectEdge>;
  readonly nodes: ReadonlyArray<KubernetesObject>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type KubernetesObjectEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: KubernetesObject;
};

export type Placement = Node & {
  readonly id: Scalars['ID']['output'];
  readonly daemonSet: DaemonSet;
  readonly node: ClusterNode;
  readonly wanted: Scalars['Boolean']['output'];
  readonly shouldContinue: Scalars['Boolean']['output'];
  readonly actual: PlacementState;
  readonly pod?: Maybe<Pod>;
  readonly pods: ReadonlyArray<Pod>;
  readonly phase?: Maybe<PodPhase>;
  readonly ready: Scalars['Boolean']['output'];
  readonly revision?: Maybe<Scalars['String']['output']>;
  readonly currentRevision?: Maybe<Scalars['String']['output']>;
  readonly upToDate?: Maybe<Scalars['Boolean']['output']>;
  readonly reason: Scalars['String']['output'];
  readonly why: ReadonlyArray<Sentence>;
  readonly checks: ReadonlyArray<PlacementCheck>;
};


export type PlacementChecksArgs = {
  verdict?: InputMaybe<ReadonlyArray<CheckVerdict>>;
};

export type PlacementState =
  | 'MISSING'
  | 'FAILED'
  | 'EXTRA'
  | 'PENDING'
  | 'SUCCEEDED'
  | 'TERMINATING'
  | 'PRESENT'
  | 'NOT_WANTED';

export type PlacementCheck = {
  readonly stage: CheckStage;
  readonly name: Scalars['String']['output'];
  readonly verdict: CheckVerdict;
  readonly message: Scalars['String']['output'];
  readonly sentences: ReadonlyArray<Sentence>;
};

export type Sentence = {
  readonly code: Scalars['String']['output'];
  readonly values: Scalars['JSON']['output'];
};

export type CheckStage =
  | 'CONTROLLER'
  | 'SCHEDULER';

export type CheckVerdict =
  | 'PASS'
  | 'KEEP_ONLY'
  | 'FAIL';

export type PlacementOrder =
  | 'PROBLEMS_FIRST'
  | 'NAME';

export type PlacementCounts = {
  readonly nodes: Scalars['Int']['output'];
  readonly wanted: Scalars['Int']['output'];
  readonly present: Scalars['Int']['output'];
  readonly ready: Scalars['Int']['output'];
  readonly upToDate: Scalars['Int']['output'];
  readonly pending: Scalars['Int']['output'];
  readonly missing: Scalars['Int']['output'];
  readonly extra: Scalars['Int']['output'];
  readonly terminating: Scalars['Int']['output'];
  readonly failed: Scalars['Int']['output'];
  readonly succeeded: Scalars['Int']['output'];
  readonly notWanted: Scalars['Int']['output'];
};

export type PlacementConnection = {
  readonly edges: ReadonlyArray<PlacementEdge>;
  readonly nodes: ReadonlyArray<Placement>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type PlacementEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Placement;
};

export type PlacementGrouping =
  | 'DAEMON_SET'
  | 'NODE'
  | 'ZONE'
  | 'LABEL';

export type PlacementGroup = {
  readonly key: Scalars['String']['output'];
  readonly daemonSet?: Maybe<DaemonSet>;
  readonly node?: Maybe<ClusterNode>;
  readonly counts: PlacementCounts;
};

export type PlacementGroupConnection = {
  readonly edges: ReadonlyArray<PlacementGroupEdge>;
  readonly nodes: ReadonlyArray<PlacementGroup>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type PlacementGroupEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: PlacementGroup;
};

export type Pod = KubernetesObject & Node & {
  readonly id: Scalars['ID']['output'];
  readonly apiVersion: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly namespace: Scalars['String']['output'];
  readonly metadata: ObjectMeta;
  readonly json: Scalars['JSON']['output'];
  readonly yaml: Scalars['String']['output'];
  readonly owners: ReadonlyArray<KubernetesObject>;
  readonly events: EventConnection;
  readonly history: WriteConnection;
  readonly phase: PodPhase;
  readonly status: Scalars['String']['output'];
  readonly ready: Scalars['Boolean']['output'];
  readonly terminating: Scalars['Boolean']['output'];
  readonly restartCount: Scalars['Int']['output'];
  readonly podIP?: Maybe<Scalars['String']['output']>;
  readonly sockets: ReadonlyArray<NetworkAddress>;
  readonly push?: Maybe<Push>;
  readonly conditions: ReadonlyArray<Condition>;
  readonly containers: ReadonlyArray<Container>;
  readonly requests: ReadonlyArray<ResourceQuantity>;
  readonly priority: Scalars['Int']['output'];
  readonly nodeName?: Maybe<Scalars['String']['output']>;
  readonly node?: Maybe<ClusterNode>;
  readonly daemonSet?: Maybe<DaemonSet>;
  readonly revisionHash?: Maybe<Scalars['String']['output']>;
  readonly revision?: Maybe<ControllerRevision>;
  readonly placement?: Maybe<Placement>;
  readonly services: ReadonlyArray<Service>;
  readonly priorityClass?: Maybe<PriorityClass>;
  readonly inNamespace?: Maybe<Namespace>;
};


export type PodJsonArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type PodYamlArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type PodEventsArgs = {
  type?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type PodHistoryArgs = {
  orderBy?: WriteOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

export type PodOrder =
  | 'NAME'
  | 'NEWEST'
  | 'OLDEST'
  | 'RESTARTS'
  | 'PROBLEMS_FIRST';

export type PodPhase =
  | 'PENDING'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'UNKNOWN';

export type Container = {
  readonly name: Scalars['String']['output'];
  readonly image?: Maybe<Scalars['String']['output']>;
  readonly ready: Scalars['Boolean']['output'];
  readonly restartCount: Scalars['Int']['output'];
  readonly state?: Maybe<Scalars['String']['output']>;
  readonly reason?: Maybe<Scalars['String']['output']>;
  readonly requests: ReadonlyArray<ResourceQuantity>;
  readonly limits: ReadonlyArray<ResourceQuantity>;
};

export type PodConnection = {
  readonly edges: ReadonlyArray<PodEdge>;
  readonly nodes: ReadonlyArray<Pod>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type PodEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Pod;
};

export type Query = {
  readonly node?: Maybe<Node>;
  readonly cluster: Cluster;
  readonly nodes: ClusterNodeConnection;
  readonly pods: PodConnection;
  readonly daemonSets: DaemonSetConnection;
  readonly nodeByName?: Maybe<ClusterNode>;
  readonly pod?: Maybe<Pod>;
  readonly daemonSet?: Maybe<DaemonSet>;
  readonly placements: PlacementConnection;
  readonly placementCounts: PlacementGroupConnection;
  readonly clusterMap: ClusterMap;
  readonly explainPod: PodExplanation;
  readonly explain: Placement;
  readonly explainTraffic: TrafficExplanation;
  readonly whatIf?: Maybe<WhatIf>;
  readonly compare: ReadonlyArray<Scenario>;
  readonly changes: WriteConnection;
  readonly history: WriteConnection;
  readonly placementDiff: PlacementDiff;
  readonly activity: ReadonlyArray<Activity>;
  readonly namespaces: NamespaceConnection;
  readonly namespace?: Maybe<Namespace>;
  readonly events: EventConnection;
  readonly services: ServiceConnection;
  readonly service?: Maybe<Service>;
  readonly workloads: WorkloadConnection;
  readonly priorityClasses: PriorityClassConnection;
  readonly object?: Maybe<KubernetesObject>;
  readonly objects: KubernetesObjectConnection;
  readonly forks: ReadonlyArray<Fork>;
  readonly kinds: ReadonlyArray<ServedKind>;
};


export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
  at?: InputMaybe<Scalars['Moment']['input']>;
};


export type QueryClusterArgs = {
  at?: InputMaybe<Scalars['Moment']['input']>;
};


export type QueryNodesArgs = {
  name?: InputMaybe<Scalars['String']['input']>;
  labelSelector?: InputMaybe<Scalars['String']['input']>;
  ready?: InputMaybe<Scalars['Boolean']['input']>;
  zone?: InputMaybe<Scalars['String']['input']>;
  taint?: InputMaybe<Scalars['String']['input']>;
  unschedulable?: InputMaybe<Scalars['Boolean']['input']>;
  text?: InputMaybe<Scalars['String']['input']>;
  orderBy?: ObjectOrder;
  at?: InputMaybe<Scalars['Moment']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type QueryPodsArgs = {
  namespace?: InputMaybe<Scalars['String']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  labelSelector?: InputMaybe<Scalars['String']['input']>;
  phase?: InputMaybe<ReadonlyArray<PodPhase>>;
  ready?: InputMaybe<Scalars['Boolean']['input']>;
  zone?: InputMaybe<Scalars['String']['input']>;
  owner?: InputMaybe<Scalars['String']['input']>;
  text?: InputMaybe<Scalars['String']['input']>;
  orderBy?: PodOrder;
  nodeName?: InputMaybe<Scalars['String']['input']>;
  at?: InputMaybe<Scalars['Moment']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type QueryDaemonSetsArgs = {
  namespace?: InputMaybe<Scalars['String']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  labelSelector?: InputMaybe<Scalars['String']['input']>;
  text?: InputMaybe<Scalars['String']['input']>;
  orderBy?: ObjectOrder;
  at?: InputMaybe<Scalars['Moment']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type QueryNodeByNameArgs = {
  name: Scalars['String']['input'];
  at?: InputMaybe<Scalars['Moment']['input']>;
};


export type QueryPodArgs = {
  namespace?: Scalars['String']['input'];
  name: Scalars['String']['input'];
  at?: InputMaybe<Scalars['Moment']['input']>;
};


export type QueryDaemonSetArgs = {
  namespace?: Scalars['String']['input'];
  name: Scalars['String']['input'];
  at?: InputMaybe<Scalars['Moment']['input']>;
};


export type QueryPlacementsArgs = {
  namespace?: InputMaybe<Scalars['String']['input']>;
  daemonSet?: InputMaybe<Scalars['String']['input']>;
  node?: InputMaybe<Scalars['String']['input']>;
  nodeSelector?: InputMaybe<Scalars['String']['input']>;
  zone?: InputMaybe<Scalars['String']['input']>;
  taint?: InputMaybe<Scalars['String']['input']>;
  text?: InputMaybe<Scalars['String']['input']>;
  actual?: InputMaybe<ReadonlyArray<PlacementState>>;
  wanted?: InputMaybe<Scalars['Boolean']['input']>;
  orderBy?: PlacementOrder;
  at?: InputMaybe<Scalars['Moment']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type QueryPlacementCountsArgs = {
  by?: PlacementGrouping;
  label?: InputMaybe<Scalars['String']['input']>;
  namespace?: InputMaybe<Scalars['String']['input']>;
  daemonSet?: InputMaybe<Scalars['String']['input']>;
  nodeSelector?: InputMaybe<Scalars['String']['input']>;
  orderBy?: PlacementOrder;
  at?: InputMaybe<Scalars['Moment']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type QueryClusterMapArgs = {
  at?: InputMaybe<Scalars['Moment']['input']>;
  since?: InputMaybe<Scalars['String']['input']>;
};


export type QueryExplainPodArgs = {
  namespace?: Scalars['String']['input'];
  name?: InputMaybe<Scalars['String']['input']>;
  manifest?: InputMaybe<Scalars['String']['input']>;
  at?: InputMaybe<Scalars['Moment']['input']>;
};


export type QueryExplainArgs = {
  namespace?: Scalars['String']['input'];
  daemonSet: Scalars['String']['input'];
  node: Scalars['String']['input'];
  at?: InputMaybe<Scalars['Moment']['input']>;
};


export type QueryExplainTrafficArgs = {
  from: TrafficSourceInput;
  to: TrafficTargetInput;
  port: Scalars['Int']['input'];
  protocol?: TrafficProtocol;
  at?: InputMaybe<Scalars['Moment']['input']>;
};


export type QueryWhatIfArgs = {
  changes: ReadonlyArray<ChangeInput>;
  limit?: Scalars['String']['input'];
  at?: InputMaybe<Scalars['Moment']['input']>;
};


export type QueryCompareArgs = {
  scenarios: ReadonlyArray<ScenarioInput>;
  limit?: Scalars['String']['input'];
  at?: InputMaybe<Scalars['Moment']['input']>;
};


export type QueryChangesArgs = {
  from?: InputMaybe<Scalars['Moment']['input']>;
  to?: InputMaybe<Scalars['Moment']['input']>;
  kind?: InputMaybe<Scalars['String']['input']>;
  apiVersion?: InputMaybe<Scalars['String']['input']>;
  namespace?: InputMaybe<Scalars['String']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  orderBy?: WriteOrder;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type QueryHistoryArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  kind?: InputMaybe<Scalars['String']['input']>;
  apiVersion?: InputMaybe<Scalars['String']['input']>;
  namespace?: Scalars['String']['input'];
  name?: InputMaybe<Scalars['String']['input']>;
  orderBy?: WriteOrder;
  at?: InputMaybe<Scalars['Moment']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type QueryPlacementDiffArgs = {
  from: Scalars['Moment']['input'];
  to?: InputMaybe<Scalars['Moment']['input']>;
};


export type QueryActivityArgs = {
  from?: InputMaybe<Scalars['Moment']['input']>;
  to?: InputMaybe<Scalars['Moment']['input']>;
  buckets?: Scalars['Int']['input'];
  by?: ActivityScale;
  kind?: InputMaybe<Scalars['String']['input']>;
  apiVersion?: InputMaybe<Scalars['String']['input']>;
  namespace?: InputMaybe<Scalars['String']['input']>;
};


export type QueryNamespacesArgs = {
  labelSelector?: InputMaybe<Scalars['String']['input']>;
  text?: InputMaybe<Scalars['String']['input']>;
  orderBy?: ObjectOrder;
  at?: InputMaybe<Scalars['Moment']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type QueryNamespaceArgs = {
  name: Scalars['String']['input'];
  at?: InputMaybe<Scalars['Moment']['input']>;
};


export type QueryEventsArgs = {
  namespace?: InputMaybe<Scalars['String']['input']>;
  type?: InputMaybe<Scalars['String']['input']>;
  reason?: InputMaybe<Scalars['String']['input']>;
  kind?: InputMaybe<Scalars['String']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  text?: InputMaybe<Scalars['String']['input']>;
  at?: InputMaybe<Scalars['Moment']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type QueryServicesArgs = {
  namespace?: InputMaybe<Scalars['String']['input']>;
  labelSelector?: InputMaybe<Scalars['String']['input']>;
  text?: InputMaybe<Scalars['String']['input']>;
  orderBy?: ObjectOrder;
  at?: InputMaybe<Scalars['Moment']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type QueryServiceArgs = {
  namespace?: Scalars['String']['input'];
  name: Scalars['String']['input'];
  at?: InputMaybe<Scalars['Moment']['input']>;
};


export type QueryWorkloadsArgs = {
  namespace?: InputMaybe<Scalars['String']['input']>;
  kind?: InputMaybe<Scalars['String']['input']>;
  labelSelector?: InputMaybe<Scalars['String']['input']>;
  text?: InputMaybe<Scalars['String']['input']>;
  orderBy?: ObjectOrder;
  at?: InputMaybe<Scalars['Moment']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type QueryPriorityClassesArgs = {
  at?: InputMaybe<Scalars['Moment']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type QueryObjectArgs = {
  kind: Scalars['String']['input'];
  apiVersion?: InputMaybe<Scalars['String']['input']>;
  namespace?: Scalars['String']['input'];
  name: Scalars['String']['input'];
  at?: InputMaybe<Scalars['Moment']['input']>;
};


export type QueryObjectsArgs = {
  kind: Scalars['String']['input'];
  apiVersion?: InputMaybe<Scalars['String']['input']>;
  namespace?: InputMaybe<Scalars['String']['input']>;
  labelSelector?: InputMaybe<Scalars['String']['input']>;
  fieldSelector?: InputMaybe<Scalars['String']['input']>;
  text?: InputMaybe<Scalars['String']['input']>;
  orderBy?: ObjectOrder;
  at?: InputMaybe<Scalars['Moment']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type QueryKindsArgs = {
  at?: InputMaybe<Scalars['Moment']['input']>;
};

export type Cluster = {
  readonly version: Scalars['String']['output'];
  readonly era: Scalars['String']['output'];
  readonly revision: Scalars['String']['output'];
  readonly oldestRevision: Scalars['String']['output'];
  readonly oldestTime: Scalars['DateTime']['output'];
  readonly now: Scalars['DateTime']['output'];
  readonly clock: ClusterClock;
  readonly namespaces: ReadonlyArray<Scalars['String']['output']>;
  readonly nodeCount: Scalars['Int']['output'];
  readonly podCount: Scalars['Int']['output'];
  readonly daemonSetCount: Scalars['Int']['output'];
  readonly network: NetworkMode;
  readonly pushes: ReadonlyArray<PodsThatPush>;
};

export type ClusterClock = {
  readonly mode: ClockMode;
  readonly rate: Scalars['Float']['output'];
  readonly time: Scalars['DateTime']['output'];
  readonly aheadSeconds: Scalars['Float']['output'];
};

export type ClockMode =
  | 'REAL'
  | 'SCALED'
  | 'PAUSED';

export type Node = {
  readonly id: Scalars['ID']['output'];
};

export type PageInfo = {
  readonly hasNextPage: Scalars['Boolean']['output'];
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  readonly startCursor?: Maybe<Scalars['String']['output']>;
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  readonly revision: Scalars['String']['output'];
};

export type RolloutProgress = {
  readonly desired: Scalars['Int']['output'];
  readonly updated: Scalars['Int']['output'];
  readonly ready: Scalars['Int']['output'];
  readonly available: Scalars['Int']['output'];
  readonly unavailable: Scalars['Int']['output'];
  readonly done: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
};

export type PodExplanation = {
  readonly pod?: Maybe<Pod>;
  readonly fits: Scalars['Int']['output'];
  readonly nodeCount: Scalars['Int']['output'];
  readonly message?: Maybe<Scalars['String']['output']>;
  readonly nodes: NodeFitConnection;
  readonly preemption: PreemptionCandidateConnection;
};


export type PodExplanationNodesArgs = {
  fits?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type PodExplanationPreemptionArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

export type NodeFit = {
  readonly node: ClusterNode;
  readonly fits: Scalars['Boolean']['output'];
  readonly score?: Maybe<Scalars['Int']['output']>;
  readonly scores: ReadonlyArray<NodeScore>;
  readonly checks: ReadonlyArray<PlacementCheck>;
};


export type NodeFitChecksArgs = {
  verdict?: InputMaybe<ReadonlyArray<CheckVerdict>>;
};

export type NodeScore = {
  readonly plugin: Scalars['String']['output'];
  readonly score: Scalars['Int']['output'];
  readonly weight: Scalars['Int']['output'];
};

export type PreemptionCandidate = {
  readonly node: ClusterNode;
  readonly victims: ReadonlyArray<Pod>;
  readonly violations: Scalars['Int']['output'];
};

export type NodeFitConnection = {
  readonly edges: ReadonlyArray<NodeFitEdge>;
  readonly nodes: ReadonlyArray<NodeFit>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type NodeFitEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: NodeFit;
};

export type PreemptionCandidateConnection = {
  readonly edges: ReadonlyArray<PreemptionCandidateEdge>;
  readonly nodes: ReadonlyArray<PreemptionCandidate>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type PreemptionCandidateEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: PreemptionCandidate;
};

export type Subscription = {
  readonly placementChanged: PlacementChange;
  readonly objectChanged: ObjectChange;
  readonly events: EventChange;
  readonly rollout: Rollout;
  readonly clusterMap: ClusterMap;
  readonly traffic: TrafficChange;
};


export type SubscriptionPlacementChangedArgs = {
  namespace?: InputMaybe<Scalars['String']['input']>;
  daemonSet?: InputMaybe<Scalars['String']['input']>;
  node?: InputMaybe<Scalars['String']['input']>;
  since?: InputMaybe<Scalars['String']['input']>;
};


export type SubscriptionObjectChangedArgs = {
  kind: Scalars['String']['input'];
  apiVersion?: InputMaybe<Scalars['String']['input']>;
  namespace?: InputMaybe<Scalars['String']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  labelSelector?: InputMaybe<Scalars['String']['input']>;
  since?: InputMaybe<Scalars['String']['input']>;
};


export type SubscriptionEventsArgs = {
  namespace?: InputMaybe<Scalars['String']['input']>;
  type?: InputMaybe<Scalars['String']['input']>;
  reason?: InputMaybe<Scalars['String']['input']>;
  kind?: InputMaybe<Scalars['String']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  since?: InputMaybe<Scalars['String']['input']>;
};


export type SubscriptionRolloutArgs = {
  namespace?: Scalars['String']['input'];
  daemonSet?: InputMaybe<Scalars['String']['input']>;
  kind?: InputMaybe<Scalars['String']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  untilDone?: Scalars['Boolean']['input'];
  since?: InputMaybe<Scalars['String']['input']>;
};


export type SubscriptionClusterMapArgs = {
  since?: InputMaybe<Scalars['String']['input']>;
  rows?: Scalars['Int']['input'];
};

export type PlacementChange = {
  readonly revision: Scalars['String']['output'];
  readonly placement?: Maybe<Placement>;
  readonly namespace: Scalars['String']['output'];
  readonly daemonSet: Scalars['String']['output'];
  readonly node: Scalars['String']['output'];
  readonly before?: Maybe<PlacementState>;
  readonly cause?: Maybe<ChangeCause>;
};

export type ChangeCause = {
  readonly revision: Scalars['String']['output'];
  readonly time: Scalars['DateTime']['output'];
  readonly type: ChangeType;
  readonly kind: Scalars['String']['output'];
  readonly namespace?: Maybe<Scalars['String']['output']>;
  readonly name: Scalars['String']['output'];
};

export type ChangeType =
  | 'ADDED'
  | 'MODIFIED'
  | 'DELETED';

export type ObjectChange = {
  readonly revision: Scalars['String']['output'];
  readonly type: ChangeType;
  readonly object: KubernetesObject;
};

export type EventChange = {
  readonly revision: Scalars['String']['output'];
  readonly type: ChangeType;
  readonly event: Event;
};

export type Rollout = {
  readonly revision: Scalars['String']['output'];
  readonly object: KubernetesObject;
  readonly desired: Scalars['Int']['output'];
  readonly updated: Scalars['Int']['output'];
  readonly ready: Scalars['Int']['output'];
  readonly available: Scalars['Int']['output'];
  readonly unavailable: Scalars['Int']['output'];
  readonly done: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
  readonly happened: ReadonlyArray<RolloutEvent>;
};

export type RolloutEvent = {
  readonly what: PodEventKind;
  readonly node?: Maybe<Scalars['String']['output']>;
  readonly pod: Pod;
  readonly upToDate: Scalars['Boolean']['output'];
};

export type NetworkMode =
  | 'OFF'
  | 'LOOPBACK'
  | 'PORTS';

export type NetworkWay =
  | 'POD'
  | 'NODE'
  | 'SERVICE';

export type NetworkAddress = {
  readonly address: Scalars['String']['output'];
  readonly port: Scalars['Int']['output'];
  readonly protocol: TrafficProtocol;
  readonly at: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly namespace: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly way: NetworkWay;
  readonly node?: Maybe<Scalars['String']['output']>;
  readonly came: Scalars['Int']['output'];
};

export type Push = {
  readonly to: Scalars['String']['output'];
  readonly everySeconds: Scalars['Float']['output'];
  readonly format: PushFormat;
};

export type PushFormat =
  | 'JSON'
  | 'PROMETHEUS'
  | 'STATSD';

export type PodsThatPush = {
  readonly push: Push;
  readonly pods: PodConnection;
};


export type PodsThatPushPodsArgs = {
  ready?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

export type TrafficSourceInput =
  { readonly pod: TrafficNameInput; readonly node?: never; readonly address?: never; }
  |  { readonly pod?: never; readonly node: Scalars['String']['input']; readonly address?: never; }
  |  { readonly pod?: never; readonly node?: never; readonly address: Scalars['String']['input']; };

export type TrafficTargetInput =
  { readonly pod: TrafficNameInput; readonly service?: never; }
  |  { readonly pod?: never; readonly service: TrafficNameInput; };

export type TrafficNameInput = {
  readonly namespace?: Scalars['String']['input'];
  readonly name: Scalars['String']['input'];
};

export type TrafficProtocol =
  | 'TCP'
  | 'UDP';

export type TrafficExplanation = {
  readonly allowed: Scalars['Boolean']['output'];
  readonly reason: Scalars['String']['output'];
  readonly why: ReadonlyArray<Sentence>;
  readonly pods: ReadonlyArray<TrafficToPod>;
};

export type TrafficToPod = {
  readonly pod: Pod;
  readonly port: Scalars['Int']['output'];
  readonly allowed: Scalars['Boolean']['output'];
  readonly egress: TrafficSide;
  readonly ingress: TrafficSide;
};

export type TrafficSide = {
  readonly allowed: Scalars['Boolean']['output'];
  readonly policies: ReadonlyArray<Scalars['String']['output']>;
  readonly policy?: Maybe<Scalars['String']['output']>;
  readonly rule?: Maybe<Scalars['Int']['output']>;
  readonly reason: Scalars['String']['output'];
  readonly why: ReadonlyArray<Sentence>;
};

export type RequestProtocol =
  | 'HTTP'
  | 'TCP'
  | 'UDP';

export type SendRequestInput = {
  readonly from?: InputMaybe<TrafficSourceInput>;
  readonly to: RequestTargetInput;
  readonly protocol?: RequestProtocol;
  readonly method?: Scalars['String']['input'];
  readonly path?: Scalars['String']['input'];
  readonly body?: Scalars['String']['input'];
  readonly times?: Scalars['Int']['input'];
};

export type RequestTargetInput =
  { readonly address: RequestAddressInput; readonly node?: never; readonly dns?: never; readonly service?: never; readonly push?: never; }
  |  { readonly address?: never; readonly node: RequestNodeInput; readonly dns?: never; readonly service?: never; readonly push?: never; }
  |  { readonly address?: never; readonly node?: never; readonly dns: RequestNameInput; readonly service?: never; readonly push?: never; }
  |  { readonly address?: never; readonly node?: never; readonly dns?: never; readonly service: RequestServiceInput; readonly push?: never; }
  |  { readonly address?: never; readonly node?: never; readonly dns?: never; readonly service?: never; readonly push: TrafficNameInput; };

export type RequestAddressInput = {
  readonly address: Scalars['String']['input'];
  readonly port: Scalars['Int']['input'];
};

export type RequestNodeInput = {
  readonly name: Scalars['String']['input'];
  readonly port: Scalars['Int']['input'];
};

export type RequestNameInput = {
  readonly name: Scalars['String']['input'];
  readonly port: Scalars['Int']['input'];
};

export type RequestServiceInput = {
  readonly namespace?: Scalars['String']['input'];
  readonly name: Scalars['String']['input'];
  readonly port: Scalars['Int']['input'];
  readonly node?: InputMaybe<Scalars['String']['input']>;
};

export type SendRequestPayload = {
  readonly requests: ReadonlyArray<SentRequest>;
  readonly tally: ReadonlyArray<RequestTally>;
};


export type SendRequestPayloadRequestsArgs = {
  first?: Scalars['Int']['input'];
};

export type RequestTally = {
  readonly outcome: RequestOutcome;
  readonly status?: Maybe<Scalars['Int']['output']>;
  readonly by?: Maybe<Responder>;
  readonly count: Scalars['Int']['output'];
};

export type RequestOutcome =
  | 'ANSWERED'
  | 'SENT'
  | 'NOT_SENT'
  | 'NO_SUCH_NAME'
  | 'REFUSED'
  | 'RESET'
  | 'DENIED'
  | 'NO_ANSWER'
  | 'FAILED';

export type SentRequest = {
  readonly outcome: RequestOutcome;
  readonly message: Scalars['String']['output'];
  readonly why: ReadonlyArray<Sentence>;
  readonly from?: Maybe<Scalars['String']['output']>;
  readonly lookups: ReadonlyArray<NameLookup>;
  readonly address?: Maybe<Scalars['String']['output']>;
  readonly port?: Maybe<Scalars['Int']['output']>;
  readonly at?: Maybe<Scalars['String']['output']>;
  readonly status?: Maybe<Scalars['Int']['output']>;
  readonly headers: ReadonlyArray<ResponseHeader>;
  readonly body?: Maybe<Scalars['String']['output']>;
  readonly cut: Scalars['Boolean']['output'];
  readonly by?: Maybe<Responder>;
};

export type NameLookup = {
  readonly name: Scalars['String']['output'];
  readonly rcode: Scalars['String']['output'];
  readonly addresses: ReadonlyArray<Scalars['String']['output']>;
};

export type ResponseHeader = {
  readonly name: Scalars['String']['output'];
  readonly value: Scalars['String']['output'];
};

export type Responder = {
  readonly namespace: Scalars['String']['output'];
  readonly pod: Scalars['String']['output'];
  readonly node: Scalars['String']['output'];
};

export type OpenNetworkPayload = {
  readonly network: NetworkMode;
  readonly addresses: Scalars['Int']['output'];
};

export type TrafficChange = {
  readonly revision: Scalars['String']['output'];
  readonly network: NetworkMode;
  readonly whole: Scalars['Boolean']['output'];
  readonly changed: ReadonlyArray<NetworkAddress>;
  readonly gone: ReadonlyArray<Scalars['String']['output']>;
};

export type WhatIf = {
  readonly revision: Scalars['String']['output'];
  readonly before: Query;
  readonly after: Query;
  readonly changes: ReadonlyArray<WhatIfChange>;
  readonly daemonSets: ReadonlyArray<DaemonSetOutcome>;
  readonly placements: PlacementDifferenceConnection;
  readonly pods: PodDifferenceConnection;
  readonly waiting: WaitingPodConnection;
  readonly steps: RolloutStepConnection;
  readonly rest: Rest;
};


export type WhatIfDaemonSetsArgs = {
  changed?: InputMaybe<Scalars['Boolean']['input']>;
};


export type WhatIfPlacementsArgs = {
  difference?: InputMaybe<ReadonlyArray<PlacementDifferenceKind>>;
  namespace?: InputMaybe<Scalars['String']['input']>;
  daemonSet?: InputMaybe<Scalars['String']['input']>;
  node?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type WhatIfPodsArgs = {
  difference?: InputMaybe<ReadonlyArray<PodDifferenceKind>>;
  namespace?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type WhatIfWaitingArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type WhatIfStepsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

export type WhatIfChange = {
  readonly index: Scalars['Int']['output'];
  readonly messages: ReadonlyArray<Scalars['String']['output']>;
  readonly warnings: ReadonlyArray<Scalars['String']['output']>;
};

export type Scenario = {
  readonly name: Scalars['String']['output'];
  readonly outcome?: Maybe<WhatIf>;
};

export type DaemonSetOutcome = {
  readonly namespace: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly before?: Maybe<PlacementCounts>;
  readonly after?: Maybe<PlacementCounts>;
};

export type PlacementDifference = {
  readonly difference: PlacementDifferenceKind;
  readonly namespace: Scalars['String']['output'];
  readonly daemonSet: Scalars['String']['output'];
  readonly node: Scalars['String']['output'];
  readonly before?: Maybe<Placement>;
  readonly after?: Maybe<Placement>;
  readonly cause?: Maybe<Write>;
  readonly lastWrite?: Maybe<Write>;
};

export type PlacementDifferenceKind =
  | 'CAME'
  | 'WENT'
  | 'REPLACED'
  | 'CHANGED';

export type PodDifference = {
  readonly difference: PodDifferenceKind;
  readonly namespace: Scalars['String']['output'];
  readonly workloadKind?: Maybe<Scalars['String']['output']>;
  readonly workloadName?: Maybe<Scalars['String']['output']>;
  readonly before?: Maybe<StandingPod>;
  readonly after?: Maybe<StandingPod>;
  readonly lastWrite?: Maybe<Write>;
};

export type PodDifferenceKind =
  | 'CAME'
  | 'WENT'
  | 'MOVED'
  | 'REPLACED'
  | 'CHANGED';

export type StandingPod = {
  readonly pod: Pod;
  readonly node?: Maybe<Scalars['String']['output']>;
  readonly state: StandingPodState;
  readonly ready: Scalars['Boolean']['output'];
  readonly revision?: Maybe<Scalars['String']['output']>;
  readonly reason?: Maybe<Scalars['String']['output']>;
};

export type StandingPodState =
  | 'PENDING'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'UNKNOWN'
  | 'TERMINATING';

export type WaitingPod = {
  readonly pod: Pod;
  readonly reason: Scalars['String']['output'];
  readonly why: ReadonlyArray<Sentence>;
};

export type RolloutStep = {
  readonly number: Scalars['Int']['output'];
  readonly seconds: Scalars['Float']['output'];
  readonly text: Scalars['String']['output'];
  readonly counts: ReadonlyArray<PodEventCount>;
  readonly events: PodEventConnection;
};


export type RolloutStepEventsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

export type PodEventCount = {
  readonly what: PodEventKind;
  readonly count: Scalars['Int']['output'];
};

export type PodEvent = {
  readonly what: PodEventKind;
  readonly namespace: Scalars['String']['output'];
  readonly pod: Scalars['String']['output'];
  readonly node?: Maybe<Scalars['String']['output']>;
  readonly ownerKind?: Maybe<Scalars['String']['output']>;
  readonly ownerName?: Maybe<Scalars['String']['output']>;
};

export type PodEventKind =
  | 'CREATED'
  | 'BOUND'
  | 'READY'
  | 'UNREADY'
  | 'TERMINATING'
  | 'ENDED'
  | 'DELETED';

export type Rest = {
  readonly atRest: Scalars['Boolean']['output'];
  readonly seconds: Scalars['Float']['output'];
  readonly goingOn: ReadonlyArray<Scalars['String']['output']>;
};

export type ScenarioInput = {
  readonly name: Scalars['String']['input'];
  readonly changes: ReadonlyArray<ChangeInput>;
};

export type ChangeInput =
  { readonly apply: ApplyInput; readonly patch?: never; readonly delete?: never; readonly label?: never; readonly annotate?: never; readonly taint?: never; readonly untaint?: never; readonly cordon?: never; readonly uncordon?: never; readonly drain?: never; readonly restartRollout?: never; readonly undoRollout?: never; readonly pauseRollout?: never; readonly resumeRollout?: never; readonly scale?: never; readonly scaleNodes?: never; readonly addNodes?: never; readonly removeNodes?: never; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch: PatchInput; readonly delete?: never; readonly label?: never; readonly annotate?: never; readonly taint?: never; readonly untaint?: never; readonly cordon?: never; readonly uncordon?: never; readonly drain?: never; readonly restartRollout?: never; readonly undoRollout?: never; readonly pauseRollout?: never; readonly resumeRollout?: never; readonly scale?: never; readonly scaleNodes?: never; readonly addNodes?: never; readonly removeNodes?: never; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch?: never; readonly delete: DeleteInput; readonly label?: never; readonly annotate?: never; readonly taint?: never; readonly untaint?: never; readonly cordon?: never; readonly uncordon?: never; readonly drain?: never; readonly restartRollout?: never; readonly undoRollout?: never; readonly pauseRollout?: never; readonly resumeRollout?: never; readonly scale?: never; readonly scaleNodes?: never; readonly addNodes?: never; readonly removeNodes?: never; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch?: never; readonly delete?: never; readonly label: LabelInput; readonly annotate?: never; readonly taint?: never; readonly untaint?: never; readonly cordon?: never; readonly uncordon?: never; readonly drain?: never; readonly restartRollout?: never; readonly undoRollout?: never; readonly pauseRollout?: never; readonly resumeRollout?: never; readonly scale?: never; readonly scaleNodes?: never; readonly addNodes?: never; readonly removeNodes?: never; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch?: never; readonly delete?: never; readonly label?: never; readonly annotate: AnnotateInput; readonly taint?: never; readonly untaint?: never; readonly cordon?: never; readonly uncordon?: never; readonly drain?: never; readonly restartRollout?: never; readonly undoRollout?: never; readonly pauseRollout?: never; readonly resumeRollout?: never; readonly scale?: never; readonly scaleNodes?: never; readonly addNodes?: never; readonly removeNodes?: never; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch?: never; readonly delete?: never; readonly label?: never; readonly annotate?: never; readonly taint: TaintInput; readonly untaint?: never; readonly cordon?: never; readonly uncordon?: never; readonly drain?: never; readonly restartRollout?: never; readonly undoRollout?: never; readonly pauseRollout?: never; readonly resumeRollout?: never; readonly scale?: never; readonly scaleNodes?: never; readonly addNodes?: never; readonly removeNodes?: never; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch?: never; readonly delete?: never; readonly label?: never; readonly annotate?: never; readonly taint?: never; readonly untaint: UntaintInput; readonly cordon?: never; readonly uncordon?: never; readonly drain?: never; readonly restartRollout?: never; readonly undoRollout?: never; readonly pauseRollout?: never; readonly resumeRollout?: never; readonly scale?: never; readonly scaleNodes?: never; readonly addNodes?: never; readonly removeNodes?: never; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch?: never; readonly delete?: never; readonly label?: never; readonly annotate?: never; readonly taint?: never; readonly untaint?: never; readonly cordon: NodeInput; readonly uncordon?: never; readonly drain?: never; readonly restartRollout?: never; readonly undoRollout?: never; readonly pauseRollout?: never; readonly resumeRollout?: never; readonly scale?: never; readonly scaleNodes?: never; readonly addNodes?: never; readonly removeNodes?: never; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch?: never; readonly delete?: never; readonly label?: never; readonly annotate?: never; readonly taint?: never; readonly untaint?: never; readonly cordon?: never; readonly uncordon: NodeInput; readonly drain?: never; readonly restartRollout?: never; readonly undoRollout?: never; readonly pauseRollout?: never; readonly resumeRollout?: never; readonly scale?: never; readonly scaleNodes?: never; readonly addNodes?: never; readonly removeNodes?: never; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch?: never; readonly delete?: never; readonly label?: never; readonly annotate?: never; readonly taint?: never; readonly untaint?: never; readonly cordon?: never; readonly uncordon?: never; readonly drain: DrainInput; readonly restartRollout?: never; readonly undoRollout?: never; readonly pauseRollout?: never; readonly resumeRollout?: never; readonly scale?: never; readonly scaleNodes?: never; readonly addNodes?: never; readonly removeNodes?: never; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch?: never; readonly delete?: never; readonly label?: never; readonly annotate?: never; readonly taint?: never; readonly untaint?: never; readonly cordon?: never; readonly uncordon?: never; readonly drain?: never; readonly restartRollout: RolloutInput; readonly undoRollout?: never; readonly pauseRollout?: never; readonly resumeRollout?: never; readonly scale?: never; readonly scaleNodes?: never; readonly addNodes?: never; readonly removeNodes?: never; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch?: never; readonly delete?: never; readonly label?: never; readonly annotate?: never; readonly taint?: never; readonly untaint?: never; readonly cordon?: never; readonly uncordon?: never; readonly drain?: never; readonly restartRollout?: never; readonly undoRollout: UndoRolloutInput; readonly pauseRollout?: never; readonly resumeRollout?: never; readonly scale?: never; readonly scaleNodes?: never; readonly addNodes?: never; readonly removeNodes?: never; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch?: never; readonly delete?: never; readonly label?: never; readonly annotate?: never; readonly taint?: never; readonly untaint?: never; readonly cordon?: never; readonly uncordon?: never; readonly drain?: never; readonly restartRollout?: never; readonly undoRollout?: never; readonly pauseRollout: PauseRolloutInput; readonly resumeRollout?: never; readonly scale?: never; readonly scaleNodes?: never; readonly addNodes?: never; readonly removeNodes?: never; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch?: never; readonly delete?: never; readonly label?: never; readonly annotate?: never; readonly taint?: never; readonly untaint?: never; readonly cordon?: never; readonly uncordon?: never; readonly drain?: never; readonly restartRollout?: never; readonly undoRollout?: never; readonly pauseRollout?: never; readonly resumeRollout: PauseRolloutInput; readonly scale?: never; readonly scaleNodes?: never; readonly addNodes?: never; readonly removeNodes?: never; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch?: never; readonly delete?: never; readonly label?: never; readonly annotate?: never; readonly taint?: never; readonly untaint?: never; readonly cordon?: never; readonly uncordon?: never; readonly drain?: never; readonly restartRollout?: never; readonly undoRollout?: never; readonly pauseRollout?: never; readonly resumeRollout?: never; readonly scale: ScaleInput; readonly scaleNodes?: never; readonly addNodes?: never; readonly removeNodes?: never; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch?: never; readonly delete?: never; readonly label?: never; readonly annotate?: never; readonly taint?: never; readonly untaint?: never; readonly cordon?: never; readonly uncordon?: never; readonly drain?: never; readonly restartRollout?: never; readonly undoRollout?: never; readonly pauseRollout?: never; readonly resumeRollout?: never; readonly scale?: never; readonly scaleNodes: ScaleNodesInput; readonly addNodes?: never; readonly removeNodes?: never; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch?: never; readonly delete?: never; readonly label?: never; readonly annotate?: never; readonly taint?: never; readonly untaint?: never; readonly cordon?: never; readonly uncordon?: never; readonly drain?: never; readonly restartRollout?: never; readonly undoRollout?: never; readonly pauseRollout?: never; readonly resumeRollout?: never; readonly scale?: never; readonly scaleNodes?: never; readonly addNodes: AddNodesInput; readonly removeNodes?: never; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch?: never; readonly delete?: never; readonly label?: never; readonly annotate?: never; readonly taint?: never; readonly untaint?: never; readonly cordon?: never; readonly uncordon?: never; readonly drain?: never; readonly restartRollout?: never; readonly undoRollout?: never; readonly pauseRollout?: never; readonly resumeRollout?: never; readonly scale?: never; readonly scaleNodes?: never; readonly addNodes?: never; readonly removeNodes: RemoveNodesInput; readonly setImage?: never; }
  |  { readonly apply?: never; readonly patch?: never; readonly delete?: never; readonly label?: never; readonly annotate?: never; readonly taint?: never; readonly untaint?: never; readonly cordon?: never; readonly uncordon?: never; readonly drain?: never; readonly restartRollout?: never; readonly undoRollout?: never; readonly pauseRollout?: never; readonly resumeRollout?: never; readonly scale?: never; readonly scaleNodes?: never; readonly addNodes?: never; readonly removeNodes?: never; readonly setImage: SetImageInput; };

export type ApplyInput = {
  readonly manifests: Scalars['String']['input'];
  readonly force?: Scalars['Boolean']['input'];
};

export type PatchInput = {
  readonly kind: Scalars['String']['input'];
  readonly apiVersion?: InputMaybe<Scalars['String']['input']>;
  readonly namespace?: Scalars['String']['input'];
  readonly name: Scalars['String']['input'];
  readonly type?: PatchType;
  readonly patch: Scalars['JSON']['input'];
};

export type DeleteInput = {
  readonly kind: Scalars['String']['input'];
  readonly apiVersion?: InputMaybe<Scalars['String']['input']>;
  readonly namespace?: Scalars['String']['input'];
  readonly name: Scalars['String']['input'];
  readonly uid?: InputMaybe<Scalars['ID']['input']>;
  readonly propagation?: InputMaybe<DeletePropagation>;
  readonly gracePeriod?: InputMaybe<Scalars['Int']['input']>;
};

export type LabelInput = {
  readonly kind: Scalars['String']['input'];
  readonly apiVersion?: InputMaybe<Scalars['String']['input']>;
  readonly namespace?: Scalars['String']['input'];
  readonly name: Scalars['String']['input'];
  readonly labels: ReadonlyArray<EntryInput>;
  readonly overwrite?: Scalars['Boolean']['input'];
};

export type AnnotateInput = {
  readonly kind: Scalars['String']['input'];
  readonly apiVersion?: InputMaybe<Scalars['String']['input']>;
  readonly namespace?: Scalars['String']['input'];
  readonly name: Scalars['String']['input'];
  readonly annotations: ReadonlyArray<EntryInput>;
  readonly overwrite?: Scalars['Boolean']['input'];
};

export type TaintInput = {
  readonly node: Scalars['String']['input'];
  readonly taints: ReadonlyArray<Scalars['String']['input']>;
  readonly overwrite?: Scalars['Boolean']['input'];
};

export type UntaintInput = {
  readonly node: Scalars['String']['input'];
  readonly taints: ReadonlyArray<Scalars['String']['input']>;
};

export type NodeInput = {
  readonly node: Scalars['String']['input'];
};

export type DrainInput = {
  readonly node: Scalars['String']['input'];
  readonly force?: Scalars['Boolean']['input'];
  readonly deleteEmptyDirData?: Scalars['Boolean']['input'];
  readonly gracePeriod?: InputMaybe<Scalars['Int']['input']>;
};

export type RolloutInput = {
  readonly kind?: Scalars['String']['input'];
  readonly namespace?: Scalars['String']['input'];
  readonly name: Scalars['String']['input'];
};

export type PauseRolloutInput = {
  readonly kind?: Scalars['String']['input'];
  readonly namespace?: Scalars['String']['input'];
  readonly name: Scalars['String']['input'];
};

export type UndoRolloutInput = {
  readonly kind?: Scalars['String']['input'];
  readonly namespace?: Scalars['String']['input'];
  readonly name: Scalars['String']['input'];
  readonly toRevision?: InputMaybe<Scalars['Int']['input']>;
};

export type ScaleInput = {
  readonly kind?: Scalars['String']['input'];
  readonly apiVersion?: InputMaybe<Scalars['String']['input']>;
  readonly namespace?: Scalars['String']['input'];
  readonly name: Scalars['String']['input'];
  readonly replicas: Scalars['Int']['input'];
};

export type ScaleNodesInput = {
  readonly pool?: Scalars['String']['input'];
  readonly count?: InputMaybe<Scalars['Int']['input']>;
  readonly add?: InputMaybe<Scalars['Int']['input']>;
  readonly remove?: InputMaybe<Scalars['Int']['input']>;
  readonly labels?: ReadonlyArray<EntryInput>;
  readonly taints?: ReadonlyArray<Scalars['String']['input']>;
};

export type AddNodesInput = {
  readonly like?: InputMaybe<Scalars['String']['input']>;
  readonly count?: Scalars['Int']['input'];
  readonly pool?: InputMaybe<Scalars['String']['input']>;
  readonly labels?: ReadonlyArray<EntryInput>;
  readonly taints?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

export type RemoveNodesInput = {
  readonly names?: ReadonlyArray<Scalars['String']['input']>;
  readonly labelSelector?: InputMaybe<Scalars['String']['input']>;
};

export type SetImageInput = {
  readonly kind?: Scalars['String']['input'];
  readonly namespace?: Scalars['String']['input'];
  readonly name: Scalars['String']['input'];
  readonly container?: Scalars['String']['input'];
  readonly image: Scalars['String']['input'];
};

export type PlacementDifferenceConnection = {
  readonly edges: ReadonlyArray<PlacementDifferenceEdge>;
  readonly nodes: ReadonlyArray<PlacementDifference>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type PlacementDifferenceEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: PlacementDifference;
};

export type PodDifferenceConnection = {
  readonly edges: ReadonlyArray<PodDifferenceEdge>;
  readonly nodes: ReadonlyArray<PodDifference>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type PodDifferenceEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: PodDifference;
};

export type WaitingPodConnection = {
  readonly edges: ReadonlyArray<WaitingPodEdge>;
  readonly nodes: ReadonlyArray<WaitingPod>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type WaitingPodEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: WaitingPod;
};

export type RolloutStepConnection = {
  readonly edges: ReadonlyArray<RolloutStepEdge>;
  readonly nodes: ReadonlyArray<RolloutStep>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type RolloutStepEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: RolloutStep;
};

export type PodEventConnection = {
  readonly edges: ReadonlyArray<PodEventEdge>;
  readonly nodes: ReadonlyArray<PodEvent>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type PodEventEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: PodEvent;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;





/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DaemonSet: ResolverTypeWrapper<SeenDaemonSet>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  DaemonSetUpdateStrategy: ResolverTypeWrapper<DaemonSetUpdateStrategy>;
  DaemonSetStatus: ResolverTypeWrapper<DaemonSetStatus>;
  ControllerRevision: ResolverTypeWrapper<SeenRevision>;
  DaemonSetConnection: ResolverTypeWrapper<Omit<DaemonSetConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['DaemonSetEdge']>, nodes: ReadonlyArray<ResolversTypes['DaemonSet']> }>;
  DaemonSetEdge: ResolverTypeWrapper<Omit<DaemonSetEdge, 'node'> & { node: ResolversTypes['DaemonSet'] }>;
  Fork: ResolverTypeWrapper<Fork>;
  Era: Era;
  Write: ResolverTypeWrapper<SeenWrite>;
  WriteVerb: WriteVerb;
  FieldChange: ResolverTypeWrapper<FieldChange>;
  WriteOrder: WriteOrder;
  PlacementDiff: ResolverTypeWrapper<SeenDiff>;
  Activity: ResolverTypeWrapper<Activity>;
  ActivityOfKind: ResolverTypeWrapper<ActivityOfKind>;
  ActivityScale: ActivityScale;
  WriteConnection: ResolverTypeWrapper<Omit<WriteConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['WriteEdge']>, nodes: ReadonlyArray<ResolversTypes['Write']> }>;
  WriteEdge: ResolverTypeWrapper<Omit<WriteEdge, 'node'> & { node: ResolversTypes['Write'] }>;
  ClusterMap: ResolverTypeWrapper<SeenMap>;
  MapOwner: ResolverTypeWrapper<MapOwner>;
  MapRow: ResolverTypeWrapper<Omit<MapRow, 'node'> & { node: Maybe<ResolversTypes['ClusterNode']> }>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  KubernetesObject: ResolverTypeWrapper<Seen>;
  ObjectMeta: ResolverTypeWrapper<Seen>;
  KeyValue: ResolverTypeWrapper<KeyValue>;
  OwnerReference: ResolverTypeWrapper<SeenReference>;
  Condition: ResolverTypeWrapper<Condition>;
  ResourceQuantity: ResolverTypeWrapper<ResourceQuantity>;
  ObjectOrder: ObjectOrder;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  EntryInput: EntryInput;
  PatchType: PatchType;
  DeletePropagation: DeletePropagation;
  ChangePayload: ResolverTypeWrapper<Omit<ChangePayload, 'changes'> & { changes: ReadonlyArray<ResolversTypes['Change']> }>;
  AppliedChanges: ResolverTypeWrapper<AppliedChanges>;
  Change: ResolverTypeWrapper<Omit<Change, 'object'> & { object: ResolversTypes['KubernetesObject'] }>;
  ChangeOutcome: ChangeOutcome;
  DrainPayload: ResolverTypeWrapper<Omit<DrainPayload, 'node'> & { node: ResolversTypes['ClusterNode'] }>;
  DrainStep: ResolverTypeWrapper<DrainStep>;
  DrainOutcome: DrainOutcome;
  ClockPayload: ResolverTypeWrapper<ClockPayload>;
  ClusterNode: ResolverTypeWrapper<SeenNode>;
  Taint: ResolverTypeWrapper<Taint>;
  TaintEffect: TaintEffect;
  NodeAddress: ResolverTypeWrapper<NodeAddress>;
  ClusterNodeConnection: ResolverTypeWrapper<Omit<ClusterNodeConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['ClusterNodeEdge']>, nodes: ReadonlyArray<ResolversTypes['ClusterNode']> }>;
  ClusterNodeEdge: ResolverTypeWrapper<Omit<ClusterNodeEdge, 'node'> & { node: ResolversTypes['ClusterNode'] }>;
  Namespace: ResolverTypeWrapper<SeenNamespace>;
  Event: ResolverTypeWrapper<SeenEvent>;
  Service: ResolverTypeWrapper<SeenService>;
  ServicePort: ResolverTypeWrapper<ServicePort>;
  Workload: ResolverTypeWrapper<SeenWorkload>;
  PriorityClass: ResolverTypeWrapper<SeenPriorityClass>;
  GenericObject: ResolverTypeWrapper<Seen>;
  ServedKind: ResolverTypeWrapper<ServedKind>;
  NamespaceConnection: ResolverTypeWrapper<Omit<NamespaceConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['NamespaceEdge']>, nodes: ReadonlyArray<ResolversTypes['Namespace']> }>;
  NamespaceEdge: ResolverTypeWrapper<Omit<NamespaceEdge, 'node'> & { node: ResolversTypes['Namespace'] }>;
  EventConnection: ResolverTypeWrapper<Omit<EventConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['EventEdge']>, nodes: ReadonlyArray<ResolversTypes['Event']> }>;
  EventEdge: ResolverTypeWrapper<Omit<EventEdge, 'node'> & { node: ResolversTypes['Event'] }>;
  ServiceConnection: ResolverTypeWrapper<Omit<ServiceConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['ServiceEdge']>, nodes: ReadonlyArray<ResolversTypes['Service']> }>;
  ServiceEdge: ResolverTypeWrapper<Omit<ServiceEdge, 'node'> & { node: ResolversTypes['Service'] }>;
  WorkloadConnection: ResolverTypeWrapper<Omit<WorkloadConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['WorkloadEdge']>, nodes: ReadonlyArray<ResolversTypes['Workload']> }>;
  WorkloadEdge: ResolverTypeWrapper<Omit<WorkloadEdge, 'node'> & { node: ResolversTypes['Workload'] }>;
  PriorityClassConnection: ResolverTypeWrapper<Omit<PriorityClassConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['PriorityClassEdge']>, nodes: ReadonlyArray<ResolversTypes['PriorityClass']> }>;
  PriorityClassEdge: ResolverTypeWrapper<Omit<PriorityClassEdge, 'node'> & { node: ResolversTypes['PriorityClass'] }>;
  KubernetesObjectConnection: ResolverTypeWrapper<Omit<KubernetesObjectConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['KubernetesObjectEdge']>, nodes: ReadonlyArray<ResolversTypes['KubernetesObject']> }>;
  KubernetesObjectEdge: ResolverTypeWrapper<Omit<KubernetesObjectEdge, 'node'> & { node: ResolversTypes['KubernetesObject'] }>;
  Placement: ResolverTypeWrapper<SeenPlacement>;
  PlacementState: PlacementState;
  PlacementCheck: ResolverTypeWrapper<PlacementCheck>;
  Sentence: ResolverTypeWrapper<Sentence>;
  CheckStage: CheckStage;
  CheckVerdict: CheckVerdict;
  PlacementOrder: PlacementOrder;
  PlacementCounts: ResolverTypeWrapper<PlacementCounts>;
  PlacementConnection: ResolverTypeWrapper<Omit<PlacementConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['PlacementEdge']>, nodes: ReadonlyArray<ResolversTypes['Placement']> }>;
  PlacementEdge: ResolverTypeWrapper<Omit<PlacementEdge, 'node'> & { node: ResolversTypes['Placement'] }>;
  PlacementGrouping: PlacementGrouping;
  PlacementGroup: ResolverTypeWrapper<Omit<PlacementGroup, 'daemonSet' | 'node'> & { daemonSet: Maybe<ResolversTypes['DaemonSet']>, node: Maybe<ResolversTypes['ClusterNode']> }>;
  PlacementGroupConnection: ResolverTypeWrapper<Omit<PlacementGroupConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['PlacementGroupEdge']>, nodes: ReadonlyArray<ResolversTypes['PlacementGroup']> }>;
  PlacementGroupEdge: ResolverTypeWrapper<Omit<PlacementGroupEdge, 'node'> & { node: ResolversTypes['PlacementGroup'] }>;
  Pod: ResolverTypeWrapper<SeenPod>;
  PodOrder: PodOrder;
  PodPhase: PodPhase;
  Container: ResolverTypeWrapper<Container>;
  PodConnection: ResolverTypeWrapper<Omit<PodConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['PodEdge']>, nodes: ReadonlyArray<ResolversTypes['Pod']> }>;
  PodEdge: ResolverTypeWrapper<Omit<PodEdge, 'node'> & { node: ResolversTypes['Pod'] }>;
  Query: ResolverTypeWrapper<Root>;
  Cluster: ResolverTypeWrapper<View>;
  ClusterClock: ResolverTypeWrapper<ClusterClock>;
  ClockMode: ClockMode;
  Node: ResolverTypeWrapper<Identified>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  RolloutProgress: ResolverTypeWrapper<RolloutProgress>;
  PodExplanation: ResolverTypeWrapper<SeenExplanation>;
  NodeFit: ResolverTypeWrapper<SeenFit>;
  NodeScore: ResolverTypeWrapper<NodeScore>;
  PreemptionCandidate: ResolverTypeWrapper<SeenCandidate>;
  NodeFitConnection: ResolverTypeWrapper<Omit<NodeFitConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['NodeFitEdge']>, nodes: ReadonlyArray<ResolversTypes['NodeFit']> }>;
  NodeFitEdge: ResolverTypeWrapper<Omit<NodeFitEdge, 'node'> & { node: ResolversTypes['NodeFit'] }>;
  PreemptionCandidateConnection: ResolverTypeWrapper<Omit<PreemptionCandidateConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['PreemptionCandidateEdge']>, nodes: ReadonlyArray<ResolversTypes['PreemptionCandidate']> }>;
  PreemptionCandidateEdge: ResolverTypeWrapper<Omit<PreemptionCandidateEdge, 'node'> & { node: ResolversTypes['PreemptionCandidate'] }>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  Moment: ResolverTypeWrapper<Scalars['Moment']['output']>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  PlacementChange: ResolverTypeWrapper<Omit<PlacementChange, 'placement'> & { placement: Maybe<ResolversTypes['Placement']> }>;
  ChangeCause: ResolverTypeWrapper<ChangeCause>;
  ChangeType: ChangeType;
  ObjectChange: ResolverTypeWrapper<Omit<ObjectChange, 'object'> & { object: ResolversTypes['KubernetesObject'] }>;
  EventChange: ResolverTypeWrapper<Omit<EventChange, 'event'> & { event: ResolversTypes['Event'] }>;
  Rollout: ResolverTypeWrapper<Omit<Rollout, 'object' | 'happened'> & { object: ResolversTypes['KubernetesObject'], happened: ReadonlyArray<ResolversTypes['RolloutEvent']> }>;
  RolloutEvent: ResolverTypeWrapper<Omit<RolloutEvent, 'pod'> & { pod: ResolversTypes['Pod'] }>;
  NetworkMode: NetworkMode;
  NetworkWay: NetworkWay;
  NetworkAddress: ResolverTypeWrapper<NetworkAddress>;
  Push: ResolverTypeWrapper<Push>;
  PushFormat: PushFormat;
  PodsThatPush: ResolverTypeWrapper<SeenPushers>;
  TrafficSourceInput: TrafficSourceInput;
  TrafficTargetInput: TrafficTargetInput;
  TrafficNameInput: TrafficNameInput;
  TrafficProtocol: TrafficProtocol;
  TrafficExplanation: ResolverTypeWrapper<SeenTraffic>;
  TrafficToPod: ResolverTypeWrapper<SeenTrafficToPod>;
  TrafficSide: ResolverTypeWrapper<TrafficSide>;
  RequestProtocol: RequestProtocol;
  SendRequestInput: SendRequestInput;
  RequestTargetInput: RequestTargetInput;
  RequestAddressInput: RequestAddressInput;
  RequestNodeInput: RequestNodeInput;
  RequestNameInput: RequestNameInput;
  RequestServiceInput: RequestServiceInput;
  SendRequestPayload: ResolverTypeWrapper<SentRequests>;
  RequestTally: ResolverTypeWrapper<RequestTally>;
  RequestOutcome: RequestOutcome;
  SentRequest: ResolverTypeWrapper<Delivery>;
  NameLookup: ResolverTypeWrapper<NameLookup>;
  ResponseHeader: ResolverTypeWrapper<ResponseHeader>;
  Responder: ResolverTypeWrapper<Responder>;
  OpenNetworkPayload: ResolverTypeWrapper<OpenNetworkPayload>;
  TrafficChange: ResolverTypeWrapper<TrafficChange>;
  WhatIf: ResolverTypeWrapper<Imagined>;
  WhatIfChange: ResolverTypeWrapper<WhatIfChange>;
  Scenario: ResolverTypeWrapper<ScenarioSource>;
  DaemonSetOutcome: ResolverTypeWrapper<DaemonSetOutcome>;
  PlacementDifference: ResolverTypeWrapper<SeenDifference>;
  PlacementDifferenceKind: PlacementDifferenceKind;
  PodDifference: ResolverTypeWrapper<SeenPodDifference>;
  PodDifferenceKind: PodDifferenceKind;
  StandingPod: ResolverTypeWrapper<Omit<StandingPod, 'pod'> & { pod: ResolversTypes['Pod'] }>;
  StandingPodState: StandingPodState;
  WaitingPod: ResolverTypeWrapper<Omit<WaitingPod, 'pod'> & { pod: ResolversTypes['Pod'] }>;
  RolloutStep: ResolverTypeWrapper<NumberedStep>;
  PodEventCount: ResolverTypeWrapper<PodEventCount>;
  PodEvent: ResolverTypeWrapper<PodEvent>;
  PodEventKind: PodEventKind;
  Rest: ResolverTypeWrapper<Rest>;
  ScenarioInput: ScenarioInput;
  ChangeInput: ChangeInput;
  ApplyInput: ApplyInput;
  PatchInput: PatchInput;
  DeleteInput: DeleteInput;
  LabelInput: LabelInput;
  AnnotateInput: AnnotateInput;
  TaintInput: TaintInput;
  UntaintInput: UntaintInput;
  NodeInput: NodeInput;
  DrainInput: DrainInput;
  RolloutInput: RolloutInput;
  PauseRolloutInput: PauseRolloutInput;
  UndoRolloutInput: UndoRolloutInput;
  ScaleInput: ScaleInput;
  ScaleNodesInput: ScaleNodesInput;
  AddNodesInput: AddNodesInput;
  RemoveNodesInput: RemoveNodesInput;
  SetImageInput: SetImageInput;
  PlacementDifferenceConnection: ResolverTypeWrapper<Omit<PlacementDifferenceConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['PlacementDifferenceEdge']>, nodes: ReadonlyArray<ResolversTypes['PlacementDifference']> }>;
  PlacementDifferenceEdge: ResolverTypeWrapper<Omit<PlacementDifferenceEdge, 'node'> & { node: ResolversTypes['PlacementDifference'] }>;
  PodDifferenceConnection: ResolverTypeWrapper<Omit<PodDifferenceConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['PodDifferenceEdge']>, nodes: ReadonlyArray<ResolversTypes['PodDifference']> }>;
  PodDifferenceEdge: ResolverTypeWrapper<Omit<PodDifferenceEdge, 'node'> & { node: ResolversTypes['PodDifference'] }>;
  WaitingPodConnection: ResolverTypeWrapper<Omit<WaitingPodConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['WaitingPodEdge']>, nodes: ReadonlyArray<ResolversTypes['WaitingPod']> }>;
  WaitingPodEdge: ResolverTypeWrapper<Omit<WaitingPodEdge, 'node'> & { node: ResolversTypes['WaitingPod'] }>;
  RolloutStepConnection: ResolverTypeWrapper<Omit<RolloutStepConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['RolloutStepEdge']>, nodes: ReadonlyArray<ResolversTypes['RolloutStep']> }>;
  RolloutStepEdge: ResolverTypeWrapper<Omit<RolloutStepEdge, 'node'> & { node: ResolversTypes['RolloutStep'] }>;
  PodEventConnection: ResolverTypeWrapper<PodEventConnection>;
  PodEventEdge: ResolverTypeWrapper<PodEventEdge>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DaemonSet: SeenDaemonSet;
  ID: Scalars['ID']['output'];
  Boolean: Scalars['Boolean']['output'];
  DaemonSetUpdateStrategy: DaemonSetUpdateStrategy;
  DaemonSetStatus: DaemonSetStatus;
  ControllerRevision: SeenRevision;
  DaemonSetConnection: Omit<DaemonSetConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['DaemonSetEdge']>, nodes: ReadonlyArray<ResolversParentTypes['DaemonSet']> };
  DaemonSetEdge: Omit<DaemonSetEdge, 'node'> & { node: ResolversParentTypes['DaemonSet'] };
  Fork: Fork;
  Write: SeenWrite;
  FieldChange: FieldChange;
  PlacementDiff: SeenDiff;
  Activity: Activity;
  ActivityOfKind: ActivityOfKind;
  WriteConnection: Omit<WriteConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['WriteEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Write']> };
  WriteEdge: Omit<WriteEdge, 'node'> & { node: ResolversParentTypes['Write'] };
  ClusterMap: SeenMap;
  MapOwner: MapOwner;
  MapRow: Omit<MapRow, 'node'> & { node: Maybe<ResolversParentTypes['ClusterNode']> };
  Float: Scalars['Float']['output'];
  KubernetesObject: Seen;
  ObjectMeta: Seen;
  KeyValue: KeyValue;
  OwnerReference: SeenReference;
  Condition: Condition;
  ResourceQuantity: ResourceQuantity;
  Mutation: Record<PropertyKey, never>;
  EntryInput: EntryInput;
  ChangePayload: Omit<ChangePayload, 'changes'> & { changes: ReadonlyArray<ResolversParentTypes['Change']> };
  AppliedChanges: AppliedChanges;
  Change: Omit<Change, 'object'> & { object: ResolversParentTypes['KubernetesObject'] };
  DrainPayload: Omit<DrainPayload, 'node'> & { node: ResolversParentTypes['ClusterNode'] };
  DrainStep: DrainStep;
  ClockPayload: ClockPayload;
  ClusterNode: SeenNode;
  Taint: Taint;
  NodeAddress: NodeAddress;
  ClusterNodeConnection: Omit<ClusterNodeConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['ClusterNodeEdge']>, nodes: ReadonlyArray<ResolversParentTypes['ClusterNode']> };
  ClusterNodeEdge: Omit<ClusterNodeEdge, 'node'> & { node: ResolversParentTypes['ClusterNode'] };
  Namespace: SeenNamespace;
  Event: SeenEvent;
  Service: SeenService;
  ServicePort: ServicePort;
  Workload: SeenWorkload;
  PriorityClass: SeenPriorityClass;
  GenericObject: Seen;
  ServedKind: ServedKind;
  NamespaceConnection: Omit<NamespaceConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['NamespaceEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Namespace']> };
  NamespaceEdge: Omit<NamespaceEdge, 'node'> & { node: ResolversParentTypes['Namespace'] };
  EventConnection: Omit<EventConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['EventEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Event']> };
  EventEdge: Omit<EventEdge, 'node'> & { node: ResolversParentTypes['Event'] };
  ServiceConnection: Omit<ServiceConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['ServiceEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Service']> };
  ServiceEdge: Omit<ServiceEdge, 'node'> & { node: ResolversParentTypes['Service'] };
  WorkloadConnection: Omit<WorkloadConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['WorkloadEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Workload']> };
  WorkloadEdge: Omit<WorkloadEdge, 'node'> & { node: ResolversParentTypes['Workload'] };
  PriorityClassConnection: Omit<PriorityClassConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['PriorityClassEdge']>, nodes: ReadonlyArray<ResolversParentTypes['PriorityClass']> };
  PriorityClassEdge: Omit<PriorityClassEdge, 'node'> & { node: ResolversParentTypes['PriorityClass'] };
  KubernetesObjectConnection: Omit<KubernetesObjectConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['KubernetesObjectEdge']>, nodes: ReadonlyArray<ResolversParentTypes['KubernetesObject']> };
  KubernetesObjectEdge: Omit<KubernetesObjectEdge, 'node'> & { node: ResolversParentTypes['KubernetesObject'] };
  Placement: SeenPlacement;
  PlacementCheck: PlacementCheck;
  Sentence: Sentence;
  PlacementCounts: PlacementCounts;
  PlacementConnection: Omit<PlacementConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['PlacementEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Placement']> };
  PlacementEdge: Omit<PlacementEdge, 'node'> & { node: ResolversParentTypes['Placement'] };
  PlacementGroup: Omit<PlacementGroup, 'daemonSet' | 'node'> & { daemonSet: Maybe<ResolversParentTypes['DaemonSet']>, node: Maybe<ResolversParentTypes['ClusterNode']> };
  PlacementGroupConnection: Omit<PlacementGroupConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['PlacementGroupEdge']>, nodes: ReadonlyArray<ResolversParentTypes['PlacementGroup']> };
  PlacementGroupEdge: Omit<PlacementGroupEdge, 'node'> & { node: ResolversParentTypes['PlacementGroup'] };
  Pod: SeenPod;
  Container: Container;
  PodConnection: Omit<PodConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['PodEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Pod']> };
  PodEdge: Omit<PodEdge, 'node'> & { node: ResolversParentTypes['Pod'] };
  Query: Root;
  Cluster: View;
  ClusterClock: ClusterClock;
  Node: Identified;
  PageInfo: PageInfo;
  RolloutProgress: RolloutProgress;
  PodExplanation: SeenExplanation;
  NodeFit: SeenFit;
  NodeScore: NodeScore;
  PreemptionCandidate: SeenCandidate;
  NodeFitConnection: Omit<NodeFitConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['NodeFitEdge']>, nodes: ReadonlyArray<ResolversParentTypes['NodeFit']> };
  NodeFitEdge: Omit<NodeFitEdge, 'node'> & { node: ResolversParentTypes['NodeFit'] };
  PreemptionCandidateConnection: Omit<PreemptionCandidateConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['PreemptionCandidateEdge']>, nodes: ReadonlyArray<ResolversParentTypes['PreemptionCandidate']> };
  PreemptionCandidateEdge: Omit<PreemptionCandidateEdge, 'node'> & { node: ResolversParentTypes['PreemptionCandidate'] };
  DateTime: Scalars['DateTime']['output'];
  JSON: Scalars['JSON']['output'];
  Moment: Scalars['Moment']['output'];
  Subscription: Record<PropertyKey, never>;
  PlacementChange: Omit<PlacementChange, 'placement'> & { placement: Maybe<ResolversParentTypes['Placement']> };
  ChangeCause: ChangeCause;
  ObjectChange: Omit<ObjectChange, 'object'> & { object: ResolversParentTypes['KubernetesObject'] };
  EventChange: Omit<EventChange, 'event'> & { event: ResolversParentTypes['Event'] };
  Rollout: Omit<Rollout, 'object' | 'happened'> & { object: ResolversParentTypes['KubernetesObject'], happened: ReadonlyArray<ResolversParentTypes['RolloutEvent']> };
  RolloutEvent: Omit<RolloutEvent, 'pod'> & { pod: ResolversParentTypes['Pod'] };
  NetworkAddress: NetworkAddress;
  Push: Push;
  PodsThatPush: SeenPushers;
  TrafficSourceInput: TrafficSourceInput;
  TrafficTargetInput: TrafficTargetInput;
  TrafficNameInput: TrafficNameInput;
  TrafficExplanation: SeenTraffic;
  TrafficToPod: SeenTrafficToPod;
  TrafficSide: TrafficSide;
  SendRequestInput: SendRequestInput;
  RequestTargetInput: RequestTargetInput;
  RequestAddressInput: RequestAddressInput;
  RequestNodeInput: RequestNodeInput;
  RequestNameInput: RequestNameInput;
  RequestServiceInput: RequestServiceInput;
  SendRequestPayload: SentRequests;
  RequestTally: RequestTally;
  SentRequest: Delivery;
  NameLookup: NameLookup;
  ResponseHeader: ResponseHeader;
  Responder: Responder;
  OpenNetworkPayload: OpenNetworkPayload;
  TrafficChange: TrafficChange;
  WhatIf: Imagined;
  WhatIfChange: WhatIfChange;
  Scenario: ScenarioSource;
  DaemonSetOutcome: DaemonSetOutcome;
  PlacementDifference: SeenDifference;
  PodDifference: SeenPodDifference;
  StandingPod: Omit<StandingPod, 'pod'> & { pod: ResolversParentTypes['Pod'] };
  WaitingPod: Omit<WaitingPod, 'pod'> & { pod: ResolversParentTypes['Pod'] };
  RolloutStep: NumberedStep;
  PodEventCount: PodEventCount;
  PodEvent: PodEvent;
  Rest: Rest;
  ScenarioInput: ScenarioInput;
  ChangeInput: ChangeInput;
  ApplyInput: ApplyInput;
  PatchInput: PatchInput;
  DeleteInput: DeleteInput;
  LabelInput: LabelInput;
  AnnotateInput: AnnotateInput;
  TaintInput: TaintInput;
  UntaintInput: UntaintInput;
  NodeInput: NodeInput;
  DrainInput: DrainInput;
  RolloutInput: RolloutInput;
  PauseRolloutInput: PauseRolloutInput;
  UndoRolloutInput: UndoRolloutInput;
  ScaleInput: ScaleInput;
  ScaleNodesInput: ScaleNodesInput;
  AddNodesInput: AddNodesInput;
  RemoveNodesInput: RemoveNodesInput;
  SetImageInput: SetImageInput;
  PlacementDifferenceConnection: Omit<PlacementDifferenceConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['PlacementDifferenceEdge']>, nodes: ReadonlyArray<ResolversParentTypes['PlacementDifference']> };
  PlacementDifferenceEdge: Omit<PlacementDifferenceEdge, 'node'> & { node: ResolversParentTypes['PlacementDifference'] };
  PodDifferenceConnection: Omit<PodDifferenceConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['PodDifferenceEdge']>, nodes: ReadonlyArray<ResolversParentTypes['PodDifference']> };
  PodDifferenceEdge: Omit<PodDifferenceEdge, 'node'> & { node: ResolversParentTypes['PodDifference'] };
  WaitingPodConnection: Omit<WaitingPodConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['WaitingPodEdge']>, nodes: ReadonlyArray<ResolversParentTypes['WaitingPod']> };
  WaitingPodEdge: Omit<WaitingPodEdge, 'node'> & { node: ResolversParentTypes['WaitingPod'] };
  RolloutStepConnection: Omit<RolloutStepConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['RolloutStepEdge']>, nodes: ReadonlyArray<ResolversParentTypes['RolloutStep']> };
  RolloutStepEdge: Omit<RolloutStepEdge, 'node'> & { node: ResolversParentTypes['RolloutStep'] };
  PodEventConnection: PodEventConnection;
  PodEventEdge: PodEventEdge;
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
};

export type CostDirectiveArgs = {
  weight?: Scalars['Int']['input'];
  size?: Scalars['Int']['input'];
  sizedBy?: Maybe<Scalars['String']['input']>;
};

export type CostDirectiveResolver<Result, Parent, ContextType = GraphContext, Args = CostDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type DaemonSetResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DaemonSet'] = ResolversParentTypes['DaemonSet']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  apiVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  metadata: Resolver<ResolversTypes['ObjectMeta'], ParentType, ContextType>;
  json: Resolver<ResolversTypes['JSON'], ParentType, ContextType, RequireFields<DaemonSetJsonArgs, 'managedFields'>>;
  yaml: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<DaemonSetYamlArgs, 'managedFields'>>;
  owners: Resolver<ReadonlyArray<ResolversTypes['KubernetesObject']>, ParentType, ContextType>;
  events: Resolver<ResolversTypes['EventConnection'], ParentType, ContextType, Partial<DaemonSetEventsArgs>>;
  history: Resolver<ResolversTypes['WriteConnection'], ParentType, ContextType, RequireFields<DaemonSetHistoryArgs, 'orderBy'>>;
  selector: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  updateStrategy: Resolver<ResolversTypes['DaemonSetUpdateStrategy'], ParentType, ContextType>;
  minReadySeconds: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  images: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  status: Resolver<ResolversTypes['DaemonSetStatus'], ParentType, ContextType>;
  rollout: Resolver<ResolversTypes['RolloutProgress'], ParentType, ContextType>;
  currentRevision: Resolver<Maybe<ResolversTypes['ControllerRevision']>, ParentType, ContextType>;
  revisions: Resolver<ReadonlyArray<ResolversTypes['ControllerRevision']>, ParentType, ContextType>;
  pods: Resolver<ResolversTypes['PodConnection'], ParentType, ContextType, RequireFields<DaemonSetPodsArgs, 'orderBy'>>;
  placements: Resolver<ResolversTypes['PlacementConnection'], ParentType, ContextType, RequireFields<DaemonSetPlacementsArgs, 'orderBy'>>;
  placementCounts: Resolver<ResolversTypes['PlacementCounts'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DaemonSetUpdateStrategyResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DaemonSetUpdateStrategy'] = ResolversParentTypes['DaemonSetUpdateStrategy']> = {
  type: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  maxUnavailable: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  maxSurge: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type DaemonSetStatusResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DaemonSetStatus'] = ResolversParentTypes['DaemonSetStatus']> = {
  observedGeneration: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  desiredNumberScheduled: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  currentNumberScheduled: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  numberMisscheduled: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  numberReady: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  numberAvailable: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  numberUnavailable: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  updatedNumberScheduled: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ControllerRevisionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ControllerRevision'] = ResolversParentTypes['ControllerRevision']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  apiVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  metadata: Resolver<ResolversTypes['ObjectMeta'], ParentType, ContextType>;
  json: Resolver<ResolversTypes['JSON'], ParentType, ContextType, RequireFields<ControllerRevisionJsonArgs, 'managedFields'>>;
  yaml: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<ControllerRevisionYamlArgs, 'managedFields'>>;
  owners: Resolver<ReadonlyArray<ResolversTypes['KubernetesObject']>, ParentType, ContextType>;
  events: Resolver<ResolversTypes['EventConnection'], ParentType, ContextType, Partial<ControllerRevisionEventsArgs>>;
  history: Resolver<ResolversTypes['WriteConnection'], ParentType, ContextType, RequireFields<ControllerRevisionHistoryArgs, 'orderBy'>>;
  revision: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  hash: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  changeCause: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  daemonSet: Resolver<Maybe<ResolversTypes['DaemonSet']>, ParentType, ContextType>;
  pods: Resolver<ResolversTypes['PodConnection'], ParentType, ContextType, Partial<ControllerRevisionPodsArgs>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DaemonSetConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DaemonSetConnection'] = ResolversParentTypes['DaemonSetConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['DaemonSetEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['DaemonSet']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DaemonSetEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DaemonSetEdge'] = ResolversParentTypes['DaemonSetEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['DaemonSet'], ParentType, ContextType>;
};

export type ForkResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Fork'] = ResolversParentTypes['Fork']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  path: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  base: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  time: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  era: Resolver<ResolversTypes['Era'], ParentType, ContextType>;
  createdAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  idleSeconds: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type WriteResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Write'] = ResolversParentTypes['Write']> = {
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  time: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  verb: Resolver<ResolversTypes['WriteVerb'], ParentType, ContextType>;
  apiVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  object: Resolver<ResolversTypes['KubernetesObject'], ParentType, ContextType>;
  diff: Resolver<ReadonlyArray<ResolversTypes['FieldChange']>, ParentType, ContextType>;
  writer: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type FieldChangeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['FieldChange'] = ResolversParentTypes['FieldChange']> = {
  path: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  before: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  after: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
};

export type PlacementDiffResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PlacementDiff'] = ResolversParentTypes['PlacementDiff']> = {
  from: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  to: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  placements: Resolver<ResolversTypes['PlacementDifferenceConnection'], ParentType, ContextType, Partial<PlacementDiffPlacementsArgs>>;
  pods: Resolver<ResolversTypes['PodDifferenceConnection'], ParentType, ContextType, Partial<PlacementDiffPodsArgs>>;
  waiting: Resolver<ResolversTypes['WaitingPodConnection'], ParentType, ContextType, Partial<PlacementDiffWaitingArgs>>;
};

export type ActivityResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Activity'] = ResolversParentTypes['Activity']> = {
  from: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  to: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  fromRevision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  toRevision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  writes: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  kinds: Resolver<ReadonlyArray<ResolversTypes['ActivityOfKind']>, ParentType, ContextType>;
};

export type ActivityOfKindResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ActivityOfKind'] = ResolversParentTypes['ActivityOfKind']> = {
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  writes: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type WriteConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['WriteConnection'] = ResolversParentTypes['WriteConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['WriteEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['Write']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type WriteEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['WriteEdge'] = ResolversParentTypes['WriteEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['Write'], ParentType, ContextType>;
};

export type ClusterMapResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ClusterMap'] = ResolversParentTypes['ClusterMap']> = {
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  time: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  whole: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  more: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  owners: Resolver<ReadonlyArray<ResolversTypes['MapOwner']>, ParentType, ContextType>;
  rows: Resolver<ReadonlyArray<ResolversTypes['MapRow']>, ParentType, ContextType>;
  goneNodes: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  daemonSets: Resolver<ReadonlyArray<ResolversTypes['DaemonSet']>, ParentType, ContextType>;
  goneDaemonSets: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type MapOwnerResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['MapOwner'] = ResolversParentTypes['MapOwner']> = {
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MapRowResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['MapRow'] = ResolversParentTypes['MapRow']> = {
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  cells: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  used: Resolver<ReadonlyArray<ResolversTypes['Float']>, ParentType, ContextType>;
  node: Resolver<Maybe<ResolversTypes['ClusterNode']>, ParentType, ContextType>;
};

export type KubernetesObjectResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['KubernetesObject'] = ResolversParentTypes['KubernetesObject']> = {
  __resolveType: TypeResolveFn<'DaemonSet' | 'ControllerRevision' | 'ClusterNode' | 'Namespace' | 'Event' | 'Service' | 'Workload' | 'PriorityClass' | 'GenericObject' | 'Pod', ParentType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  apiVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  metadata: Resolver<ResolversTypes['ObjectMeta'], ParentType, ContextType>;
  json: Resolver<ResolversTypes['JSON'], ParentType, ContextType, RequireFields<KubernetesObjectJsonArgs, 'managedFields'>>;
  yaml: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<KubernetesObjectYamlArgs, 'managedFields'>>;
  owners: Resolver<ReadonlyArray<ResolversTypes['KubernetesObject']>, ParentType, ContextType>;
  events: Resolver<ResolversTypes['EventConnection'], ParentType, ContextType, Partial<KubernetesObjectEventsArgs>>;
  history: Resolver<ResolversTypes['WriteConnection'], ParentType, ContextType, RequireFields<KubernetesObjectHistoryArgs, 'orderBy'>>;
};

export type ObjectMetaResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ObjectMeta'] = ResolversParentTypes['ObjectMeta']> = {
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  uid: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  generateName: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  resourceVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  generation: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  creationTimestamp: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  ageSeconds: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  deletionTimestamp: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  labels: Resolver<ReadonlyArray<ResolversTypes['KeyValue']>, ParentType, ContextType>;
  labelMap: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  label: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType, RequireFields<ObjectMetaLabelArgs, 'key'>>;
  annotations: Resolver<ReadonlyArray<ResolversTypes['KeyValue']>, ParentType, ContextType>;
  annotationMap: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  annotation: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType, RequireFields<ObjectMetaAnnotationArgs, 'key'>>;
  ownerReferences: Resolver<ReadonlyArray<ResolversTypes['OwnerReference']>, ParentType, ContextType>;
  finalizers: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type KeyValueResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['KeyValue'] = ResolversParentTypes['KeyValue']> = {
  key: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type OwnerReferenceResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['OwnerReference'] = ResolversParentTypes['OwnerReference']> = {
  apiVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  uid: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  controller: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  blockOwnerDeletion: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  owner: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>;
};

export type ConditionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Condition'] = ResolversParentTypes['Condition']> = {
  type: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  message: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lastTransitionTime: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type ResourceQuantityResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ResourceQuantity'] = ResolversParentTypes['ResourceQuantity']> = {
  resource: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  quantity: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  apply?: Resolver<Maybe<ResolversTypes['ChangePayload']>, ParentType, ContextType, RequireFields<MutationApplyArgs, 'manifests' | 'fieldManager' | 'force' | 'dryRun'>>;
  patch?: Resolver<Maybe<ResolversTypes['ChangePayload']>, ParentType, ContextType, RequireFields<MutationPatchArgs, 'kind' | 'namespace' | 'name' | 'type' | 'patch' | 'fieldManager' | 'dryRun'>>;
  delete?: Resolver<Maybe<ResolversTypes['ChangePayload']>, ParentType, ContextType, RequireFields<MutationDeleteArgs, 'kind' | 'namespace' | 'name' | 'dryRun'>>;
  label?: Resolver<Maybe<ResolversTypes['ChangePayload']>, ParentType, ContextType, RequireFields<MutationLabelArgs, 'kind' | 'namespace' | 'name' | 'labels' | 'overwrite' | 'dryRun'>>;
  annotate?: Resolver<Maybe<ResolversTypes['ChangePayload']>, ParentType, ContextType, RequireFields<MutationAnnotateArgs, 'kind' | 'namespace' | 'name' | 'annotations' | 'overwrite' | 'dryRun'>>;
  taint?: Resolver<Maybe<ResolversTypes['ChangePayload']>, ParentType, ContextType, RequireFields<MutationTaintArgs, 'node' | 'taints' | 'overwrite' | 'dryRun'>>;
  untaint?: Resolver<Maybe<ResolversTypes['ChangePayload']>, ParentType, ContextType, RequireFields<MutationUntaintArgs, 'node' | 'taints' | 'dryRun'>>;
  cordon?: Resolver<Maybe<ResolversTypes['ChangePayload']>, ParentType, ContextType, RequireFields<MutationCordonArgs, 'node' | 'dryRun'>>;
  uncordon?: Resolver<Maybe<ResolversTypes['ChangePayload']>, ParentType, ContextType, RequireFields<MutationUncordonArgs, 'node' | 'dryRun'>>;
  drain?: Resolver<Maybe<ResolversTypes['DrainPayload']>, ParentType, ContextType, RequireFields<MutationDrainArgs, 'node' | 'force' | 'deleteEmptyDirData' | 'dryRun'>>;
  restartRollout?: Resolver<Maybe<ResolversTypes['ChangePayload']>, ParentType, ContextType, RequireFields<MutationRestartRolloutArgs, 'kind' | 'namespace' | 'name' | 'dryRun'>>;
  undoRollout?: Resolver<Maybe<ResolversTypes['ChangePayload']>, ParentType, ContextType, RequireFields<MutationUndoRolloutArgs, 'kind' | 'namespace' | 'name' | 'dryRun'>>;
  pauseRollout?: Resolver<Maybe<ResolversTypes['ChangePayload']>, ParentType, ContextType, RequireFields<MutationPauseRolloutArgs, 'kind' | 'namespace' | 'name' | 'dryRun'>>;
  resumeRollout?: Resolver<Maybe<ResolversTypes['ChangePayload']>, ParentType, ContextType, RequireFields<MutationResumeRolloutArgs, 'kind' | 'namespace' | 'name' | 'dryRun'>>;
  scale?: Resolver<Maybe<ResolversTypes['ChangePayload']>, ParentType, ContextType, RequireFields<MutationScaleArgs, 'kind' | 'namespace' | 'name' | 'replicas' | 'dryRun'>>;
  scaleNodes?: Resolver<Maybe<ResolversTypes['ChangePayload']>, ParentType, ContextType, RequireFields<MutationScaleNodesArgs, 'pool' | 'labels' | 'taints' | 'dryRun'>>;
  applyChanges?: Resolver<Maybe<ResolversTypes['AppliedChanges']>, ParentType, ContextType, RequireFields<MutationApplyChangesArgs, 'changes'>>;
  createFork?: Resolver<ResolversTypes['Fork'], ParentType, ContextType, Partial<MutationCreateForkArgs>>;
  deleteFork?: Resolver<ResolversTypes['Fork'], ParentType, ContextType, RequireFields<MutationDeleteForkArgs, 'id'>>;
  setClock?: Resolver<Maybe<ResolversTypes['ClockPayload']>, ParentType, ContextType, RequireFields<MutationSetClockArgs, 'rate'>>;
  advance?: Resolver<Maybe<ResolversTypes['ClockPayload']>, ParentType, ContextType, RequireFields<MutationAdvanceArgs, 'by'>>;
  sendRequest?: Resolver<Maybe<ResolversTypes['SendRequestPayload']>, ParentType, ContextType, RequireFields<MutationSendRequestArgs, 'input'>>;
  openNetwork?: Resolver<Maybe<ResolversTypes['OpenNetworkPayload']>, ParentType, ContextType>;
};

export type ChangePayloadResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ChangePayload'] = ResolversParentTypes['ChangePayload']> = {
  changes: Resolver<ReadonlyArray<ResolversTypes['Change']>, ParentType, ContextType>;
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  dryRun: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  warnings: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type AppliedChangesResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['AppliedChanges'] = ResolversParentTypes['AppliedChanges']> = {
  changes: Resolver<ReadonlyArray<ResolversTypes['WhatIfChange']>, ParentType, ContextType>;
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ChangeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Change'] = ResolversParentTypes['Change']> = {
  outcome: Resolver<ResolversTypes['ChangeOutcome'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  object: Resolver<ResolversTypes['KubernetesObject'], ParentType, ContextType>;
};

export type DrainPayloadResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DrainPayload'] = ResolversParentTypes['DrainPayload']> = {
  node: Resolver<ResolversTypes['ClusterNode'], ParentType, ContextType>;
  drained: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  steps: Resolver<ReadonlyArray<ResolversTypes['DrainStep']>, ParentType, ContextType>;
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DrainStepResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DrainStep'] = ResolversParentTypes['DrainStep']> = {
  namespace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  pod: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  outcome: Resolver<ResolversTypes['DrainOutcome'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ClockPayloadResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ClockPayload'] = ResolversParentTypes['ClockPayload']> = {
  clock: Resolver<ResolversTypes['ClusterClock'], ParentType, ContextType>;
  now: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ClusterNodeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ClusterNode'] = ResolversParentTypes['ClusterNode']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  apiVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  metadata: Resolver<ResolversTypes['ObjectMeta'], ParentType, ContextType>;
  json: Resolver<ResolversTypes['JSON'], ParentType, ContextType, RequireFields<ClusterNodeJsonArgs, 'managedFields'>>;
  yaml: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<ClusterNodeYamlArgs, 'managedFields'>>;
  owners: Resolver<ReadonlyArray<ResolversTypes['KubernetesObject']>, ParentType, ContextType>;
  events: Resolver<ResolversTypes['EventConnection'], ParentType, ContextType, Partial<ClusterNodeEventsArgs>>;
  history: Resolver<ResolversTypes['WriteConnection'], ParentType, ContextType, RequireFields<ClusterNodeHistoryArgs, 'orderBy'>>;
  roles: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  zone: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ready: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  unschedulable: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  taints: Resolver<ReadonlyArray<ResolversTypes['Taint']>, ParentType, ContextType>;
  conditions: Resolver<ReadonlyArray<ResolversTypes['Condition']>, ParentType, ContextType>;
  addresses: Resolver<ReadonlyArray<ResolversTypes['NodeAddress']>, ParentType, ContextType>;
  capacity: Resolver<ReadonlyArray<ResolversTypes['ResourceQuantity']>, ParentType, ContextType>;
  allocatable: Resolver<ReadonlyArray<ResolversTypes['ResourceQuantity']>, ParentType, ContextType>;
  requested: Resolver<ReadonlyArray<ResolversTypes['ResourceQuantity']>, ParentType, ContextType>;
  kubeletVersion: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  pods: Resolver<ResolversTypes['PodConnection'], ParentType, ContextType, RequireFields<ClusterNodePodsArgs, 'orderBy'>>;
  placementCounts: Resolver<ResolversTypes['PlacementCounts'], ParentType, ContextType>;
  placements: Resolver<ResolversTypes['PlacementConnection'], ParentType, ContextType, RequireFields<ClusterNodePlacementsArgs, 'orderBy'>>;
  sockets: Resolver<ReadonlyArray<ResolversTypes['NetworkAddress']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type TaintResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Taint'] = ResolversParentTypes['Taint']> = {
  key: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  effect: Resolver<ResolversTypes['TaintEffect'], ParentType, ContextType>;
  timeAdded: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  text: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type NodeAddressResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['NodeAddress'] = ResolversParentTypes['NodeAddress']> = {
  type: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  address: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ClusterNodeConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ClusterNodeConnection'] = ResolversParentTypes['ClusterNodeConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['ClusterNodeEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['ClusterNode']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ClusterNodeEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ClusterNodeEdge'] = ResolversParentTypes['ClusterNodeEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['ClusterNode'], ParentType, ContextType>;
};

export type NamespaceResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Namespace'] = ResolversParentTypes['Namespace']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  apiVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  metadata: Resolver<ResolversTypes['ObjectMeta'], ParentType, ContextType>;
  json: Resolver<ResolversTypes['JSON'], ParentType, ContextType, RequireFields<NamespaceJsonArgs, 'managedFields'>>;
  yaml: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<NamespaceYamlArgs, 'managedFields'>>;
  owners: Resolver<ReadonlyArray<ResolversTypes['KubernetesObject']>, ParentType, ContextType>;
  events: Resolver<ResolversTypes['EventConnection'], ParentType, ContextType, Partial<NamespaceEventsArgs>>;
  history: Resolver<ResolversTypes['WriteConnection'], ParentType, ContextType, RequireFields<NamespaceHistoryArgs, 'orderBy'>>;
  phase: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  pods: Resolver<ResolversTypes['PodConnection'], ParentType, ContextType, RequireFields<NamespacePodsArgs, 'orderBy'>>;
  daemonSets: Resolver<ResolversTypes['DaemonSetConnection'], ParentType, ContextType, RequireFields<NamespaceDaemonSetsArgs, 'orderBy'>>;
  services: Resolver<ResolversTypes['ServiceConnection'], ParentType, ContextType, RequireFields<NamespaceServicesArgs, 'orderBy'>>;
  workloads: Resolver<ResolversTypes['WorkloadConnection'], ParentType, ContextType, RequireFields<NamespaceWorkloadsArgs, 'orderBy'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type EventResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Event'] = ResolversParentTypes['Event']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  apiVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  metadata: Resolver<ResolversTypes['ObjectMeta'], ParentType, ContextType>;
  json: Resolver<ResolversTypes['JSON'], ParentType, ContextType, RequireFields<EventJsonArgs, 'managedFields'>>;
  yaml: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<EventYamlArgs, 'managedFields'>>;
  owners: Resolver<ReadonlyArray<ResolversTypes['KubernetesObject']>, ParentType, ContextType>;
  events: Resolver<ResolversTypes['EventConnection'], ParentType, ContextType, Partial<EventEventsArgs>>;
  history: Resolver<ResolversTypes['WriteConnection'], ParentType, ContextType, RequireFields<EventHistoryArgs, 'orderBy'>>;
  type: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  count: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  firstTimestamp: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  lastTimestamp: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  component: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  aboutKind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  aboutName: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  about: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ServiceResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Service'] = ResolversParentTypes['Service']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  apiVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  metadata: Resolver<ResolversTypes['ObjectMeta'], ParentType, ContextType>;
  json: Resolver<ResolversTypes['JSON'], ParentType, ContextType, RequireFields<ServiceJsonArgs, 'managedFields'>>;
  yaml: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<ServiceYamlArgs, 'managedFields'>>;
  owners: Resolver<ReadonlyArray<ResolversTypes['KubernetesObject']>, ParentType, ContextType>;
  events: Resolver<ResolversTypes['EventConnection'], ParentType, ContextType, Partial<ServiceEventsArgs>>;
  history: Resolver<ResolversTypes['WriteConnection'], ParentType, ContextType, RequireFields<ServiceHistoryArgs, 'orderBy'>>;
  type: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  clusterIP: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  selector: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ports: Resolver<ReadonlyArray<ResolversTypes['ServicePort']>, ParentType, ContextType>;
  pods: Resolver<ResolversTypes['PodConnection'], ParentType, ContextType, Partial<ServicePodsArgs>>;
  sockets: Resolver<ReadonlyArray<ResolversTypes['NetworkAddress']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ServicePortResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ServicePort'] = ResolversParentTypes['ServicePort']> = {
  name: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  protocol: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  port: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  targetPort: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  nodePort: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type WorkloadResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Workload'] = ResolversParentTypes['Workload']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  apiVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  metadata: Resolver<ResolversTypes['ObjectMeta'], ParentType, ContextType>;
  json: Resolver<ResolversTypes['JSON'], ParentType, ContextType, RequireFields<WorkloadJsonArgs, 'managedFields'>>;
  yaml: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<WorkloadYamlArgs, 'managedFields'>>;
  owners: Resolver<ReadonlyArray<ResolversTypes['KubernetesObject']>, ParentType, ContextType>;
  events: Resolver<ResolversTypes['EventConnection'], ParentType, ContextType, Partial<WorkloadEventsArgs>>;
  history: Resolver<ResolversTypes['WriteConnection'], ParentType, ContextType, RequireFields<WorkloadHistoryArgs, 'orderBy'>>;
  replicas: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  readyReplicas: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  updatedReplicas: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  images: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  rollout: Resolver<Maybe<ResolversTypes['RolloutProgress']>, ParentType, ContextType>;
  children: Resolver<ReadonlyArray<ResolversTypes['Workload']>, ParentType, ContextType>;
  revisions: Resolver<ReadonlyArray<ResolversTypes['ControllerRevision']>, ParentType, ContextType>;
  pods: Resolver<ResolversTypes['PodConnection'], ParentType, ContextType, Partial<WorkloadPodsArgs>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PriorityClassResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PriorityClass'] = ResolversParentTypes['PriorityClass']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  apiVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  metadata: Resolver<ResolversTypes['ObjectMeta'], ParentType, ContextType>;
  json: Resolver<ResolversTypes['JSON'], ParentType, ContextType, RequireFields<PriorityClassJsonArgs, 'managedFields'>>;
  yaml: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<PriorityClassYamlArgs, 'managedFields'>>;
  owners: Resolver<ReadonlyArray<ResolversTypes['KubernetesObject']>, ParentType, ContextType>;
  events: Resolver<ResolversTypes['EventConnection'], ParentType, ContextType, Partial<PriorityClassEventsArgs>>;
  history: Resolver<ResolversTypes['WriteConnection'], ParentType, ContextType, RequireFields<PriorityClassHistoryArgs, 'orderBy'>>;
  value: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  globalDefault: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  preemptionPolicy: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type GenericObjectResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['GenericObject'] = ResolversParentTypes['GenericObject']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  apiVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  metadata: Resolver<ResolversTypes['ObjectMeta'], ParentType, ContextType>;
  json: Resolver<ResolversTypes['JSON'], ParentType, ContextType, RequireFields<GenericObjectJsonArgs, 'managedFields'>>;
  yaml: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<GenericObjectYamlArgs, 'managedFields'>>;
  owners: Resolver<ReadonlyArray<ResolversTypes['KubernetesObject']>, ParentType, ContextType>;
  events: Resolver<ResolversTypes['EventConnection'], ParentType, ContextType, Partial<GenericObjectEventsArgs>>;
  history: Resolver<ResolversTypes['WriteConnection'], ParentType, ContextType, RequireFields<GenericObjectHistoryArgs, 'orderBy'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ServedKindResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ServedKind'] = ResolversParentTypes['ServedKind']> = {
  group: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  version: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  plural: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespaced: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type NamespaceConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['NamespaceConnection'] = ResolversParentTypes['NamespaceConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['NamespaceEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['Namespace']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type NamespaceEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['NamespaceEdge'] = ResolversParentTypes['NamespaceEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['Namespace'], ParentType, ContextType>;
};

export type EventConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['EventConnection'] = ResolversParentTypes['EventConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['EventEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['Event']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type EventEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['EventEdge'] = ResolversParentTypes['EventEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['Event'], ParentType, ContextType>;
};

export type ServiceConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ServiceConnection'] = ResolversParentTypes['ServiceConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['ServiceEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['Service']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ServiceEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ServiceEdge'] = ResolversParentTypes['ServiceEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['Service'], ParentType, ContextType>;
};

export type WorkloadConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['WorkloadConnection'] = ResolversParentTypes['WorkloadConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['WorkloadEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['Workload']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type WorkloadEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['WorkloadEdge'] = ResolversParentTypes['WorkloadEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['Workload'], ParentType, ContextType>;
};

export type PriorityClassConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PriorityClassConnection'] = ResolversParentTypes['PriorityClassConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['PriorityClassEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['PriorityClass']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PriorityClassEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PriorityClassEdge'] = ResolversParentTypes['PriorityClassEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['PriorityClass'], ParentType, ContextType>;
};

export type KubernetesObjectConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['KubernetesObjectConnection'] = ResolversParentTypes['KubernetesObjectConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['KubernetesObjectEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['KubernetesObject']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type KubernetesObjectEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['KubernetesObjectEdge'] = ResolversParentTypes['KubernetesObjectEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['KubernetesObject'], ParentType, ContextType>;
};

export type PlacementResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Placement'] = ResolversParentTypes['Placement']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  daemonSet: Resolver<ResolversTypes['DaemonSet'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['ClusterNode'], ParentType, ContextType>;
  wanted: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  shouldContinue: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  actual: Resolver<ResolversTypes['PlacementState'], ParentType, ContextType>;
  pod: Resolver<Maybe<ResolversTypes['Pod']>, ParentType, ContextType>;
  pods: Resolver<ReadonlyArray<ResolversTypes['Pod']>, ParentType, ContextType>;
  phase: Resolver<Maybe<ResolversTypes['PodPhase']>, ParentType, ContextType>;
  ready: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  revision: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  currentRevision: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  upToDate: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  reason: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  why: Resolver<ReadonlyArray<ResolversTypes['Sentence']>, ParentType, ContextType>;
  checks: Resolver<ReadonlyArray<ResolversTypes['PlacementCheck']>, ParentType, ContextType, Partial<PlacementChecksArgs>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PlacementCheckResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PlacementCheck'] = ResolversParentTypes['PlacementCheck']> = {
  stage: Resolver<ResolversTypes['CheckStage'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  verdict: Resolver<ResolversTypes['CheckVerdict'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sentences: Resolver<ReadonlyArray<ResolversTypes['Sentence']>, ParentType, ContextType>;
};

export type SentenceResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Sentence'] = ResolversParentTypes['Sentence']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  values: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
};

export type PlacementCountsResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PlacementCounts'] = ResolversParentTypes['PlacementCounts']> = {
  nodes: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  wanted: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  present: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  ready: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  upToDate: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  pending: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  missing: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  extra: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  terminating: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  failed: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  succeeded: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  notWanted: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PlacementConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PlacementConnection'] = ResolversParentTypes['PlacementConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['PlacementEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['Placement']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PlacementEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PlacementEdge'] = ResolversParentTypes['PlacementEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['Placement'], ParentType, ContextType>;
};

export type PlacementGroupResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PlacementGroup'] = ResolversParentTypes['PlacementGroup']> = {
  key: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  daemonSet: Resolver<Maybe<ResolversTypes['DaemonSet']>, ParentType, ContextType>;
  node: Resolver<Maybe<ResolversTypes['ClusterNode']>, ParentType, ContextType>;
  counts: Resolver<ResolversTypes['PlacementCounts'], ParentType, ContextType>;
};

export type PlacementGroupConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PlacementGroupConnection'] = ResolversParentTypes['PlacementGroupConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['PlacementGroupEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['PlacementGroup']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PlacementGroupEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PlacementGroupEdge'] = ResolversParentTypes['PlacementGroupEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['PlacementGroup'], ParentType, ContextType>;
};

export type PodResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Pod'] = ResolversParentTypes['Pod']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  apiVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  metadata: Resolver<ResolversTypes['ObjectMeta'], ParentType, ContextType>;
  json: Resolver<ResolversTypes['JSON'], ParentType, ContextType, RequireFields<PodJsonArgs, 'managedFields'>>;
  yaml: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<PodYamlArgs, 'managedFields'>>;
  owners: Resolver<ReadonlyArray<ResolversTypes['KubernetesObject']>, ParentType, ContextType>;
  events: Resolver<ResolversTypes['EventConnection'], ParentType, ContextType, Partial<PodEventsArgs>>;
  history: Resolver<ResolversTypes['WriteConnection'], ParentType, ContextType, RequireFields<PodHistoryArgs, 'orderBy'>>;
  phase: Resolver<ResolversTypes['PodPhase'], ParentType, ContextType>;
  status: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  ready: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  terminating: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  restartCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  podIP: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sockets: Resolver<ReadonlyArray<ResolversTypes['NetworkAddress']>, ParentType, ContextType>;
  push: Resolver<Maybe<ResolversTypes['Push']>, ParentType, ContextType>;
  conditions: Resolver<ReadonlyArray<ResolversTypes['Condition']>, ParentType, ContextType>;
  containers: Resolver<ReadonlyArray<ResolversTypes['Container']>, ParentType, ContextType>;
  requests: Resolver<ReadonlyArray<ResolversTypes['ResourceQuantity']>, ParentType, ContextType>;
  priority: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  nodeName: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  node: Resolver<Maybe<ResolversTypes['ClusterNode']>, ParentType, ContextType>;
  daemonSet: Resolver<Maybe<ResolversTypes['DaemonSet']>, ParentType, ContextType>;
  revisionHash: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  revision: Resolver<Maybe<ResolversTypes['ControllerRevision']>, ParentType, ContextType>;
  placement: Resolver<Maybe<ResolversTypes['Placement']>, ParentType, ContextType>;
  services: Resolver<ReadonlyArray<ResolversTypes['Service']>, ParentType, ContextType>;
  priorityClass: Resolver<Maybe<ResolversTypes['PriorityClass']>, ParentType, ContextType>;
  inNamespace: Resolver<Maybe<ResolversTypes['Namespace']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ContainerResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Container'] = ResolversParentTypes['Container']> = {
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  image: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ready: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  restartCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  state: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  reason: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  requests: Resolver<ReadonlyArray<ResolversTypes['ResourceQuantity']>, ParentType, ContextType>;
  limits: Resolver<ReadonlyArray<ResolversTypes['ResourceQuantity']>, ParentType, ContextType>;
};

export type PodConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PodConnection'] = ResolversParentTypes['PodConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['PodEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['Pod']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PodEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PodEdge'] = ResolversParentTypes['PodEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['Pod'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  cluster?: Resolver<ResolversTypes['Cluster'], ParentType, ContextType, Partial<QueryClusterArgs>>;
  nodes?: Resolver<ResolversTypes['ClusterNodeConnection'], ParentType, ContextType, RequireFields<QueryNodesArgs, 'orderBy'>>;
  pods?: Resolver<ResolversTypes['PodConnection'], ParentType, ContextType, RequireFields<QueryPodsArgs, 'orderBy'>>;
  daemonSets?: Resolver<ResolversTypes['DaemonSetConnection'], ParentType, ContextType, RequireFields<QueryDaemonSetsArgs, 'orderBy'>>;
  nodeByName?: Resolver<Maybe<ResolversTypes['ClusterNode']>, ParentType, ContextType, RequireFields<QueryNodeByNameArgs, 'name'>>;
  pod?: Resolver<Maybe<ResolversTypes['Pod']>, ParentType, ContextType, RequireFields<QueryPodArgs, 'namespace' | 'name'>>;
  daemonSet?: Resolver<Maybe<ResolversTypes['DaemonSet']>, ParentType, ContextType, RequireFields<QueryDaemonSetArgs, 'namespace' | 'name'>>;
  placements?: Resolver<ResolversTypes['PlacementConnection'], ParentType, ContextType, RequireFields<QueryPlacementsArgs, 'orderBy'>>;
  placementCounts?: Resolver<ResolversTypes['PlacementGroupConnection'], ParentType, ContextType, RequireFields<QueryPlacementCountsArgs, 'by' | 'orderBy'>>;
  clusterMap?: Resolver<ResolversTypes['ClusterMap'], ParentType, ContextType, Partial<QueryClusterMapArgs>>;
  explainPod?: Resolver<ResolversTypes['PodExplanation'], ParentType, ContextType, RequireFields<QueryExplainPodArgs, 'namespace'>>;
  explain?: Resolver<ResolversTypes['Placement'], ParentType, ContextType, RequireFields<QueryExplainArgs, 'namespace' | 'daemonSet' | 'node'>>;
  explainTraffic?: Resolver<ResolversTypes['TrafficExplanation'], ParentType, ContextType, RequireFields<QueryExplainTrafficArgs, 'from' | 'to' | 'port' | 'protocol'>>;
  whatIf?: Resolver<Maybe<ResolversTypes['WhatIf']>, ParentType, ContextType, RequireFields<QueryWhatIfArgs, 'changes' | 'limit'>>;
  compare?: Resolver<ReadonlyArray<ResolversTypes['Scenario']>, ParentType, ContextType, RequireFields<QueryCompareArgs, 'scenarios' | 'limit'>>;
  changes?: Resolver<ResolversTypes['WriteConnection'], ParentType, ContextType, RequireFields<QueryChangesArgs, 'orderBy'>>;
  history?: Resolver<ResolversTypes['WriteConnection'], ParentType, ContextType, RequireFields<QueryHistoryArgs, 'namespace' | 'orderBy'>>;
  placementDiff?: Resolver<ResolversTypes['PlacementDiff'], ParentType, ContextType, RequireFields<QueryPlacementDiffArgs, 'from'>>;
  activity?: Resolver<ReadonlyArray<ResolversTypes['Activity']>, ParentType, ContextType, RequireFields<QueryActivityArgs, 'buckets' | 'by'>>;
  namespaces?: Resolver<ResolversTypes['NamespaceConnection'], ParentType, ContextType, RequireFields<QueryNamespacesArgs, 'orderBy'>>;
  namespace?: Resolver<Maybe<ResolversTypes['Namespace']>, ParentType, ContextType, RequireFields<QueryNamespaceArgs, 'name'>>;
  events?: Resolver<ResolversTypes['EventConnection'], ParentType, ContextType, Partial<QueryEventsArgs>>;
  services?: Resolver<ResolversTypes['ServiceConnection'], ParentType, ContextType, RequireFields<QueryServicesArgs, 'orderBy'>>;
  service?: Resolver<Maybe<ResolversTypes['Service']>, ParentType, ContextType, RequireFields<QueryServiceArgs, 'namespace' | 'name'>>;
  workloads?: Resolver<ResolversTypes['WorkloadConnection'], ParentType, ContextType, RequireFields<QueryWorkloadsArgs, 'orderBy'>>;
  priorityClasses?: Resolver<ResolversTypes['PriorityClassConnection'], ParentType, ContextType, Partial<QueryPriorityClassesArgs>>;
  object?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType, RequireFields<QueryObjectArgs, 'kind' | 'namespace' | 'name'>>;
  objects?: Resolver<ResolversTypes['KubernetesObjectConnection'], ParentType, ContextType, RequireFields<QueryObjectsArgs, 'kind' | 'orderBy'>>;
  forks?: Resolver<ReadonlyArray<ResolversTypes['Fork']>, ParentType, ContextType>;
  kinds?: Resolver<ReadonlyArray<ResolversTypes['ServedKind']>, ParentType, ContextType, Partial<QueryKindsArgs>>;
};

export type ClusterResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Cluster'] = ResolversParentTypes['Cluster']> = {
  version: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  era: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  oldestRevision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  oldestTime: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  now: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  clock: Resolver<ResolversTypes['ClusterClock'], ParentType, ContextType>;
  namespaces: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  nodeCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  podCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  daemonSetCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  network: Resolver<ResolversTypes['NetworkMode'], ParentType, ContextType>;
  pushes: Resolver<ReadonlyArray<ResolversTypes['PodsThatPush']>, ParentType, ContextType>;
};

export type ClusterClockResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ClusterClock'] = ResolversParentTypes['ClusterClock']> = {
  mode: Resolver<ResolversTypes['ClockMode'], ParentType, ContextType>;
  rate: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  time: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  aheadSeconds: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type NodeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'DaemonSet' | 'ControllerRevision' | 'ClusterNode' | 'Namespace' | 'Event' | 'Service' | 'Workload' | 'PriorityClass' | 'GenericObject' | 'Placement' | 'Pod', ParentType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RolloutProgressResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['RolloutProgress'] = ResolversParentTypes['RolloutProgress']> = {
  desired: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  updated: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  ready: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  available: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unavailable: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  done: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PodExplanationResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PodExplanation'] = ResolversParentTypes['PodExplanation']> = {
  pod: Resolver<Maybe<ResolversTypes['Pod']>, ParentType, ContextType>;
  fits: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  nodeCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  message: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  nodes: Resolver<ResolversTypes['NodeFitConnection'], ParentType, ContextType, Partial<PodExplanationNodesArgs>>;
  preemption: Resolver<ResolversTypes['PreemptionCandidateConnection'], ParentType, ContextType, Partial<PodExplanationPreemptionArgs>>;
};

export type NodeFitResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['NodeFit'] = ResolversParentTypes['NodeFit']> = {
  node: Resolver<ResolversTypes['ClusterNode'], ParentType, ContextType>;
  fits: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  score: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  scores: Resolver<ReadonlyArray<ResolversTypes['NodeScore']>, ParentType, ContextType>;
  checks: Resolver<ReadonlyArray<ResolversTypes['PlacementCheck']>, ParentType, ContextType, Partial<NodeFitChecksArgs>>;
};

export type NodeScoreResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['NodeScore'] = ResolversParentTypes['NodeScore']> = {
  plugin: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  score: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  weight: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PreemptionCandidateResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PreemptionCandidate'] = ResolversParentTypes['PreemptionCandidate']> = {
  node: Resolver<ResolversTypes['ClusterNode'], ParentType, ContextType>;
  victims: Resolver<ReadonlyArray<ResolversTypes['Pod']>, ParentType, ContextType>;
  violations: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type NodeFitConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['NodeFitConnection'] = ResolversParentTypes['NodeFitConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['NodeFitEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['NodeFit']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type NodeFitEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['NodeFitEdge'] = ResolversParentTypes['NodeFitEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['NodeFit'], ParentType, ContextType>;
};

export type PreemptionCandidateConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PreemptionCandidateConnection'] = ResolversParentTypes['PreemptionCandidateConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['PreemptionCandidateEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['PreemptionCandidate']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PreemptionCandidateEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PreemptionCandidateEdge'] = ResolversParentTypes['PreemptionCandidateEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['PreemptionCandidate'], ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export interface MomentScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Moment'], any> {
  name: 'Moment';
}

export type SubscriptionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  placementChanged?: SubscriptionResolver<ResolversTypes['PlacementChange'], "placementChanged", ParentType, ContextType, Partial<SubscriptionPlacementChangedArgs>>;
  objectChanged?: SubscriptionResolver<ResolversTypes['ObjectChange'], "objectChanged", ParentType, ContextType, RequireFields<SubscriptionObjectChangedArgs, 'kind'>>;
  events?: SubscriptionResolver<ResolversTypes['EventChange'], "events", ParentType, ContextType, Partial<SubscriptionEventsArgs>>;
  rollout?: SubscriptionResolver<ResolversTypes['Rollout'], "rollout", ParentType, ContextType, RequireFields<SubscriptionRolloutArgs, 'namespace' | 'untilDone'>>;
  clusterMap?: SubscriptionResolver<ResolversTypes['ClusterMap'], "clusterMap", ParentType, ContextType, RequireFields<SubscriptionClusterMapArgs, 'rows'>>;
  traffic?: SubscriptionResolver<ResolversTypes['TrafficChange'], "traffic", ParentType, ContextType>;
};

export type PlacementChangeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PlacementChange'] = ResolversParentTypes['PlacementChange']> = {
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  placement: Resolver<Maybe<ResolversTypes['Placement']>, ParentType, ContextType>;
  namespace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  daemonSet: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  before: Resolver<Maybe<ResolversTypes['PlacementState']>, ParentType, ContextType>;
  cause: Resolver<Maybe<ResolversTypes['ChangeCause']>, ParentType, ContextType>;
};

export type ChangeCauseResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ChangeCause'] = ResolversParentTypes['ChangeCause']> = {
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  time: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  type: Resolver<ResolversTypes['ChangeType'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ObjectChangeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ObjectChange'] = ResolversParentTypes['ObjectChange']> = {
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type: Resolver<ResolversTypes['ChangeType'], ParentType, ContextType>;
  object: Resolver<ResolversTypes['KubernetesObject'], ParentType, ContextType>;
};

export type EventChangeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['EventChange'] = ResolversParentTypes['EventChange']> = {
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type: Resolver<ResolversTypes['ChangeType'], ParentType, ContextType>;
  event: Resolver<ResolversTypes['Event'], ParentType, ContextType>;
};

export type RolloutResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Rollout'] = ResolversParentTypes['Rollout']> = {
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  object: Resolver<ResolversTypes['KubernetesObject'], ParentType, ContextType>;
  desired: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  updated: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  ready: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  available: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unavailable: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  done: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  happened: Resolver<ReadonlyArray<ResolversTypes['RolloutEvent']>, ParentType, ContextType>;
};

export type RolloutEventResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['RolloutEvent'] = ResolversParentTypes['RolloutEvent']> = {
  what: Resolver<ResolversTypes['PodEventKind'], ParentType, ContextType>;
  node: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  pod: Resolver<ResolversTypes['Pod'], ParentType, ContextType>;
  upToDate: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type NetworkAddressResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['NetworkAddress'] = ResolversParentTypes['NetworkAddress']> = {
  address: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  port: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  protocol: Resolver<ResolversTypes['TrafficProtocol'], ParentType, ContextType>;
  at: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  way: Resolver<ResolversTypes['NetworkWay'], ParentType, ContextType>;
  node: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  came: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PushResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Push'] = ResolversParentTypes['Push']> = {
  to: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  everySeconds: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  format: Resolver<ResolversTypes['PushFormat'], ParentType, ContextType>;
};

export type PodsThatPushResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PodsThatPush'] = ResolversParentTypes['PodsThatPush']> = {
  push: Resolver<ResolversTypes['Push'], ParentType, ContextType>;
  pods: Resolver<ResolversTypes['PodConnection'], ParentType, ContextType, Partial<PodsThatPushPodsArgs>>;
};

export type TrafficExplanationResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['TrafficExplanation'] = ResolversParentTypes['TrafficExplanation']> = {
  allowed: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  reason: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  why: Resolver<ReadonlyArray<ResolversTypes['Sentence']>, ParentType, ContextType>;
  pods: Resolver<ReadonlyArray<ResolversTypes['TrafficToPod']>, ParentType, ContextType>;
};

export type TrafficToPodResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['TrafficToPod'] = ResolversParentTypes['TrafficToPod']> = {
  pod: Resolver<ResolversTypes['Pod'], ParentType, ContextType>;
  port: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  allowed: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  egress: Resolver<ResolversTypes['TrafficSide'], ParentType, ContextType>;
  ingress: Resolver<ResolversTypes['TrafficSide'], ParentType, ContextType>;
};

export type TrafficSideResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['TrafficSide'] = ResolversParentTypes['TrafficSide']> = {
  allowed: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  policies: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  policy: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  rule: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  reason: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  why: Resolver<ReadonlyArray<ResolversTypes['Sentence']>, ParentType, ContextType>;
};

export type SendRequestPayloadResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['SendRequestPayload'] = ResolversParentTypes['SendRequestPayload']> = {
  requests: Resolver<ReadonlyArray<ResolversTypes['SentRequest']>, ParentType, ContextType, RequireFields<SendRequestPayloadRequestsArgs, 'first'>>;
  tally: Resolver<ReadonlyArray<ResolversTypes['RequestTally']>, ParentType, ContextType>;
};

export type RequestTallyResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['RequestTally'] = ResolversParentTypes['RequestTally']> = {
  outcome: Resolver<ResolversTypes['RequestOutcome'], ParentType, ContextType>;
  status: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  by: Resolver<Maybe<ResolversTypes['Responder']>, ParentType, ContextType>;
  count: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SentRequestResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['SentRequest'] = ResolversParentTypes['SentRequest']> = {
  outcome: Resolver<ResolversTypes['RequestOutcome'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  why: Resolver<ReadonlyArray<ResolversTypes['Sentence']>, ParentType, ContextType>;
  from: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lookups: Resolver<ReadonlyArray<ResolversTypes['NameLookup']>, ParentType, ContextType>;
  address: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  port: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  at: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  headers: Resolver<ReadonlyArray<ResolversTypes['ResponseHeader']>, ParentType, ContextType>;
  body: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  cut: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  by: Resolver<Maybe<ResolversTypes['Responder']>, ParentType, ContextType>;
};

export type NameLookupResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['NameLookup'] = ResolversParentTypes['NameLookup']> = {
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  rcode: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  addresses: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ResponseHeaderResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ResponseHeader'] = ResolversParentTypes['ResponseHeader']> = {
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ResponderResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Responder'] = ResolversParentTypes['Responder']> = {
  namespace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  pod: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type OpenNetworkPayloadResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['OpenNetworkPayload'] = ResolversParentTypes['OpenNetworkPayload']> = {
  network: Resolver<ResolversTypes['NetworkMode'], ParentType, ContextType>;
  addresses: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type TrafficChangeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['TrafficChange'] = ResolversParentTypes['TrafficChange']> = {
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  network: Resolver<ResolversTypes['NetworkMode'], ParentType, ContextType>;
  whole: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  changed: Resolver<ReadonlyArray<ResolversTypes['NetworkAddress']>, ParentType, ContextType>;
  gone: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type WhatIfResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['WhatIf'] = ResolversParentTypes['WhatIf']> = {
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  before: Resolver<ResolversTypes['Query'], ParentType, ContextType>;
  after: Resolver<ResolversTypes['Query'], ParentType, ContextType>;
  changes: Resolver<ReadonlyArray<ResolversTypes['WhatIfChange']>, ParentType, ContextType>;
  daemonSets: Resolver<ReadonlyArray<ResolversTypes['DaemonSetOutcome']>, ParentType, ContextType, Partial<WhatIfDaemonSetsArgs>>;
  placements: Resolver<ResolversTypes['PlacementDifferenceConnection'], ParentType, ContextType, Partial<WhatIfPlacementsArgs>>;
  pods: Resolver<ResolversTypes['PodDifferenceConnection'], ParentType, ContextType, Partial<WhatIfPodsArgs>>;
  waiting: Resolver<ResolversTypes['WaitingPodConnection'], ParentType, ContextType, Partial<WhatIfWaitingArgs>>;
  steps: Resolver<ResolversTypes['RolloutStepConnection'], ParentType, ContextType, Partial<WhatIfStepsArgs>>;
  rest: Resolver<ResolversTypes['Rest'], ParentType, ContextType>;
};

export type WhatIfChangeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['WhatIfChange'] = ResolversParentTypes['WhatIfChange']> = {
  index: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  messages: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  warnings: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ScenarioResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Scenario'] = ResolversParentTypes['Scenario']> = {
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  outcome: Resolver<Maybe<ResolversTypes['WhatIf']>, ParentType, ContextType>;
};

export type DaemonSetOutcomeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DaemonSetOutcome'] = ResolversParentTypes['DaemonSetOutcome']> = {
  namespace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  before: Resolver<Maybe<ResolversTypes['PlacementCounts']>, ParentType, ContextType>;
  after: Resolver<Maybe<ResolversTypes['PlacementCounts']>, ParentType, ContextType>;
};

export type PlacementDifferenceResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PlacementDifference'] = ResolversParentTypes['PlacementDifference']> = {
  difference: Resolver<ResolversTypes['PlacementDifferenceKind'], ParentType, ContextType>;
  namespace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  daemonSet: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  before: Resolver<Maybe<ResolversTypes['Placement']>, ParentType, ContextType>;
  after: Resolver<Maybe<ResolversTypes['Placement']>, ParentType, ContextType>;
  cause: Resolver<Maybe<ResolversTypes['Write']>, ParentType, ContextType>;
  lastWrite: Resolver<Maybe<ResolversTypes['Write']>, ParentType, ContextType>;
};

export type PodDifferenceResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PodDifference'] = ResolversParentTypes['PodDifference']> = {
  difference: Resolver<ResolversTypes['PodDifferenceKind'], ParentType, ContextType>;
  namespace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  workloadKind: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  workloadName: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  before: Resolver<Maybe<ResolversTypes['StandingPod']>, ParentType, ContextType>;
  after: Resolver<Maybe<ResolversTypes['StandingPod']>, ParentType, ContextType>;
  lastWrite: Resolver<Maybe<ResolversTypes['Write']>, ParentType, ContextType>;
};

export type StandingPodResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['StandingPod'] = ResolversParentTypes['StandingPod']> = {
  pod: Resolver<ResolversTypes['Pod'], ParentType, ContextType>;
  node: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  state: Resolver<ResolversTypes['StandingPodState'], ParentType, ContextType>;
  ready: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  revision: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  reason: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type WaitingPodResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['WaitingPod'] = ResolversParentTypes['WaitingPod']> = {
  pod: Resolver<ResolversTypes['Pod'], ParentType, ContextType>;
  reason: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  why: Resolver<ReadonlyArray<ResolversTypes['Sentence']>, ParentType, ContextType>;
};

export type RolloutStepResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['RolloutStep'] = ResolversParentTypes['RolloutStep']> = {
  number: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  seconds: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  text: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  counts: Resolver<ReadonlyArray<ResolversTypes['PodEventCount']>, ParentType, ContextType>;
  events: Resolver<ResolversTypes['PodEventConnection'], ParentType, ContextType, Partial<RolloutStepEventsArgs>>;
};

export type PodEventCountResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PodEventCount'] = ResolversParentTypes['PodEventCount']> = {
  what: Resolver<ResolversTypes['PodEventKind'], ParentType, ContextType>;
  count: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PodEventResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PodEvent'] = ResolversParentTypes['PodEvent']> = {
  what: Resolver<ResolversTypes['PodEventKind'], ParentType, ContextType>;
  namespace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  pod: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ownerKind: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ownerName: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type RestResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Rest'] = ResolversParentTypes['Rest']> = {
  atRest: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  seconds: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  goingOn: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PlacementDifferenceConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PlacementDifferenceConnection'] = ResolversParentTypes['PlacementDifferenceConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['PlacementDifferenceEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['PlacementDifference']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PlacementDifferenceEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PlacementDifferenceEdge'] = ResolversParentTypes['PlacementDifferenceEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['PlacementDifference'], ParentType, ContextType>;
};

export type PodDifferenceConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PodDifferenceConnection'] = ResolversParentTypes['PodDifferenceConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['PodDifferenceEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['PodDifference']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PodDifferenceEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PodDifferenceEdge'] = ResolversParentTypes['PodDifferenceEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['PodDifference'], ParentType, ContextType>;
};

export type WaitingPodConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['WaitingPodConnection'] = ResolversParentTypes['WaitingPodConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['WaitingPodEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['WaitingPod']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type WaitingPodEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['WaitingPodEdge'] = ResolversParentTypes['WaitingPodEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['WaitingPod'], ParentType, ContextType>;
};

export type RolloutStepConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['RolloutStepConnection'] = ResolversParentTypes['RolloutStepConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['RolloutStepEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['RolloutStep']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type RolloutStepEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['RolloutStepEdge'] = ResolversParentTypes['RolloutStepEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['RolloutStep'], ParentType, ContextType>;
};

export type PodEventConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PodEventConnection'] = ResolversParentTypes['PodEventConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['PodEventEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['PodEvent']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PodEventEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PodEventEdge'] = ResolversParentTypes['PodEventEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['PodEvent'], ParentType, ContextType>;
};

export type Resolvers<ContextType = GraphContext> = {
  DaemonSet: DaemonSetResolvers<ContextType>;
  DaemonSetUpdateStrategy: DaemonSetUpdateStrategyResolvers<ContextType>;
  DaemonSetStatus: DaemonSetStatusResolvers<ContextType>;
  ControllerRevision: ControllerRevisionResolvers<ContextType>;
  DaemonSetConnection: DaemonSetConnectionResolvers<ContextType>;
  DaemonSetEdge: DaemonSetEdgeResolvers<ContextType>;
  Fork: ForkResolvers<ContextType>;
  Write: WriteResolvers<ContextType>;
  FieldChange: FieldChangeResolvers<ContextType>;
  PlacementDiff: PlacementDiffResolvers<ContextType>;
  Activity: ActivityResolvers<ContextType>;
  ActivityOfKind: ActivityOfKindResolvers<ContextType>;
  WriteConnection: WriteConnectionResolvers<ContextType>;
  WriteEdge: WriteEdgeResolvers<ContextType>;
  ClusterMap: ClusterMapResolvers<ContextType>;
  MapOwner: MapOwnerResolvers<ContextType>;
  MapRow: MapRowResolvers<ContextType>;
  KubernetesObject: KubernetesObjectResolvers<ContextType>;
  ObjectMeta: ObjectMetaResolvers<ContextType>;
  KeyValue: KeyValueResolvers<ContextType>;
  OwnerReference: OwnerReferenceResolvers<ContextType>;
  Condition: ConditionResolvers<ContextType>;
  ResourceQuantity: ResourceQuantityResolvers<ContextType>;
  Mutation: MutationResolvers<ContextType>;
  ChangePayload: ChangePayloadResolvers<ContextType>;
  AppliedChanges: AppliedChangesResolvers<ContextType>;
  Change: ChangeResolvers<ContextType>;
  DrainPayload: DrainPayloadResolvers<ContextType>;
  DrainStep: DrainStepResolvers<ContextType>;
  ClockPayload: ClockPayloadResolvers<ContextType>;
  ClusterNode: ClusterNodeResolvers<ContextType>;
  Taint: TaintResolvers<ContextType>;
  NodeAddress: NodeAddressResolvers<ContextType>;
  ClusterNodeConnection: ClusterNodeConnectionResolvers<ContextType>;
  ClusterNodeEdge: ClusterNodeEdgeResolvers<ContextType>;
  Namespace: NamespaceResolvers<ContextType>;
  Event: EventResolvers<ContextType>;
  Service: ServiceResolvers<ContextType>;
  ServicePort: ServicePortResolvers<ContextType>;
  Workload: WorkloadResolvers<ContextType>;
  PriorityClass: PriorityClassResolvers<ContextType>;
  GenericObject: GenericObjectResolvers<ContextType>;
  ServedKind: ServedKindResolvers<ContextType>;
  NamespaceConnection: NamespaceConnectionResolvers<ContextType>;
  NamespaceEdge: NamespaceEdgeResolvers<ContextType>;
  EventConnection: EventConnectionResolvers<ContextType>;
  EventEdge: EventEdgeResolvers<ContextType>;
  ServiceConnection: ServiceConnectionResolvers<ContextType>;
  ServiceEdge: ServiceEdgeResolvers<ContextType>;
  WorkloadConnection: WorkloadConnectionResolvers<ContextType>;
  WorkloadEdge: WorkloadEdgeResolvers<ContextType>;
  PriorityClassConnection: PriorityClassConnectionResolvers<ContextType>;
  PriorityClassEdge: PriorityClassEdgeResolvers<ContextType>;
  KubernetesObjectConnection: KubernetesObjectConnectionResolvers<ContextType>;
  KubernetesObjectEdge: KubernetesObjectEdgeResolvers<ContextType>;
  Placement: PlacementResolvers<ContextType>;
  PlacementCheck: PlacementCheckResolvers<ContextType>;
  Sentence: SentenceResolvers<ContextType>;
  PlacementCounts: PlacementCountsResolvers<ContextType>;
  PlacementConnection: PlacementConnectionResolvers<ContextType>;
  PlacementEdge: PlacementEdgeResolvers<ContextType>;
  PlacementGroup: PlacementGroupResolvers<ContextType>;
  PlacementGroupConnection: PlacementGroupConnectionResolvers<ContextType>;
  PlacementGroupEdge: PlacementGroupEdgeResolvers<ContextType>;
  Pod: PodResolvers<ContextType>;
  Container: ContainerResolvers<ContextType>;
  PodConnection: PodConnectionResolvers<ContextType>;
  PodEdge: PodEdgeResolvers<ContextType>;
  Query: QueryResolvers<ContextType>;
  Cluster: ClusterResolvers<ContextType>;
  ClusterClock: ClusterClockResolvers<ContextType>;
  Node: NodeResolvers<ContextType>;
  PageInfo: PageInfoResolvers<ContextType>;
  RolloutProgress: RolloutProgressResolvers<ContextType>;
  PodExplanation: PodExplanationResolvers<ContextType>;
  NodeFit: NodeFitResolvers<ContextType>;
  NodeScore: NodeScoreResolvers<ContextType>;
  PreemptionCandidate: PreemptionCandidateResolvers<ContextType>;
  NodeFitConnection: NodeFitConnectionResolvers<ContextType>;
  NodeFitEdge: NodeFitEdgeResolvers<ContextType>;
  PreemptionCandidateConnection: PreemptionCandidateConnectionResolvers<ContextType>;
  PreemptionCandidateEdge: PreemptionCandidateEdgeResolvers<ContextType>;
  DateTime: GraphQLScalarType;
  JSON: GraphQLScalarType;
  Moment: GraphQLScalarType;
  Subscription: SubscriptionResolvers<ContextType>;
  PlacementChange: PlacementChangeResolvers<ContextType>;
  ChangeCause: ChangeCauseResolvers<ContextType>;
  ObjectChange: ObjectChangeResolvers<ContextType>;
  EventChange: EventChangeResolvers<ContextType>;
  Rollout: RolloutResolvers<ContextType>;
  RolloutEvent: RolloutEventResolvers<ContextType>;
  NetworkAddress: NetworkAddressResolvers<ContextType>;
  Push: PushResolvers<ContextType>;
  PodsThatPush: PodsThatPushResolvers<ContextType>;
  TrafficExplanation: TrafficExplanationResolvers<ContextType>;
  TrafficToPod: TrafficToPodResolvers<ContextType>;
  TrafficSide: TrafficSideResolvers<ContextType>;
  SendRequestPayload: SendRequestPayloadResolvers<ContextType>;
  RequestTally: RequestTallyResolvers<ContextType>;
  SentRequest: SentRequestResolvers<ContextType>;
  NameLookup: NameLookupResolvers<ContextType>;
  ResponseHeader: ResponseHeaderResolvers<ContextType>;
  Responder: ResponderResolvers<ContextType>;
  OpenNetworkPayload: OpenNetworkPayloadResolvers<ContextType>;
  TrafficChange: TrafficChangeResolvers<ContextType>;
  WhatIf: WhatIfResolvers<ContextType>;
  WhatIfChange: WhatIfChangeResolvers<ContextType>;
  Scenario: ScenarioResolvers<ContextType>;
  DaemonSetOutcome: DaemonSetOutcomeResolvers<ContextType>;
  PlacementDifference: PlacementDifferenceResolvers<ContextType>;
  PodDifference: PodDifferenceResolvers<ContextType>;
  StandingPod: StandingPodResolvers<ContextType>;
  WaitingPod: WaitingPodResolvers<ContextType>;
  RolloutStep: RolloutStepResolvers<ContextType>;
  PodEventCount: PodEventCountResolvers<ContextType>;
  PodEvent: PodEventResolvers<ContextType>;
  Rest: RestResolvers<ContextType>;
  PlacementDifferenceConnection: PlacementDifferenceConnectionResolvers<ContextType>;
  PlacementDifferenceEdge: PlacementDifferenceEdgeResolvers<ContextType>;
  PodDifferenceConnection: PodDifferenceConnectionResolvers<ContextType>;
  PodDifferenceEdge: PodDifferenceEdgeResolvers<ContextType>;
  WaitingPodConnection: WaitingPodConnectionResolvers<ContextType>;
  WaitingPodEdge: WaitingPodEdgeResolvers<ContextType>;
  RolloutStepConnection: RolloutStepConnectionResolvers<ContextType>;
  RolloutStepEdge: RolloutStepEdgeResolvers<ContextType>;
  PodEventConnection: PodEventConnectionResolvers<ContextType>;
  PodEventEdge: PodEventEdgeResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = GraphContext> = {
  cost: CostDirectiveResolver<any, any, ContextType>;
};
