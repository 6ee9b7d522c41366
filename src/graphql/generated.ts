// Made by scripts/generate-graphql.mjs (npm run graphql) from schema/: do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Identified, Seen, SeenReference, View, SeenNode, SeenPod, SeenDaemonSet, SeenRevision, SeenPlacement } from './view.js';
import type { GraphContext } from './context.js';
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
  readonly selector: Scalars['String']['output'];
  readonly updateStrategy: DaemonSetUpdateStrategy;
  readonly minReadySeconds: Scalars['Int']['output'];
  readonly images: ReadonlyArray<Scalars['String']['output']>;
  readonly status: DaemonSetStatus;
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


export type DaemonSetPodsArgs = {
  labelSelector?: InputMaybe<Scalars['String']['input']>;
  phase?: InputMaybe<ReadonlyArray<PodPhase>>;
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

export type KubernetesObject = {
  readonly id: Scalars['ID']['output'];
  readonly apiVersion: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly metadata: ObjectMeta;
  readonly json: Scalars['JSON']['output'];
  readonly yaml: Scalars['String']['output'];
};


export type KubernetesObjectJsonArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type KubernetesObjectYamlArgs = {
  managedFields?: Scalars['Boolean']['input'];
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

export type ClusterNode = KubernetesObject & Node & {
  readonly id: Scalars['ID']['output'];
  readonly apiVersion: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly metadata: ObjectMeta;
  readonly json: Scalars['JSON']['output'];
  readonly yaml: Scalars['String']['output'];
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
  readonly placements: PlacementConnection;
};


export type ClusterNodeJsonArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type ClusterNodeYamlArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type ClusterNodePodsArgs = {
  namespace?: InputMaybe<Scalars['String']['input']>;
  labelSelector?: InputMaybe<Scalars['String']['input']>;
  phase?: InputMaybe<ReadonlyArray<PodPhase>>;
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

export type Pod = KubernetesObject & Node & {
  readonly id: Scalars['ID']['output'];
  readonly apiVersion: Scalars['String']['output'];
  readonly kind: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly namespace: Scalars['String']['output'];
  readonly metadata: ObjectMeta;
  readonly json: Scalars['JSON']['output'];
  readonly yaml: Scalars['String']['output'];
  readonly phase: PodPhase;
  readonly status: Scalars['String']['output'];
  readonly ready: Scalars['Boolean']['output'];
  readonly terminating: Scalars['Boolean']['output'];
  readonly restartCount: Scalars['Int']['output'];
  readonly podIP?: Maybe<Scalars['String']['output']>;
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
};


export type PodJsonArgs = {
  managedFields?: Scalars['Boolean']['input'];
};


export type PodYamlArgs = {
  managedFields?: Scalars['Boolean']['input'];
};

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
  readonly explain: Placement;
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
  actual?: InputMaybe<ReadonlyArray<PlacementState>>;
  wanted?: InputMaybe<Scalars['Boolean']['input']>;
  orderBy?: PlacementOrder;
  at?: InputMaybe<Scalars['Moment']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


export type QueryExplainArgs = {
  namespace?: Scalars['String']['input'];
  daemonSet: Scalars['String']['input'];
  node: Scalars['String']['input'];
  at?: InputMaybe<Scalars['Moment']['input']>;
};

export type Cluster = {
  readonly version: Scalars['String']['output'];
  readonly era: Scalars['String']['output'];
  readonly revision: Scalars['String']['output'];
  readonly now: Scalars['DateTime']['output'];
  readonly namespaces: ReadonlyArray<Scalars['String']['output']>;
  readonly nodeCount: Scalars['Int']['output'];
  readonly podCount: Scalars['Int']['output'];
  readonly daemonSetCount: Scalars['Int']['output'];
};

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

export type Subscription = {
  readonly placementChanged: PlacementChange;
};


export type SubscriptionPlacementChangedArgs = {
  namespace?: InputMaybe<Scalars['String']['input']>;
  daemonSet?: InputMaybe<Scalars['String']['input']>;
  node?: InputMaybe<Scalars['String']['input']>;
};

export type PlacementChange = {
  readonly revision: Scalars['String']['output'];
  readonly placement?: Maybe<Placement>;
  readonly namespace: Scalars['String']['output'];
  readonly daemonSet: Scalars['String']['output'];
  readonly node: Scalars['String']['output'];
  readonly before?: Maybe<PlacementState>;
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
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  DaemonSetUpdateStrategy: ResolverTypeWrapper<DaemonSetUpdateStrategy>;
  DaemonSetStatus: ResolverTypeWrapper<DaemonSetStatus>;
  ControllerRevision: ResolverTypeWrapper<SeenRevision>;
  DaemonSetConnection: ResolverTypeWrapper<Omit<DaemonSetConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['DaemonSetEdge']>, nodes: ReadonlyArray<ResolversTypes['DaemonSet']> }>;
  DaemonSetEdge: ResolverTypeWrapper<Omit<DaemonSetEdge, 'node'> & { node: ResolversTypes['DaemonSet'] }>;
  KubernetesObject: ResolverTypeWrapper<Seen>;
  ObjectMeta: ResolverTypeWrapper<Seen>;
  KeyValue: ResolverTypeWrapper<KeyValue>;
  OwnerReference: ResolverTypeWrapper<SeenReference>;
  Condition: ResolverTypeWrapper<Condition>;
  ResourceQuantity: ResolverTypeWrapper<ResourceQuantity>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  ClusterNode: ResolverTypeWrapper<SeenNode>;
  Taint: ResolverTypeWrapper<Taint>;
  TaintEffect: TaintEffect;
  NodeAddress: ResolverTypeWrapper<NodeAddress>;
  ClusterNodeConnection: ResolverTypeWrapper<Omit<ClusterNodeConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['ClusterNodeEdge']>, nodes: ReadonlyArray<ResolversTypes['ClusterNode']> }>;
  ClusterNodeEdge: ResolverTypeWrapper<Omit<ClusterNodeEdge, 'node'> & { node: ResolversTypes['ClusterNode'] }>;
  Placement: ResolverTypeWrapper<SeenPlacement>;
  PlacementState: PlacementState;
  PlacementCheck: ResolverTypeWrapper<PlacementCheck>;
  CheckStage: CheckStage;
  CheckVerdict: CheckVerdict;
  PlacementOrder: PlacementOrder;
  PlacementCounts: ResolverTypeWrapper<PlacementCounts>;
  PlacementConnection: ResolverTypeWrapper<Omit<PlacementConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['PlacementEdge']>, nodes: ReadonlyArray<ResolversTypes['Placement']> }>;
  PlacementEdge: ResolverTypeWrapper<Omit<PlacementEdge, 'node'> & { node: ResolversTypes['Placement'] }>;
  Pod: ResolverTypeWrapper<SeenPod>;
  PodPhase: PodPhase;
  Container: ResolverTypeWrapper<Container>;
  PodConnection: ResolverTypeWrapper<Omit<PodConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['PodEdge']>, nodes: ReadonlyArray<ResolversTypes['Pod']> }>;
  PodEdge: ResolverTypeWrapper<Omit<PodEdge, 'node'> & { node: ResolversTypes['Pod'] }>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Cluster: ResolverTypeWrapper<View>;
  Node: ResolverTypeWrapper<Identified>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  Moment: ResolverTypeWrapper<Scalars['Moment']['output']>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  PlacementChange: ResolverTypeWrapper<Omit<PlacementChange, 'placement'> & { placement: Maybe<ResolversTypes['Placement']> }>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DaemonSet: SeenDaemonSet;
  ID: Scalars['ID']['output'];
  String: Scalars['String']['output'];
  Boolean: Scalars['Boolean']['output'];
  DaemonSetUpdateStrategy: DaemonSetUpdateStrategy;
  DaemonSetStatus: DaemonSetStatus;
  ControllerRevision: SeenRevision;
  DaemonSetConnection: Omit<DaemonSetConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['DaemonSetEdge']>, nodes: ReadonlyArray<ResolversParentTypes['DaemonSet']> };
  DaemonSetEdge: Omit<DaemonSetEdge, 'node'> & { node: ResolversParentTypes['DaemonSet'] };
  KubernetesObject: Seen;
  ObjectMeta: Seen;
  KeyValue: KeyValue;
  OwnerReference: SeenReference;
  Condition: Condition;
  ResourceQuantity: ResourceQuantity;
  Float: Scalars['Float']['output'];
  ClusterNode: SeenNode;
  Taint: Taint;
  NodeAddress: NodeAddress;
  ClusterNodeConnection: Omit<ClusterNodeConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['ClusterNodeEdge']>, nodes: ReadonlyArray<ResolversParentTypes['ClusterNode']> };
  ClusterNodeEdge: Omit<ClusterNodeEdge, 'node'> & { node: ResolversParentTypes['ClusterNode'] };
  Placement: SeenPlacement;
  PlacementCheck: PlacementCheck;
  PlacementCounts: PlacementCounts;
  PlacementConnection: Omit<PlacementConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['PlacementEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Placement']> };
  PlacementEdge: Omit<PlacementEdge, 'node'> & { node: ResolversParentTypes['Placement'] };
  Pod: SeenPod;
  Container: Container;
  PodConnection: Omit<PodConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['PodEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Pod']> };
  PodEdge: Omit<PodEdge, 'node'> & { node: ResolversParentTypes['Pod'] };
  Query: Record<PropertyKey, never>;
  Cluster: View;
  Node: Identified;
  PageInfo: PageInfo;
  DateTime: Scalars['DateTime']['output'];
  JSON: Scalars['JSON']['output'];
  Moment: Scalars['Moment']['output'];
  Subscription: Record<PropertyKey, never>;
  PlacementChange: Omit<PlacementChange, 'placement'> & { placement: Maybe<ResolversParentTypes['Placement']> };
  Int: Scalars['Int']['output'];
};

