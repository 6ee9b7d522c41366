import { useId } from 'preact/hooks';
import { t } from '../i18n/index.js';
import type { World } from '../model/world.js';
import { Field, Suggestions } from './fields.js';
import { PushFields } from './push-fields.js';
import { type KnownName, type RequestForm, WAYS } from './request.js';

interface RequestFormProps {
  readonly form: RequestForm;
  readonly onChange: (form: RequestForm) => void;
  readonly onSend: () => void;
  readonly isReady: boolean;
  readonly isSending: boolean;
  readonly known: Known;
  /** Where it is sent. */
  readonly shown: World;
}

/** What can be filled in. */
interface Known {
  readonly pods: readonly string[];
  readonly nodes: readonly string[];
  readonly services: readonly KnownName[];
  readonly names: readonly KnownName[];
}

/** How many of a request are sent at once. */
const TIMES = [1, 10, 100] as const;

/** A request to be filled in, by one of the four ways. */
export function RequestFields({ form, onChange, onSend, isReady, isSending, known, shown }: RequestFormProps) {
  const id = useId();
  const put = (change: Partial<RequestForm>) => onChange({ ...form, ...change });
  const { way } = form;
  const isHttp = form.protocol === 'HTTP';
  return (
    <form
      class="request-form"
      onSubmit={event => {
        event.preventDefault();
        if (isReady && !isSending) onSend();
      }}
    >
      <div class="ways" role="group" aria-label={t('network.ways')}>
        {WAYS.map(one => (
          <button type="button" key={one} aria-pressed={one === way} onClick={() => put({ way: one })}>
            {t(`network.way.${one}`)}
          </button>
        ))}
      </div>
      <p class="quiet">{t(`network.when.${way}`)}</p>
      <div class="fields">
        {way === 'push' && <PushFields shown={shown} pod={form.pod} known={known.pods} onPod={pod => put({ pod })} />}
        {way === 'node' && (
          <>
            <Field label={t('network.node')} value={form.node} list={`${id}-nodes`} onInput={node => put({ node })} />
            <Field label={t('network.port')} value={form.nodePort} isPort onInput={nodePort => put({ nodePort })} />
          </>
        )}
        {way === 'dns' && (
          <>
            <Field
              label={t('network.name')}
              value={form.name}
              list={`${id}-names`}
              onInput={name => put({ name, namePort: portFor(name, known.names) ?? form.namePort })}
            />
            <Field label={t('network.port')} value={form.namePort} isPort onInput={namePort => put({ namePort })} />
          </>
        )}
        {way === 'service' && (
          <>
            <Field
              label={t('network.service')}
              value={form.service}
              list={`${id}-services`}
              onInput={service =>
                put({
                  service,
                  servicePort: portFor(service, known.services) ?? form.servicePort,
                  serviceNode: hasNodePorts(service, known.services) ? form.serviceNode : '',
                })
              }
            />
            <Field
              label={t('network.port')}
              value={form.servicePort}
              isPort
              onInput={servicePort => put({ servicePort })}
            />
            {hasNodePorts(form.service, known.services) && (
              <Field
                label={t('network.serviceNode')}
                value={form.serviceNode}
                list={`${id}-nodes`}
                hint={t('network.clusterIP')}
                isWide
                onInput={serviceNode => put({ serviceNode })}
              />
            )}
          </>
        )}
        {way !== 'push' && (
          <>
            <Field
              label={t('network.from')}
              value={form.from}
              list={`${id}-from`}
              hint={t('network.fromHint')}
              onInput={from => put({ from })}
            />
            <label>
              <span>{t('network.protocol')}</span>
              <select
                value={form.protocol}
                onChange={event => put({ protocol: event.currentTarget.value as RequestForm['protocol'] })}
              >
                {(['HTTP', 'TCP', 'UDP'] as const).map(one => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            </label>
            {isHttp && (
              <>
                <Field label={t('network.path')} value={form.path} onInput={path => put({ path })} />
                <label>
                  <span>{t('network.method')}</span>
                  <select value={form.method} onChange={event => put({ method: event.currentTarget.value })}>
                    {['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map(one => (
                      <option key={one}>{one}</option>
                    ))}
                  </select>
                </label>
              </>
            )}
            {(!isHttp || !['GET', 'HEAD'].includes(form.method)) && (
              <Field label={t('network.body')} value={form.body} onInput={body => put({ body })} />
            )}
          </>
        )}
      </div>
      <div class="buttons">
        <button type="submit" class="primary" disabled={!isReady} aria-disabled={isSending}>
          {t(isSending ? 'network.sending' : 'network.send')}
        </button>
        <label class="times">
          <span>{t('network.times')}</span>
          <select value={String(form.times)} onChange={event => put({ times: Number(event.currentTarget.value) })}>
            {TIMES.map(times => (
              <option key={times} value={String(times)}>
                {times}×
              </option>
            ))}
          </select>
        </label>
      </div>
      <Suggestions id={`${id}-nodes`} values={known.nodes} />
      <Suggestions id={`${id}-names`} values={known.names.map(nameOf)} />
      <Suggestions id={`${id}-services`} values={known.services.map(nameOf)} />
      <Suggestions id={`${id}-from`} values={[...known.nodes, ...known.pods]} />
    </form>
  );
}

const nameOf = ({ name }: KnownName) => name;

/** The port that goes with a name that is known. */
function portFor(name: string, known: readonly KnownName[]): string | undefined {
  const found = known.find(one => one.name === name);
  return found && String(found.port);
}

const hasNodePorts = (name: string, known: readonly KnownName[]): boolean =>
  known.some(one => one.name === name && one.hasNodePorts);
