import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import {
  type ActivityScale,
  NEXT_CHANGE,
  type NextChangeAnswer,
  TIMELINE,
  type TimelineAnswer,
} from '../graph/timeline.js';
import { t } from '../i18n/index.js';
import { useAsked } from '../model/asked.js';
import { world } from '../model/cluster.js';
import { go, place } from '../model/place.js';
import { Difference } from './difference.js';
import { Pacer } from './pacer.js';
import { SPEEDS, type Speed, usePlayback } from './playback.js';
import { Scrubber } from './scrubber.js';
import { Track } from './track.js';
import './timeline.css';

const BARS = 120;
/** Ms between two looks at how much was written, while something is. */
const REFRESH = 2000;

/** The past of the cluster at the foot of the page: go to any moment of it, or play it. */
export function Timeline() {
  const { graph, connection } = world.value;
  const { picture, version } = world.value.look();
  const { state } = connection.value;
  const isPast = place.value.at !== undefined;
  const chosen = useSignal<ActivityScale | undefined>(undefined);
  const speed = useSignal<Speed>('change');
  const isPlaying = useSignal(false);
  /** Where the handle is while what it stands for is not shown yet. */
  const wanted = useSignal<number | undefined>(undefined);
  /** What was shown before the handle was moved, and what is since it rests. */
  const compared = useSignal<{ readonly from: number; readonly to: number } | undefined>(undefined);
  const start = useRef<number | undefined>(undefined);

  // Where hardly any time has passed, changes are all that there is to go by.
  const crowded = useSignal(false);
  const scale = chosen.value ?? (crowded.value ? 'REVISION' : 'TIME');
  const stamp = useStamp(isPast ? undefined : version);
  const { data } = useAsked<TimelineAnswer>(graph, TIMELINE, { by: scale, buckets: BARS }, stamp);
  const track = useMemo(() => data && new Track(data), [data]);
  useEffect(() => {
    if (track && scale === 'TIME' && chosen.value === undefined) crowded.value = track.isCrowded;
  }, [track]);
  const pacer = useMemo(() => new Pacer<string | undefined>(showMoment), [graph]);

  const shown = Number(picture.revision || 0);
  const newest = isPast ? (track?.newest ?? shown) : Math.max(shown, track?.newest ?? 0);
  const now = wanted.value ?? shown;

  // Something has come, be it what was asked for or a refusal.
  useEffect(() => pacer.arrived(), [version, state, place.value.at]);
  useEffect(() => {
    if (isPlaying.value) return;
    // At rest: the handle stands for what is shown, and it can be told what is different there.
    const timer = setTimeout(() => {
      if (pacer.isBehind || start.current === undefined) return;
      wanted.value = undefined;
      const ends = [start.current, Number(world.value.picture.revision)].sort((a, b) => a - b);
      compared.value = ends[0] === ends[1] ? undefined : { from: ends[0]!, to: ends[1]! };
      start.current = undefined;
    }, 400);
    return () => clearTimeout(timer);
  }, [version, wanted.value, isPlaying.value]);

  const begin = () => {
    start.current ??= shown;
  };
  const moveTo = (revision: number) => {
    begin();
    isPlaying.value = false;
    wanted.value = revision;
    pacer.want(revision >= newest ? undefined : String(revision));
  };
  const toPresent = () => {
    begin();
    isPlaying.value = false;
    wanted.value = undefined;
    pacer.want(undefined);
  };
  usePlayback({
    isPlaying: isPlaying.value,
    speed: speed.value,
    at: () => ({ revision: Number(world.value.picture.revision), time: Date.parse(world.value.picture.time) }),
    newest: () => ({ revision: newest, time: data ? Date.parse(data.cluster.now) : 0 }),
    isBehind: () => pacer.isBehind,
    show: at => pacer.want(at),
    next: async revision => {
      const { pods, nodes, daemonSets } = await graph.ask<NextChangeAnswer>(NEXT_CHANGE, { from: String(revision) });
      const revisions = [pods, nodes, daemonSets].flatMap(writes => writes.nodes.map(write => Number(write.revision)));
      return revisions.length > 0 ? Math.min(...revisions) : undefined;
    },
    end: toPresent,
  });
  const play = () => {
    begin();
    wanted.value = undefined;
    // At its end there is nothing to play: it begins where the log does.
    if (!isPlaying.value && !isPast && track) pacer.want(String(track.oldest));
    isPlaying.value = !isPlaying.value;
  };

  if (!track || track.newest <= track.oldest) return <div class="timeline" />;
  const where = isPast || wanted.value !== undefined ? track.positionOf(now) : 1;
  const text = t('timeline.moment', { revision: now, time: wanted.value === undefined ? timeText(picture.time) : '' });
  return (
    <section class="timeline" aria-label={t('timeline.label')}>
      <button
        type="button"
        class="play"
        aria-label={t(isPlaying.value ? 'timeline.stop' : 'timeline.play')}
        title={t(isPlaying.value ? 'timeline.stop' : 'timeline.play')}
        onClick={play}
      >
        <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
          <path d={isPlaying.value ? 'M2 2h3v8H2zM7 2h3v8H7z' : 'M3 1.5v9l7.5-4.5z'} fill="currentColor" />
        </svg>
      </button>
      <label>
        <span class="unseen">{t('timeline.speed')}</span>
        <select
          value={String(speed.value)}
          onChange={event => {
            speed.value = SPEEDS.find(one => String(one) === event.currentTarget.value) ?? 'change';
          }}
        >
          {SPEEDS.map(one => (
            <option key={one} value={String(one)}>
              {one === 'change' ? t('timeline.byChange') : `×${one}`}
            </option>
          ))}
        </select>
      </label>
      <div class="middle">
        <Scrubber track={track} position={where} revision={now} text={text} onMove={moveTo} />
        <p class="words" role="status">
          {compared.value && !isPlaying.value && <Difference {...compared.value} />}
        </p>
      </div>
      <label>
        <span class="unseen">{t('timeline.scale')}</span>
        <select
          value={scale}
          onChange={event => {
            chosen.value = event.currentTarget.value as ActivityScale;
          }}
        >
          <option value="TIME">{t('timeline.scaleTime')}</option>
          <option value="REVISION">{t('timeline.scaleChange')}</option>
        </select>
      </label>
      <output class="moment">
        <strong>{timeText(picture.time).slice(11)}</strong>
        {t('timeline.revision', { revision: now })}
      </output>
      <button type="button" class="live" aria-pressed={!isPast} onClick={toPresent}>
        {t('timeline.live')}
      </button>
    </section>
  );
}

/** Goes to a moment; false if that is the one that is shown. */
function showMoment(at: string | undefined): boolean {
  const isOther = at !== place.peek().at;
  go({ at });
  return isOther;
}

/** `2025-01-01 00:01:02`. */
const timeText = (time: string) => time.slice(0, 19).replace('T', ' ');

/** The same stamp for a while, also when the version rises on and on; with undefined it stays. */
function useStamp(version: number | undefined): number {
  const stamp = useSignal(version ?? 0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (version === undefined || timer.current !== undefined || version === stamp.value) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      stamp.value++;
    }, REFRESH);
  }, [version]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return stamp.value;
}
