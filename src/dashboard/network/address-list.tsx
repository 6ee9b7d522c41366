import { useSignal } from '@preact/signals';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { AddressFacts } from '../graph/network.js';
import { formatNumber, t } from '../i18n/index.js';
import { placeOf } from './traffic.js';

/** Height of a line, as in the styles. */
const LINE = 30;
/** Lines that are drawn beyond what can be seen. */
const BEYOND = 8;

interface AddressListProps {
  readonly addresses: readonly AddressFacts[];
  /** The place that is chosen. */
  readonly chosen: string | undefined;
  readonly onChoose: (address: AddressFacts) => void;
}

/** Who answers where, a line each: only those that can be seen are drawn. */
export function AddressList({ addresses, chosen, onChoose }: AddressListProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useSignal({ top: 0, height: 400 });
  /** Where the keyboard is: a place, since lines come and go. */
  const active = useSignal<string | undefined>(undefined);
  const id = useId();
  const at = addresses.findIndex(one => placeOf(one) === active.value);

  const measure = () => {
    // It may be gone before who observes it is told to stop.
    if (!box.current) return;
    const { scrollTop: top, clientHeight: height } = box.current;
    if (top !== view.value.top || height !== view.value.height) view.value = { top, height };
  };
  useLayoutEffect(measure);
  useEffect(() => {
    const observer = new ResizeObserver(measure);
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);

  const goTo = (index: number) => {
    const next = Math.min(Math.max(index, 0), addresses.length - 1);
    if (next < 0) return;
    active.value = placeOf(addresses[next]!);
    const list = box.current!;
    if (next * LINE < list.scrollTop) list.scrollTop = next * LINE;
    else if ((next + 1) * LINE > list.scrollTop + list.clientHeight)
      list.scrollTop = (next + 1) * LINE - list.clientHeight;
    measure();
  };
  const press = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(view.value.height / LINE) - 1);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? 0 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: addresses.length - 1,
    };
    if (event.key in steps) goTo(steps[event.key]!);
    else if ((event.key === 'Enter' || event.key === ' ') && at >= 0) onChoose(addresses[at]!);
    else return;
    event.preventDefault();
  };

  const first = Math.max(0, Math.floor(view.value.top / LINE) - BEYOND);
  const last = Math.min(addresses.length, Math.ceil((view.value.top + view.value.height) / LINE) + BEYOND);
  return (
    <>
      <div class="address-head" aria-hidden="true">
        <span>{t('network.whose')}</span>
        <span>{t('network.node')}</span>
        <span>{t('network.address')}</span>
        <span class="came">{t('network.came')}</span>
      </div>
      <div
        class="address-list"
        role="listbox"
        tabIndex={0}
        aria-label={t('network.listLabel', { count: formatNumber(addresses.length) })}
        aria-activedescendant={at >= first && at < last ? `${id}-${at}` : undefined}
        ref={box}
        onScroll={measure}
        onKeyDown={press}
        onFocus={() => at < 0 && goTo(Math.ceil(view.value.top / LINE))}
      >
        <div class="address-lines" role="presentation" style={{ height: `${addresses.length * LINE}px` }}>
          {addresses.slice(first, last).map((address, i) => {
            const key = placeOf(address);
            return (
              <Line
                key={key}
                id={`${id}-${first + i}`}
                address={address}
                index={first + i}
                total={addresses.length}
                isActive={key === active.value}
                isChosen={key === chosen}
                onChoose={() => {
                  active.value = key;
                  onChoose(address);
                }}
              />
            );
          })}
        </div>
      </div>
    </>
  );
}

interface LineProps {
  readonly id: string;
  readonly address: AddressFacts;
  readonly index: number;
  readonly total: number;
  readonly isActive: boolean;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Line({ id, address: facts, index, total, isActive, isChosen, onChoose }: LineProps) {
  const { kind, namespace, name, node, address, port, protocol, at, came } = facts;
  const isMoved = at !== `${address}:${port}`;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the focus, and hears the keys.
    <div
      class={isActive ? 'address active' : 'address'}
      role="option"
      id={id}
      aria-selected={isChosen}
      aria-setsize={total}
      aria-posinset={index + 1}
      style={{ top: `${index * LINE}px` }}
      onClick={onChoose}
    >
      <span class="whose" title={`${kind} ${namespace}/${name}`}>
        <span class={`badge ${kind === 'Service' ? 'service' : ''}`}>{kind}</span>
        {name}
        <span class="where"> {namespace}</span>
      </span>
      <span class="node">{node ?? '–'}</span>
      <span class="at" title={isMoved ? t('network.reallyAt', { at }) : undefined}>
        {address}:{port}
        {protocol === 'UDP' && <span class="where"> UDP</span>}
        {isMoved && <span class="where"> {t('network.reallyAt', { at })}</span>}
      </span>
      <span class="came numbers" key={came}>
        <span class="unseen">{t('network.cameLabel')} </span>
        {formatNumber(came)}
      </span>
    </div>
  );
}
