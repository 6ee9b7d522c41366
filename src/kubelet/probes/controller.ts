import { keyOf, splitKey } from '../../controllers/runtime/keys.js';
import { type Controller, type ControllerContext, nothing, source } from '../../controllers/runtime/types.js';
import { podsByNode } from '../../registry/indexes.js';
import { nodes, pods } from '../../resources/index.js';
import type { Pod } from '../../resources/types.js';
import { Lifecycles } from '../../stages/index.js';
import { report } from '../changes.js';
import type { Kubelets } from '../kubelets.js';
import { nodeBehaviors } from '../options.js';
import type { Answer } from './ask.js';
import { type DueProbe, hasProbes, type Probes } from './probes.js';

/** How Events call a probe. */
const NAMES = { startupProbe: 'Startup', livenessProbe: 'Liveness', readinessProbe: 'Readiness' } as const;

/**
 * Asks the containers of all nodes that are up what their probes say, on the cluster's clock. What follows from the answers is the pod worker's
 * to do. Nothing is asked again whose answer is known.
 */
export function probesController({ registry }: ControllerContext, kubelets: Kubelets, probes: Probes): Controller {
  const { rules } = kubelets;
  const lifecycles = Lifecycles.of(registry);
  const byNode = podsByNode(registry);
  const uids = new Map<string, string>();
  const { clock } = registry;

  /** The pod, if its kubelet is there to probe it. */
  function probed(key: string): Pod | undefined {
    if (lifecycles.rules(pods)) return undefined;
    const { namespace, name } = splitKey(key);
    const pod = registry.get(pods, namespace, name)?.object;
    const node = pod && registry.get(nodes, '', pod.spec.nodeName ?? '')?.object;
    return node && hasProbes(pod) && !nodeBehaviors(rules.applied(node)).has('down') ? pod : undefined;
  }

  function tell(pod: Pod, { part, run }: DueProbe, { result, message }: Answer): void {
    if (result === 'success') return;
    const how = result === 'failure' ? 'failed' : 'errored and resulted in unknown state';
    const text = `${NAMES[run.kind]} probe ${how}: ${message}`;
    kubelets.tell(pod.spec.nodeName!, pod, report(part, 'Warning', 'Unhealthy', text));
  }

  function forgetAnother(key: string, uid: string | undefined): void {
    const known = uids.get(key);
    if (known !== undefined && known !== uid) probes.forget(known);
    if (uid === undefined) uids.delete(key);
    else uids.set(key, uid);
  }

  return {
    name: 'kubelet-probes',
    // Who asks a slow one waits.
    workers: 256,
    start(queue) {
      rules.onChange(() => {
        for (const entry of registry.all(pods)) if (hasProbes(entry.object)) queue.add(keyOf(entry));
      });
    },
    watches: [
      source(pods, ({ entry }) => (hasProbes(entry.object) ? [keyOf(entry)] : []), nothing),
      source(
        nodes,
        ({ entry }) =>
          byNode
            .get(entry.name)
            .filter(({ object }) => hasProbes(object))
            .map(keyOf),
        nothing,
      ),
    ],
    async reconcile(key, queue) {
      const pod = probed(key);
      forgetAnother(key, pod?.metadata.uid);
      if (!pod) return;
      kubelets.instructions.lookAgain(key, pod, queue);
      const { due } = probes.schedule(pod, clock.now());
      await Promise.all(due.map(async one => tell(pod, one, await probes.ask(pod, one, () => clock.now()))));
      const { due: more, next, isOpen } = probes.schedule(pod, clock.now());
      if (more.length > 0) queue.add(key);
      else if (next !== undefined) queue.addAfter(key, next - clock.now(), isOpen ? undefined : 'upkeep');
    },
  };
}
