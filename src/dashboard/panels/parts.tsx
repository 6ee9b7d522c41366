import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { GraphError } from '../graph/client.js';
import type { ConditionFacts, PlacementFacts, PodFacts } from '../graph/detail.js';
import { formatNumber, t } from '../i18n/index.js';
import { refusalText } from '../i18n/refusal.js';
import { say } from '../i18n/sentences.js';
import type { Answer } from '../model/asked.js';
import { go } from '../model/place.js';
import type { Selection } from '../model/place-url.js';
import { chipOf } from './placement.js';
import './lists.css';

/** What the panel shows instead. */
export const select = (selection: Selection) => go({ selection, tab: undefined }, true);

/** An answer, once it is there; until then that it is asked for, and what went wrong. */
export function Asked<T>({ answer, children }: { answer: Answer<T>; children: (data: T) => ComponentChildren }) {
  return (
    <>
      {answer.error && <Refusal error={answer.error} />}
      {answer.data !== undefined
        ? children(answer.data)
        : answer.asking && (
            <p class="quiet" role="status">
              {t('detail.asking')}
            </p>
          )}
    </>
  );
}

/** What the server said no to, in its words. */
export function Refusal({ error }: { error: GraphError }) {
  const gone = error.code === 'NOT_FOUND';
  return (
    <p class={gone ? 'quiet' : 'refusal'} role={gone ? 'status' : 'alert'}>
      {refusalText(error)}
    </p>
  );
}

export const Gone = () => (
  <p class="quiet" role="status">
    {t('detail.gone')}
  </p>
);

/** Names and what they stand for: a list of {@link Fact}s. */
export const Facts = ({ children }: { children: ComponentChildren }) => <dl class="facts">{children}</dl>;

export const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** Text for a terminal or a file, with a button that copies it. */
export function CopyBox({ text, label, wrap = false }: { text: string; label: string; wrap?: boolean }) {
  const copied = useSignal(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    copied.value = true;
    setTimeout(() => {
      copied.value = false;
    }, 2000);
  };
  return (
    <figure class="copy-box" aria-label={label}>
      <pre class={wrap ? 'wrap' : undefined} tabIndex={0}>
        {text}
      </pre>
      <button type="button" onClick={() => void copy()} aria-label={t('detail.copyWhat', { what: label })}>
        {copied.value ? t('detail.copied') : t('detail.copy')}
      </button>
      <span class="unseen" aria-live="polite">
        {copied.value && t('detail.copied')}
      </span>
    </figure>
  );
}

export function Chip({ placement }: { placement: Pick<PlacementFacts, 'actual' | 'ready'> }) {
  const { look, text } = chipOf(placement);
  return <span class={`chip ${look}`}>{t(text)}</span>;
}

const isWell = ({ actual, ready, upToDate }: PlacementFacts) => actual === 'PRESENT' && ready && upToDate !== false;

/** Placements, each leading to why it is so. */
export function Placements({ placements, by }: { placements: readonly PlacementFacts[]; by: 'node' | 'daemonSet' }) {
  return (
    <ul class="rows">
      {placements.map(placement => {
        const { daemonSet, node } = placement;
        return (
          <li key={`${daemonSet.namespace}/${daemonSet.name}/${node.name}`}>
            <button type="button" class="entry" onClick={() => select({ kind: 'pair', ...daemonSet, node: node.name })}>
              <Chip placement={placement} />
              <span class="what">{by === 'node' ? node.name : daemonSet.name}</span>
              {by === 'daemonSet' && <span class="where">{daemonSet.namespace}</span>}
              {placement.upToDate === false && <span class="where">{t('state.outdated')}</span>}
              {!isWell(placement) && <span class="reason">{say(placement.why)}</span>}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** Pods, each leading to it. */
export function Pods({ pods }: { pods: readonly PodFacts[] }) {
  return (
    <ul class="rows">
      {pods.map(({ namespace, name, status, ready }) => (
        <li key={`${namespace}/${name}`}>
          <button type="button" class="entry" onClick={() => select({ kind: 'object', type: 'Pod', namespace, name })}>
            <span class={`chip ${ready ? 'ready' : 'unready'}`}>{status}</span>
            <span class="what">{name}</span>
            <span class="where">{namespace}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Conditions, those that are not as they should be first and marked. */
export function Conditions({ conditions }: { conditions: readonly ConditionFacts[] }) {
  const isGood = ({ type, status }: ConditionFacts) =>
    status ===
    (/^(Ready|Initialized|PodScheduled|ContainersReady|PodReadyToStartContainers)$/.test(type) ? 'True' : 'False');
  const sorted = [...conditions].sort((a, b) => Number(isGood(a)) - Number(isGood(b)));
  return (
    <ul class="rows checks">
      {sorted.map(condition => (
        <li key={condition.type} class={isGood(condition) ? 'entry pass' : 'entry fail'}>
          <span class="sign" aria-hidden="true" />
          <span class="what">{condition.type}</span>
          <span class="where">{condition.status}</span>
          {(condition.message || condition.reason) && (
            <span class="reason">{condition.message || condition.reason}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** A heading with how many there are. */
export function Heading({ text, count }: { text: string; count?: number }) {
  return (
    <h3>
      {text}
      {count !== undefined && <span class="badge">{formatNumber(count)}</span>}
    </h3>
  );
}
