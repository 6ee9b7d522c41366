import type { PolicyRule } from '../policy-rules.js';
import { AGE, column, NAME, NONE, printer } from '../printing/printer.js';
import type { Condition, KubeObject } from '../types.js';
import { itemsAt, scalarAt } from './cells.js';
import { plainKind } from './plain-kind.js';

const GROUP = { group: 'flowcontrol.apiserver.k8s.io', namespaced: false, status: {}, generation: true } as const;

/** Whose requests: one of the three is there. */
export interface FlowSubject {
  readonly user?: { readonly name: string };
  readonly group?: { readonly name: string };
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
}

/** Whose requests, and which of them. */
export interface FlowRule {
  readonly subjects?: readonly FlowSubject[] | null;
  readonly resourceRules?: readonly (PolicyRule & {
    readonly clusterScope?: boolean;
    readonly namespaces?: readonly string[];
  })[];
  readonly nonResourceRules?: readonly PolicyRule[];
}

export interface FlowSchema extends KubeObject {
  readonly spec: {
    readonly priorityLevelConfiguration: { readonly name: string };
    readonly matchingPrecedence: number;
    readonly rules?: readonly FlowRule[];
  };
  readonly status: { readonly conditions?: readonly Condition[] };
}

export const flowSchemas = plainKind<FlowSchema>({
  ...GROUP,
  kind: 'FlowSchema',
  plural: 'flowschemas',
  defaults: { 'spec.matchingPrecedence': 1000 },
  required: ['spec.priorityLevelConfiguration.name'],
  oneOf: { 'spec.distinguisherMethod.type': ['ByNamespace', 'ByUser'] },
  printer: {
    ...printer(
      NAME,
      column(
        'PriorityLevel',
        'How requests of this kind are served.',
        scalarAt('spec.priorityLevelConfiguration.name'),
      ),
      column('MatchingPrecedence', 'The lowest that matches counts.', scalarAt('spec.matchingPrecedence'), 'integer'),
      column('DistinguisherMethod', 'What tells flows apart.', scalarAt('spec.distinguisherMethod.type', NONE)),
      AGE,
      column('MissingPL', 'Whether the priority level is missing.', isLevelMissing),
    ),
    // In the order in which they are asked whether a request is theirs.
    order: (a, b) => a.spec.matchingPrecedence - b.spec.matchingPrecedence,
  },
});

export const priorityLevels = plainKind({
  ...GROUP,
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  defaults: {
    'spec.exempt?.nominalConcurrencyShares': 0,
    'spec.exempt?.lendablePercent': 0,
    'spec.limited?.nominalConcurrencyShares': 30,
    'spec.limited?.lendablePercent': 0,
    'spec.limited?.limitResponse.queuing?.queues': 64,
    'spec.limited?.limitResponse.queuing?.handSize': 8,
    'spec.limited?.limitResponse.queuing?.queueLengthLimit': 50,
  },
  required: ['spec.type'],
  oneOf: { 'spec.type': ['Exempt', 'Limited'], 'spec.limited.limitResponse.type': ['Queue', 'Reject'] },
  printer: printer(
    NAME,
    column('Type', 'Whether there is a limit.', scalarAt('spec.type')),
    column(
      'NominalConcurrencyShares',
      'Its share of the server.',
      scalarAt('spec.limited.nominalConcurrencyShares', NONE),
    ),
    column('Queues', 'How many queues.', scalarAt('spec.limited.limitResponse.queuing.queues', NONE)),
    column('HandSize', 'Queues that a flow is dealt.', scalarAt('spec.limited.limitResponse.queuing.handSize', NONE)),
    column(
      'QueueLengthLimit',
      'Requests in a queue.',
      scalarAt('spec.limited.limitResponse.queuing.queueLengthLimit', NONE),
    ),
    AGE,
  ),
});

/** `flowcontrol.apiserver.k8s.io/v1`: kept, but nobody is held back by it. */
export const flowControl = [flowSchemas, priorityLevels];

function isLevelMissing(o: KubeObject): string {
  const dangling = itemsAt(o, 'status.conditions').find(({ type }) => type === 'Dangling');
  return dangling ? String(dangling.status) : '?';
}
