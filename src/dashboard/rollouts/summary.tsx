import { formatNumber, t } from '../i18n/index.js';
import { place } from '../model/place.js';

interface SummaryProps {
  /** How many rollouts are going on. */
  readonly going: number;
  /** How many there are, in words. */
  readonly count: string;
  /** How many were looked at, where that is not all. */
  readonly ofFirst?: number | undefined;
}

/** How many rollouts of a kind are going on, and how many there are. */
export function Summary({ going, count, ofFirst }: SummaryProps) {
  return (
    <p class="summary" role="status">
      {ofFirst !== undefined
        ? t('rollouts.goingOfFirst', { count: formatNumber(going), shown: formatNumber(ofFirst) })
        : going > 0
          ? t('rollouts.going', { count: formatNumber(going) })
          : t('rollouts.atRest')}
      <span>{count}</span>
      {place.value.at !== undefined && <span>{t('rollouts.past')}</span>}
    </p>
  );
}
