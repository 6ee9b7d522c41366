import { describe, expect, it } from 'vitest';
import type { Cell, ResourceDefinition } from '../../../src/resources/definition.js';
import { KindTable } from '../../../src/resources/index.js';
import type { JsonObject } from '../../../src/resources/json.js';
import { PLAIN } from '../../../src/resources/plain/index.js';
import { placesOf } from '../../../src/resources/plain/paths.js';
import { schemaType } from '../../../src/resources/schema.js';
import type { KubeObject } from '../../../src/resources/types.js';
import { created, createErrors, updated, updateErrors } from './objects.js';

const kinds = new KindTable(PLAIN);
const NOW = Date.parse('2024-01-01T00:05:00Z');
const FIELDS = { spec: { containers: [{ name: 'a', image: 'x' }] } };

function kindOf(apiVersion: string, kind: string): ResourceDefinition {
  const found = kinds.byKind(apiVersion, kind);
  if (!found) throw new Error(`no ${kind}`);
  return found;
}

const fieldsOf = (messages: readonly string[]) => messages.map(message => message.split(': ')[0]);

function object(apiVersion: string, kind: string, fields: JsonObject): KubeObject {
  const metadata = {
    // What an IPAddress is about is its name.
    name: kind === 'IPAddress' ? '10.96.0.9' : 'x',
    ...(kindOf(apiVersion, kind).namespaced ? { namespace: 'default' } : {}),
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '2024-01-01T00:00:00Z',
  };
  return { apiVersion, kind, metadata, ...structuredClone(fields) };
}

const RBAC = 'rbac.authorization.k8s.io/v1';
const NET = 'networking.k8s.io/v1';
const STORAGE = 'storage.k8s.io/v1';
const ADMISSION = 'admissionregistration.k8s.io/v1';
const FLOW = 'flowcontrol.apiserver.k8s.io/v1';

const SUBJECTS = [
  { kind: 'User', name: 'jane' },
  { kind: 'ServiceAccount', name: 'robot', namespace: 'ns' },
];
const RULES = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];
const BACKEND = { service: { name: 'web', port: { number: 80 } } };
const PATHS = [{ path: '/', pathType: 'Prefix', backend: BACKEND }];
const WEBHOOK = {
  name: 'a.example.com',
  clientConfig: { url: 'https://example.com' },
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
};

