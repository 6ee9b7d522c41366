import { hashOf, REVISION_HASH_LABEL } from '../../controllers/workloads/revisions.js';
import { controllingDaemonSet } from '../../explain/placements.js';
import { progressOf } from '../../explain/rollout.js';
import { controllerOf, indexByController } from '../../registry/indexes.js';
import { controllerRevisions, daemonSets, nodes, pods, statefulSets } from '../../resources/index.js';
import { formatLabelSelector } from '../../resources/selector.js';
import type { ControllerRevision as Revision } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import type { ControllerRevisionResolvers, DaemonSetResolvers } from '../generated.js';
import { objectFields } from './metadata.js';
import { checkedPlacements, placementPage, selectNodes } from './placement.js';
import { countsOf } from './placement-counts.js';
import { podPage } from './pods.js';

/** The fields of type DaemonSet. */
export const DaemonSet: DaemonSetResolvers = {
  ...objectFields,
  selector: ({ entry }) => formatLabelSelector(entry.object.spec.selector),
  updateStrategy: ({ entry }) => {
    const { type = 'RollingUpdate', rollingUpdate } = entry.object.spec.updateStrategy;
    const text = (value: string | number | undefined) => (value === undefined ? null : String(value));
    return { type, maxUnavailable: text(rollingUpdate?.maxUnavailable), maxSurge: text(rollingUpdate?.maxSurge) };
  },
  minReadySeconds: ({ entry }) => entry.object.spec.minReadySeconds ?? 0,
  images: ({ entry }) => entry.object.spec.template.spec.containers.flatMap(c => (c.image ? [c.image] : [])),
  status: ({ entry: { object } }) => ({
    ...object.status,
    numberAvailable: object.status.numberAvailable ?? 0,
    numberUnavailable: object.status.numberUnavailable ?? 0,
    updatedNumberScheduled: object.status.updatedNumberScheduled ?? 0,
  }),
  rollout: ({ entry }) => progressOf(entry),
  currentRevision: ({ view, entry }) => {
    view.checkList(controllerRevisions, entry.namespace);
    const revision = view.placements.currentRevision(entry);
    return revision && view.see(revision);
  },
  revisions: ({ view, entry }) => {
    view.checkList(controllerRevisions, entry.namespace);
    return [...view.placements.revisionsOf(entry)]
      .sort((a, b) => b.object.revision - a.object.revision)
      .map(revision => view.see(revision));
  },
  pods: ({ view, entry }, args) => {
    view.checkList(pods, entry.namespace);
    return podPage(view, view.placements.podsOf(entry), args);
  },
  placements: ({ view, entry }, args) => placementPage(view, [entry], selectNodes(view, args), args),
  placementCounts: ({ view, entry }) => countsOf(checkedPlacements(view, [entry], view.all(nodes))),
};

/** The fields of type ControllerRevision. */
export const ControllerRevision: ControllerRevisionResolvers = {
  ...objectFields,
  revision: ({ entry }) => entry.object.revision,
  hash: ({ entry }) => labelOf(entry),
  changeCause: ({ entry }) => entry.object.metadata.annotations?.['kubernetes.io/change-cause'],
  daemonSet: ({ view, entry }) => {
    const daemonSet = controllingDaemonSet(view.registry, entry);
    return daemonSet && view.get(daemonSets, daemonSet.namespace, daemonSet.name);
  },
  pods: ({ view, entry }, args) => {
    view.checkList(pods, entry.namespace);
    const daemonSet = controllingDaemonSet(view.registry, entry);
    const owned = daemonSet
      ? view.placements.podsOf(daemonSet)
      : indexByController(view.registry, pods).get(controllerOf(entry.object)?.uid ?? '');
    const label = labelOf(entry);
    const made = owned.filter(pod => pod.object.metadata.labels?.[REVISION_HASH_LABEL] === label);
    return podPage(view, made, args);
  },
};

/** How pods that were made from a revision are labelled: a DaemonSet's with its hash, a StatefulSet's with its name. */
const labelOf = (entry: Entry<Revision>): string | undefined =>
  controllerOf(entry.object)?.kind === statefulSets.kind ? entry.name : hashOf(entry);
