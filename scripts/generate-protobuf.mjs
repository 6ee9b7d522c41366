// Writes data/protobuf.json: field numbers and types of the API's protobuf messages. Reads data/schema.json, so run
// generate-schema.mjs first.
//
//   node scripts/generate-protobuf.mjs <facts>
//
// <facts> has protobuf-fields.json: message → field → [number, type], as in the generated.proto files of k8s.io/api and
// k8s.io/apimachinery. protobuf-fields.json beside this file has the same of the packages that those facts leave out:
// apiextensions-apiserver, kube-aggregator and metrics. The form of the output is described in src/api/protobuf.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const facts = process.argv[2];
if (!facts) throw new Error('usage: node scripts/generate-protobuf.mjs <directory of facts>');
const read = file => JSON.parse(readFileSync(file, 'utf8'));
const messages = {
  ...read(join(facts, 'protobuf-fields.json')),
  ...read(new URL('protobuf-fields.json', import.meta.url)),
};
const schema = read(new URL('../data/schema.json', import.meta.url));

const schemaName = message => message.replace(/^k8s\.io\./, 'io.k8s.');
const served = Object.keys(messages).sort();

/** Versions that are served no more, whose messages are those of their successors; see src/resources/old-versions.ts. */
const OLD = [
  ['policy.v1beta1', 'policy.v1', ['Eviction', 'PodDisruptionBudget', 'PodDisruptionBudgetList']],
  ['apps.v1beta2', 'apps.v1', ['DaemonSet', 'DaemonSetList']],
  ['extensions.v1beta1', 'apps.v1', ['DaemonSet', 'DaemonSetList', 'DaemonSetSpec']],
];
for (const [old, successor, types] of OLD) {
  const own = wire => {
    const [, list = '', type] = wire.match(`^(\\[\\])?k8s\\.io\\.api\\.${successor}\\.(\\w+)$`) ?? [];
    return types.includes(type) ? `${list}k8s.io.api.${old}.${type}` : wire;
  };
  for (const type of types) {
    const fields = Object.entries(messages[`k8s.io.api.${successor}.${type}`]);
    messages[`k8s.io.api.${old}.${type}`] = Object.fromEntries(
      fields.map(([field, [number, wire]]) => [field, [number, own(wire)]]),
    );
  }
}
messages['k8s.io.api.extensions.v1beta1.DaemonSetSpec'].templateGeneration = [5, 'int64'];

const names = [...served, ...Object.keys(messages).filter(name => !served.includes(name))].map(schemaName);
const indexes = new Map(names.map((name, i) => [name, i]));

/** Scalars whose zero means something: pointers in Go, and what is shown even where it is zero. Types that the schema lacks have none. */
function keepsZero(message, field) {
  const type = schema[message];
  return type?.fields?.[field] !== undefined && !type.omit?.includes(field);
}

function typeOf(wire) {
  if (wire.startsWith('[]')) return `[]${typeOf(wire.slice(2))}`;
  const map = wire.match(/^map<string,(.*)>$/);
  if (map) return `{}${typeOf(map[1])}`;
  return /^[a-z0-9]+$/.test(wire) ? wire : `#${indexes.get(schemaName(wire))}`;
}

/** The name on the wire is not always the one in JSON (`Webhooks`, `ref`, `xKubernetesListType`), and embedded structs have none there. */
function jsonName(message, field, wire) {
  const known = schema[message]?.fields;
  if (!known || Object.hasOwn(known, field)) return field;
  return (
    Object.keys(known).find(name => name.replace(/[$-]/g, '').toLowerCase() === field.toLowerCase()) ??
    (wire.includes('.') ? '' : field)
  );
}

const lines = names.map(name => {
  const fields = Object.entries(messages[name.replace(/^io\.k8s\./, 'k8s.io.')]).map(([field, [number, wire]]) => {
    const json = jsonName(name, field, wire);
    return [
      number,
      json,
      typeOf(wire),
      ...(keepsZero(name, json) && /^(string|bool|int32|int64|double)$/.test(wire) ? [1] : []),
    ];
  });
  fields.sort((a, b) => a[0] - b[0]);
  return `${JSON.stringify(name)}:${JSON.stringify(fields)}`;
});
writeFileSync(new URL('../data/protobuf.json', import.meta.url), `{\n${lines.join(',\n')}\n}\n`);
console.log(`${lines.length} messages`);
