import { describe, expect, it } from 'vitest';
import { type Cluster, resources } from '../../../src/index.js';
import { create, exists, isIn, lacks, phases, pod, podOf, RUN, stage, toldOf, when } from './staged.js';

const { configMaps, leases, nodes, stages } = resources;
const NODE = { resourceRef: { kind: 'Node' } };
const READY = '.status.conditions.[] | select(.type == "Ready") | .status';

const nodeOf = ({ registry }: Cluster, name: string) => registry.get(nodes, '', name)!.object;
const ready = (cluster: Cluster, name: string) =>
  nodeOf(cluster, name).status.conditions?.find(({ type }) => type === 'Ready')?.status;

/** What a node reports when it is well, or is not. */
const report = (status: string, reason: string) => `conditions:
- type: Ready
  status: "${status}"
  reason: ${reason}
  message: ""
  lastHeartbeatTime: {{ Now | Quote }}
  lastTransitionTime: {{ Now | Quote }}
addresses:
- { type: InternalIP, address: {{ NodeIP | Quote }} }
- { type: Hostname, address: {{ NodeName | Quote }} }
{{ if not .status.allocatable }}
capacity: { cpu: "8", memory: 16Gi, pods: "50" }
allocatable: { cpu: "8", memory: 16Gi, pods: "50" }
{{ end }}`;
const BOOT = stage('boot', { ...NODE, ...when(lacks(READY)), next: { statusTemplate: report('True', 'Booted') } });
const FAIL = stage('fail', {
  ...NODE,
  ...when(isIn(READY, 'True'), isIn('.metadata.labels.fragile', 'yes')),
  delay: { durationMilliseconds: 20_000 },
  next: { statusTemplate: report('False', 'Failed') },
});
const RECOVER = stage('recover', {
  ...NODE,
  ...when(isIn(READY, 'False')),
  delay: { durationMilliseconds: 30_000 },
  next: { statusTemplate: report('True', 'Recovered') },
});

describe('nodes with stages', () => {
  it('report what these say, become not ready, and come back', async () => {
    const cluster = await create({ nodes: 1, manifests: [BOOT, FAIL, RECOVER] });
    await cluster.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'weak', labels: { fragile: 'yes' } } });
    await cluster.settled();
    expect(nodeOf(cluster, 'weak').status).toMatchObject({
      allocatable: { cpu: '8' },
      addresses: [{ type: 'InternalIP' }, { address: 'weak' }],
    });
    expect(nodeOf(cluster, 'weak').spec.podCIDR).toBeDefined();
    expect(cluster.registry.get(leases, 'kube-node-lease', 'weak')).toBeDefined();
    await cluster.apply(pod('web', {}, { nodeName: 'weak' }));
    await cluster.settled();
    // Pods have no stages: their kubelet goes on.
    expect(phases(cluster)).toEqual({ web: 'Running' });
    await cluster.advance('20s');
    expect([ready(cluster, 'weak'), ready(cluster, 'node-1')]).toEqual(['False', 'True']);
    expect(nodeOf(cluster, 'weak').spec.taints).toMatchObject([{ key: 'node.kubernetes.io/not-ready' }, {}]);
    await cluster.advance('30s');
    expect(ready(cluster, 'weak')).toBe('True');
    expect(nodeOf(cluster, 'weak').spec.taints).toBeUndefined();
    expect(cluster.stages.list()).toMatchObject([
      { name: 'boot' },
      { name: 'fail', fired: 1 },
      { name: 'recover', fired: 1 },
    ]);
  });

  it('have their kubelets report again when the last stage goes', async () => {
    const cluster = await create({ nodes: 1, manifests: [BOOT] });
    const nodeInfo = () => nodeOf(cluster, 'new').status.nodeInfo?.kubeletVersion;
    await cluster.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'new' } });
    await cluster.settled();
    expect([ready(cluster, 'new'), nodeInfo()]).toEqual(['True', '']);
    await cluster.registry.delete(stages, '', 'boot');
    await cluster.settled();
    expect(nodeInfo()).toMatch(/^v1/);
  });
});

