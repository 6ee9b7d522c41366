import type { Change } from '../changes/change.js';
import { type AgentOptions, agent, IMPORTANT, lonePod, NAMESPACE, service, sink } from './manifests.js';
import type { Seen } from './seen.js';
import type { TourRequest } from './sending.js';

/** What is done in a step: a change, a pod of the DaemonSet that is deleted, whatever its name, or a request that is sent. */
export type Deed = Change | { readonly deleteAgentOn: string } | { readonly send: TourRequest };

/** One step of a chapter: something is done, and the clusters tell when it has come about. */
export interface Step {
  /** What is done, in each of the chapter's clusters; nothing where one only looks. */
  readonly deeds: (cluster: number) => readonly Deed[];
  /** Whether it has come about, in all clusters. */
  readonly done: (clusters: readonly Seen[]) => boolean;
  /** It looks afterwards as it did before: it is done when it was otherwise in between. */
  readonly comesBack?: boolean;
  /** The node that is marked on the map. */
  readonly look?: string;
  /** How many times as fast as usual the clock goes meanwhile. */
  readonly hurry?: number;
  /** Whether the pod on the marked node is shown: what binds it to the node. */
  readonly reveal?: boolean;
}

export interface Chapter {
  /** A cluster for each, in its age. */
  readonly eras: readonly ('CURRENT' | 'V1_11')[];
  /** What is there before the first step, beside four empty nodes. */
  readonly setup: readonly Change[];
  readonly begins: (seen: Seen) => boolean;
  readonly steps: readonly Step[];
  /** Whether its nodes, pods and Services answer with real sockets. */
  readonly network?: boolean;
}

const NODES = ['tour-1', 'tour-2', 'tour-3', 'tour-4'];

const apply = (manifests: string): Change => ({ apply: { manifests, force: true } });
const label = (name: string, key: string, value: string): Change => ({
  label: { kind: 'Node', namespace: '', name, labels: [{ key, value }], overwrite: true },
});
const behave = (name: string, value: string | null): Change => ({
  annotate: {
    kind: 'Node',
    namespace: '',
    name,
    annotations: [{ key: 'kubette.dev/behavior', value }],
    overwrite: true,
  },
});
const remove = (kind: string, name: string, namespace = 'tour'): Change => ({ delete: { kind, namespace, name } });
const NODE: Change = { scaleNodes: { pool: 'tour', add: 1, labels: [{ key: 'tour', value: 'here' }] } };

const first = ([seen]: readonly Seen[]) => seen!;
const allWell = (clusters: readonly Seen[]) => clusters.every(seen => seen.allWell);
const fourNodes = (seen: Seen) => seen.nodes.length === 4;
const rolling = (rest: string) => `type: RollingUpdate\nrollingUpdate: {${rest}}`;

/** A step in which the DaemonSet becomes another. */
const becomes = (options: AgentOptions, done: Step['done'], rest: Partial<Step> = {}): Step => ({
  deeds: () => [apply(agent(options))],
  done,
  ...rest,
});
const does = (deeds: readonly Deed[], done: Step['done'], rest: Partial<Step> = {}): Step => ({
  deeds: () => deeds,
  done,
  ...rest,
});

const whatItIs: Chapter = {
  eras: ['CURRENT'],
  setup: [apply(NAMESPACE)],
  begins: fourNodes,
  steps: [
    becomes({}, allWell),
    does([{ deleteAgentOn: 'tour-2' }], allWell, { comesBack: true, look: 'tour-2' }),
    does([NODE], c => first(c).nodes.length === 5 && allWell(c), { look: 'tour-5' }),
    does([remove('Node', 'tour-5', '')], c => first(c).nodes.length === 4 && allWell(c)),
    does([remove('DaemonSet', 'agent')], c => first(c).only()),
  ],
};

const selectors: Chapter = {
  eras: ['CURRENT'],
  setup: [
    apply(NAMESPACE),
    label('tour-1', 'disk', 'ssd'),
    label('tour-2', 'disk', 'ssd'),
    label('tour-3', 'disk', 'hdd'),
  ],
  begins: fourNodes,
  steps: [
    becomes({ nodeSelector: { disk: 'ssd' } }, c => first(c).only('tour-1', 'tour-2')),
    does([label('tour-4', 'disk', 'ssd')], c => first(c).only('tour-1', 'tour-2', 'tour-4'), { look: 'tour-4' }),
    does([label('tour-1', 'disk', 'hdd')], c => first(c).only('tour-2', 'tour-4'), { look: 'tour-1' }),
    becomes({ disks: ['ssd', 'hdd'] }, allWell),
  ],
};

