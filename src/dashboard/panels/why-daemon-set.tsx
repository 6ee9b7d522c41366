import type { DaemonSetAnswer } from '../graph/detail.js';
import { formatNumber, t } from '../i18n/index.js';
import { Fact, Facts, Gone, Heading, Placements, select } from './parts.js';
import { ageText } from './placement.js';

/** How a DaemonSet stands: counts, the nodes that lack a pod, where none is wanted, its revisions. */
export function WhyDaemonSet({ answer, namespace }: { answer: DaemonSetAnswer; namespace: string }) {
  const set = answer.daemonSet;
  if (!set) return <Gone />;
  const { placementCounts: counts, updateStrategy: strategy, placements, elsewhere } = set;
  const rolling = [
    strategy.maxUnavailable !== null && `maxUnavailable ${strategy.maxUnavailable}`,
    strategy.maxSurge !== null && strategy.maxSurge !== '0' && `maxSurge ${strategy.maxSurge}`,
  ].filter(Boolean);
  return (
    <>
      <ul class="figures">
        {(
          [
            ['detail.wanted', counts.wanted, ''],
            ['state.ready', counts.ready, 'ready'],
            ['detail.upToDate', counts.upToDate, ''],
            ['state.pending', counts.pending, 'pending'],
            ['state.missing', counts.missing, 'missing'],
            ['state.extra', counts.extra, 'extra'],
            ['state.failed', counts.failed, 'failed'],
          ] as const
        )
          .filter(([key, count]) => count > 0 || !key.startsWith('state.') || key === 'state.ready')
          .map(([key, count, look]) => (
            <li key={key} class={look}>
              <strong>{formatNumber(count)}</strong>
              <span>{t(key)}</span>
            </li>
          ))}
      </ul>
      {placements.totalCount > 0 && (
        <section>
          <Heading text={t('detail.notAsItShould')} count={placements.totalCount} />
          <Placements placements={placements.nodes} by="node" />
        </section>
      )}
      {elsewhere.totalCount > 0 && (
        <details>
          <summary>{t('detail.nowhere', { count: formatNumber(elsewhere.totalCount) })}</summary>
          <Placements placements={elsewhere.nodes} by="node" />
          {elsewhere.totalCount > elsewhere.nodes.length && (
            <p class="quiet">{t('detail.first', { count: elsewhere.nodes.length })}</p>
          )}
        </details>
      )}
      <section>
        <Heading text={t('detail.revisions')} count={set.revisions.length} />
        <ul class="rows">
          {set.revisions.map(({ name, revision, hash, changeCause, metadata, pods }, i) => (
            <li key={name}>
              <button
                type="button"
                class="entry"
                onClick={() => select({ kind: 'object', type: 'ControllerRevision', namespace, name })}
              >
                <span class={`chip ${i === 0 ? 'ready' : 'outdated'}`}>{revision}</span>
                <span class="what">{hash ?? name}</span>
                <span class="where">
                  {t('detail.revisionPods', {
                    count: formatNumber(pods.totalCount),
                    age: ageText(metadata.ageSeconds),
                  })}
                </span>
                {changeCause && <span class="reason">{changeCause}</span>}
              </button>
            </li>
          ))}
        </ul>
      </section>
      <Facts>
        <Fact name={t('detail.strategy')}>{[strategy.type, ...rolling].join(', ')}</Fact>
        <Fact name={t('detail.images')}>{set.images.join(', ')}</Fact>
        <Fact name={t('detail.selector')}>
          <code>{set.selector}</code>
        </Fact>
        {set.minReadySeconds > 0 && <Fact name="minReadySeconds">{set.minReadySeconds}</Fact>}
        <Fact name={t('detail.age')}>{ageText(set.metadata.ageSeconds)}</Fact>
      </Facts>
    </>
  );
}
