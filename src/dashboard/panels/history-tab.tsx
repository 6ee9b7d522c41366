import { HISTORY, type HistoryAnswer, type WriteFacts } from '../graph/detail.js';
import { formatNumber, t } from '../i18n/index.js';
import { useAsked } from '../model/asked.js';
import { go } from '../model/place.js';
import { clockTime, type ObjectTabProps, variablesOf } from './more-tabs.js';
import { Asked, Heading } from './parts.js';
import { versionDiff } from './version-diff.js';

/** The versions of an object that the log keeps, the newest first, each with what it changed. */
export function HistoryTab({ graph, object, stamp }: ObjectTabProps) {
  const answer = useAsked<HistoryAnswer>(graph, HISTORY, variablesOf(object), stamp);
  return (
    <Asked answer={answer}>
      {({ history: { nodes, totalCount } }) =>
        totalCount === 0 ? (
          <p class="quiet">{t('detail.noHistory', { name: object.name })}</p>
        ) : (
          <section>
            <Heading text={object.name} count={totalCount} />
            <ol class="versions">
              {nodes.map((write, i) => (
                <Version key={write.revision} write={write} before={nodes[i + 1]} first={i === 0} />
              ))}
            </ol>
            {totalCount > nodes.length && (
              <p class="quiet">{t('detail.first', { count: formatNumber(nodes.length) })}</p>
            )}
          </section>
        )
      }
    </Asked>
  );
}

function Version({ write, before, first }: { write: WriteFacts; before: WriteFacts | undefined; first: boolean }) {
  const { revision, time, verb, writer, object } = write;
  const lines = verb === 'UPDATED' && before ? versionDiff(before.object.yaml, object.yaml) : [];
  return (
    <li>
      <p class="version">
        <span class={`chip ${verb === 'DELETED' ? 'missing' : verb === 'CREATED' ? 'ready' : 'not-wanted'}`}>
          {t(`detail.write.${verb}`)}
        </span>
        <button type="button" class="link" onClick={() => go({ at: revision }, true)}>
          {t('detail.revision', { revision })}
        </button>
        {writer && <span class="where">{writer}</span>}
        <time dateTime={time}>{clockTime(time)}</time>
      </p>
      {lines.length > 0 && (
        <details open={first}>
          <summary>{t('detail.whatChanged')}</summary>
          <pre class="diff" tabIndex={0}>
            {lines.map(({ look, text }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines stand where they stand, and many are alike.
              <span key={i} class={look}>
                {`${look === 'added' ? '+' : look === 'removed' ? '−' : ' '} ${text}\n`}
              </span>
            ))}
          </pre>
        </details>
      )}
    </li>
  );
}