const isExtra = (seen: Seen, node: string) => seen.pods(node).some(({ state }) => state === 'extra');
const isEmpty = (seen: Seen, node: string) => seen.pods(node).length === 0;

const taints: Chapter = {
  eras: ['CURRENT'],
  setup: [apply(NAMESPACE), apply(agent())],
  begins: seen => fourNodes(seen) && seen.allWell,
  steps: [
    does([{ taint: { node: 'tour-1', taints: ['gpu=yes:NoSchedule'] } }], c => isExtra(first(c), 'tour-1'), {
      look: 'tour-1',
    }),
    does([{ deleteAgentOn: 'tour-1' }], c => isEmpty(first(c), 'tour-1'), { look: 'tour-1' }),
    does([{ taint: { node: 'tour-2', taints: ['repair=soon:NoExecute'] } }], c => isEmpty(first(c), 'tour-2'), {
      look: 'tour-2',
    }),
    becomes({ tolerates: 'gpu' }, c => first(c).only('tour-1', 'tour-3', 'tour-4'), { look: 'tour-1' }),
    does(
      [{ cordon: { node: 'tour-3' } }, { deleteAgentOn: 'tour-3' }],
      c => first(c).node('tour-3')?.unschedulable === true && first(c).well('tour-3'),
      { look: 'tour-3', comesBack: true },
    ),
  ],
};

const daemon: AgentOptions = { cpu: '1', priority: 'important', strategy: rolling('maxUnavailable: 2') };

const twoAges: Chapter = {
  eras: ['V1_11', 'CURRENT'],
  setup: [apply(NAMESPACE), apply(IMPORTANT), apply(lonePod('batch', 'tour-3', 'resources: {requests: {cpu: 3500m}}'))],
  begins: seen => fourNodes(seen) && seen.pods('tour-3', 'batch').length === 1,
  steps: [
    becomes(
      daemon,
      ([then, now]) =>
        now!.allWell &&
        then!.pods('tour-3').every(({ state }) => state === 'missing') &&
        ['tour-1', 'tour-2', 'tour-4'].every(node => then!.well(node)),
      { look: 'tour-3' },
    ),
    { deeds: () => [], done: () => true, look: 'tour-1', reveal: true },
    { deeds: age => (age === 0 ? [remove('Pod', 'batch')] : []), done: allWell, look: 'tour-3' },
    becomes({ ...daemon, image: 'agent:2', strategy: rolling('maxUnavailable: 0, maxSurge: 1') }, allWell, {
      comesBack: true,
    }),
    {
      deeds: () => [
        apply(lonePod('web', 'tour-4', 'ports: [{containerPort: 80, hostPort: 9000}]', 'important')),
        apply(agent({ ...daemon, hostPort: 9000 })),
      ],
      done: ([then, now]) =>
        ['tour-1', 'tour-2', 'tour-3'].every(node => then!.well(node) && now!.well(node)) &&
        isEmpty(then!, 'tour-4') &&
        now!.pods('tour-4').length === 1 &&
        now!.pods('tour-4')[0]!.state === 'pending',
      look: 'tour-4',
    },
  ],
};

const noRoom: Chapter = {
  eras: ['CURRENT'],
  setup: [apply(NAMESPACE), apply(IMPORTANT), apply(lonePod('batch', 'tour-2', 'resources: {requests: {cpu: 3500m}}'))],
  begins: seen => fourNodes(seen) && seen.pods('tour-2', 'batch').length === 1,
  steps: [
    becomes(
      { cpu: '1' },
      c =>
        first(c).count(({ state }) => state === 'pending') === 1 &&
        ['tour-1', 'tour-3', 'tour-4'].every(n => first(c).well(n)),
      { look: 'tour-2' },
    ),
    becomes({ cpu: '1', priority: 'important' }, allWell, { look: 'tour-2' }),
    becomes(
      { cpu: '5', priority: 'important' },
      c =>
        first(c).count(({ state, outdated }) => state === 'pending' && !outdated) === 1 &&
        first(c).count(({ state, outdated }) => state === 'ready' && outdated) === 3,
    ),
    does([{ undoRollout: { kind: 'DaemonSet', namespace: 'tour', name: 'agent' } }], allWell),
  ],
};

