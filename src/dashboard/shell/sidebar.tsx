import { formatNumber, plural, t } from '../i18n/index.js';
import { ownerOf, STATE, STATES, stateOf } from '../model/cells.js';
import { world } from '../model/cluster.js';
import { stateText, tallyText } from '../model/describe.js';
import { compareNames } from '../model/names.js';
import { type Owner, type Picture, type Tally, UNBOUND } from '../model/picture.js';
import { go, place } from '../model/place.js';

/** How many problems are listed one by one. */
const MOST_PROBLEMS = 40;

/** What needs looking at, and the DaemonSets. */
export function Sidebar() {
  const { picture } = world.value.look();
  const problems = problemsOf(picture);
  const waiting = picture.columns.reduce((sum, owner) => sum + (picture.tallyOf(owner)?.states[STATE.pending] ?? 0), 0);
  return (
    <aside class="side" aria-label={t('side.label')}>
      <section>
        <h2>
          {t('side.problems')}
          {problems.length > 0 && <span class="badge loud">{formatNumber(problems.length)}</span>}
        </h2>
        {picture.complete && picture.columns.length === 0 ? (
          <>
            <p class="quiet">{t('side.noDaemonSets')}</p>
            <button type="button" class="more" onClick={() => go({ view: 'tour' }, true)}>
              {t('side.toTour')}
            </button>
          </>
        ) : problems.length === 0 ? (
          <p class="well">{picture.complete ? t(waiting > 0 ? 'side.noneMissing' : 'side.noProblems') : ''}</p>
        ) : (
          <ul class="problems">
            {problems.slice(0, MOST_PROBLEMS).map(({ cell, node }) => {
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
        {problems.length > MOST_PROBLEMS && (
          <button type="button" class="more" onClick={() => go({ filter: 'is:trouble' }, true)}>
            {t('side.allProblems', { count: formatNumber(problems.length) })}
          </button>
        )}
        {waiting > 0 && (
          <button type="button" class="more" onClick={() => go({ view: 'map', filter: 'state:pending' }, true)}>
            {plural('side.waiting', waiting)}
          </button>
        )}
      </section>
      <section hidden={picture.columns.length === 0}>
        <h2>DaemonSets</h2>
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

function problemsOf(picture: Picture): { cell: number; node: string }[] {
  const problems: { cell: number; node: string }[] = [];
  for (const row of picture.rows.values()) {
    if (row.troubles === 0 || row.name === UNBOUND) continue;
    for (const cell of row.cells) {
      if (stateOf(cell) <= STATE.failed && picture.owners[ownerOf(cell)]!.daemon)
        problems.push({ cell, node: row.name });
    }
  }
  return problems.sort((a, b) => stateOf(a.cell) - stateOf(b.cell) || compareNames(a.node, b.node));
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
  pending: 'M5 8H11',
  unready: 'M5 11 11 5',
  terminating: 'M5 8H11',
  succeeded: 'M5 8 7 11 11 5',
};
