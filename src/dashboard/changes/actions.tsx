import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Outcome } from '../graph/changes.js';
import { GraphError } from '../graph/client.js';
import { t } from '../i18n/index.js';
import { go, place } from '../model/place.js';
import type { World } from '../model/world.js';
import { Refusal } from '../panels/parts.js';
import { carryOut } from './carry-out.js';
import { type Change, writeChanges } from './change.js';
import { ChangeForm } from './change-form.js';
import { FORMS, type FormKind, type FormName, type Target } from './forms.js';

/** What can be done with what is shown. */
export function Actions({
  world,
  target,
  forms,
  labelledBy,
}: {
  world: World;
  target: Target;
  forms: readonly FormName[];
  /** The id of what says what they are done to, where several are on the page. */
  labelledBy?: string;
}) {
  const open = useSignal<FormName | undefined>(undefined);
  const bar = useRef<HTMLDivElement>(null);
  const key = `${target.kind}/${target.namespace}/${target.name}`;
  useEffect(() => {
    open.value = undefined;
  }, [key]);
  const past = place.value.at !== undefined;
  const shown = !past && open.value !== undefined && forms.includes(open.value) ? open.value : undefined;
  const close = () => {
    const name = open.value;
    open.value = undefined;
    bar.current?.querySelector<HTMLElement>(`[data-form="${name}"]`)?.focus();
  };
  return (
    <div class="actions">
      <div
        class="action-bar"
        role="group"
        {...(labelledBy ? { 'aria-labelledby': labelledBy } : { 'aria-label': t('detail.actions') })}
        ref={bar}
      >
        {forms.map(form => (
          <button
            type="button"
            key={form}
            data-form={form}
            class={(FORMS[form] as FormKind).destroys ? 'danger' : undefined}
            disabled={past}
            aria-expanded={shown === form}
            onClick={() => {
              open.value = shown === form ? undefined : form;
            }}
          >
            {t(`change.${form}`)}
          </button>
        ))}
      </div>
      {past && <p class="quiet">{t('detail.noActionsInPast')}</p>}
      {shown && <Action key={`${key}/${shown}`} world={world} target={target} form={shown} onClose={close} />}
    </div>
  );
}

type State =
  | { readonly state: 'open' | 'busy' }
  | { readonly state: 'done'; readonly outcome: Outcome }
  | { readonly state: 'refused'; readonly error: GraphError; readonly change: string };

function Action({
  world,
  target,
  form,
  onClose,
}: {
  world: World;
  target: Target;
  form: FormName;
  onClose: () => void;
}) {
  const current = useSignal<State>({ state: 'open' });
  const run = async (change: Change) => {
    if (current.value.state === 'busy') return;
    current.value = { state: 'busy' };
    try {
      current.value = { state: 'done', outcome: await carryOut(world.graph, change) };
    } catch (error) {
      current.value = { state: 'refused', error: GraphError.of(error), change: JSON.stringify(change) };
    }
  };
  const now = current.value;
  return (
    <div
      class="action"
      onKeyDown={event => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onClose();
      }}
    >
      <ChangeForm form={form} target={target} graph={world.graph} takesFocus onSubmit={change => void run(change)}>
        {change => {
          // What was refused is refused again, until it is something else.
          const refused = now.state === 'refused' && now.change === JSON.stringify(change);
          return (
            <>
              <button
                type="submit"
                class={(FORMS[form] as FormKind).destroys ? 'primary danger' : 'primary'}
                disabled={!change || refused}
                aria-disabled={now.state === 'busy'}
              >
                {t(`change.${form}.do`)}
              </button>
              <button
                type="button"
                disabled={!change}
                onClick={() =>
                  change && go({ view: 'try', changes: writeChanges([change]), selection: undefined }, true)
                }
              >
                {t('change.whatIf')}
              </button>
              <button type="button" onClick={onClose}>
                {t(now.state === 'done' ? 'change.close' : 'change.cancel')}
              </button>
            </>
          );
        }}
      </ChangeForm>
      <div aria-live="polite">
        {now.state === 'refused' && <Refusal error={now.error} />}
        {now.state === 'done' && <Told outcome={now.outcome} />}
      </div>
    </div>
  );
}

/** What came of a change, in kubectl's words. */
export function Told({ outcome: { messages, warnings } }: { outcome: Outcome }) {
  return (
    <ul class="told">
      {messages.map(message => (
        <li key={message}>{message}</li>
      ))}
      {messages.length === 0 && <li>{t('change.nothing')}</li>}
      {warnings.map(warning => (
        <li key={warning} class="warning">
          {warning}
        </li>
      ))}
    </ul>
  );
}
