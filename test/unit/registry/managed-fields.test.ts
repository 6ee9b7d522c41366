import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  difference,
  type FieldSet,
  FieldSetBuilder,
  intersection,
  pathsOf,
  pathText,
  union,
  without,
} from '../../../src/registry/managed-fields/field-set.js';
import { applyServerSide, trackUpdate } from '../../../src/registry/managed-fields/index.js';
import { compare, fieldsOf } from '../../../src/registry/managed-fields/typed.js';
import { StatusError } from '../../../src/registry/status.js';
import { structType } from '../../../src/resources/schema.js';
import type { Draft, KubeObject } from '../../../src/resources/types.js';
import { at, deepFreeze, recorded, withoutDefaults } from './recorded.js';

const DAEMON_SET = 'io.k8s.api.apps.v1.DaemonSet';
const T0 = Date.UTC(2026, 0, 1);

type Options = { manager?: string; force?: boolean; now?: number; subresource?: string };

function apply(
  live: KubeObject | undefined,
  applied: object,
  { manager = 'alice', force = false, now = T0, subresource }: Options = {},
): KubeObject {
  const configuration = { apiVersion: 'apps/v1', kind: 'DaemonSet', ...applied } as unknown as Draft;
  return deepFreeze(
    applyServerSide({
      live,
      applied: deepFreeze(configuration),
      manager,
      force,
      apiVersion: 'apps/v1',
      schema: DAEMON_SET,
      subresource,
      now,
    }),
  );
}

function update(
  live: KubeObject | undefined,
  object: object,
  { manager = 'editor', now = T0, subresource }: Options = {},
): KubeObject {
  const whole = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: {}, ...object } as unknown as KubeObject;
  return deepFreeze(
    trackUpdate({
      live,
      object: deepFreeze(whole),
      manager,
      apiVersion: 'apps/v1',
      schema: DAEMON_SET,
      subresource,
      now,
    }),
  );
}

const managersOf = (object: KubeObject) => object.metadata.managedFields ?? [];
const owned = (object: KubeObject, manager: string) =>
  managersOf(object)
    .filter(entry => entry.manager === manager)
    .flatMap(entry => pathsOf(entry.fieldsV1 as FieldSet).map(pathText));

function failure(run: () => unknown): StatusError {
  try {
    run();
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new Error('did not fail');
}

const stored = (object: object): KubeObject =>
  deepFreeze({ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'd', uid: 'u' }, ...object } as KubeObject);

