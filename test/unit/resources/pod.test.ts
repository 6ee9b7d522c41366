import { describe, expect, it } from 'vitest';
import { pods } from '../../../src/resources/index.js';
import type { Container, Pod, PodSpec, ResourceRequirements } from '../../../src/resources/types.js';
import { created, createErrors, pod, statusUpdated, updated, updateErrors } from './objects.js';

const withContainer = (container: Partial<Container>, spec: Partial<PodSpec> = {}) =>
  pod({ containers: [{ name: 'main', image: 'a:1', ...container }], ...spec });

describe('defaults of a pod', () => {
  it.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['nginx:1.29', 'IfNotPresent'],
    ['registry.example.com:5000/team/app', 'Always'],
    ['registry.example.com:5000/team/app:1', 'IfNotPresent'],
    [`nginx@sha256:${'0'.repeat(64)}`, 'IfNotPresent'],
    [' spaced', 'IfNotPresent'],
    ['', 'IfNotPresent'],
  ])('pull image %j by policy %s', (image, policy) => {
    expect(created(pods, withContainer({ image })).spec.containers[0]!.imagePullPolicy).toBe(policy);
  });

  it('DEF-05: link services, ask for what is limited, and take the ports of the node on its network', () => {
    const { spec } = created(
      pods,
      withContainer(
        {
          resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } },
          ports: [{ containerPort: 80 }],
        },
        { hostNetwork: true },
      ),
    );
    expect(spec.enableServiceLinks).toBe(true);
    expect(spec.containers[0]!.resources!.requests).toEqual({ cpu: '500m', memory: '1Gi' });
    expect(spec.containers[0]!.ports).toEqual([{ containerPort: 80, hostPort: 80, protocol: 'TCP' }]);
  });

  it('give probes and volumes what they leave out', () => {
    const { spec } = created(
      pods,
      withContainer(
        {
          livenessProbe: { httpGet: { port: 80 } },
          env: [{ name: 'N', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
        },
        {
          volumes: [{ name: 'a' }, { name: 'b', hostPath: { path: '/x' } }, { name: 'c', secret: { secretName: 's' } }],
        },
      ),
    );
    expect(spec.containers[0]!.livenessProbe).toEqual({
      httpGet: { port: 80, path: '/', scheme: 'HTTP' },
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    });
    expect(spec.containers[0]!.env![0]!.valueFrom!.fieldRef).toEqual({ apiVersion: 'v1', fieldPath: 'spec.nodeName' });
    expect(spec.volumes).toEqual([
      { name: 'a', emptyDir: {} },
      { name: 'b', hostPath: { path: '/x', type: '' } },
      { name: 'c', secret: { secretName: 's', defaultMode: 420 } },
    ]);
  });
});

describe('what a new pod is', () => {
  const resources = (requests?: ResourceRequirements['requests'], limits?: ResourceRequirements['limits']) => ({
    ...(requests ? { requests } : {}),
    ...(limits ? { limits } : {}),
  });
  it.each<[string, ResourceRequirements[], string]>([
    ['nothing asked for', [{}], 'BestEffort'],
    ['a disk only', [resources({ 'ephemeral-storage': '1Gi' })], 'BestEffort'],
    ['a little', [resources({ cpu: '1m' })], 'Burstable'],
    ['limits only', [resources(undefined, { cpu: '1', memory: '1Gi' })], 'Guaranteed'],
    ['all of it', [resources({ cpu: '1', memory: '1Gi' }, { cpu: '1000m', memory: '1024Mi' })], 'Guaranteed'],
    ['less than all', [resources({ cpu: '1', memory: '1Gi' }, { cpu: '2', memory: '1Gi' })], 'Burstable'],
    ['no memory', [resources({ cpu: '1' }, { cpu: '1' })], 'Burstable'],
    ['one of two', [resources({ cpu: '1', memory: '1Gi' }, { cpu: '1', memory: '1Gi' }), {}], 'Burstable'],
  ])('%s', (_, all, qosClass) => {
    const containers = all.map((r, i) => ({ name: `c${i}`, image: 'a:1', resources: r }));
    expect(created(pods, pod({ containers })).status).toEqual({ phase: 'Pending', qosClass });
  });

  it('brings no status of its own, and is of generation 1', () => {
    const made = created(pods, pod({}, { status: { phase: 'Running', podIP: '1.2.3.4' } }));
    expect(made.status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
    expect(made.metadata.generation).toBe(1);
  });

  it('waits behind its gates', () => {
    const made = created(pods, pod({ schedulingGates: [{ name: 'example.com/a' }] }));
    expect(made.status.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' },
    ]);
  });
});

