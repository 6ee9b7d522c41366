import { createDefaultRoles } from '../access/default-roles.js';
import type { ImportReport } from '../admin/control.js';
import type { Clock } from '../clock/clock.js';
import { Random } from '../clock/random.js';
import { WorldClock } from '../clock/world-clock.js';
import { customResourcesController } from '../controllers/custom-resources/index.js';
import { createRecorderFactory } from '../controllers/events/index.js';
import { Runtime } from '../controllers/runtime/runtime.js';
import { presentNode } from '../kubelet/index.js';
import { type KubeletOptions, resolveOptions } from '../kubelet/options.js';
import { dnsPort, networkOptions, rangesOf } from '../network/options.js';
import { type Manifests, parseManifests } from '../registry/manifests.js';
import { Registry } from '../registry/registry.js';
import type { Era } from '../resources/definition.js';
import { nodes } from '../resources/index.js';
import { kindsOf } from '../resources/old-versions.js';
import type { Draft, Node } from '../resources/types.js';
import type { Backend } from '../store/backend.js';
import { RevisionLog } from '../store/log.js';
import { MemoryBackend } from '../store/memory.js';
import { createAccess } from './access.js';
import { applyManifests } from './apply.js';
import { bootstrap, readyMadeNodes } from './bootstrap.js';
import { Cluster } from './cluster.js';
import { clockFor } from './cluster-clock.js';
import { webhooks } from './control-plane.js';
import { kubeletOptions } from './controllers.js';
import { filledAsAWhole } from './import/file.js';
import { importObjects, newestTime } from './import/index.js';
import { type NodePlan, plannedNodes } from './node-plan.js';
import type { ClusterOptions } from './options.js';
import { fileSink, Recorder } from './session/recorder.js';

/**
 * Makes a cluster, or opens the one that `options.data` keeps. The only way to put the parts together: the command line
 * and tests go through here.
 * @throws StoreError if the file cannot be used; TypeError for options that make no sense; Error for a port that cannot be had
 */
export async function createCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { import: given, ...rest } = options;
  const { data } = options;
  // Before there is a file for a cluster that would come to nothing.
  if (options.dns !== undefined) dnsPort(options.dns);
  const brought = given === undefined ? undefined : parseManifests(given);
  let cluster: Cluster;
  if (brought && data !== undefined && options.record === undefined) {
    // Were it filled bit by bit, half a cluster would be left behind by a process that dies meanwhile.
    const imported = await filledAsAWhole(data, async draft => {
      const filling = await openCluster({ ...rest, data: draft }, brought);
      await filling.close();
      return filling.imported;
    });
    cluster = await openCluster(rest);
    cluster.imported = imported;
  } else {
    cluster = await openCluster(rest, brought);
  }
  await cluster.record();
  if (options.dns !== undefined) {
    try {
      await cluster.answerNames(options.dns);
    } catch (error) {
      await cluster.close();
      throw error;
    }
  }
  if (!options.readOnly) await cluster.start();
  return cluster;
}

/**
 * Puts the objects of another cluster into a file that keeps one and is not in use, or is not there yet: as a whole or not at all.
 * @throws StoreError if the file cannot be used
 */
export function importInto(data: string, objects: Manifests): Promise<ImportReport> {
  const brought = parseManifests(objects);
  return filledAsAWhole(data, async draft => {
    // Who serves the file says what runs in it.
    const cluster = await openCluster({ data: draft, controllers: ['-*'], kubelet: 'off' }, brought, 'old or new');
    await cluster.close();
    return cluster.imported!;
  });
}

/**
 * A cluster whose controllers have not begun.
 * @param brought objects of another that come into it
 * @param which cluster they may come into
 */
