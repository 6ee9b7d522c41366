// Writes data/protobuf.json: field numbers and types of the API's protobuf messages. Reads data/schema.json, so run
// generate-schema.mjs first.
//
//   node scripts/generate-protobuf.mjs <facts>
//
// <facts> has protobuf-fields.json: message → field → [number, type], as in the generated.proto files of k8s.io/api and
// k8s.io/apimachinery. The form of the output is described in src/api/protobuf.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const facts = process.argv[2];
if (!facts) throw new Error('usage: node scripts/generate-protobuf.mjs <directory of facts>');
/** apiregistration.k8s.io is in a package of its own: its generated.proto. */
const META = 'k8s.io.apimachinery.pkg.apis.meta.v1';
const APIREGISTRATION = 'k8s.io.kube-aggregator.pkg.apis.apiregistration.v1';
const registration = {
  APIService: {
    metadata: [1, `${META}.ObjectMeta`],
    spec: [2, `${APIREGISTRATION}.APIServiceSpec`],
    status: [3, `${APIREGISTRATION}.APIServiceStatus`],
  },
  APIServiceCondition: {
    type: [1, 'string'],
    status: [2, 'string'],
    lastTransitionTime: [3, `${META}.Time`],
    reason: [4, 'string'],
    message: [5, 'string'],
  },
  APIServiceList: { metadata: [1, `${META}.ListMeta`], items: [2, `[]${APIREGISTRATION}.APIService`] },
  APIServiceSpec: {
    service: [1, `${APIREGISTRATION}.ServiceReference`],
    group: [2, 'string'],
    version: [3, 'string'],
    insecureSkipTLSVerify: [4, 'bool'],
    caBundle: [5, 'bytes'],
    groupPriorityMinimum: [7, 'int32'],
    versionPriority: [8, 'int32'],
  },
  APIServiceStatus: { conditions: [1, `[]${APIREGISTRATION}.APIServiceCondition`] },
  ServiceReference: { namespace: [1, 'string'], name: [2, 'string'], port: [3, 'int32'] },
};

const messages = {
  ...JSON.parse(readFileSync(join(facts, 'protobuf-fields.json'), 'utf8')),
  ...Object.fromEntries(Object.entries(registration).map(([name, fields]) => [`${APIREGISTRATION}.${name}`, fields])),
};
const schema = JSON.parse(readFileSync(new URL('../data/schema.json', import.meta.url), 'utf8'));

const schemaName = message => message.replace(/^k8s\.io\./, 'io.k8s.');
const names = Object.keys(messages).map(schemaName).sort();
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

/** Go's name for the wire is not always the one in JSON (`Webhooks`), and embedded structs have none there. */
function jsonName(message, field, wire) {
  const known = schema[message]?.fields;
  if (!known || Object.hasOwn(known, field)) return field;
  return (
    Object.keys(known).find(name => name.toLowerCase() === field.toLowerCase()) ?? (wire.includes('.') ? '' : field)
  );
}

const lines = names.map(name => {
  const fields = Object.entries(messages[name.replace(/^io\.k8s\./, 'k8s.io.')]).map(([field, [number, wire]]) => {
    const json = jsonName(name, field, wire);
    return [
      number,
      json,
      typeOf(wire),
      ...(keepsZero(name, json) && /^(string|bool|int32|int64)$/.test(wire) ? [1] : []),
    ];
  });
  fields.sort((a, b) => a[0] - b[0]);
  return `${JSON.stringify(name)}:${JSON.stringify(fields)}`;
});
// Versions that are served no more and have the same fields as their successors; see src/resources/old-versions.ts.
for (const kind of ['Eviction', 'PodDisruptionBudget', 'PodDisruptionBudgetList']) {
  const successor = `"io.k8s.api.policy.v1.${kind}":`;
  const fields = lines.find(line => line.startsWith(successor)).slice(successor.length);
  lines.push(`"io.k8s.api.policy.v1beta1.${kind}":${fields}`);
}
writeFileSync(new URL('../data/protobuf.json', import.meta.url), `{\n${lines.join(',\n')}\n}\n`);
console.log(`${lines.length} messages`);
