import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Change, changedAlike, changedFields } from '../../../src/registry/managed-fields/changed-fields.js';
import { canonical, type FieldSet, pathsOf, union } from '../../../src/registry/managed-fields/field-set.js';
import { applyServerSide, trackUpdate } from '../../../src/registry/managed-fields/index.js';
import { compare, fieldsOf } from '../../../src/registry/managed-fields/typed.js';
import { StatusError } from '../../../src/registry/status.js';
import { equalJson } from '../../../src/resources/json.js';
import { structType } from '../../../src/resources/schema.js';
import type { Draft, KubeObject } from '../../../src/resources/types.js';
import { deepFreeze } from './recorded.js';

/** Who owns which field, whatever appliers and updaters do one after the other. */

const POD = 'io.k8s.api.core.v1.Pod';
const TYPE = structType(POD);

const text = fc.constantFrom('1', '2');
const optional = { requiredKeys: [] };
const labels = fc.dictionary(fc.constantFrom('a', 'b', 'c'), text, { maxKeys: 3 });
const set = (values: string[]) => fc.uniqueArray(fc.constantFrom(...values), { maxLength: 3 });
/** Maps, sets, lists by one key and by two (one of which has a default), atomic lists and structs. */
const configurations = fc
  .record(
    {
      labels,
      finalizers: set(['x.io/a', 'x.io/b', 'x.io/c']),
      containers: fc.uniqueArray(
        fc.record(
          {
            name: fc.constantFrom('c', 'd'),
            image: text,
            env: fc.uniqueArray(fc.record({ name: fc.constantFrom('A', 'B'), value: text }), {
              selector: e => e.name,
              minLength: 1,
              maxLength: 2,
            }),
            ports: fc.uniqueArray(
              fc.record(
                { containerPort: fc.constantFrom(80, 81), protocol: fc.constantFrom('TCP', 'UDP'), name: text },
                { requiredKeys: ['containerPort'] },
              ),
              { selector: p => `${p.containerPort}${p.protocol ?? 'TCP'}`, minLength: 1, maxLength: 2 },
            ),
            args: fc.array(text, { minLength: 1, maxLength: 2 }),
          },
          { requiredKeys: ['name'] },
        ),
        { selector: c => c.name, maxLength: 2 },
      ),
      nodeSelector: labels,
      tolerations: fc.array(fc.record({ key: text }), { minLength: 1, maxLength: 2 }),
      securityContext: fc.record({ runAsUser: fc.constantFrom(1, 2), fsGroup: fc.constantFrom(1, 2) }, optional),
      hostname: text,
    },
    optional,
  )
  .map(({ labels, finalizers, ...spec }) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'p',
      ...(labels && Object.keys(labels).length ? { labels } : {}),
      ...(finalizers?.length ? { finalizers } : {}),
    },
    ...withSpec(Object.fromEntries(Object.entries(spec).filter(([, value]) => !isEmpty(value)))),
  }));

const withSpec = (spec: object) => (isEmpty(spec) ? {} : { spec });
const isEmpty = (value: unknown) => typeof value === 'object' && Object.keys(value as object).length === 0;

type Step = { manager: string; configuration: object; update: boolean; force: boolean };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    manager: fc.constantFrom('alice', 'bob', 'carol'),
    configuration: configurations,
    update: fc.boolean(),
    force: fc.boolean(),
  }),
  { minLength: 1, maxLength: 7 },
);

const write = { apiVersion: 'v1', schema: POD, now: 0 };
const identity = { uid: 'u', resourceVersion: '1' };
const stored = (object: KubeObject): KubeObject =>
  deepFreeze({ ...object, metadata: { ...object.metadata, ...identity } });

function applying(live: KubeObject | undefined, manager: string, configuration: object, force = false): KubeObject {
  const applied = deepFreeze(configuration) as Draft;
  return stored(applyServerSide({ ...write, live, applied, manager, force }));
}

