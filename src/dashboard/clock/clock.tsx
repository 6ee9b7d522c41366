import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { GraphError } from '../graph/client.js';
import { ADVANCE, CLOCK, type ClockFacts, SET_CLOCK } from '../graph/clock.js';
import { t } from '../i18n/index.js';
import { world } from '../model/cluster.js';
import { isOff, type Reading, readingOf, timeAt } from './reading.js';
import './clock.css';

const RATES = [1, 10, 100];
const STEPS = ['1s', '10s', '1m', '1h'];

/** The cluster's clock: what it shows, whether it goes and how fast, and steps for one that stands still. */
export function Clock() {
  const { graph, connection } = world.value;
  const { picture, version } = world.value.look();
  const reading = useSignal<Reading | undefined>(undefined);
  const now = useSignal(performance.now());
  const busy = useSignal(false);
  const said = useSignal<{ readonly text: string; readonly failed: boolean } | undefined>(undefined);
  /** The button that `said` is about. */
  const spokenOf = useRef<HTMLButtonElement>(null);
  const isLive = connection.value.state === 'live';

  const take = (facts: ClockFacts) => {
    now.value = performance.now();
    reading.value = readingOf(facts, now.value);
  };
  const asking = useMemo(() => ({ busy: false }), [graph]);
  const ask = async () => {
    if (asking.busy) return;
    asking.busy = true;
    try {
      take((await graph.ask<{ cluster: { clock: ClockFacts } }>(CLOCK)).cluster.clock);
    } catch {
      // The banner tells of a connection that is lost; with the next one it is asked again.
    } finally {
      asking.busy = false;
    }
  };
  useEffect(() => {
    if (isLive) void ask();
  }, [graph, isLive]);
  // Nobody tells of a clock that others have moved, but what is written afterwards does.
  useEffect(() => {
    if (isLive && reading.value && isOff(reading.value, Date.parse(picture.time), performance.now())) void ask();
  }, [version]);
  const rate = reading.value?.rate ?? 0;
  useEffect(() => {
    if (rate === 0) return;
    const timer = setInterval(
      () => {
        now.value = performance.now();
      },
      rate > 1 ? 100 : 500,
    );
    return () => clearInterval(timer);
  }, [rate]);

  const change = async (mutation: string, variables: Readonly<Record<string, unknown>>) => {
    if (busy.value) return;
    busy.value = true;
    said.value = undefined;
    try {
      take((await graph.ask<{ moved: { clock: ClockFacts } }>(mutation, variables)).moved.clock);
    } catch (error) {
      said.value = { text: GraphError.of(error).message, failed: true };
      void ask();
    } finally {
      busy.value = false;
    }
  };
  const step = (by: string) => {
    if (rate === 0) return change(ADVANCE, { by });
    said.value = { text: t('clock.stepHint'), failed: false };
    return undefined;
  };

  if (!reading.value) return <div class="clock" />;
  const shown = new Date(timeAt(reading.value, now.value)).toISOString();
  return (
    <div class="clock" role="group" aria-label={t('clock.label')} aria-busy={busy.value}>
      <time dateTime={`${shown.slice(0, 19)}Z`} title={`${shown.slice(0, 19)}Z`}>
        <span class="date">{shown.slice(0, 10)}</span>
        {shown.slice(11, 19)}
      </time>
      <div class="segments">
        {[0, ...RATES, ...(rate > 0 && !RATES.includes(rate) ? [rate] : [])].map(value => (
          <button
            type="button"
            key={value}
            aria-pressed={rate === value}
            aria-label={value === 0 ? t('clock.pause') : t('clock.rate', { rate: value })}
            title={value === 0 ? t('clock.pause') : t('clock.rate', { rate: value })}
            onClick={event => {
              spokenOf.current = event.currentTarget;
              if (rate !== value) void change(SET_CLOCK, { rate: value });
            }}
          >
            {value === 0 ? <Pause /> : `×${value}`}
          </button>
        ))}
      </div>
      <div class="segments">
        {STEPS.map(by => (
          <button
            type="button"
            key={by}
            aria-disabled={rate !== 0 || busy.value}
            aria-label={t('clock.step', { by })}
            title={rate === 0 ? t('clock.step', { by }) : t('clock.stepHint')}
            onClick={event => {
              spokenOf.current = event.currentTarget;
              void step(by);
            }}
          >
            +{by}
          </button>
        ))}
      </div>
      <p class="said" role={said.value?.failed ? 'alert' : 'status'} hidden={!said.value}>
        {said.value?.text}
        <button
          type="button"
          class="plain"
          aria-label={t('clock.close')}
          onClick={() => {
            said.value = undefined;
            spokenOf.current?.focus();
          }}
        >
          ×
        </button>
      </p>
    </div>
  );
}

const Pause = () => (
  <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
    <path d="M3 2h2v8H3zM7 2h2v8H7z" fill="currentColor" />
  </svg>
);
