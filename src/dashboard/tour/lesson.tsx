import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { kubectlOf } from '../changes/kubectl.js';
import { GraphError } from '../graph/client.js';
import type { SendAnswer } from '../graph/network.js';
import { t } from '../i18n/index.js';
import { tourTexts } from '../i18n/tour.js';
import type { StepTexts } from '../i18n/tour-texts.js';
import { compileFilter } from '../model/filter.js';
import { go } from '../model/place.js';
import type { World } from '../model/world.js';
import { RequestResult } from '../network/result.js';
import { CopyBox, Refusal } from '../panels/parts.js';
import { CHAPTERS, type Chapter, type Deed, type Step } from './chapters.js';
import { Seen } from './seen.js';
import { requestText } from './sending.js';
import type { Stage } from './stage.js';

interface LessonProps {
  readonly number: number;
  readonly chapter: Chapter;
  readonly stage: Stage;
  readonly worlds: readonly World[];
  readonly onAgain: () => void;
  readonly onLook: (node: string | undefined) => void;
}

type Answers = readonly SendAnswer['sendRequest'][];

/** How far a step is: still to be done, under way, or come about. */
type Progress = 'open' | 'running' | 'done';

/** The steps of a chapter: the one that is to be taken is open, those behind have a tick. */
export function Lesson({ number, chapter, stage, worlds, onAgain, onLook }: LessonProps) {
  const at = useSignal(Math.min(stage.step, chapter.steps.length));
  const progress = useSignal<Progress>('open');
  const wasOtherwise = useSignal(false);
  /** When the pods that the step deletes were deleted, by world: the revisions. */
  const deletedAt = useSignal<readonly number[] | undefined>(undefined);
  const error = useSignal<GraphError | undefined>(undefined);
  /** What became of the requests of the step. */
  const answers = useSignal<Answers>([]);
  const list = useRef<HTMLOListElement>(null);
  const end = useRef<HTMLDivElement>(null);

  const seen = worlds.map(one => {
    const { picture } = one.look();
    return new Seen(picture, compileFilter('tour=here', picture)!);
  });
  const complete = seen.every(({ picture }) => picture.complete);
  const ready = complete && (at.value > 0 || progress.value !== 'open' || seen.every(chapter.begins));
  const step = chapter.steps[at.value];

  useEffect(() => onLook(step?.look), [at.value]);
  // The clusters say when it has come about, each time that they look another way.
  useEffect(() => {
    if (progress.value !== 'running' || !step || answers.value.length < sentIn(step)) return;
    if (!step.done(seen)) wasOtherwise.value = true;
    else if (!step.comesBack || wasOtherwise.value || isAfterwards()) {
      progress.value = 'done';
      if (step.hurry) void stage.hurry(1).catch(() => {});
    }
  });

  // Pods come back so quickly that one may not have seen them gone: those of a later revision are others.
  const isAfterwards = () =>
    deletedAt.value?.every((revision, i) => revision > 0 && Number(seen[i]!.picture.revision) > revision) ?? false;

  const perform = async () => {
    if (!step) return;
    error.value = undefined;
    wasOtherwise.value = false;
    deletedAt.value = undefined;
    answers.value = [];
    progress.value = 'running';
    try {
      const performed = await Promise.all(worlds.map((_, cluster) => stage.perform(cluster, step.deeds(cluster))));
      deletedAt.value = performed.map(({ deleted }) => deleted);
      answers.value = performed.flatMap(one => one.answers);
      if (step.hurry) await stage.hurry(step.hurry);
    } catch (refusal) {
      error.value = GraphError.of(refusal);
      progress.value = 'open';
    }
  };
  const next = () => {
    at.value++;
    answers.value = [];
    progress.value = 'open';
    stage.remember(at.value);
  };
  // Who goes on is at the next step, or at the end.
  const wasAt = useRef(at.value);
  useEffect(() => {
    if (wasAt.current === at.value) return;
    wasAt.current = at.value;
    (end.current ?? list.current?.querySelector<HTMLElement>('[aria-current] h3'))?.focus();
  }, [at.value]);

  const texts = tourTexts().chapters[number - 1]!.steps;
  return (
    <>
      <ol class="steps" ref={list}>
        {texts.map((text, i) => (
          <li
            key={text.title}
            class={i < at.value ? 'past' : i > at.value ? 'later' : 'now'}
            aria-current={i === at.value ? 'step' : undefined}
          >
            <h3 tabIndex={-1}>
              <span class="number" aria-hidden="true">
                {i < at.value ? '✓' : i + 1}
              </span>
              {text.title}
              {i < at.value && <span class="unseen">{t('tour.doneStep')}</span>}
            </h3>
            {i === at.value && step && (
              <OpenStep
                step={step}
                text={text}
                stage={stage}
                clusters={worlds.length}
                progress={ready ? progress.value : 'waiting'}
                error={error.value}
                answers={answers.value}
                onDo={() => void perform()}
                onNext={next}
              />
            )}
          </li>
        ))}
      </ol>
      {at.value >= chapter.steps.length && (
        <div class="finish" tabIndex={-1} ref={end}>
          <p>{tourTexts().chapters[number - 1]!.end}</p>
          <div class="buttons">
            {number < CHAPTERS.length ? (
              <button type="button" class="primary" onClick={() => go({ chapter: number + 1 }, true)}>
                {t('tour.nextChapter')}
              </button>
            ) : (
              <button type="button" class="primary" onClick={() => go({ view: 'map', chapter: undefined }, true)}>
                {t('tour.toMap')}
              </button>
            )}
            <button type="button" onClick={onAgain}>
              {t('tour.again')}
            </button>
          </div>
        </div>
      )}
    </>
  );
}

