import type { PodEvent, PodStep, Step } from '../../explain/pod-steps.js';
import { sideBySide } from '../../explain/side-by-side.js';
import { controllerOf } from '../../registry/indexes.js';
import { daemonSets, nodes } from '../../resources/index.js';
import { equalJson } from '../../resources/json.js';
import type { GraphContext, Root } from '../context.js';
import { badInput } from '../errors.js';
import type {
  PodEvent as PodEventSource,
  QueryWhatIfArgs,
  RolloutStepResolvers,
  ScenarioResolvers,
  WhatIfResolvers,
} from '../generated.js';
import type { View } from '../view.js';
import type { Imagined } from '../what-ifs.js';
import { placementDifferencePage, podDifferencePage, waitingPage } from './differences.js';
import { ranked } from './pages.js';
import { checkedPlacements } from './placement.js';
import { countsOf } from './placement-counts.js';

/** Scenarios of one comparison, at most. */
export const MAX_SCENARIOS = 8;

/** A step, its number, and the view of the world at its end. */
export interface NumberedStep {
  readonly view: View;
  readonly number: number;
  readonly step: Step;
}

/** A scenario, carried out when somebody asks for what comes of it. */
export interface ScenarioSource {
  readonly name: string;
  readonly outcome: () => Promise<Imagined>;
}

/**
 * Finds out what would come of changes.
 * @throws GraphQLError where nothing can be imagined; StatusError 403 for who may not see placements; what the changes are refused with
 */
export async function imagine(
  world: Root,
  { changes, limit, at }: Pick<QueryWhatIfArgs, 'changes' | 'at'> & { readonly limit: string },
  { views, whatIfs, deadline }: GraphContext,
): Promise<Imagined> {
  if (world || !whatIfs) throw badInput('nothing can be imagined here: there are no controllers for it');
  views.present.checkPlacements();
  return (await whatIfs()).imagine({ user: views.present.user, changes, limit, at: views.moment(at), deadline });
}

/** The fields of type Scenario. */
export const Scenario: ScenarioResolvers = {
  name: ({ name }) => name,
  outcome: ({ outcome }) => outcome(),
};

/** The fields of type WhatIf. */
export const WhatIf: WhatIfResolvers = {
  revision: ({ before }) => String(before.present.registry.revision),
  before: ({ before }) => before,
  after: ({ after }) => after,
  changes: ({ changes }) => changes,
  daemonSets: ({ before, after }, { changed }) => {
    const counted = ({ present }: typeof before, set: Parameters<typeof checkedPlacements>[1][number] | undefined) =>
      set && countsOf(checkedPlacements(present, [set], present.all(nodes)));
    return [...sideBySide(before.present.all(daemonSets), after.present.all(daemonSets))]
      .map(pair => {
        const { namespace, name } = (pair.after ?? pair.before)!;
        return { namespace, name, before: counted(before, pair.before), after: counted(after, pair.after) };
      })
      .filter(outcome => changed == null || equalJson(outcome.before, outcome.after) !== changed);
  },
  placements: (imagined, args) => placementDifferencePage(twoViews(imagined), imagined.outcome.placements, args),
  pods: (imagined, args) => podDifferencePage(twoViews(imagined), imagined.outcome.pods, args),
  waiting: ({ outcome, after: { present } }, page) => waitingPage(present, outcome.waiting, page),
  steps: ({ outcome, after: { present } }, page) =>
    ranked(present, outcome.steps, page, (step, place) => ({ view: present, number: place + 1, step })),
  rest: ({ outcome: { rest } }) => ({
    atRest: rest.atRest,
    seconds: rest.passed / 1000,
    goingOn: rest.goingOn,
  }),
};

const twoViews = ({ before, after, causes }: Imagined) => ({ before: before.present, after: after.present, causes });

/** The fields of type RolloutStep. */
export const RolloutStep: RolloutStepResolvers = {
  number: ({ number }) => number,
  seconds: ({ step }) => step.after / 1000,
  text: ({ step }) =>
    counted(step)
      .map(({ what, count }) => `${count} ${count === 1 ? 'pod' : 'pods'} ${what}`)
      .join(', '),
  counts: ({ step }) => counted(step),
  events: ({ view, step: { events } }, page) => ranked(view, events, page, told),
};

function counted({ events }: Step) {
  const counts = new Map<PodStep, number>();
  for (const { step } of events) counts.set(step, (counts.get(step) ?? 0) + 1);
  return [...counts].map(([what, count]) => ({ what, count }));
}

function told({ step, pod: { namespace, name, object } }: PodEvent): PodEventSource {
  const owner = controllerOf(object);
  return {
    what: step,
    namespace,
    pod: name,
    node: object.spec.nodeName || null,
    ownerKind: owner?.kind ?? null,
    ownerName: owner?.name ?? null,
  };
}
