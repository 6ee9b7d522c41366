import { parseDuration } from '../../clock/duration.js';
import type { KubeObject } from '../../resources/types.js';

/**
 * What answers on the ports of a pod. A setting is looked for on the pod, then on its node.
 *
 * | annotation | value | meaning |
 * |---|---|---|
 * | `kubette.dev/serve` | a word of {@link SERVICES} | what answers; `http` if absent |
 * | `kubette.dev/serve-body` | text | what `static` answers |
 * | `kubette.dev/serve-type` | media type | of that text; `text/plain` if absent |
 * | `kubette.dev/serve-status` | 200..599 | with what code `http` and `static` answer |
 * | `kubette.dev/serve-proxy` | `host:port` | where `proxy` leads: a program of the user's plays the pod |
 * | `kubette.dev/serve-delay` | duration | how long each answer takes, by the machine's time |
 * | `kubette.dev/serve-failures` | `10%` | which share of requests `http` and `static` answer with 500; connections are cut where there are no requests |
 */
const ANNOTATIONS = {
  service: 'kubette.dev/serve',
  body: 'kubette.dev/serve-body',
  type: 'kubette.dev/serve-type',
  status: 'kubette.dev/serve-status',
  proxy: 'kubette.dev/serve-proxy',
  delay: 'kubette.dev/serve-delay',
  failures: 'kubette.dev/serve-failures',
} as const;

/** What can answer on a port. */
const SERVICES = {
  http: 'a small HTTP service that tells who it is; what is no HTTP is said back',
  echo: 'says back whatever it hears',
  static: 'answers every request of HTTP with the same',
  proxy: 'hands every connection on',
  sink: 'remembers what comes, by HTTP and UDP, and shows the last of it at `/`',
  nothing: 'nobody listens',
} as const;

/** What answers on a pod's ports. */
export interface PortSettings {
  readonly service: keyof typeof SERVICES;
  readonly body: string;
  readonly type: string;
  readonly status: number;
  /** Where `proxy` leads. */
  readonly proxy: { readonly host: string; readonly port: number } | undefined;
  /** Milliseconds of the machine's time. */
  readonly delay: number;
  /** A share of 1. */
  readonly failures: number;
}

const DEFAULTS: PortSettings = {
  service: 'http',
  body: '',
  type: 'text/plain; charset=utf-8',
  status: 200,
  proxy: undefined,
  delay: 0,
  failures: 0,
};

export const PORT_ANNOTATIONS: readonly string[] = Object.values(ANNOTATIONS);

type Value = string | undefined;

/** How each is read; undefined for what makes no sense, which counts as absent. */
const READERS = {
  service: (text: string) => (Object.hasOwn(SERVICES, text) ? (text as PortSettings['service']) : undefined),
  body: (text: string) => text,
  type: (text: string) => (/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(;.*)?$/.test(text) ? text : undefined),
  status: (text: string) => (/^[2-5]\d\d$/.test(text) ? Number(text) : undefined),
  proxy: (text: string) => {
    const [, host, port] = /^(?:tcp:\/\/|http:\/\/)?(\[[\da-f:]+\]|[\w.-]+):(\d{1,5})\/?$/i.exec(text) ?? [];
    if (!host || !(Number(port) > 0 && Number(port) < 65_536)) return undefined;
    return { host: host.replace(/[[\]]/g, ''), port: Number(port) };
  },
  delay: (text: string) => parseDuration(text),
  failures: (text: string) => {
    const [, percent] = /^(\d{1,3}(?:\.\d+)?)%$/.exec(text) ?? [];
    return percent !== undefined && Number(percent) <= 100 ? Number(percent) / 100 : undefined;
  },
} as const;

const MEANT: Readonly<Record<keyof PortSettings, string>> = {
  service: `one of ${Object.keys(SERVICES).join(', ')}`,
  body: 'text',
  type: 'a media type such as text/html',
  status: 'a code from 200 to 599',
  proxy: 'an address such as 127.0.0.1:9100',
  delay: 'a duration such as 500ms or 1m30s',
  failures: 'a share such as 10%',
};

const KEYS = Object.keys(ANNOTATIONS) as (keyof PortSettings)[];

/** What answers on the ports of `pod` on `node`. */
export function portSettings(pod: KubeObject, node: KubeObject | undefined): PortSettings {
  const own = pod.metadata.annotations;
  const general = node?.metadata.annotations;
  if (!own && !general) return DEFAULTS;
  const settings: Record<string, unknown> = { ...DEFAULTS };
  for (const key of KEYS) {
    const value = read(key, own?.[ANNOTATIONS[key]]) ?? read(key, general?.[ANNOTATIONS[key]]);
    if (value !== undefined) settings[key] = value;
  }
  // Who says where to is understood.
  if (settings.proxy && own?.[ANNOTATIONS.service] === undefined && own?.[ANNOTATIONS.proxy])
    settings.service = 'proxy';
  return settings as unknown as PortSettings;
}

const read = (key: keyof PortSettings, text: Value) => (text === undefined ? undefined : READERS[key](text));

/** The annotations of `object` about its ports that make no sense. */
export function badPortAnnotations({ metadata }: KubeObject): { readonly key: string; readonly message: string }[] {
  return KEYS.flatMap(key => {
    const text = metadata.annotations?.[ANNOTATIONS[key]];
    if (text === undefined || READERS[key](text) !== undefined) return [];
    return [{ key: ANNOTATIONS[key], message: `"${text}" is not ${MEANT[key]}` }];
  });
}