interface OpenStepProps {
  readonly step: Step;
  readonly text: StepTexts;
  readonly stage: Stage;
  readonly clusters: number;
  readonly progress: Progress | 'waiting';
  readonly error: GraphError | undefined;
  readonly answers: Answers;
  readonly onDo: () => void;
  readonly onNext: () => void;
}

function OpenStep({ step, text, stage, clusters, progress, error, answers, onDo, onNext }: OpenStepProps) {
  const deeds = Array.from({ length: clusters }, (_, i) => step.deeds(i)).find(list => list.length > 0) ?? [];
  const onlyLooks = deeds.length === 0;
  const next = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (progress === 'done') next.current?.focus({ preventScroll: true });
  }, [progress === 'done']);
  return (
    <div class="step">
      <p>{text.before}</p>
      {!onlyLooks && <CopyBox text={deeds.map(commandOf).join('\n')} label={t('tour.command')} />}
      {step.reveal && <Reveal stage={stage} clusters={clusters} node={step.look!} />}
      {!onlyLooks && progress !== 'done' && (
        <button
          type="button"
          class="primary"
          aria-disabled={progress !== 'open'}
          onClick={() => progress === 'open' && onDo()}
        >
          {t(progress === 'open' ? 'tour.do' : progress === 'waiting' ? 'tour.waiting' : 'tour.running')}
        </button>
      )}
      <div aria-live="polite">
        {error && <Refusal error={error} />}
        {(onlyLooks || progress === 'done') && (
          <>
            {answers.map((answer, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: one for each request, in their order.
              <RequestResult key={i} answer={answer} />
            ))}
            <p class="seen">{text.after}</p>
            <button type="button" class="primary" ref={next} onClick={onNext}>
              {t('tour.next')}
            </button>
          </>
        )}
      </div>
    </div>
  );
}

/** A deed as one would type it. */
function commandOf(deed: Deed): string {
  if ('send' in deed) return requestText(deed.send);
  return 'deleteAgentOn' in deed
    ? `kubectl delete pod -n tour -l app=agent --field-selector spec.nodeName=${deed.deleteAgentOn}`
    : kubectlOf(deed);
}

/** How many requests a step sends; its clusters send the same. */
const sentIn = (step: Step): number => step.deeds(0).filter(deed => 'send' in deed).length;

/** What binds the pod on a node to it, in each cluster. */
function Reveal({ stage, clusters, node }: { stage: Stage; clusters: number; node: string }) {
  const shown = useSignal<readonly string[]>([]);
  useEffect(() => {
    Promise.all(Array.from({ length: clusters }, (_, i) => stage.agentsOn(i, node))).then(
      all => {
        shown.value = all.map(([pod]) => {
          const { nodeName, schedulerName, affinity } = pod?.json.spec ?? {};
          return JSON.stringify({ schedulerName, nodeName, ...(affinity ? { affinity } : {}) }, null, 2);
        });
      },
      () => {},
    );
  }, [stage, node]);
  return (
    <>
      {shown.value.map((text, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one for each cluster, in their order.
        <figure key={i} class="reveal">
          <figcaption>{t(i === 0 ? 'tour.era.V1_11' : 'tour.era.CURRENT')}</figcaption>
          <pre tabIndex={0}>{text}</pre>
        </figure>
      ))}
    </>
  );
}
