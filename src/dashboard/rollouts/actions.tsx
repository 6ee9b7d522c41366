import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { GraphError } from '../graph/client.js';
import type { DaemonSetFacts } from '../graph/cluster-map.js';
import { type Changed, RESTART, SET_IMAGES, TEMPLATES, type Templates, UNDO } from '../graph/rollouts.js';
import { t } from '../i18n/index.js';
import { world } from '../model/cluster.js';
import { ImageForm, UndoForm } from './forms.js';

type Panel = { readonly kind: 'undo' | 'image'; readonly templates: NonNullable<Templates['daemonSet']> };

/** What can be done with a rollout: each is what kubectl does, and what it says. */
export function Actions({ facts, label }: { facts: DaemonSetFacts; label: string }) {
  const { namespace, name } = facts;
  const panel = useSignal<Panel | undefined>(undefined);
  const busy = useSignal(false);
  const said = useSignal<{ readonly text: string; readonly failed: boolean } | undefined>(undefined);
  const opener = useRef<HTMLButtonElement | null>(null);
  const id = useId();
  const { graph } = world.value;

  const attempt = async (act: () => Promise<string | undefined>) => {
    if (busy.value) return;
    busy.value = true;
    said.value = undefined;
    try {
      const text = await act();
      if (text) said.value = { text, failed: false };
    } catch (error) {
      said.value = { text: GraphError.of(error).message, failed: true };
    } finally {
      busy.value = false;
    }
  };
  const close = () => {
    panel.value = undefined;
    opener.current?.focus();
  };
  const change = (mutation: string, variables: Readonly<Record<string, unknown>> = {}) =>
    attempt(async () => {
      const { done } = await graph.ask<{ done: Changed }>(mutation, { namespace, name, ...variables });
      if (panel.value) close();
      return [...done.changes.map(({ message }) => message), ...done.warnings].join('\n');
    });
  const openPanel = (kind: Panel['kind'], button: HTMLButtonElement) => {
    opener.current = button;
    if (panel.value?.kind === kind) return close();
    return attempt(async () => {
      const { daemonSet } = await graph.ask<Templates>(TEMPLATES, { namespace, name });
      if (daemonSet) panel.value = { kind, templates: daemonSet };
      return undefined;
    });
  };

  const open = panel.value;
  return (
    <>
      <div class="deeds" role="group" aria-labelledby={label}>
        <button type="button" aria-disabled={busy.value} onClick={() => change(RESTART)}>
          {t('rollouts.restart')}
        </button>
        {(['undo', 'image'] as const).map(kind => (
          <button
            type="button"
            key={kind}
            aria-disabled={busy.value}
            aria-expanded={open?.kind === kind}
            aria-controls={id}
            onClick={event => openPanel(kind, event.currentTarget)}
          >
            {t(`rollouts.${kind}`)}
          </button>
        ))}
        <span role="status" class="said">
          {said.value && !said.value.failed && said.value.text}
        </span>
      </div>
      {said.value?.failed && (
        <p class="error" role="alert">
          {said.value.text}
        </p>
      )}
      <div
        id={id}
        onKeyDown={event => {
          if (event.key === 'Escape') close();
        }}
      >
        {open?.kind === 'undo' && (
          <UndoForm
            templates={open.templates}
            busy={busy.value}
            onCancel={close}
            onUndo={toRevision => change(UNDO, { toRevision })}
          />
        )}
        {open?.kind === 'image' && (
          <ImageForm
            containers={open.templates.json.spec.template.spec.containers}
            busy={busy.value}
            onCancel={close}
            onChange={containers => change(SET_IMAGES, { patch: { spec: { template: { spec: { containers } } } } })}
          />
        )}
      </div>
    </>
  );
}
