import { events } from '../../resources/index.js';
import type { Event as EventObject } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import type { Connection, PageArguments } from '../connection.js';
import type { QueryEventsArgs } from '../generated.js';
import type { Seen, SeenEvent, View } from '../view.js';
import { descending, objectPage } from './pages.js';

/** When an event was told last. */
export const lastTold = ({ series, lastTimestamp, eventTime, metadata }: EventObject): string =>
  series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp;

type EventFilter = Partial<Omit<QueryEventsArgs, keyof PageArguments | 'at'>>;

/** Whether an event is one of those that are asked for. */
export function isAskedFor(
  { type, reason, involvedObject, message }: EventObject,
  asked: Pick<EventFilter, 'type' | 'reason' | 'kind' | 'name' | 'text'>,
): boolean {
  return (
    (asked.type == null || type === asked.type) &&
    (asked.reason == null || reason === asked.reason) &&
    (asked.kind == null || involvedObject.kind === asked.kind) &&
    (asked.name == null || involvedObject.name === asked.name) &&
    (!asked.text || Boolean(message?.toLowerCase().includes(asked.text.toLowerCase())))
  );
}

/** One page of those events that a filter leaves, newest first. */
export function eventPage(
  view: View,
  entries: readonly Entry<EventObject>[],
  { type, reason, kind, name, text, ...page }: EventFilter & PageArguments,
): Connection<SeenEvent> {
  const found = entries.filter(({ object }) => isAskedFor(object, { type, reason, kind, name, text }));
  return objectPage(view, found, page, ({ object }) => [descending(Date.parse(lastTold(object)))]);
}

/** The events about an object. What is told of objects without a namespace is in the namespace `default`. */
export function eventsAbout({ view, entry }: Seen, args: EventFilter & PageArguments): Connection<SeenEvent> {
  view.checkList(events, entry.namespace || 'default');
  return eventPage(view, view.placements.eventsAbout(entry), args);
}
