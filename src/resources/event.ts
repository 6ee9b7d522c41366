import { define } from './define.js';
import { printEvent } from './printing/event.js';
import type { Event } from './types.js';
import { validateEvent } from './validation/event.js';
import { checkPathSegmentName } from './validation/names.js';

/** Who reports: the name is in either of two fields, by the age of the reporter. */
const sourceOf = (o: Event) => o.source?.component || o.reportingComponent || '';

export const events = define<Event>({
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  validName: checkPathSegmentName,
  selectableFields: {
    'involvedObject.kind': o => o.involvedObject.kind ?? '',
    'involvedObject.namespace': o => o.involvedObject.namespace ?? '',
    'involvedObject.name': o => o.involvedObject.name ?? '',
    'involvedObject.uid': o => o.involvedObject.uid ?? '',
    'involvedObject.apiVersion': o => o.involvedObject.apiVersion ?? '',
    'involvedObject.resourceVersion': o => o.involvedObject.resourceVersion ?? '',
    'involvedObject.fieldPath': o => o.involvedObject.fieldPath ?? '',
    reason: o => o.reason ?? '',
    reportingComponent: o => o.reportingComponent ?? '',
    source: sourceOf,
    type: o => o.type ?? '',
  },
  strategy: {
    createsOnUpdate: true,
    defaultPropagation: 'Unsupported',
    setDefaults(object) {
      object.involvedObject ??= {};
      object.source ??= {};
      object.firstTimestamp ??= null;
      object.lastTimestamp ??= null;
      object.eventTime ??= null;
      if (object.series) object.series.lastObservedTime ??= null;
      object.reportingComponent ??= '';
      object.reportingInstance ??= '';
    },
    validate: validateEvent,
    validateUpdate: validateEvent,
  },
  printer: printEvent,
});
