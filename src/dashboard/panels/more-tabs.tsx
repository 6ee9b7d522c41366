import type { Graph } from '../graph/client.js';
import { EVENTS, type EventsAnswer, YAML, type YamlAnswer } from '../graph/detail.js';
import { formatNumber, t } from '../i18n/index.js';
import { useAsked } from '../model/asked.js';
import { place } from '../model/place.js';
import type { Selection } from '../model/place-url.js';
import { askFor, type ObjectName } from './ask.js';
import { Asked, CopyBox, Gone, Heading } from './parts.js';

export interface ObjectTabProps {
  readonly graph: Graph;
  readonly object: ObjectName;
  readonly stamp: unknown;
}

export const variablesOf = ({ kind, namespace, name }: ObjectName) => ({
  kind,
  namespace,
  name,
  at: place.value.at ?? null,
});

/** An object as `kubectl get -o yaml` prints it. */
export function YamlTab({ graph, object, stamp }: ObjectTabProps) {
  const answer = useAsked<YamlAnswer>(graph, YAML, variablesOf(object), stamp);
  return (
    <Asked answer={answer}>
      {({ object: found }) =>
        found ? <CopyBox text={found.yaml} label={`${object.kind} ${object.name}`} /> : <Gone />
      }
    </Asked>
  );
}

/** What was told of an object, newest first. */
export function EventsTab({ graph, object, stamp }: ObjectTabProps) {
  const answer = useAsked<EventsAnswer>(graph, EVENTS, variablesOf(object), stamp);
  return (
    <Asked answer={answer}>
      {({ object: found }) => {
        if (!found) return <Gone />;
        const { nodes, totalCount } = found.events;
        if (totalCount === 0) return <p class="quiet">{t('detail.noEvents', { name: object.name })}</p>;
        return (
          <section>
            <Heading text={object.name} count={totalCount} />
            <ol class="events">
              {nodes.map(({ id, type, reason, message, count, lastTimestamp }) => (
                <li key={id} class={type === 'Warning' ? 'warning' : undefined}>
                  <span class="what">{reason}</span>
                  {count > 1 && <span class="badge">×{formatNumber(count)}</span>}
                  {lastTimestamp && <time dateTime={lastTimestamp}>{clockTime(lastTimestamp)}</time>}
                  <span class="reason">{message}</span>
                </li>
              ))}
            </ol>
          </section>
        );
      }}
    </Asked>
  );
}

/** A time of the cluster without its date's noise: `11-24 10:00:05`, in UTC as everywhere else. */
export const clockTime = (time: string): string => time.slice(5, 19).replace('T', ' ');

/** The same as a query, and as kubectl asks it. */
export function AskTab({ graph, selection, object }: { graph: Graph; selection: Selection; object: ObjectName }) {
  const { query, variables, kubectl } = askFor(selection, object, place.value.at);
  const search = new URLSearchParams({ query, variables: JSON.stringify(variables, null, 2) });
  const server = new URL(graph.prefix, location.href).href.replace(/\/$/, '');
  return (
    <>
      <section>
        <Heading text="GraphQL" />
        <p>
          <a href={`${graph.prefix}graphql?${search}`}>{t('detail.openPlayground')}</a>
        </p>
        <CopyBox text={query} label="GraphQL" />
      </section>
      <section>
        <Heading text="kubectl" />
        <p class="quiet">{t('detail.kubectlHint')}</p>
        <CopyBox
          text={kubectl.map(line => line.replace(/^kubectl /, `kubectl --server ${server} `)).join('\n')}
          label="kubectl"
          wrap
        />
      </section>
    </>
  );
}
