import { type FieldError, invalid, required } from '../field-error.js';
import { equalJson } from '../json.js';
import type { Event } from '../types.js';
import { addProblems, IMMUTABLE } from './messages.js';
import { checkQualifiedName } from './names.js';

/** What may not change, through the newer API: all but the series. */
const FIXED = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'type',
  'eventTime',
  'action',
  'related',
  'reportingComponent',
  'reportingInstance',
] as const;

/** An event is in the namespace of what it is about, or in `default` for objects that have none. */
export function validateEvent(event: Event): FieldError[] {
  const errors: FieldError[] = [];
  const { metadata, involvedObject } = event;
  const { namespace = '' } = metadata;
  const about = involvedObject.namespace ?? '';
  const isPlaced = event.eventTime
    ? about !== '' || namespace === 'default' || namespace === 'kube-system'
    : about === namespace || (about === '' && namespace === 'default');
  if (!isPlaced) errors.push(invalid('involvedObject.namespace', about, 'does not match event.namespace'));
  // Written through the old API, an event may leave everything else out.
  if (!event.eventTime) return errors;
  const { reportingComponent = '' } = event;
  if (!reportingComponent) errors.push(required('reportingController'));
  addProblems(errors, 'reportingController', reportingComponent, checkQualifiedName(reportingComponent));
  if (!event.reportingInstance) errors.push(required('reportingInstance'));
  if ((event.reportingInstance?.length ?? 0) > 128)
    errors.push(invalid('reportingInstance', '', 'can have at most 128 characters'));
  if (!event.action) errors.push(required('action'));
  if ((event.action?.length ?? 0) > 128) errors.push(invalid('action', '', 'can have at most 128 characters'));
  if (!event.reason) errors.push(required('reason'));
  if ((event.reason?.length ?? 0) > 128) errors.push(invalid('reason', '', 'can have at most 128 characters'));
  if ((event.message?.length ?? 0) > 1024) errors.push(invalid('message', '', 'can have at most 1024 characters'));
  return errors;
}

/** What must stay as it was where an event is written through the newer API. */
export function changedFields(event: Event, old: Event): FieldError[] {
  return FIXED.filter(field => !equalJson(event[field] || null, old[field] || null)).map(field =>
    invalid(field === 'reportingComponent' ? 'reportingController' : field, event[field], IMMUTABLE),
  );
}
