import { computed, signal } from '@preact/signals';
import { type Place, readPlace, writePlace } from './place-url.js';

const current = signal(readPlace(location.search));
addEventListener('popstate', () => {
  current.value = readPlace(location.search);
});

/** Where one is. Only {@link go} changes it. */
export const place = computed(() => current.value);

/**
 * Goes elsewhere: what `changes` names becomes so, the rest stays.
 * @param step whether Back leads here again: for steps somebody takes, not for every letter of a filter
 */
export function go(changes: Partial<Place>, step = false): void {
  const next = { ...current.value, ...changes };
  const search = writePlace(next);
  if (search !== writePlace(current.value)) {
    const url = `${location.pathname}${search}`;
    if (step) history.pushState(null, '', url);
    else history.replaceState(null, '', url);
  }
  current.value = next;
}
