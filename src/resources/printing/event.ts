import type { Event } from '../types.js';
import { age } from './age.js';
import { column, printer, wide } from './printer.js';

/** `kubectl get events`: the newest column first, the name only with `-o wide`. */
export const printEvent = printer<Event>(
  column('Last Seen', 'Time since it was last seen.', lastSeen),
  column('Type', 'Normal or Warning.', o => o.type ?? ''),
  column('Reason', 'Why, in a word for machines.', o => o.reason ?? ''),
  column('Object', 'What it is about.', object),
  wide('Subobject', 'The part of the object that it is about.', o => o.involvedObject.fieldPath ?? ''),
  wide('Source', 'Who reported it, and from which node.', source),
  column('Message', 'What happened, in words.', o => (o.message ?? '').trim()),
  wide('First Seen', 'Time since it was first seen.', (o, now) => age(o.firstTimestamp || o.eventTime, now)),
  wide('Count', 'How often it was seen.', count),
  { ...wide<Event>('Name', 'Name of the event.', o => o.metadata.name), format: 'name' },
);

function lastSeen(event: Event, now: number): string {
  if (event.series?.lastObservedTime) return age(event.series.lastObservedTime, now);
  return event.lastTimestamp ? age(event.lastTimestamp, now) : age(event.firstTimestamp || event.eventTime, now);
}

function object({ involvedObject: { kind = '', name = '' } }: Event): string {
  return name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase();
}

function source({ source = {}, reportingComponent, reportingInstance }: Event): string {
  const component = source.component || reportingComponent || '';
  const host = source.host || reportingInstance || '';
  return host ? `${component}, ${host}` : component;
}

/** A series says how often; an event of a single sighting may say nothing. */
function count({ series, count: single = 0, eventTime }: Event): number {
  if (series) return series.count ?? 0;
  return single === 0 && eventTime ? 1 : single;
}
