// Writes data/schema.json: the structure of every built-in type, compact enough to parse in about a millisecond.
//
//   node scripts/generate-schema.mjs <facts>
//
// <facts> is a directory with four files taken from Kubernetes' published packages:
//   merge-schema.json      types → fields, lists and maps with their merge relations (client-go applyconfigurations)
//   patch-strategies.json  type → field → { strategy, key } of strategic merge patch (struct tags of k8s.io/api)
//   protobuf-fields.json   message → field → [number, type] (generated.proto): tells int32 from int64, string from bytes
//   openapi-structure.json definitions with formats: the same for types that have no message, and all there is of apiextensions
//                          and apiregistration
//
// omit-zero.json beside this file has the fields that Go leaves out where they are zero: those with `omitempty` that are no
// pointers (struct tags of k8s.io/api, apimachinery and apiextensions-apiserver).
//
// The form of the output is described in src/resources/schema.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const facts = process.argv[2];
if (!facts) throw new Error('usage: node scripts/generate-schema.mjs <directory of facts>');
const read = name => JSON.parse(readFileSync(join(facts, name), 'utf8'));

const merge = new Map(read('merge-schema.json').types.map(type => [type.name, type]));
const strategies = read('patch-strategies.json');
const openapi = read('openapi-structure.json').definitions;
const omitZero = JSON.parse(readFileSync(new URL('omit-zero.json', import.meta.url), 'utf8'));
/** Messages under the names of the schema: `k8s.io.api.…` → `io.k8s.api.…`. */
const messages = new Map(
  Object.entries(read('protobuf-fields.json')).map(([name, fields]) => [schemaName(name), fields]),
);

function schemaName(message) {
  return message.replace(/^k8s\.io\./, 'io.k8s.');
}

/** Types whose JSON form is a scalar of its own kind. */
const SPECIAL = {
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'microtime',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Duration': 'string',
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'intOrString',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'fields',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'raw',
  __untyped_atomic_: 'atomic',
  __untyped_deduced_: 'deduced',
};

/** Lists whose emptiness says something else than their absence, which defaults fill in for. */
const TELLING_EMPTY = { 'io.k8s.api.autoscaling.v2.HPAScalingRules': ['policies'] };

/** What a type of an early version is called in the one that came of it. */
function successor(type) {
  return type.replace('.extensions.v1beta1.', '.apps.v1.').replace(/v\d+(alpha|beta)\d+/, 'v1');
}

/** The exact scalar of a field, where protobuf or OpenAPI knows it. */
function scalarOf(type, field, coarse, depth) {
  const wire = messages.get(type)?.[field]?.[1] ?? inlined(type, field);
  const leaf = wire?.replace(/^\[\]/, '').replace(/^map<string,(.*)>$/, '$1');
  if (leaf === 'bytes' && coarse === 'string') return 'bytes';
  if (coarse === 'numeric') {
    if (leaf === 'int32' || leaf === 'int64') return leaf;
    let spec = openapi[type]?.properties?.[field] ?? openapi[successor(type)]?.properties?.[field];
    for (let i = 0; i < depth && spec; i++) spec = spec.items ?? spec.additionalProperties;
    return spec?.format === 'int32' || spec?.format === 'int64'
      ? spec.format
      : spec?.format === 'double'
        ? 'double'
        : 'int64';
  }
  return coarse;
}

/** Fields of a message that Go embeds: they are fields of the outer type in JSON. */
function inlined(type, field) {
  const json = new Set(merge.get(type)?.map?.fields?.map(f => f.name));
  for (const [name, [, inner]] of Object.entries(messages.get(type) ?? {})) {
    const nested = !json.has(name) && messages.get(schemaName(inner));
    if (nested?.[field]) return nested[field][1];
  }
  return undefined;
}

