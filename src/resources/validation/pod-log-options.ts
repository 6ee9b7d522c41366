import { type FieldError, forbidden, invalid, notSupported } from '../field-error.js';
import { checkNotNegative, POSITIVE } from './messages.js';

/** `PodLogOptions` as a client sent them. */
export interface PodLogOptions {
  readonly sinceSeconds?: number;
  /** ms since the epoch. */
  readonly sinceTime?: number;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly stream: string;
}

const STREAMS = ['All', 'Stdout', 'Stderr'];

/** Mirrors `ValidatePodLogOptions`, with the choice of a stream. */
export function validatePodLogOptions(options: PodLogOptions): FieldError[] {
  const errors: FieldError[] = [];
  const { sinceSeconds, sinceTime, tailLines, limitBytes, stream } = options;
  checkNotNegative(errors, 'tailLines', tailLines);
  if (limitBytes !== undefined && limitBytes < 1) errors.push(invalid('limitBytes', limitBytes, POSITIVE));
  if (sinceSeconds !== undefined && sinceTime !== undefined) {
    errors.push(forbidden('', 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  } else if (sinceSeconds !== undefined && sinceSeconds < 1) {
    errors.push(invalid('sinceSeconds', sinceSeconds, POSITIVE));
  }
  if (!STREAMS.includes(stream)) errors.push(notSupported('stream', stream, STREAMS));
  else if (stream !== 'All' && tailLines !== undefined) {
    errors.push(forbidden('', '`tailLines` and specific `stream` are mutually exclusive for now'));
  }
  return errors;
}