describe('server-side apply', () => {
  it('gives what a real server gave', () => {
    let live: KubeObject | undefined;
    let compared = 0;
    let conflicts = 0;
    for (const { request, answer } of recorded('server-side-apply')) {
      if (answer.status === 400 || answer.status === 422) continue;
      const query = new URLSearchParams(request.path.split('?')[1]);
      const options = { manager: query.get('fieldManager')!, force: query.get('force') === 'true' };
      const body = parse(request.body as string) as object;
      if (answer.status === 409) {
        const error = failure(() => apply(live, body, options));
        expect([error.code, error.reason, error.message]).toEqual([409, answer.reason, answer.message]);
        expect(error.details?.causes?.map(c => `${c.field}: ${c.reason}: ${c.message}`)).toEqual(answer.causes);
        conflicts++;
        continue;
      }
      live = apply(live, body, options);
      for (const path of Object.keys(answer.body ?? {})) {
        const got = path.endsWith('managedFields')
          ? managersOf(live).map(entry => ({ ...entry, time: '<time>' }))
          : at(live, path);
        expect(withoutDefaults(got)).toEqual(withoutDefaults(answer.body?.[path]));
        compared++;
      }
    }
    expect(at(live, 'spec.minReadySeconds')).toBeUndefined();
    expect([compared, conflicts]).toEqual([18, 2]);
  });

  const spec = (replica: object) => ({ metadata: { name: 'd' }, spec: replica });

  it('shares ownership of equal values and removes a field when the last owner gives it up', () => {
    let live = apply(undefined, spec({ minReadySeconds: 1 }));
    live = apply(live, spec({ minReadySeconds: 1 }), { manager: 'bob' });
    expect([owned(live, 'alice'), owned(live, 'bob')]).toEqual([['.spec.minReadySeconds'], ['.spec.minReadySeconds']]);
    live = apply(live, spec({}), { manager: 'alice' });
    expect(at(live, 'spec.minReadySeconds')).toBe(1);
    live = apply(live, spec({}), { manager: 'bob' });
    expect(at(live, 'spec.minReadySeconds')).toBeUndefined();
  });

  it('takes no more away than was given up', () => {
    const created = apply(undefined, { metadata: { name: 'd', labels: { a: '1' } }, spec: { minReadySeconds: 1 } });
    const live = deepFreeze({ ...created, metadata: { ...created.metadata, uid: 'u', resourceVersion: '1' } });
    const result = apply(live, { metadata: { name: 'd' } });
    const { managedFields: _, ...metadata } = result.metadata;
    expect({ ...result, metadata }).toEqual({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'd', uid: 'u', resourceVersion: '1' },
    });
    expect(managersOf(result)).toEqual([]);
  });

  it('leaves to updaters what they own when an applier gives it up', () => {
    const first = apply(undefined, { metadata: { name: 'd', labels: { a: '1', b: '2' } } });
    const edited = update(first, { ...first, metadata: { ...first.metadata, labels: { a: '1', b: '3' } } });
    expect(owned(edited, 'alice')).toEqual(['.metadata.labels.a']);
    const result = apply(edited, { metadata: { name: 'd' } });
    expect(result.metadata.labels).toEqual({ b: '3' });
  });

  it('tells updaters with their version in conflicts, and lists several', () => {
    const live = update(
      undefined,
      { metadata: { name: 'd' }, spec: { minReadySeconds: 1, revisionHistoryLimit: 2 } },
      { manager: 'kubectl-client-side-apply' },
    );
    const one = failure(() => apply(live, spec({ minReadySeconds: 9 })));
    expect(one.message).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using apps/v1: .spec.minReadySeconds',
    );
    const two = failure(() => apply(live, spec({ minReadySeconds: 9, revisionHistoryLimit: 9 })));
    expect(two.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "kubectl-client-side-apply" using apps/v1:\n- .spec.minReadySeconds\n- .spec.revisionHistoryLimit',
    );
  });

  it('gives objects without managers the owner before-first-apply', () => {
    const live = stored({ spec: { minReadySeconds: 1, selector: { matchLabels: { a: 'b' } } } });
    const error = failure(() => apply(live, spec({ minReadySeconds: 2 })));
    expect(error.message).toContain('conflict with "before-first-apply" using apps/v1: .spec.minReadySeconds');
    const forced = apply(live, spec({ minReadySeconds: 2 }), { force: true });
    expect([owned(forced, 'alice'), owned(forced, 'before-first-apply')]).toEqual([
      ['.spec.minReadySeconds'],
      ['.spec.selector'],
    ]);
  });

  it('is the live object itself where nothing changes, and keeps the time', () => {
    const live = apply(undefined, spec({ minReadySeconds: 1 }));
    expect(apply(live, spec({ minReadySeconds: 1 }), { now: T0 + 60_000 })).toBe(live);
    const changed = apply(live, spec({ minReadySeconds: 2 }), { now: T0 + 60_000 });
    expect(managersOf(changed).map(entry => entry.time)).toEqual(['2026-01-01T00:01:00Z']);
  });

  it('changes nothing for nulls, empty maps and other spellings of the same quantity', () => {
    const configuration = {
      metadata: { name: 'd', creationTimestamp: null, labels: {} },
      spec: {
        template: {
          metadata: { creationTimestamp: null },
          spec: { containers: [{ name: 'c', resources: { limits: { cpu: '0.5' } } }] },
        },
      },
      status: {},
    };
    const live = apply(undefined, configuration);
    expect(at(live, 'spec.template')).toEqual({
      metadata: {},
      spec: { containers: [{ name: 'c', resources: { limits: { cpu: '500m' } } }] },
    });
    expect(apply(live, configuration, { now: T0 + 60_000 })).toBe(live);
  });

  it('merges lists by their keys, defaults of keys included, and takes single elements away', () => {
    const service = (ports: object[]) =>
      deepFreeze({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports } }) as unknown as Draft;
    const run = (live: KubeObject | undefined, ports: object[], manager: string) =>
      deepFreeze(
        applyServerSide({
          live,
          applied: service(ports),
          manager,
          force: false,
          apiVersion: 'v1',
          schema: 'io.k8s.api.core.v1.Service',
          now: T0,
        }),
      );
    let live = run(undefined, [{ port: 80, name: 'web' }], 'alice');
    live = run(
      live,
      [
        { port: 80, protocol: 'UDP', name: 'web-udp' },
        { port: 443, name: 'tls' },
      ],
      'bob',
    );
    expect(at(live, 'spec.ports')).toHaveLength(3);
    expect(owned(live, 'bob')).toContain('.spec.ports[port=443,protocol="TCP"].name');
    live = run(live, [{ port: 443, name: 'tls' }], 'bob');
    expect(at(live, 'spec.ports')).toEqual([
      { port: 80, name: 'web' },
      { port: 443, name: 'tls' },
    ]);
  });

  it('orders list elements as the configuration does and keeps the others in their place', () => {
    const names = (...list: string[]) => ({
      metadata: { name: 'd' },
      spec: { template: { spec: { containers: list.map(name => ({ name })) } } },
    });
    const live = apply(undefined, names('a', 'b', 'c', 'd'), { manager: 'bob' });
    const result = apply(live, names('x', 'd', 'b'));
    expect((at(result, 'spec.template.spec.containers') as { name: string }[]).map(c => c.name)).toEqual([
      'a',
      'c',
      'x',
      'd',
      'b',
    ]);
  });

  it('owns sets by value', () => {
    let live = apply(undefined, { metadata: { name: 'd', finalizers: ['x/a', 'x/b'] } });
    live = apply(live, { metadata: { name: 'd', finalizers: ['x/b', 'x/c'] } }, { manager: 'bob' });
    expect(live.metadata.finalizers).toEqual(['x/a', 'x/b', 'x/c']);
    live = apply(live, { metadata: { name: 'd', finalizers: [] } }, { manager: 'alice' });
    expect(live.metadata.finalizers).toEqual(['x/b', 'x/c']);
  });

  it.each([
    [spec({ replicas: 1 }), '.spec.replicas: field not declared in schema'],
    [spec({ minReadySeconds: 'x' }), '.spec.minReadySeconds: expected numeric (int or float), got string'],
    [
      spec({ template: { spec: { containers: [{ name: 'a' }, { name: 'a' }] } } }),
      '.spec.template.spec.containers: duplicate entries for key [name="a"]',
    ],
  ])('refuses %j', (body, why) => {
    const error = failure(() => apply(undefined, body));
    expect([error.code, error.message]).toEqual([
      500,
      `failed to create typed patch object (/d; apps/v1, Kind=DaemonSet): ${why}`,
    ]);
  });

  it('refuses elements without their key', () => {
    const applied = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 's', namespace: 'n' },
      secrets: [{}],
    } as unknown as Draft;
    const schema = 'io.k8s.api.core.v1.ServiceAccount';
    const error = failure(() =>
      applyServerSide({ live: undefined, applied, manager: 'm', force: false, apiVersion: 'v1', schema, now: T0 }),
    );
    expect(error.message).toBe(
      'failed to create typed patch object (n/s; /v1, Kind=ServiceAccount): .secrets: element 0: associative list with keys has an element that omits key field "name" (and doesn\'t have default value)',
    );
  });

  it('lets kubectl take over what it applied client-side', () => {
    const configuration = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'd' },
      spec: { minReadySeconds: 1 },
    };
    const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
    const live = update(
      undefined,
      {
        metadata: { name: 'd', uid: 'u', annotations: { [annotation]: JSON.stringify(configuration) } },
        spec: { minReadySeconds: 1, revisionHistoryLimit: 5 },
      },
      { manager: 'kubectl-client-side-apply' },
    );
    const applied = apply(live, spec({ minReadySeconds: 2 }), { manager: 'kubectl' });
    expect(JSON.parse(applied.metadata.annotations![annotation]!)).toMatchObject({ spec: { minReadySeconds: 2 } });
    expect(failure(() => apply(live, spec({ revisionHistoryLimit: 6 }), { manager: 'kubectl' })).code).toBe(409);
    expect(failure(() => apply(live, spec({ minReadySeconds: 2 }), { manager: 'helm' })).code).toBe(409);
  });

  it('leaves kubectl no field that was changed since it applied client-side', () => {
    const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
    const last = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'd' }, spec: { minReadySeconds: 1 } };
    const created = (configuration: object) =>
      update(
        undefined,
        {
          metadata: { name: 'd', uid: 'u', annotations: { [annotation]: JSON.stringify(configuration) } },
          spec: { minReadySeconds: 1 },
        },
        { manager: 'kubectl-client-side-apply' },
      );
    const wanted = spec({ minReadySeconds: 9 });
    expect(at(apply(created(last), wanted, { manager: 'kubectl' }), 'spec.minReadySeconds')).toBe(9);
    const live = created(last);
    const edited = update(live, { ...live, spec: { minReadySeconds: 2 } });
    expect(failure(() => apply(edited, wanted, { manager: 'kubectl' })).message).toBe(
      'Apply failed with 1 conflict: conflict with "editor" using apps/v1: .spec.minReadySeconds',
    );
    for (const odd of [
      { ...last, apiVersion: 'apps/v1beta1' },
      { ...last, bogus: 1 },
    ])
      expect(failure(() => apply(created(odd), wanted, { manager: 'kubectl' })).code).toBe(409);
  });

  it('tells the time of the last change of the object by a manager', () => {
    const later = { now: T0 + 60_000 };
    const both = { minReadySeconds: 1, revisionHistoryLimit: 5 };
    let live = apply(undefined, spec(both));
    live = apply(live, spec(both), { manager: 'bob', ...later });
    const times = () => managersOf(live).map(({ manager, time }) => [manager, time]);
    const start = '2026-01-01T00:00:00Z';
    expect(times()).toEqual([
      ['bob', undefined],
      ['alice', start],
    ]);
    // What alice gives up is still bob's: the object stays as it is.
    live = apply(live, spec({ minReadySeconds: 1 }), later);
    expect(times()).toEqual([
      ['bob', undefined],
      ['alice', start],
    ]);
    expect(owned(live, 'alice')).toEqual(['.spec.minReadySeconds']);
    live = apply(live, spec({ revisionHistoryLimit: 6 }), { manager: 'bob', ...later });
    expect(times()).toEqual([
      ['alice', start],
      ['bob', '2026-01-01T00:01:00Z'],
    ]);
  });

  it('keeps status writes apart', () => {
    const live = update(undefined, spec({ minReadySeconds: 1 }));
    const status = update(
      live,
      { ...live, status: { currentNumberScheduled: 3 } },
      { manager: 'controller', subresource: 'status' },
    );
    expect(managersOf(status).find(entry => entry.manager === 'controller')).toMatchObject({
      subresource: 'status',
      operation: 'Update',
      fieldsV1: { 'f:status': { 'f:currentNumberScheduled': {} } },
    });
  });
});

