import { compareIntegers, isInteger, labelOf } from '../resources/selector.js';
import type { Affinity, Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm } from '../resources/types.js';
import { checkLabelValue, checkQualifiedName } from '../resources/validation/names.js';
import { type Sentence, sentence } from '../words/sentence.js';
import type { Obstacle, Rule } from './check.js';

/** What a pod asks of its node by labels and name. */
interface NodeWishes {
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined;
  readonly affinity?: Affinity | undefined;
}

/** Whether the node has the labels and the name that the pod requires (NODE-02). Preferences do not count. */
export function matchesNodeWishes({ nodeSelector, affinity }: NodeWishes, node: Node): boolean {
  const required = requiredTerms(affinity);
  return matchesNodeSelector(nodeSelector, node) && (!required || matchesNodeTerms(required, node));
}

const requiredTerms = (affinity: Affinity | undefined): NodeSelector | undefined =>
  affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;

/** Whether the node has every label of `selector`. */
function matchesNodeSelector(selector: Readonly<Record<string, string>> | undefined, node: Node): boolean {
  const { labels } = node.metadata;
  for (const key in selector) if (labelOf(labels, key) !== selector[key]) return false;
  return true;
}

/** Whether one of the terms matches; a list without terms matches nothing. */
function matchesNodeTerms({ nodeSelectorTerms }: NodeSelector, node: Node): boolean {
  for (const term of nodeSelectorTerms ?? []) if (matchesTerm(term, node)) return true;
  return false;
}

/**
 * Whether a term matches: all its expressions and fields must hold. One without either matches nothing, nor does one that
 * upstream cannot read. For required and for preferred terms.
 */
export function matchesTerm(term: NodeSelectorTerm | null | undefined, node: Node): boolean {
  if (!term || !isReadable(term)) return false;
  for (const requirement of term.matchExpressions ?? []) {
    if (!holds(requirement, labelOf(node.metadata.labels, requirement.key))) return false;
  }
  for (const requirement of term.matchFields ?? [])
    if (!holds(requirement, fieldOf(node, requirement.key))) return false;
  return true;
}

/** The name is the only field there is. */
const fieldOf = (node: Node, key: string): string | undefined =>
  key === 'metadata.name' ? node.metadata.name : undefined;

/** Whether a requirement that can be read holds. */
function holds({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return value !== undefined && compareIntegers(value, operator === 'Gt' ? '>' : '<', values[0]!);
  }
}

// ---- what upstream can read ----

const readable = new WeakMap<NodeSelectorTerm, boolean>();

function isReadable(term: NodeSelectorTerm): boolean {
  let known = readable.get(term);
  if (known === undefined) {
    const { matchExpressions = [], matchFields = [] } = term;
    known =
      matchExpressions.length + matchFields.length > 0 &&
      matchExpressions.every(isReadableExpression) &&
      matchFields.every(isReadableField);
    readable.set(term, known);
  }
  return known;
}

function isReadableExpression({ key, operator, values = [] }: NodeSelectorRequirement): boolean {
  if (checkQualifiedName(key).length > 0 || values.some(value => checkLabelValue(value).length > 0)) return false;
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0;
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0;
    case 'Gt':
    case 'Lt':
      return values.length === 1 && isInteger(values[0]!);
    default:
      return false;
  }
}

function isReadableField({ operator, values = [] }: NodeSelectorRequirement): boolean {
  return (operator === 'In' || operator === 'NotIn') && values.length === 1;
}

// ---- the scheduler's use of it ----

/**
 * The nodes that required `metadata.name In` fields leave, or `undefined` if they leave all (SCH-02): terms add up, the
 * fields within a term narrow down. Empty if every term contradicts itself.
 */
export function namedNodes(affinity: Affinity | undefined): ReadonlySet<string> | undefined {
  const terms = requiredTerms(affinity)?.nodeSelectorTerms;
  if (!terms || terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const term of terms) {
    const fields = (term?.matchFields ?? []).filter(f => f.key === 'metadata.name' && f.operator === 'In');
    if (fields.length === 0) return undefined;
    for (const name of fields[0]!.values ?? []) if (fields.every(f => f.values?.includes(name))) names.add(name);
  }
  return names;
}

const MISMATCH: Obstacle = {
  check: 'NodeAffinity',
  reasons: ["node(s) didn't match Pod's node affinity/selector"],
  preemptable: false,
};

/** The scheduler's check of node selector and required node affinity. */
export const nodeAffinityRule: Rule<NodeWishes, Node> = {
  name: 'NodeAffinity',
  obstacle: (wishes, node) => (matchesNodeWishes(wishes, node) ? undefined : MISMATCH),
  describe(wishes, node, obstacle) {
    if (obstacle) return mismatch(wishes, node);
    const asked = Object.keys(wishes.nodeSelector ?? {}).length > 0 || requiredTerms(wishes.affinity) !== undefined;
    return [sentence(asked ? 'affinity.match' : 'affinity.none')];
  },
};

function mismatch({ nodeSelector, affinity }: NodeWishes, node: Node): Sentence[] {
  const has = (key: string) => {
    const value = labelOf(node.metadata.labels, key);
    return value === undefined
      ? sentence('affinity.noLabel')
      : sentence('affinity.label', { label: `${key}=${value}` });
  };
  const wrong = Object.entries(nodeSelector ?? {}).filter(
    ([key, value]) => labelOf(node.metadata.labels, key) !== value,
  );
  const parts = wrong.map(([key, value]) =>
    sentence('affinity.selector', { label: `${key}=${value}`, found: [has(key)] }),
  );
  const required = requiredTerms(affinity);
  if (required && !matchesNodeTerms(required, node)) {
    const terms = required.nodeSelectorTerms ?? [];
    parts.push(
      terms.length === 0
        ? sentence('affinity.noTerms')
        : sentence('affinity.required', { terms: terms.map(term => whyNot(term, node, has)) }),
    );
  }
  return parts;
}

function whyNot(term: NodeSelectorTerm | null, node: Node, has: (key: string) => Sentence): Sentence {
  const { matchExpressions = [], matchFields = [] } = term ?? {};
  if (matchExpressions.length + matchFields.length === 0) return sentence('affinity.emptyTerm');
  if (!isReadable(term!)) return sentence('affinity.unreadableTerm');
  const label = matchExpressions.find(r => !holds(r, labelOf(node.metadata.labels, r.key)));
  if (label) return sentence('affinity.term', { requirement: formatRequirement(label), found: [has(label.key)] });
  const field = matchFields.find(r => !holds(r, fieldOf(node, r.key)))!;
  const found = [sentence('affinity.nodeIs', { node: node.metadata.name })];
  return sentence('affinity.term', { requirement: formatRequirement(field), found });
}

/** `zone In (a, b)`, `gpu Exists`. */
function formatRequirement({ key, operator, values = [] }: NodeSelectorRequirement): string {
  return `${key} ${operator}${values.length > 0 ? ` (${values.join(', ')})` : ''}`;
}
