import type { ContainerStatus, Pod } from '../../resources/types.js';
import type { Job, PodFailurePolicyRule } from '../../resources/workload-types.js';

/** What a Job's policy says of a failed pod. */
export interface FailureVerdict {
  /** Absent where no rule matches. */
  readonly action?: string | undefined;
  /** The failure counts towards the backoff limit. */
  readonly counts: boolean;
  /** Why the whole Job fails. */
  readonly message?: string;
}

const COUNTS: FailureVerdict = { counts: true };

/** Judges a failed pod by the first rule that matches it. Mirrors `matchPodFailurePolicy`. */
export function judgeFailure({ spec: { podFailurePolicy } }: Job, pod: Pod): FailureVerdict {
  const where = `${pod.metadata.namespace}/${pod.metadata.name}`;
  for (const [i, rule] of (podFailurePolicy?.rules ?? []).entries()) {
    const { action, onExitCodes, onPodConditions } = rule;
    const container = onExitCodes && containerThat(pod, onExitCodes);
    const condition = onExitCodes ? undefined : conditionThat(pod, onPodConditions);
    if (!container && !condition) continue;
    if (action !== 'FailJob') return { action, counts: action !== 'Ignore' };
    const rest = `matching ${action} rule at index ${i}`;
    const message = container
      ? `Container ${container.name} for pod ${where} failed with exit code ${exitCodeOf(container)} ${rest}`
      : `Pod ${where} has condition ${condition!.type} ${rest}`;
    return { action, counts: true, message };
  }
  return COUNTS;
}

const exitCodeOf = ({ state }: ContainerStatus): number => state?.terminated?.exitCode ?? 0;

/** A container that ended badly with a code that the rule is about. */
function containerThat(
  { status }: Pod,
  { containerName, operator, values = [] }: NonNullable<PodFailurePolicyRule['onExitCodes']>,
): ContainerStatus | undefined {
  return [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].find(container => {
    const code = exitCodeOf(container);
    if (code === 0 || (containerName && containerName !== container.name)) return false;
    return values.includes(code) === (operator === 'In');
  });
}

const conditionThat = ({ status }: Pod, patterns: PodFailurePolicyRule['onPodConditions'] = []) =>
  status.conditions?.find(({ type, status: state }) =>
    patterns.some(pattern => pattern.type === type && pattern.status === state),
  );