export type CostDirectiveArgs = {
  weight?: Scalars['Int']['input'];
  size?: Scalars['Int']['input'];
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
  selector: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  updateStrategy: Resolver<ResolversTypes['DaemonSetUpdateStrategy'], ParentType, ContextType>;
  minReadySeconds: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  images: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  status: Resolver<ResolversTypes['DaemonSetStatus'], ParentType, ContextType>;
  currentRevision: Resolver<Maybe<ResolversTypes['ControllerRevision']>, ParentType, ContextType>;
  revisions: Resolver<ReadonlyArray<ResolversTypes['ControllerRevision']>, ParentType, ContextType>;
  pods: Resolver<ResolversTypes['PodConnection'], ParentType, ContextType, Partial<DaemonSetPodsArgs>>;
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

export type KubernetesObjectResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['KubernetesObject'] = ResolversParentTypes['KubernetesObject']> = {
  __resolveType: TypeResolveFn<'DaemonSet' | 'ControllerRevision' | 'ClusterNode' | 'Pod', ParentType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  apiVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  metadata: Resolver<ResolversTypes['ObjectMeta'], ParentType, ContextType>;
  json: Resolver<ResolversTypes['JSON'], ParentType, ContextType, RequireFields<KubernetesObjectJsonArgs, 'managedFields'>>;
  yaml: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<KubernetesObjectYamlArgs, 'managedFields'>>;
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

export type ClusterNodeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ClusterNode'] = ResolversParentTypes['ClusterNode']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  apiVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  metadata: Resolver<ResolversTypes['ObjectMeta'], ParentType, ContextType>;
  json: Resolver<ResolversTypes['JSON'], ParentType, ContextType, RequireFields<ClusterNodeJsonArgs, 'managedFields'>>;
  yaml: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<ClusterNodeYamlArgs, 'managedFields'>>;
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
  pods: Resolver<ResolversTypes['PodConnection'], ParentType, ContextType, Partial<ClusterNodePodsArgs>>;
  placements: Resolver<ResolversTypes['PlacementConnection'], ParentType, ContextType, RequireFields<ClusterNodePlacementsArgs, 'orderBy'>>;
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
  checks: Resolver<ReadonlyArray<ResolversTypes['PlacementCheck']>, ParentType, ContextType, Partial<PlacementChecksArgs>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PlacementCheckResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PlacementCheck'] = ResolversParentTypes['PlacementCheck']> = {
  stage: Resolver<ResolversTypes['CheckStage'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  verdict: Resolver<ResolversTypes['CheckVerdict'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
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

export type PodResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Pod'] = ResolversParentTypes['Pod']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  apiVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  metadata: Resolver<ResolversTypes['ObjectMeta'], ParentType, ContextType>;
  json: Resolver<ResolversTypes['JSON'], ParentType, ContextType, RequireFields<PodJsonArgs, 'managedFields'>>;
  yaml: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<PodYamlArgs, 'managedFields'>>;
  phase: Resolver<ResolversTypes['PodPhase'], ParentType, ContextType>;
  status: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  ready: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  terminating: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  restartCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  podIP: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
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
  nodes?: Resolver<ResolversTypes['ClusterNodeConnection'], ParentType, ContextType, Partial<QueryNodesArgs>>;
  pods?: Resolver<ResolversTypes['PodConnection'], ParentType, ContextType, Partial<QueryPodsArgs>>;
  daemonSets?: Resolver<ResolversTypes['DaemonSetConnection'], ParentType, ContextType, Partial<QueryDaemonSetsArgs>>;
  nodeByName?: Resolver<Maybe<ResolversTypes['ClusterNode']>, ParentType, ContextType, RequireFields<QueryNodeByNameArgs, 'name'>>;
  pod?: Resolver<Maybe<ResolversTypes['Pod']>, ParentType, ContextType, RequireFields<QueryPodArgs, 'namespace' | 'name'>>;
  daemonSet?: Resolver<Maybe<ResolversTypes['DaemonSet']>, ParentType, ContextType, RequireFields<QueryDaemonSetArgs, 'namespace' | 'name'>>;
  placements?: Resolver<ResolversTypes['PlacementConnection'], ParentType, ContextType, RequireFields<QueryPlacementsArgs, 'orderBy'>>;
  explain?: Resolver<ResolversTypes['Placement'], ParentType, ContextType, RequireFields<QueryExplainArgs, 'namespace' | 'daemonSet' | 'node'>>;
};

export type ClusterResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Cluster'] = ResolversParentTypes['Cluster']> = {
  version: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  era: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  now: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  namespaces: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  nodeCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  podCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  daemonSetCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type NodeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'DaemonSet' | 'ControllerRevision' | 'ClusterNode' | 'Placement' | 'Pod', ParentType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
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
};

export type PlacementChangeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PlacementChange'] = ResolversParentTypes['PlacementChange']> = {
  revision: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  placement: Resolver<Maybe<ResolversTypes['Placement']>, ParentType, ContextType>;
  namespace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  daemonSet: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  before: Resolver<Maybe<ResolversTypes['PlacementState']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = GraphContext> = {
  DaemonSet: DaemonSetResolvers<ContextType>;
  DaemonSetUpdateStrategy: DaemonSetUpdateStrategyResolvers<ContextType>;
  DaemonSetStatus: DaemonSetStatusResolvers<ContextType>;
  ControllerRevision: ControllerRevisionResolvers<ContextType>;
  DaemonSetConnection: DaemonSetConnectionResolvers<ContextType>;
  DaemonSetEdge: DaemonSetEdgeResolvers<ContextType>;
  KubernetesObject: KubernetesObjectResolvers<ContextType>;
  ObjectMeta: ObjectMetaResolvers<ContextType>;
  KeyValue: KeyValueResolvers<ContextType>;
  OwnerReference: OwnerReferenceResolvers<ContextType>;
  Condition: ConditionResolvers<ContextType>;
  ResourceQuantity: ResourceQuantityResolvers<ContextType>;
  ClusterNode: ClusterNodeResolvers<ContextType>;
  Taint: TaintResolvers<ContextType>;
  NodeAddress: NodeAddressResolvers<ContextType>;
  ClusterNodeConnection: ClusterNodeConnectionResolvers<ContextType>;
  ClusterNodeEdge: ClusterNodeEdgeResolvers<ContextType>;
  Placement: PlacementResolvers<ContextType>;
  PlacementCheck: PlacementCheckResolvers<ContextType>;
  PlacementCounts: PlacementCountsResolvers<ContextType>;
  PlacementConnection: PlacementConnectionResolvers<ContextType>;
  PlacementEdge: PlacementEdgeResolvers<ContextType>;
  Pod: PodResolvers<ContextType>;
  Container: ContainerResolvers<ContextType>;
  PodConnection: PodConnectionResolvers<ContextType>;
  PodEdge: PodEdgeResolvers<ContextType>;
  Query: QueryResolvers<ContextType>;
  Cluster: ClusterResolvers<ContextType>;
  Node: NodeResolvers<ContextType>;
  PageInfo: PageInfoResolvers<ContextType>;
  DateTime: GraphQLScalarType;
  JSON: GraphQLScalarType;
  Moment: GraphQLScalarType;
  Subscription: SubscriptionResolvers<ContextType>;
  PlacementChange: PlacementChangeResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = GraphContext> = {
  cost: CostDirectiveResolver<any, any, ContextType>;
};
