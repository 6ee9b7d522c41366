import { computed, effect, signal } from '@preact/signals';
import { place } from './place.js';
import { World } from './world.js';

/** The cluster that is shown: the one that the page came from, or the fork that the URL names. */
const current = signal(new World(prefixOf(place.value.fork)));
export const world = computed(() => current.value);

/** Where the API of a fork begins. */
function prefixOf(fork: string | undefined): string {
  return fork === undefined ? '/' : `/forks/${encodeURIComponent(fork)}/`;
}

const prefix = computed(() => prefixOf(place.value.fork));
const moment = computed(() => place.value.at);

effect(() => {
  if (current.peek().graph.prefix !== prefix.value) {
    current.peek().close();
    current.value = new World(prefix.value);
  }
});
effect(() => {
  current.value.show(moment.value);
});
