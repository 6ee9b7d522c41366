import type { Registry } from '../registry/registry.js';
import { StatusError } from '../registry/status.js';
import { fromYamlDocuments, YamlSyntaxError } from '../registry/yaml.js';
import type { KubeObject } from '../resources/types.js';

/** YAML text of one or more documents, an object, or a list of objects. */
export type Manifests = string | object | readonly object[];

/** The name under which manifests applied from code own their fields. */
const FIELD_MANAGER = 'kubette';

/** Applies each object on the server side, in the order given. */
export async function applyManifests(registry: Registry, manifests: Manifests): Promise<void> {
  for (const manifest of parseManifests(manifests)) {
    const { apiVersion, kind: name, metadata } = manifest as Partial<KubeObject>;
    const kind = apiVersion && name ? registry.kinds.byKind(apiVersion, name) : undefined;
    if (!kind || kind.virtual) throw StatusError.badRequest(`no matches for kind "${name}" in version "${apiVersion}"`);
    const namespace = kind.namespaced ? (metadata?.namespace ?? 'default') : '';
    await registry.patch(
      kind,
      namespace,
      metadata?.name ?? '',
      { type: 'apply', body: manifest, force: true },
      { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' },
    );
  }
}

/** The objects that manifests are of, out of their lists. @throws StatusError 400 for YAML that cannot be read */
export function parseManifests(manifests: Manifests): object[] {
  if (typeof manifests !== 'string') return (Array.isArray(manifests) ? manifests : [manifests]).flatMap(listItems);
  try {
    return fromYamlDocuments(withoutMargin(manifests)).flatMap(value =>
      typeof value === 'object' && value !== null ? listItems(value) : [],
    );
  } catch (error) {
    throw error instanceof YamlSyntaxError
      ? StatusError.badRequest(`error parsing manifests: ${error.message}`)
      : error;
  }
}

/** Text as it stands in code is indented as a whole, and then `---` would not part documents. */
function withoutMargin(text: string): string {
  const margins = text.match(/^ *(?=\S)/gm) ?? [''];
  const margin = margins.reduce((least, spaces) => (spaces.length < least.length ? spaces : least));
  return margin === '' ? text : text.replaceAll(new RegExp(`^${margin}`, 'gm'), '');
}

/** What `kubectl get -o yaml` prints is one object of kind List. */
const listItems = (object: object): object[] =>
  'items' in object && Array.isArray(object.items) && 'kind' in object && String(object.kind).endsWith('List')
    ? object.items
    : [object];
