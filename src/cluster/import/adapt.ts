import { revisionData } from '../../controllers/workloads/revisions.js';
import { decodeObject } from '../../registry/decode.js';
import { type ResourceDefinition, storeKey } from '../../resources/definition.js';
import { controllerRevisions, daemonSets, nodes, pods, statefulSets } from '../../resources/index.js';
import { isObject, without } from '../../resources/json.js';
import { conditionOf, isTerminating } from '../../resources/state.js';
import type {
  Container,
  ContainerStatus,
  ControllerRevision,
  Draft,
  KubeObject,
  Node,
  Pod,
} from '../../resources/types.js';

const BEHAVIOR = 'kubette.dev/behavior';
const CONTAINERS = 'kubette.dev/containers';

const PRESSURES = {
  MemoryPressure: 'memory-pressure',
  DiskPressure: 'disk-pressure',
  PIDPressure: 'pid-pressure',
} as const;

const ADAPTERS: Readonly<Record<string, (object: Draft) => Draft>> = {
  [storeKey(nodes as unknown as ResourceDefinition)]: object => adaptedNode(object as Draft<Node>),
  [storeKey(pods as unknown as ResourceDefinition)]: object => adaptedPod(object as Draft<Pod>),
  [storeKey(controllerRevisions as unknown as ResourceDefinition)]: object =>
    adaptedRevision(object as Draft<ControllerRevision>),
};

/** An object of another cluster as it has to be, so that simulated kubelets and controllers leave it as it is. */
export const adapted = (kind: ResourceDefinition, object: Draft): Draft => ADAPTERS[storeKey(kind)]?.(object) ?? object;

/** What is wrong with a node stays wrong: its kubelet is told so. */
function adaptedNode(node: Draft<Node>): Draft<Node> {
  const ready = conditionOf(node, 'Ready')?.status;
  const pressures = Object.entries(PRESSURES).filter(([type]) => conditionOf(node, type)?.status === 'True');
  const words = pressures.map(([, word]): string => word);
  if (ready === 'False') words.push('not-ready');
  if (ready === 'Unknown') words.push('down');
  return told(node, { [BEHAVIOR]: words.join(',') });
}

/** What a pod came to, it is told to come to, and its containers run the images that they were asked to run. */
function adaptedPod(pod: Draft<Pod>): Draft<Pod> {
  const { spec, status } = pod;
  const { containerStatuses, initContainerStatuses } = status ?? {};
  if (!containerStatuses) return pod;
  const { behavior, struck } = trouble(pod, containerStatuses);
  const named = {
    ...status,
    containerStatuses: withImagesOf(spec.containers, containerStatuses),
    ...(initContainerStatuses
      ? { initContainerStatuses: withImagesOf(spec.initContainers ?? [], initContainerStatuses) }
      : {}),
  };
  return told(
    { ...pod, status: named },
    { [BEHAVIOR]: behavior, [CONTAINERS]: struck.map(({ name }) => name).join(',') },
  );
}

/** Real runtimes tell an image by its full name (`docker.io/library/nginx:1.29`); here another name is another image. */
function withImagesOf(containers: readonly Container[], statuses: readonly ContainerStatus[]): ContainerStatus[] {
  return statuses.map(status => {
    const image = containers.find(({ name }) => name === status.name)?.image;
    return image === undefined ? status : { ...status, image };
  });
}

function trouble(pod: Draft<Pod>, statuses: readonly ContainerStatus[]) {
  const waitsFor = (...reasons: string[]) =>
    statuses.filter(({ state }) => reasons.includes(state?.waiting?.reason ?? ''));
  const found = [
    { behavior: 'image-pull-error', struck: waitsFor('ErrImagePull', 'ImagePullBackOff', 'InvalidImageName') },
    { behavior: 'crash-loop', struck: waitsFor('CrashLoopBackOff') },
    { behavior: 'never-ready', struck: statuses.filter(({ state, ready }) => state?.running && !ready) },
  ].find(({ struck }) => struck.length > 0);
  return found && !isTerminating(pod as Pod) ? found : { behavior: '', struck: [] };
}

/** Annotations that say something; where the object says how it behaves already, that counts. */
function told<T extends Draft>(object: T, annotations: Readonly<Record<string, string>>): T {
  const { metadata } = object;
  if (!annotations[BEHAVIOR] || metadata.annotations?.[BEHAVIOR] !== undefined) return object;
  const saying = Object.fromEntries(Object.entries(annotations).filter(([, value]) => value !== ''));
  return { ...object, metadata: { ...metadata, annotations: { ...metadata.annotations, ...saying } } };
}

/**
 * A revision is of a template byte for byte, and these bytes differ from release to release: they are put as this one puts them, so
 * that the revision stays that of its owner's template.
 */
function adaptedRevision(revision: Draft<ControllerRevision>): Draft<ControllerRevision> {
  const owner = revision.metadata.ownerReferences?.find(({ controller }) => controller);
  const kept = revision.data;
  const spec = isObject(kept) && isObject(kept.spec) ? kept.spec : undefined;
  const template = spec && isObject(spec.template) ? without(spec.template, '$patch') : undefined;
  if (!template || !owner) return revision;
  if (owner.kind === daemonSets.kind) return { ...revision, data: normalized(daemonSets, template) };
  return owner.kind === statefulSets.kind ? { ...revision, data: normalized(statefulSets, template) } : revision;
}

function normalized<T extends KubeObject & { spec: { template: Parameters<typeof revisionData>[0] } }>(
  kind: ResourceDefinition<T>,
  template: object,
): object {
  const { object } = decodeObject<T>({ metadata: {}, spec: { template } }, kind as unknown as ResourceDefinition);
  kind.strategy.setDefaults?.(object);
  return revisionData(object.spec.template).data;
}
