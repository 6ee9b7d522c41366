import { useMemo } from 'preact/hooks';
import { formatNumber, plural, t } from '../i18n/index.js';
import { useArranged } from '../model/arranged.js';
import { world } from '../model/cluster.js';
import { place } from '../model/place.js';
import { Empty } from '../shell/states.js';
import { RolloutCard } from './card.js';
import { phaseOf } from './status.js';
import { Waves } from './waves.js';
import './rollouts.css';

/** Every DaemonSet, and how far its rollout is. */
export function RolloutsView() {
  const { filter, groups } = place.value;
  const shown = world.value;
  const { picture } = shown.look();
  const root = useArranged(shown, filter, groups);
  const { columns } = picture;
  const waves = useMemo(() => new Waves(root.rows, picture), [root, columns]);
  waves.update();

  if (picture.complete && columns.length === 0) return <Empty text={t('matrix.noDaemonSets')} />;
  if (picture.complete && picture.rows.size > 0 && root.rows.length === 0)
    return <Empty text={t('map.nothingFits')} hint={filter} />;
  // With a filter, only DaemonSets that have something on the nodes that it leaves.
  const cards = columns.filter(owner => !filter || waves.of(owner).ticks.some(tick => tick > 0));
  const going = columns.filter(({ key }) => {
    const facts = picture.daemonSets.get(key);
    return facts && phaseOf(facts) !== 'done' && phaseOf(facts) !== 'manual';
  }).length;
  return (
    <section class="view rollouts" aria-label={t('view.rollouts')}>
      <p class="summary" role="status">
        {going > 0 ? t('rollouts.going', { count: formatNumber(going) }) : t('rollouts.atRest')}
        <span>{plural('count.daemonSets', columns.length)}</span>
        {place.value.at !== undefined && <span>{t('rollouts.past')}</span>}
      </p>
      {cards.map(owner => {
        const facts = picture.daemonSets.get(owner.key);
        return (
          facts && <RolloutCard key={owner.key} owner={owner} facts={facts} rows={waves.rows} wave={waves.of(owner)} />
        );
      })}
    </section>
  );
}
