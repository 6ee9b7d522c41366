import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Actions } from '../changes/actions.js';
import type { FormName, Target } from '../changes/forms.js';
import {
  DAEMON_SET,
  type DaemonSetAnswer,
  NODE,
  type NodeAnswer,
  PAIR,
  type PairAnswer,
  POD_FACTS,
  type PodAnswer,
} from '../graph/detail.js';
import { t } from '../i18n/index.js';
import { useAsked } from '../model/asked.js';
import { world } from '../model/cluster.js';
import { go, place } from '../model/place.js';
import type { Selection } from '../model/place-url.js';
import type { ObjectName } from './ask.js';
import { HistoryTab } from './history-tab.js';
import { AskTab, EventsTab, YamlTab } from './more-tabs.js';
import { Asked, Chip, select } from './parts.js';
import { useStamp } from './stamp.js';
import { Tabs } from './tabs.js';
import { WhyDaemonSet } from './why-daemon-set.js';
import { WhyNode } from './why-node.js';
import { WhyPair } from './why-pair.js';
import { WhyPod } from './why-pod.js';
import './detail.css';

/** The panel for what is selected. */
export function Detail() {
  const { selection } = place.value;
  const panel = useRef<HTMLElement>(null);
  const origin = useRef<HTMLElement | null>(null);
  const key = selection && JSON.stringify(selection);
  const shownBefore = useRef(key);

  // Who opens it is in it, and is back where they were when it closes.
  useEffect(() => {
    if (shownBefore.current === key) return;
    const opened = shownBefore.current === undefined;
    shownBefore.current = key;
    if (key === undefined) {
      const back = origin.current?.isConnected ? origin.current : document.querySelector('main');
      back?.focus({ preventScroll: true });
      origin.current = null;
      return;
    }
    const active = document.activeElement as HTMLElement | null;
    if (opened || !panel.current?.contains(active)) origin.current = active;
    panel.current?.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
  }, [key]);

  useEffect(() => {
    if (key === undefined) return;
    const onEscape = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !(event.target as Element).closest?.('dialog')) close();
    };
    document.addEventListener('keydown', onEscape);
    return () => document.removeEventListener('keydown', onEscape);
  }, [key !== undefined]);

  if (!selection) return null;
  return (
    <aside class="detail" aria-label={t('detail.label')} ref={panel}>
      <Selected key={key} selection={selection} />
    </aside>
  );
}

const close = () => go({ selection: undefined, tab: undefined }, true);

function Selected({ selection }: { selection: Selection }) {
  switch (selection.kind) {
    case 'node':
      return <SelectedNode selection={selection} />;
    case 'daemonSet':
      return <SelectedDaemonSet selection={selection} />;
    case 'pair':
      return <SelectedPair selection={selection} />;
    case 'object':
      return <SelectedObject selection={selection} />;
  }
}

const moment = () => place.value.at ?? null;

function SelectedNode({ selection }: { selection: Selection & { kind: 'node' } }) {
  const shown = world.value;
  const stamp = useStamp(shown, selection);
  const { node } = selection;
  const answer = useAsked<NodeAnswer>(shown.graph, NODE, { name: node, at: moment() }, stamp);
  const facts = shown.picture.rows.get(node)?.facts;
  const forms: FormName[] = [
    facts?.unschedulable ? 'uncordon' : 'cordon',
    'taint',
    ...(facts?.taints.length ? (['untaint'] as const) : []),
    'label',
    'drain',
    'delete',
  ];
  return (
    <Frame
      selection={selection}
      object={{ kind: 'Node', namespace: '', name: node }}
      stamp={stamp}
      forms={forms}
      kind={t('detail.node')}
      title={node}
      why={<Asked answer={answer}>{data => <WhyNode answer={data} />}</Asked>}
    />
  );
}

function SelectedDaemonSet({ selection }: { selection: Selection & { kind: 'daemonSet' } }) {
  const shown = world.value;
  const stamp = useStamp(shown, selection);
  const { namespace, name } = selection;
  const answer = useAsked<DaemonSetAnswer>(shown.graph, DAEMON_SET, { namespace, name, at: moment() }, stamp);
  return (
    <Frame
      selection={selection}
      object={{ kind: 'DaemonSet', namespace, name }}
      stamp={stamp}
      forms={['image', 'nodeSelector', 'tolerations', 'restart', 'undo', 'delete']}
      kind="DaemonSet"
      title={name}
      under={namespace}
      why={<Asked answer={answer}>{data => <WhyDaemonSet answer={data} namespace={namespace} />}</Asked>}
    />
  );
}

