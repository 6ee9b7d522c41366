/**
 * The forms of names and other short texts. Each function answers what is wrong, in upstream's words, and nothing for a
 * text that is right.
 */
export type Problems = readonly string[];

const FINE: Problems = [];

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const NAME_PART = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${NAME_PART})?`;
const CONFIG_KEY = '[-._a-zA-Z0-9]+';
const PERCENT = '[0-9]+%';
const HEADER_NAME = '[-A-Za-z0-9]+';
const CONDITION_REASON = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';

/** A pattern that the whole text must match, what to say if it does not, and how long it may be. */
interface Form {
  readonly pattern: RegExp;
  readonly problem: string;
  readonly max: number;
  /** What upstream counts the length in: labels and their like in bytes, all else in characters. */
  readonly unit: 'bytes' | 'characters';
}

function form(
  source: string,
  what: string,
  examples: readonly string[],
  max = Number.POSITIVE_INFINITY,
  unit: Form['unit'] = 'characters',
): Form {
  const shown = examples.map(example => `'${example}', `).join(' or ');
  return {
    pattern: new RegExp(`^${source}$`),
    problem: `${what} (${examples.length ? `e.g. ${shown}` : ''}regex used for validation is '${source}')`,
    max,
    unit,
  };
}

const FORMS = {
  label: form(
    LABEL,
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
    ['my-name', '123-abc'],
    63,
  ),
  subdomain: form(
    SUBDOMAIN,
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    ['example.com'],
    253,
  ),
  wildcard: form(
    `\\*\\.${SUBDOMAIN}`,
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
    ['*.example.com'],
    253,
  ),
  label1035: form(
    LABEL_1035,
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    ['my-name', 'abc-123'],
    63,
  ),
  namePart: form(
    NAME_PART,
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    ['MyName', 'my.name', '123-abc'],
    63,
    'bytes',
  ),
  labelValue: form(
    LABEL_VALUE,
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    ['MyValue', 'my_value', '12345'],
    63,
    'bytes',
  ),
  configKey: form(
    CONFIG_KEY,
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
    ['key.name', 'KEY_NAME', 'key-name'],
    253,
  ),
  percent: form(PERCENT, "a valid percent string must be a numeric string followed by an ending '%'", ['1%', '93%']),
  headerName: form(HEADER_NAME, "a valid HTTP header must consist of alphanumeric characters or '-'", [
    'X-Header-Name',
  ]),
  conditionReason: form(
    CONDITION_REASON,
    "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
    ['my_name', 'MY_NAME', 'MyName', 'ReasonA,ReasonB', 'ReasonA:ReasonB'],
  ),
};

function check(text: string, { pattern, problem, max, unit }: Form, before = ''): Problems {
  const isLong = text.length > max;
  const isRight = pattern.test(text);
  if (!isLong && isRight) return FINE;
  return [
    ...(isLong ? [`${before}must be no more than ${max} ${unit}`] : []),
    ...(isRight ? [] : [`${before}${problem}`]),
  ];
}

/** `generateName` may end in what only a suffix makes right: a dash. With it, upstream drops the sign before. */
const maskDash = (text: string, isPrefix: boolean) =>
  isPrefix && text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text;

/** RFC 1123 label: `my-name`. */
export function checkLabel(text: string, isPrefix = false): Problems {
  const masked = maskDash(text, isPrefix);
  const problems = check(masked, FORMS.label);
  if (problems.length === 0 || !FORMS.subdomain.pattern.test(masked)) return problems;
  // All that keeps a subdomain from being a label is its dots, or its length.
  return problems.map(problem => (problem === FORMS.label.problem ? 'must not contain dots' : problem));
}

/** RFC 1123 subdomain: `example.com`. */
export const checkSubdomain = (text: string, isPrefix = false): Problems =>
  check(maskDash(text, isPrefix), FORMS.subdomain);

/** A subdomain and all that are one step below it: `*.example.com`. */
export const checkWildcardSubdomain = (text: string): Problems => check(text, FORMS.wildcard);

/** RFC 1035 label, which begins with a letter. */
export const checkLabel1035 = (text: string, isPrefix = false): Problems =>
  check(maskDash(text, isPrefix), FORMS.label1035);

/** The value of a label. */
export const checkLabelValue = (text: string): Problems => check(text, FORMS.labelValue);

/** A key of a ConfigMap or Secret, which becomes a file name. */
export function checkConfigKey(text: string): Problems {
  const problems = check(text, FORMS.configKey);
  const dots = dotProblem(text);
  return dots ? [...problems, dots] : problems;
}

/** The name of an environment variable: printable ASCII but for `=`. */
export function checkEnvName(text: string): Problems {
  if (text === '') return ['environment variable name must be non-empty'];
  return PRINTABLE.test(text)
    ? FINE
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

const PRINTABLE = /^[ -<>-~]+$/;

/** A share such as `25%`. */
export const checkPercent = (text: string): Problems => check(text, FORMS.percent);
/** The name of an HTTP header. */
export const checkHeaderName = (text: string): Problems => check(text, FORMS.headerName);
/** The reason of a condition: a word in camel case. */
export const checkConditionReason = (text: string): Problems => check(text, FORMS.conditionReason);

function dotProblem(text: string): string | undefined {
  if (text === '.') return "must not be '.'";
  if (text === '..') return "must not be '..'";
  return text.startsWith('..') ? "must not start with '..'" : undefined;
}

/** `name` or `dns.subdomain/name`: keys of labels, annotations and taints, names of finalizers and of extended resources. */
export function checkQualifiedName(text: string): Problems {
  const slash = text.indexOf('/');
  if (slash < 0) return checkNamePart(text);
  if (text.indexOf('/', slash + 1) >= 0) return [QUALIFIED];
  const prefix = text.slice(0, slash);
  const before = prefix === '' ? ['prefix part must be non-empty'] : check(prefix, FORMS.subdomain, 'prefix part ');
  const name = checkNamePart(text.slice(slash + 1));
  return before.length ? [...before, ...name] : name;
}

const checkNamePart = (name: string): Problems =>
  name === ''
    ? ['name part must be non-empty', `name part ${FORMS.namePart.problem}`]
    : check(name, FORMS.namePart, 'name part ');

const QUALIFIED = `a qualified name ${FORMS.namePart.problem} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;

