import { GraphQLError } from 'graphql';
import { formatTime } from '../../clock/clock.js';
import { parseDuration } from '../../clock/duration.js';
import { VirtualClock } from '../../clock/virtual-clock.js';
import { authorizePath } from '../../registry/authorize.js';
import type { GraphContext } from '../context.js';
import { badInput } from '../errors.js';
import type { MutationResolvers } from '../generated.js';
import { DEEDS } from '../mutations/deeds.js';
import { drain, drainedNode, isDrained } from '../mutations/drain.js';
import { Writer } from '../mutations/writer.js';
import { momentOf } from '../views.js';
import { canFork, ERAS, forkShown } from './forks.js';

/** How far one mutation may move the clock. */
const MAX_ADVANCE = 24 * 3_600_000;
/** What users need leave for who move the clock: it is no resource. */
const CLOCK_PATH = '/graphql/clock';

/** The fields of type Mutation. */
export const Mutation: MutationResolvers = {
  apply: (_, { dryRun, fieldManager, ...args }, context) => change(context, 'apply', args, { dryRun, fieldManager }),
  patch: (_, { dryRun, fieldManager, ...args }, context) => change(context, 'patch', args, { dryRun, fieldManager }),
  delete: (_, { dryRun, ...args }, context) => change(context, 'delete', args, { dryRun }),
  label: (_, { dryRun, ...args }, context) => change(context, 'label', args, { dryRun }),
  annotate: (_, { dryRun, ...args }, context) => change(context, 'annotate', args, { dryRun }),
  taint: (_, { dryRun, ...args }, context) => change(context, 'taint', args, { dryRun }),
  untaint: (_, { dryRun, ...args }, context) => change(context, 'untaint', args, { dryRun }),
  cordon: (_, { dryRun, ...args }, context) => change(context, 'cordon', args, { dryRun }),
  uncordon: (_, { dryRun, ...args }, context) => change(context, 'uncordon', args, { dryRun }),
  drain: async (_, { dryRun, node, ...options }, { views }) => {
    const writer = new Writer(views.fresh(), { dryRun });
    const steps = await drain(writer, node, options);
    const { revision } = await writer.payload();
    return { node: drainedNode(writer.view, node), drained: isDrained(steps), steps, revision };
  },
  restartRollout: (_, { dryRun, ...args }, context) => change(context, 'restartRollout', args, { dryRun }),
  undoRollout: (_, { dryRun, ...args }, context) => change(context, 'undoRollout', args, { dryRun }),
  scale: (_, { dryRun, ...args }, context) => change(context, 'scale', args, { dryRun }),
  scaleNodes: (_, { dryRun, ...args }, context) => change(context, 'scaleNodes', args, { dryRun }),
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

/** Does what a mutation asks for, and tells what became of it. */
async function change<Deed extends keyof typeof DEEDS>(
  { views }: GraphContext,
  deed: Deed,
  args: Parameters<(typeof DEEDS)[Deed]>[1],
  manner: ConstructorParameters<typeof Writer>[1],
) {
  const writer = new Writer(views.fresh(), manner);
  await (DEEDS[deed] as (writer: Writer, given: typeof args) => Promise<void>)(writer, args);
  return writer.payload();
}
