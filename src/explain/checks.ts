import type * as placement from '../placement/check.js';
import type { ClusterView } from '../placement/cluster-view.js';
import { PodFit } from '../placement/fit.js';
import { NodeInfo } from '../placement/node-info.js';
import type { Node, Pod } from '../resources/types.js';
import { type Sentence, tell } from '../words/sentence.js';

/** Who makes a check: the DaemonSet controller decides whether a pod is wanted, the scheduler whether it finds room. */
type CheckStage = 'CONTROLLER' | 'SCHEDULER';

/** `KEEP_ONLY`: no new pod, but one that is there may stay. */
type CheckVerdict = 'PASS' | 'KEEP_ONLY' | 'FAIL';

export interface Check {
  readonly stage: CheckStage;
  /** The scheduler plugin that knows the rule. */
  readonly name: placement.CheckName;
  readonly verdict: CheckVerdict;
  /** The same for people: a sentence, or several. */
  readonly sentences: readonly Sentence[];
  /** In English. */
  readonly message: string;
}

/** What the DaemonSet controller decides by. */
export const checksOfController = (checks: readonly placement.Check[]): readonly Check[] =>
  checks.map(check => told('CONTROLLER', check));

/** Every check of a pod on a node, by one who looked at the whole cluster for it. */
export const checksOfFit = (fit: PodFit, info: NodeInfo): readonly Check[] =>
  fit.explain(info).map(check => told('SCHEDULER', check));

/** Whether a pod finds room on a node beside those that are there, as the scheduler asks it with a view of the whole cluster. */
export function checksOfScheduler(pod: Pod, node: Node, present: Iterable<Pod>, view: ClusterView): readonly Check[] {
  return checksOfFit(new PodFit(pod, view), new NodeInfo(node, present));
}

const VERDICTS: Readonly<Record<placement.CheckVerdict, CheckVerdict>> = {
  pass: 'PASS',
  keep: 'KEEP_ONLY',
  fail: 'FAIL',
};

function told(stage: CheckStage, { check, verdict, sentences }: placement.Check): Check {
  return {
    stage,
    name: check,
    verdict: VERDICTS[verdict],
    sentences,
    get message() {
      return tell(sentences);
    },
  };
}
