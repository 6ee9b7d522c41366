import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { GraphError } from '../graph/client.js';
import { OBJECT_CHANGED, type ObjectChangedAnswer } from '../graph/detail.js';
import {
  type AddressFacts,
  OPEN_NETWORK,
  SEND_REQUEST,
  SERVICES,
  type SendAnswer,
  type ServicesAnswer,
  TARGET_POD,
  type TargetPodAnswer,
} from '../graph/network.js';
import { formatNumber, t } from '../i18n/index.js';
import { useAsked } from '../model/asked.js';
import { world } from '../model/cluster.js';
import { compileFilter, workloadFilter } from '../model/filter.js';
import { useFollowed } from '../model/followed.js';
import type { Picture } from '../model/picture.js';
import { place } from '../model/place.js';
import type { World } from '../model/world.js';
import { Refusal } from '../panels/parts.js';
import { Empty } from '../shell/states.js';
import { AddressList } from './address-list.js';
import { EMPTY_FORM, firstThose, formFor, inputOf, namesOf, servicesOf, withPod } from './request.js';
import { RequestFields } from './request-form.js';
import { RequestResult } from './result.js';
import { placeOf } from './traffic.js';
import { useTraffic } from './use-traffic.js';
import './network.css';

/** Who answers where with real sockets, how much comes, and requests to try it. */
export function NetworkView() {
  const { at, fork } = place.value;
  const shown = world.value;
  if (at !== undefined) return <Empty text={t('network.past')} />;
  return <Live key={shown.graph.prefix} shown={shown} isFork={fork !== undefined} />;
}

function Live({ shown, isFork }: { shown: World; isFork: boolean }) {
  const { traffic, error } = useTraffic(shown);
  if (error) return <Refusal error={error} />;
  if (!traffic) return <Empty text={t('detail.asking')} />;
  if (traffic.network === 'OFF') return isFork ? <OpenOfFork shown={shown} /> : <Off />;
  return <Network shown={shown} addresses={traffic.addresses} />;
}

const Off = () => <Empty text={t('network.off')} hint="kubette --network loopback" />;

/** A fork answers only when it is told to. */
function OpenOfFork({ shown }: { shown: World }) {
  const error = useSignal<GraphError | undefined>(undefined);
  const open = () =>
    shown.graph.ask(OPEN_NETWORK).catch(refusal => {
      error.value = GraphError.of(refusal);
    });
  return (
    <div class="empty">
      <p>{t('network.offInFork')}</p>
      <button type="button" class="primary" onClick={() => void open()}>
        {t('network.open')}
      </button>
      {error.value && <Refusal error={error.value} />}
    </div>
  );
}

const NONE: ServicesAnswer['objects']['nodes'] = [];
const NO_SERVICES: NonNullable<TargetPodAnswer['pod']>['services'] = [];
const SORTS = ['NODE', 'POD', 'SERVICE'] as const;

