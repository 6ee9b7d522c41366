import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { t } from '../i18n/index.js';
import { tourTexts } from '../i18n/tour.js';
import { MapCanvas } from '../map/map.js';
import { world } from '../model/cluster.js';
import type { Owner } from '../model/picture.js';
import { go, place } from '../model/place.js';
import type { World } from '../model/world.js';
import { Refusal } from '../panels/parts.js';
import { CHAPTERS, type Chapter } from './chapters.js';
import { Lesson } from './lesson.js';
import { Stage } from './stage.js';
import { WhyHere } from './why-here.js';
import './tour.css';

/** The tour: chapters that do what they tell of, in clusters of their own. */
export function TourView() {
  const number = Math.min(Math.max(place.value.chapter ?? 1, 1), CHAPTERS.length);
  const home = world.value.graph;
  return (
    <div class="tour">
      <Chapters chosen={number} />
      <OneChapter key={`${home.prefix} ${number}`} number={number} chapter={CHAPTERS[number - 1]!} />
    </div>
  );
}

function Chapters({ chosen }: { chosen: number }) {
  return (
    <nav class="chapters" aria-label={t('tour.chapters')}>
      <ol>
        {tourTexts().chapters.map(({ title }, i) => (
          <li key={title}>
            <button
              type="button"
              aria-current={i + 1 === chosen ? 'step' : undefined}
              onClick={() => go({ chapter: i + 1 }, true)}
            >
              <span class="number">{i + 1}</span>
              <span>{title}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function OneChapter({ number, chapter }: { number: number; chapter: Chapter }) {
  const home = world.value.graph;
  const stage = useMemo(() => new Stage(home, chapter, number), []);
  const heading = useRef<HTMLHeadingElement>(null);
  const look = useSignal<string | undefined>(undefined);
  useEffect(() => () => stage.leave(), [stage]);
  useEffect(() => {
    if (document.activeElement?.closest('.chapters, .lesson')) heading.current?.focus({ preventScroll: true });
  }, []);
  const { title, intro } = tourTexts().chapters[number - 1]!;
  const state = stage.state.value;
  const isGone = state.state === 'ready' && state.worlds.some(one => one.connection.value.state === 'gone');
  return (
    <>
      <article class="lesson">
        <p class="kind">{t('tour.chapter', { number, of: CHAPTERS.length })}</p>
        <h2 tabIndex={-1} ref={heading}>
          {title}
        </h2>
        <p class="intro">{intro}</p>
        {state.state === 'making' && (
          <p class="quiet" role="status">
            {t('tour.making')}
          </p>
        )}
        {state.state === 'refused' && (
          <>
            <Refusal error={state.error} />
            <button type="button" onClick={() => void stage.again()}>
              {t('tour.again')}
            </button>
          </>
        )}
        {isGone && (
          <>
            <p class="refusal" role="alert">
              {t('tour.gone')}
            </p>
            <button type="button" class="primary" onClick={() => void stage.again()}>
              {t('tour.again')}
            </button>
          </>
        )}
        {state.state === 'ready' && !isGone && (
          <Lesson
            key={state.worlds[0]!.graph.prefix}
            number={number}
            chapter={chapter}
            stage={stage}
            worlds={state.worlds}
            onLook={node => {
              look.value = node;
            }}
          />
        )}
      </article>
      <div class="stages">
        {state.state === 'ready' &&
          state.worlds.map((one, i) => (
            <StageMap
              key={one.graph.prefix}
              world={one}
              title={chapter.eras.length > 1 ? t(`tour.era.${chapter.eras[i]!}`) : t('tour.cluster')}
              look={look.value}
            />
          ))}
      </div>
    </>
  );
}

/** One cluster of a chapter, and why a pod is there, if somebody asks. */
function StageMap({ world: shown, title, look }: { world: World; title: string; look: string | undefined }) {
  const asked = useSignal<{ node: string; daemonSet: Owner } | undefined>(undefined);
  const { picture } = shown.look();
  return (
    <section class="stage" aria-label={title}>
      <header>
        <h3>{title}</h3>
        <time>{picture.time.slice(11, 19)}</time>
      </header>
      <div class="stage-map">
        <MapCanvas
          world={shown}
          filter="tour=here"
          zoom={5}
          selected={look}
          onOpen={(node, daemonSet) => {
            asked.value = daemonSet && { node, daemonSet };
          }}
        />
      </div>
      {asked.value ? (
        <WhyHere
          world={shown}
          node={asked.value.node}
          daemonSet={asked.value.daemonSet}
          onClose={() => {
            asked.value = undefined;
          }}
        />
      ) : (
        <p class="quiet hint">{t('tour.clickToAsk')}</p>
      )}
    </section>
  );
}
