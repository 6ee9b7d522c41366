import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { type Change, readChanges, writeChanges } from '../changes/change.js';
import { GraphError } from '../graph/client.js';
import { COMPARE, type CompareAnswer } from '../graph/what-if.js';
import { t } from '../i18n/index.js';
import { MapCanvas } from '../map/map.js';
import { world } from '../model/cluster.js';
import { go, place } from '../model/place.js';
import { Refusal } from '../panels/parts.js';
import { ApplyAll } from './apply-all.js';
import { ChangeList } from './change-list.js';
import { OutcomeView } from './outcome.js';
import { outlookOf } from './outlook.js';
import './whatif.css';

const NAMES = ['A', 'B'] as const;

/** What if: changes that are only thought of, and what would come of them; two lists of them side by side. */
export function WhatIfView() {
  const { changes: first, against: second, at } = place.value;
  const scenarios = useMemo(
    () => [readChanges(first), ...(second === undefined ? [] : [readChanges(second)])],
    [first, second],
  );
  const home = world.value;
  const answer = useSignal<{ key: string; data: CompareAnswer } | undefined>(undefined);
  const error = useSignal<GraphError | undefined>(undefined);
  const asking = useSignal<AbortController | undefined>(undefined);
  const shown = useSignal(0);
  const node = useSignal<string | undefined>(undefined);
  const key = `${home.graph.prefix} ${first} ${second} ${at}`;

  const ask = async () => {
    asking.value?.abort();
    const abort = new AbortController();
    asking.value = abort;
    error.value = undefined;
    const variables = { scenarios: scenarios.map((changes, i) => ({ name: NAMES[i], changes })), at: at ?? null };
    try {
      const data = await home.graph.ask<CompareAnswer>(COMPARE, variables, abort.signal);
      if (!abort.signal.aborted) answer.value = { key, data };
    } catch (refusal) {
      if (!abort.signal.aborted) error.value = GraphError.of(refusal);
    }
    if (asking.value === abort) asking.value = undefined;
  };
  // Who comes with a change filled in has asked already.
  useEffect(() => {
    if (scenarios.every(changes => changes.length > 0)) void ask();
    return () => asking.value?.abort();
  }, []);
  useEffect(() => {
    error.value = undefined;
  }, [key]);

  const fresh = answer.value?.key === key ? answer.value.data.compare : undefined;
  const chosen = Math.min(shown.value, scenarios.length - 1);
  const outcome = fresh?.[chosen]?.outcome;
  const outlook = useMemo(() => (outcome ? outlookOf(outcome.placements.nodes) : undefined), [outcome]);
  const put = (i: number, changes: readonly Change[]) => {
    const text = writeChanges(changes);
    go(i === 0 ? { changes: text } : { against: text ?? '[]' }, true);
  };
  return (
    <div class="what-if">
      <section class="thoughts" aria-label={t('view.try')}>
        <h2>{t('try.title')}</h2>
        <p class="intro">{t('try.intro')}</p>
        {scenarios.map((changes, i) => (
          <ChangeList
            key={NAMES[i]}
            title={scenarios.length > 1 ? t('try.scenario', { name: NAMES[i]! }) : t('try.changes')}
            changes={changes}
            world={home}
            node={node.value}
            onChange={next => put(i, next)}
          />
        ))}
        <div class="buttons">
          <button
            type="button"
            class="primary"
            disabled={scenarios.some(changes => changes.length === 0)}
            aria-disabled={asking.value !== undefined}
            onClick={() => asking.value === undefined && void ask()}
          >
            {t(asking.value ? 'try.asking' : 'try.ask')}
          </button>
          <button
            type="button"
            onClick={() => go({ against: second === undefined ? (first ?? '[]') : undefined }, true)}
          >
            {t(second === undefined ? 'try.compare' : 'try.single')}
          </button>
        </div>
        <div aria-live="polite">{error.value && <Refusal error={error.value} />}</div>
        {fresh && (
          <ApplyAll
            key={`${key} ${chosen}`}
            world={home}
            changes={scenarios[chosen]!}
            name={scenarios.length > 1 ? NAMES[chosen]! : ''}
          />
        )}
      </section>
      <div class="prospects">
        <div class="prospect-map">
          <MapCanvas
            world={home}
            groups={place.value.groups}
            zoom={place.value.zoom}
            selected={node.value}
            outlook={outlook}
            onOpen={name => {
              node.value = name;
            }}
          />
        </div>
        <div class="outcomes" aria-live="polite" aria-busy={asking.value !== undefined}>
          {!fresh && !asking.value && <p class="quiet">{t('try.hint')}</p>}
          {asking.value && <p class="quiet">{t('try.asking')}</p>}
          {fresh?.map(({ name, outcome: one }, i) => (
            <section key={name} class={i === chosen && fresh.length > 1 ? 'outcome chosen' : 'outcome'}>
              {fresh.length > 1 && (
                <button
                  type="button"
                  aria-pressed={i === chosen}
                  onClick={() => {
                    shown.value = i;
                  }}
                >
                  {t('try.onMap', { name })}
                </button>
              )}
              {one && <OutcomeView outcome={one} />}
            </section>
          ))}
        </div>
      </div>
    </div>
  );
}
