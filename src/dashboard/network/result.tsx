import type { SendAnswer, SentFacts, TallyFacts } from '../graph/network.js';
import { formatNumber, t } from '../i18n/index.js';
import { sayInFull } from '../i18n/sentences.js';
import './result.css';

const isWell = ({ outcome, status }: Pick<TallyFacts, 'outcome' | 'status'>): boolean =>
  outcome === 'SENT' || (outcome === 'ANSWERED' && (status ?? 200) < 400);

/** What became of requests: who answered how often, and the steps of the first of them. */
export function RequestResult({ answer: { requests, tally } }: { answer: SendAnswer['sendRequest'] }) {
  const [first] = requests;
  const total = tally.reduce((sum, { count }) => sum + count, 0);
  if (!first) return null;
  return (
    <div class="request-result">
      {total > 1 && <Tally tally={tally} total={total} />}
      <h4>{t(total > 1 ? 'network.firstOf' : 'network.steps')}</h4>
      <Steps sent={first} />
    </div>
  );
}

/** Requests by the pod that took them in. */
function Tally({ tally, total }: { tally: readonly TallyFacts[]; total: number }) {
  const most = Math.max(...tally.map(({ count }) => count));
  return (
    <>
      <h4>{t('network.answeredBy', { count: formatNumber(total) })}</h4>
      <ul class="answerers">
        {tally.map(one => (
          <li key={`${one.outcome} ${one.status} ${one.by?.namespace}/${one.by?.pod}`}>
            <span class="who">
              {one.by ? one.by.pod : t(`network.outcome.${one.outcome}`)}
              {one.by?.node && <span class="where"> {t('network.onNode', { node: one.by.node })}</span>}
              {one.by && one.outcome !== 'ANSWERED' && (
                <span class="where"> {t(`network.outcome.${one.outcome}`)}</span>
              )}
              {one.status !== null && one.status !== 200 && <span class="where"> {one.status}</span>}
            </span>
            <span class="bar" aria-hidden="true">
              <span class={isWell(one) ? 'well' : 'ill'} style={{ width: `${(100 * one.count) / most}%` }} />
            </span>
            <span class="numbers">{formatNumber(one.count)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What happened to one request, one thing after the other. */
function Steps({ sent }: { sent: SentFacts }) {
  const { from, lookups, address, port, at, by, why, headers, body, cut, outcome, status } = sent;
  const place = `${address}:${port}`;
  return (
    <>
      <ol class="hops">
        <li>{from === null ? t('network.fromOutside') : t('network.fromAddress', { address: from })}</li>
        {lookups.map(({ name, rcode, addresses }) => (
          <li key={name}>
            {t('network.asked', { name })} <b>{addresses.length > 0 ? addresses.slice(0, 8).join(', ') : rcode}</b>
            {addresses.length > 8 && ` ${t('network.andMore', { count: formatNumber(addresses.length - 8) })}`}
          </li>
        ))}
        {address !== null && (
          <li>
            {t('network.to')} <b>{place}</b>
            {at !== null && at !== place && <span class="where"> {t('network.reallyAt', { at })}</span>}
          </li>
        )}
        {by && outcome !== 'ANSWERED' && (
          <li>{t('network.podTook', { pod: `${by.namespace}/${by.pod}`, node: by.node })}</li>
        )}
        <li class={isWell({ outcome, status }) ? 'well' : 'ill'}>
          {by && outcome === 'ANSWERED'
            ? t('network.podAnswered', { pod: `${by.namespace}/${by.pod}`, node: by.node, status: status ?? '' })
            : sayInFull(why)}
        </li>
      </ol>
      {body !== null && (
        <details>
          <summary>{t('network.answer')}</summary>
          <pre tabIndex={0}>
            {headers.map(({ name, value }) => `${name}: ${value}\n`).join('')}
            {headers.length > 0 && '\n'}
            {pretty(body)}
            {cut && `\n${t('network.cut')}`}
          </pre>
        </details>
      )}
    </>
  );
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
