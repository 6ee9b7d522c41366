import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import { OBJECT_JSON, type ObjectJsonAnswer } from '../graph/changes.js';
import type { Graph } from '../graph/client.js';
import { t } from '../i18n/index.js';
import type { Change } from './change.js';
import { type Field, FORMS, type FormKind, type FormName, initialValues, type Target, type Values } from './forms.js';
import { kubectlOf } from './kubectl.js';
import './changes.css';

export interface ChangeFormProps {
  readonly form: FormName;
  readonly target: Target;
  readonly graph: Graph;
  /** What can be done with the change, once there is one. */
  readonly children: (change: Change | undefined) => ComponentChildren;
}

/** A change to be filled in, with what kubectl would do for it. */
export function ChangeForm({ form, target, graph, children }: ChangeFormProps) {
  const kind: FormKind = FORMS[form];
  const values = useSignal<Values>(initialValues(kind));
  const { namespace, name } = target;
  useEffect(() => {
    values.value = initialValues(kind);
    const start = kind.startsFrom;
    if (!start || !name) return;
    const abort = new AbortController();
    graph.ask<ObjectJsonAnswer>(OBJECT_JSON, { kind: target.kind, namespace, name }, abort.signal).then(
      ({ object }) => {
        if (object && !abort.signal.aborted) values.value = { ...values.peek(), ...start(object.json) };
      },
      // It can be filled in all the same.
      () => {},
    );
    return () => abort.abort();
  }, [graph, form, target.kind, namespace, name]);

  const change = kind.target === 'none' || name ? kind.change(values.value, target) : undefined;
  return (
    <div class="change-form">
      {kind.fields.map(field => (
        <FieldInput
          key={field.name}
          field={field}
          value={values.value[field.name] ?? ''}
          onInput={value => {
            values.value = { ...values.value, [field.name]: value };
          }}
        />
      ))}
      <p class={kind.destroys ? 'consequence danger' : 'consequence'}>{t(`change.${form}.hint`)}</p>
      {change && form !== 'apply' && <pre class="command">{kubectlOf(change)}</pre>}
      <div class="buttons">{children(change)}</div>
    </div>
  );
}

function FieldInput({
  field: { name, type, choices, optional, example },
  value,
  onInput,
}: {
  field: Field;
  value: string;
  onInput: (value: string) => void;
}) {
  const id = useId();
  const label = (
    <label for={id}>
      {t(`field.${name}`)}
      {optional && <span class="quiet"> {t('field.optional')}</span>}
    </label>
  );
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
          <select id={id} value={value} onChange={event => onInput(event.currentTarget.value)}>
            {choices!.map(choice => (
              <option key={choice} value={choice}>
                {choice}
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
