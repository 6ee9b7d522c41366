import { formatNumber, t } from '../i18n/index.js';
import { isTrouble, ownerOf, STATE, STATES, stateOf } from '../model/cells.js';
import { world } from '../model/cluster.js';
import { stateText, tallyText } from '../model/describe.js';
import type { Owner, Picture, Tally } from '../model/picture.js';
import { go, place } from '../model/place.js';

/** How many daemon pods that are not ready are listed one by one. */
const MOST_PROBLEMS = 40;

/** What needs looking at, and the DaemonSets. */
export function Sidebar() {
  const { picture } = world.value.look();
  const counts = countsOf(picture);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const loud = counts.some((count, state) => count > 0 && isTrouble(state));
  const problems = total > 0 ? problemsOf(picture) : [];
  return (
    <aside class="side" aria-label={t('side.label')}>
      <section>
        <h2>
          {t('side.problems')}
          {total > 0 && <span class={loud ? 'badge loud' : 'badge'}>{formatNumber(total)}</span>}
        </h2>
        {picture.complete && picture.columns.length === 0 ? (
          <>
            <p class="quiet">{t('side.noDaemonSets')}</p>
            <button type="button" class="more" onClick={() => go({ view: 'tour' }, true)}>
              {t('side.toTour')}
            </button>
          </>
        ) : total === 0 ? (
          <p class="well">{picture.complete ? t('side.noProblems') : ''}</p>
        ) : (
          <ul class="problems">
            {problems.map(({ cell, node }) => {
              const { namespace, name } = picture.owners[ownerOf(cell)]!;
              const { name: state } = STATES[stateOf(cell)]!;
              return (
                <li key={`${cell}/${node}`}>
                  <button
                    type="button"
                    onClick={() => go({ selection: { kind: 'pair', namespace, name, node }, tab: undefined }, true)}
                  >
                    <span class={`chip ${state}`}>{stateText(stateOf(cell))}</span>
                    <span class="what">{name}</span>
                    <span class="where">{node}</span>
                  </button>
                </li>
              );
            })}
          </ul>
        )}
        {total > problems.length &&
          STATES.map(
            ({ name }, state) =>
              counts[state]! > 0 && (
                <button
                  type="button"
                  class="more"
                  key={name}
                  onClick={() => go({ view: 'map', filter: `state:${name}` }, true)}
                >
                  {t('side.allOfState', { count: formatNumber(counts[state]!), state: stateText(state) })}
                </button>
              ),
          )}
      </section>
      <section hidden={picture.columns.length === 0}>
        <h2>{t('side.sets')}</h2>
        <ul class="sets">
          {picture.columns.map(owner => (
            <li key={owner.key}>
              <button type="button" aria-pressed={isSelected(owner)} onClick={() => select(owner)}>
                <span class="what">{owner.name}</span>
                <span class="where">{owner.namespace}</span>
                <TallyBar tally={picture.tallyOf(owner)} />
              </button>
            </li>
          ))}
        </ul>
      </section>
      <Legend />
    </aside>
  );
}

function isSelected({ namespace, name }: Owner): boolean {
  const { selection } = place.value;
  return selection?.kind === 'daemonSet' && selection.namespace === namespace && selection.name === name;
}

const select = ({ namespace, name }: Owner) =>
  go({ selection: { kind: 'daemonSet', namespace, name }, tab: undefined }, true);

/** The share of each state among the pods of a DaemonSet, and in words what is not as it should be. */
function TallyBar({ tally }: { tally: Tally | undefined }) {
  if (!tally) return <span class="tally">{t('side.nowhere')}</span>;
  const ready = tally.states[STATE.ready]!;
  return (
    <span class="tally">
      <svg class="shares" viewBox={`0 0 ${tally.total} 1`} preserveAspectRatio="none" aria-hidden="true">
        {shares(tally.states, tally.outdated).map(({ colour, from, count }) => (
          <rect key={colour} class={colour} x={from} y="0" width={count} height="1" />
        ))}
      </svg>
      <span class="numbers">
        {formatNumber(ready)}/{formatNumber(tally.total)}
        {tally.outdated > 0 && ` · ${t('side.outdated', { count: formatNumber(tally.outdated) })}`}
        {ready < tally.total && ` · ${tallyText(tally)}`}
      </span>
    </span>
  );
}

