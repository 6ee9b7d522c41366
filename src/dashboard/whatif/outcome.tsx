import type { WhatIf } from '../graph/what-if.js';
import { formatNumber, plural, t } from '../i18n/index.js';
import { say } from '../i18n/sentences.js';
import { Heading } from '../panels/parts.js';
import { ageText } from '../panels/placement.js';

const COUNTS = ['wanted', 'ready', 'missing', 'extra', 'pending', 'failed'] as const;

/** What would come of changes, from the sum to the single steps. */
export function OutcomeView({ outcome }: { outcome: WhatIf }) {
  const { daemonSets, placements, pods, waiting, steps, rest, changes } = outcome;
  const warnings = changes.flatMap(change => change.warnings);
  const rows = daemonSets.filter(({ before, after }) => COUNTS.some(name => before?.[name] !== after?.[name]));
  const columns = COUNTS.filter(name => rows.some(({ before, after }) => before?.[name] || after?.[name]));
  const nothing = placements.totalCount + pods.totalCount === 0;
  return (
    <>
      <p class={`verdict ${rest.atRest ? 'present' : 'pending'}`}>
        {nothing ? t('try.nothing') : t('try.differences', { count: formatNumber(placements.totalCount) })}{' '}
        {rest.atRest
          ? t('try.atRest', { time: ageText(rest.seconds) })
          : t('try.notAtRest', { time: ageText(rest.seconds), what: rest.goingOn.join(', ') })}
      </p>
      {warnings.map(warning => (
        <p key={warning} class="quiet">
          {warning}
        </p>
      ))}
      {rows.length > 0 && (
        <section>
          <Heading text={t('try.counts')} />
          <div class="table-scroll" role="region" aria-label={t('try.counts')} tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">DaemonSet</th>
                  {columns.map(name => (
                    <th key={name} scope="col">
                      {t(name === 'wanted' ? 'detail.wanted' : `state.${name}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map(({ namespace, name, before, after }) => (
                  <tr key={`${namespace}/${name}`}>
                    <th scope="row">
                      {name} <span class="where">{namespace}</span>
                    </th>
                    {columns.map(count => (
                      <td key={count} class={before?.[count] === after?.[count] ? undefined : 'changed'}>
                        {fromTo(before?.[count], after?.[count])}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
      {placements.totalCount > 0 && (
        <section>
          <Heading text={t('try.placements')} count={placements.totalCount} />
          <ul class="rows">
            {placements.nodes.slice(0, 100).map(({ difference, namespace, daemonSet, node, before, after }) => (
              <li key={`${namespace}/${daemonSet}/${node}`} class="entry">
                <span class={`chip ${difference.toLowerCase()}`}>{t(`try.${difference}`)}</span>
                <span class="what">{daemonSet}</span>
                <span class="where">{node}</span>
                <span class="reason">{say(after?.why ?? before?.why ?? [])}</span>
              </li>
            ))}
          </ul>
          {placements.totalCount > 100 && <p class="quiet">{t('detail.first', { count: 100 })}</p>}
        </section>
      )}
      {waiting.totalCount > 0 && (
        <section>
          <Heading text={t('try.waiting')} count={waiting.totalCount} />
          <ul class="rows">
            {waiting.nodes.map(({ pod, why }) => (
              <li key={`${pod.namespace}/${pod.name}`} class="entry">
                <span class="what">{pod.name}</span>
                <span class="where">{pod.namespace}</span>
                <span class="reason">{say(why)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {pods.totalCount > 0 && (
        <section>
          <Heading text={t('try.pods')} count={pods.totalCount} />
          <ul class="rows">
            {pods.nodes.map(({ difference, namespace, workloadKind, workloadName, before, after }) => (
              <li key={`${namespace}/${before?.pod.name}/${after?.pod.name}`} class="entry">
                <span class={`chip ${difference.toLowerCase()}`}>{t(`try.${difference}`)}</span>
                <span class="what">{workloadName ?? (after ?? before)?.pod.name}</span>
                <span class="where">{workloadKind ?? 'Pod'}</span>
                <span class="reason">{fromTo(before && (before.node ?? '–'), after && (after.node ?? '–'))}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {steps.totalCount > 0 && (
        <details>
          <summary>{t('try.steps', { count: formatNumber(steps.totalCount) })}</summary>
          <ol class="rollout-steps">
            {steps.nodes.map(({ number, seconds, counts }) => (
              <li key={number}>
                <time>+{ageText(seconds)}</time>{' '}
                {counts.map(({ what, count }) => plural(`try.step.${what}`, count)).join(t('list.comma'))}
              </li>
            ))}
          </ol>
        </details>
      )}
    </>
  );
}

/** `3 → 4`; `3` where nothing changes. */
function fromTo(before: string | number | null | undefined, after: string | number | null | undefined): string {
  const [from, to] = [before ?? '–', after ?? '–'];
  return from === to ? String(from) : `${from} → ${to}`;
}
