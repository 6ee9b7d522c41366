import { apiVersionOf, qualifiedName, type ResourceDefinition } from '../resources/definition.js';
import type { KindTable } from '../resources/index.js';
import type { KubeObject } from '../resources/types.js';
import { StatusError } from './status.js';

/**
 * The kind that is meant, in the version that is stored, by any name that kubectl takes.
 * @throws StatusError 404 if there is none
 */
export function kindNamed(
  { kinds }: { readonly kinds: KindTable },
  name: string,
  apiVersion?: string | null,
): ResourceDefinition<KubeObject> {
  const wanted = name.toLowerCase();
  const versions = kinds.all().filter(kind => !kind.virtual && namesOf(kind).includes(wanted));
  const found = versions.find(kind => apiVersion == null || apiVersionOf(kind) === apiVersion);
  if (!found) {
    const what = apiVersion == null ? name : `${name} in ${apiVersion}`;
    throw new StatusError(404, 'NotFound', `there is no kind ${what}`, {});
  }
  return found.stored?.kind ?? found;
}

/** `daemonset`, `daemonsets`, `ds`, `daemonset.apps`, `daemonsets.apps`. */
function namesOf(kind: ResourceDefinition): string[] {
  const short = [kind.kind.toLowerCase(), kind.plural, kind.singular, ...kind.shortNames];
  return [...short, qualifiedName(kind), ...(kind.group ? [`${kind.singular}.${kind.group}`] : [])];
}
