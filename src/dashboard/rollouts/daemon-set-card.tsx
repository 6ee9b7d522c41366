import { Actions } from '../changes/actions.js';
import type { FormName } from '../changes/forms.js';
import type { DaemonSetFacts } from '../graph/cluster-map.js';
import { formatNumber, type TextKey, t } from '../i18n/index.js';
import { STATE, STATES } from '../model/cells.js';
import { world } from '../model/cluster.js';
import { stateText } from '../model/describe.js';
import type { Owner, Row } from '../model/picture.js';
import { go, place } from '../model/place.js';
import { KubectlSays, ProgressNumbers } from './progress.js';
import { phaseOf } from './status.js';
import { Ticks } from './ticks.js';
import { countTicks, TICKS, tickOutdated, tickState, type Wave } from './waves.js';

export interface RolloutCardProps {
  readonly owner: Owner;
  readonly facts: DaemonSetFacts;
  readonly rows: readonly Row[];
  readonly wave: Wave;
}

const FORMS: readonly FormName[] = ['restart', 'undo', 'image'];

/** One DaemonSet: what it is to become, how far it is, and what can be done about it. */
export function RolloutCard({ owner, facts, rows, wave }: RolloutCardProps) {
  const { namespace, name } = owner;
  const phase = phaseOf(facts);
  const { rollout } = facts;
  const id = `rollout-${namespace}-${name}`;
  return (
    <article class={`card ${phase}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>
          <button
            type="button"
            class="plain"
            onClick={() => go({ selection: { kind: 'daemonSet', namespace, name }, tab: undefined }, true)}
          >
            {name}
          </button>
          <span class="where">{namespace}</span>
        </h2>
        <span class="phase">{t(`rollouts.${phase}`)}</span>
      </header>
      <p class="about">
        <span>
          {facts.currentRevision
            ? t('rollouts.revision', { revision: facts.currentRevision.revision })
            : t('rollouts.noRevision')}
        </span>
        <span>{strategyText(facts)}</span>
        {facts.minReadySeconds > 0 && <span>{t('rollouts.minReady', { seconds: facts.minReadySeconds })}</span>}
        {facts.images.map(image => (
          <code key={image}>{image}</code>
        ))}
      </p>
      <Bar counts={countTicks(wave.ticks)} />
      <ProgressNumbers progress={rollout} />
      <Ticks
        rows={rows}
        wave={wave}
        onPick={node => go({ selection: { kind: 'pair', namespace, name, node }, tab: undefined }, true)}
      />
      {phase !== 'done' && <p class="where">{whereText(rows, wave)}</p>}
      <KubectlSays progress={rollout} />
      {phase === 'manual' && <p class="note">{t('rollouts.manualNote')}</p>}
      {place.value.at === undefined && (
        <Actions world={world.value} target={{ kind: 'DaemonSet', namespace, name }} forms={FORMS} labelledBy={id} />
      )}
    </article>
  );
}

function strategyText({ updateStrategy: { type, maxUnavailable, maxSurge } }: DaemonSetFacts): string {
  if (type !== 'RollingUpdate') return type;
  const isSurge = maxSurge !== null && maxSurge !== '0' && maxSurge !== '0%';
  return isSurge
    ? t('rollouts.surge', { type, count: maxSurge })
    : t('rollouts.rolling', { type, count: maxUnavailable ?? '1' });
}

/** What the pods are, as shares of a bar: first what is as it shall become. */
function Bar({ counts }: { counts: Uint32Array }) {
  const total = counts.reduce((sum, count) => sum + count, 0) - counts[0]!;
  const parts = ORDER.filter(tick => counts[tick]! > 0);
  const texts = parts.map(tick => `${formatNumber(counts[tick]!)} ${tickText(tick)}`);
  return (
    <div class="bar" role="img" aria-label={texts.join(', ') || t('side.nowhere')} title={texts.join('\n')}>
      {ORDER.map(tick => (
        <span
          key={tick}
          class={tickColour(tick)}
          style={{ width: `${total > 0 ? (100 * counts[tick]!) / total : 0}%` }}
        />
      ))}
    </div>
  );
}

const tickText = (tick: number) =>
  `${stateText(tickState(tick))}${tickOutdated(tick) ? `, ${t('state.outdated')}` : ''}`;

function tickColour(tick: number): string {
  const { name } = STATES[tickState(tick)]!;
  return name === 'ready' && tickOutdated(tick) ? 'outdated' : name;
}

/** New and ready, new and on the way, old, and at the end what is wrong. */
const ORDER = Array.from({ length: TICKS - 1 }, (_, i) => i + 1).sort((a, b) => rank(a) - rank(b) || b - a);

function rank(tick: number): number {
  const state = tickState(tick);
  if (state <= STATE.failed) return 4;
  if (tickOutdated(tick)) return state === STATE.ready ? 2 : 3;
  return state === STATE.ready ? 0 : 1;
}

/** How many nodes are named one by one. */
const MOST_NAMES = 6;

/** On which nodes something is going on, or waits. */
function whereText(rows: readonly Row[], { ticks }: Wave): string {
  const names: string[] = [];
  let count = 0;
  for (let i = 0; i < ticks.length; i++) {
    const tick = ticks[i]!;
    if (tick === 0 || tickState(tick) === STATE.ready || tickState(tick) === STATE.extra) continue;
    if (count++ < MOST_NAMES) names.push(rows[i]!.name);
  }
  if (count === 0) return '';
  const list = names.join(t('list.comma'));
  const key: TextKey = count > MOST_NAMES ? 'rollouts.whereMore' : 'rollouts.where';
  return t(key, { nodes: list, more: formatNumber(count - MOST_NAMES) });
}
