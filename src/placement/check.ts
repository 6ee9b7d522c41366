import { type Sentence, tell } from '../words/sentence.js';

/** Names of the scheduler plugins that know the rules. */
export type CheckName =
  | 'NodeUnschedulable'
  | 'NodeName'
  | 'TaintToleration'
  | 'NodeAffinity'
  | 'NodePorts'
  | 'NodeResourcesFit'
  | 'VolumeRestrictions'
  | 'NodeVolumeLimits'
  | 'VolumeBinding'
  | 'VolumeZone'
  | 'PodTopologySpread'
  | 'InterPodAffinity';

/** `keep`: no new pod, but one that is there may stay. */
export type CheckVerdict = 'pass' | 'keep' | 'fail';

/** What keeps a pod from a node, as the scheduler counts it. */
export interface Obstacle {
  readonly check: CheckName;
  /** The scheduler's words, as they are counted in `0/4 nodes are available: …` (SCH-04). */
  readonly reasons: readonly string[];
  /** Whether removing other pods could help. */
  readonly preemptable: boolean;
}

/** One rule, asked about one pod on one node. */
export interface Check extends Obstacle {
  readonly verdict: CheckVerdict;
  /** The same for people: a sentence, or several. */
  readonly sentences: readonly Sentence[];
  /** In English. */
  readonly message: string;
}

/**
 * A rule with its two faces: `obstacle` decides, and costs next to nothing; `describe` puts into words what was decided. An
 * explanation is made from both, so it cannot say anything else than what the scheduler does.
 */
export interface Rule<Subject, Place> {
  readonly name: CheckName;
  obstacle(subject: Subject, place: Place): Obstacle | undefined;
  describe(subject: Subject, place: Place, obstacle: Obstacle | undefined): readonly Sentence[];
}

/** Asks a rule and tells the answer. */
export function explain<Subject, Place>(rule: Rule<Subject, Place>, subject: Subject, place: Place): Check {
  const obstacle = rule.obstacle(subject, place);
  return answered(rule.name, obstacle, rule.describe(subject, place, obstacle));
}

/** A rule's answer in full. */
export const answered = (check: CheckName, obstacle: Obstacle | undefined, sentences: readonly Sentence[]): Check =>
  obstacle ? judged(obstacle, 'fail', sentences) : judged(passed(check), 'pass', sentences);

const passed = (check: CheckName): Obstacle => ({ check, reasons: [], preemptable: false });

/** An answer that is put into words when somebody reads it. */
export const judged = (obstacle: Obstacle, verdict: CheckVerdict, sentences: readonly Sentence[]): Check => ({
  ...obstacle,
  verdict,
  sentences,
  get message() {
    return tell(sentences);
  },
});
