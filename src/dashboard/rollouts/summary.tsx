import { formatNumber, t } from '../i18n/index.js';
import { place } from '../model/place.js';

/** How many rollouts of a kind are going on, and how many there are. */
export function Summary({ going, count }: { going: number; count: string }) {
  return (
    <p class="summary" role="status">
      {going > 0 ? t('rollouts.going', { count: formatNumber(going) }) : t('rollouts.atRest')}
      <span>{count}</span>
      {place.value.at !== undefined && <span>{t('rollouts.past')}</span>}
    </p>
  );
}
