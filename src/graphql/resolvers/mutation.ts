import { GraphQLError } from 'graphql';
import { formatTime } from '../../clock/clock.js';
import { parseDuration } from '../../clock/duration.js';
import { VirtualClock } from '../../clock/virtual-clock.js';
import { authorizePath } from '../../registry/authorize.js';
import { readManifests } from '../../registry/manifests.js';
import { patchScale } from '../../registry/scale.js';
import type { GraphContext } from '../context.js';
import { badInput } from '../errors.js';
import type { DeletePropagation, MutationResolvers, PatchType } from '../generated.js';
import { checkGracePeriod, drain, drainedNode, isDrained } from '../mutations/drain.js';
import { changeEntries } from '../mutations/entries.js';
import { scaleNodes, setUnschedulable, taint, untaint } from '../mutations/nodes.js';
import { restartRollout, undoRollout } from '../mutations/rollouts.js';
import { Writer } from '../mutations/writer.js';
import { momentOf } from '../views.js';
import { canFork, ERAS, forkShown } from './forks.js';
import { kindNamed } from './types.js';

const PATCH_TYPES = { MERGE: 'merge', STRATEGIC: 'strategic', JSON: 'json' } as const satisfies Record<
  PatchType,
  string
>;

const PROPAGATION = {
  BACKGROUND: 'Background',
  FOREGROUND: 'Foreground',
  ORPHAN: 'Orphan',
} as const satisfies Record<DeletePropagation, string>;

/** How far one mutation may move the clock. */
const MAX_ADVANCE = 24 * 3_600_000;
/** What users need leave for who move the clock: it is no resource. */
const CLOCK_PATH = '/graphql/clock';

