import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { CLOCK_PATH, MAX_ADVANCE_MS, NETWORK_PATH } from '../../admin/control.js';
import { parseDuration } from '../../clock/duration.js';
import { authorizePath } from '../../registry/authorize.js';
import { messageOf } from '../../registry/status.js';
import type { Deed } from '../../registry/turns.js';
import type { User } from '../../registry/types.js';
import type { GraphContext } from '../context.js';
import { badInput } from '../errors.js';
import type { MutationResolvers } from '../generated.js';
import { checkTime } from '../limits/time.js';
import { ChangeList, checkNumber } from '../mutations/change-list.js';
import { DEEDS } from '../mutations/deeds.js';
import { drain, drainedNode, isDrained } from '../mutations/drain.js';
import { Writer } from '../mutations/writer.js';
import type { View } from '../view.js';
import { momentOf } from '../views.js';
import { NETWORK_MODES } from './addresses.js';
import { clockShown } from './cluster.js';
import { canFork, ERAS, forkShown } from './forks.js';
import { sendRequests } from './requests.js';

/** What the fields of type Mutation do. */
const FIELDS: MutationResolvers = {
  apply: (_, { dryRun, fieldManager, ...args }, context) => change(context, 'apply', args, { dryRun, fieldManager }),
  patch: (_, { dryRun, fieldManager, ...args }, context) => change(context, 'patch', args, { dryRun, fieldManager }),
  delete: (_, { dryRun, ...args }, context) => change(context, 'delete', args, { dryRun }),
  label: (_, { dryRun, ...args }, context) => change(context, 'label', args, { dryRun }),
  annotate: (_, { dryRun, ...args }, context) => change(context, 'annotate', args, { dryRun }),
  taint: (_, { dryRun, ...args }, context) => change(context, 'taint', args, { dryRun }),
  untaint: (_, { dryRun, ...args }, context) => change(context, 'untaint', args, { dryRun }),
  cordon: (_, { dryRun, ...args }, context) => change(context, 'cordon', args, { dryRun }),
  uncordon: (_, { dryRun, ...args }, context) => change(context, 'uncordon', args, { dryRun }),
  drain: async (_, { dryRun, node, ...options }, { views, deadline }) => {
    const writer = new Writer(views.fresh(), { dryRun, mayGoOn: () => checkTime(deadline) });
    const steps = await drain(writer, node, options);
    const { revision } = await writer.payload();
    return { node: drainedNode(writer.view, node), drained: isDrained(steps), steps, revision };
  },
  restartRollout: (_, { dryRun, ...args }, context) => change(context, 'restartRollout', args, { dryRun }),
  undoRollout: (_, { dryRun, ...args }, context) => change(context, 'undoRollout', args, { dryRun }),
  pauseRollout: (_, { dryRun, ...args }, context) => change(context, 'pauseRollout', args, { dryRun }),
  resumeRollout: (_, { dryRun, ...args }, context) => change(context, 'resumeRollout', args, { dryRun }),
  scale: (_, { dryRun, ...args }, context) => change(context, 'scale', args, { dryRun }),
  scaleNodes: (_, { dryRun, ...args }, context) => change(context, 'scaleNodes', args, { dryRun }),
  applyChanges: async (_, { changes }, { views, deadline }) => {
    checkNumber(changes);
    const { registry, user } = views.present;
    const mayGoOn = () => checkTime(deadline);
    const list = new ChangeList(registry, user, mayGoOn);
    await list.make(changes, mayGoOn);
    return { changes: list.done, revision: String(registry.revision) };
  },
  createFork: async (_, { at, era, rate, name }, { views, forks }) =>
    forkShown(
      await canFork(forks).create(
        {
          at: at == null ? undefined : momentOf(at),
          era: era == null ? undefined : ERAS[era],
          rate: rate ?? undefined,
          name: name ?? undefined,
        },
        views.present.user,
      ),
    ),
  deleteFork: async (_, { id }, { views, forks }) => forkShown(await canFork(forks).delete(id, views.present.user)),
  setClock: async (_, { rate }, { views, clock }) => {
    mayMoveClock(views.present, 'patch', CLOCK_PATH);
    try {
      if (!clock) throw new TypeError('this server leaves its clock alone');
      clock.setRate(rate);
    } catch (error) {
      throw badInput(messageOf(error));
    }
    return clockPayload(views.present);
  },
  advance: async (_, { by }, { views, clock }) => {
    mayMoveClock(views.present, 'post', `${CLOCK_PATH}/advance`);
    const ms = parseDuration(by);
    if (ms === undefined) throw badInput(`${JSON.stringify(by)} is no duration: use a text such as "40s"`);
    if (ms > MAX_ADVANCE_MS) throw badInput('the clock can be moved by 24h at most');
    if (clock?.state.mode !== 'paused') throw clockRuns();
    await clock.advance(ms).catch(error => {
      throw error instanceof TypeError ? clockRuns() : error;
    });
    return clockPayload(views.present);
  },
  openNetwork: async (_, __, { views, network }) => {
    const { registry, user } = views.present;
    if (user) authorizePath(registry.authorizer, user, 'post', NETWORK_PATH);
    if (!network?.open && network?.present() === undefined)
      throw badInput(
        'Only a fork opens a network when it is told to: start the cluster with --network loopback or ports.',
      );
    await network.open?.();
    const { network: mode, addresses } = network.state();
    return { network: NETWORK_MODES[mode], addresses: addresses.length };
  },
};

