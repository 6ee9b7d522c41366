import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decodeProtobuf,
  encodeProtobuf,
  encodeWatchFrame,
  hasProtobuf,
  type TypedObject,
} from '../../../src/api/protobuf.js';
import { decodeObject } from '../../../src/registry/decode.js';
import { StatusError } from '../../../src/registry/status.js';
import { type SchemaType, structType } from '../../../src/resources/schema.js';

/** Bodies that kubectl 1.35 sent, by the command that made it. */
const VECTORS = JSON.parse(readFileSync(new URL('./kubectl-protobuf.json', import.meta.url), 'utf8')) as {
  command: string;
  base64: string;
}[];
const sent = (command: string) =>
  Buffer.from(VECTORS.find(vector => vector.command.startsWith(`kubectl ${command}`))!.base64, 'base64');

/** A Deployment with one of everything that has a form of its own. kubectl 1.35 read these bytes of ours as exactly this. */
const DEPLOYMENT: TypedObject = {
  kind: 'Deployment',
  apiVersion: 'apps/v1',
  metadata: {
    name: 'web',
    generation: 3,
    creationTimestamp: '2026-01-02T03:04:05Z',
    deletionGracePeriodSeconds: 0,
    labels: { a: '', b: 'ü' },
    ownerReferences: [{ apiVersion: 'v1', kind: 'K', name: 'n', uid: 'z', controller: false }],
    managedFields: [
      {
        manager: 'm',
        operation: 'Update',
        time: '2026-01-02T03:04:05Z',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:spec': {} },
      },
    ],
  },
  spec: {
    replicas: 0,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
    template: {
      metadata: {},
      spec: {
        terminationGracePeriodSeconds: 0,
        automountServiceAccountToken: false,
        volumes: [{ name: 'c', configMap: { name: 'cm', defaultMode: 420 } }],
        containers: [
          {
            name: 'c',
            args: ['', 'x'],
            env: [{ name: 'E', valueFrom: { configMapKeyRef: { name: 'cm', key: 'k', optional: false } } }],
            resources: { limits: { cpu: '500m' } },
            livenessProbe: { httpGet: { path: '/', port: 'web' }, periodSeconds: 10 },
            securityContext: { runAsUser: 0, runAsNonRoot: false },
          },
        ],
        tolerations: [{ operator: 'Exists', tolerationSeconds: -5 }],
      },
    },
  },
  status: { observedGeneration: Number.MAX_SAFE_INTEGER },
};

function failure(run: () => unknown): [number, string] {
  try {
    run();
  } catch (error) {
    if (error instanceof StatusError) return [error.code, error.message];
    throw error;
  }
  throw new Error('did not fail');
}

