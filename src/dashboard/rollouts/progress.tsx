import type { RolloutProgress } from '../graph/rollout.js';
import { formatNumber, t } from '../i18n/index.js';

/** How far a rollout is, in numbers. */
export function ProgressNumbers({ progress }: { progress: RolloutProgress }) {
  const { desired, unavailable } = progress;
  return (
    <dl class="progress">
      {(['updated', 'ready', 'available'] as const).map(what => (
        <div key={what} class={progress[what] < desired ? 'short' : ''}>
          <dt>{t(`rollouts.count.${what}`)}</dt>
          <dd>
            {formatNumber(progress[what])}/{formatNumber(desired)}
          </dd>
        </div>
      ))}
      <div class={unavailable > 0 ? 'short' : ''}>
        <dt>{t('rollouts.count.unavailable')}</dt>
        <dd>{formatNumber(unavailable)}</dd>
      </div>
    </dl>
  );
}

/** The same in the words of `kubectl rollout status`, which the server has. */
export function KubectlSays({ progress }: { progress: RolloutProgress }) {
  return (
    <p class="kubectl">
      <span class="unseen">kubectl rollout status: </span>
      <code>{progress.message}</code>
    </p>
  );
}