function SelectedPair({ selection }: { selection: Selection & { kind: 'pair' } }) {
  const shown = world.value;
  const stamp = useStamp(shown, selection);
  const { namespace, name, node } = selection;
  const answer = useAsked<PairAnswer>(shown.graph, PAIR, { namespace, name, node, at: moment() }, stamp);
  const placement = answer.data?.explain;
  const pod = placement?.pods[0];
  return (
    <Frame
      selection={selection}
      object={pod ? { kind: 'Pod', namespace, name: pod.name } : { kind: 'DaemonSet', namespace, name }}
      stamp={stamp}
      forms={pod ? ['delete'] : []}
      kind={t('detail.pair')}
      title={
        <>
          <button type="button" class="link" onClick={() => select({ kind: 'daemonSet', namespace, name })}>
            {name}
          </button>
          <span class="on"> {t('detail.on')} </span>
          <button type="button" class="link" onClick={() => select({ kind: 'node', node })}>
            {node}
          </button>
        </>
      }
      under={namespace}
      chip={placement && <Chip placement={placement} />}
      why={<Asked answer={answer}>{data => <WhyPair placement={data.explain} />}</Asked>}
    />
  );
}

const SCALABLE = ['Deployment', 'ReplicaSet', 'StatefulSet'];
const ROLLED_OUT = ['Deployment', 'StatefulSet'];

function SelectedObject({ selection }: { selection: Selection & { kind: 'object' } }) {
  const shown = world.value;
  const stamp = useStamp(shown, selection);
  const { type: kind, namespace, name } = selection;
  const forms: FormName[] = [
    ...(SCALABLE.includes(kind) ? (['scale'] as const) : []),
    ...(ROLLED_OUT.includes(kind) ? (['restart', 'undo', 'image'] as const) : []),
    'label',
    'delete',
  ];
  return (
    <Frame
      selection={selection}
      object={{ kind, namespace, name }}
      stamp={stamp}
      forms={forms}
      kind={kind}
      title={name}
      under={namespace}
      why={kind === 'Pod' ? <PodWhy namespace={namespace} name={name} stamp={stamp} /> : undefined}
    />
  );
}

function PodWhy({ namespace, name, stamp }: { namespace: string; name: string; stamp: unknown }) {
  const { graph } = world.value;
  const variables = { namespace, name, at: moment() };
  const answer = useAsked<PodAnswer>(graph, POD_FACTS, variables, stamp);
  return <Asked answer={answer}>{data => <WhyPod answer={data} graph={graph} variables={variables} />}</Asked>;
}

interface FrameProps {
  readonly selection: Selection;
  readonly object: ObjectName;
  readonly stamp: unknown;
  readonly forms: readonly FormName[];
  readonly kind: string;
  readonly title: ComponentChildren;
  readonly under?: string;
  readonly chip?: ComponentChildren;
  readonly why: ComponentChildren;
}

const TABS = ['why', 'yaml', 'events', 'history', 'ask'] as const;

/** What the panel is of, what can be done with it, and its tabs. */
function Frame({ selection, object, stamp, forms, kind, title, under, chip, why }: FrameProps) {
  const shown = world.value;
  const ids = why === undefined ? TABS.slice(1) : TABS;
  const tab = ids.find(id => id === place.value.tab) ?? ids[0]!;
  const target: Target = object;
  return (
    <>
      <header>
        <div class="heading">
          <p class="kind">
            {kind}
            {under && <span> · {under}</span>}
            {chip}
          </p>
          <h2 tabIndex={-1}>{title}</h2>
        </div>
        <button type="button" class="close" aria-label={t('detail.close')} onClick={close}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M4 4 12 12M12 4 4 12" />
          </svg>
        </button>
      </header>
      {forms.length > 0 && <Actions world={shown} target={target} forms={forms} />}
      <Tabs
        label={t('detail.label')}
        tabs={ids.map(id => ({ id, title: t(`detail.tab.${id}`) }))}
        chosen={tab}
        onChoose={id => go({ tab: id === ids[0] ? undefined : id })}
      >
        {tab === 'why' && why}
        {tab === 'yaml' && <YamlTab graph={shown.graph} object={object} stamp={stamp} />}
        {tab === 'events' && <EventsTab graph={shown.graph} object={object} stamp={stamp} />}
        {tab === 'history' && <HistoryTab graph={shown.graph} object={object} stamp={stamp} />}
        {tab === 'ask' && <AskTab graph={shown.graph} selection={selection} object={object} />}
      </Tabs>
    </>
  );
}
