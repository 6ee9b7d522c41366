import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decodeProtobuf,
  encodeProtobuf,
  encodeWatchFrame,
  hasProtobuf,
  ProtobufError,
  type TypedObject,
} from '../../../src/api/protobuf/index.js';
import { Writer } from '../../../src/api/protobuf/wire.js';
import { Random } from '../../../src/clock/random.js';
import { decodeObject } from '../../../src/registry/decode.js';
import { apiVersionOf, isCustom, listKindOf, qualifiedName } from '../../../src/resources/definition.js';
import { kindsOf } from '../../../src/resources/old-versions.js';
import { type Scalar, type SchemaType, type StructType, structType } from '../../../src/resources/schema.js';

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

  it('carry whatever objects of every kind hold', () => {
    expect(KINDS.length).toBeGreaterThan(60);
    for (const [index, { name, type, definition, typeMeta }] of KINDS.entries()) {
      const filled = [
        sample(type, 9),
        ...Array.from({ length: 6 }, (_, i) => new Sampler(index * 100 + i).object(type)),
      ];
      for (const fields of filled) {
        const object = { ...(fields as object), ...typeMeta };
        const decoded = decodeProtobuf(encodeProtobuf(object));
        expect(decoded, name).toEqual(object);
        expect(decodeObject(decoded, definition, { fieldValidation: 'Strict' }).object, name).toEqual(
          decodeObject(object, definition).object,
        );
      }
    }
  });

  it.each<[string, TypedObject]>([
    ['maps with empty values', { kind: 'ConfigMap', apiVersion: 'v1', data: { a: '', b: 'x' }, binaryData: { c: '' } }],
    [
      'numbers of 64 bits, and none',
      {
        kind: 'ControllerRevision',
        apiVersion: 'apps/v1',
        metadata: { generation: 2 ** 53 - 1 },
        revision: -(2 ** 62),
      },
    ],
    [
      'zeros that count',
      {
        kind: 'ResourceSlice',
        apiVersion: 'resource.k8s.io/v1',
        spec: {
          driver: 'd',
          pool: { name: 'p', generation: 0, resourceSliceCount: 0 },
          devices: [
            { name: 'd', allNodes: false, attributes: { a: { bool: false }, b: { int: 0 }, c: { string: '' } } },
          ],
        },
      },
    ],
    [
      'schemas of custom kinds, in all their forms',
      {
        kind: 'CustomResourceDefinition',
        apiVersion: 'apiextensions.k8s.io/v1',
        spec: {
          group: 'example.com',
          versions: [
            {
              name: 'v1',
              served: true,
              storage: false,
              selectableFields: [{ jsonPath: '.spec.a' }],
              schema: {
                openAPIV3Schema: {
                  $ref: '',
                  $schema: 's',
                  default: { a: [null, ''] },
                  enum: [null, 'a', 1, false, { b: [] }],
                  maximum: 0,
                  minimum: -1.5e300,
                  multipleOf: 0.1,
                  maxLength: 0,
                  items: { type: 'string' },
                  not: { items: [{ type: 'string' }, {}] },
                  additionalProperties: false,
                  additionalItems: true,
                  properties: { a: { additionalProperties: { nullable: true } }, 'b/c': {} },
                  dependencies: { a: ['b', ''], c: { type: 'object' } },
                  example: 0,
                  'x-kubernetes-preserve-unknown-fields': false,
                  'x-kubernetes-list-map-keys': ['k'],
                  'x-kubernetes-validations': [{ rule: '', optionalOldSelf: false, reason: '' }],
                },
              },
            },
          ],
        },
        status: { observedGeneration: 3 },
      },
    ],
    [
      'how long usage was measured',
      {
        kind: 'NodeMetrics',
        apiVersion: 'metrics.k8s.io/v1beta1',
        timestamp: '1970-01-01T00:00:00Z',
        window: '1m30s',
        usage: { cpu: '120m' },
      },
    ],
    [
      'what a token is bound to',
      {
        kind: 'TokenRequest',
        apiVersion: 'authentication.k8s.io/v1',
        spec: { audiences: [], boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'p', uid: 'u' } },
      },
    ],
  ])('carry %s', (_what, object) => {
    const { spec } = object as { spec?: { audiences?: unknown[] } };
    if (spec?.audiences) delete spec.audiences;
    expect(decodeProtobuf(encodeProtobuf(object))).toEqual(object);
  });

  it('read what others leave out of a map as zero', () => {
    const entry = new Writer().bytes(1, Buffer.from('k')).buffer;
    const map = bodyOf('v1', 'ConfigMap', new Writer().bytes(2, entry).bytes(99, entry).int(98, 5).buffer);
    expect(decodeProtobuf(map)).toEqual({ kind: 'ConfigMap', apiVersion: 'v1', data: { k: '' } });
    const spec = new Writer().bytes(1, entry).buffer;
    expect(decodeProtobuf(bodyOf('v1', 'ResourceQuota', new Writer().bytes(2, spec).buffer))).toEqual({
      kind: 'ResourceQuota',
      apiVersion: 'v1',
      spec: { hard: { k: '0' } },
    });
  });

  it('are there for every kind, its lists and its subresources', () => {
    const missing = ALL.flatMap(definition => {
      const { group, version } = definition;
      const lists = definition.verbs.includes('list') ? [{ group, version, kind: listKindOf(definition) }] : [];
      const subresources = definition.subresources.map(s => ({ group, version, ...s }));
      return [definition, ...lists, ...subresources].filter(kind => !hasProtobuf(apiVersionOf(kind), kind.kind));
    });
    expect(missing).toEqual([]);
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

  it.each<[string, Buffer, string]>([
    ['an end in the middle of a number', Buffer.from([0x80]), 'unexpected EOF'],
    ['a number that never ends', Buffer.alloc(11, 0xff), 'proto: integer overflow'],
    ['field 0', Buffer.from([0x01]), 'proto: ConfigMap: illegal tag 0 (wire type 1)'],
    ['a group that was not begun', Buffer.from([0x0c]), 'proto: ConfigMap: wiretype end group for non-group'],
    ['a group that does not end', Buffer.from([0x7b, 0x08, 0x01]), 'unexpected EOF'],
    ['another end within a map', Buffer.from([0x12, 0x01, 0x24]), 'proto: unexpected end of group'],
    ['a number for a message', Buffer.from([0x08, 0x01]), 'proto: wrong wireType = 0 for field ObjectMeta'],
    ['an unknown way of writing', Buffer.from([0x7e]), 'proto: illegal wireType 6'],
    ['less than a length says', Buffer.from([0x0a, 0x05, 0x00]), 'unexpected EOF'],
    [
      'a negative length',
      Buffer.concat([Buffer.from([0x0a]), Buffer.alloc(9, 0xff), Buffer.from([0x01])]),
      'proto: negative length found during unmarshaling',
    ],
  ])('are refused for %s', (_what, raw, message) => {
    expect(() => decodeProtobuf(bodyOf('v1', 'ConfigMap', raw))).toThrow(
      new ProtobufError(message, { apiVersion: 'v1', kind: 'ConfigMap' }),
    );
  });

  it('leave groups out, which no message of today has', () => {
    const group = Buffer.from([0x7b, 0x08, 0x01, 0x83, 0x01, 0x84, 0x01, 0x7c]);
    expect(decodeProtobuf(bodyOf('v1', 'ConfigMap', group))).toEqual({ kind: 'ConfigMap', apiVersion: 'v1' });
  });

  it('are read or refused, whatever happens to them', () => {
    const random = new Random('damage');
    for (const { type, typeMeta } of KINDS.slice(0, 40)) {
      const body = encodeProtobuf({ ...(new Sampler(random.below(1000)).object(type) as object), ...typeMeta });
      for (let i = 0; i < 100; i++) {
        const damaged = Buffer.from(body.subarray(0, body.length - (random.below(2) && random.below(body.length))));
        for (let n = random.below(4); n >= 0 && damaged.length > 0; n--)
          damaged[random.below(damaged.length)] = random.below(256);
        try {
          decodeProtobuf(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtobufError);
        }
      }
    }
  });

  it('are refused where they are damaged or of an unknown kind', () => {
    const body = sent('create deployment');
    expect(() => encodeProtobuf({ kind: 'Widget', apiVersion: 'example.com/v1' })).toThrow(
      'no kind "Widget" is registered for version "example.com/v1"',
    );
    for (let i = 0; i < body.length; i++) {
      const damaged = Buffer.from(body);
      damaged[i] = damaged[i]! ^ 0x15;
      try {
        decodeProtobuf(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtobufError);
      }
    }
  });
});

