import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type SchemaType, schemaType, structType } from '../../../src/resources/schema.js';

const lines = readFileSync(new URL('../../../data/schema.json', import.meta.url), 'utf8');
const names = Object.keys(JSON.parse(lines) as object);

describe('the schema data', () => {
  it('compiles every type, and every type that one mentions', () => {
    const seen = new Set<SchemaType>();
    let fields = 0;
    const visit = (type: SchemaType) => {
      if (seen.has(type)) return;
      seen.add(type);
      if (type.kind === 'list' || type.kind === 'map') visit(type.element);
      if (type.kind !== 'struct') return;
      for (const name of type.fieldNames) {
        fields++;
        visit(type.field(name)!.type);
      }
    };
    for (const name of names) visit(schemaType(name)!);
    expect(names.length).toBeGreaterThan(800);
    expect(fields).toBeGreaterThan(3500);
  });

  it('has keys for lists, and the keys are fields of the elements', () => {
    for (const name of names) {
      const type = schemaType(name)!;
      if (type.kind !== 'struct') continue;
      for (const fieldName of type.fieldNames) {
        const list = type.field(fieldName)!.type;
        if (list.kind !== 'list' || list.relation !== 'map') continue;
        const element = list.element;
        expect(element.kind === 'struct' && list.keys.every(key => element.field(key)), `${name}.${fieldName}`).toBe(
          true,
        );
      }
    }
  });

  it('knows what merges and how', () => {
    const pod = structType('io.k8s.api.core.v1.PodSpec');
    expect(pod.field('containers')).toMatchObject({
      patch: 'merge',
      patchKey: 'name',
      present: true,
      type: { relation: 'map', keys: ['name'] },
    });
    expect(pod.field('tolerations')).toMatchObject({ present: false, type: { relation: 'atomic' } });
    expect(pod.field('nodeSelector')).toMatchObject({ type: { kind: 'map', atomic: true } });
    expect(pod.field('overhead')).toMatchObject({
      type: { kind: 'map', atomic: false, element: { scalar: 'quantity' } },
    });
    expect(structType('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta').field('finalizers')).toMatchObject({
      patch: 'merge',
      type: { relation: 'set' },
    });
    expect(structType('io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector').atomic).toBe(true);
    expect(structType('io.k8s.api.core.v1.ServiceSpec').field('ports')).toMatchObject({
      type: { keys: ['port', 'protocol'], defaults: { protocol: 'TCP' } },
    });
    expect(structType('io.k8s.api.apps.v1.DaemonSetStatus').field('observedGeneration')).toMatchObject({
      type: { scalar: 'int64' },
    });
    expect(structType('io.k8s.api.core.v1.Secret').field('data')).toMatchObject({
      type: { element: { scalar: 'bytes' } },
    });
    expect(pod.field('replicas')).toBeUndefined();
    expect(pod.field('constructor')).toBeUndefined();
    expect(() => structType('io.k8s.api.core.v1.Widget')).toThrow('no schema');
  });
});
