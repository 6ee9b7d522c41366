import { useMemo } from 'preact/hooks';
import { compileFilter } from './filter.js';
import { arrange, type Group } from './groups.js';
import type { World } from './world.js';

/**
 * A world's nodes that pass a filter line, in groups by labels. It stays the same object until that is arranged in another way.
 */
export function useArranged(world: World, text: string, labels: readonly string[]): Group {
  const { picture, version } = world.look();
  const filter = useMemo(() => compileFilter(text, picture), [text, picture]);
  // A filter may ask for the states of pods, which every message changes; without one, only nodes matter.
  const arrangedBy = filter ? version : picture.arrangement;
  return useMemo(() => arrange(picture, filter, labels), [picture, arrangedBy, filter, labels.join()]);
}