/** The fields of type Mutation: each is carried out when it is its turn. */
export const Mutation: MutationResolvers = {
  ...Object.fromEntries(Object.entries(FIELDS).map(([name, carryOut]) => [name, inTurn(carryOut as Carried)])),
  // A turn is waited for, so that all has come about before, and not kept: whoever answers may have to write first.
  sendRequest: async (_, { input }, context) => {
    const { registry } = context.views.present;
    await registry.turns.take(() => {});
    return sendRequests(input, context);
  },
};

type Carried = (source: unknown, args: object, context: GraphContext, info: GraphQLResolveInfo) => unknown;

function inTurn(carryOut: Carried): Carried {
  return (source, args, context, info) => {
    const { registry, user } = context.views.present;
    return registry.turns.take(() => carryOut(source, args, context, info), deedOf(info, args, user));
  };
}

/** One field of a mutation as a request of its own, which asks for nothing back. */
function deedOf({ fieldName, parentType }: GraphQLResolveInfo, variables: object, user: User | undefined): Deed {
  const given = parentType.getFields()[fieldName]!.args.filter(({ name }) => name in variables);
  const list = (parts: readonly string[]) => (parts.length > 0 ? `(${parts.join(', ')})` : '');
  const types = list(given.map(({ name, type }) => `$${name}: ${String(type)}`));
  const args = list(given.map(({ name }) => `${name}: $${name}`));
  return {
    method: 'POST',
    path: '/graphql',
    user,
    headers: { 'content-type': 'application/json' },
    body: { query: `mutation${types} { ${fieldName}${args} { __typename } }`, variables },
    outcome: failure => ({ code: 200, ...(failure ? { message: messageOf(failure) } : {}) }),
  };
}

/** Does what a mutation asks for, and tells what became of it. */
async function change<Deed extends keyof typeof DEEDS>(
  { views, deadline }: GraphContext,
  deed: Deed,
  args: Parameters<(typeof DEEDS)[Deed]>[1],
  manner: ConstructorParameters<typeof Writer>[1],
) {
  const writer = new Writer(views.fresh(), { ...manner, mayGoOn: () => checkTime(deadline) });
  await (DEEDS[deed] as (writer: Writer, given: typeof args) => Promise<void>)(writer, args);
  return writer.payload();
}

/** The clock is no resource: users need leave for a path. @throws StatusError 403 */
function mayMoveClock({ registry, user }: View, verb: string, path: string): void {
  if (user) authorizePath(registry.authorizer, user, verb, path);
}

const clockRuns = () =>
  new GraphQLError('The clock runs: only one that stands still can be moved (setClock(rate: 0)).', {
    extensions: { code: 'CLOCK_RUNS' },
  });

async function clockPayload({ registry }: View) {
  await registry.log.committed();
  const clock = clockShown(registry.clock);
  return { now: clock.time, revision: String(registry.revision), clock };
}
