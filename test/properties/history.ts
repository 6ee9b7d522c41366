import fc from 'fast-check';
import type { Era } from '../../src/resources/definition.js';
import type {
  DaemonSetSpec,
  LabelSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  Taint,
  Toleration,
} from '../../src/resources/types.js';

// ---- what a history is made of ----

export interface NodeShape {
  readonly labels: Record<string, string>;
  readonly taints: readonly Taint[];
  readonly cpu: '1' | '4';
  readonly pods: '3' | '110';
}

export interface TemplateShape {
  readonly image: number;
  readonly nodeSelector?: Record<string, string> | undefined;
  readonly terms?: readonly NodeSelectorTerm[] | undefined;
  readonly tolerations: readonly Toleration[];
  /** A node by its number. */
  readonly nodeName?: number | undefined;
  readonly hostNetwork: boolean;
  readonly hostPort: boolean;
  readonly cpu: 0 | 1 | 3;
  readonly readyDelay: 0 | 5;
  readonly stopDelay: 0 | 10;
  readonly finalizer: boolean;
}

export interface Strategy {
  readonly updateStrategy: DaemonSetSpec['updateStrategy'];
  readonly minReadySeconds: number;
  readonly revisionHistoryLimit: number;
}

/** One thing that happens. Nodes and sets are named by number; pods and revisions are chosen among those there are. */
export type Deed =
  | { readonly do: 'node'; readonly node: number; readonly shape: NodeShape }
  | { readonly do: 'remove node' | 'cordon'; readonly node: number }
  | { readonly do: 'rejoin'; readonly node: number; readonly shape: NodeShape }
  | { readonly do: 'label'; readonly node: number; readonly labels: Record<string, string> }
  | { readonly do: 'taint'; readonly node: number; readonly taints: readonly Taint[] }
  | { readonly do: 'behave'; readonly node: number; readonly behavior: string }
  | {
      readonly do: 'set';
      readonly set: number;
      readonly selector: number;
      readonly template: TemplateShape;
      readonly strategy: Strategy;
    }
  | { readonly do: 'template'; readonly set: number; readonly change: Partial<TemplateShape> }
  | { readonly do: 'strategy'; readonly set: number; readonly strategy: Strategy }
  | { readonly do: 'annotate set' | 'hold set' | 'release set'; readonly set: number }
  | { readonly do: 'delete set'; readonly set: number; readonly policy: 'Background' | 'Foreground' | 'Orphan' }
  /** The pods of a deleted set outlive it, and find another one that selects them. */
  | { readonly do: 'succeed'; readonly set: number; readonly change: Partial<TemplateShape> }
  /** How many pods the namespace of a set may have, and how much processor time a container. */
  | { readonly do: 'quota'; readonly set: number; readonly pods: number | 'any' }
  | { readonly do: 'limit'; readonly set: number; readonly cpu: '500m' | '2' | 'any' }
  | { readonly do: 'end namespace' }
  | { readonly do: 'pod'; readonly pod: number; readonly what: PodDeed }
  | {
      readonly do: 'stray';
      readonly set: number;
      readonly node: number;
      readonly what: 'bound' | 'unbound' | 'foreign' | 'failed';
    }
  | { readonly do: 'revision'; readonly revision: number; readonly what: 'delete' | 'strip' | 'orphan' | 'double' }
  | { readonly do: 'wait'; readonly seconds: number };

const POD_DEEDS = [
  'delete',
  'kill',
  'delete slowly',
  'hurry',
  'fail',
  'succeed',
  'unready',
  'stray',
  'return',
  'orphan',
  'hold',
  'release',
  'strip',
] as const;
export type PodDeed = (typeof POD_DEEDS)[number];

/** What happens, and what the controllers get done before the next thing does: so many turns of the event loop, or all there is. */
type Step = Deed & { readonly after: number | 'all' };

export interface History {
  readonly nodes: readonly NodeShape[];
  readonly steps: readonly Step[];
}

const NODE_SLOTS = 6;
/** The sets there may be: two of them in one namespace, whose selectors may overlap. */
export const SET_SLOTS = [
  { namespace: 'default', name: 'alpha' },
  { namespace: 'default', name: 'beta' },
  { namespace: 'other', name: 'gamma' },
] as const;

export const SELECTORS: readonly ((app: string) => LabelSelector)[] = [
  app => ({ matchLabels: { app } }),
  () => ({ matchLabels: { tier: 'daemon' } }),
  app => ({ matchExpressions: [{ key: 'app', operator: 'In', values: [app, 'any'] }] }),
  () => ({
    matchExpressions: [
      { key: 'tier', operator: 'Exists' },
      { key: 'app', operator: 'NotIn', values: ['none'] },
    ],
  }),
];

