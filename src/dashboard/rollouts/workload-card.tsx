import type { ComponentChildren } from 'preact';
import { Actions } from '../changes/actions.js';
import type { FormName } from '../changes/forms.js';
import type { WorkloadFacts, WorkloadKind } from '../graph/rollout.js';
import { t } from '../i18n/index.js';
import { world } from '../model/cluster.js';
import { go, place } from '../model/place.js';
import { KubectlSays, ProgressNumbers } from './progress.js';
import { workloadPhase } from './status.js';

interface WorkloadCardProps {
  readonly kind: WorkloadKind;
  readonly facts: WorkloadFacts;
  /** What there is besides, of one that is looked at closely. */
  readonly children?: ComponentChildren;
}

/** A Deployment or StatefulSet: what it is to become, how far it is, and what can be done about it. */
export function WorkloadCard({ kind, facts, children }: WorkloadCardProps) {
  const { namespace, name, rollout } = facts;
  const phase = workloadPhase(facts);
  const id = `rollout-${kind}-${namespace}-${name}`;
  const { minReadySeconds = 0 } = facts.json.spec;
  return (
    <article class={`card ${phase}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>
          <button
            type="button"
            class="plain"
            onClick={() => go({ selection: { kind: 'object', type: kind, namespace, name }, tab: undefined }, true)}
          >
            {name}
          </button>
          <span class="where">{namespace}</span>
        </h2>
        <span class="phase">{t(`rollouts.${phase}`)}</span>
      </header>
      <p class="about">
        <span>{strategyText(facts)}</span>
        {minReadySeconds > 0 && <span>{t('rollouts.minReady', { seconds: minReadySeconds })}</span>}
        {facts.images.map(image => (
          <code key={image}>{image}</code>
        ))}
      </p>
      {rollout && <ProgressNumbers progress={rollout} />}
      {children ?? (
        <button type="button" class="link" onClick={() => go({ of: { kind, one: { namespace, name } } }, true)}>
          {t('rollouts.showPods')}
        </button>
      )}
      {rollout && <KubectlSays progress={rollout} />}
      {phase === 'manual' && <p class="note">{t('rollouts.manualNote')}</p>}
      {phase === 'paused' && <p class="note">{t('rollouts.pausedNote')}</p>}
      {place.value.at === undefined && (
        <Actions world={world.value} target={{ kind, namespace, name }} forms={formsFor(kind, facts)} labelledBy={id} />
      )}
    </article>
  );
}

/** What kubectl can do with it: who is paused can be neither restarted nor undone. */
function formsFor(kind: WorkloadKind, { json }: WorkloadFacts): readonly FormName[] {
  if (kind !== 'Deployment') return ['restart', 'undo', 'image', 'scale'];
  return json.spec.paused ? ['resume', 'image', 'scale'] : ['restart', 'undo', 'image', 'pause', 'scale'];
}

/** How a new template reaches the pods. */
function strategyText({ json: { spec } }: WorkloadFacts): string {
  const { type = 'RollingUpdate', rollingUpdate } = spec.strategy ?? spec.updateStrategy ?? {};
  if (type !== 'RollingUpdate' || !rollingUpdate) return type;
  const { maxUnavailable, maxSurge, partition } = rollingUpdate;
  if (spec.strategy)
    return t('rollouts.deployment', { type, count: maxUnavailable ?? '25%', surge: maxSurge ?? '25%' });
  const rolling = maxUnavailable === undefined ? type : t('rollouts.rolling', { type, count: maxUnavailable });
  return partition ? `${rolling} · ${t('rollouts.partition', { partition })}` : rolling;
}
