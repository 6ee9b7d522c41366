import { describe, expect, it } from 'vitest';
import { decodeObject, decodePatched } from '../../../src/registry/decode.js';
import { StatusError } from '../../../src/registry/status.js';
import type { FieldValidation } from '../../../src/registry/types.js';
import { canonicalQuantity } from '../../../src/resources/quantity.js';
import type { KubeObject } from '../../../src/resources/types.js';
import { deepFreeze } from './recorded.js';

const DAEMON_SET = { group: 'apps', version: 'v1', kind: 'DaemonSet', schema: 'io.k8s.api.apps.v1.DaemonSet' };
const POD = { group: '', version: 'v1', kind: 'Pod', schema: 'io.k8s.api.core.v1.Pod' };
const NO_DAEMONS = { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 };
const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap', schema: 'io.k8s.api.core.v1.ConfigMap' };
const EVENT = { group: '', version: 'v1', kind: 'Event', schema: 'io.k8s.api.core.v1.Event' };

const decode = (value: unknown, definition = DAEMON_SET, fieldValidation: FieldValidation = 'Ignore') =>
  decodeObject(deepFreeze(value), definition, { fieldValidation });

function failure(run: () => unknown): [number, string] {
  try {
    run();
  } catch (error) {
    if (error instanceof StatusError) return [error.code, error.message];
    throw error;
  }
  throw new Error('did not fail');
}

describe('quantities', () => {
  it.each([
    ['0.5', '500m'],
    ['1000m', '1'],
    ['1000', '1k'],
    ['1024', '1024'],
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Ki', '512'],
    ['0.1Ki', '102400m'],
    ['100.5Ki', '102912'],
    ['1e3', '1e3'],
    ['12E', '12E'],
    ['12e6', '12e6'],
    ['0', '0'],
    ['-0.0', '0'],
    ['-1500m', '-1500m'],
    ['+5', '5'],
    ['.5n', '1n'],
    ['100M', '100M'],
    ['1073741824', '1073741824'],
  ])('%s is stored as %s', (text, stored) => {
    expect(canonicalQuantity(text)).toBe(stored);
  });
});

