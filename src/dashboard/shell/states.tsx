import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/index.js';
import { refusalText } from '../i18n/refusal.js';
import { world } from '../model/cluster.js';
import { go, place } from '../model/place.js';

/** There is nothing to show, and what one can do about it. */
export function Empty({ text, hint }: { text: string; hint?: string }) {
  return (
    <div class="empty" role="status">
      <p>{text}</p>
      {hint && <code>{hint}</code>}
    </div>
  );
}

/** The line that tells when what is shown is not simply the present. */
export function ConnectionBanner() {
  const connection = world.value.connection.value;
  const { picture } = world.value.look();
  const now = useSignal(performance.now());
  const waiting = connection.state === 'lost';
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => {
      now.value = performance.now();
    }, 250);
    return () => clearInterval(timer);
  }, [waiting]);

  switch (connection.state) {
    case 'loading':
      return (
        <p class="banner" role="status">
          {t('connection.loading')}
        </p>
      );
    case 'past':
      return (
        <p class="banner past" role="status">
          {t('connection.past', { revision: picture.revision, time: picture.time })}
          <button type="button" onClick={() => go({ at: undefined })}>
            {t('connection.toPresent')}
          </button>
        </p>
      );
    case 'lost':
      return (
        <p class="banner lost" role="alert">
          {t('connection.lost', { seconds: Math.max(0, Math.ceil((connection.retryAt - now.value) / 1000)) })}
          <button type="button" onClick={() => world.value.retry()}>
            {t('connection.retry')}
          </button>
        </p>
      );
    case 'refused':
      return (
        <p class="banner lost" role="alert">
          {t('connection.refused', { message: refusalText(connection.error) })}
          {place.value.at !== undefined && (
            <button type="button" onClick={() => go({ at: undefined })}>
              {t('connection.toPresent')}
            </button>
          )}
          <button type="button" onClick={() => world.value.retry()}>
            {t('connection.retry')}
          </button>
        </p>
      );
    case 'gone':
      return (
        <p class="banner lost" role="alert">
          {t('connection.gone')}
          <button type="button" onClick={() => go({ fork: undefined, at: undefined, selection: undefined }, true)}>
            {t('connection.toCluster')}
          </button>
        </p>
      );
    default:
      return null;
  }
}