/** API version, kind, what a user sends, and the row that `kubectl get -o wide` shows of it. */
const ROWS: [string, string, JsonObject, Cell[]][] = [
  [RBAC, 'ClusterRole', { rules: RULES }, ['x', '2024-01-01T00:00:00Z']],
  [RBAC, 'Role', { rules: RULES }, ['x', '2024-01-01T00:00:00Z']],
  [
    RBAC,
    'RoleBinding',
    { roleRef: { kind: 'Role', name: 'reader' }, subjects: SUBJECTS },
    ['x', 'Role/reader', '5m', 'jane', '', 'ns/robot'],
  ],
  [
    RBAC,
    'ClusterRoleBinding',
    { roleRef: { kind: 'ClusterRole', name: 'all' } },
    ['x', 'ClusterRole/all', '5m', '', '', ''],
  ],
  [NET, 'IngressClass', { spec: { controller: 'example.com/c' } }, ['x', 'example.com/c', '<none>', '5m']],
  [
    NET,
    'Ingress',
    {
      spec: {
        ingressClassName: 'nginx',
        tls: [{}],
        rules: ['a', 'b', 'c', 'd'].map(host => ({ host: `${host}.example.com`, http: { paths: PATHS } })),
      },
    },
    ['x', 'nginx', 'a.example.com,b.example.com,c.example.com + 1 more...', '', '80, 443', '5m'],
  ],
  [NET, 'NetworkPolicy', { spec: { podSelector: { matchLabels: { a: 'b' } } } }, ['x', 'a=b', '5m']],
  [NET, 'ServiceCIDR', { spec: { cidrs: ['10.96.0.0/16'] } }, ['x', '10.96.0.0/16', '5m']],
  [
    NET,
    'IPAddress',
    { spec: { parentRef: { resource: 'services', namespace: 'a', name: 'b' } } },
    ['10.96.0.9', 'services/a/b', '5m'],
  ],
  [STORAGE, 'StorageClass', { provisioner: 'p' }, ['x', 'p', 'Delete', 'Immediate', false, '5m']],
  [STORAGE, 'CSIDriver', { spec: {} }, ['x', true, false, false, '<unset>', false, 'Persistent', '5m']],
  [STORAGE, 'CSINode', { spec: { drivers: [{ name: 'd', nodeID: 'n' }] } }, ['x', 1, '5m']],
  [STORAGE, 'CSIStorageCapacity', { storageClassName: 'fast', capacity: '1Gi' }, ['x', 'fast', '1Gi']],
  [
    STORAGE,
    'VolumeAttachment',
    { spec: { attacher: 'a', nodeName: 'n', source: { persistentVolumeName: 'pv' } } },
    ['x', 'a', 'pv', 'n', false, '5m'],
  ],
  [STORAGE, 'VolumeAttributesClass', { driverName: 'd', parameters: { a: 'b' } }, ['x', 'd', '5m']],
  [ADMISSION, 'ValidatingWebhookConfiguration', { webhooks: [WEBHOOK] }, ['x', 1, '5m']],
  [
    ADMISSION,
    'ValidatingAdmissionPolicy',
    {
      spec: {
        matchConstraints: {
          resourceRules: [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }],
        },
        validations: [{ expression: 'true' }],
      },
    },
    ['x', 1, '<unset>', '5m'],
  ],
  [
    ADMISSION,
    'ValidatingAdmissionPolicyBinding',
    { spec: { policyName: 'p', validationActions: ['Deny'] } },
    ['x', 'p', '<unset>', '5m'],
  ],
  [
    FLOW,
    'FlowSchema',
    { spec: { priorityLevelConfiguration: { name: 'high' } } },
    ['x', 'high', 1000, '<none>', '5m', '?'],
  ],
  [
    FLOW,
    'PriorityLevelConfiguration',
    { spec: { type: 'Limited', limited: { limitResponse: { type: 'Queue', queuing: {} } } } },
    ['x', 'Limited', 30, 64, 8, 50, '5m'],
  ],
  ['node.k8s.io/v1', 'RuntimeClass', { handler: 'gvisor' }, ['x', 'gvisor', '5m']],
  [
    'v1',
    'PersistentVolumeClaim',
    { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
    ['x', 'Pending', '', '', '', '', '<unset>', '5m', 'Filesystem'],
  ],
  [
    'v1',
    'PersistentVolume',
    { spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/a' } } },
    ['x', '1Gi', 'RWO', 'Retain', 'Pending', '', '', '<unset>', '', '5m', 'Filesystem'],
  ],
  ['v1', 'ResourceQuota', { spec: { hard: { pods: '3' } } }, ['x', '', '', '5m']],
  ['v1', 'LimitRange', { spec: { limits: [{ type: 'Container' }] } }, ['x', '2024-01-01T00:00:00Z']],
  ['v1', 'PodTemplate', { template: FIELDS }, ['x', 'a', 'x', '<none>']],
];

describe('plain kinds', () => {
  it.each(PLAIN.map(kind => [kind.plural, kind] as const))('%s have a type in the schema', (_, kind) => {
    expect(schemaType(kind.schema as string)).toBeDefined();
  });

  it.each(ROWS)('%s %s is accepted, completed and printed', (apiVersion, kind, fields, row) => {
    const definition = kindOf(apiVersion, kind);
    const sent = object(apiVersion, kind, fields);
    expect(createErrors(definition, sent)).toEqual([]);
    expect(definition.printer.cells(created(definition, sent), NOW)).toEqual(row);
    expect(definition.printer.columns).toHaveLength(row.length);
  });

  it.each<[string, string, JsonObject, string[]]>([
    [RBAC, 'Role', { rules: [{}] }, ['rules[0].verbs', 'rules[0].apiGroups', 'rules[0].resources']],
    [
      RBAC,
      'RoleBinding',
      { roleRef: { kind: 'X', name: '' }, subjects: [{ kind: 'ServiceAccount', name: 'a' }] },
      ['roleRef.kind', 'roleRef.name'],
    ],
    [NET, 'Ingress', { spec: {} }, ['spec']],
    [
      NET,
      'Ingress',
      { spec: { rules: [{ host: '1.2.3.4', http: { paths: [{ path: 'a', pathType: 'Exact' }] } }] } },
      ['spec.rules[0].host', 'spec.rules[0].http.paths[0].path', 'spec.rules[0].http.paths[0].backend'],
    ],
    [
      NET,
      'NetworkPolicy',
      { spec: { ingress: [{ from: [{ ipBlock: { cidr: 'x' } }, {}] }] } },
      ['spec.ingress[0].from[0].ipBlock.cidr', 'spec.ingress[0].from[1]'],
    ],
    [NET, 'ServiceCIDR', { spec: { cidrs: ['x'] } }, ['spec.cidrs[0]']],
    [NET, 'ServiceCIDR', {}, ['spec.cidrs']],
    [NET, 'IPAddress', { metadata: { name: 'x' } }, ['metadata.name', 'spec.parentRef']],
    [NET, 'IPAddress', { spec: { parentRef: {} } }, ['spec.parentRef.resource', 'spec.parentRef.name']],
    [
      NET,
      'IngressClass',
      { spec: { parameters: {} } },
      ['spec.controller', 'spec.parameters.kind', 'spec.parameters.name'],
    ],
    [STORAGE, 'StorageClass', { reclaimPolicy: 'Keep' }, ['provisioner', 'reclaimPolicy']],
    [
      STORAGE,
      'VolumeAttachment',
      { spec: {} },
      ['spec.attacher', 'spec.source', 'spec.nodeName', 'spec.attacher', 'spec.attacher'],
    ],
    [
      ADMISSION,
      'MutatingWebhookConfiguration',
      { webhooks: [{ name: 'a', sideEffects: 'Some' }] },
      [
        'webhooks[0].name',
        'webhooks[0].sideEffects',
        'webhooks[0].clientConfig',
        'webhooks[0].admissionReviewVersions',
      ],
    ],
    [
      ADMISSION,
      'ValidatingAdmissionPolicy',
      { spec: {} },
      ['spec.matchConstraints', 'spec.validations', 'spec.auditAnnotations'],
    ],
    [FLOW, 'PriorityLevelConfiguration', { spec: { type: 'Odd' } }, ['spec.type']],
    [FLOW, 'FlowSchema', {}, ['spec.priorityLevelConfiguration.name']],
    ['resource.k8s.io/v1', 'ResourceSlice', {}, ['spec.driver', 'spec.pool.name']],
    ['node.k8s.io/v1', 'RuntimeClass', {}, ['handler']],
    [
      'v1',
      'PersistentVolumeClaim',
      { spec: { accessModes: ['Odd'] } },
      ['spec.accessModes', 'spec.resources[storage]'],
    ],
    ['v1', 'PersistentVolume', { spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1' } } }, ['spec']],
    ['v1', 'LimitRange', { spec: { limits: [{ type: 'Odd' }] } }, ['spec.limits[0].type']],
  ])('%s %s %j is refused', (apiVersion, kind, fields, wanted) => {
    expect(fieldsOf(createErrors(kindOf(apiVersion, kind), object(apiVersion, kind, fields)))).toEqual(wanted);
  });

  it.each<[string, string, JsonObject, JsonObject, string[]]>([
    [
      RBAC,
      'RoleBinding',
      { roleRef: { kind: 'Role', name: 'a' } },
      { roleRef: { kind: 'Role', name: 'b' } },
      ['roleRef'],
    ],
    [STORAGE, 'StorageClass', { provisioner: 'a' }, { provisioner: 'b' }, ['provisioner']],
    [NET, 'IngressClass', { spec: { controller: 'x.io/a' } }, { spec: { controller: 'x.io/b' } }, ['spec.controller']],
    ['node.k8s.io/v1', 'RuntimeClass', { handler: 'a' }, { handler: 'b' }, ['handler']],
  ])('%s %s: what may not change', (apiVersion, kind, before, after, wanted) => {
    const definition = kindOf(apiVersion, kind);
    const old = created(definition, object(apiVersion, kind, before));
    expect(fieldsOf(updateErrors(definition, old, o => Object.assign(o, structuredClone(after))))).toEqual(wanted);
  });

  it('count changes of the spec, and leave the status to /status', () => {
    const kind = kindOf(NET, 'Ingress');
    const old = created(
      kind,
      object(NET, 'Ingress', { spec: { defaultBackend: BACKEND }, status: { loadBalancer: { ingress: [] } } }),
    );
    expect(old).toMatchObject({ metadata: { generation: 1 }, status: { loadBalancer: {} } });
    const same = updated(kind, old, o => Object.assign(o, { status: { x: 1 } }));
    expect(same).toMatchObject({ metadata: { generation: 1 }, status: { loadBalancer: {} } });
    const other = { service: { name: 'other', port: { number: 1 } } };
    const changed = updated(kind, old, o => Object.assign(o, { spec: { defaultBackend: other } }));
    expect(changed.metadata.generation).toBe(2);
    const told = object(NET, 'Ingress', { spec: {}, status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } } });
    kind.strategy.prepareForStatusUpdate?.(told, old);
    expect(told).toMatchObject({
      spec: { defaultBackend: BACKEND },
      status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } },
    });
  });
});

describe('paths', () => {
  it.each<[string, boolean, string[]]>([
    ['a.b', false, []],
    ['a.b', true, ['a.b']],
    ['a?.b', true, []],
    ['list[].x', true, ['list[0].x', 'list[1].x']],
    ['list[].y.x', false, ['list[1].y.x']],
  ])('%s (create: %s)', (path, create, wanted) => {
    expect(placesOf({ list: [{}, { y: {} }] }, path, create).map(p => p.path)).toEqual(wanted);
  });
});
