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

/** The namespace of the DaemonSet that it is about. */
const TOUR = 'tour';

/** The tour: chapters that do what they tell of, in clusters of their own. */
export function TourView() {
  const number = Math.min(Math.max(place.value.chapter ?? 1, 1), CHAPTERS.length);
  const home = world.value.graph;
  const key = `${home.prefix} ${number}`;
  const before = useRef<string>(undefined);
  const isNext = before.current !== undefined && before.current !== key;
  useEffect(() => {
    before.current = key;
  }, [key]);
  return (
    <div class="tour">
      <Chapters chosen={number} />
      <OneChapter key={key} number={number} chapter={CHAPTERS[number - 1]!} isNext={isNext} />
    </div>
  );
}

function Chapters({ chosen }: { chosen: number }) {
  const list = useRef<HTMLElement>(null);
  // Where they have no room side by side, the one that is read is to be seen.
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [chosen]);
  return (
    <nav class="chapters" aria-label={t('tour.chapters')} ref={list}>
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

interface OneChapterProps {
  readonly number: number;
  readonly chapter: Chapter;
  /** Whether somebody came from another chapter: the focus goes along. */
  readonly isNext: boolean;
}

function OneChapter({ number, chapter, isNext }: OneChapterProps) {
  const home = world.value.graph;
  const stage = useMemo(() => new Stage(home, chapter, number), []);
  const heading = useRef<HTMLHeadingElement>(null);
  const toHeading = () => heading.current?.focus({ preventScroll: true });
  const look = useSignal<string | undefined>(undefined);
  useEffect(() => () => stage.leave(), [stage]);
  useEffect(() => {
    if (isNext) toHeading();
  }, []);
  const again = () => {
    toHeading();
    void stage.again();
  };
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
            <button type="button" onClick={again}>
              {t('tour.again')}
            </button>
          </>
        )}
        {isGone && (
          <>
            <p class="refusal" role="alert">
              {t('tour.gone')}
            </p>
            <button type="button" class="primary" onClick={again}>
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
            onAgain={again}
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
  const section = useRef<HTMLElement>(null);
  /** Who asks of a node by keyboard asks of the one DaemonSet that the tour is about. */
  const agent = picture.columns.find(({ namespace }) => namespace === TOUR);
  return (
    <section class="stage" aria-label={title} ref={section}>
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
            const about = daemonSet ?? agent;
            asked.value = about && { node, daemonSet: about };
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
            section.current?.querySelector<HTMLElement>('[role=grid]')?.focus({ preventScroll: true });
          }}
        />
      ) : (
        <p class="quiet hint">{t('tour.clickToAsk')}</p>
      )}
    </section>
  );
}
