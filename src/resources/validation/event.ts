import { type FieldError, invalid, required } from '../field-error.js';
import { equalJson } from '../json.js';
import type { Event } from '../types.js';
import { IMMUTABLE } from './messages.js';
import { checkQualifiedName } from './names.js';

/** What an event of the new kind (one with `eventTime`) may not change any more, but for its series. */
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
  if (about ? about !== namespace : namespace !== '' && namespace !== 'default' && namespace !== 'kube-system') {
    errors.push(invalid('involvedObject.namespace', about, 'does not match event.namespace'));
  }
  // Written through the old API, an event may leave everything else out.
  if (!event.eventTime) return errors;
  if (!event.reportingComponent) errors.push(required('reportingController'));
  else
    for (const problem of checkQualifiedName(event.reportingComponent))
      errors.push(invalid('reportingController', event.reportingComponent, problem));
  if (!event.reportingInstance) errors.push(required('reportingInstance'));
  if ((event.reportingInstance?.length ?? 0) > 128)
    errors.push(invalid('reportingInstance', event.reportingInstance, 'can have at most 128 characters'));
  if (!event.action) errors.push(required('action'));
  if ((event.action?.length ?? 0) > 128)
    errors.push(invalid('action', event.action, 'can have at most 128 characters'));
  if (!event.reason) errors.push(required('reason'));
  if ((event.reason?.length ?? 0) > 128)
    errors.push(invalid('reason', event.reason, 'can have at most 128 characters'));
  if ((event.message?.length ?? 0) > 1024)
    errors.push(invalid('message', event.message, 'can have at most 1024 characters'));
  return errors;
}

/** As on create; of the new kind, only the series may change. */
export function validateEventUpdate(event: Event, old: Event): FieldError[] {
  const errors = validateEvent(event);
  if (!old.eventTime) return errors;
  for (const field of FIXED)
    if (!equalJson(event[field], old[field])) errors.push(invalid(field, event[field], IMMUTABLE));
  return errors;
}
