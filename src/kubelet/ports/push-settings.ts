import { parseDuration } from '../../clock/duration.js';
import type { KubeObject } from '../../resources/types.js';

/**
 * What a pod tells others unasked.
 *
 * | annotation of the pod | value | meaning |
 * |---|---|---|
 * | `kubette.dev/push-to` | `http://sink:8080/in`, `statsd://sink:8125` | where: a Service (`name`, `name.namespace`, with `.svc.cluster.local` or not), or a host that is allowed |
 * | `kubette.dev/push-every` | duration | how often, by the cluster's clock; 10 s if absent |
 * | `kubette.dev/push-format` | `json`, `prometheus` | what is sent by HTTP; JSON if absent |
 */
const TO = 'kubette.dev/push-to';
const EVERY = 'kubette.dev/push-every';
const FORMAT = 'kubette.dev/push-format';
export const PUSH_ANNOTATIONS: readonly string[] = [TO, EVERY, FORMAT];

const USUAL_MS = 10_000;
const LEAST_MS = 100;

/** An annotation whose value cannot be understood. */
interface BadSetting {
  readonly key: string;
  readonly message: string;
}

export interface PushSettings {
  readonly scheme: 'http' | 'statsd';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly format: 'json' | 'prometheus';
  /** Milliseconds. */
  readonly every: number;
}

/** What a pod pushes; undefined if nothing, what is wrong if what it was told makes no sense. */
export function pushSettings({ metadata }: KubeObject): PushSettings | BadSetting | undefined {
  const annotations = metadata.annotations ?? {};
  const to = annotations[TO];
  if (to === undefined) return undefined;
  const [, scheme, host, port, path = '/'] = /^(http|statsd):\/\/([a-z0-9.-]+)(?::(\d{1,5}))?(\/\S*)?$/i.exec(to) ?? [];
  if (!host || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535)
    return { key: TO, message: `"${to}" is not an address such as http://sink:8080/in or statsd://sink:8125` };
  const every = annotations[EVERY] === undefined ? USUAL_MS : parseDuration(annotations[EVERY]);
  if (every === undefined || every < LEAST_MS)
    return { key: EVERY, message: `"${annotations[EVERY]}" is not a duration of 100ms or more, such as 10s` };
  const format = annotations[FORMAT] ?? 'json';
  if (format !== 'json' && format !== 'prometheus')
    return { key: FORMAT, message: `"${format}" is not one of json, prometheus` };
  const isHttp = scheme!.toLowerCase() === 'http';
  return {
    scheme: isHttp ? 'http' : 'statsd',
    host: host.toLowerCase(),
    port: port ? Number(port) : isHttp ? 80 : 8125,
    path,
    format,
    every,
  };
}