describe('protobuf bodies', () => {
  it.each([
    ['create namespace', { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'x' }, spec: {}, status: {} }],
    [
      'create configmap',
      { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'settings' }, data: { a: '1', empty: '' } },
    ],
    [
      'create secret',
      { kind: 'Secret', apiVersion: 'v1', metadata: { name: 's' }, data: { password: 'aHVudGVyMg==' } },
    ],
    [
      'create deployment',
      {
        kind: 'Deployment',
        apiVersion: 'apps/v1',
        metadata: { name: 'web', labels: { app: 'web' } },
        spec: {
          replicas: 0,
          selector: { matchLabels: { app: 'web' } },
          strategy: {},
          template: {
            metadata: { labels: { app: 'web' } },
            spec: { containers: [{ name: 'nginx', image: 'nginx', ports: [{ containerPort: 80 }], resources: {} }] },
          },
        },
        status: {},
      },
    ],
    [
      'create service ',
      {
        kind: 'Service',
        apiVersion: 'v1',
        metadata: { name: 'svc', labels: { app: 'svc' } },
        spec: {
          type: 'ClusterIP',
          selector: { app: 'svc' },
          ports: [{ name: '80-8080', protocol: 'TCP', port: 80, targetPort: 8080 }],
        },
        status: { loadBalancer: {} },
      },
    ],
    [
      'create quota',
      {
        kind: 'ResourceQuota',
        apiVersion: 'v1',
        metadata: { name: 'q' },
        spec: { hard: { cpu: '500m', pods: '3' } },
        status: {},
      },
    ],
    [
      'create poddisruptionbudget',
      {
        kind: 'PodDisruptionBudget',
        apiVersion: 'policy/v1',
        metadata: { name: 'p' },
        spec: { minAvailable: '50%', selector: { matchLabels: { a: 'b' } } },
        status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
      },
    ],
    [
      'auth can-i',
      {
        kind: 'SelfSubjectAccessReview',
        apiVersion: 'authorization.k8s.io/v1',
        metadata: {},
        spec: { resourceAttributes: { namespace: 'default', verb: 'create', resource: 'pods' } },
        status: {},
      },
    ],
  ])('of kubectl %s are read', (command, object) => {
    expect(decodeProtobuf(sent(command))).toMatchObject(object);
    expect(Object.keys(decodeProtobuf(sent(command))).sort()).toEqual(Object.keys(object).sort());
  });

  it('of every recorded command survive a round trip', () => {
    for (const { base64 } of VECTORS) {
      const object = decodeProtobuf(Buffer.from(base64, 'base64'));
      expect(decodeProtobuf(encodeProtobuf(object))).toEqual(object);
    }
    expect(VECTORS.length).toBeGreaterThan(10);
  });

  it('carry every form of value', () => {
    expect(decodeProtobuf(encodeProtobuf(DEPLOYMENT))).toEqual(DEPLOYMENT);
  });

  it('carry free-form data, micro times and bytes', () => {
    const revision = {
      kind: 'ControllerRevision',
      apiVersion: 'apps/v1',
      data: { spec: { $patch: 'replace', n: [1, null] } },
      revision: -1,
    };
    expect(decodeProtobuf(encodeProtobuf(revision))).toEqual(revision);
    const lease = {
      kind: 'Lease',
      apiVersion: 'coordination.k8s.io/v1',
      spec: { holderIdentity: '', renewTime: '2026-01-02T03:04:05.000070Z' },
    };
    expect(decodeProtobuf(encodeProtobuf(lease))).toEqual(lease);
    const config = {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      binaryData: { a: 'AAEC' },
      metadata: { creationTimestamp: '1969-12-31T23:59:59Z' },
    };
    expect(decodeProtobuf(encodeProtobuf(config))).toEqual(config);
  });

  it('carry every field of every kind that is served', () => {
    const kinds: [string, string, string][] = [
      ['v1', 'Pod', 'core.v1.Pod'],
      ['v1', 'Node', 'core.v1.Node'],
      ['v1', 'Namespace', 'core.v1.Namespace'],
      ['v1', 'Service', 'core.v1.Service'],
      ['v1', 'ServiceAccount', 'core.v1.ServiceAccount'],
      ['v1', 'Secret', 'core.v1.Secret'],
      ['v1', 'ConfigMap', 'core.v1.ConfigMap'],
      ['v1', 'Event', 'core.v1.Event'],
      ['v1', 'Endpoints', 'core.v1.Endpoints'],
      ['apps/v1', 'DaemonSet', 'apps.v1.DaemonSet'],
      ['apps/v1', 'ControllerRevision', 'apps.v1.ControllerRevision'],
      ['coordination.k8s.io/v1', 'Lease', 'coordination.v1.Lease'],
      ['scheduling.k8s.io/v1', 'PriorityClass', 'scheduling.v1.PriorityClass'],
      ['discovery.k8s.io/v1', 'EndpointSlice', 'discovery.v1.EndpointSlice'],
    ];
    for (const [apiVersion, kind, schema] of kinds) {
      const object = { ...(sample(structType(`io.k8s.api.${schema}`), 9) as object), apiVersion, kind } as TypedObject;
      const decoded = decodeProtobuf(encodeProtobuf(object));
      expect(decoded).toEqual(object);
      const [version, group = ''] = apiVersion.split('/').reverse() as [string, string?];
      const definition = { group, version, kind, schema: `io.k8s.api.${schema}` };
      expect(decodeObject(decoded, definition, { fieldValidation: 'Strict' }).object).toEqual(object);
    }
  });

  it('know which kinds have a message', () => {
    expect([
      hasProtobuf('apps/v1', 'DaemonSetList'),
      hasProtobuf('v1', 'Status'),
      hasProtobuf('meta.k8s.io/v1', 'Table'),
    ]).toEqual([true, true, false]);
    const options = {
      kind: 'DeleteOptions',
      apiVersion: 'apps/v1',
      propagationPolicy: 'Orphan',
      gracePeriodSeconds: 0,
    };
    expect(decodeProtobuf(encodeProtobuf(options))).toEqual(options);
  });

  it('are framed for watches', () => {
    const object = encodeProtobuf({ kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'x' } });
    const frame = encodeWatchFrame('ADDED', object);
    expect(frame.readUInt32BE(0)).toBe(frame.length - 4);
    // Field 1 is the type, field 2 a RawExtension whose field 1 is the object's whole body.
    const head = Buffer.concat([
      Buffer.from([0x0a, 5]),
      Buffer.from('ADDED'),
      Buffer.from([0x12, object.length + 2, 0x0a, object.length]),
    ]);
    expect(frame.subarray(4)).toEqual(Buffer.concat([head, object]));
  });

  it('are refused where they are damaged or of an unknown kind', () => {
    expect(failure(() => decodeProtobuf(Buffer.from('{}')))).toEqual([
      400,
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    ]);
    const body = sent('create deployment');
    expect(failure(() => decodeProtobuf(body.subarray(0, body.length - 30)))).toEqual([400, 'unexpected EOF']);
    expect(failure(() => encodeProtobuf({ kind: 'Widget', apiVersion: 'example.com/v1' }))[1]).toContain(
      'no kind "Widget" is registered for version "example.com/v1"',
    );
    for (let i = 0; i < body.length; i++) {
      const damaged = Buffer.from(body);
      damaged[i] = damaged[i]! ^ 0x15;
      try {
        decodeProtobuf(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(StatusError);
      }
    }
  });
});

/** A value with every field of the type set, down to `depth`. */
function sample(type: SchemaType, depth: number): unknown {
  switch (type.kind) {
    case 'list':
      return [sample(type.element, depth - 1)];
    case 'map':
      return { key: sample(type.element, depth - 1) };
    case 'struct': {
      const names = depth > 0 ? type.fieldNames : [];
      return Object.fromEntries(names.map(name => [name, sample(type.field(name)!.type, depth - 1)]));
    }
    case 'scalar':
      return SAMPLES[type.scalar];
  }
}

const SAMPLES: Record<string, unknown> = {
  string: 'text',
  boolean: true,
  int32: -7,
  int64: 2 ** 40,
  double: 1.5,
  bytes: 'AAEC',
  time: '2026-01-02T03:04:05Z',
  microtime: '2026-01-02T03:04:05.678000Z',
  quantity: '1500m',
  intOrString: '50%',
  raw: { a: [1] },
  fields: { 'f:a': {} },
  atomic: { free: true },
  deduced: { free: true },
};
