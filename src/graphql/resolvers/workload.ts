import { isRolling, progressOf } from '../../explain/rollout.js';
import { indexByController } from '../../registry/indexes.js';
import { controllerRevisions, pods, statefulSets } from '../../resources/index.js';
import type { Pod } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import type { PageArguments } from '../connection.js';
import type { QueryWorkloadsArgs, WorkloadResolvers } from '../generated.js';
import type { AnyWorkload, SeenWorkload, View } from '../view.js';
import { objectFields } from './metadata.js';
import { inOrder, objectPage, orderOf, selectObjects } from './pages.js';
import { podPage } from './pods.js';
import { WORKLOADS } from './types.js';

/** The fields of type Workload. */
export const Workload: WorkloadResolvers = {
  ...objectFields,
  replicas: ({ entry: { object } }) => {
    if (object.kind === 'CronJob') return null;
    return 'parallelism' in object.spec
      ? object.spec.parallelism
      : 'replicas' in object.spec
        ? object.spec.replicas
        : 1;
  },
  readyReplicas: ({ entry: { object } }) => {
    const { status } = object;
    return ('readyReplicas' in status ? status.readyReplicas : 'ready' in status ? status.ready : 0) ?? 0;
  },
  updatedReplicas: ({ entry: { object } }) =>
    'updatedReplicas' in object.status ? object.status.updatedReplicas : null,
  images: ({ entry: { object } }) => {
    const { spec } = 'jobTemplate' in object.spec ? object.spec.jobTemplate : object;
    const containers = 'template' in spec ? spec.template?.spec.containers : undefined;
    return (containers ?? []).flatMap(({ image }) => (image ? [image] : []));
  },
  rollout: ({ entry }) => (isRolling(entry) ? progressOf(entry) : null),
  children: workload => {
    checkWorkloads(workload.view, workload.entry.namespace);
    return [...childrenOf(workload)].sort((a, b) => b.entry.revision - a.entry.revision);
  },
  revisions: ({ view, entry }) => {
    if (entry.object.kind !== statefulSets.kind) return [];
    view.checkList(controllerRevisions, entry.namespace);
    return [...indexByController(view.registry, controllerRevisions).get(entry.uid)]
      .sort((a, b) => b.object.revision - a.object.revision)
      .map(revision => view.see(revision));
  },
  pods: (workload, args) => {
    const { view, entry } = workload;
    view.checkList(pods, entry.namespace);
    return podPage(view, podsBelow(workload), args);
  },
};

function childrenOf({ view, entry }: SeenWorkload): SeenWorkload[] {
  return WORKLOADS.flatMap(kind => indexByController<AnyWorkload>(view.registry, kind as never).get(entry.uid)).map(
    child => view.see(child),
  );
}

function podsBelow(workload: SeenWorkload): Entry<Pod>[] {
  const own = indexByController(workload.view.registry, pods).get(workload.entry.uid);
  return [...own, ...childrenOf(workload).flatMap(podsBelow)];
}

function checkWorkloads(view: View, namespace: string | null | undefined): void {
  for (const kind of WORKLOADS) view.checkList(kind, namespace);
}

/** One page of workloads. @throws StatusError 400, 403 */
export function workloadPage(
  view: View,
  { namespace, kind, ...args }: Partial<Omit<QueryWorkloadsArgs, 'at'>> & PageArguments,
) {
  const kinds = WORKLOADS.filter(workload => kind == null || workload.kind === kind);
  const found = kinds.flatMap(workload => {
    const entries = view.all<AnyWorkload>(workload as never, namespace);
    return selectObjects<AnyWorkload>(workload as never, entries, args);
  });
  // Two kinds may have the same name: what they are comes last in the key.
  const sortKey = orderOf(args.orderBy);
  return objectPage(view, inOrder(found), args, entry => [
    ...sortKey(entry),
    entry.namespace,
    entry.name,
    entry.object.kind,
  ]);
}
