import type { LabelSelector, NodeSelectorTerm } from '../types.js';
import { checkLabelValue } from '../validation/names.js';

/** Labels of nodes that are no more, or are called something else now. */
const OLD_LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'app.kubernetes.io/created-by': 'deprecated since v1.9',
  'scheduler.alpha.kubernetes.io/preferAvoidPods': 'deprecated since v1.22; use Taints and Tolerations instead',
  'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
};

/** What to say of whoever asks for a label by its old name: `<field>: <why>`. */
export function nodeLabelWarnings(field: string, label: string): string[] {
  const why = whyOld(label);
  return why ? [`${field}: ${why}`] : [];
}

/** The same where the field does not show which label it is: `<field>: <label> is <why>`. */
export function nodeKeyWarnings(field: string, label: string): string[] {
  const why = whyOld(label);
  return why ? [`${field}: ${label} is ${why}`] : [];
}

const whyOld = (label: string) => (Object.hasOwn(OLD_LABELS, label) ? OLD_LABELS[label] : undefined);

/** @param checkValues also tell of values that no label can have: where that is no error, because the term is but a wish */
export function nodeTermWarnings(
  path: string,
  { matchExpressions = [] }: NodeSelectorTerm,
  checkValues: boolean,
): string[] {
  return matchExpressions.flatMap(({ key, values = [] }, i) => [
    ...nodeKeyWarnings(`${path}.matchExpressions[${i}].key`, key),
    ...(checkValues
      ? values.flatMap((value, j) =>
          checkLabelValue(value).map(why => `${path}.matchExpressions[${i}].values[${j}]: ${value} is invalid, ${why}`),
        )
      : []),
  ]);
}

export function nodeSelectorWarnings(path: string, { matchExpressions, matchLabels }: LabelSelector = {}): string[] {
  return [
    ...nodeTermWarnings(path, { matchExpressions }, false),
    ...Object.keys(matchLabels ?? {}).flatMap(label => nodeLabelWarnings(`${path}.matchLabels.${label}`, label)),
  ];
}