function updating(live: KubeObject | undefined, manager: string, configuration: object): KubeObject {
  const { metadata } = configuration as KubeObject;
  const sent = { ...metadata, ...identity, ...(live ? { managedFields: live.metadata.managedFields } : {}) };
  return stored(trackUpdate({ ...write, live, object: { ...configuration, metadata: sent } as KubeObject, manager }));
}

function run(live: KubeObject | undefined, { manager, configuration, update, force }: Step): KubeObject | undefined {
  try {
    return update ? updating(live, manager, configuration) : applying(live, manager, configuration, force);
  } catch (error) {
    if (StatusError.is(error, 'Conflict') && !update && !force) return live;
    throw error;
  }
}

type Owned = { manager: string; operation: string; paths: Set<string> };
const owned = (object: KubeObject | undefined): Owned[] =>
  (object?.metadata.managedFields ?? []).map(({ manager = '', operation = '', fieldsV1 }) => ({
    manager,
    operation,
    paths: pathTexts(fieldsV1 as FieldSet),
  }));

const pathTexts = (fields: FieldSet) => new Set(pathsOf(fields).map(path => path.join('/')));
/** All there is in an object: what its fields set, and the structs and lists on the way. */
const present = (object: KubeObject | undefined): Set<string> => {
  const found = new Set<string>();
  for (const path of pathsOf(fieldsOf(object && bare(object), TYPE)))
    path.forEach((_, i) => {
      found.add(path.slice(0, i + 1).join('/'));
    });
  return found;
};
const bare = ({ metadata: { managedFields: _, ...metadata }, ...object }: KubeObject) => ({ ...object, metadata });

/**
 * An element of a list goes with the last who owns it, and all in it, even what others have updated: they do not own the
 * element. Upstream has it so.
 */
function wentWithItsElement(path: string, others: readonly Owned[]): boolean {
  const elements = path.split('/');
  return elements.some(
    (element, i) =>
      element.startsWith('k:') && !others.some(({ paths }) => paths.has(elements.slice(0, i + 1).join('/'))),
  );
}

const check = (property: (before: KubeObject | undefined, all: Step[]) => void) =>
  fc.assert(
    fc.property(steps, all => property(all.reduce<KubeObject | undefined>(run, undefined), all)),
    { numRuns: 200, seed: 11 },
  );

it('what is owned is there', () => {
  let seen = 0;
  check(object => {
    const there = present(object);
    for (const { paths } of owned(object)) {
      seen += paths.size;
      expect([...paths].filter(path => !there.has(path))).toEqual([]);
    }
  });
  expect(seen).toBeGreaterThan(1000);
});

it('applying the same again changes nothing', () => {
  check((object, all) => {
    const { configuration, manager } = all.at(-1)!;
    const once = applying(object, manager, configuration, true);
    expect(applying(once, manager, configuration)).toEqual(once);
  });
});

it('an apply has what it applied, and leaves what others own and it does not mention', () => {
  check((object, all) => {
    const { configuration, manager } = all.at(-1)!;
    const after = applying(object, manager, configuration, true);
    const mine = owned(after).find(o => o.manager === manager && o.operation === 'Apply');
    const { modified, removed } = compare(after, { ...after, ...configuration, metadata: after.metadata }, TYPE);
    const changed = pathTexts(modified);
    expect([...(mine?.paths ?? [])].filter(path => changed.has(path) || pathTexts(removed).has(path))).toEqual([]);
    const there = present(after);
    const before = owned(object);
    const others = before.filter(o => o.manager !== manager || o.operation !== 'Apply');
    for (const { paths } of others) {
      expect([...paths].filter(path => !there.has(path) && !wentWithItsElement(path, others))).toEqual([]);
    }
  });
});

