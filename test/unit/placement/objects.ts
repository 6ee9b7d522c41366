import fc from 'fast-check';
import type {
  Node,
  NodeSpec,
  Pod,
  PodSpec,
  PodTemplateSpec,
  ResourceList,
  Taint,
} from '../../../src/resources/types.js';

const metadata = (name: string, labels?: Record<string, string>) => ({
  name,
  uid: `uid-${name}`,
  resourceVersion: '1',
  creationTimestamp: '2025-01-01T00:00:00Z',
  ...(labels ? { labels } : {}),
});

export function node({
  name = 'n1',
  labels,
  allocatable = { cpu: '4', memory: '8Gi', pods: '10' },
  ...spec
}: { name?: string; labels?: Record<string, string>; allocatable?: ResourceList } & NodeSpec = {}): Node {
  return { apiVersion: 'v1', kind: 'Node', metadata: metadata(name, labels), spec, status: { allocatable } };
}

export const template = (spec: Partial<PodSpec> = {}): PodTemplateSpec => ({
  spec: { containers: [{ name: 'main' }], ...spec },
});

export function pod(name: string, spec: Partial<PodSpec> = {}, labels?: Record<string, string>): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata(name, labels), namespace: 'default' },
    spec: template(spec).spec,
    status: {},
  };
}

/** A node with taints, as kubectl writes them. */
export const tainted = (...texts: string[]): Node => node({ taints: texts.map(taint) });

function taint(text: string): Taint {
  const [, key, value, effect] = /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(text)!;
  return { key: key!, ...(value ? { value } : {}), effect: effect as Taint['effect'] };
}

/** A taint of Kubernetes' own. */
export const k8s = (key: string, effect: string): string => `node.kubernetes.io/${key}:${effect}`;

/** Required node affinity. */
export const required = (...nodeSelectorTerms: object[]): Partial<PodSpec> => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
});

/** A term of one label. */
export const label = (key: string, operator: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator, ...(values.length > 0 ? { values } : {}) }],
});

/** A term of the node's name. */
export const field = (operator: string, ...values: string[]) => ({
  matchFields: [{ key: 'metadata.name', operator, values }],
});

// ---- anything that can happen, from few enough words that things meet ----

const key = fc.constantFrom(
  'zone',
  'disk',
  'cores',
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unschedulable',
);
const value = fc.constantFrom('', 'a', 'b', '4', '8');
const effect = fc.constantFrom('NoSchedule', 'PreferNoSchedule', 'NoExecute');

const requirement = (keys: fc.Arbitrary<string>, allowed: fc.Arbitrary<string>) =>
  fc.record({
    key: keys,
    operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt', 'Nonsense'),
    values: fc.array(allowed, { maxLength: 2 }),
  });

const term = fc.record(
  {
    matchExpressions: fc.array(requirement(key, value), { maxLength: 2 }),
    matchFields: fc.array(requirement(fc.constant('metadata.name'), fc.constantFrom('n1', 'n2')), { maxLength: 1 }),
  },
  { requiredKeys: [] },
);

const toleration = fc.record(
  { key, operator: fc.constantFrom('', 'Exists', 'Equal', 'Gt'), value, effect, tolerationSeconds: fc.nat(60) },
  { requiredKeys: [] },
);

const amount = fc.constantFrom('0', '100m', '1', '2', '5');

const container = fc.record({
  name: fc.constant('main'),
  resources: fc.record({ requests: fc.dictionary(fc.constantFrom('cpu', 'memory', 'example.com/gpu'), amount) }),
  ports: fc.array(
    fc.record(
      {
        containerPort: fc.constant(80),
        hostPort: fc.constantFrom(80, 81),
        hostIP: fc.constantFrom('', '0.0.0.0', '10.0.0.1', '10.0.0.2'),
        protocol: fc.constantFrom('TCP', 'UDP'),
      },
      { requiredKeys: ['containerPort'] },
    ),
    { maxLength: 2 },
  ),
});

/** Any pod spec, as far as placement looks at it. */
export const arbitrarySpec: fc.Arbitrary<Partial<PodSpec>> = fc.record(
  {
    nodeName: fc.constantFrom('n1', 'n2'),
    nodeSelector: fc.dictionary(key, value, { maxKeys: 1 }),
    tolerations: fc.array(toleration, { maxLength: 3 }),
    hostNetwork: fc.boolean(),
    affinity: fc.record({
      nodeAffinity: fc.record({
        requiredDuringSchedulingIgnoredDuringExecution: fc.record({
          nodeSelectorTerms: fc.array(term, { maxLength: 2 }),
        }),
      }),
    }),
    containers: fc.array(container, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['containers'] },
);

export const arbitraryNode: fc.Arbitrary<Node> = fc
  .record(
    {
      labels: fc.dictionary(key, value),
      unschedulable: fc.boolean(),
      taints: fc.array(fc.record({ key, value, effect }), { maxLength: 3 }),
      allocatable: fc.dictionary(fc.constantFrom('cpu', 'memory', 'pods', 'example.com/gpu'), amount),
    },
    { requiredKeys: [] },
  )
  .map(parts => node(parts as Parameters<typeof node>[0]));

export const arbitraryPods: fc.Arbitrary<Pod[]> = fc
  .array(arbitrarySpec, { maxLength: 4 })
  .map(specs => specs.map((spec, i) => pod(`other-${i}`, spec)));
