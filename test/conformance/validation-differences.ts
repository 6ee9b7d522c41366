/**
 * Requests of validation.json that 1.35 answers otherwise than the v1.20.2 that was recorded; differences.md has the
 * reasons. Values that are written as JSON rather than in Go's syntax are not listed, since they concern most answers.
 */
export const VALIDATION_DIFFERENCES: Readonly<
  Record<string, { status: number; reason?: string; causes?: readonly string[] }>
> = {
  'DaemonSet/label-long-value': invalid(
    `metadata.labels: FieldValueInvalid: Invalid value: "${'x'.repeat(64)}": must be no more than 63 bytes`,
  ),
  'DaemonSet/request-over-limit': invalid(
    'spec.template.spec.containers[0].resources.requests: FieldValueInvalid: Invalid value: "2": must be less than or equal to cpu limit of 1',
  ),
  'DaemonSet/env-bad-name': { status: 201 },
  'DaemonSet/hostname-bad': invalid(
    'spec.template.spec.hostname: FieldValueInvalid: Invalid value: "a.b": must not contain dots',
  ),
  'DaemonSet/unavailable-zero': invalid(
    'spec.updateStrategy.rollingUpdate.maxUnavailable: FieldValueRequired: Required value: cannot be 0 when maxSurge is 0',
  ),
  'Namespace/name-dots': invalid('metadata.name: FieldValueInvalid: Invalid value: "a.b": must not contain dots'),
  'Namespace/name-long': invalid(
    `metadata.labels: FieldValueInvalid: Invalid value: "${'a'.repeat(64)}": must be no more than 63 bytes`,
    `metadata.name: FieldValueInvalid: Invalid value: "${'a'.repeat(64)}": must be no more than 63 characters`,
  ),
};

function invalid(...causes: string[]) {
  return { status: 422, reason: 'Invalid', causes };
}

/** What is only worded otherwise since v1.20, pattern → what both come down to; differences.md has the reasons. */
const WORDINGS: readonly [RegExp, string][] = [
  [/no more than 63 (?:characters|bytes)/, 'no more than 63'],
  [/( limit)(?: of \S+)?$/, '$1'],
  [/at least one letter(?: or number)? \(a-z(?:, 0-9)?\)/, 'at least one letter'],
  [/pod updates may not change fields other than.*/s, 'pod updates may not change other fields'],
  [/(is immutable after creation).*/s, '$1'],
  [/, `configMapKeyRef`(?:, | or )`secretKeyRef`(?: or `fileKeyRef`)?/, ' and keys'],
  [/PersistentVolumeClaim for block mode/, 'PersistentVolumeClaim or Ephemeral for block mode'],
  [/"ReadWriteOnce", "ReadWriteOncePod"/, '"ReadWriteOnce"'],
  [/must be a valid IP address.*/, 'must be a valid IP address'],
  [/Too long: (?:must have at most|may not be more than) (\d+) \w+/, 'Too long: $1'],
];

/** A cause as both versions would put it. */
export const asToday = (cause: string): string =>
  WORDINGS.reduce((before, [pattern, now]) => before.replace(pattern, now), cause);
