import { hashOf, REVISION_HASH_LABEL } from '../../controllers/workloads/revisions.js';
import { controllingDaemonSet } from '../../explain/placements.js';
import { nodes } from '../../resources/index.js';
import { formatLabelSelector } from '../../resources/selector.js';
import type { ControllerRevision, DaemonSet } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import type { PageArguments } from '../connection.js';
import { objectFields } from './metadata.js';
import { inOrder, type PodFilter, pageOf, selectPods } from './pages.js';
import { countsOf, type PlacementFilter, placementPage, selectNodes } from './placement.js';
import type { FieldResolvers } from './types.js';

/** The fields of type DaemonSet that are not read off an entry as they are. */
export const DaemonSetFields: FieldResolvers<Entry<DaemonSet>> = {
  ...objectFields,
  selector: ({ object }) => formatLabelSelector(object.spec.selector),
  updateStrategy: ({ object }) => {
    const { type = 'RollingUpdate', rollingUpdate } = object.spec.updateStrategy;
    const text = (value: string | number | undefined) => (value === undefined ? null : String(value));
    return { type, maxUnavailable: text(rollingUpdate?.maxUnavailable), maxSurge: text(rollingUpdate?.maxSurge) };
  },
  minReadySeconds: ({ object }) => object.spec.minReadySeconds ?? 0,
  images: ({ object }) => object.spec.template.spec.containers.flatMap(c => (c.image ? [c.image] : [])),
  status: ({ object: { status } }) => ({
    ...status,
    numberAvailable: status.numberAvailable ?? 0,
    numberUnavailable: status.numberUnavailable ?? 0,
    updatedNumberScheduled: status.updatedNumberScheduled ?? 0,
  }),
  currentRevision: (daemonSet, _args, { placements }) => placements.currentRevision(daemonSet),
  revisions: (daemonSet, _args, { placements }) =>
    [...placements.revisionsOf(daemonSet)].sort((a, b) => b.object.revision - a.object.revision),
  pods: (daemonSet, args: PageArguments & PodFilter, { placements }) =>
    pageOf(inOrder(selectPods(placements.podsOf(daemonSet), args)), args),
  placements: (
    daemonSet,
    args: PlacementFilter & PageArguments & { node?: string | null; nodeSelector?: string | null },
    { registry, placements },
  ) => placementPage(placements, [daemonSet], selectNodes(registry, args.node, args.nodeSelector), args),
  placementCounts: (daemonSet, _args, { registry, placements }) =>
    countsOf(placements.across([daemonSet], registry.all(nodes))),
};

/** The fields of type ControllerRevision. */
export const ControllerRevisionFields: FieldResolvers<Entry<ControllerRevision>> = {
  ...objectFields,
  revision: ({ object }) => object.revision,
  hash: revision => hashOf(revision),
  changeCause: ({ object }) => object.metadata.annotations?.['kubernetes.io/change-cause'],
  daemonSet: (revision, _args, { registry }) => controllingDaemonSet(registry, revision),
  pods: (revision, args: PageArguments, { registry, placements }) => {
    const daemonSet = controllingDaemonSet(registry, revision);
    const hash = hashOf(revision);
    const made = daemonSet
      ? placements.podsOf(daemonSet).filter(pod => pod.object.metadata.labels?.[REVISION_HASH_LABEL] === hash)
      : [];
    return pageOf(inOrder(made), args);
  },
};
