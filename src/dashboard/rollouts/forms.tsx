import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Container, Templates } from '../graph/rollouts.js';
import { t } from '../i18n/index.js';

interface FormProps {
  readonly busy: boolean;
  readonly onCancel: () => void;
}

/** Moves the focus to the first field when a form appears. */
function useFocus() {
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>('input:checked, input')?.focus(), []);
  return form;
}

/** Which revision to go back to. */
export function UndoForm(
  props: FormProps & {
    readonly templates: NonNullable<Templates['daemonSet']>;
    readonly onUndo: (revision: number) => void;
  },
) {
  const form = useFocus();
  const [newest, ...earlier] = [...props.templates.revisions].sort((a, b) => b.revision - a.revision);
  const chosen = useSignal(earlier[0]?.revision);
  if (!newest || chosen.value === undefined)
    return (
      <form class="form" ref={form}>
        <p class="note">{t('rollouts.noEarlier')}</p>
        <Buttons {...props} />
      </form>
    );
  return (
    <form
      class="form"
      ref={form}
      onSubmit={event => {
        event.preventDefault();
        props.onUndo(chosen.value!);
      }}
    >
      <fieldset>
        <legend>{t('rollouts.undoTo')}</legend>
        {earlier.map(({ revision, changeCause, json }) => (
          <label key={revision}>
            <input
              type="radio"
              name="revision"
              value={revision}
              checked={chosen.value === revision}
              onChange={() => {
                chosen.value = revision;
              }}
            />
            <span>{t('rollouts.revision', { revision })}</span>
            {json.data?.spec?.template?.spec.containers.map(({ name, image }) => (
              <code key={name}>{image}</code>
            ))}
            <span class="muted">{changeCause}</span>
          </label>
        ))}
      </fieldset>
      <Buttons {...props} submit={t('rollouts.undoNow')} />
    </form>
  );
}

/** Other images for the containers. */
export function ImageForm(
  props: FormProps & {
    readonly containers: readonly Container[];
    readonly onChange: (containers: readonly Container[]) => void;
  },
) {
  const form = useFocus();
  const images = useSignal<Readonly<Record<string, string>>>({});
  const changed = props.containers.flatMap(({ name, image }) => {
    const wanted = images.value[name]?.trim();
    return wanted && wanted !== image ? [{ name, image: wanted }] : [];
  });
  return (
    <form
      class="form"
      ref={form}
      onSubmit={event => {
        event.preventDefault();
        if (changed.length > 0) props.onChange(changed);
      }}
    >
      <fieldset>
        <legend>{t('rollouts.images')}</legend>
        {props.containers.map(({ name, image }) => (
          <label key={name} class="image">
            <span>{name}</span>
            <input
              type="text"
              value={images.value[name] ?? image}
              spellcheck={false}
              onInput={event => {
                images.value = { ...images.value, [name]: event.currentTarget.value };
              }}
            />
          </label>
        ))}
      </fieldset>
      <Buttons {...props} submit={t('rollouts.imageNow')} idle={changed.length === 0} />
    </form>
  );
}

function Buttons({ busy, onCancel, submit, idle = false }: FormProps & { submit?: string; idle?: boolean }) {
  return (
    <div class="deeds">
      {submit && (
        <button type="submit" class="primary" disabled={idle} aria-disabled={busy}>
          {submit}
        </button>
      )}
      <button type="button" onClick={onCancel}>
        {t('rollouts.cancel')}
      </button>
    </div>
  );
}
