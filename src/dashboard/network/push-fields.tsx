import { useEffect, useId, useRef } from 'preact/hooks';
import { OBJECT_CHANGED, type ObjectChangedAnswer } from '../graph/detail.js';
import { PUSHES, type PushersFacts, type PushesAnswer } from '../graph/network.js';
import { formatNumber, plural, t } from '../i18n/index.js';
import { useAsked } from '../model/asked.js';
import { useFollowed } from '../model/followed.js';
import type { World } from '../model/world.js';
import { Refusal } from '../panels/parts.js';
import { Field, Suggestions } from './fields.js';

/** To so many places it is told how many push there. */
const MOST_TOLD = 5;

interface PushFieldsProps {
  readonly shown: World;
  /** The pod that is filled in: `namespace/name`. */
  readonly pod: string;
  /** All pods that answer. */
  readonly known: readonly string[];
  readonly onPod: (pod: string) => void;
}

/** The pod that is to push, of those that do; and how many push, and where to. */
export function PushFields({ shown, pod, known, onPod }: PushFieldsProps) {
  const id = useId();
  const heard = useFollowed<ObjectChangedAnswer>(shown, OBJECT_CHANGED, { kind: 'Pod' });
  const { data, error } = useAsked<PushesAnswer>(shown.graph, PUSHES, {}, heard);
  const pushes = data?.cluster.pushes;
  const pushing = (pushes ?? []).flatMap(({ pods }) => pods.nodes.map(({ namespace, name }) => `${namespace}/${name}`));
  const [first = ''] = pushing;
  const before = useRef<readonly string[]>([]);
  useEffect(() => {
    // Who pushes no more makes room for who does.
    const hasStopped = before.current.includes(pod) && !pushing.includes(pod);
    if (pushes) before.current = pushing;
    if ((pod === '' || hasStopped) && pod !== first) onPod(first);
  }, [pod === '', pushes]);
  return (
    <>
      <Field label={t('network.pushingPod')} value={pod} list={`${id}-pods`} isWide onInput={onPod} />
      <Suggestions id={`${id}-pods`} values={pushing} />
      {error && <Refusal error={error} />}
      {pushes &&
        (pushes.length > 0 ? (
          <WhoPushes pushes={pushes} />
        ) : (
          <HowToPush pod={known.includes(pod) ? pod : (known[0] ?? 'default/POD')} />
        ))}
    </>
  );
}

const WhoPushes = ({ pushes }: { pushes: readonly PushersFacts[] }) => (
  <ul class="pushes">
    {pushes.slice(0, MOST_TOLD).map(({ push: { to, everySeconds }, pods: { totalCount } }) => (
      <li key={`${to} ${everySeconds}`}>
        {plural('network.pushing', totalCount)} {t('network.pushTo', { seconds: formatNumber(everySeconds) })}{' '}
        <code>{to}</code>
      </li>
    ))}
    {pushes.length > MOST_TOLD && <li>{t('network.andMore', { count: formatNumber(pushes.length - MOST_TOLD) })}</li>}
  </ul>
);

/** Nobody does: how one makes a pod do so. */
function HowToPush({ pod }: { pod: string }) {
  const [namespace, name] = pod.split('/');
  return (
    <p class="pushes">
      {t('network.nobodyPushes')}{' '}
      <code>{`kubectl annotate pod -n ${namespace} ${name} kubette.dev/push-to=http://SERVICE:PORT/`}</code>
    </p>
  );
}
