import { splitSets, TEMPLATE_HASH_LABEL } from '../controllers/deployment/replica-sets.js';
import { hashOf, REVISION_HASH_LABEL } from '../controllers/workloads/revisions.js';
import { indexByController } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import { qualifiedName } from '../resources/definition.js';
import { daemonSets, deployments, pods, replicaSets, statefulSets } from '../resources/index.js';
import { conditionOf } from '../resources/state.js';
import type { DaemonSet, Pod } from '../resources/types.js';
import type { Deployment, StatefulSet } from '../resources/workload-types.js';
import type { Entry } from '../store/entry.js';
import { Placements } from './placements.js';

/** What has rollouts. */
export type Rolling = DaemonSet | Deployment | StatefulSet;

/** The kinds that have rollouts. */
export const ROLLING_KINDS = [daemonSets, deployments, statefulSets] as const;

const ROLLING: readonly string[] = ROLLING_KINDS.map(qualifiedName);

/** Tells whether objects of a resource have rollouts. */
export const hasRollouts = (resource: string): boolean => ROLLING.includes(resource);

/** Tells whether an object has rollouts. */
export const isRolling = (entry: Entry): entry is Entry<Rolling> => hasRollouts(entry.resource);

/** How far a rollout is, in pods. */
export interface Progress {
  readonly desired: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  readonly unavailable: number;
  readonly done: boolean;
  /** As `kubectl rollout status` says it. */
  readonly message: string;
}

/** How far the rollout of an object is, by what its controller tells in its status. */
export function progressOf({ resource, object }: Entry<Rolling>): Progress {
  if (resource === DAEMON_SETS) return ofDaemonSet(object as DaemonSet);
  if (resource === DEPLOYMENTS) return ofDeployment(object as Deployment);
  return ofStatefulSet(object as StatefulSet);
}

const DAEMON_SETS = qualifiedName(daemonSets);
const DEPLOYMENTS = qualifiedName(deployments);

const NOT_ROLLING = 'rollout status is only available for RollingUpdate strategy type';

function ofDaemonSet({ metadata, spec, status }: DaemonSet): Progress {
  const { desiredNumberScheduled: desired, numberReady: ready } = status;
  const { updatedNumberScheduled: updated = 0, numberAvailable: available = 0, numberUnavailable = 0 } = status;
  const waiting = `Waiting for daemon set ${JSON.stringify(metadata.name)} rollout to finish:`;
  const isSeen = (metadata.generation ?? 0) <= (status.observedGeneration ?? 0);
  const done = isSeen && updated >= desired && available >= desired;
  const message = () => {
    if (spec.updateStrategy.type === 'OnDelete') return NOT_ROLLING;
    if (!isSeen) return 'Waiting for daemon set spec update to be observed...';
    if (updated < desired) return `${waiting} ${updated} out of ${desired} new pods have been updated...`;
    if (available < desired) return `${waiting} ${available} of ${desired} updated pods are available...`;
    return `daemon set ${JSON.stringify(metadata.name)} successfully rolled out`;
  };
  return { desired, updated, ready, available, unavailable: numberUnavailable, done, message: message() };
}

function ofDeployment(deployment: Deployment): Progress {
  const { metadata, spec, status } = deployment;
  const { replicas = 0, updatedReplicas: updated = 0, availableReplicas: available = 0 } = status;
  const { readyReplicas: ready = 0, unavailableReplicas: unavailable = 0 } = status;
  const desired = spec.replicas;
  const name = JSON.stringify(metadata.name);
  const waiting = `Waiting for deployment ${name} rollout to finish:`;
  const isSeen = (metadata.generation ?? 0) <= (status.observedGeneration ?? 0);
  const isLate = isSeen && conditionOf(deployment, 'Progressing')?.reason === 'ProgressDeadlineExceeded';
  const done = isSeen && !isLate && updated >= desired && replicas <= updated && available >= updated;
  const message = () => {
    if (!isSeen) return 'Waiting for deployment spec update to be observed...';
    if (isLate) return `deployment ${name} exceeded its progress deadline`;
    if (updated < desired) return `${waiting} ${updated} out of ${desired} new replicas have been updated...`;
    if (replicas > updated) return `${waiting} ${replicas - updated} old replicas are pending termination...`;
    if (available < updated) return `${waiting} ${available} of ${updated} updated replicas are available...`;
    return `deployment ${name} successfully rolled out`;
  };
  return { desired, updated, ready, available, unavailable, done, message: message() };
}

function ofStatefulSet({ metadata, spec, status }: StatefulSet): Progress {
  const { readyReplicas: ready = 0, availableReplicas: available = 0, updatedReplicas: updated = 0 } = status;
  const { observedGeneration = 0, currentReplicas = 0, currentRevision, updateRevision } = status;
  const desired = spec.replicas;
  const { type, rollingUpdate } = spec.updateStrategy;
  const wanted = desired - (rollingUpdate?.partition ?? 0);
  const state = (): [done: boolean, message: string] => {
    if (type === 'OnDelete') return [updated >= desired && ready >= desired, NOT_ROLLING];
    if (observedGeneration === 0 || (metadata.generation ?? 0) > observedGeneration)
      return [false, 'Waiting for statefulset spec update to be observed...'];
    if (ready < desired) return [false, `Waiting for ${desired - ready} pods to be ready...`];
    if (rollingUpdate) {
      if (updated < wanted)
        return [
          false,
          `Waiting for partitioned roll out to finish: ${updated} out of ${wanted} new pods have been updated...`,
        ];
      return [true, `partitioned roll out complete: ${updated} new pods have been updated...`];
    }
    if (updateRevision !== currentRevision)
      return [
        false,
        `waiting for statefulset rolling update to complete ${updated} pods at revision ${updateRevision}...`,
      ];
    return [true, `statefulset rolling update complete ${currentReplicas} pods at revision ${currentRevision}...`];
  };
  const [done, message] = state();
  return { desired, updated, ready, available, unavailable: Math.max(desired - available, 0), done, message };
}

/** The pods of an object that has rollouts, in no order. */
export function podsOfRolling(registry: Registry, { resource, uid }: Entry<Rolling>): readonly Entry<Pod>[] {
  const ofController = indexByController(registry, pods);
  if (resource !== DEPLOYMENTS) return ofController.get(uid);
  return indexByController(registry, replicaSets)
    .get(uid)
    .flatMap(set => ofController.get(set.uid));
}

/** What a pod's template is known by. */
export interface Labelled {
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** Tells by its labels whether a pod is of an object's present template. */
export function updatedBy(registry: Registry, entry: Entry<Rolling>): (pod: Labelled) => boolean {
  const label = entry.resource === DEPLOYMENTS ? TEMPLATE_HASH_LABEL : REVISION_HASH_LABEL;
  const hash = presentHash(registry, entry);
  return ({ labels }) => hash !== undefined && labels?.[label] === hash;
}

/** What the pods of the present template are labelled with; undefined until the controller has seen to it. */
function presentHash(registry: Registry, entry: Entry<Rolling>): string | undefined {
  if (entry.resource === DAEMON_SETS) {
    const revision = new Placements(registry).currentRevision(entry as Entry<DaemonSet>);
    return revision && hashOf(revision);
  }
  if (entry.resource !== DEPLOYMENTS) return (entry.object as StatefulSet).status.updateRevision;
  const sets = indexByController(registry, replicaSets).get(entry.uid);
  const { current } = splitSets(
    entry.object as Deployment,
    sets.map(set => set.object),
  );
  return current?.metadata.labels?.[TEMPLATE_HASH_LABEL];
}
