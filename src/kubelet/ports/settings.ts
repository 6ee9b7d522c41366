import { parseDuration } from '../../clock/duration.js';
import { type Bearer, readOne, readSettings, type SettingTable } from './setting-table.js';

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

export const DEFAULT_PORT_SETTINGS: PortSettings = {
  service: 'http',
  body: '',
  type: 'text/plain; charset=utf-8',
  status: 200,
  proxy: undefined,
  delay: 0,
  failures: 0,
};

/**
 * What answers on the ports of a pod. A setting is looked for on the pod, then on its node, then in the configuration.
 *
 * | annotation | value | meaning |
 * |---|---|---|
 * | `kubette.dev/serve` | a word of {@link SERVICES} | what answers; `http` if absent, `proxy` where only `serve-proxy` is said |
 * | `kubette.dev/serve-body` | text | what `static` answers |
 * | `kubette.dev/serve-type` | media type | of that text; `text/plain` if absent |
 * | `kubette.dev/serve-status` | 200..599 | with what code `http` and `static` answer |
 * | `kubette.dev/serve-proxy` | `host:port` | where `proxy` leads: a program of the user's plays the pod |
 * | `kubette.dev/serve-delay` | duration | how long each answer takes, by the machine's time |
 * | `kubette.dev/serve-failures` | `10%`, `0.1` | which share of requests `http` and `static` answer with 500; connections are cut where there are no requests |
 */
export const PORT_SETTINGS: SettingTable<PortSettings> = {
  service: {
    annotation: 'kubette.dev/serve',
    read: text => (Object.hasOwn(SERVICES, text) ? (text as PortSettings['service']) : undefined),
    meant: `one of ${Object.keys(SERVICES).join(', ')}`,
  },
  body: { annotation: 'kubette.dev/serve-body', read: text => text, meant: 'text' },
  type: {
    annotation: 'kubette.dev/serve-type',
    read: text => (/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(;.*)?$/.test(text) ? text : undefined),
    meant: 'a media type such as text/html',
  },
  status: {
    annotation: 'kubette.dev/serve-status',
    read: text => (/^[2-5]\d\d$/.test(text) ? Number(text) : undefined),
    meant: 'a code from 200 to 599',
  },
  proxy: {
    annotation: 'kubette.dev/serve-proxy',
    read(text) {
      const [, host, port] = /^(?:tcp:\/\/|http:\/\/)?(\[[\da-f:]+\]|[\w.-]+):(\d{1,5})\/?$/i.exec(text) ?? [];
      if (!host || !(Number(port) > 0 && Number(port) < 65_536)) return undefined;
      return { host: host.replace(/[[\]]/g, ''), port: Number(port) };
    },
    meant: 'an address such as 127.0.0.1:9100',
  },
  delay: { annotation: 'kubette.dev/serve-delay', read: parseDuration, meant: 'a duration such as 500ms or 1m30s' },
  failures: {
    annotation: 'kubette.dev/serve-failures',
    read(text) {
      const [, number, percent] = /^(\d{1,3}(?:\.\d+)?)(%?)$/.exec(text) ?? [];
      const share = Number(number) / (percent ? 100 : 1);
      return share <= 1 ? share : undefined;
    },
    meant: 'a share such as 10%',
  },
};

/**
 * What answers on the ports of a pod.
 * @param bearers the pod and its node, as far as there are any
 */
export function portSettings(bearers: readonly (Bearer | undefined)[], defaults = DEFAULT_PORT_SETTINGS): PortSettings {
  const settings = readSettings(PORT_SETTINGS, bearers, defaults);
  if (settings === defaults) return defaults;
  // Who says where to is understood.
  const says = bearers.find(bearer => said(bearer, 'service') ?? said(bearer, 'proxy'));
  return says && !said(says, 'service') ? { ...settings, service: 'proxy' } : settings;
}

const said = (bearer: Bearer | undefined, key: 'service' | 'proxy') =>
  readOne(PORT_SETTINGS, key, bearer?.metadata.annotations);
