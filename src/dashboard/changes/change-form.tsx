import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import { OBJECT_JSON, type ObjectJsonAnswer } from '../graph/changes.js';
import type { Graph } from '../graph/client.js';
import { t } from '../i18n/index.js';
import type { Change } from './change.js';
import {
  type Field,
  FORMS,
  type FormKind,
  type FormName,
  initialValues,
  type Start,
  type Target,
  type Values,
} from './forms.js';
import { kubectlOf } from './kubectl.js';
import './changes.css';

export interface ChangeFormProps {
  readonly form: FormName;
  readonly target: Target;
  readonly graph: Graph;
  /** Whether the focus goes to its first field. */
  readonly takesFocus?: boolean;
  /** What its first button does, and Enter in one of its fields. */
  readonly onSubmit: (change: Change) => void;
  /** What can be done with the change, once there is one: the first button is of type `submit`. */
  readonly children: (change: Change | undefined) => ComponentChildren;
}

/** A change to be filled in, with what kubectl would do for it. */
export function ChangeForm({ form, target, graph, takesFocus = false, onSubmit, children }: ChangeFormProps) {
  const kind: FormKind = FORMS[form];
  const values = useSignal<Values>(initialValues(kind));
  const choices = useSignal<Start['choices']>(undefined);
  const ready = useSignal(false);
  const root = useRef<HTMLFormElement>(null);
  const { namespace, name } = target;
  useEffect(() => {
    values.value = initialValues(kind);
    choices.value = undefined;
    const start = kind.startsFrom;
    ready.value = !start || !name;
    if (!start || !name) return;
    const abort = new AbortController();
    graph
      .ask<ObjectJsonAnswer>(OBJECT_JSON, { kind: target.kind, namespace, name }, abort.signal)
      .then(({ object }) => object && start(object))
      // It can be filled in all the same.
      .catch(() => undefined)
      .then(found => {
        if (abort.signal.aborted) return;
        values.value = { ...values.peek(), ...found?.values };
        choices.value = found?.choices;
        ready.value = true;
      });
    return () => abort.abort();
  }, [graph, form, target.kind, namespace, name]);

  useLayoutEffect(() => {
    if (takesFocus && ready.value)
      root.current?.querySelector<HTMLElement>('input, select, textarea, button:not(:disabled)')?.focus();
  }, [takesFocus, ready.value]);
  const nothing = Object.values(choices.value ?? {}).some(list => list.length === 0);
  const change =
    ready.value && !nothing && (kind.kinds.length === 0 || name) ? kind.change(values.value, target) : undefined;
  return (
    <form
      class="change-form"
      ref={root}
      onSubmit={event => {
        event.preventDefault();
        if (change) onSubmit(change);
      }}
    >
      {ready.value &&
        !nothing &&
        kind.fields.map(field => {
          const found = choices.value?.[field.name];
          return (
            <FieldInput
              key={field.name}
              field={found ? { ...field, type: 'choice', choices: found, optional: false } : field}
              value={values.value[field.name] ?? ''}
              onInput={(value, sets) => {
                values.value = { ...values.value, [field.name]: value, ...sets };
              }}
            />
          );
        })}
      {nothing && <p class="quiet">{t('change.nothingToChoose')}</p>}
      <p class={kind.destroys ? 'consequence danger' : 'consequence'}>{t(`change.${form}.hint`)}</p>
      {change && form !== 'apply' && <pre class="command">{kubectlOf(change)}</pre>}
      <div class="buttons">{children(change)}</div>
    </form>
  );
}

function FieldInput({
  field: { name, type, choices, optional, example },
  value,
  onInput,
}: {
  field: Field;
  value: string;
  onInput: (value: string, sets?: Values) => void;
}) {
  const id = useId();
  const label = (
    <label for={id}>
      {t(`field.${name}`)}
      {optional && <span class="quiet"> {t('field.optional')}</span>}
    </label>
  );
  const choose = (value: string) => onInput(value, choices!.find(choice => choice.value === value)?.sets);
  switch (type) {
    case 'check':
      return (
        <div class="field check">
          <input
            id={id}
            type="checkbox"
            checked={value !== ''}
            onChange={event => onInput(event.currentTarget.checked ? 'yes' : '')}
          />
          {label}
        </div>
      );
    case 'choice':
      return (
        <div class="field">
          {label}
          <select id={id} value={value} onChange={event => choose(event.currentTarget.value)}>
            {choices!.map(({ value, text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </div>
      );
    case 'area':
      return (
        <div class="field wide">
          {label}
          <textarea
            id={id}
            rows={8}
            spellcheck={false}
            value={value}
            onInput={event => onInput(event.currentTarget.value)}
          />
        </div>
      );
    case 'number':
      return (
        <div class="field">
          {label}
          <input
            id={id}
            type="number"
            min={0}
            placeholder={example}
            value={value}
            onInput={event => onInput(event.currentTarget.value)}
          />
        </div>
      );
    case 'text':
      return (
        <div class="field">
          {label}
          <input
            id={id}
            type="text"
            placeholder={example}
            autocomplete="off"
            spellcheck={false}
            value={value}
            onInput={event => onInput(event.currentTarget.value)}
          />
        </div>
      );
  }
}