it('giving everything up removes what nobody else owns, and only that', () => {
  let removals = 0;
  check(object => {
    if (!object) return;
    const before = owned(object);
    const mine = before.find(o => o.manager === 'alice' && o.operation === 'Apply');
    const after = applying(object, 'alice', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } });
    expect(owned(after).some(o => o.manager === 'alice' && o.operation === 'Apply')).toBe(false);
    if (!mine) {
      expect(bare(after)).toEqual(bare(object));
      return;
    }
    const others = before.filter(o => o !== mine);
    const isOthers = (path: string) =>
      others.some(({ paths }) =>
        [...paths].some(p => (p === path || p.startsWith(`${path}/`)) && !wentWithItsElement(p, others)),
      );
    const there = present(after);
    const leaves = [...mine.paths].filter(path => ![...mine.paths].some(p => p.startsWith(`${path}/`)));
    for (const path of leaves) {
      const stays = isOthers(path) || [...present(object)].some(p => p.startsWith(`${path}/`));
      if (!stays) removals++;
      if (!stays) expect([path, there.has(path)]).toEqual([path, false]);
    }
    for (const path of present(object)) {
      // What empties goes, whoever owns it as such.
      if (there.has(path) || [...present(object)].some(p => p.startsWith(`${path}/`))) continue;
      const isMine = [...mine.paths].some(p => p === path || p.startsWith(`${path}/`) || path.startsWith(`${p}/`));
      expect([path, isMine, isOthers(path)]).toEqual([path, true, false]);
    }
  });
  expect(removals).toBeGreaterThan(100);
});

it('an update owns what it changed, and takes it from all others', () => {
  check((object, all) => {
    const { configuration } = all.at(-1)!;
    const after = updating(object, 'dave', configuration);
    if (object && owned(object).length === 0) return;
    const before = object ? bare(object) : { apiVersion: 'v1', kind: 'Pod', metadata: {} };
    const { added, modified } = compare(before, bare(after), TYPE);
    const changed = new Set([...pathTexts(added), ...pathTexts(modified)]);
    for (const path of ['f:metadata/f:name', 'f:metadata/f:uid', 'f:metadata/f:resourceVersion', 'f:metadata'])
      changed.delete(path);
    expect(new Set(owned(after).find(o => o.manager === 'dave')?.paths)).toEqual(changed);
    for (const { manager, paths } of owned(after))
      if (manager !== 'dave') expect([...paths].filter(path => changed.has(path))).toEqual([]);
    expect(equalJson(bare(after), bare(updating(after, 'dave', configuration)))).toBe(true);
  });
});

describe('what a write changed, as text', () => {
  const withStatus = fc
    .tuple(configurations, fc.constantFrom(undefined, null, '2026-01-01T00:00:00Z'))
    .map(([pod, at]) => ({
      ...pod,
      status: { conditions: [{ type: 'Ready', status: 'True', ...(at === undefined ? {} : { lastProbeTime: at }) }] },
    }));
  const changes = fc.tuple(fc.option(fc.oneof(configurations, withStatus)), fc.oneof(configurations, withStatus));
  const changeOf = ([before, after]: readonly [object | null, object]): Change => ({
    before: before ?? { apiVersion: 'v1', kind: 'Pod', metadata: {} },
    after,
    type: TYPE,
  });

  it('is what a comparison finds', () => {
    fc.assert(
      fc.property(changes, pair => {
        const { before, after, type } = changeOf(pair);
        const { added, modified } = compare(before, after, type);
        const text = changedFields({ before, after, type });
        expect(text || '{}').toBe(JSON.stringify(canonical(union(added, modified))));
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it('is the same for changes that are alike', () => {
    const others = (object: object | null) => JSON.parse(JSON.stringify(object).replaceAll(':"1"', ':"2"'));
    let alike = 0;
    fc.assert(
      fc.property(changes, changes, (pair, stranger) => {
        const [before, after] = pair;
        for (const other of [[others(before), others(after)] as const, [before, others(after)] as const, stranger]) {
          if (!changedAlike(changeOf(pair), changeOf(other))) continue;
          alike++;
          expect(changedFields(changeOf(other))).toBe(changedFields(changeOf(pair)));
        }
      }),
      { numRuns: 500, seed: 4 },
    );
    expect(alike).toBeGreaterThan(100);
  });
});
