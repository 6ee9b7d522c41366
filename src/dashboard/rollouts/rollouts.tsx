import { OBJECT_CHANGED, type ObjectChangedAnswer } from '../graph/detail.js';
import { WORKLOADS, type WorkloadKind, type WorkloadsAnswer } from '../graph/rollout.js';
import { formatNumber, t } from '../i18n/index.js';
import { useArranged } from '../model/arranged.js';
import { useAsked } from '../model/asked.js';
import { world } from '../model/cluster.js';
import { useFollowed } from '../model/followed.js';
import { place } from '../model/place.js';
import type { Subject } from '../model/place-url.js';
import { Asked } from '../panels/parts.js';
import { Empty } from '../shell/states.js';
import { Chooser } from './chooser.js';
import { DaemonSetRollouts } from './daemon-sets.js';
import { isGoingOn, workloadPhase } from './status.js';
import { Summary } from './summary.js';
import { WorkloadCard } from './workload-card.js';
import { OneWorkload } from './workload-pods.js';
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

/** The Deployments or StatefulSets: all in short, or one with its pods. */
function Workloads({
  kind,
  one,
  nodes,
}: {
  kind: WorkloadKind;
  one: Subject['one'];
  nodes: ReadonlySet<string> | undefined;
}) {
  const shown = world.value;
  const { at } = place.value;
  const heard = useFollowed<ObjectChangedAnswer>(shown, OBJECT_CHANGED, at === undefined ? { kind } : undefined);
  const answer = useAsked<WorkloadsAnswer>(shown.graph, WORKLOADS, { kind, at: at ?? null }, heard);
  const all = answer.data?.workloads.nodes ?? [];
  return (
    <>
      <Chooser kind={kind} one={one} all={all} />
      {one ? (
        <OneWorkload
          key={`${one.namespace}/${one.name}`}
          kind={kind}
          namespace={one.namespace}
          name={one.name}
          nodes={nodes}
        />
      ) : (
        <Asked answer={answer}>
          {({ workloads: { nodes: cards, totalCount } }) =>
            cards.length === 0 ? (
              <Empty text={t('rollouts.noneOfKind', { kind })} />
            ) : (
              <>
                <Summary
                  going={cards.filter(facts => isGoingOn(workloadPhase(facts))).length}
                  count={`${formatNumber(totalCount)} ${kind}`}
                />
                {cards.map(facts => (
                  <WorkloadCard key={`${facts.namespace}/${facts.name}`} kind={kind} facts={facts} />
                ))}
              </>
            )
          }
        </Asked>
      )}
    </>
  );
}
