import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import type { Change } from '../changes/change.js';
import { ChangeForm } from '../changes/change-form.js';
import { FORMS, type FormKind, type FormName, type Target } from '../changes/forms.js';
import { kubectlOf } from '../changes/kubectl.js';
import { t } from '../i18n/index.js';
import { compareNames } from '../model/names.js';
import { UNBOUND } from '../model/picture.js';
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
const KINDS = ['Node', 'DaemonSet', 'Deployment', 'StatefulSet', 'Pod'];

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
  const kind: FormKind = FORMS[form.value];
  useEffect(() => {
    if (node !== undefined && target.value.kind === 'Node') target.value = { kind: 'Node', namespace: '', name: node };
  }, [node]);
  const choose = (next: FormName) => {
    form.value = next;
    const wants = (FORMS[next] as FormKind).target;
    if (wants === 'node' && target.value.kind !== 'Node')
      target.value = { kind: 'Node', namespace: '', name: node ?? '' };
    if ((wants === 'daemonSet' || next === 'restart' || next === 'undo') && target.value.kind !== 'DaemonSet')
      target.value = firstDaemonSet(world);
    if ((next === 'pause' || next === 'resume') && target.value.kind !== 'Deployment')
      target.value = { kind: 'Deployment', namespace: 'default', name: '' };
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
                onClick={() => onChange(changes.filter((_, k) => k !== i))}
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
        <summary>{t('try.add')}</summary>
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
          {kind.target !== 'none' && (
            <TargetFields
              wants={kind.target}
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
          onSubmit={change => onChange([...changes, change])}
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

function firstDaemonSet({ picture }: World): Target {
  const [first] = picture.columns;
  return { kind: 'DaemonSet', namespace: first?.namespace ?? 'default', name: first?.name ?? '' };
}

/** What a change is made to: a node, a DaemonSet, or anything by its name. */
function TargetFields({
  wants,
  world,
  target,
  onTarget,
}: {
  wants: 'node' | 'daemonSet' | 'any';
  world: World;
  target: Target;
  onTarget: (target: Target) => void;
}) {
  const id = useId();
  const { picture } = world.look();
  if (wants === 'daemonSet') {
    return (
      <div class="field">
        <label for={`${id}-set`}>DaemonSet</label>
        <select
          id={`${id}-set`}
          value={`${target.namespace}/${target.name}`}
          onChange={event => {
            const [namespace = '', name = ''] = event.currentTarget.value.split('/');
            onTarget({ kind: 'DaemonSet', namespace, name });
          }}
        >
          {picture.columns.map(({ key, namespace, name }) => (
            <option key={key} value={key}>
              {name} ({namespace})
            </option>
          ))}
        </select>
      </div>
    );
  }
  const names =
    target.kind === 'Node'
      ? [...picture.rows.keys()].filter(name => name !== UNBOUND).sort(compareNames)
      : picture.owners.filter(({ kind }) => kind === target.kind).map(({ name }) => name);
  return (
    <>
      {wants === 'any' && (
        <div class="field">
          <label for={`${id}-kind`}>{t('try.kind')}</label>
          <select
            id={`${id}-kind`}
            value={target.kind}
            onChange={event => {
              const kind = event.currentTarget.value;
              onTarget({ kind, namespace: kind === 'Node' ? '' : target.namespace || 'default', name: '' });
            }}
          >
            {KINDS.map(kind => (
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
        <label for={`${id}-name`}>{wants === 'node' ? t('detail.node') : t('try.name')}</label>
        <input
          id={`${id}-name`}
          type="text"
          list={`${id}-names`}
          autocomplete="off"
          spellcheck={false}
          placeholder={t('try.pick')}
          value={target.name}
          onInput={event => onTarget({ ...target, name: event.currentTarget.value })}
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