const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const HTTP_PATH_PATTERN = new RegExp(`^${HTTP_PATH}$`);

/** `example.com/some/path`: a name that belongs to a domain. */
export function checkDomainPath(text: string): Problems {
  const slash = text.indexOf('/');
  const path = text.slice(slash + 1);
  if (slash < 1 || path === '') return ['must be a domain-prefixed path (such as "acme.io/foo")'];
  const domain = checkSubdomain(text.slice(0, slash));
  return HTTP_PATH_PATTERN.test(path)
    ? domain
    : [...domain, `Invalid path (regex used for validation is '${HTTP_PATH}')`];
}

/** A port from 1 to 65535. */
export function checkPortNumber(port: number): Problems {
  return port >= 1 && port <= 65535 ? FINE : ['must be between 1 and 65535, inclusive'];
}

/** The name of a port: at most 15 of a-z, 0-9 and single dashes inside, with a letter among them. */
export function checkPortName(text: string): Problems {
  const problems: string[] = [];
  if (text.length > 15) problems.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(text))
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(text)) problems.push('must contain at least one letter (a-z)');
  if (text.includes('--')) problems.push('must not contain consecutive hyphens');
  if (text.startsWith('-') || text.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems;
}

/** A name that can stand in a path: what roles and bindings, whose names may have colons, must be. */
export function checkPathSegmentName(text: string, isPrefix = false): Problems {
  if (!isPrefix && (text === '.' || text === '..')) return [`may not be '${text}'`];
  return ['/', '%'].filter(sign => text.includes(sign)).map(sign => `may not contain '${sign}'`);
}