const comings: Chapter = {
  eras: ['CURRENT'],
  setup: [apply(NAMESPACE), apply(agent())],
  begins: seen => fourNodes(seen) && seen.allWell,
  steps: [
    does([NODE], c => first(c).nodes.length === 5 && allWell(c), { look: 'tour-5' }),
    does(
      [{ drain: { node: 'tour-1', force: true } }],
      c => first(c).node('tour-1')?.unschedulable === true && first(c).well('tour-1'),
      { look: 'tour-1' },
    ),
    does(
      [behave('tour-2', 'down')],
      c =>
        first(c).node('tour-2')?.ready === false &&
        first(c)
          .node('tour-2')!
          .taints.some(({ text }) => /NoExecute/.test(text)),
      { look: 'tour-2', hurry: 20 },
    ),
    does([behave('tour-2', null)], c => first(c).node('tour-2')?.ready === true && first(c).well('tour-2'), {
      look: 'tour-2',
      hurry: 10,
    }),
    does([remove('Node', 'tour-5', '')], c => first(c).nodes.length === 4 && allWell(c)),
  ],
};

const updates: Chapter = {
  eras: ['CURRENT'],
  setup: [apply(NAMESPACE), apply(agent({ strategy: rolling('maxUnavailable: 1') }))],
  begins: seen => fourNodes(seen) && seen.allWell,
  steps: [
    becomes({ image: 'agent:2', strategy: rolling('maxUnavailable: 1') }, allWell, { comesBack: true }),
    becomes({ image: 'agent:3', strategy: rolling('maxUnavailable: 2') }, allWell, { comesBack: true }),
    becomes({ image: 'agent:4', strategy: rolling('maxUnavailable: 0, maxSurge: 1') }, allWell, { comesBack: true }),
    becomes(
      { image: 'agent:5', strategy: 'type: OnDelete' },
      c => first(c).strategy === 'OnDelete' && first(c).count(({ outdated }) => outdated) === 4,
    ),
    does([{ deleteAgentOn: 'tour-1' }], c => first(c).well('tour-1'), { look: 'tour-1' }),
    becomes(
      { image: 'agent:missing', strategy: rolling('maxUnavailable: 1') },
      c => first(c).count(({ state, outdated }) => state === 'failing' && !outdated) === 1,
    ),
    does([{ undoRollout: { kind: 'DaemonSet', namespace: 'tour', name: 'agent' } }], allWell),
  ],
};

const SERVICE = 'selector: {app: agent}, ports: [{port: 80}]';
const agentService = { namespace: 'tour', name: 'agent', port: 80 };
/** Looked at once there are answers. */
const sends = (...requests: readonly TourRequest[]): readonly Deed[] => requests.map(send => ({ send }));
const answered = () => true;

const communication: Chapter = {
  eras: ['CURRENT'],
  network: true,
  setup: [
    apply(NAMESPACE),
    apply(sink('tour-4')),
    apply(agent({ hostPort: 9100, pushTo: 'http://sink:8080/in' })),
    apply(service('agents', `clusterIP: None, ${SERVICE}`)),
    apply(service('agent', SERVICE)),
  ],
  begins: seen => fourNodes(seen) && seen.allWell && seen.pods('tour-4', 'sink').some(({ state }) => state === 'ready'),
  steps: [
    does(
      sends({ to: { pushOfAgentOn: 'tour-1' } }, { to: { service: { namespace: 'tour', name: 'sink', port: 8080 } } }),
      answered,
      { look: 'tour-1' },
    ),
    does(sends({ to: { node: { name: 'tour-2', port: 9100 } } }), answered, { look: 'tour-2' }),
    does(sends({ fromAgentOn: 'tour-1', to: { dns: { name: 'agents', port: 80 } }, times: 12 }), answered),
    does(sends({ fromAgentOn: 'tour-1', to: { service: agentService }, times: 40 }), answered),
    does(
      [
        apply(service('agent', `internalTrafficPolicy: Local, ${SERVICE}`)),
        ...sends({ fromAgentOn: 'tour-3', to: { service: agentService }, times: 20 }),
      ],
      answered,
      { look: 'tour-3' },
    ),
  ],
};

/** The chapters, in the order in which one reads them. */
export const CHAPTERS: readonly Chapter[] = [
  whatItIs,
  selectors,
  taints,
  twoAges,
  noRoom,
  comings,
  updates,
  communication,
];

/** What every cluster of the tour begins with: four nodes that can be told from all others. */
export const NODES_OF_TOUR: Change = {
  scaleNodes: { pool: 'tour', add: NODES.length, labels: [{ key: 'tour', value: 'here' }] },
};
