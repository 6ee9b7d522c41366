import { parseManifests } from '../../registry/manifests.js';
import { toYaml } from '../../registry/yaml.js';
import { isObject, type JsonObject } from '../../resources/json.js';
import type { KubeObject } from '../../resources/types.js';

/** What stands in the place of what nobody is to see. */
const HIDDEN = 'hidden';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** Secrets whose values are checked: what stands in their place must pass. */
const FORMS: Readonly<Record<string, string>> = {
  'kubernetes.io/dockerconfigjson': '{"auths":{}}',
  'kubernetes.io/dockercfg': '{}',
};
const SAYS_SECRET = /\bkind["']?\s*:\s*["']?Secret\b/;

/**
 * A request's body without the values of Secrets, which can be sent again in its place: what is an object of that kind, or anywhere in one, in
 * JSON or YAML, and texts that hold such. Everything else is left as it is.
 * @param path of the request
 */
export function veiledBody(path: string, type: string | undefined, body: string): string {
  const isSecret = isOfSecret(path);
  if (!isSecret && !SAYS_SECRET.test(body.replaceAll('\\"', '"'))) return body;
  try {
    const value: unknown = JSON.parse(body);
    return JSON.stringify(isSecret ? inSecret(value, '') : veiled(value));
  } catch {
    // Lines of JSON, or YAML.
    if (/ndjson/.test(type ?? ''))
      return body
        .split('\n')
        .map(line => veiledBody(path, undefined, line))
        .join('\n');
    return veiledText(body);
  }
}

const isOfSecret = (path: string): boolean => /\/secrets(\/|\?|$)/.test(path);

/** What a program does at a path, without what Secrets in it hold. */
export const veiledCall = (path: string, call: object): unknown =>
  isOfSecret(path) ? inSecret(call, '') : veiled(call);

/** A value without what Secrets in it hold. */
export function veiled(value: unknown): unknown {
  if (typeof value === 'string') return SAYS_SECRET.test(value) ? veiledText(value) : value;
  if (Array.isArray(value)) return value.map(veiled);
  if (!isObject(value)) return value;
  if (value.kind === 'Secret') return inSecret(value, typeof value.type === 'string' ? value.type : '');
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, veiled(item)]));
}

function veiledText(text: string): string {
  try {
    return parseManifests(text)
      .map(object => toYaml(veiled(object)))
      .join('---\n');
  } catch {
    return HIDDEN; // What cannot be read is refused one way or the other.
  }
}

/** What is said of a Secret: an object, a patch. */
function inSecret(value: unknown, type: string): unknown {
  if (Array.isArray(value)) return value.map(item => inSecret(item, type));
  if (!isObject(value)) return value;
  const form = FORMS[typeof value.type === 'string' ? value.type : type] ?? HIDDEN;
  const encoded = Buffer.from(form).toString('base64');
  const hides = (item: unknown, text: string): unknown => {
    if (typeof item === 'string') return text;
    return isObject(item) ? Object.fromEntries(Object.keys(item).map(key => [key, hides(item[key], text)])) : item;
  };
  const isPatchOf = (field: string) => typeof value.path === 'string' && value.path.startsWith(`/${field}`);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (key === 'data') return [key, hides(item, encoded)];
      if (key === 'stringData') return [key, hides(item, form)];
      if (key === 'value' && isPatchOf('data')) return [key, hides(item, encoded)];
      if (key === 'value' && isPatchOf('stringData')) return [key, hides(item, form)];
      if (key === LAST_APPLIED) return [key, '{}'];
      return [key, inSecret(item, type)];
    }),
  );
}

/** An object of the log without what is secret, and without what is another each time by its nature: certificates, and tokens. */
export function veiledObject(resource: string, object: KubeObject): KubeObject {
  switch (resource) {
    case 'secrets':
      return {
        ...(inSecret(
          { ...object, data: allAlike((object as KubeObject & { data?: JsonObject }).data) },
          '',
        ) as KubeObject),
      };
    case 'certificatesigningrequests.certificates.k8s.io': {
      const { status } = object as KubeObject & { status?: JsonObject };
      return status?.certificate ? ({ ...object, status: { ...status, certificate: HIDDEN } } as KubeObject) : object;
    }
    case 'configmaps':
      return object.metadata.name === 'kube-root-ca.crt' ? ({ ...object, data: HIDDEN } as KubeObject) : object;
    default:
      return object;
  }
}

const allAlike = (data: JsonObject | undefined) =>
  data && Object.fromEntries(Object.keys(data).map(key => [key, HIDDEN]));
