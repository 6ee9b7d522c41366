import type { ParamKind, ParamRef } from '../../../resources/admission/configuration.js';
import { labelSelectorMatcher } from '../../../resources/selector.js';
import type { KubeObject } from '../../../resources/types.js';
import type { Asked } from '../asked.js';

/** A policy or a binding that cannot be used as it is. */
export class ConfigurationError extends Error {
  constructor(
    readonly what: 'policy' | 'binding',
    why: string,
  ) {
    super(`failed to configure ${what}: ${why}`);
  }
}

/**
 * What a policy is evaluated with, each by itself: the objects that a binding refers to, or null if it refers to none. None at
 * all: the binding says that nothing is to be asked then.
 * @throws ConfigurationError
 */
export function paramsOf(
  kind: ParamKind | undefined,
  reference: ParamRef | undefined,
  { registry, namespace: own }: Asked,
): readonly (KubeObject | null)[] {
  if (!kind) return [null];
  const { apiVersion = '', kind: name = '' } = kind;
  const definition = registry.kinds.byKind(apiVersion, name);
  if (!definition || definition.virtual)
    throw new ConfigurationError(
      'policy',
      `failed to find resource referenced by paramKind: '${gvk(apiVersion, name)}'`,
    );
  if (!reference) return [null];
  const wrong = (why: string) => new ConfigurationError('binding', why);
  const namespace = definition.namespaced ? reference.namespace || own : '';
  if (definition.namespaced && !namespace)
    throw wrong('cannot use namespaced paramRef in policy binding that matches cluster-scoped resources');
  if (!definition.namespaced && reference.namespace)
    throw wrong('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  const found = reference.name
    ? [registry.get(definition, namespace, reference.name)]
    : registry
        .all(definition, definition.namespaced ? namespace : undefined)
        .filter(({ object }) => labelSelectorMatcher(reference.selector).matches(object.metadata.labels));
  const params = found.flatMap(entry => (entry ? [entry.object] : []));
  if (params.length === 0 && reference.parameterNotFoundAction === 'Deny')
    throw wrong('no params found for policy binding with `Deny` parameterNotFoundAction');
  return params;
}

/** As Go prints a GroupVersionKind: `apps/v1, Kind=Deployment`. */
const gvk = (apiVersion: string, kind: string) =>
  `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