/** States in their order, the outdated of the ready ones apart: where each begins and how long it is. */
function shares(states: readonly number[], outdated: number) {
  const ready = states[STATE.ready]!;
  const old = Math.min(outdated, ready);
  const parts: [string, number][] = [
    ['ready', ready - old],
    ['outdated', old],
  ];
  for (const [state, { name }] of STATES.entries()) if (name !== 'ready') parts.push([name, states[state]!]);
  let from = 0;
  return parts.flatMap(([colour, count]) => {
    const part = { colour, from, count };
    from += count;
    return count > 0 ? [part] : [];
  });
}

/** How many daemon pods are in each state; of those that are ready none, since they are as they should be. */
function countsOf(picture: Picture): number[] {
  const counts = STATES.map(() => 0);
  for (const owner of picture.columns) {
    const states = picture.tallyOf(owner)?.states ?? [];
    for (const [state, count] of states.entries()) if (state !== STATE.ready) counts[state]! += count;
  }
  return counts;
}

/** The daemon pods that are not ready: the worst first, then by node; no more than are listed. */
function problemsOf(picture: Picture): { cell: number; node: string }[] {
  const byState: { cell: number; node: string }[][] = STATES.map(() => []);
  for (const node of picture.nodes) {
    for (const cell of picture.rows.get(node)?.cells ?? []) {
      const state = stateOf(cell);
      const found = byState[state]!;
      if (state !== STATE.ready && found.length < MOST_PROBLEMS && picture.owners[ownerOf(cell)]!.daemon)
        found.push({ cell, node });
    }
  }
  return byState.flat().slice(0, MOST_PROBLEMS);
}

/** What the colours and marks mean. */
function Legend() {
  return (
    <section class="legend">
      <h2>{t('side.legend')}</h2>
      <ul>
        {[...STATES.map(({ name }) => name), 'outdated' as const].map(name => (
          <li key={name}>
            <svg class={`mark ${name}`} viewBox="0 0 16 16" aria-hidden="true">
              <rect x="1.5" y="1.5" width="13" height="13" rx="3" />
              {MARKS[name] && <path d={MARKS[name]} />}
              {name === 'outdated' && <path class="corner" d={CORNER} />}
            </svg>
            {t(`state.${name}`)}
          </li>
        ))}
        <li>
          <svg class="mark other" viewBox="0 0 16 16" aria-hidden="true">
            <circle cx="8" cy="8" r="6.5" />
          </svg>
          {t('side.otherPods')}
        </li>
        <li>
          <svg class="mark other-outdated" viewBox="0 0 16 16" aria-hidden="true">
            <circle cx="8" cy="8" r="6.5" />
            <path class="corner" d={CORNER} />
          </svg>
          {t('side.otherOutdated')}
        </li>
      </ul>
    </section>
  );
}

/** What marks a pod of an older template. */
const CORNER = 'M16 8V16H8Z';

/** The marks of `paint/cell.ts`, for style sheets. */
const MARKS: Readonly<Record<string, string>> = {
  missing: 'M5 5 11 11M11 5 5 11',
  extra: 'M8 5V11M5 8H11',
  failed: 'M8 4V9M8 11V12',
  failing: 'M10.5 5.5A3.5 3.5 0 1 1 7 4.7',
  pending: 'M5 8H11',
  unready: 'M5 11 11 5',
  terminating: 'M5 8H11',
  succeeded: 'M5 8 7 11 11 5',
};
