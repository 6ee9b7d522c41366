import type { Registry } from '../../registry/registry.js';
import type { Index } from '../../registry/types.js';
import { pods, services } from '../../resources/index.js';
import { labelSelectorMatcher } from '../../resources/selector.js';
import type { Pod, Service } from '../../resources/types.js';
import type { Change } from '../../store/entry.js';
import { keyOf, splitKey } from '../runtime/keys.js';
import { nothing, type Source, source } from '../runtime/types.js';
import { facts } from './pod-endpoint.js';

/** Whether the control plane keeps the endpoints of this Service; without a selector somebody else does. */
export const isSelecting = ({ spec }: Service): boolean =>
  spec.type !== 'ExternalName' && Object.keys(spec.selector ?? {}).length > 0;

const matches = ({ spec }: Service, { metadata }: Pod): boolean =>
  Object.entries(spec.selector ?? {}).every(([key, value]) => metadata.labels?.[key] === value);

/** Which Services select which pods. A pod is compared with the Services of its own namespace alone. */
export class Services {
  readonly #registry: Registry;
  readonly #selecting: Index<Service>;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#selecting = registry.index(services, 'selecting', service =>
      isSelecting(service) ? [service.metadata.namespace ?? ''] : [],
    );
  }

  get(key: string): Service | undefined {
    const { namespace, name } = splitKey(key);
    return this.#registry.get(services, namespace, name)?.object;
  }

  /** The Services that select the pod. */
  of(pod: Pod): Service[] {
    return this.#selecting
      .get(pod.metadata.namespace ?? '')
      .map(({ object }) => object)
      .filter(service => matches(service, pod));
  }

  /** The pods that the Service selects, by name. */
  podsOf({ metadata, spec }: Service): Pod[] {
    const matcher = labelSelectorMatcher({ matchLabels: spec.selector ?? {} });
    return this.#registry
      .all(pods, metadata.namespace)
      .map(({ object }) => object)
      .filter(pod => matcher.matches(pod.metadata.labels));
  }

  /** Wakes for every Service that is written, and for those whose pods change in what they show. */
  sources(): Source[] {
    return [
      source(services, ({ entry }) => [keyOf(entry)], nothing),
      source(pods, change => this.#keysFor(change), nothing),
    ];
  }

  #keysFor({ type, entry, previous }: Change<Pod>): Iterable<string> {
    if (this.#selecting.get(entry.namespace).length === 0) return [];
    const pod = entry.object;
    const now = this.of(pod).map(({ metadata }) => keyOf(metadata));
    const former = type === 'MODIFIED' ? previous?.object : undefined;
    if (!former) return now;
    const before = this.of(former).map(({ metadata }) => keyOf(metadata));
    if (facts(former) !== facts(pod)) return new Set([...before, ...now]);
    return [...before.filter(key => !now.includes(key)), ...now.filter(key => !before.includes(key))];
  }
}
