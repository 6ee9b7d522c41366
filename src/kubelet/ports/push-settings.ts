import { parseDuration } from '../../clock/duration.js';
import { type Bearer, readSettings, type SettingTable } from './setting-table.js';

const USUAL_MS = 10_000;
const LEAST_MS = 100;
/** Of whom others say that it pushes, and who does not. */
const NOWHERE = 'nothing';

/** Where a pod pushes to. */
interface Target {
  readonly scheme: 'http' | 'statsd';
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** What is said about a pod's pushes. */
export interface PushTold {
  readonly to: Target | typeof NOWHERE;
  readonly format: 'json' | 'prometheus';
  /** Milliseconds. */
  readonly every: number;
}

export const DEFAULT_PUSH: PushTold = { to: NOWHERE, format: 'json', every: USUAL_MS };

/** What a pod pushes. */
export interface PushSettings extends Target, Pick<PushTold, 'format' | 'every'> {}

/**
 * What a pod tells others unasked. A setting is looked for on the pod, then on its node, then in the configuration.
 *
 * | annotation | value | meaning |
 * |---|---|---|
 * | `kubette.dev/push-to` | `http://sink:8080/in`, `statsd://sink:8125`, `nothing` | where: a Service (`name`, `name.namespace`, with `.svc.cluster.local` or not), or a host that is allowed |
 * | `kubette.dev/push-every` | duration | how often, by the cluster's clock; 10 s if absent |
 * | `kubette.dev/push-format` | `json`, `prometheus` | what is sent by HTTP; JSON if absent |
 */
export const PUSH_SETTINGS: SettingTable<PushTold> = {
  to: {
    annotation: 'kubette.dev/push-to',
    read: text => (text === NOWHERE ? NOWHERE : targetOf(text)),
    meant: 'an address such as http://sink:8080/in or statsd://sink:8125',
  },
  every: {
    annotation: 'kubette.dev/push-every',
    read(text) {
      const ms = parseDuration(text);
      return ms !== undefined && ms >= LEAST_MS ? ms : undefined;
    },
    meant: 'a duration of 100ms or more, such as 10s',
  },
  format: {
    annotation: 'kubette.dev/push-format',
    read: text => (text === 'json' || text === 'prometheus' ? text : undefined),
    meant: 'one of json, prometheus',
  },
};

/**
 * What a pod pushes; undefined if nothing.
 * @param bearers the pod and its node, as far as there are any
 */
export function pushSettings(bearers: readonly (Bearer | undefined)[], defaults: PushTold): PushSettings | undefined {
  const { to, ...how } = readSettings(PUSH_SETTINGS, bearers, defaults);
  return to === NOWHERE ? undefined : { ...to, ...how };
}

function targetOf(text: string): Target | undefined {
  const [, scheme, host, port, path = '/'] =
    /^(http|statsd):\/\/([a-z0-9.-]+)(?::(\d{1,5}))?(\/\S*)?$/i.exec(text) ?? [];
  if (!host || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535) return undefined;
  const isHttp = scheme!.toLowerCase() === 'http';
  return {
    scheme: isHttp ? 'http' : 'statsd',
    host: host.toLowerCase(),
    port: port ? Number(port) : isHttp ? 80 : 8125,
    path,
  };
}