// ---- arbitraries ----

const nodeSlot = fc.nat(NODE_SLOTS - 1);
const setSlot = fc.nat(SET_SLOTS.length - 1);

const labels: fc.Arbitrary<Record<string, string>> = fc.record(
  { zone: fc.constantFrom('a', 'b'), disk: fc.constantFrom('ssd', 'hdd'), size: fc.constantFrom('1', '2', '3', 'big') },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, string>>;

const taints: fc.Arbitrary<Taint[]> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Taint[]>([]) },
  {
    weight: 1,
    arbitrary: fc.uniqueArray(
      fc.constantFrom<Taint>(
        { key: 'dedicated', value: 'x', effect: 'NoSchedule' },
        { key: 'dedicated', value: 'y', effect: 'NoSchedule' },
        { key: 'dedicated', value: 'x', effect: 'NoExecute' },
        { key: 'flaky', effect: 'NoSchedule' },
        { key: 'flaky', effect: 'NoExecute' },
        { key: 'soft', effect: 'PreferNoSchedule' },
        { key: 'node.kubernetes.io/network-unavailable', effect: 'NoExecute' },
      ),
      { minLength: 1, maxLength: 2, selector: taint => `${taint.key}:${taint.effect}` },
    ),
  },
);

const nodeShape: fc.Arbitrary<NodeShape> = fc.record({
  labels,
  taints,
  cpu: fc.constantFrom('4' as const, '4' as const, '1' as const),
  pods: fc.constantFrom('110' as const, '110' as const, '3' as const),
});

const term: fc.Arbitrary<NodeSelectorTerm> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  {
    weight: 8,
    arbitrary: fc.record({
      matchExpressions: fc.array(
        fc.constantFrom<NodeSelectorRequirement[]>(
          { key: 'zone', operator: 'In', values: ['a'] },
          { key: 'zone', operator: 'NotIn', values: ['a'] },
          { key: 'disk', operator: 'Exists' },
          { key: 'disk', operator: 'DoesNotExist' },
          { key: 'size', operator: 'Gt', values: ['1'] },
          { key: 'size', operator: 'Lt', values: ['3'] },
        ),
        { minLength: 1, maxLength: 2 },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      matchFields: fc
        .constantFrom('In', 'NotIn')
        .map(operator => [{ key: 'metadata.name', operator, values: ['node-1'] }]),
    }),
  },
);

const TOLERATIONS: readonly Toleration[] = [
  { key: 'dedicated', operator: 'Exists' },
  { key: 'dedicated', operator: 'Equal', value: 'x', effect: 'NoSchedule' },
  { key: 'dedicated', value: 'x' },
  { key: 'dedicated', operator: 'Exists', effect: 'PreferNoSchedule' },
  { key: 'flaky', operator: 'Exists', effect: 'NoExecute' },
  { key: 'flaky', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 30 },
  { key: 'dedicated', value: 'x', effect: 'NoExecute', tolerationSeconds: 300 },
  { operator: 'Exists', effect: 'NoExecute' },
  { operator: 'Exists' },
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 },
];

const mostly = <T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });

const templateFields = {
  image: fc.nat(3),
  nodeSelector: mostly<Record<string, string> | undefined>(
    undefined,
    fc.constantFrom<Record<string, string>[]>({ zone: 'a' }, { disk: 'ssd' }),
  ),
  terms: mostly<NodeSelectorTerm[] | undefined>(undefined, fc.array(term, { minLength: 1, maxLength: 2 })),
  tolerations: mostly<Toleration[]>([], fc.subarray([...TOLERATIONS], { minLength: 1, maxLength: 3 })),
  nodeName: fc.oneof({ weight: 20, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: nodeSlot }),
  hostNetwork: mostly(false, fc.constant(true)),
  hostPort: mostly(false, fc.constant(true)),
  cpu: mostly<0 | 1 | 3>(0, fc.constantFrom(1, 3)),
  readyDelay: mostly<0 | 5>(0, fc.constant(5)),
  stopDelay: mostly<0 | 10>(0, fc.constant(10)),
  finalizer: fc.oneof({ weight: 15, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
};
const template: fc.Arbitrary<TemplateShape> = fc.record(templateFields);
const templateChange: fc.Arbitrary<Partial<TemplateShape>> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ image: templateFields.image }) },
  { weight: 1, arbitrary: fc.record({ nodeSelector: templateFields.nodeSelector }) },
  { weight: 1, arbitrary: fc.record({ terms: templateFields.terms }) },
  { weight: 1, arbitrary: fc.record({ tolerations: templateFields.tolerations }) },
  { weight: 1, arbitrary: fc.record({ cpu: templateFields.cpu, hostPort: templateFields.hostPort }) },
  { weight: 1, arbitrary: fc.record({ readyDelay: templateFields.readyDelay, stopDelay: templateFields.stopDelay }) },
);