describe('tracking of updates', () => {
  it('records a create as a real server does', () => {
    const object = update(undefined, {
      metadata: {
        name: 'd',
        uid: 'u',
        generation: 1,
        creationTimestamp: 'x',
        resourceVersion: '1',
        labels: { a: '1' },
      },
      spec: {
        minReadySeconds: 0,
        selector: { matchLabels: { a: '1' } },
        template: {
          metadata: { labels: { a: '1' } },
          spec: {
            containers: [{ name: 'c', image: 'i', resources: {} }],
            tolerations: [{ key: 'k' }],
            volumes: [{ name: 'v', emptyDir: {} }],
          },
        },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      },
      status: { currentNumberScheduled: 0 },
    });
    expect(managersOf(object)).toEqual([
      {
        manager: 'editor',
        operation: 'Update',
        apiVersion: 'apps/v1',
        time: '2026-01-01T00:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
          'f:spec': {
            'f:minReadySeconds': {},
            'f:selector': {},
            'f:template': {
              'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
              'f:spec': {
                'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:image': {}, 'f:name': {}, 'f:resources': {} } },
                'f:tolerations': {},
                'f:volumes': { '.': {}, 'k:{"name":"v"}': { '.': {}, 'f:emptyDir': {}, 'f:name': {} } },
              },
            },
            'f:updateStrategy': { 'f:rollingUpdate': { '.': {}, 'f:maxUnavailable': {} }, 'f:type': {} },
          },
        },
      },
    ]);
  });

  it('does not track objects that nobody tracks', () => {
    const live = stored({ spec: { minReadySeconds: 1 } });
    const changed = stored({ spec: { minReadySeconds: 2 } });
    const write = { manager: 'x', apiVersion: 'apps/v1', schema: DAEMON_SET, now: T0 };
    expect(trackUpdate({ live, object: changed, ...write })).toBe(changed);
  });

  it('moves ownership with changes and drops it with removals', () => {
    const live = update(undefined, { metadata: { labels: { a: '1', b: '2', c: '3' } } }, { manager: 'one' });
    const next = update(
      live,
      { ...live, metadata: { ...live.metadata, labels: { a: '1', b: '9' } } },
      { manager: 'two', now: T0 + 1000 },
    );
    expect(owned(next, 'one')).toEqual(['.metadata.labels', '.metadata.labels.a']);
    expect(owned(next, 'two')).toEqual(['.metadata.labels.b']);
    expect(managersOf(next).map(entry => entry.time)).toEqual(['2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z']);
  });

  it('keeps entries as they are when nothing changes', () => {
    const live = update(undefined, { metadata: { labels: { a: '1' } } });
    const again = update(live, structuredClone(live), { now: T0 + 5000, manager: 'other' });
    expect(managersOf(again)).toEqual(managersOf(live));
  });

  it('takes managedFields from clients, and resets them by [{}]', () => {
    const live = update(undefined, { metadata: { uid: 'u', labels: { a: '1' } } });
    const entry = {
      manager: 'me',
      operation: 'Apply',
      apiVersion: 'apps/v1',
      fieldsType: 'FieldsV1',
      time: '2026-01-01T00:00:00Z',
      fieldsV1: { 'f:metadata': { 'f:labels': { 'f:a': {} } } },
    };
    const sent = (managedFields: unknown[]) => update(live, { ...live, metadata: { ...live.metadata, managedFields } });
    expect(managersOf(sent([entry]))).toEqual([entry]);
    expect(sent([{}]).metadata.managedFields).toEqual([]);
    for (const odd of [{ fieldsType: 'FieldsV2' }, { apiVersion: '' }, { operation: 'Patch' }, { fieldsV1: { a: {} } }])
      expect(managersOf(sent([{ ...entry, ...odd }]))).toEqual(managersOf(live));
  });

  it('keeps ten updaters, the oldest folded into one', () => {
    let live = update(undefined, { metadata: { uid: 'u', labels: {} } });
    for (let i = 0; i < 14; i++) {
      const labels = { ...live.metadata.labels, [`l${i}`]: 'x' };
      live = update(
        live,
        { ...live, metadata: { ...live.metadata, labels } },
        { manager: `m${i}`, now: T0 + i * 1000 },
      );
    }
    const names = managersOf(live).map(entry => entry.manager);
    expect(names).toHaveLength(10);
    expect(names[0]).toBe('ancient-changes');
    expect(owned(live, 'ancient-changes')).toHaveLength(6);
  });
});