describe('decoding', () => {
  it('fills in kind and apiVersion, and is the value itself where nothing changes', () => {
    expect(decode({ metadata: { name: 'a' } }).object).toEqual({
      kind: 'DaemonSet',
      apiVersion: 'apps/v1',
      metadata: { name: 'a' },
      spec: { template: { metadata: {}, spec: {} }, updateStrategy: {} },
      status: NO_DAEMONS,
    });
    expect(decode(null, CONFIG_MAP).object).toEqual({ kind: 'ConfigMap', apiVersion: 'v1', metadata: {} });
    const whole = {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image: 'i', resources: {} }] },
      status: {},
    };
    expect(decode(whole, POD).object).toBe(whole);
  });

  it('drops nulls, empty optional lists and maps, and unknown fields', () => {
    const { object } = decode(
      {
        metadata: { name: 'p', creationTimestamp: null, labels: {}, finalizers: [] },
        spec: {
          containers: [],
          tolerations: [],
          nodeSelector: {},
          volumes: [{ name: 'v', emptyDir: {} }],
          replicas: 3,
        },
        status: null,
      },
      POD,
    );
    expect(object).toEqual({
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name: 'p' },
      spec: { containers: [], volumes: [{ name: 'v', emptyDir: {} }] },
      status: {},
    });
  });

  it('tells no zero from its absence where Go cannot, and fills in those that are always there', () => {
    const { object } = decode(
      {
        metadata: { name: '', generateName: 'p-', generation: 0 },
        spec: {
          hostNetwork: false,
          hostUsers: false,
          nodeName: '',
          securityContext: { sysctls: [{ name: 'a' }] },
          containers: [{ tty: false, livenessProbe: { periodSeconds: 0 } }],
        },
      },
      POD,
    );
    expect(object).toEqual({
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { generateName: 'p-' },
      spec: {
        hostUsers: false,
        securityContext: { sysctls: [{ name: 'a', value: '' }] },
        containers: [{ name: '', resources: {}, livenessProbe: {} }],
      },
      status: {},
    });
  });

  it('rounds what lists of resources say up to thousandths', () => {
    const { object } = decode({ spec: { containers: [{ resources: { limits: { cpu: '1.5m' } } }] } }, POD);
    expect(object).toMatchObject({ spec: { containers: [{ resources: { limits: { cpu: '2m' } } }] } });
  });

  it('puts values into their stored form', () => {
    const { object } = decode(
      {
        metadata: { creationTimestamp: '2026-01-01T02:00:00.5+01:00' },
        spec: { containers: [{ name: 'c', resources: { limits: { cpu: 2 } }, args: ['a', null] }] },
      },
      POD,
    );
    expect(object).toMatchObject({
      metadata: { creationTimestamp: '2026-01-01T01:00:00Z' },
      spec: { containers: [{ resources: { limits: { cpu: '2' } }, args: ['a', ''] }] },
    });
    expect(decode({ eventTime: '2026-01-01T00:00:00.123456Z' }, EVENT).object).toMatchObject({
      eventTime: '2026-01-01T00:00:00.123456Z',
    });
  });

  it('takes any JSON where the type is free', () => {
    const revision = {
      group: 'apps',
      version: 'v1',
      kind: 'ControllerRevision',
      schema: 'io.k8s.api.apps.v1.ControllerRevision',
    };
    const data = { spec: { template: { $patch: 'replace', list: [], nothing: null } } };
    expect(decode({ data, revision: 1 }, revision, 'Strict').object).toMatchObject({ data });
  });

  const template = (container: object) => ({ spec: { template: { spec: { containers: [container] } } } });
  it.each([
    [{ spec: 'x' }, 'json: cannot unmarshal string into Go struct field DaemonSet.spec of type v1.DaemonSetSpec'],
    [
      { metadata: { labels: { a: 1 } } },
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      { spec: { minReadySeconds: 'x' } },
      'json: cannot unmarshal string into Go struct field DaemonSetSpec.spec.minReadySeconds of type int32',
    ],
    [
      { spec: { minReadySeconds: 1.5 } },
      'json: cannot unmarshal number 1.5 into Go struct field DaemonSetSpec.spec.minReadySeconds of type int32',
    ],
    [
      { spec: { minReadySeconds: 3e9 } },
      'json: cannot unmarshal number 3000000000 into Go struct field DaemonSetSpec.spec.minReadySeconds of type int32',
    ],
    [{ metadata: [] }, 'json: cannot unmarshal array into Go struct field DaemonSet.metadata of type v1.ObjectMeta'],
    [
      template({ ports: [{ containerPort: '80' }] }),
      'json: cannot unmarshal string into Go struct field ContainerPort.spec.template.spec.containers.ports.containerPort of type int32',
    ],
    [
      template({ command: 'sh' }),
      'json: cannot unmarshal string into Go struct field Container.spec.template.spec.containers.command of type []string',
    ],
    [
      template({ tty: 'yes' }),
      'json: cannot unmarshal string into Go struct field Container.spec.template.spec.containers.tty of type bool',
    ],
    [
      template({ resources: { requests: { cpu: 'lots' } } }),
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [template({ resources: { requests: { cpu: '1KM' } } }), "unable to parse quantity's suffix"],
    [
      { spec: { updateStrategy: { rollingUpdate: { maxSurge: true } } } },
      'json: cannot unmarshal bool into Go value of type int32',
    ],
    [
      { metadata: { creationTimestamp: 'now' } },
      'parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006"',
    ],
  ])('%j is refused', (body, why) => {
    expect(failure(() => decode(body))).toEqual([
      400,
      `DaemonSet in version "v1" cannot be handled as a DaemonSet: ${why}`,
    ]);
  });

  it.each([
    ['2026-01-02T03:04:05Z', 'cannot parse "Z" as ".000000"'],
    ['2026-01-02T03:04:05.123Z', 'cannot parse ".123Z" as ".000000"'],
    ['2026-01-02T03:04:05.1234567Z', 'cannot parse "7Z" as "Z07:00"'],
  ])('refuses %s where microseconds are due', (eventTime, why) => {
    const layout = '2006-01-02T15:04:05.000000Z07:00';
    expect(failure(() => decode({ eventTime }, EVENT))[1]).toContain(
      `parsing time "${eventTime}" as "${layout}": ${why}`,
    );
  });

  it('keeps an empty list where it says something else than none', () => {
    const scaler = {
      group: 'autoscaling',
      version: 'v2',
      kind: 'HorizontalPodAutoscaler',
      schema: 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
    };
    const behavior = { scaleUp: { policies: [] } };
    const { object } = decodeObject({ spec: { behavior, metrics: [] } }, scaler);
    expect(object).toMatchObject({ spec: { behavior } });
    expect(object).not.toHaveProperty('spec.metrics');
  });

  it('reads bytes from a list of numbers, and tells text after a time', () => {
    expect(decode({ binaryData: { a: [1, 255, null] } }, CONFIG_MAP).object).toMatchObject({
      binaryData: { a: 'Af8A' },
    });
    expect(failure(() => decode({ binaryData: { a: [256] } }, CONFIG_MAP))[1]).toContain('of type uint8');
    expect(
      failure(() => decode({ metadata: { creationTimestamp: '2026-01-02T03:04:05Z2' } }, CONFIG_MAP))[1],
    ).toContain('parsing time "2026-01-02T03:04:05Z2": extra text: "2"');
  });

  it('refuses text that is not base64', () => {
    expect(failure(() => decode({ binaryData: { a: 'YQ==', b: '!' } }, CONFIG_MAP))).toEqual([
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: illegal base64 data at input byte 0',
    ]);
  });

  it('refuses other kinds and versions', () => {
    expect(failure(() => decode({ apiVersion: 'apps/v1', kind: 'Deployment' }))).toEqual([
      400,
      'Deployment in version "v1" cannot be handled as a DaemonSet: converting (v1.Deployment) to (apps.DaemonSet): unknown conversion',
    ]);
    expect(failure(() => decode({ apiVersion: 'apps/v1beta2', kind: 'DaemonSet' }))).toEqual([
      400,
      'the API version in the data (apps/v1beta2) does not match the expected API version (apps/v1)',
    ]);
  });

  it('says which fields it does not know', () => {
    const body = {
      spec: { replicas: 1, template: { spec: { containers: [{ name: 'c' }, { name: 'd', imag: 'x' }] } } },
      data: 1,
    };
    const unknown = [
      'unknown field "spec.replicas"',
      'unknown field "spec.template.spec.containers[1].imag"',
      'unknown field "data"',
    ];
    expect(decode(body, DAEMON_SET, 'Warn').warnings).toEqual(unknown);
    expect(decode(body).warnings).toEqual([]);
    expect(failure(() => decode(body, DAEMON_SET, 'Strict'))).toEqual([
      400,
      `DaemonSet in version "v1" cannot be handled as a DaemonSet: strict decoding error: ${unknown.join(', ')}`,
    ]);
    expect(
      failure(() => decodeObject({}, POD, { fieldValidation: 'Strict', duplicates: ['duplicate field "a"'] }))[1],
    ).toContain('strict decoding error: duplicate field "a"');
  });

  it('answers 422 where a patch led to it', () => {
    const object = { kind: 'DaemonSet', apiVersion: 'apps/v1', spec: { minReadySeconds: 'x' } };
    const why = 'json: cannot unmarshal string into Go struct field DaemonSetSpec.spec.minReadySeconds of type int32';
    expect(failure(() => decodePatched(object, DAEMON_SET))).toEqual([
      422,
      ` "" is invalid: patch: Invalid value: ${JSON.stringify(JSON.stringify(object))}: ${why}`,
    ]);
    const shown = { type: 'strategic', patch: { spec: { minReadySeconds: 'x' } } } as const;
    expect(failure(() => decodePatched(object, DAEMON_SET, { shown }))[1]).toContain(
      'Invalid value: "map[spec:map[minReadySeconds:x]]"',
    );
  });

  const JSON_PROBLEM =
    "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field";

  // For built-in kinds the version decides: without it, upstream reads the object as its own inner type, and finds nothing.
  it.each([
    [{ kind: 'DaemonSet' }, undefined],
    [{ kind: 'Other' }, 'no kind "Other" is registered for the internal version of group "apps" in scheme "pkg/api'],
    [{ kind: 1 }, `${JSON_PROBLEM} .kind of type string`],
    [{ kind: 'DaemonSet', apiVersion: 1 }, `${JSON_PROBLEM} .apiVersion of type string`],
  ])('%j, as a patch left it', (types, why) => {
    const object = { ...types, metadata: { name: 'a' } };
    const read = () => decodePatched<KubeObject>(object, DAEMON_SET).object;
    if (why === undefined) expect(read().metadata).toEqual({});
    else expect(failure(read)[1]).toContain(why);
  });

  it('leaves a kind to the type', () => {
    expect(decodePatched({ apiVersion: 'apps/v1', metadata: { name: 'a' } }, DAEMON_SET).object).toMatchObject({
      metadata: { name: 'a' },
    });
  });
});
