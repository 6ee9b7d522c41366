import type { Network } from '../../network/network.js';
import { pods } from '../../resources/index.js';
import type { Pod } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import type { GraphContext } from '../context.js';
import type { PodsThatPushResolvers, Push } from '../generated.js';
import type { View } from '../view.js';
import { podPage } from './pods.js';

type PushSettings = NonNullable<ReturnType<Network['whatIsPushed']>>;

/** Pods that push the same, and the view that they were seen in. */
export interface SeenPushers {
  readonly view: View;
  readonly push: Push;
  readonly entries: readonly Entry<Pod>[];
}

/** The fields of type PodsThatPush. */
export const PodsThatPush: PodsThatPushResolvers = {
  push: ({ push }) => push,
  pods: ({ view, entries }, args) => podPage(view, entries, args),
};

/** What a pod pushes; null if nothing, and in worlds without a network, where nobody does. */
export function pushOf(view: View, context: GraphContext, pod: Pod): Push | null {
  const settings = networkOf(view, context)?.whatIsPushed(pod);
  return settings ? pushShown(settings) : null;
}

/** The pods that push, by what they push, the most first. @throws StatusError 403 */
export function pushersOf(view: View, context: GraphContext): SeenPushers[] {
  const all = view.all(pods);
  const network = networkOf(view, context);
  if (!network) return [];
  const found = new Map<string, { readonly push: Push; readonly entries: Entry<Pod>[] }>();
  for (const entry of all) {
    const settings = network.whatIsPushed(entry.object);
    if (!settings) continue;
    const push = pushShown(settings);
    const key = JSON.stringify(push);
    const known = found.get(key);
    if (known) known.entries.push(entry);
    else found.set(key, { push, entries: [entry] });
  }
  return [...found.values()]
    .map(group => ({ view, ...group }))
    .sort((a, b) => b.entries.length - a.entries.length || a.push.to.localeCompare(b.push.to));
}

/** Sockets are of the present alone. */
const networkOf = (view: View, { network, views }: GraphContext) =>
  view.registry === views.present.registry ? network?.present() : undefined;

const FORMATS = { json: 'JSON', prometheus: 'PROMETHEUS' } as const;

function pushShown({ scheme, host, port, path, format, every }: PushSettings): Push {
  const isHttp = scheme === 'http';
  return {
    to: `${scheme}://${host}:${port}${isHttp ? path : ''}`,
    everySeconds: every / 1000,
    format: isHttp ? FORMATS[format] : 'STATSD',
  };
}
