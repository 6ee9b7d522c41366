// Writes data/documentation.json.gz: what upstream says about its types and their fields, as `kubectl explain` shows it,
// and which fields must be there. Taken from the declarations of the package kubernetes-types (Apache-2.0); types and fields
// that are newer than the package have a line of our own in own-descriptions.json.
// Run it again after updating the package: node scripts/generate-documentation.mjs
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'node_modules/kubernetes-types');
const schema = JSON.parse(readFileSync(join(root, 'data/schema.json'), 'utf8'));

const PACKAGES = {
  meta: 'io.k8s.apimachinery.pkg.apis.meta',
  api: 'io.k8s.apimachinery.pkg.api',
  apiextensions: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions',
};

/** Types without fields of their own in the schema, which the documents need all the same. */
const ALSO =
  /meta\.v1\.(ListMeta|Status|StatusDetails|StatusCause|Time|MicroTime|FieldsV1|Patch|WatchEvent)$|api\.resource\.Quantity$|List$/;

/** In our own words: types and fields that came after the package. */
const OWN = JSON.parse(readFileSync(join(root, 'scripts/own-descriptions.json'), 'utf8'));

const text = comment =>
  comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map(line => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();

const FIELD = /(\/\*\*(?:[^*]|\*(?!\/))*\*\/)\s*(?:readonly )?["']?([\w$-]+)["']?(\?)?:/g;

function describe(file, prefix, into) {
  const code = readFileSync(file, 'utf8');
  const declaration =
    /(\/\*\*(?:[^*]|\*(?!\/))*\*\/)?\s*export (?:interface|type) (\w+)(?:<[^>]*>)?\s*(?:\{([\s\S]*?)\n\}|=)/g;
  for (const [, comment, type, body = ''] of code.matchAll(declaration)) {
    const name = `${prefix}.${type}`;
    if (!schema[name] && !ALSO.test(name)) continue;
    const entry = { about: comment && text(comment), required: [], fields: {} };
    for (const [, about, field, optional] of body.matchAll(FIELD)) {
      entry.fields[field] = text(about);
      if (!optional) entry.required.push(field);
    }
    into[name] = entry;
  }
}

const documentation = {};
for (const file of readdirSync(source, { recursive: true })
  .filter(name => /^\w+\/\w+\.d\.ts$/.test(name))
  .sort()) {
  const [group, version] = file.replace('.d.ts', '').split('/');
  describe(join(source, file), `${PACKAGES[group] ?? `io.k8s.api.${group}`}.${version}`, documentation);
}
// Versions that are served no more are described as what came of them.
for (const name of Object.keys(schema)) {
  const successor = name.replace(/\.(extensions\.v1beta1|apps\.v1beta2)\.(?=(RollingUpdate)?DaemonSet)/, '.apps.v1.');
  if (successor !== name) documentation[name] = structuredClone(documentation[successor]);
}
// Who left it out got that of the template.
documentation['io.k8s.api.extensions.v1beta1.DaemonSetSpec'].required = ['template'];
for (const [name, { '': about, ...fields }] of Object.entries(OWN)) {
  const entry = documentation[name] ?? { fields: {} };
  documentation[name] = { ...entry, about: entry.about ?? about, fields: { ...fields, ...entry.fields } };
}
for (const entry of Object.values(documentation)) if (!entry.required?.length) delete entry.required;

const bytes = gzipSync(JSON.stringify(documentation), { level: 9 });
writeFileSync(join(root, 'data/documentation.json.gz'), bytes);
console.log(`${Object.keys(documentation).length} types, ${bytes.length} bytes`);
