import type { EndpointSlice, Service } from '../../resources/types.js';

type Hints = NonNullable<EndpointSlice['endpoints'][number]['hints']>;

const CLOSE = new Set(['PreferClose', 'PreferSameZone', 'PreferSameNode']);
/** Annotations by which a Service asks for hints of another kind, in place of those of its `trafficDistribution`; the first counts more. */
const MODES = ['service.kubernetes.io/topology-aware-hints', 'service.kubernetes.io/topology-mode'];

/**
 * For whom an endpoint is, by the `trafficDistribution` of its Service: for its zone, with `PreferSameNode` for its node besides. Undefined where
 * the Service wants nothing of the kind.
 */
export function hintsFor(
  { metadata: { annotations = {} }, spec }: Service,
  node: string | undefined,
  zone: string | undefined,
): Hints | undefined {
  if (!CLOSE.has(spec.trafficDistribution ?? '')) return undefined;
  const mode = MODES.map(key => annotations[key]).find(value => value !== undefined);
  if (mode === 'Auto' || mode === 'auto') return undefined;
  const hints: Hints = {
    ...(zone === undefined ? {} : { forZones: [{ name: zone }] }),
    ...(node === undefined || spec.trafficDistribution !== 'PreferSameNode' ? {} : { forNodes: [{ name: node }] }),
  };
  return Object.keys(hints).length > 0 ? hints : undefined;
}