describe('what is wrong with a pod', () => {
  const cases: [string, Pod, RegExp[]][] = [
    ['valid', pod(), []],
    [
      'spaces around the image',
      withContainer({ image: ' a' }),
      [/image: Invalid value: " a": must not have leading or trailing whitespace/],
    ],
    [
      'ephemeral from the start',
      pod({ ephemeralContainers: [{ name: 'e', image: 'a' }] }),
      [/ephemeralContainers: Forbidden: cannot be set on create/],
    ],
    [
      'one port of the node twice',
      withContainer({
        ports: [
          { containerPort: 1, hostPort: 80 },
          { containerPort: 2, hostPort: 80 },
        ],
      }),
      [/ports\[1\].hostPort: Duplicate value: "TCP\/\/80"/],
    ],
    [
      'one port of the node by two protocols',
      withContainer({
        ports: [
          { containerPort: 1, hostPort: 80 },
          { containerPort: 2, hostPort: 80, protocol: 'UDP' },
        ],
      }),
      [],
    ],
    [
      'two ports of a name',
      withContainer({
        ports: [
          { containerPort: 1, name: 'p' },
          { containerPort: 2, name: 'p' },
        ],
      }),
      [/ports\[1\].name: Duplicate value: "p"/],
    ],
    ['no port', withContainer({ ports: [{ containerPort: 0 }] }), [/containerPort: Required value/]],
    [
      'half a GPU',
      withContainer({ resources: { limits: { 'example.com/gpu': '500m' } } }),
      [
        /limits\[example.com\/gpu\]: Invalid value: "500m": must be an integer/,
        /requests\[example.com\/gpu\].*must be an integer/,
      ],
    ],
    [
      'a GPU without a limit',
      withContainer({ resources: { requests: { 'example.com/gpu': '1' } } }),
      [/limits: Required value: Limit must be set for non overcommitable resources/],
    ],
    [
      'less than nothing',
      withContainer({ resources: { limits: { cpu: '-1' } } }),
      [/limits\[cpu\]: Invalid value: "-1": must be greater than or equal to 0/, /requests\[cpu\]/],
    ],
    [
      'a field that is none',
      withContainer({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.x' } } }] }),
      [/fieldPath: Invalid value: "spec.x": error converting fieldPath: field label not supported: spec.x/],
    ],
    [
      'a field that is not for this',
      withContainer({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.phase' } } }] }),
      [/fieldPath: Unsupported value: "status.phase"/],
    ],
    [
      'a label of its own',
      withContainer({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.labels['a']" } } }] }),
      [],
    ],
    [
      'a probe before the start',
      pod({ initContainers: [{ name: 'i', image: 'a:1', readinessProbe: { exec: { command: ['x'] } } }] }),
      [/readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always/],
    ],
    [
      'a probed sidecar',
      pod({
        initContainers: [
          { name: 'i', image: 'a:1', restartPolicy: 'Always', readinessProbe: { exec: { command: ['x'] } } },
        ],
      }),
      [],
    ],
    [
      'a share of a volume outside it',
      withContainer({ volumeMounts: [{ name: 'v', mountPath: '/x', subPath: '../y' }] }, { volumes: [{ name: 'v' }] }),
      [/subPath: Invalid value: "\.\.\/y": must not contain '\.\.'/],
    ],
    [
      'two kinds of volume',
      pod({ volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/x' } }] }),
      [/volumes\[0\].hostPath: Forbidden: may not specify more than 1 volume type/],
    ],
    [
      'no terms',
      pod({
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
      }),
      [/nodeSelectorTerms: Required value: must have at least one node selector term/],
    ],
    [
      'two nodes by name',
      pod({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a', 'b'] }] }],
            },
          },
        },
      }),
      [/values: Required value: must be only one value when `operator` is 'In' or 'NotIn' for node field selector/],
    ],
    [
      'a node by another field',
      pod({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [{ key: 'spec.x', operator: 'Exists' }] }],
            },
          },
        },
      }),
      [
        /operator: Invalid value: "Exists": not a valid selector operator/,
        /key: Invalid value: "spec.x": not a valid field selector key/,
      ],
    ],
    [
      'patience for what is not NoExecute',
      pod({ tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 1 }] }),
      [/effect: Invalid value: "NoSchedule": effect must be 'NoExecute' when `tolerationSeconds` is set/],
    ],
    [
      'a value of everything',
      pod({ tolerations: [{ key: 'a', operator: 'Exists', value: 'x' }] }),
      [/operator: Invalid value: .*: value must be empty when `operator` is 'Exists'/],
    ],
    [
      'spread without skew',
      pod({ topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }] }),
      [/maxSkew: Invalid value: 0: must be greater than zero/],
    ],
    [
      'spread twice',
      pod({
        topologySpreadConstraints: [1, 2].map(maxSkew => ({
          maxSkew,
          topologyKey: 'zone',
          whenUnsatisfiable: 'DoNotSchedule',
        })),
      }),
      [/Duplicate value: "{zone, DoNotSchedule}"/],
    ],
    [
      'privileged and not',
      withContainer({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
      [/cannot set `allowPrivilegeEscalation` to false and `privileged` to true/],
    ],
    [
      'a user of no number',
      pod({ securityContext: { runAsUser: -1 } }),
      [/securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive/],
    ],
    [
      'gated and placed',
      pod({ schedulingGates: [{ name: 'a' }], nodeName: 'n' }),
      [/nodeName: Forbidden: cannot be set until all schedulingGates have been cleared/],
    ],
    [
      'no time at all',
      pod({ activeDeadlineSeconds: 0 }),
      [/activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive/],
    ],
  ];
  it.each(cases)('%s', (_, draft, messages) => {
    const found = createErrors(pods, draft);
    expect(found).toHaveLength(messages.length);
    messages.forEach((message, i) => {
      expect(found[i]).toMatch(message);
    });
  });
});

