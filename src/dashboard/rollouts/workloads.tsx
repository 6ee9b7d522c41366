import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { OBJECT_CHANGED, type ObjectChangedAnswer } from '../graph/detail.js';
import { WORKLOADS, type WorkloadFacts, type WorkloadKind, type WorkloadsAnswer } from '../graph/rollout.js';
import { formatNumber, t } from '../i18n/index.js';
import { useAsked } from '../model/asked.js';
import { ownerOf } from '../model/cells.js';
import { world } from '../model/cluster.js';
import { compileFilter, workloadFilter } from '../model/filter.js';
import { useFollowed } from '../model/followed.js';
import { type Picture, UNBOUND } from '../model/picture.js';
import { place } from '../model/place.js';
import type { Subject } from '../model/place-url.js';
import { Asked } from '../panels/parts.js';
import { Empty } from '../shell/states.js';
import { Chooser } from './chooser.js';
import { isGoingOn, workloadPhase } from './status.js';
import { Summary } from './summary.js';
import { WorkloadCard } from './workload-card.js';
import { OneWorkload } from './workload-pods.js';

/** How many are asked for at first, and how many more each time that somebody wants to see more. */
const STEP = 100;
/** The most that the server tells at once. */
const MOST = 500;

interface WorkloadsProps {
  readonly kind: WorkloadKind;
  readonly one: Subject['one'];
  readonly filter: string;
  /** The nodes that the filter leaves; undefined: all. */
  readonly nodes: ReadonlySet<string> | undefined;
}

/** The Deployments or StatefulSets: all in short, or one with its pods. */
export function Workloads({ kind, one, filter, nodes }: WorkloadsProps) {
  const shown = world.value;
  const { at } = place.value;
  const first = useSignal(STEP);
  const { text, namespace, nodes: ofNodes } = workloadFilter(filter);
  const heard = useFollowed<ObjectChangedAnswer>(shown, OBJECT_CHANGED, at === undefined ? { kind } : undefined);
  const variables = { kind, first: first.value, text, namespace, at: at ?? null };
  const answer = useAsked<WorkloadsAnswer>(shown.graph, WORKLOADS, variables, heard);
  // What was shown stays until there is an answer to the next question.
  const last = useRef<WorkloadsAnswer>(undefined);
  if (answer.data) last.current = answer.data;
  const data = answer.data ?? last.current;
  return (
    <>
      <Chooser kind={kind} one={one} all={data?.workloads.nodes ?? []} total={data?.workloads.totalCount} />
      {one ? (
        <OneWorkload
          key={`${one.namespace}/${one.name}`}
          kind={kind}
          namespace={one.namespace}
          name={one.name}
          nodes={nodes}
        />
      ) : (
        <Asked answer={{ ...answer, data }}>
          {({ workloads }) => (
            <Cards
              kind={kind}
              told={workloads.nodes}
              total={workloads.totalCount}
              filter={filter}
              ofNodes={ofNodes}
              onMore={() => {
                first.value = Math.min(MOST, first.value + STEP);
              }}
            />
          )}
        </Asked>
      )}
    </>
  );
}

interface CardsProps {
  readonly kind: WorkloadKind;
  /** Those that the server told of. */
  readonly told: readonly WorkloadFacts[];
  /** How many there are that fit the filter's words for them. */
  readonly total: number;
  readonly filter: string;
  /** What of the filter is about the nodes of their pods. */
  readonly ofNodes: string;
  readonly onMore: () => void;
}

function Cards({ kind, told, total, filter, ofNodes, onMore }: CardsProps) {
  const list = useRef<HTMLDivElement>(null);
  const { picture } = world.value.look();
  const cards = ofNodes ? told.filter(onNodes(picture, kind, ofNodes)) : told;
  const isPart = told.length < total;
  // Who asked for more is at the first of them; the button may be gone.
  const before = useRef<number>(undefined);
  useEffect(() => {
    if (before.current === undefined || told.length <= before.current) return;
    const next = cards.indexOf(told[before.current]!);
    before.current = undefined;
    list.current?.children[next]?.querySelector<HTMLElement>('h2 button')?.focus();
  }, [told]);
  if (cards.length === 0 && !isPart) {
    const text = t(filter ? 'rollouts.noneFits' : 'rollouts.noneOfKind', { kind });
    return <Empty text={text} {...(filter ? { hint: filter } : {})} />;
  }
  const numbers = { shown: formatNumber(told.length), all: formatNumber(total) };
  return (
    <>
      <Summary
        going={cards.filter(facts => isGoingOn(workloadPhase(facts))).length}
        count={`${formatNumber(total)} ${kind}`}
        ofFirst={isPart ? told.length : undefined}
      />
      <div ref={list}>
        {cards.map(facts => (
          <WorkloadCard key={`${facts.namespace}/${facts.name}`} kind={kind} facts={facts} />
        ))}
      </div>
      {isPart && (
        <p class="rest">
          {t('rollouts.first', numbers)}{' '}
          {told.length < MOST ? (
            <button
              type="button"
              onClick={() => {
                before.current = told.length;
                onMore();
              }}
            >
              {t('rollouts.more')}
            </button>
          ) : (
            t('rollouts.narrow')
          )}
        </p>
      )}
    </>
  );
}

/** Tells workloads that have a pod on a node that the filter leaves. */
function onNodes(picture: Picture, kind: WorkloadKind, filter: string): (facts: WorkloadFacts) => boolean {
  const fits = compileFilter(filter, picture);
  const keys = new Set<string>();
  for (const row of picture.rows.values()) {
    if (row.name === UNBOUND || fits?.(row) === false) continue;
    for (const cell of row.cells) {
      const owner = picture.owners[ownerOf(cell)]!;
      if (owner.kind === kind) keys.add(owner.key);
    }
  }
  return ({ namespace, name }) => keys.has(`${namespace}/${name}`);
}
