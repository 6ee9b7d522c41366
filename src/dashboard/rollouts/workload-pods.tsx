import { useRef } from 'preact/hooks';
import {
  ROLLOUT,
  type RolloutMessage,
  WORKLOAD_PODS,
  type WorkloadAnswer,
  type WorkloadKind,
} from '../graph/rollout.js';
import type { PodEventKind } from '../graph/what-if.js';
import { formatNumber, plural, t } from '../i18n/index.js';
import { useAsked } from '../model/asked.js';
import { world } from '../model/cluster.js';
import { useFollowed } from '../model/followed.js';
import { place } from '../model/place.js';
import { Asked, Gone } from '../panels/parts.js';
import { PodCells } from './pod-cells.js';
import { type PodGroup, podsByOrdinal, podsBySet } from './pods.js';
import { WorkloadCard } from './workload-card.js';

interface OneWorkloadProps {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  /** The nodes that the filter leaves; undefined: all. */
  readonly nodes: ReadonlySet<string> | undefined;
}

/** A Deployment or StatefulSet with its pods, as its rollout goes on. */
export function OneWorkload({ kind, namespace, name, nodes }: OneWorkloadProps) {
  const shown = world.value;
  const { at } = place.value;
  const object = { kind, namespace, name };
  const heard = useFollowed<RolloutMessage>(shown, ROLLOUT, at === undefined ? object : undefined)?.rollout;
  // What happened last stays, when a message tells only how far it is by now.
  const happened = useRef<RolloutMessage['rollout']['happened']>([]);
  if (heard?.happened.length) happened.current = heard.happened;
  const answer = useAsked<WorkloadAnswer>(shown.graph, WORKLOAD_PODS, { ...object, at: at ?? null }, heard?.revision);
  return (
    <Asked answer={answer}>
      {({ object }) => {
        if (!object?.rollout) return <Gone />;
        const { nodes: pods, totalCount } = object.pods;
        const groups = kind === 'Deployment' ? podsBySet(object.children, pods) : podsByOrdinal(object, pods);
        return (
          <WorkloadCard kind={kind} facts={object}>
            {groups.map(group => (
              <Group key={group.key} group={group} namespace={namespace} nodes={nodes} />
            ))}
            {totalCount > pods.length && (
              <p class="quiet">
                {t('rollouts.firstPods', { shown: formatNumber(pods.length), all: formatNumber(totalCount) })}
              </p>
            )}
            <p class="just" aria-live="polite">
              {at === undefined ? happenedText(happened.current) : ''}
            </p>
          </WorkloadCard>
        );
      }}
    </Asked>
  );
}

function Group({
  group: { what, pods },
  namespace,
  nodes,
}: {
  group: PodGroup;
  namespace: string;
  nodes: ReadonlySet<string> | undefined;
}) {
  const shown = nodes ? pods.filter(({ node }) => node !== undefined && nodes.has(node)) : pods;
  const title = titleOf(what);
  return (
    <section class="pod-group">
      <h3>
        {title}
        <span class="where">
          {what.kind === 'set'
            ? [
                t(what.present ? 'rollouts.presentSet' : 'rollouts.olderSet'),
                t('rollouts.podsOf', {
                  count: formatNumber(pods.length),
                  wanted: formatNumber(what.set.replicas ?? 0),
                }),
              ].join(t('list.comma'))
            : t(what.held ? 'rollouts.heldOrdinals' : 'rollouts.reachedOrdinals')}
        </span>
        {what.kind === 'set' && what.set.images.map(image => <code key={image}>{image}</code>)}
      </h3>
      {shown.length > 0 ? (
        <PodCells namespace={namespace} pods={shown} label={title} />
      ) : (
        <p class="quiet">{t(pods.length > 0 ? 'rollouts.noneOnNodes' : 'rollouts.noPods')}</p>
      )}
    </section>
  );
}

function titleOf(what: PodGroup['what']): string {
  if (what.kind === 'set')
    return what.set.metadata.revision
      ? `${t('rollouts.revision', { revision: what.set.metadata.revision })} · ${what.set.name}`
      : what.set.name;
  return what.from === what.to
    ? t('rollouts.ordinal', { from: what.from })
    : t('rollouts.ordinals', { from: what.from, to: what.to });
}

/** What happened since the last message: `2 pods made, 1 pod ready`. */
function happenedText(happened: RolloutMessage['rollout']['happened']): string {
  const counts = new Map<PodEventKind, number>();
  for (const { what } of happened) counts.set(what, (counts.get(what) ?? 0) + 1);
  if (counts.size === 0) return '';
  const list = [...counts].map(([what, count]) => plural(`try.step.${what}`, count)).join(t('list.comma'));
  return t('rollouts.happened', { list });
}
