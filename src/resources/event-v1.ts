import { define } from './define.js';
import type { AnyDraft } from './definition.js';
import { events } from './event.js';
import { type FieldError, invalid, required } from './field-error.js';
import { equalJson, type JsonObject } from './json.js';
import { printEvent } from './printing/event.js';
import type { Event, KubeObject } from './types.js';
import { changedFields, validateEvent } from './validation/event.js';

/** Fields of the newer version → what the core group calls them. All others are called alike. */
const NAMES: Readonly<Record<string, keyof Event>> = {
  regarding: 'involvedObject',
  note: 'message',
  reportingController: 'reportingComponent',
  deprecatedSource: 'source',
  deprecatedFirstTimestamp: 'firstTimestamp',
  deprecatedLastTimestamp: 'lastTimestamp',
  deprecatedCount: 'count',
};
const NEW_NAMES = Object.fromEntries(Object.entries(NAMES).map(([name, old]) => [old, name]));

function renamed(object: object, names: Readonly<Record<string, string>>, apiVersion: string): JsonObject {
  const fields = Object.entries(object).map(([field, value]) => [names[field] ?? field, value] as const);
  return { ...Object.fromEntries(fields), apiVersion };
}

const toCore = (object: AnyDraft) => renamed(object, NAMES, 'v1') as unknown as AnyDraft & Event;
const fromCore = (object: KubeObject) => renamed(object, NEW_NAMES, 'events.k8s.io/v1') as unknown as KubeObject;

const { selectableFields: core } = events;

/** Events as `events.k8s.io/v1` has them: one and the same objects under other names of fields. */
export const eventsV1 = define({
  group: 'events.k8s.io',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  selectableFields: Object.fromEntries(
    Object.entries(core)
      .filter(([field]) => field !== 'source')
      .map(([field, valueIn]) => [
        field.replace(/^involvedObject|^reportingComponent/, was => NEW_NAMES[was]!),
        valueIn,
      ]),
  ) as (typeof events)['selectableFields'],
  stored: { kind: events, toStored: toCore, fromStored: fromCore, problems: newEventProblems },
  printer: { columns: printEvent.columns, cells: (object, now) => printEvent.cells(toCore(object), now) },
});

const TYPES = ['Normal', 'Warning'];

/** What the newer version asks of an event that is written through it, said of the fields as they are stored. */
function newEventProblems(object: AnyDraft, old?: KubeObject): FieldError[] {
  const renamed = toCore(object);
  const event = { ...renamed, involvedObject: renamed.involvedObject ?? {} };
  if (old) {
    const { series } = old as Event;
    const errors = equalJson(event.series, series) ? [] : seriesProblems(event);
    const changed = changedFields(event, old as Event);
    // All is told at once.
    return errors.length + changed.length > 0 ? [...validateEvent(event), ...errors, ...changed] : [];
  }
  const errors = seriesProblems(event);
  const { type = '' } = event;
  if (!event.eventTime) errors.push(required('eventTime'));
  if (!TYPES.includes(type)) errors.push(invalid('type', '', `has invalid value: ${type}`));
  const { firstTimestamp, lastTimestamp, count, source } = event;
  const formerly = { firstTimestamp, lastTimestamp, count, source: source?.component || source?.host };
  for (const [field, value] of Object.entries(formerly))
    if (value) errors.push(invalid(field, '', 'needs to be unset'));
  return errors;
}

function seriesProblems({ series }: Event): FieldError[] {
  const errors: FieldError[] = [];
  if (series && (series.count ?? 0) < 2) errors.push(invalid('series.count', '', 'should be at least 2'));
  if (series && !series.lastObservedTime) errors.push(required('series.lastObservedTime'));
  return errors;
}