function strategy(era: Era): fc.Arbitrary<Strategy> {
  const rolling = (maxUnavailable: number | string, maxSurge: number | string) => ({
    type: 'RollingUpdate',
    rollingUpdate: { maxUnavailable, maxSurge },
  });
  const inPlace = [rolling(1, 0), rolling(2, 0), rolling('50%', 0), rolling('100%', 0)];
  const surging = era === '1.11' ? [] : [rolling(0, 1), rolling(0, 2), rolling('0%', '30%'), rolling(0, '100%')];
  return fc.record({
    updateStrategy: fc.constantFrom(...inPlace, ...surging, { type: 'OnDelete' }),
    minReadySeconds: mostly(0, fc.constantFrom(1, 10)),
    revisionHistoryLimit: mostly(10, fc.constantFrom(0, 1)),
  });
}

function deed(era: Era): fc.Arbitrary<Deed> {
  const what = <D extends Deed['do']>(name: D) => fc.constant(name);
  const choices: [number, fc.Arbitrary<Deed>][] = [
    [3, fc.record({ do: what('node'), node: nodeSlot, shape: nodeShape })],
    [2, fc.record({ do: what('remove node'), node: nodeSlot })],
    [1, fc.record({ do: what('rejoin'), node: nodeSlot, shape: nodeShape })],
    [1, fc.record({ do: what('cordon'), node: nodeSlot })],
    [3, fc.record({ do: what('label'), node: nodeSlot, labels })],
    [3, fc.record({ do: what('taint'), node: nodeSlot, taints })],
    [
      2,
      fc.record({
        do: what('behave'),
        node: nodeSlot,
        behavior: fc.constantFrom('down', 'not-ready', 'never-ready', ''),
      }),
    ],
    [
      4,
      fc.record({
        do: what('set'),
        set: setSlot,
        selector: fc.nat(SELECTORS.length - 1),
        template,
        strategy: strategy(era),
      }),
    ],
    [6, fc.record({ do: what('template'), set: setSlot, change: templateChange })],
    [3, fc.record({ do: what('strategy'), set: setSlot, strategy: strategy(era) })],
    [
      1,
      fc.record({
        do: fc.constantFrom('annotate set' as const, 'hold set' as const, 'release set' as const),
        set: setSlot,
      }),
    ],
    [
      2,
      fc.record({
        do: what('delete set'),
        set: setSlot,
        policy: fc.constantFrom('Background', 'Foreground', 'Orphan'),
      }),
    ],
    [1, fc.record({ do: what('succeed'), set: setSlot, change: mostly({}, templateChange) })],
    [4, fc.record({ do: what('quota'), set: setSlot, pods: fc.constantFrom<(number | 'any')[]>(0, 1, 3, 'any') })],
    [4, fc.record({ do: what('limit'), set: setSlot, cpu: fc.constantFrom('500m', '2', 'any') })],
    [1, fc.record({ do: what('end namespace') })],
    [8, fc.record({ do: what('pod'), pod: fc.nat(30), what: fc.constantFrom(...POD_DEEDS) })],
    [
      3,
      fc.record({
        do: what('stray'),
        set: setSlot,
        node: nodeSlot,
        what: fc.constantFrom('bound', 'unbound', 'foreign', 'failed'),
      }),
    ],
    [
      1,
      fc.record({
        do: what('revision'),
        revision: fc.nat(10),
        what: fc.constantFrom('delete', 'strip', 'orphan', 'double'),
      }),
    ],
    [3, fc.record({ do: what('wait'), seconds: fc.constantFrom(1, 5, 30, 120, 1000) })],
  ];
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

/** Any cluster, and anything that may happen to it. */
export function history(era: Era, maxSteps: number): fc.Arbitrary<History> {
  const turns = fc.oneof<fc.Arbitrary<number | 'all'>[]>(fc.nat(12), fc.constant('all' as const));
  const step: fc.Arbitrary<Step> = fc.tuple(deed(era), turns).map(([what, after]) => ({ ...what, after }));
  const first = fc.record({
    do: fc.constant('set' as const),
    set: setSlot,
    selector: fc.nat(SELECTORS.length - 1),
    template,
    strategy: strategy(era),
    after: fc.constant('all' as const),
  });
  return fc.record({
    nodes: fc.array(nodeShape, { minLength: 1, maxLength: NODE_SLOTS - 1 }),
    steps: fc
      .tuple(first, fc.array(step, { minLength: 1, maxLength: maxSteps, size: 'max' }))
      .map(([set, steps]) => [set, ...steps]),
  });
}
