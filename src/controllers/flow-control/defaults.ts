import type { JsonObject } from '../../resources/json.js';

/** The configuration that kube-apiserver gives itself: what every cluster must have, and what upstream suggests besides. */

/** Name → its share of the server, what of it others may borrow (%), its queues and how many of them a flow is dealt. */
const LEVELS: Readonly<
  Record<string, readonly [shares: number, lendable: number, queues?: number, handSize?: number]>
> = {
  'catch-all': [5, 0],
  'global-default': [20, 50, 128, 6],
  'leader-election': [10, 0, 16, 4],
  'node-high': [40, 25, 64, 6],
  system: [30, 33, 64, 6],
  'workload-high': [40, 50, 128, 6],
  'workload-low': [100, 90, 128, 6],
};

const QUEUE_LENGTH = 50;

/** By name: the `spec` of each PriorityLevelConfiguration. */
export const LEVEL_SPECS: Readonly<Record<string, JsonObject>> = {
  ...Object.fromEntries(
    Object.entries(LEVELS).map(([name, [nominalConcurrencyShares, lendablePercent, queues, handSize]]) => [
      name,
      {
        type: 'Limited',
        limited: {
          nominalConcurrencyShares,
          lendablePercent,
          limitResponse: queues
            ? { type: 'Queue', queuing: { queues, handSize, queueLengthLimit: QUEUE_LENGTH } }
            : { type: 'Reject' },
        },
      },
    ]),
  ),
  exempt: { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
};

const group = (name: string) => ({ kind: 'Group', group: { name } });
const user = (name: string) => ({ kind: 'User', user: { name } });
const account = (name: string) => ({ kind: 'ServiceAccount', serviceAccount: { name, namespace: 'kube-system' } });

const EVERYBODY = [group('system:unauthenticated'), group('system:authenticated')];
const MANAGER = user('system:kube-controller-manager');
const SCHEDULER = user('system:kube-scheduler');
const EVERYWHERE = ['*'];

/** Within namespaces; of cluster-scoped objects only where it is said. */
const resources = (verbs: string[], group: string, names: string[], namespaces = EVERYWHERE, clusterScope = false) => ({
  verbs,
  apiGroups: [group],
  resources: names,
  ...(clusterScope ? { clusterScope } : {}),
  namespaces,
});
const paths = (verbs: string[], nonResourceURLs: string[]) => ({ verbs, nonResourceURLs });

const ANYTHING = {
  resourceRules: [resources(['*'], '*', ['*'], EVERYWHERE, true)],
  nonResourceRules: [paths(['*'], ['*'])],
};
const LOCK = ['get', 'create', 'update'];
const LEASES = resources(LOCK, 'coordination.k8s.io', ['leases']);
const OLD_LOCKS = ['endpoints', 'configmaps'];

/** Name → level, precedence, what tells flows apart, whose requests, and which of them. */
const SCHEMAS: Readonly<
  Record<
    string,
    readonly [level: string, precedence: number, by: string | undefined, subjects: object[], rules: object]
  >
> = {
  exempt: ['exempt', 1, undefined, [group('system:masters')], ANYTHING],
  probes: [
    'exempt',
    2,
    undefined,
    EVERYBODY,
    { nonResourceRules: [paths(['get'], ['/healthz', '/readyz', '/livez'])] },
  ],
  'system-leader-election': [
    'leader-election',
    100,
    'ByUser',
    [MANAGER, SCHEDULER, account('*')],
    { resourceRules: [resources(LOCK, '', OLD_LOCKS, ['kube-system']), LEASES] },
  ],
  'endpoint-controller': [
    'workload-high',
    150,
    'ByUser',
    [MANAGER, account('endpoint-controller'), account('endpointslicemirroring-controller')],
    { resourceRules: [resources(LOCK, '', ['endpoints'])] },
  ],
  'workload-leader-election': [
    'leader-election',
    200,
    'ByUser',
    [account('*')],
    { resourceRules: [resources(LOCK, '', OLD_LOCKS), LEASES] },
  ],
  'system-node-high': [
    'node-high',
    400,
    'ByUser',
    [group('system:nodes')],
    {
      resourceRules: [
        resources(['*'], '', ['nodes', 'nodes/status'], EVERYWHERE, true),
        resources(['*'], 'coordination.k8s.io', ['leases']),
      ],
    },
  ],
  'system-nodes': ['system', 500, 'ByUser', [group('system:nodes')], ANYTHING],
  'kube-controller-manager': ['workload-high', 800, 'ByNamespace', [MANAGER], ANYTHING],
  'kube-scheduler': ['workload-high', 800, 'ByNamespace', [SCHEDULER], ANYTHING],
  'kube-system-service-accounts': ['workload-high', 900, 'ByNamespace', [account('*')], ANYTHING],
  'service-accounts': ['workload-low', 9000, 'ByUser', [group('system:serviceaccounts')], ANYTHING],
  'global-default': ['global-default', 9900, 'ByUser', EVERYBODY, ANYTHING],
  'catch-all': ['catch-all', 10_000, 'ByUser', EVERYBODY, ANYTHING],
};

/** By name: the `spec` of each FlowSchema. */
export const SCHEMA_SPECS = Object.fromEntries(
  Object.entries(SCHEMAS).map(([name, [level, matchingPrecedence, type, subjects, rules]]) => [
    name,
    {
      priorityLevelConfiguration: { name: level },
      matchingPrecedence,
      ...(type ? { distinguisherMethod: { type } } : {}),
      rules: [{ subjects, ...rules }],
    },
  ]),
);
