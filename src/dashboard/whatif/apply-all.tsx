import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Told } from '../changes/actions.js';
import { carryOut } from '../changes/carry-out.js';
import type { Change } from '../changes/change.js';
import type { Outcome } from '../graph/changes.js';
import { GraphError } from '../graph/client.js';
import { t } from '../i18n/index.js';
import { place } from '../model/place.js';
import type { World } from '../model/world.js';
import { Refusal } from '../panels/parts.js';

/** Carries the changes out on the cluster itself, once somebody has said so twice. */
export function ApplyAll({ world, changes, name }: { world: World; changes: readonly Change[]; name: string }) {
  const state = useSignal<'offered' | 'confirming' | 'busy' | 'done'>('offered');
  const outcome = useSignal<Outcome | undefined>(undefined);
  const error = useSignal<GraphError | undefined>(undefined);
  const past = place.value.at !== undefined;
  const box = useRef<HTMLDivElement>(null);
  const shownState = useRef(state.value);
  // Each step has other buttons: the focus goes along.
  useEffect(() => {
    if (shownState.current === state.value) return;
    shownState.current = state.value;
    const next = { offered: 'button', confirming: '[role=group]', busy: '[role=group]', done: '.came' }[state.value];
    box.current?.querySelector<HTMLElement>(next)?.focus();
  }, [state.value]);
  const run = async () => {
    if (state.value === 'busy') return;
    state.value = 'busy';
    try {
      outcome.value = await carryOut(world.graph, ...changes);
    } catch (refusal) {
      error.value = GraphError.of(refusal);
      outcome.value = { messages: error.value.done, warnings: [] };
    }
    state.value = 'done';
  };
  return (
    <div class="apply-all" ref={box}>
      {state.value === 'offered' && (
        <button
          type="button"
          disabled={past}
          onClick={() => {
            state.value = 'confirming';
          }}
        >
          {t('try.apply', { name })}
        </button>
      )}
      {past && <p class="quiet">{t('detail.noActionsInPast')}</p>}
      {(state.value === 'confirming' || state.value === 'busy') && (
        <div role="group" tabIndex={-1} aria-label={t('try.apply', { name })}>
          <p>{t('try.confirm', { count: changes.length })}</p>
          <div class="buttons">
            <button
              type="button"
              class="primary danger"
              aria-disabled={state.value === 'busy'}
              onClick={() => void run()}
            >
              {t('try.applyNow')}
            </button>
            <button
              type="button"
              aria-disabled={state.value === 'busy'}
              onClick={() => {
                if (state.value === 'confirming') state.value = 'offered';
              }}
            >
              {t('change.cancel')}
            </button>
          </div>
        </div>
      )}
      <div class="came" tabIndex={-1} aria-live="polite">
        {outcome.value && <Told outcome={outcome.value} />}
        {error.value && <Refusal error={error.value} />}
        {state.value === 'done' && !error.value && <p class="quiet">{t('try.applied')}</p>}
      </div>
    </div>
  );
}
