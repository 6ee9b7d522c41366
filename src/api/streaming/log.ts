import { StatusError } from '../../registry/status.js';
import type { ContainerRuntime, LogOptions } from '../../resources/container-runtime.js';
import type { Pod } from '../../resources/types.js';
import { type PodLogOptions, validatePodLogOptions } from '../../resources/validation/pod-log-options.js';
import type { Exchange } from '../http.js';
import { bool, int } from '../parameters.js';
import { chosenContainer } from './container.js';

/**
 * `GET pods/NAME/log`: the container's log as plain text; with `follow` as long as the container runs.
 * @param closing aborted when the server closes
 */
export async function sendLog(
  exchange: Exchange,
  runtime: ContainerRuntime,
  pod: Pod,
  now: number,
  closing: AbortSignal,
): Promise<void> {
  const { query } = exchange;
  const options = logOptions(query, pod.metadata.name, now);
  const container = chosenContainer(pod, query.get('container') ?? '');
  if (!pod.spec.nodeName) {
    exchange.empty(204); // where it does not run yet, it has said nothing yet
    return;
  }
  const gone = new AbortController();
  const pieces = runtime.log(pod, container, options, AbortSignal.any([gone.signal, closing]));
  const stream = exchange.stream('text/plain', true);
  let proceed = () => {};
  stream.onDrain(() => proceed());
  stream.onClose(() => {
    gone.abort();
    proceed();
  });
  for await (const text of pieces) {
    const hasRoom = stream.write(Buffer.from(text));
    if (!hasRoom && !stream.closed) {
      await new Promise<void>(resolve => {
        proceed = resolve;
      });
    }
    await new Promise(setImmediate); // others get their answers in between
  }
  stream.end();
}

/** @throws StatusError 400 for what cannot be read, 422 for what may not be asked */
function logOptions(query: URLSearchParams, pod: string, now: number): LogOptions {
  const sent: PodLogOptions = {
    ...optional('sinceSeconds', int(query, 'sinceSeconds')),
    ...optional('sinceTime', time(query, 'sinceTime')),
    ...optional('tailLines', int(query, 'tailLines')),
    ...optional('limitBytes', int(query, 'limitBytes')),
    stream: query.get('stream') || 'All',
  };
  const errors = validatePodLogOptions(sent);
  if (errors.length > 0) throw StatusError.invalid({ group: '', kind: 'PodLogOptions' }, pod, errors);
  const { sinceSeconds, sinceTime, tailLines, limitBytes, stream } = sent;
  const since = sinceSeconds === undefined ? sinceTime : now - sinceSeconds * 1000;
  return {
    follow: bool(query, 'follow') ?? false,
    previous: bool(query, 'previous') ?? false,
    timestamps: bool(query, 'timestamps') ?? false,
    ...optional('since', since),
    ...optional('tailLines', tailLines),
    ...optional('limitBytes', limitBytes),
    stream: stream as LogOptions['stream'],
  };
}

function optional<K extends string>(key: K, value: number | undefined): { [P in K]?: number } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: number };
}

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

function time(query: URLSearchParams, key: string): number | undefined {
  const text = query.get(key);
  if (!text || text === 'null') return undefined;
  const at = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) {
    const shown = JSON.stringify(text);
    throw StatusError.badRequest(
      `parsing time ${shown} as "2006-01-02T15:04:05Z07:00": cannot parse ${shown} as "2006"`,
    );
  }
  return at;
}
