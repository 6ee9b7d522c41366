import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { type TextKey, t } from '../i18n/index.js';
import { go } from '../model/place.js';
import type { PodPlace } from './pods.js';

/** Pods as cells, each a button: one stop for Tab, and arrow keys from one to the next. */
export function PodCells({ namespace, pods, label }: { namespace: string; pods: readonly PodPlace[]; label: string }) {
  const list = useRef<HTMLUListElement>(null);
  const active = useSignal(0);
  const current = Math.min(active.value, pods.length - 1);
  const move = (event: KeyboardEvent) => {
    const to = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: pods.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    active.value = Math.max(0, Math.min(pods.length - 1, to));
    list.current?.querySelectorAll('button')[active.value]?.focus();
  };
  return (
    <ul class="pods" aria-label={label} ref={list} onKeyDown={move}>
      {pods.map(({ name, short, state, outdated, node }, i) => {
        const words = [name, t(`state.${state}` as TextKey), ...(outdated ? [t('state.outdated')] : []), node]
          .filter(Boolean)
          .join(', ');
        return (
          <li key={name}>
            <button
              type="button"
              class={`pod ${state}${outdated ? ' old' : ''}`}
              aria-label={words}
              title={words}
              tabIndex={i === current ? 0 : -1}
              onFocus={() => {
                active.value = i;
              }}
              onClick={() => go({ selection: { kind: 'object', type: 'Pod', namespace, name }, tab: undefined }, true)}
            >
              {short}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