/** metrics.k8s.io is served by a program of its own, whose types are in none of the packages. */
const USAGE = 'io.k8s.metrics.pkg.apis.metrics.v1beta1';
const TEXT = { scalar: 'string' };
const TIME = { namedType: 'io.k8s.apimachinery.pkg.apis.meta.v1.Time' };
const METADATA = [
  { name: 'apiVersion', type: TEXT },
  { name: 'kind', type: TEXT },
  { name: 'metadata', type: { namedType: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' } },
];
const usageOf = (...fields) => [
  ...METADATA,
  { name: 'timestamp', type: TIME },
  { name: 'window', type: TEXT },
  ...fields,
];
const AMOUNTS = {
  name: 'usage',
  type: { map: { elementType: { namedType: 'io.k8s.apimachinery.pkg.api.resource.Quantity' } } },
};
const CONTAINERS = { list: { elementType: { namedType: `${USAGE}.ContainerMetrics` }, elementRelationship: 'atomic' } };
for (const [name, fields] of Object.entries({
  ContainerMetrics: [{ name: 'name', type: TEXT }, AMOUNTS],
  NodeMetrics: usageOf(AMOUNTS),
  PodMetrics: usageOf({ name: 'containers', type: CONTAINERS }),
})) {
  merge.set(`${USAGE}.${name}`, { name: `${USAGE}.${name}`, map: { fields } });
}

const names = [];
const types = [];
const indexes = new Map();

function reference(name) {
  let index = indexes.get(name);
  if (index === undefined) {
    index = names.push(name) - 1;
    indexes.set(name, index);
    types.push(null);
    types[index] = merge.has(name)
      ? fromMerge(merge.get(name))
      : name.startsWith(APIEXTENSIONS) || name.startsWith(APIREGISTRATION)
        ? fromOpenApi(name)
        : fromMessage(name, messages.get(name));
  }
  return index;
}

function element(type, owner, field, depth = 0) {
  if (type.namedType) {
    const special = SPECIAL[type.namedType];
    if (special) return special;
    const index = reference(type.namedType);
    return type.elementRelationship === 'atomic' ? { type: index, atomic: true } : index;
  }
  if (type.list) {
    const { elementType, elementRelationship, keys } = type.list;
    const list = { list: element(elementType, owner, field, depth + 1) };
    if (elementRelationship !== 'associative') return list;
    if (!keys) return { ...list, set: true };
    const defaults = {};
    for (const f of merge.get(elementType.namedType).map.fields) {
      if (keys.includes(f.name) && f.default !== undefined) defaults[f.name] = f.default;
    }
    return { ...list, keys, ...(Object.keys(defaults).length ? { defaults } : {}) };
  }
  if (type.map) {
    if (type.map.elementType?.scalar === 'untyped' && type.map.elementType.map) return 'raw';
    const map = { map: element(type.map.elementType, owner, field, depth + 1) };
    return type.map.elementRelationship === 'atomic' ? { ...map, atomic: true } : map;
  }
  return type.scalar === 'untyped' ? 'atomic' : scalarOf(owner, field, type.scalar, depth);
}

function fromMerge({ name, map }) {
  if (!map.fields) return { alias: 'raw' };
  const fields = {};
  const present = [];
  for (const field of map.fields) {
    const form = withPatch(element(field.type, name, field.name), strategies[name]?.[field.name]);
    fields[field.name] = form;
    const collection = typeof form === 'object' && form.type === undefined;
    if (isZero(field.default) || (collection && openapi[name]?.required?.includes(field.name)))
      present.push(field.name);
  }
  return {
    fields,
    ...(present.length ? { present } : {}),
    ...(map.elementRelationship === 'atomic' ? { atomic: true } : {}),
  };
}

/** Defaults that are Go's zero values tell fields that are no pointers and have no `omitempty`. */
function isZero(value) {
  return value === 0 || value === '' || value === false || JSON.stringify(value) === '{}';
}

function withPatch(form, { strategy = '', key } = {}) {
  const kept = strategy.split(',').find(s => s === 'merge' || s === 'replace');
  if (!kept) return form;
  const base = typeof form === 'number' ? { type: form } : form;
  return { ...base, patch: kept, ...(key ? { patchKey: key } : {}) };
}

/** Types that are never stored (reviews, bindings, options) have no merge schema: their structure is the message's. */
function fromMessage(name, fields) {
  if (!fields) throw new Error(`no such type: ${name}`);
  if (Object.keys(fields).join() === 'items' && !/List$/.test(name)) return { alias: wireElement(fields.items[1]) };
  const kind = /(Options|Review|Binding|TokenRequest|Scale|meta\.v1\.Status)$/.test(name)
    ? { apiVersion: 'string', kind: 'string' }
    : {};
  return {
    // Go's name for a uid on the wire is not the one in JSON.
    fields: {
      ...kind,
      ...Object.fromEntries(
        Object.entries(fields).map(([f, [, wire]]) => [f === 'uID' ? 'uid' : f, wireElement(wire)]),
      ),
    },
  };
}

function wireElement(wire) {
  if (wire.startsWith('[]')) return { list: wireElement(wire.slice(2)) };
  const map = wire.match(/^map<string,(.*)>$/);
  if (map) return { map: wireElement(map[1]) };
  if (/^(string|int32|int64|bytes|double)$/.test(wire)) return wire;
  if (wire === 'bool') return 'boolean';
  return SPECIAL[schemaName(wire)] ?? reference(schemaName(wire));
}

const APIEXTENSIONS = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.';
const APIREGISTRATION = 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.';

/** What came to the types of apiextensions after the OpenAPI document was made. */
const ADDED = {
  JSONSchemaProps: {
    'x-kubernetes-validations': {
      type: 'array',
      items: { $ref: `#/definitions/${APIEXTENSIONS}ValidationRule` },
    },
  },
  CustomResourceDefinitionVersion: {
    selectableFields: { type: 'array', items: { $ref: `#/definitions/${APIEXTENSIONS}SelectableField` } },
  },
  CustomResourceDefinitionStatus: { observedGeneration: { type: 'integer', format: 'int64' } },
  CustomResourceDefinitionCondition: { observedGeneration: { type: 'integer', format: 'int64' } },
  SelectableField: { jsonPath: { type: 'string' } },
  ValidationRule: {
    rule: { type: 'string' },
    message: { type: 'string' },
    messageExpression: { type: 'string' },
    reason: { type: 'string' },
    fieldPath: { type: 'string' },
    optionalOldSelf: { type: 'boolean' },
  },
};

/** Lists of these groups that are told apart by more than their place, as the tags of its Go types have it. */
const LIST_KEYS = {
  'CustomResourceDefinitionStatus.conditions': ['type'],
  'JSONSchemaProps.x-kubernetes-validations': ['rule'],
  'APIServiceStatus.conditions': ['type'],
};

/** These groups have no merge schema: upstream itself derives its merging from the OpenAPI document. */
function fromOpenApi(name) {
  const short = name.slice(name.lastIndexOf('.') + 1);
  const definition = openapi[name];
  const properties = { ...definition?.properties, ...ADDED[short] };
  // Any JSON, or one of several forms of it.
  if (Object.keys(properties).length === 0)
    return definition?.type === 'object' ? { fields: {} } : { alias: 'deduced' };
  const fields = {};
  const present = [];
  for (const field of Object.keys(properties).sort()) {
    const keys = LIST_KEYS[`${short}.${field}`];
    fields[field] = openApiForm(properties[field]);
    if (keys) fields[field].keys = keys;
    const { 'x-kubernetes-patch-strategy': strategy, 'x-kubernetes-patch-merge-key': key } = properties[field];
    fields[field] = withPatch(fields[field], { strategy, key });
    if (typeof fields[field] === 'object' && definition?.required?.includes(field)) present.push(field);
  }
  return { fields, ...(present.length ? { present } : {}) };
}

function openApiForm(property) {
  if (property.$ref) {
    const name = property.$ref.slice('#/definitions/'.length);
    return SPECIAL[name] ?? reference(name);
  }
  if (property.type === 'array') return { list: openApiForm(property.items) };
  if (property.type === 'object' && property.additionalProperties)
    return { map: openApiForm(property.additionalProperties) };
  if (property.type === 'integer') return property.format ?? 'int64';
  if (property.type === 'number') return 'double';
  return property.format === 'byte' ? 'bytes' : property.type;
}

for (const name of [...merge.keys()].sort())
  if (!SPECIAL[name] && !/imagepolicy|apiserverinternal/.test(name)) reference(name);
for (const name of [...messages.keys()].sort()) {
  if (
    /^io\.k8s\.api\.(authentication|authorization)\.v1\.\w+Review$|\.(Binding|TokenRequest|Scale|ListOptions|CreateOptions|UpdateOptions|PatchOptions|GetOptions)$/.test(
      name,
    )
  ) {
    reference(name);
  }
}
reference(`${APIEXTENSIONS}CustomResourceDefinition`);
reference(`${APIREGISTRATION}APIService`);

names.forEach((name, i) => {
  const omit = omitZero[name];
  if (!omit) return;
  const type = types[i];
  type.omit = omit;
  // A default of `""` does not put a field there that is left out where it is empty.
  type.present = type.present?.filter(field => !omit.includes(field));
  if (!type.present?.length) delete type.present;
});
for (const [name, fields] of Object.entries(TELLING_EMPTY)) {
  const type = types[names.indexOf(name)];
  type.present = [...(type.present ?? []), ...fields];
}
const body = names.map((name, i) => `${JSON.stringify(name)}:${JSON.stringify(types[i])}`).join(',\n');
writeFileSync(new URL('../data/schema.json', import.meta.url), `{\n${body}\n}\n`);
console.log(`${names.length} types`);