/** The fields of type Mutation. */
export const Mutation: MutationResolvers = {
  apply: (_, { manifests, fieldManager, force, dryRun }, context) =>
    changes(context, { dryRun, fieldManager }, async writer => {
      const applied = readManifests(writer.registry, manifests);
      await writer.inSteps(async () => {
        for (const { kind, namespace, name, body } of applied) {
          await writer.patch(kind, namespace, name, { type: 'apply', body, force }, 'configured');
        }
      });
    }),
  patch: (_, { dryRun, fieldManager, ...args }, context) =>
    changes(context, { dryRun, fieldManager }, writer => {
      const { kind, namespace } = meant(writer, args);
      // What stands in the text of a query has objects without a prototype.
      const body: unknown = JSON.parse(JSON.stringify(args.patch));
      return writer.patch(kind, namespace, args.name, { type: PATCH_TYPES[args.type], body });
    }),
  delete: (_, { dryRun, ...args }, context) =>
    changes(context, { dryRun }, writer => {
      const { kind, namespace } = meant(writer, args);
      const { uid, propagation, gracePeriod } = args;
      checkGracePeriod(gracePeriod);
      return writer.delete(kind, namespace, args.name, {
        ...(uid == null ? {} : { preconditions: { uid } }),
        ...(propagation == null ? {} : { propagationPolicy: PROPAGATION[propagation] }),
        ...(gracePeriod == null ? {} : { gracePeriodSeconds: gracePeriod }),
      });
    }),
  label: (_, { dryRun, labels, ...args }, context) =>
    changes(context, { dryRun }, writer => {
      const { kind, namespace } = meant(writer, args);
      return changeEntries(writer, kind, 'labels', { ...args, namespace, entries: labels });
    }),
  annotate: (_, { dryRun, annotations, ...args }, context) =>
    changes(context, { dryRun }, writer => {
      const { kind, namespace } = meant(writer, args);
      return changeEntries(writer, kind, 'annotations', { ...args, namespace, entries: annotations });
    }),
  taint: (_, { dryRun, node, taints, overwrite }, context) =>
    changes(context, { dryRun }, writer => taint(writer, node, taints, overwrite)),
  untaint: (_, { dryRun, node, taints }, context) =>
    changes(context, { dryRun }, writer => untaint(writer, node, taints)),
  cordon: (_, { dryRun, node }, context) =>
    changes(context, { dryRun }, writer => setUnschedulable(writer, node, true)),
  uncordon: (_, { dryRun, node }, context) =>
    changes(context, { dryRun }, writer => setUnschedulable(writer, node, false)),
  drain: async (_, { dryRun, node, ...options }, { views }) => {
    const writer = new Writer(views.fresh(), { dryRun });
    const steps = await drain(writer, node, options);
    const { revision } = await writer.payload();
    return { node: drainedNode(writer.view, node), drained: isDrained(steps), steps, revision };
  },
  restartRollout: (_, { dryRun, ...args }, context) =>
    changes(context, { dryRun }, writer => restartRollout(writer, args)),
  undoRollout: (_, { dryRun, ...args }, context) => changes(context, { dryRun }, writer => undoRollout(writer, args)),
  scale: (_, { dryRun, replicas, ...args }, context) =>
    changes(context, { dryRun }, async writer => {
      const { kind, namespace } = meant(writer, args);
      if (!kind.scale) throw badInput(`${kind.plural} cannot be scaled`);
      writer.view.check('patch', kind, namespace, args.name, 'scale');
      const live = await writer.live(kind, namespace, args.name);
      const { revision } = await patchScale(
        writer.registry,
        kind,
        live,
        { type: 'merge', body: { spec: { replicas } } },
        writer.options,
      );
      const isSame = kind.scale.replicas(live.object) === replicas;
      const object = dryRun
        ? kind.scale.withReplicas(live.object, replicas)
        : (await writer.live(kind, namespace, args.name)).object;
      writer.note(kind, isSame ? 'UNCHANGED' : 'CHANGED', isSame ? 'unchanged' : 'scaled', {
        ...live,
        revision,
        object,
      });
    }),
  scaleNodes: (_, { dryRun, ...args }, context) => changes(context, { dryRun }, writer => scaleNodes(writer, args)),
  createFork: async (_, { at, era, name }, { views, forks }) =>
    forkShown(
      await canFork(forks).create(
        {
          at: at == null ? undefined : momentOf(at),
          era: era == null ? undefined : ERAS[era],
          name: name ?? undefined,
        },
        views.present.user,
      ),
    ),
  deleteFork: async (_, { id }, { views, forks }) => forkShown(await canFork(forks).delete(id, views.present.user)),
  advance: async (_, { by }, { views, advance }) => {
    const { registry, user } = views.present;
    if (user) authorizePath(registry.authorizer, user, 'post', CLOCK_PATH);
    if (!advance || !(registry.clock instanceof VirtualClock)) {
      throw new GraphQLError('The clock of this cluster is the real one, and cannot be moved.', {
        extensions: { code: 'CLOCK_IS_REAL' },
      });
    }
    const ms = parseDuration(by);
    if (ms === undefined) throw badInput(`${JSON.stringify(by)} is no duration: use a text such as "40s"`);
    if (ms > MAX_ADVANCE) throw badInput('the clock can be moved by 24h at most');
    await advance(ms);
    await registry.log.committed();
    return { now: formatTime(registry.clock.now()), revision: String(registry.revision) };
  },
};

/** The answer of a mutation that changes objects. */
async function changes(
  { views }: GraphContext,
  manner: ConstructorParameters<typeof Writer>[1],
  carryOut: (writer: Writer) => Promise<void>,
) {
  const writer = new Writer(views.fresh(), manner);
  await carryOut(writer);
  return writer.payload();
}

/** The kind that is meant, and the namespace where it has one. @throws StatusError 404 */
function meant(
  { registry }: Writer,
  args: { readonly kind: string; readonly apiVersion?: string | null | undefined; readonly namespace: string },
) {
  const kind = kindNamed(registry, args.kind, args.apiVersion);
  return { kind, namespace: kind.namespaced ? args.namespace : '' };
}
