import type { MatchResources, Rule } from '../../resources/admission/configuration.js';
import type { ResourceDefinition } from '../../resources/definition.js';
import { labelSelectorMatcher } from '../../resources/selector.js';
import type { LabelSelector } from '../../resources/types.js';
import type { Asked } from './asked.js';

/**
 * The version of the resource in which a policy or a webhook is shown a request; `undefined` if the request is none of those that
 * it is about. Without rules, that is every request.
 */
export function matchedVersion(resources: MatchResources, asked: Asked): ResourceDefinition | undefined {
  const { namespaceSelector, objectSelector, excludeResourceRules = [], resourceRules = [], matchPolicy } = resources;
  const found = resourceRules.length === 0 ? asked.kind : versionByRules(resourceRules, matchPolicy, asked);
  if (!found || !selectsNamespace(namespaceSelector, asked) || !selectsObject(objectSelector, asked)) return undefined;
  return versionByRules(excludeResourceRules, matchPolicy, asked) ? undefined : found;
}

function versionByRules(
  rules: readonly Rule[],
  matchPolicy: MatchResources['matchPolicy'],
  asked: Asked,
): ResourceDefinition | undefined {
  const candidates = rules.filter(rule => meansRequest(rule, asked));
  if (candidates.length === 0) return undefined;
  const isMeant = (kind: ResourceDefinition) => candidates.some(rule => meansVersion(rule, kind));
  if (isMeant(asked.kind)) return asked.kind;
  return matchPolicy === 'Exact' ? undefined : asked.equivalents().find(isMeant);
}

const covers = (list: readonly string[] | undefined, value: string) =>
  list !== undefined && (list.includes(value) || list.includes('*'));

const meansVersion = ({ apiGroups, apiVersions }: Rule, { group, version }: ResourceDefinition) =>
  covers(apiGroups, group) && covers(apiVersions, version);

/** All but the group and version, which the same resource may have several of. */
function meansRequest({ operations, resources = [], scope = '*', resourceNames = [] }: Rule, asked: Asked): boolean {
  if (!covers(operations, asked.request.operation)) return false;
  if (!resources.some(text => meansResource(text, asked))) return false;
  if (scope !== '*' && (scope === 'Namespaced') !== asked.kind.namespaced) return false;
  return resourceNames.length === 0 || resourceNames.includes(asked.name);
}

/** `pods`, `pods/status`, `*`, `pods/*`, and with `*` for the resource too. */
function meansResource(text: string, { kind, subresource }: Asked): boolean {
  const slash = text.indexOf('/');
  const [resource, part] = slash < 0 ? [text, ''] : [text.slice(0, slash), text.slice(slash + 1)];
  return (resource === '*' || resource === kind.plural) && (part === '*' || part === subresource);
}

const isEmpty = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector) =>
  matchExpressions.length === 0 && Object.keys(matchLabels).length === 0;

/** What is in no namespace is never left out. */
function selectsNamespace(selector: LabelSelector | undefined, asked: Asked): boolean {
  if (!selector || isEmpty(selector)) return true;
  const found = asked.namespaceLabels;
  return !found || labelSelectorMatcher(selector).matches(found.labels);
}

/** The object as it was counts as well as it shall be. */
function selectsObject(selector: LabelSelector | undefined, asked: Asked): boolean {
  if (!selector || isEmpty(selector)) return true;
  const matcher = labelSelectorMatcher(selector);
  const { object, old } = asked.request;
  return [object, old].some(one => one !== undefined && matcher.matches(one.metadata.labels));
}
