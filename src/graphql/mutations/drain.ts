import { evictPod } from '../../registry/eviction.js';
import { controllerOf, podsByNode } from '../../registry/indexes.js';
import { StatusError } from '../../registry/status.js';
import { daemonSets, nodes, pods } from '../../resources/index.js';
import { hasEnded, isMirror } from '../../resources/state.js';
import type { Pod } from '../../resources/types.js';
import { badInput } from '../errors.js';
import type { DrainOutcome, DrainStep, MutationDrainArgs } from '../generated.js';
import { inOrder } from '../resolvers/pages.js';
import type { View } from '../view.js';
import { setUnschedulable } from './nodes.js';
import type { Writer } from './writer.js';

type DrainOptions = Pick<MutationDrainArgs, 'gracePeriod'> & {
  readonly force: boolean;
  readonly deleteEmptyDirData: boolean;
};

/** What is to become of a pod: whether it goes, and if not, why. */
type Fate = { readonly goes: true } | { readonly goes: false; readonly outcome: DrainOutcome; readonly why: string };

const GOES: Fate = { goes: true };

/**
 * Cordons a node and evicts its pods, each once, in order of their names. What stands in the way is found as kubectl finds it.
 * @throws StatusError as REST answers, but for budgets that refuse: the steps tell of these
 */
export async function drain(writer: Writer, name: string, options: DrainOptions): Promise<readonly DrainStep[]> {
  checkGracePeriod(options.gracePeriod);
  await setUnschedulable(writer, name, true);
  const { view, registry } = writer;
  view.checkList(pods);
  const fates = inOrder(podsByNode(registry).get(name)).map(entry => ({
    entry,
    fate: fateOf(view, entry.object, options),
  }));
  const isBlocked = fates.some(({ fate }) => !fate.goes && fate.outcome === 'BLOCKED');
  const steps: DrainStep[] = [];
  const carryOut = async () => {
    for (const { entry, fate } of fates) {
      const pod = { namespace: entry.namespace, pod: entry.name };
      if (!fate.goes) steps.push({ ...pod, outcome: fate.outcome, message: fate.why });
      else if (isBlocked)
        steps.push({ ...pod, outcome: 'WAITING', message: 'not evicted, since other pods stand in the way' });
      else steps.push({ ...pod, ...(await evict(writer, entry.object, options)) });
    }
    writer.mayGoOn();
  };
  await writer.inSteps(carryOut, () => steps.filter(({ outcome }) => outcome === 'EVICTED').map(inWords));
  return steps;
}

/** Whether nobody is left who should go. */
export const isDrained = (steps: readonly DrainStep[]): boolean =>
  steps.every(({ outcome }) => outcome === 'EVICTED' || outcome === 'LEFT');

/** @throws GraphQLError for less than none */
export function checkGracePeriod(seconds: number | null | undefined): void {
  if (seconds != null && seconds < 0) throw badInput(`gracePeriod cannot be ${seconds}`);
}

function fateOf(view: View, pod: Pod, { force, deleteEmptyDirData }: DrainOptions): Fate {
  const blocked = (why: string): Fate => ({ goes: false, outcome: 'BLOCKED', why });
  if (isMirror(pod)) {
    return { goes: false, outcome: 'LEFT', why: 'the node itself runs it' };
  }
  if (hasEnded(pod)) return GOES;
  const controller = controllerOf(pod);
  if (controller?.kind === 'DaemonSet') {
    const { namespace = '' } = pod.metadata;
    if (view.get(daemonSets, namespace, controller.name)) {
      return { goes: false, outcome: 'LEFT', why: `DaemonSet ${controller.name} would make it anew` };
    }
    if (!force) return blocked(`its DaemonSet ${controller.name} is gone (force evicts it)`);
  }
  if (!deleteEmptyDirData && pod.spec.volumes?.some(volume => 'emptyDir' in volume)) {
    return blocked('it would lose what is in an emptyDir (deleteEmptyDirData evicts it)');
  }
  if (!controller && !force) return blocked('nobody would make it anew (force evicts it)');
  return GOES;
}

/** A step, as other changes are told. */
export const inWords = ({ namespace, pod, message }: DrainStep): string => `pod/${pod} in ${namespace}: ${message}`;

async function evict(
  writer: Writer,
  { metadata: { namespace = '', name } }: Pod,
  { gracePeriod }: DrainOptions,
): Promise<Pick<DrainStep, 'outcome' | 'message'>> {
  const {
    view,
    registry,
    options: { dryRun = false, warn },
  } = writer;
  writer.mayGoOn();
  view.check('create', pods, namespace, name, 'eviction');
  try {
    await evictPod(registry, namespace, name, {
      dryRun,
      ...(warn ? { warn } : {}),
      ...(gracePeriod == null ? {} : { gracePeriodSeconds: gracePeriod }),
      ...(view.user ? { user: view.user } : {}),
    });
    return { outcome: 'EVICTED', message: dryRun ? 'would be evicted' : 'evicted' };
  } catch (error) {
    if (StatusError.is(error, 'NotFound')) return { outcome: 'EVICTED', message: 'gone already' };
    if (!(error instanceof StatusError) || !StatusError.is(error, 'TooManyRequests')) throw error;
    const causes = error.details?.causes?.flatMap(({ message }) => message ?? []) ?? [];
    return { outcome: 'REFUSED', message: [error.message, ...causes].join(' ') };
  }
}

/** The node that was drained. */
export const drainedNode = (view: View, name: string) => view.see(view.registry.get(nodes, '', name)!);