describe('objects of other kinds', () => {
  it('live by stages too, whether the kind is there already or not', async () => {
    const grow = stage('grow', {
      resourceRef: { apiGroup: 'example.com/v1', kind: 'Plant' },
      ...when({ key: '.status.height', operator: 'NotIn', values: ['3'] }),
      delay: { durationMilliseconds: 1000 },
      next: { statusTemplate: 'height: {{ add1 .status.height }}' },
    });
    const cluster = await create({ manifests: [grow] });
    expect(cluster.stages.list()).toMatchObject([{ name: 'grow', served: false }]);
    expect(() => cluster.stages.verify()).toThrow('- grow: there is no kind Plant in example.com/v1');
    await cluster.apply({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'plants.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'plants', singular: 'plant', kind: 'Plant' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            subresources: { status: {} },
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: { status: { type: 'object', properties: { height: { type: 'integer' } } } },
              },
            },
          },
        ],
      },
    });
    await cluster.settled();
    await cluster.apply({ apiVersion: 'example.com/v1', kind: 'Plant', metadata: { name: 'rose' } });
    const plant = () =>
      cluster.registry.get(cluster.registry.kinds.byKind('example.com/v1', 'Plant')!, 'default', 'rose')!.object;
    await cluster.advance('2s');
    expect(plant()).toMatchObject({ status: { height: 2 } });
    await cluster.advance('1h');
    expect(plant()).toMatchObject({ status: { height: 3 } });
    expect(cluster.stages.get('grow')).toMatchObject({ served: true, matched: 1, fired: 3 });
    cluster.stages.verify();
  });
});