function Network({ shown, addresses }: { shown: World; addresses: readonly AddressFacts[] }) {
  const { filter } = place.value;
  const { picture } = shown.look();
  const sort = useSignal<(typeof SORTS)[number] | undefined>(undefined);
  const chosen = useSignal<string | undefined>(undefined);
  const form = useSignal(EMPTY_FORM);
  /** The Services that select the pod that was chosen. */
  const selecting = useSignal(NO_SERVICES);
  const answer = useSignal<SendAnswer['sendRequest'] | undefined>(undefined);
  const error = useSignal<GraphError | undefined>(undefined);
  const isSending = useSignal(false);
  const heard = useFollowed<ObjectChangedAnswer>(shown, OBJECT_CHANGED, { kind: 'Service' });
  const { data } = useAsked<ServicesAnswer>(shown.graph, SERVICES, {}, heard);
  const services = data?.objects.nodes ?? NONE;

  const fitting = addresses.filter(fits(filter, picture));
  const listed = sort.value ? fitting.filter(({ way }) => way === sort.value) : fitting;
  const known = useMemo(() => {
    const inOrder = firstThose(services, selecting.value);
    return {
      pods: keysOf(addresses, 'Pod'),
      nodes: [...new Set(addresses.flatMap(({ node }) => node ?? []))].sort(),
      services: servicesOf(inOrder),
      names: namesOf(inOrder),
    };
  }, [addresses.length, services, selecting.value]);
  const input = inputOf(form.value);

  const choose = (address: AddressFacts) => {
    chosen.value = placeOf(address);
    form.value = formFor(address, addresses, services, form.value);
    selecting.value = NO_SERVICES;
    answer.value = undefined;
    error.value = undefined;
  };
  // By which other ways the chosen pod is reached is asked; Services may not be known yet either.
  const target = addresses.find(address => placeOf(address) === chosen.value);
  const pod = target?.kind === 'Pod' ? target : undefined;
  useEffect(() => {
    if (!pod || !data) return;
    const filled = form.value;
    const isStill = () => chosen.value === placeOf(pod);
    const { namespace, name } = pod;
    shown.graph
      .ask<TargetPodAnswer>(TARGET_POD, { namespace, name })
      .then(about => {
        if (!about.pod || !isStill()) return;
        selecting.value = about.pod.services;
        form.value = withPod(form.value, filled, pod, about.pod, services);
      })
      // What one may not see is not filled in.
      .catch(() => {});
  }, [pod && placeOf(pod), data !== undefined]);
  const send = async () => {
    if (!input) return;
    isSending.value = true;
    error.value = undefined;
    try {
      answer.value = (await shown.graph.ask<SendAnswer>(SEND_REQUEST, { input })).sendRequest;
    } catch (refusal) {
      error.value = GraphError.of(refusal);
    }
    isSending.value = false;
  };
  // What is there already can be asked at once.
  useEffect(() => {
    const first = addresses.find(({ way, kind }) => way === 'NODE' && kind === 'Pod') ?? addresses[0];
    if (first && chosen.value === undefined) choose(first);
  }, [addresses.length > 0]);

  return (
    <div class="view network">
      <div class="parts">
        <section class="answering" aria-label={t('network.whoAnswers')}>
          <div class="sorts" role="group" aria-label={t('network.sorts')}>
            {[undefined, ...SORTS].map(one => (
              <button
                type="button"
                key={one ?? 'ALL'}
                aria-pressed={sort.value === one}
                onClick={() => {
                  sort.value = one;
                }}
              >
                {t(`network.sort.${one ?? 'ALL'}`)}{' '}
                <span class="badge numbers">
                  {formatNumber(one ? fitting.filter(({ way }) => way === one).length : fitting.length)}
                </span>
              </button>
            ))}
          </div>
          {listed.length === 0 ? (
            <Empty text={t(filter ? 'network.noneFits' : 'network.nobody')} {...(filter ? { hint: filter } : {})} />
          ) : (
            <AddressList addresses={listed} chosen={chosen.value} onChoose={choose} />
          )}
        </section>
        <section class="requesting" aria-labelledby="request-title">
          <h2 id="request-title">{t('network.sendTitle')}</h2>
          <RequestFields
            form={form.value}
            known={known}
            shown={shown}
            isReady={input !== undefined}
            isSending={isSending.value}
            onChange={next => {
              if (next.way !== form.value.way) answer.value = undefined;
              form.value = next;
            }}
            onSend={() => void send()}
          />
          <div aria-live="polite" aria-busy={isSending.value}>
            {error.value && <Refusal error={error.value} />}
            {answer.value && <RequestResult answer={answer.value} />}
          </div>
        </section>
      </div>
    </div>
  );
}

const keysOf = (addresses: readonly AddressFacts[], kind: AddressFacts['kind']): string[] =>
  [...new Set(addresses.filter(one => one.kind === kind).map(({ namespace, name }) => `${namespace}/${name}`))].sort();

/** What the filter leaves: words and a namespace are about who answers, all else about the node. */
function fits(filter: string, picture: Picture): (address: AddressFacts) => boolean {
  if (filter.trim() === '') return () => true;
  const { text, namespace, nodes } = workloadFilter(filter);
  const fitsNode = nodes ? compileFilter(nodes, picture) : undefined;
  const words = (text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return ({ node, name, namespace: own, address, port }) => {
    const row = node === null ? undefined : picture.rows.get(node);
    const says = `${own}/${name} ${address}:${port} ${node ?? ''}`.toLowerCase();
    return (
      (namespace === null || namespace === own) &&
      words.every(word => says.includes(word)) &&
      (!fitsNode || (row !== undefined && fitsNode(row)))
    );
  };
}