describe('sets of fields', () => {
  const path = fc.array(fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'v:1'), { minLength: 1, maxLength: 3 });
  const paths = fc.array(path, { maxLength: 6 });
  const build = (list: string[][]): FieldSet => {
    const builder = new FieldSetBuilder();
    for (const p of list) builder.insert(p);
    return deepFreeze(builder.set);
  };
  const texts = (set: FieldSet) => new Set(pathsOf(set).map(p => p.join('/')));

  it('are sets', () => {
    fc.assert(
      fc.property(paths, paths, (left, right) => {
        const [a, b] = [build(left), build(right)];
        const [x, y] = [new Set(left.map(p => p.join('/'))), new Set(right.map(p => p.join('/')))];
        expect(texts(a)).toEqual(x);
        expect(texts(union(a, b))).toEqual(new Set([...x, ...y]));
        expect(texts(intersection(a, b))).toEqual(new Set([...x].filter(p => y.has(p))));
        expect(texts(difference(a, b))).toEqual(new Set([...x].filter(p => !y.has(p))));
        expect(texts(without(a, b))).toEqual(
          new Set([...x].filter(p => ![...y].some(q => p === q || p.startsWith(`${q}/`)))),
        );
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('compare tells nothing of an object and itself, and all of a new one', () => {
    const type = structType('io.k8s.api.core.v1.Pod');
    const pod = { metadata: { labels: { a: '1' } }, spec: { containers: [{ name: 'c' }], nodeSelector: { a: 'b' } } };
    expect(compare(pod, structuredClone(pod), type)).toEqual({ added: {}, modified: {}, removed: {} });
    const { added, removed } = compare({}, pod, type);
    expect(difference(fieldsOf(pod, type), added)).toEqual({});
    expect(removed).toEqual({});
    expect(compare(pod, {}, type).removed).toEqual(added);
  });
});