/** The body of an object, from the bytes of its message. */
function bodyOf(apiVersion: string, kind: string, raw: Buffer): Buffer {
  const meta = new Writer().bytes(1, Buffer.from(apiVersion)).bytes(2, Buffer.from(kind)).buffer;
  return Buffer.concat([Buffer.from('k8s\0'), new Writer().bytes(1, meta).bytes(2, raw).buffer]);
}

/** Custom kinds have no protobuf. */
const ALL = kindsOf('1.11')
  .all()
  .filter(kind => !isCustom(kind));

/** All kinds but usage, in which not any text will do for a duration. */
const KINDS = ALL.filter(({ group }) => group !== 'metrics.k8s.io').map(definition => ({
  name: qualifiedName(definition),
  type: structType(definition.schema),
  definition,
  typeMeta: { kind: definition.kind, apiVersion: apiVersionOf(definition) },
}));

/** Fields that are on the wire: what kind an object is stands in the envelope alone, and nowhere for objects within objects. */
const namesOf = (type: StructType) =>
  type.fieldNames.filter(
    name => !(type.field('metadata') || type.name.endsWith('Options')) || (name !== 'kind' && name !== 'apiVersion'),
  );

/** Values at random, the same for the same seed. Zeros, which JSON leaves out where they do not count, are not among them. */
class Sampler {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(String(seed));
  }

  #pick<T>(...values: T[]): T {
    return values[this.#random.below(values.length)]!;
  }

  object(type: StructType, depth = 7): object {
    const chosen = namesOf(type).filter(() => depth > 0 && this.#random.below(2) > 0);
    return Object.fromEntries(
      chosen.flatMap(name => {
        const value = this.value(type.field(name)!.type, depth - 1);
        return value === undefined ? [] : [[name, value]];
      }),
    );
  }

  value(type: SchemaType, depth: number): unknown {
    if (type.kind === 'struct') return this.object(type, depth);
    if (type.kind === 'scalar') return this.#scalar(type.scalar);
    const values = Array.from({ length: 1 + this.#random.below(2) }, () => this.value(type.element, depth));
    if (values.includes(undefined)) return undefined;
    return type.kind === 'list' ? values : Object.fromEntries(values.map((value, i) => [`k${i}/ü`, value]));
  }

  #scalar(scalar: Scalar): unknown {
    switch (scalar) {
      case 'string':
        return this.#pick('x', 'ü €', 'a'.repeat(300));
      case 'boolean':
        return true;
      case 'int32':
        return this.#pick(1, 127, 128, -1, 2 ** 31 - 1, -(2 ** 31));
      case 'int64':
        return this.#pick(1, -1, 2 ** 31, 2 ** 53 - 1, -(2 ** 53) + 1, -(2 ** 62));
      case 'quantity':
        return this.#pick('1', '0', '1500m', '1Gi', '12e6');
      case 'intOrString':
        return this.#pick<unknown>(0, 80, -1, '50%', 'web', '');
      case 'time':
        return this.#pick('2026-01-02T03:04:05Z', '1969-12-31T23:59:59Z');
      case 'bytes':
        return this.#pick('AA==', 'AAEC/w==', Buffer.alloc(200, 7).toString('base64'));
      case 'raw':
        return this.#pick({ a: [1, null, { b: false }] }, { kind: 'X', apiVersion: 'x/v1', spec: {} });
      default:
        return SAMPLES[scalar];
    }
  }
}

/** A value with every field of the type set, down to `depth`. */
function sample(type: SchemaType, depth: number): unknown {
  switch (type.kind) {
    case 'list':
      return [sample(type.element, depth - 1)];
    case 'map':
      return { key: sample(type.element, depth - 1) };
    case 'struct': {
      const names = depth > 0 ? namesOf(type) : [];
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
  deduced: { description: 'free, or a schema' },
};
