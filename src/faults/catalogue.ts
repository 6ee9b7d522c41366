import { checkDuration } from './latency.js';
import { BOOLEAN, COUNT, COUNTS, DURATION, type Form, oneOf, SECONDS, SHARE, TEXT } from './reading.js';
import type { FaultName } from './rule.js';

/** Where something can go wrong. */
export type Place = 'request' | 'commit' | 'webhook';

/** What can be said of a fault, and whom it can happen to. */
export interface FaultKind {
  /** Where it happens: to requests, if absent. */
  readonly place?: Place;
  readonly fields: Readonly<Record<string, Form>>;
  readonly required?: readonly string[];
  /** The verbs of the requests that it can happen to; any, if absent. */
  readonly verbs?: readonly string[];
  /** Whether it happens only to those that go on from somewhere: with a `resourceVersion` or a `continue` token. */
  readonly resumed?: boolean;
}

const ERROR_CODE: Form = [
  value => Number.isInteger(value) && (value as number) >= 400 && (value as number) <= 599,
  'a code from 400 to 599',
];
const CODE: Form = [
  value => Number.isInteger(value) && (value as number) >= 200 && (value as number) <= 599,
  'a code from 200 to 599',
];
const applied = { applied: BOOLEAN };
const watches = ['watch'];
const point = { events: COUNT, after: DURATION };
const retryAfter = { retryAfter: SECONDS };

/** All faults there are: docs/faults.md has a row for each. */
export const FAULTS: Readonly<Record<FaultName, FaultKind>> = {
  conflict: { fields: {}, verbs: ['update', 'patch', 'delete'] },
  tooManyRequests: { fields: retryAfter },
  storageInitializing: { fields: retryAfter, verbs: ['get', 'list', 'watch'] },
  etcdTimeout: { fields: applied },
  etcdLeaderChanged: { fields: applied },
  timeout: { fields: applied },
  unavailable: { fields: retryAfter },
  error: { fields: { code: ERROR_CODE, reason: TEXT, message: TEXT, ...retryAfter, ...applied }, required: ['code'] },
  latency: { fields: { by: checkDuration, clock: oneOf('cluster', 'machine'), ...applied }, required: ['by'] },
  connectionReset: { fields: applied },
  halfAnswer: { fields: {}, verbs: ['get', 'list', 'create', 'update', 'patch', 'delete', 'deletecollection'] },
  garbage: { fields: { code: CODE, body: TEXT, contentType: TEXT, ...applied } },
  emptyAnswer: { fields: { code: CODE, ...applied } },
  restart: { fields: { for: DURATION, refuse: oneOf('connection', '503'), ...applied } },
  gone: { fields: {}, verbs: ['list', 'watch'], resumed: true },
  watchGone: { fields: point, verbs: watches },
  watchEnds: { fields: point, verbs: watches },
  watchStalls: { fields: point, verbs: watches },
  halfFrame: { fields: point, verbs: watches },
  lateEvents: { fields: { by: checkDuration }, required: ['by'], verbs: watches },
  noBookmarks: { fields: {}, verbs: watches },
  duplicateEvents: { fields: { share: SHARE }, verbs: watches },
  reorderedEvents: { fields: {}, verbs: watches },
  missedEvents: { fields: { nth: COUNTS, every: COUNT, share: SHARE }, verbs: watches },
  staleRead: { fields: { revisions: COUNT, behind: DURATION }, verbs: ['get', 'list'] },
  slowDisk: { fields: { by: checkDuration }, required: ['by'], place: 'commit' },
  fullDisk: { fields: {}, place: 'commit' },
  webhookTimeout: { fields: {}, place: 'webhook' },
  webhookRefused: { fields: {}, place: 'webhook' },
};

/** Whether it happens to what a watch tells, later than at the request that opens it. */
export const isAboutEvents = (name: FaultName): boolean => FAULTS[name].verbs === watches;

export const placeOf = (name: FaultName): Place => FAULTS[name].place ?? 'request';
