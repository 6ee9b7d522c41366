import { type FieldError, invalid } from '../field-error.js';

/** How much the Pod Security Standards let pods do, the strictest last. */
const LEVELS = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof LEVELS)[number];

const PREFIX = 'pod-security.kubernetes.io/';
const VERSION = /^v1\.(0|[1-9]\d*)$/;

/** What pods are held against: a level, as a version of Kubernetes had it. */
export interface Standard {
  readonly level: Level;
  /** `latest` or `v1.x`. */
  readonly version: string;
}

/** What the labels of a namespace want of pods. */
export interface PodSecurityPolicy {
  /** What pods must keep to. */
  readonly enforce: Standard;
  /** What users are told when they do not keep to. */
  readonly warn: Standard;
  /** What is wrong with the labels. */
  readonly errors: readonly FieldError[];
}

const ANYTHING: Standard = { level: 'privileged', version: 'latest' };
const NO_POLICY: PodSecurityPolicy = { enforce: ANYTHING, warn: ANYTHING, errors: [] };

/** `restricted:latest`. */
export const standardText = ({ level, version }: Standard): string => `${level}:${version}`;

/** Whether `a` lets pods do less than `b`. */
export const isStricter = (a: Level, b: Level): boolean => LEVELS.indexOf(a) > LEVELS.indexOf(b);

/** The minor version that a version of a standard names; that of `latest` is beyond all. */
export const minorOf = (version: string): number => Number(VERSION.exec(version)?.[1] ?? Number.POSITIVE_INFINITY);

/** What the labels of a namespace say. What cannot be read is enforced strictly, and warned of not at all. */
export function podSecurityPolicy(labels: Readonly<Record<string, string>> | undefined): PodSecurityPolicy {
  if (!labels || !isLabelled(labels)) return NO_POLICY;
  const errors: FieldError[] = [];
  const enforce = readMode(labels, 'enforce', 'restricted', errors);
  readMode(labels, 'audit', 'privileged', errors);
  const warn = readMode(labels, 'warn', 'privileged', errors);
  const isSilent = labels[`${PREFIX}warn`] === undefined && isStricter(enforce.level, warn.level);
  return { enforce, warn: isSilent ? likeEnforced(labels, enforce, warn) : warn, errors };
}

function isLabelled(labels: Readonly<Record<string, string>>): boolean {
  for (const key in labels) if (key.startsWith(PREFIX)) return true;
  return false;
}

function readMode(
  labels: Readonly<Record<string, string>>,
  mode: 'enforce' | 'audit' | 'warn',
  unreadable: Level,
  errors: FieldError[],
): Standard {
  const label = `${PREFIX}${mode}`;
  const { [label]: level = ANYTHING.level, [`${label}-version`]: version = ANYTHING.version } = labels;
  const known = LEVELS.find(one => one === level);
  if (!known) errors.push(invalid(`metadata.labels[${label}]`, level, `must be one of ${LEVELS.join(', ')}`));
  const isVersion = version === 'latest' || VERSION.test(version);
  if (!isVersion) errors.push(invalid(`metadata.labels[${label}-version]`, version, 'must be "latest" or "v1.x"'));
  return { level: known ?? unreadable, version: isVersion ? version : ANYTHING.version };
}

/** Who does not say what to warn of is warned of what is enforced: templates, which are always let in, are told of so. */
const likeEnforced = (labels: Readonly<Record<string, string>>, enforce: Standard, warn: Standard): Standard => ({
  level: enforce.level,
  version: labels[`${PREFIX}warn-version`] === undefined ? enforce.version : warn.version,
});
