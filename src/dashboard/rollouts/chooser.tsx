import { formatNumber, t } from '../i18n/index.js';
import { go } from '../model/place.js';
import type { Subject } from '../model/place-url.js';

const KINDS = ['DaemonSet', 'Deployment', 'StatefulSet'] as const;

interface ChooserProps {
  readonly kind: (typeof KINDS)[number];
  readonly one: Subject['one'];
  /** What there is of that kind. */
  readonly all: readonly { readonly namespace: string; readonly name: string }[];
  /** How many there are, where `all` is only the first of them. */
  readonly total?: number | undefined;
}

/** Whose rollouts are looked at: those of a kind, or that of one. */
export function Chooser({ kind, one, all, total = all.length }: ChooserProps) {
  const chosen = one ? `${one.namespace}/${one.name}` : '';
  const keys = all.map(({ namespace, name }) => `${namespace}/${name}`);
  return (
    <div class="chooser">
      <div class="kinds" role="group" aria-label={t('rollouts.kind')}>
        {KINDS.map(name => (
          <button
            type="button"
            key={name}
            aria-pressed={name === kind}
            onClick={() => go({ of: name === 'DaemonSet' ? undefined : { kind: name } }, true)}
          >
            {name}
          </button>
        ))}
      </div>
      <label>
        <span class="unseen">{t('rollouts.which')}</span>
        <select
          value={chosen}
          onChange={event => {
            const [namespace = '', name = ''] = event.currentTarget.value.split('/');
            const next = name ? { kind, one: { namespace, name } } : { kind };
            go({ of: name || kind !== 'DaemonSet' ? next : undefined }, true);
          }}
        >
          <option value="">{t('rollouts.all')}</option>
          {(chosen && !keys.includes(chosen) ? [chosen, ...keys] : keys).map(key => (
            <option key={key} value={key}>
              {key}
            </option>
          ))}
          {total > all.length && (
            <option disabled>{t('rollouts.notListed', { count: formatNumber(total - all.length) })}</option>
          )}
        </select>
      </label>
    </div>
  );
}
