import { t } from '../i18n/index.js';
import { useArranged } from '../model/arranged.js';
import { world } from '../model/cluster.js';
import { place } from '../model/place.js';
import { Chooser } from './chooser.js';
import { DaemonSetRollouts } from './daemon-sets.js';
import { Workloads } from './workloads.js';
import './rollouts.css';

/** What has rollouts, by kind, and how far they are. */
export function RolloutsView() {
  const { of, filter, groups } = place.value;
  const shown = world.value;
  const root = useArranged(shown, filter, groups);
  const { picture } = shown.look();
  const kind = of?.kind === 'Deployment' || of?.kind === 'StatefulSet' ? of.kind : undefined;
  const one = of?.one;
  return (
    <section class="view rollouts" aria-label={t('view.rollouts')}>
      {kind ? (
        <Workloads
          key={kind}
          kind={kind}
          one={one}
          filter={filter}
          nodes={filter ? new Set(root.rows.map(({ name }) => name)) : undefined}
        />
      ) : (
        <>
          <Chooser kind="DaemonSet" one={one} all={picture.columns} />
          <DaemonSetRollouts shown={shown} root={root} one={one} />
        </>
      )}
    </section>
  );
}
