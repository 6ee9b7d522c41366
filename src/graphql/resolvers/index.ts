import type { Resolvers } from '../generated.js';
import { Cluster } from './cluster.js';
import { ClusterMap } from './cluster-map.js';
import { ControllerRevision, DaemonSet } from './daemonset.js';
import { PlacementDiff, PlacementDifference, PodDifference } from './differences.js';
import { ObjectMeta, OwnerReference } from './metadata.js';
import { Mutation } from './mutation.js';
import { ClusterNode } from './node.js';
import { Event, GenericObject, Namespace, PriorityClass, Service } from './objects.js';
import { Placement } from './placement.js';
import { Pod } from './pod.js';
import { PodsThatPush } from './pushes.js';
import { Query } from './query.js';
import { SendRequestPayload, SentRequest } from './requests.js';
import { NodeFit, PodExplanation, PreemptionCandidate } from './scheduling.js';
import { Subscription } from './subscription.js';
import { TrafficExplanation, TrafficToPod } from './traffic.js';
import { objectTypeOf, typeNameOf } from './types.js';
import { RolloutStep, Scenario, WhatIf } from './what-if.js';
import { Workload } from './workload.js';
import { Write } from './writes.js';

/**
 * The resolvers, by type and field. Types that are not here are read off their source as they are: it has properties of the
 * same names.
 */
export const resolvers: Partial<Resolvers> = {
  Query,
  Mutation,
  Subscription,
  Cluster,
  ClusterMap,
  ObjectMeta,
  OwnerReference,
  ClusterNode,
  Pod,
  PodsThatPush,
  DaemonSet,
  ControllerRevision,
  Placement,
  Namespace,
  Event,
  Service,
  Workload,
  PriorityClass,
  GenericObject,
  PodExplanation,
  NodeFit,
  PreemptionCandidate,
  SendRequestPayload,
  SentRequest,
  TrafficExplanation,
  TrafficToPod,
  WhatIf,
  Scenario,
  RolloutStep,
  PlacementDifference,
  PodDifference,
  PlacementDiff,
  Write,
};

/** Of which type an object is that stands for an interface. */
export const interfaces = { Node: typeNameOf, KubernetesObject: objectTypeOf };
