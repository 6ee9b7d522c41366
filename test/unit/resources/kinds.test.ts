import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResourceDefinition } from '../../../src/resources/definition.js';
import {
  BUILT_IN,
  configMaps,
  endpointSlices,
  endpoints,
  events,
  KindTable,
  leases,
  namespaces,
  nodes,
  podDisruptionBudgets,
  priorityClasses,
  secrets,
  services,
} from '../../../src/resources/index.js';
import type { KubeObject, Namespace, Node, Service } from '../../../src/resources/types.js';
import {
  created,
  createErrors,
  daemonSet,
  node,
  object,
  pod,
  statusUpdated,
  updated,
  updateErrors,
} from './objects.js';

const DISRUPTION_ALLOWED = {
  type: 'DisruptionAllowed',
  status: 'True',
  reason: 'SufficientPods',
  message: '',
  lastTransitionTime: '2026-01-01T00:00:00Z',
};

describe('the table of kinds', () => {
  it('finds a kind by resource, kind and path', () => {
    const table = new KindTable(BUILT_IN);
    expect(table.all()).toHaveLength(BUILT_IN.length);
    for (const kind of BUILT_IN) {
      const { group, version, plural } = kind;
      if (!kind.stored)
        expect(table.byResource(group ? `${plural}.${group}` : plural)).toBe(kind.virtual ? undefined : kind);
      expect(table.byKind(group ? `${group}/${version}` : version, kind.kind)).toBe(kind);
      expect(table.byPath(group, version, plural)).toBe(kind);
    }
    expect(table.byResource('daemonsets')).toBeUndefined();
  });

  it('grows and shrinks', () => {
    const table = new KindTable(BUILT_IN);
    const widgets: ResourceDefinition = {
      ...configMaps,
      group: 'example.com',
      kind: 'Widget',
      plural: 'widgets',
    } as ResourceDefinition;
    table.add(widgets);
    expect(table.byPath('example.com', 'v1', 'widgets')).toBe(widgets);
    expect(() => table.add(widgets)).toThrow('widgets.example.com is served already');
    table.remove(widgets);
    expect(table.byKind('example.com/v1', 'Widget')).toBeUndefined();
    expect(table.all()).toEqual(BUILT_IN);
  });

  it('holds no short name twice', () => {
    // Usage goes by the names of what it is of, and so do other versions.
    const names = BUILT_IN.filter(k => !k.virtual && !k.stored).flatMap(k => [...k.shortNames, k.plural]);
    expect(names).toHaveLength(new Set(names).size);
  });
});