describe('what may change of a pod (LIFE-05)', () => {
  const base = pod({
    tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }],
    activeDeadlineSeconds: 60,
    schedulingGates: [{ name: 'g' }],
    nodeSelector: { disk: 'ssd' },
  });
  const allowed: [string, (p: Pod) => void][] = [
    ['nothing', () => {}],
    [
      'labels',
      p => {
        p.metadata.labels = { a: 'b' };
      },
    ],
    [
      'image',
      p => {
        p.spec.containers[0]!.image = 'a:2';
      },
    ],
    [
      'a tighter deadline',
      p => {
        p.spec.activeDeadlineSeconds = 30;
      },
    ],
    [
      'one more toleration',
      p => {
        p.spec.tolerations!.push({ key: 'b', operator: 'Exists' });
      },
    ],
    [
      'how long is tolerated',
      p => {
        p.spec.tolerations![0]!.tolerationSeconds = 1;
      },
    ],
    [
      'gates opened',
      p => {
        delete p.spec.schedulingGates;
      },
    ],
    [
      'fewer nodes while gated',
      p => {
        p.spec.nodeSelector = { disk: 'ssd', zone: 'a' };
      },
    ],
  ];
  it.each(allowed)('%s', (_, change) => expect(updateErrors(pods, base, change)).toEqual([]));

  const forbidden: [string, (p: Pod) => void, RegExp][] = [
    [
      'a command',
      p => {
        p.spec.containers[0]!.command = ['x'];
      },
      /^spec: Forbidden: pod updates may not change fields other than `spec.containers\[\*\].image`/,
    ],
    [
      'the node',
      p => {
        p.spec.nodeName = 'other';
      },
      /^spec/,
    ],
    [
      'more nodes while gated',
      p => {
        p.spec.nodeSelector = { zone: 'a' };
      },
      /^spec: Forbidden/,
    ],
    [
      'a container more',
      p => {
        p.spec.containers.push({ name: 'b', image: 'b' });
      },
      /^spec.containers: Forbidden: pod updates may not add or remove containers$/,
    ],
    [
      'a looser deadline',
      p => {
        p.spec.activeDeadlineSeconds = 90;
      },
      /^spec.activeDeadlineSeconds: Invalid value: 90: must be less than or equal to previous value$/,
    ],
    [
      'no deadline',
      p => {
        delete p.spec.activeDeadlineSeconds;
      },
      /must not update from a positive integer to nil value$/,
    ],
    [
      'a toleration less',
      p => {
        p.spec.tolerations = [];
      },
      /^spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds$/,
    ],
    [
      'a gate shut',
      p => {
        p.spec.schedulingGates!.push({ name: 'h' });
      },
      /only deletion is allowed, but found new scheduling gate 'h'$/,
    ],
  ];
  it.each(forbidden)('not %s', (_, change, message) => {
    expect(updateErrors(pods, base, change)).toContainEqual(expect.stringMatching(message));
  });

  it('raises the generation with the spec, and leaves the status alone', () => {
    const before = created(pods, base);
    const after = updated(pods, before, p => {
      p.spec.containers[0]!.image = 'a:2';
      p.status = { phase: 'Running' };
    });
    expect(after.metadata.generation).toBe(2);
    expect(after.status).toEqual(before.status);
    expect(
      updated(pods, before, p => {
        p.metadata.labels = { a: 'b' };
      }).metadata.generation,
    ).toBe(1);
  });

  it('leaves spec, owners and class alone through /status', () => {
    const before = created(pods, base);
    before.metadata.ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'c', uid: '1' }];
    const after = statusUpdated(pods, before, p => {
      p.spec.containers[0]!.image = 'a:2';
      delete p.metadata.ownerReferences;
      p.status = { phase: 'Running' };
    });
    expect(after.spec).toEqual(before.spec);
    expect(after.metadata.ownerReferences).toEqual(before.metadata.ownerReferences);
    expect(after.status).toEqual({ phase: 'Running', qosClass: 'BestEffort' });
  });

  it('never runs again what ended for good', () => {
    const status = { name: 'main', image: 'a', imageID: '', ready: false, restartCount: 0 };
    const errors = (restartPolicy: string, exitCode: number) => {
      const before = created(pods, pod({ restartPolicy }));
      before.status.containerStatuses = [{ ...status, state: { terminated: { exitCode } } }];
      const after = statusUpdated(pods, before, p => {
        p.status.containerStatuses![0]!.state = { running: {} };
      });
      return pods.strategy.validateStatusUpdate!(after, before).map(e => e.message);
    };
    const refused = ['status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state'];
    expect(errors('Always', 0)).toEqual([]);
    expect(errors('OnFailure', 1)).toEqual([]);
    expect(errors('OnFailure', 0)).toEqual(refused);
    expect(errors('Never', 1)).toEqual(refused);
  });
});
