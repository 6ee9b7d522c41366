import type { CheckFacts, PairAnswer } from '../graph/detail.js';
import { LANGUAGES, type TextKey, t } from '../i18n/index.js';
import { say, sayInFull } from '../i18n/sentences.js';
import { Chip, Fact, Facts, Heading, Pods } from './parts.js';

/** Why a DaemonSet has, or has not, a pod on a node. */
export function WhyPair({ placement }: { placement: PairAnswer['explain'] }) {
  const { wanted, shouldContinue, why, checks, pods, upToDate, revision, currentRevision } = placement;
  return (
    <>
      <p class={`verdict ${placement.actual.toLowerCase()}`} aria-live="polite">
        {sayInFull(why)}
      </p>
      <Facts>
        <Fact name={t('detail.wanted')}>
          {wanted ? t('detail.yes') : shouldContinue ? t('detail.onlyKept') : t('detail.no')}
        </Fact>
        <Fact name={t('detail.actual')}>
          <Chip placement={placement} />
        </Fact>
        {upToDate === false && (
          <Fact name={t('detail.template')}>
            {revision} → {currentRevision ?? '?'}
          </Fact>
        )}
      </Facts>
      {(['CONTROLLER', 'SCHEDULER'] as const).map(stage => (
        <Checks key={stage} stage={stage} checks={checks.filter(check => check.stage === stage)} />
      ))}
      {pods.length > 0 && (
        <section>
          <Heading text={t('detail.pods')} count={pods.length} />
          <Pods pods={pods} />
        </section>
      )}
    </>
  );
}

const VERDICTS = { PASS: 'pass', KEEP_ONLY: 'keep', FAIL: 'fail' } as const;

function Checks({ stage, checks }: { stage: CheckFacts['stage']; checks: readonly CheckFacts[] }) {
  if (checks.length === 0) return null;
  return (
    <section>
      <Heading text={t(stage === 'CONTROLLER' ? 'detail.controllerAsks' : 'detail.schedulerAsks')} />
      <CheckList checks={checks} />
    </section>
  );
}

/** Checks, what speaks against first. */
export function CheckList({ checks }: { checks: readonly CheckFacts[] }) {
  const weight = ({ verdict }: CheckFacts) => ['FAIL', 'KEEP_ONLY', 'PASS'].indexOf(verdict);
  return (
    <ul class="rows checks">
      {[...checks]
        .sort((a, b) => weight(a) - weight(b))
        .map(({ stage, name, verdict, sentences }) => (
          <li key={`${stage}/${name}/${JSON.stringify(sentences)}`} class={`entry ${VERDICTS[verdict]}`}>
            <span class="sign" aria-hidden="true" />
            <span class="what">{checkName(name)}</span>
            <span class="unseen">{t(`detail.verdict.${VERDICTS[verdict]}`)}</span>
            <span class="reason">{say(sentences)}</span>
          </li>
        ))}
    </ul>
  );
}

/** What a check is about, for who does not know the scheduler's plugins by name. */
const checkName = (name: string): string =>
  `check.${name}` in LANGUAGES.en.texts ? t(`check.${name}` as TextKey) : name;
