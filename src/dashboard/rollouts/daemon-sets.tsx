import { useMemo } from 'preact/hooks';
import { plural, t } from '../i18n/index.js';
import type { Group } from '../model/groups.js';
import { place } from '../model/place.js';
import type { Subject } from '../model/place-url.js';
import type { World } from '../model/world.js';
import { Empty } from '../shell/states.js';
import { RolloutCard } from './daemon-set-card.js';
import { isGoingOn, phaseOf } from './status.js';
import { Summary } from './summary.js';
import { Waves } from './waves.js';

/** Every DaemonSet, or one, and how far its rollout is. */
export function DaemonSetRollouts({ shown, root, one }: { shown: World; root: Group; one: Subject['one'] }) {
  const { filter } = place.value;
  const { picture } = shown.look();
  const { columns } = picture;
  const waves = useMemo(() => new Waves(root.rows, picture), [root, columns]);
  waves.update();

  if (picture.complete && columns.length === 0) return <Empty text={t('matrix.noDaemonSets')} />;
  if (picture.complete && picture.rows.size > 0 && root.rows.length === 0)
    return <Empty text={t('map.nothingFits')} hint={filter} />;
  // With a filter, only DaemonSets that have something on the nodes that it leaves.
  const cards = one
    ? columns.filter(({ namespace, name }) => namespace === one.namespace && name === one.name)
    : columns.filter(owner => !filter || waves.of(owner).ticks.some(tick => tick > 0));
  const going = columns.filter(({ key }) => {
    const facts = picture.daemonSets.get(key);
    return facts && isGoingOn(phaseOf(facts));
  }).length;
  if (picture.complete && one && cards.length === 0) return <Empty text={t('rollouts.notThere')} hint={one.name} />;
  return (
    <>
      <Summary going={going} count={plural('count.daemonSets', columns.length)} />
      {cards.map(owner => {
        const facts = picture.daemonSets.get(owner.key);
        return (
          facts && <RolloutCard key={owner.key} owner={owner} facts={facts} rows={waves.rows} wave={waves.of(owner)} />
        );
      })}
    </>
  );
}