describe('defaults', () => {
  const quantity = fc.constantFrom('100m', '1', '200Mi');
  const list = fc.option(fc.dictionary(fc.constantFrom('cpu', 'memory'), quantity), { nil: undefined });
  const container = fc.record(
    {
      name: fc.constantFrom('a', 'b'),
      image: fc.constantFrom('nginx', 'nginx:1', 'x/y:latest', ''),
      resources: fc.record({ limits: list, requests: list }),
      ports: fc.array(fc.record({ containerPort: fc.nat(70_000), hostPort: fc.nat(3) }), { maxLength: 2 }),
      livenessProbe: fc.record({ httpGet: fc.record({ port: fc.nat(90) }), periodSeconds: fc.nat(2) }),
      env: fc.constant([{ name: 'N', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }]),
    },
    { requiredKeys: ['name'] },
  );
  const spec = fc.record(
    {
      containers: fc.array(container, { maxLength: 2 }),
      initContainers: fc.array(container, { maxLength: 1 }),
      hostNetwork: fc.boolean(),
      serviceAccount: fc.constantFrom('a', 'b'),
      serviceAccountName: fc.constantFrom('a', 'c'),
      volumes: fc.constantFrom(
        [{ name: 'v' }],
        [{ name: 'v', configMap: { name: 'c' } }],
        [{ name: 'v', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }],
      ),
    },
    { requiredKeys: [] },
  );

  const twiceIsOnce = <T extends KubeObject>(kind: ResourceDefinition<T>, draft: T) => {
    kind.strategy.setDefaults!(draft);
    const once = structuredClone(draft);
    kind.strategy.setDefaults!(draft);
    expect(draft).toEqual(once);
  };
  const byKind = Object.fromEntries(BUILT_IN.map(k => [k.kind, k]));

  it('change nothing the second time', () => {
    fc.assert(
      fc.property(spec, podSpec => {
        twiceIsOnce(byKind.Pod!, pod(structuredClone(podSpec) as never));
        const set = daemonSet();
        set.spec.template.spec = structuredClone(podSpec) as never;
        twiceIsOnce(byKind.DaemonSet!, set);
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  it.each(BUILT_IN.filter(k => k.strategy.setDefaults).map(k => [k.plural, k] as const))(
    'of %s make do with next to nothing',
    (_, kind) => {
      const draft = object(kind, {});
      twiceIsOnce(kind, draft);
      expect(() => kind.printer.cells(created(kind, draft), 0)).not.toThrow();
      expect(Array.isArray(createErrors(kind, draft))).toBe(true);
    },
  );
});

describe('namespaces', () => {
  const made = created(namespaces, object(namespaces, { spec: {}, status: {} }));

  it('are active, held, and labelled with their name', () => {
    expect(made).toMatchObject({
      status: { phase: 'Active' },
      spec: { finalizers: ['kubernetes'] },
      metadata: { labels: { 'kubernetes.io/metadata.name': 'thing' } },
    });
    expect(namespaces.strategy.isHeld!(made)).toBe(true);
    expect(namespaces.strategy.markTerminating!(made).status.phase).toBe('Terminating');
  });

  it('lose their hold through /finalize alone', () => {
    const release = (n: Namespace) => {
      n.spec = { finalizers: [] };
    };
    expect(updated(namespaces, made, release).spec.finalizers).toEqual(['kubernetes']);
    const finalized = structuredClone(made);
    release(finalized);
    namespaces.strategy.prepareForFinalize!(finalized, made);
    expect(namespaces.strategy.isHeld!(finalized)).toBe(false);
  });
});

describe('nodes', () => {
  it('offer what they have, and write their range of addresses twice', () => {
    const made = created(nodes, node({ podCIDR: '10.1.0.0/24' }, { capacity: { cpu: '4' } }));
    expect(made.status.allocatable).toEqual({ cpu: '4' });
    expect(made.spec.podCIDRs).toEqual(['10.1.0.0/24']);
  });

  const base = node({ podCIDR: '10.1.0.0/24', providerID: 'p' }, { capacity: { cpu: '4' } });
  it.each<[string, (n: Node) => void, RegExp[]]>([
    [
      'cordoned',
      n => {
        n.spec.unschedulable = true;
      },
      [],
    ],
    [
      'tainted',
      n => {
        n.spec.taints = [{ key: 'a', effect: 'NoExecute' }];
      },
      [],
    ],
    [
      'tainted twice',
      n => {
        n.spec.taints = [
          { key: 'a', effect: 'NoExecute' },
          { key: 'a', value: 'b', effect: 'NoExecute' },
        ];
      },
      [/^metadata.taints\[1\]: Duplicate value: \{"key":"a","value":"b","effect":"NoExecute"\}: taints must be unique/],
    ],
    [
      'moved to other addresses',
      n => {
        n.spec.podCIDR = '10.2.0.0/24';
      },
      [
        /^spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid$/,
        /^\[\]: Forbidden: node updates may only change labels, taints, or capacity$/,
      ],
    ],
    [
      'moved, for new clients only',
      n => {
        n.spec.podCIDRs = ['10.2.0.0/24'];
      },
      [],
    ],
    [
      'sold',
      n => {
        n.spec.providerID = 'q';
      },
      [/^spec.providerID: Forbidden: node updates may not change providerID/, /^\[\]: Forbidden/],
    ],
    [
      'known to others by another name',
      n => {
        n.spec.externalID = 'e';
      },
      [/^\[\]: Forbidden/],
    ],
    [
      'told its status',
      n => {
        n.status = { capacity: { cpu: '-1' } };
      },
      [],
    ],
  ])('can be %s or not', (_, change, messages) => {
    const found = updateErrors(nodes, base, change);
    expect(found).toHaveLength(messages.length);
    messages.forEach((message, i) => {
      expect(found[i]).toMatch(message);
    });
  });

  it('have whole pods and no less than nothing', () => {
    expect(
      createErrors(nodes, node({}, { capacity: { pods: '1500m', cpu: '-1', power: '1' }, allocatable: {} })),
    ).toEqual([
      'status.capacity.pods: Invalid value: "1500m": must be an integer',
      'status.capacity.cpu: Invalid value: "-1": must be greater than or equal to 0',
      'status.capacity.power: Invalid value: "power": must be a standard resource type or fully qualified',
    ]);
  });
});

describe('services', () => {
  const service = (spec: Service['spec']) => object(services, { spec, status: {} });
  it.each<[string, Service['spec'], RegExp[]]>([
    ['plain', { ports: [{ port: 80 }] }, []],
    [
      'two nameless ports',
      { ports: [{ port: 80 }, { port: 81, name: 'b' }] },
      [/^spec.ports\[0\].name: Required value$/],
    ],
    [
      'one port twice',
      {
        ports: [
          { port: 80, name: 'a' },
          { port: 80, name: 'b' },
        ],
      },
      [/^spec.ports\[1\]: Duplicate value: \{"protocol":"TCP","port":80\}$/],
    ],
    [
      'one name twice',
      {
        ports: [
          { port: 80, name: 'a' },
          { port: 81, name: 'a' },
        ],
      },
      [/^spec.ports\[1\].name: Duplicate value: "a"$/],
    ],
    [
      'a port of the node inside',
      { ports: [{ port: 80, nodePort: 30_080 }] },
      [/^spec.ports\[0\].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'$/],
    ],
    [
      'no address outside',
      { type: 'NodePort', clusterIP: 'None', ports: [{ port: 80 }] },
      [/may not be set to 'None' for NodePort services/],
    ],
    [
      'the kubelet outside',
      { type: 'LoadBalancer', ports: [{ port: 10_250 }] },
      [/may not expose port 10250 externally/],
    ],
    ['by a name', { type: 'ExternalName', externalName: 'example.com.' }, []],
    [
      'local to nothing',
      { ports: [{ port: 80 }], externalTrafficPolicy: 'Local' },
      [/^spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services$/],
    ],
    [
      'a bad address',
      { ports: [{ port: 80 }], clusterIP: 'x', clusterIPs: ['x'] },
      [/^spec.clusterIPs\[0\]: Invalid value: "x": must be a valid IP address/],
    ],
  ])('%s', (_, spec, messages) => {
    const found = createErrors(services, service(spec));
    expect(found).toHaveLength(messages.length);
    messages.forEach((message, i) => {
      expect(found[i]).toMatch(message);
    });
  });

  it('keep their address', () => {
    const old = service({ ports: [{ port: 80 }], clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'] });
    const errors = updateErrors(services, old, s => {
      Object.assign(s.spec, { clusterIP: '10.96.0.8', clusterIPs: ['10.96.0.8'] });
    });
    expect(errors).toEqual(['spec.clusterIPs[0]: Invalid value: ["10.96.0.8"]: may not change once set']);
  });
});

describe('secrets and ConfigMaps', () => {
  it('fold text into data', () => {
    const made = created(secrets, object(secrets, { data: { a: 'eA==', b: 'eQ==' }, stringData: { b: 'text' } }));
    expect(made).toMatchObject({ type: 'Opaque', data: { a: 'eA==', b: 'dGV4dA==' } });
    expect('stringData' in made).toBe(false);
  });

  it.each<[string, Record<string, string>, RegExp[]]>([
    ['kubernetes.io/tls', { 'tls.crt': '' }, [/^data\[tls.key\]: Required value$/]],
    ['kubernetes.io/ssh-auth', {}, [/^data\[ssh-privatekey\]: Required value$/]],
    ['kubernetes.io/basic-auth', { username: '' }, []],
    ['kubernetes.io/dockerconfigjson', { '.dockerconfigjson': 'e30=' }, []],
    ['kubernetes.io/dockerconfigjson', { '.dockerconfigjson': 'eA==' }, [/: invalid character 'x' looking for/]],
    ['kubernetes.io/dockercfg', { '.dockercfg': 'W10=' }, [/: json: cannot unmarshal array into Go value of type map/]],
    ['kubernetes.io/ssh-auth', { 'ssh-privatekey': '' }, [/^data\[ssh-privatekey\]: Required value$/]],
    ['Opaque', { 'a b': '' }, [/^data\[a b\]: Invalid value: "a b": a valid config key/]],
  ])('of type %s need their keys', (type, data, messages) => {
    const found = createErrors(secrets, object(secrets, { type, data }));
    expect(found).toHaveLength(messages.length);
    messages.forEach((message, i) => {
      expect(found[i]).toMatch(message);
    });
  });

  it('stay what they are', () => {
    const immutable = 'Forbidden: field is immutable when `immutable` is set';
    expect(
      updateErrors(secrets, object(secrets, {}), s => {
        s.type = 'other';
      }),
    ).toEqual(['type: Invalid value: "other": field is immutable']);
    const fixed = object(configMaps, { immutable: true, data: { a: '1' } });
    expect(
      updateErrors(configMaps, fixed, c => {
        c.data = { a: '2' };
      }),
    ).toEqual([`data: ${immutable}`]);
    expect(
      updateErrors(configMaps, fixed, c => {
        c.immutable = false;
      }),
    ).toEqual([`immutable: ${immutable}`]);
    expect(
      updateErrors(configMaps, fixed, c => {
        c.metadata.labels = { a: 'b' };
      }),
    ).toEqual([]);
  });

  it('hold a megabyte', () => {
    const data = { a: 'x'.repeat(1024 * 1024) };
    expect(createErrors(configMaps, object(configMaps, { data }))).toEqual([]);
    expect(createErrors(configMaps, object(configMaps, { data: { ...data, b: 'x' } }))).toEqual([
      '[]: Too long: may not be more than 1048576 bytes',
    ]);
    expect(createErrors(configMaps, object(configMaps, { data: { a: '' }, binaryData: { a: '' } }))).toEqual([
      'data[a]: Invalid value: "a": duplicate of key present in binaryData',
    ]);
  });
});

describe('endpoints', () => {
  it('have addresses and ports that can be reached', () => {
    expect(
      createErrors(
        endpoints,
        object(endpoints, { subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }] }),
      ),
    ).toEqual([]);
    expect(
      createErrors(
        endpoints,
        object(endpoints, { subsets: [{ ports: [{ port: 0 }, { name: 'b', port: 1, protocol: 'X' }] }] }),
      ),
    ).toEqual([
      'subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`',
      'subsets[0].ports[0].name: Required value',
      'subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
      'subsets[0].ports[1].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP"',
    ]);
  });

  it('come in slices of one type of address', () => {
    const slice = (addresses: string[]) => object(endpointSlices, { addressType: 'IPv4', endpoints: [{ addresses }] });
    expect(createErrors(endpointSlices, slice(['10.0.0.1']))).toEqual([]);
    expect(createErrors(endpointSlices, slice([]))).toEqual([
      'endpoints[0].addresses: Required value: must contain at least 1 address',
    ]);
    expect(createErrors(endpointSlices, slice(Array.from({ length: 101 }, () => '10.0.0.1')))).toEqual([
      'endpoints[0].addresses: Too many: 101: must have at most 100 items',
    ]);
    const changed = updateErrors(endpointSlices, slice(['10.0.0.1']), s => {
      s.addressType = 'FQDN';
    });
    expect(changed).toEqual(['addressType: Invalid value: "FQDN": field is immutable']);
  });
});

describe('the other kinds', () => {
  it('PriorityClasses have their limits and do not change', () => {
    const named = (name: string, value: number) => {
      const made = object(priorityClasses, { value });
      return createErrors(priorityClasses, { ...made, metadata: { ...made.metadata, name } });
    };
    expect(named('high', 1_000_000_000)).toEqual([]);
    expect(named('high', 1_000_000_001)).toEqual([
      'value: Forbidden: maximum allowed value of a user defined priority is 1000000000',
    ]);
    expect(named('system-node-critical', 2_000_001_000)).toEqual([]);
    expect(named('system-mine', 1)).toEqual([
      expect.stringMatching(/^metadata.name: Forbidden: priority class names with 'system-' prefix are reserved/),
    ]);
    expect(
      updateErrors(priorityClasses, object(priorityClasses, { value: 1 }), c => {
        c.value = 2;
      }),
    ).toEqual(['value: Forbidden: may not be changed in an update.']);
  });

  it('Leases last', () => {
    expect(createErrors(leases, object(leases, { spec: { leaseDurationSeconds: 0, leaseTransitions: -1 } }))).toEqual([
      'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
      'spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0',
    ]);
  });

  it('Events are where their objects are', () => {
    const event = (namespace?: string) =>
      object(events, { involvedObject: { kind: 'X', name: 'x', ...(namespace ? { namespace } : {}) } });
    expect(createErrors(events, event('default'))).toEqual([]);
    expect(createErrors(events, event())).toEqual([]);
    expect(createErrors(events, event('other'))).toEqual([
      'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
    ]);
  });

  it('PodDisruptionBudgets count one way', () => {
    const budget = (spec: object) =>
      createErrors(podDisruptionBudgets, object(podDisruptionBudgets, { spec } as never));
    expect(budget({ minAvailable: 1 })).toEqual([]);
    expect(budget({ minAvailable: 1, maxUnavailable: '10%' })).toEqual([
      expect.stringMatching(/^spec: Invalid value: .*: minAvailable and maxUnavailable cannot be both set$/),
    ]);
    expect(budget({ maxUnavailable: '110%' })).toEqual([
      'spec.maxUnavailable: Invalid value: "110%": must not be greater than 100%',
    ]);
    expect(budget({ unhealthyPodEvictionPolicy: 'AlwaysAllow' })).toEqual([]);
    expect(budget({ unhealthyPodEvictionPolicy: 'Never' })).toEqual([
      'spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"',
    ]);
  });

  it.each<[string, object, string[]]>([
    ['what the controller says', {}, []],
    [
      'less than nothing',
      { currentHealthy: -1 },
      ['currentHealthy: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'conditions that tell too little',
      { conditions: [{ type: '', status: 'Maybe' }] },
      [
        'conditions[0].type: Invalid value: "": name part must be non-empty',
        expect.stringMatching(/^conditions\[0\]\.type: Invalid value: "": name part must consist of/),
        'conditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"',
        'conditions[0].lastTransitionTime: Required value: must be set',
        'conditions[0].reason: Required value: must be set',
      ],
    ],
    [
      'a condition twice, in no word',
      { conditions: [DISRUPTION_ALLOWED, { ...DISRUPTION_ALLOWED, reason: 'no word' }] },
      [
        'conditions[1].type: Duplicate value: "DisruptionAllowed"',
        expect.stringMatching(
          /^conditions\[1\]\.reason: Invalid value: "no word": a condition reason must start with alphabetic character, /,
        ),
      ],
    ],
  ])('the status of a PodDisruptionBudget: %s', (_what, status, problems) => {
    const old = created(podDisruptionBudgets, object(podDisruptionBudgets, { spec: {} } as never));
    const next = statusUpdated(podDisruptionBudgets, old, b => {
      Object.assign(b.status, { conditions: [DISRUPTION_ALLOWED] }, status);
    });
    const errors = podDisruptionBudgets.strategy.validateStatusUpdate!(next, old).map(e => e.message);
    expect(errors.map(message => message.replace(/^status\./, ''))).toEqual(problems);
  });
});
