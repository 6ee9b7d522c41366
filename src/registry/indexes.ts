import { pods } from '../resources/index.js';
import type { Pod } from '../resources/types.js';
import type { Registry } from './registry.js';
import type { Index } from './types.js';

/** Pods by the node that they are bound to. */
export function podsByNode(registry: Registry): Index<Pod> {
  return registry.index(pods, 'node', pod => (pod.spec.nodeName ? [pod.spec.nodeName] : []));
}
