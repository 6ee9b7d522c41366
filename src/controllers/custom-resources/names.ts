import { formatTime } from '../../clock/clock.js';
import type { CustomNames, CustomResourceDefinition } from '../../resources/custom/types.js';
import { approvalOf, isProtected } from '../../resources/custom/validation.js';
import { conditionOf, holds, withCondition } from '../../resources/state.js';
import type { Condition } from '../../resources/types.js';

/** The names in one group that other definitions have been given. */
interface TakenNames {
  /** Plural, singular and short names: what a resource is asked for by. */
  readonly resources: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
}

/** What the accepted names of other definitions of the same group leave no room for. */
function takenNames(crd: CustomResourceDefinition, all: readonly CustomResourceDefinition[]): TakenNames {
  const others = all
    .filter(other => other.spec.group === crd.spec.group && other.metadata.name !== crd.metadata.name)
    .flatMap(({ status }) => (status.acceptedNames ? [status.acceptedNames] : []));
  return {
    resources: new Set(others.flatMap(resourceNames)),
    kinds: new Set(others.flatMap(({ kind, listKind }) => [kind, listKind ?? ''])),
  };
}

const resourceNames = ({ plural, singular = '', shortNames = [] }: CustomNames) => [plural, singular, ...shortNames];

interface Verdict {
  readonly accepted: CustomNames;
  /** Reason and message of the first name that is in use, `undefined` if there is none. */
  readonly conflict: { readonly reason: string; readonly message: string } | undefined;
}

/** Which of the names asked for are given: each that is free; where one is not, the former one stays. */
function acceptNames({ spec, status }: CustomResourceDefinition, taken: TakenNames): Verdict {
  const former: CustomNames = status.acceptedNames ?? { plural: '', kind: '' };
  const { names } = spec;
  let conflict: Verdict['conflict'];
  const inUse = (reason: string, used: readonly string[]) => {
    if (used.length === 0) return false;
    conflict = { reason, message: used.map(name => `${JSON.stringify(name)} is already in use`).join(', ') };
    return true;
  };
  const usedIn = (set: ReadonlySet<string>, ...wanted: (string | undefined)[]) =>
    wanted.filter((name): name is string => !!name && set.has(name));

  // Of several conflicts the last is told, in this order.
  const plural = inUse('PluralConflict', usedIn(taken.resources, names.plural)) ? former.plural : names.plural;
  const singular = inUse('SingularConflict', usedIn(taken.resources, names.singular))
    ? former.singular
    : names.singular;
  const shortNames = inUse('ShortNamesConflict', usedIn(taken.resources, ...(names.shortNames ?? [])))
    ? former.shortNames
    : names.shortNames;
  const kind = inUse('KindConflict', usedIn(taken.kinds, names.kind)) ? former.kind : names.kind;
  const listKind = inUse('ListKindConflict', usedIn(taken.kinds, names.listKind)) ? former.listKind : names.listKind;
  return {
    accepted: {
      plural,
      kind,
      ...(singular ? { singular } : {}),
      ...(shortNames ? { shortNames } : {}),
      ...(listKind ? { listKind } : {}),
      ...(names.categories ? { categories: names.categories } : {}),
    },
    conflict,
  };
}

/** The status that a definition has among the others. `now` is the cluster's time in ms. */
export function namedStatus(
  crd: CustomResourceDefinition,
  all: readonly CustomResourceDefinition[],
  now: number,
): CustomResourceDefinition['status'] {
  const { accepted, conflict } = acceptNames(crd, takenNames(crd, all));
  const conditions: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>[] = [
    conflict
      ? { type: 'NamesAccepted', status: 'False', ...conflict }
      : { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
  ];
  // Once established it stays so: its objects do not go away because of a name.
  if (!holds(crd, 'Established')) {
    conditions.push(
      conflict
        ? { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' }
        : {
            type: 'Established',
            status: 'True',
            reason: 'InitialNamesAccepted',
            message: 'the initial names have been accepted',
          },
    );
  }
  if (isProtected(crd.spec.group)) conditions.push(approvalCondition(crd));
  const time = formatTime(now);
  let { conditions: result = [] } = crd.status;
  for (const condition of conditions) {
    const former = conditionOf({ status: { conditions: result } }, condition.type);
    const { status, reason, message } = former ?? {};
    if (status === condition.status && reason === condition.reason && message === condition.message) continue;
    const moved = status !== condition.status;
    result = withCondition(result, {
      lastTransitionTime: moved ? time : (former?.lastTransitionTime ?? time),
      ...condition,
    });
  }
  return { ...crd.status, acceptedNames: accepted, conditions: result };
}

function approvalCondition(crd: CustomResourceDefinition): Pick<Condition, 'type' | 'status' | 'reason' | 'message'> {
  const type = 'KubernetesAPIApprovalPolicyConformant';
  const text = crd.metadata.annotations?.['api-approved.kubernetes.io'];
  switch (approvalOf(crd)) {
    case 'approved':
      return { type, status: 'True', reason: 'ApprovedAnnotation', message: `approved in ${text}` };
    case 'bypassed':
      return {
        type,
        status: 'False',
        reason: 'UnapprovedAnnotation',
        message: `not approved: ${JSON.stringify(text)}`,
      };
    case 'invalid':
      return {
        type,
        status: 'False',
        reason: 'InvalidAnnotation',
        message: `protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111`,
      };
    default:
      return {
        type,
        status: 'False',
        reason: 'MissingAnnotation',
        message: `protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111`,
      };
  }
}
