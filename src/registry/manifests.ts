import type { KubeObject } from '../resources/types.js';
import type { Registry } from './registry.js';
import { StatusError } from './status.js';
import type { AnyDefinition } from './types.js';
import { fromYamlDocuments, YamlSyntaxError } from './yaml.js';

/** YAML text of one or more documents, an object, or a list of objects. */
export type Manifests = string | object | readonly object[];

/** A manifest, and the object that it is about. */
export interface Manifest {
  readonly kind: AnyDefinition;
  /** Empty for kinds of the whole cluster. */
  readonly namespace: string;
  readonly name: string;
  readonly body: object;
}

/**
 * What manifests say, in their order. Text may be indented as a whole; namespaced objects without a namespace go to `default`.
 * @throws StatusError 400 for what cannot be read, or is of a kind that is not served
 */
export function readManifests(registry: Registry, manifests: Manifests): Manifest[] {
  return parseManifests(manifests).map(written => {
    const body = typeof manifests === 'string' ? written : asSent(written);
    const { apiVersion, kind: kindName, metadata } = body as Partial<KubeObject>;
    const kind = apiVersion && kindName ? registry.kinds.byKind(apiVersion, kindName) : undefined;
    if (!kind || kind.virtual)
      throw StatusError.badRequest(`no matches for kind "${kindName}" in version "${apiVersion}"`);
    const namespace = kind.namespaced ? (metadata?.namespace ?? 'default') : '';
    return { kind, namespace, name: metadata?.name ?? '', body };
  });
}

/** An object of a program as a client would send it: without what is undefined, dates as text. */
const asSent = (object: object): object => JSON.parse(JSON.stringify(object)) as object;

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
