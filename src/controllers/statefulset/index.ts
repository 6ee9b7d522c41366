import { persistentVolumeClaims, pods, statefulSets } from '../../resources/index.js';
import { type LabelMatcher, labelSelectorMatcher } from '../../resources/selector.js';
import type { StatefulSet } from '../../resources/workload-types.js';
import type { Entry } from '../../store/entry.js';
import { keyOf, splitKey } from '../runtime/keys.js';
import { type Controller, type ControllerContext, nothing, source } from '../runtime/types.js';
import { FailedPodsBackoff } from '../workloads/failed-pods-backoff.js';
import { concernedOwners, unlessGone } from '../workloads/owners.js';
import { mayClaim } from './claims.js';
import { StatefulSetSync } from './stateful-set-sync.js';

/**
 * Keeps the pods of StatefulSets, each with a name and claims of its own, one after the other or all at once. Mirrors
 * `pkg/controller/statefulset`; the order of a sync is in `stateful-set-sync.ts`, what is decided in it in `plan.ts` and `status.ts`.
 */
export function statefulSetController(context: ControllerContext): Controller {
  const { registry } = context;
  const recorder = context.recorder('statefulset-controller');
  const backoff = new FailedPodsBackoff(registry.clock);
  const concerned = concernedOwners(registry, statefulSets, selectorOf);

  return {
    name: 'statefulset',
    workers: 5,
    watches: [
      source(statefulSets, ({ entry }) => [keyOf(entry)]),
      source(pods, concerned, nothing),
      // A claim that has gone at last may be made anew.
      source(persistentVolumeClaims, ({ type, entry }) =>
        type === 'DELETED'
          ? registry
              .all(statefulSets, entry.namespace)
              .filter(({ object }) => mayClaim(object, entry.name))
              .map(keyOf)
          : [],
      ),
    ],
    async reconcile(key, queue) {
      const { namespace, name } = splitKey(key);
      const entry = registry.get(statefulSets, namespace, name);
      if (!entry) return;
      const surroundings = { registry, recorder, backoff, key, queue };
      const sync = new StatefulSetSync(surroundings, entry.object, selectorOf(entry));
      await unlessGone(registry, statefulSets, entry.object, () => sync.run());
    },
  };
}

const selectorOf = ({ object }: Entry<StatefulSet>): LabelMatcher => labelSelectorMatcher(object.spec.selector);