describe('the kind', () => {
  it('stays what it is when kwok’s own definition of it comes and goes, which takes all stages with it', async () => {
    const cluster = await create({ manifests: [RUN] });
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'stages.kwok.x-k8s.io' },
      spec: {
        group: 'kwok.x-k8s.io',
        scope: 'Cluster',
        names: { plural: 'stages', singular: 'stage', kind: 'Stage', listKind: 'StageList' },
        versions: [{ name: 'v1alpha1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    };
    await cluster.apply(definition);
    await cluster.settled();
    expect(cluster.stages.list()).toMatchObject([{ name: 'run' }]);
    await expect(cluster.apply(stage('bad', { next: { statusTemplate: '{{' } }))).rejects.toThrow('unclosed action');
    await cluster.registry.delete(resources.customResourceDefinitions, '', definition.metadata.name);
    await cluster.settled();
    expect(cluster.stages.list()).toEqual([]);
    await cluster.apply(RUN);
    expect(cluster.stages.list()).toMatchObject([{ name: 'run' }]);
  });
});

describe('stages that go wrong', () => {
  it('tell so, in an Event and in what is told of them, and are not tried again', async () => {
    const broken = stage('broken', {
      ...when(exists('.metadata.labels.broken')),
      next: { statusTemplate: 'phase: {{ index .spec.containers 7 }}' },
    });
    const refused = stage('refused', {
      ...when(exists('.metadata.labels.refused')),
      next: { statusTemplate: 'phase: [1]' },
    });
    const unread = stage('unread', {
      ...when(exists('.metadata.labels.unread')),
      next: { statusTemplate: 'phase: "open' },
    });
    const cluster = await create({ manifests: [broken, refused, unread] });
    await cluster.apply(['broken', 'refused', 'unread'].map(name => pod(name, { labels: { [name]: 'yes' } })));
    await cluster.advance('1m');
    expect(cluster.stages.list()).toMatchObject([
      {
        name: 'broken',
        matched: 1,
        fired: 0,
        failed: 1,
        error: 'template: :1: error calling index: index out of range: 7',
      },
      { name: 'refused', fired: 0, failed: 1 },
      { name: 'unread', fired: 0, failed: 1, error: expect.stringContaining('yaml: ') },
    ]);
    expect(toldOf(cluster)).toContain(
      'broken Warning StageFailed stage broken: template: :1: error calling index: index out of range: 7',
    );
    expect(() => cluster.stages.verify('broken')).toThrow(
      'a stage was never played:\n- broken: failed 1 times: template',
    );
  });

  it('settle, though they lead in a circle', async () => {
    const forth = stage('forth', { ...when(lacks('.status.reason')), next: { statusTemplate: 'reason: there' } });
    const back = stage('back', {
      ...when(exists('.status.reason')),
      next: { patches: [{ subresource: 'status', root: 'status', type: 'merge', template: 'reason: null' }] },
    });
    const cluster = await create({ manifests: [forth, back] });
    await cluster.apply(pod('web'));
    await cluster.settled();
    expect(cluster.stages.get('forth')).toMatchObject({ fired: 50 });
    expect(toldOf(cluster)).toEqual([
      expect.stringContaining('web Warning StagesInCircle stages lead in a circle without any delay'),
    ]);
    await cluster.advance('1s');
    expect(cluster.stages.get('forth')).toMatchObject({ fired: 100 });
  });

  it.each([
    [
      'a function that there is none of',
      { next: { statusTemplate: '\n{{ nosuch 1 }}' } },
      'spec.next.statusTemplate: Invalid value: "\\n{{ nosuch 1 }}": template: :1: function "nosuch" not defined',
    ],
    [
      'a query that makes no sense',
      when(exists('.a | nosuch')),
      'spec.selector.matchExpressions[0].key: Invalid value: ".a | nosuch": function not defined: nosuch/0',
    ],
    [
      'an operator that there is none of',
      when({ key: '.a', operator: 'Has' }),
      'spec.selector.matchExpressions[0].operator: Unsupported value: "Has": supported values: "In", "NotIn", "Exists", "DoesNotExist"',
    ],
    ['no values', when({ key: '.a', operator: 'In' }), 'spec.selector.matchExpressions[0].values: Required value'],
    [
      'a delay by a query that makes no sense',
      { delay: { durationFrom: { expressionFrom: '.[' } } },
      'spec.delay.durationFrom.expressionFrom: Invalid value',
    ],
    ['CEL', { weightFrom: { cel: { expression: '1' } } }, 'spec.weightFrom.cel: Forbidden: CEL is not supported here'],
    [
      'CEL in a selector',
      when({ cel: { expression: 'true' } }),
      'spec.selector.matchExpressions[0].cel: Forbidden: CEL is not supported here',
    ],
    [
      'a sort of patch that there is none of',
      { next: { patches: [{ type: 'x', template: '' }] } },
      'spec.next.patches[0].type: Unsupported value: "x"',
    ],
    [
      'a sort of Event that there is none of',
      { next: { event: { type: 'Alarm' } } },
      'spec.next.event.type: Unsupported value: "Alarm"',
    ],
    ['nothing that happens', { next: undefined }, 'spec.next: Required value'],
  ])('are refused with %s', async (_, spec, message) => {
    const cluster = await create({ nodes: 0 });
    await expect(cluster.apply(stage('bad', { next: {}, ...spec }))).rejects.toThrow(message);
  });
});

describe('what is told of stages over HTTP', () => {
  it('is how often each was played, and that one never was', async () => {
    const cluster = await create({
      manifests: [RUN, stage('odd', { ...when(exists('.metadata.labels.odd')), next: { delete: true } })],
    });
    const { url } = await cluster.listen();
    const ask = async (path: string, method = 'GET') => {
      const response = await fetch(`${url}/_kubette/v1/stages${path}`, { method });
      return { code: response.status, body: (await response.json()) as { message?: string } };
    };
    await cluster.apply(pod('web'));
    await cluster.settled();
    expect(await ask('/run')).toMatchObject({ code: 200, body: { name: 'run', fired: 1, matched: 1 } });
    expect(await ask('/none')).toMatchObject({ code: 404 });
    expect(await ask('/verify', 'POST')).toMatchObject({
      code: 409,
      body: { message: 'a stage was never played:\n- odd: there was no Pod that it was for' },
    });
    await cluster.apply(pod('strange', { labels: { odd: 'yes' } }));
    await cluster.settled();
    expect(podOf(cluster, 'strange')).toBeUndefined();
    expect(await ask('/verify', 'POST')).toMatchObject({ code: 200 });
    expect((await ask('')).body).toMatchObject({
      stages: [
        { name: 'odd', fired: 1 },
        { name: 'run', fired: 2 },
      ],
    });
  });

  it('leaves no mark on a cluster that has none', async () => {
    const cluster = await create();
    expect(cluster.stages.list()).toEqual([]);
    cluster.stages.verify();
    expect(() => cluster.stages.verify('x')).toThrow('there is no stage "x"');
    expect(cluster.registry.all(configMaps)).not.toEqual([]);
  });
});
