import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Change } from '../changes/change.js';
import { ChangeForm } from '../changes/change-form.js';
import { FORMS, type FormKind, type FormName, type Target } from '../changes/forms.js';
import { kubectlOf } from '../changes/kubectl.js';
import { t } from '../i18n/index.js';
import { compareNames } from '../model/names.js';
import type { World } from '../model/world.js';

const OFFERED: readonly FormName[] = [
  'taint',
  'untaint',
  'label',
  'annotate',
  'cordon',
  'uncordon',
  'drain',
  'addNodes',
  'removeNodes',
  'image',
  'nodeSelector',
  'tolerations',
  'restart',
  'undo',
  'pause',
  'resume',
  'scale',
  'delete',
  'apply',
  'patch',
];

interface ChangeListProps {
  readonly title: string;
  readonly changes: readonly Change[];
  readonly world: World;
  /** The node that was picked on the map. */
  readonly node: string | undefined;
  readonly onChange: (changes: readonly Change[]) => void;
}

/** A list of changes, and a form for one more. */
export function ChangeList({ title, changes, world, node, onChange }: ChangeListProps) {
  const form = useSignal<FormName>('taint');
  const target = useSignal<Target>({ kind: 'Node', namespace: '', name: node ?? '' });
  const id = useId();
  const adding = useRef<HTMLElement>(null);
  const kind: FormKind = FORMS[form.value];
  useEffect(() => {
    if (node !== undefined && target.value.kind === 'Node') target.value = { kind: 'Node', namespace: '', name: node };
  }, [node]);
  const choose = (next: FormName) => {
    form.value = next;
    const { kinds } = FORMS[next] as FormKind;
    if (kinds.length > 0 && !kinds.includes(target.value.kind)) target.value = firstOf(kinds[0]!, world, node);
  };
  return (
    <section class="change-list">
      <h3>{title}</h3>
      {changes.length === 0 && <p class="quiet">{t('try.none')}</p>}
      <ol>
        {changes.map((change, i) => {
          const text = kubectlOf(change);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same change may be on the list twice.
            <li key={`${i} ${text}`}>
              <pre class="command" tabIndex={0}>
                {text}
              </pre>
              <button
                type="button"
                class="close"
                aria-label={t('try.remove', { change: text.split('\n')[0]! })}
                onClick={() => {
                  onChange(changes.filter((_, k) => k !== i));
                  adding.current?.focus();
                }}
              >
                <svg viewBox="0 0 16 16" aria-hidden="true">
                  <path d="M4 4 12 12M12 4 4 12" />
                </svg>
              </button>
            </li>
          );
        })}
      </ol>
      <details open={changes.length === 0}>
        <summary ref={adding}>{t('try.add')}</summary>
        <div class="new-change">
          <div class="field">
            <label for={`${id}-form`}>{t('try.what')}</label>
            <select
              id={`${id}-form`}
              value={form.value}
              onChange={event => choose(event.currentTarget.value as FormName)}
            >
              {OFFERED.map(name => (
                <option key={name} value={name}>
                  {t(`change.${name}`).replace(/[….⋯]+$/, '')}
                </option>
              ))}
            </select>
          </div>
          {kind.kinds.length > 0 && (
            <TargetFields
              kinds={kind.kinds}
              node={node}
              world={world}
              target={target.value}
              onTarget={next => {
                target.value = next;
              }}
            />
          )}
        </div>
        <ChangeForm
          form={form.value}
          target={target.value}
          graph={world.graph}
          onSubmit={change => {
            onChange([...changes, change]);
            // With the first one the form folds.
            adding.current?.focus();
          }}
        >
          {change => (
            <button type="submit" disabled={!change}>
              {t('try.addIt')}
            </button>
          )}
        </ChangeForm>
      </details>
    </section>
  );
}

/** What a change of a kind is made to at first: the node that was picked, or what comes first of those that are on the map. */
function firstOf(kind: string, { picture }: World, node: string | undefined): Target {
  if (kind === 'Node') return { kind, namespace: '', name: node ?? '' };
  const first = (kind === 'DaemonSet' ? picture.columns : picture.owners).find(owner => owner.kind === kind);
  return { kind, namespace: first?.namespace ?? 'default', name: first?.name ?? '' };
}

/** What a change is made to: one of some kinds, by its name. */
function TargetFields({
  kinds,
  world,
  node,
  target,
  onTarget,
}: {
  kinds: readonly string[];
  world: World;
  /** The node that was picked on the map. */
  node: string | undefined;
  target: Target;
  onTarget: (target: Target) => void;
}) {
  const id = useId();
  const { picture } = world.look();
  const owners = picture.owners.filter(({ kind }) => kind === target.kind);
  const names =
    target.kind === 'Node' ? picture.nodes : [...new Set(owners.map(({ name }) => name))].sort(compareNames);
  // Who names one that is there means that one, in whatever namespace it is.
  const named = (name: string): Target => {
    const found = owners.filter(owner => owner.name === name);
    const elsewhere = found.some(({ namespace }) => namespace === target.namespace) ? undefined : found[0];
    return { ...target, name, ...(elsewhere ? { namespace: elsewhere.namespace } : {}) };
  };
  return (
    <>
      {kinds.length > 1 && (
        <div class="field">
          <label for={`${id}-kind`}>{t('try.kind')}</label>
          <select
            id={`${id}-kind`}
            value={target.kind}
            onChange={event => onTarget(firstOf(event.currentTarget.value, world, node))}
          >
            {kinds.map(kind => (
              <option key={kind}>{kind}</option>
            ))}
          </select>
        </div>
      )}
      {target.kind !== 'Node' && (
        <div class="field">
          <label for={`${id}-namespace`}>Namespace</label>
          <input
            id={`${id}-namespace`}
            type="text"
            value={target.namespace}
            onInput={event => onTarget({ ...target, namespace: event.currentTarget.value })}
          />
        </div>
      )}
      <div class="field">
        <label for={`${id}-name`}>
          {kinds.length === 1 && target.kind === 'Node' ? t('detail.node') : t('try.name')}
        </label>
        <input
          id={`${id}-name`}
          type="text"
          list={`${id}-names`}
          autocomplete="off"
          spellcheck={false}
          placeholder={target.kind === 'Node' ? t('try.pick') : undefined}
          value={target.name}
          onInput={event => onTarget(named(event.currentTarget.value))}
        />
        <datalist id={`${id}-names`}>
          {names.slice(0, 500).map(name => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </div>
    </>
  );
}
