import { useMemo, useRef } from 'preact/hooks';
import { compileFilter } from './filter.js';
import { arrange, fitting, type Group, isSameArrangement } from './groups.js';
import type { World } from './world.js';

/**
 * A world's nodes that pass a filter line, in groups by labels. It stays the same object until that is arranged in another way.
 */
export function useArranged(world: World, text: string, labels: readonly string[]): Group {
  const { picture, version } = world.look();
  const filter = useMemo(() => compileFilter(text, picture), [text, picture]);
  // A filter may ask for the states of pods, which every message changes; without one, only nodes matter.
  const arrangedBy = filter ? version : picture.arrangement;
  const arranged = useMemo(() => arrange(picture, filter, labels), [picture, arrangedBy, filter, labels.join()]);
  // Most of what happens moves nobody: who sees the same object need not paint everything again.
  const last = useRef(arranged);
  if (!isSameArrangement(last.current, arranged)) last.current = arranged;
  return last.current;
}

/** How many of a world's nodes pass a filter line. */
export function useFitting(world: World, text: string): number {
  const { picture, version } = world.look();
  const filter = useMemo(() => compileFilter(text, picture), [text, picture]);
  return useMemo(() => fitting(picture, filter).length, [picture, version, filter]);
}
