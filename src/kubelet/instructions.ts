import type { Queue } from '../controllers/runtime/types.js';
import type { Registry } from '../registry/registry.js';
import { nodes } from '../resources/index.js';
import type { KubeObject, Node, Pod } from '../resources/types.js';
import type { BehaviorRules } from './behavior-rules.js';
import { nodeBehaviors, type PodSettings, podSettings, type ResolvedOptions } from './options.js';
import { type PushSettings, pushSettings } from './ports/push-settings.js';
import { type PortSettings, portSettings } from './ports/settings.js';

/** What each pod is told at this moment: by rules, by its annotations, by its node's, or by the configuration; the nearest one counts. */
export class Instructions {
  readonly rules: BehaviorRules;
  readonly #registry: Registry;
  readonly #defaults: Pick<ResolvedOptions, 'pods' | 'ports' | 'push'>;

  constructor(registry: Registry, defaults: Pick<ResolvedOptions, 'pods' | 'ports' | 'push'>, rules: BehaviorRules) {
    this.#registry = registry;
    this.#defaults = defaults;
    this.rules = rules;
  }

  /** What it does. */
  of(pod: Pod): PodSettings {
    const [own, node] = this.#bearers(pod);
    return node ? podSettings(own, node, this.#defaults.pods) : this.#defaults.pods;
  }

  /** What answers on its ports. */
  ports(pod: Pod): PortSettings {
    return portSettings(this.#bearers(pod), this.#defaults.ports);
  }

  /** What it pushes; undefined if nothing. */
  push(pod: Pod): PushSettings | undefined {
    return pushSettings(this.#bearers(pod), this.#defaults.push);
  }

  /** Whether the node is out: nobody there answers. */
  isDown(node: Node): boolean {
    return nodeBehaviors(this.rules.applied(node)).has('down');
  }

  /** Has the pod looked at again when a rule begins or ends for it or its node. */
  lookAgain(key: string, pod: Pod, queue: Queue): void {
    const node = this.#node(pod);
    this.#waitFor(this.rules.next(pod, node), key, queue);
    if (node) this.lookAgainAt(key, node, queue);
  }

  /** Has something looked at again when a rule begins or ends for a node. */
  lookAgainAt(key: string, node: Node, queue: Queue): void {
    this.#waitFor(this.rules.next(node), key, queue);
  }

  #waitFor(next: ReturnType<BehaviorRules['next']>, key: string, queue: Queue): void {
    if (next) queue.addAfter(key, next.at - this.#registry.clock.now(), next.comesRound ? 'upkeep' : undefined);
  }

  #bearers(pod: Pod): readonly [Pod, Node | undefined] {
    const node = this.#node(pod);
    return [this.rules.applied(pod, node), node && this.rules.applied(node)];
  }

  #node(pod: Pod): Node | undefined {
    return this.#registry.get(nodes, '', pod.spec.nodeName ?? '')?.object;
  }
}

/** Whether an object tells the same as it did before. */
export const saysTheSame = (before: KubeObject, after: KubeObject): boolean =>
  JSON.stringify(before.metadata.annotations) === JSON.stringify(after.metadata.annotations);
