import type { Scalar, SchemaType } from '../../resources/schema.js';

/** `io.k8s.api.apps.v1.DaemonSetSpec` → `v1.DaemonSetSpec`. */
export function goName(schemaName: string): string {
  return schemaName.split('.').slice(-2).join('.');
}

const GO_SCALARS: Record<Scalar, string> = {
  string: 'string',
  boolean: 'bool',
  int32: 'int32',
  int64: 'int64',
  double: 'float64',
  bytes: '[]uint8',
  time: 'v1.Time',
  microtime: 'v1.MicroTime',
  quantity: 'resource.Quantity',
  intOrString: 'intstr.IntOrString',
  raw: 'runtime.RawExtension',
  fields: 'v1.FieldsV1',
  atomic: 'runtime.RawExtension',
  deduced: 'runtime.RawExtension',
};

/** Types that read their JSON themselves. */
export const UNMARSHALED: ReadonlySet<string> = new Set([
  'v1.Time',
  'v1.MicroTime',
  'resource.Quantity',
  'intstr.IntOrString',
  'runtime.RawExtension',
  'v1.FieldsV1',
]);

export function goType(type: SchemaType): string {
  switch (type.kind) {
    case 'scalar':
      return GO_SCALARS[type.scalar];
    case 'list':
      return `[]${goType(type.element)}`;
    case 'map':
      return `map[string]${goType(type.element)}`;
    case 'struct':
      return goName(type.name);
  }
}