async function openCluster(
  options: ClusterOptions,
  brought?: readonly object[],
  which: 'new' | 'old or new' = 'new',
): Promise<Cluster> {
  const clock = clockFor(options, brought && newestTime(brought));
  const { readOnly = false } = options;
  const frozen = readOnly ? 'the cluster was opened to be read only' : undefined;
  const log = await RevisionLog.open(await openBackend(options), { now: () => clock.now(), frozen });
  try {
    const isNew = log.revision === 0;
    if (options.record !== undefined && !isNew)
      throw new TypeError('only a new cluster can be recorded, which a recording tells of from its start');
    if (isNew && readOnly) throw new Error(`${options.data ?? 'memory'} holds no cluster that could be read`);
    // The time of a cluster never goes back, though it was ahead of the machine's when it was closed.
    if (!isNew && clock instanceof WorldClock) clock.leapTo((await log.stampOf(log.revision)).time);
    if (brought && !isNew && which === 'new')
      throw new Error('the file holds a cluster already: one that begins with the objects of another must be new');
    const era = options.era ?? ((await log.backend.getMeta('era')) as Era | undefined) ?? 'current';
    const recorder = recorderOf(options, brought, clock);
    const seed = options.seed ?? (await log.backend.getMeta('seed')) ?? 1;
    if (!readOnly) {
      await log.backend.setMeta('era', era);
      await log.backend.setMeta('seed', String(seed));
    }
    // A cluster that was opened again must not throw the same dice as before.
    const random = new Random(isNew ? seed : `${seed}@${log.revision}`);
    const admission = { enable: options.enableAdmissionPlugins, disable: options.disableAdmissionPlugins };
    const network = networkOptions(options.network);
    const ranges = network && rangesOf(network);
    const registry = new Registry({ log, kinds: kindsOf(era), clock, random, era, admission, ranges });
    const imported = brought && (await importObjects(registry, brought));
    if (isNew) {
      const hasNodes = registry.all(nodes).length > 0;
      const own = hasNodes && options.nodes === undefined ? [] : newNodes(options, era, clock.now());
      await bootstrap(registry, own, { storage: kubeletOptions(options).mode !== 'off' && !hasNodes });
    }
    if (options.authorization === 'RBAC' && !readOnly) await createDefaultRoles(registry);
    if (isNew && options.manifests !== undefined) await sow(registry, options.manifests);
    // Now that all is there: so one that is reset begins like one that is new.
    const parts = {
      access: createAccess(registry, options),
      webhooks: webhooks(registry, options),
      recorder,
      Network: network && !readOnly ? (await import('../network/network.js')).Network : undefined,
    };
    const cluster = new Cluster(registry, options, parts, { seed });
    cluster.imported = imported;
    return cluster;
  } catch (error) {
    await log.close();
    throw error;
  }
}

function recorderOf(
  { record, onError = () => {}, ...options }: ClusterOptions,
  brought: readonly object[] | undefined,
  clock: Clock,
): Recorder | undefined {
  if (record === undefined) return undefined;
  const sink = typeof record === 'string' ? fileSink(record, error => onError('recording', error)) : record;
  return new Recorder(sink, brought ? { ...options, import: brought } : options, clock);
}

async function openBackend(options: ClusterOptions): Promise<Backend> {
  if (options.data === undefined) return new MemoryBackend();
  const { SqliteBackend } = await import('../store/sqlite.js');
  return SqliteBackend.open(options.data, options.sync ? { sync: options.sync } : {});
}

/**
 * The nodes of a new cluster, with the status that their kubelets would give them where kubelets are simulated.
 * @throws TypeError for a plan of nodes that makes no sense
 */
function newNodes(options: ClusterOptions, era: Era, now: number): readonly Draft<Node>[] {
  const { nodes } = options;
  const kubelet = kubeletOptions(options);
  const drafts = nodes === undefined ? readyMadeNodes(era) : isList(nodes) ? nodes : planned(nodes, kubelet);
  return drafts.map((node, i) => presentNode(node, i, kubelet, now));
}

const isList = (nodes: NonNullable<ClusterOptions['nodes']>): nodes is readonly Draft<Node>[] => Array.isArray(nodes);

const planned = (plan: number | NodePlan, kubelet: KubeletOptions): Draft<Node>[] =>
  plannedNodes(typeof plan === 'number' ? { count: plan } : plan, resolveOptions(kubelet));

/**
 * Applies what a new cluster is to hold, before its controllers begin; but for those of definitions of kinds, which are needed to
 * apply objects of these.
 */
async function sow(registry: Registry, manifests: Manifests): Promise<void> {
  const definitions = new Runtime(registry);
  definitions.add(customResourcesController({ registry, recorder: createRecorderFactory(registry).recorder }));
  definitions.start();
  await applyManifests(registry, manifests, () => definitions.settled());
  await definitions.settled();
  await definitions.stop();
}
