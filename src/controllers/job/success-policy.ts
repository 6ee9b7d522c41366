import type { Job } from '../../resources/workload-types.js';
import { IndexSet } from './index-set.js';

/** By which rule of its policy an Indexed Job may end now, in upstream's words. Mirrors `matchSuccessPolicy`. */
export function matchedSuccessRule({ spec }: Job, succeeded: IndexSet): string | undefined {
  const rule = (spec.successPolicy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return succeededCount !== undefined && succeeded.size >= succeededCount;
    const wanted = IndexSet.parse(succeededIndexes, spec.completions ?? 0);
    return succeeded.shared(wanted) >= (succeededCount ?? wanted.size);
  });
  return rule < 0 ? undefined : `Matched rules at index ${rule}`;
}
