import { compareIntegers, isInteger } from '../resources/selector.js';
import type { Affinity, Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm } from '../resources/types.js';
import { type Check, fail, pass } from './check.js';

/** What a pod asks of its node by labels and name. */
export interface NodeWishes {
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined;
  readonly affinity?: Affinity | undefined;
}

/** Whether the node has every label of `selector`. */
export function matchesNodeSelector(selector: Readonly<Record<string, string>> | undefined, node: Node): boolean {
  if (!selector) return true;
  const { labels } = node.metadata;
  for (const key in selector) if (labels?.[key] !== selector[key]) return false;
  return true;
}

/**
 * Whether one of the terms matches. A term's expressions and fields must all hold; one without either matches nothing, and so
 * does a list without terms (NODE-02).
 */
export function matchesNodeTerms(selector: NodeSelector, node: Node): boolean {
  return selector.nodeSelectorTerms.some(term => matchesTerm(term, node));
}

/** Whether one term matches: of the required ones, or of the preferred. */
export function matchesTerm(term: NodeSelectorTerm | null, node: Node): boolean {
  const { matchExpressions = [], matchFields = [] } = term ?? {};
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return (
    matchExpressions.every(r => requirementHolds(r, node.metadata.labels)) &&
    matchFields.every(r => r.key === 'metadata.name' && requirementHolds(r, { 'metadata.name': node.metadata.name }))
  );
}

function requirementHolds(
  { key, operator, values = [] }: NodeSelectorRequirement,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  const value = labels?.[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
    case 'Lt':
      return (
        value !== undefined &&
        isInteger(value) &&
        isInteger(values[0] ?? '') &&
        compareIntegers(value, operator === 'Gt' ? '>' : '<', values[0]!)
      );
    default:
      return false; // upstream cannot parse such a term, which then matches nothing
  }
}

/** Whether the node has the labels and the name that the pod requires. Preferences do not count. */
export function matchesNodeWishes({ nodeSelector, affinity }: NodeWishes, node: Node): boolean {
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return matchesNodeSelector(nodeSelector, node) && (!required || matchesNodeTerms(required, node));
}

/**
 * The nodes that required `metadata.name In` fields leave, or `undefined` if they leave all (SCH-02): terms add up, the
 * fields within a term narrow down.
 */
export function namedNodes(affinity: Affinity | undefined): ReadonlySet<string> | undefined {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (!terms || terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const term of terms) {
    const fields = (term.matchFields ?? []).filter(f => f.key === 'metadata.name' && f.operator === 'In');
    if (fields.length === 0) return undefined;
    for (const name of fields[0]!.values ?? []) if (fields.every(f => f.values?.includes(name))) names.add(name);
  }
  return names;
}

/** The scheduler's check of node selector and required node affinity. */
export function checkNodeAffinity(wishes: NodeWishes, node: Node): Check {
  const asked = wishes.nodeSelector || wishes.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (matchesNodeWishes(wishes, node)) {
    return pass('NodeAffinity', asked ? 'the node has the labels that are asked for' : 'any node will do');
  }
  return fail('NodeAffinity', ["node(s) didn't match Pod's node affinity/selector"], mismatch(wishes, node));
}

function mismatch({ nodeSelector, affinity }: NodeWishes, node: Node): string {
  for (const [key, value] of Object.entries(nodeSelector ?? {})) {
    const has = node.metadata.labels?.[key];
    if (has !== value)
      return `node selector ${key}=${value} does not match: the node has ${has === undefined ? 'no such label' : `${key}=${has}`}`;
  }
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (terms.length === 0) return 'the required node affinity has no terms, which matches no node';
  const failed = terms.map(term => {
    const { matchExpressions = [], matchFields = [] } = term ?? {};
    const obstacle =
      matchExpressions.find(r => !requirementHolds(r, node.metadata.labels)) ??
      matchFields.find(r => !requirementHolds(r, { 'metadata.name': node.metadata.name }));
    return obstacle
      ? `${obstacle.key} ${obstacle.operator}${obstacle.values?.length ? ` (${obstacle.values.join(', ')})` : ''}`
      : 'an empty term';
  });
  return `required node affinity does not match: ${failed.join(' or ')}`;
}
