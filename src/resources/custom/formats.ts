const OCTET = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const IPV4 = new RegExp(`^${OCTET}(\\.${OCTET}){3}$`);
const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([Zz]|[+-]\d{2}:?\d{2})?$/;
const DURATION = /^[+-]?(0|(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h|d|w)((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h|d|w))*)$/;
const HOSTNAME = /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)*\.?$/;
const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const matches = (pattern: RegExp) => (text: string) => pattern.test(text);

function isIpv6(text: string): boolean {
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !text.includes(':')) return false;
  const tail = text.slice(text.lastIndexOf(':') + 1);
  const plain = tail.includes('.') ? (IPV4.test(tail) ? `${text.slice(0, -tail.length)}0:0` : '') : text;
  const halves = plain.split('::');
  if (plain === '' || halves.length > 2) return false;
  const groups = halves.flatMap(half => (half === '' ? [] : half.split(':')));
  if (!groups.every(group => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  return halves.length === 2 ? groups.length < 8 : groups.length === 8;
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^\d{1,3}$/.test(bits)) return false;
  return IPV4.test(address) ? Number(bits) <= 32 : isIpv6(address) && Number(bits) <= 128;
}

function isDate(text: string): boolean {
  return DATE.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}

const isUri = (text: string) => text.startsWith('/') || URL.canParse(text);

/** The formats of strings that are checked; upstream lets every other one pass. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: matches(/^[0-9a-fA-F]{24}$/),
  byte: matches(/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
  cidr: isCidr,
  creditcard: matches(/^\d(-?\d){12,18}$/),
  date: isDate,
  'date-time': text => DATE_TIME.test(text) && isDate(text.slice(0, 10)),
  datetime: text => DATE_TIME.test(text) && isDate(text.slice(0, 10)),
  duration: matches(DURATION),
  email: matches(/^[^\s@<>]+@[^\s@<>]+$/),
  hexcolor: matches(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  hostname: text => text.length <= 255 && HOSTNAME.test(text),
  ipv4: matches(IPV4),
  ipv6: isIpv6,
  isbn: matches(/^(\d[- ]?){9}[\dX]$|^(\d[- ]?){12}\d$/),
  isbn10: matches(/^(\d[- ]?){9}[\dX]$/),
  isbn13: matches(/^(\d[- ]?){12}\d$/),
  'k8s-long-name': text => text.length <= 253 && SUBDOMAIN.test(text),
  'k8s-short-name': matches(LABEL),
  mac: matches(/^[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}$/),
  password: () => true,
  rgbcolor: matches(/^rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)$/),
  ssn: matches(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  uri: isUri,
  uuid: matches(UUID),
  uuid3: text => UUID.test(text) && text.replaceAll('-', '')[12] === '3',
  uuid4: text => UUID.test(text) && /^.{12}4.{3}[89abAB]/.test(text.replaceAll('-', '')),
  uuid5: text => UUID.test(text) && /^.{12}5.{3}[89abAB]/.test(text.replaceAll('-', '')),
};

const withoutDashes = (format: string) => format.replaceAll('-', '');
const KNOWN: ReadonlySet<string> = new Set(Object.keys(FORMATS).map(withoutDashes));

/** Whether a format of strings means anything; dashes in its name count for nothing. */
export const isKnownFormat = (format: string): boolean => KNOWN.has(withoutDashes(format));

/** Whether a text has a format; true for formats that nobody checks. */
export function hasFormat(format: string, text: string): boolean {
  return Object.hasOwn(FORMATS, format) ? FORMATS[format]!(text) : true;
}

/** Ranges of the formats of integers. */
const INTEGERS: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };

/** Whether a number fits the format of integers that is asked for. */
export function fitsInteger(format: string, value: number): boolean {
  const limit = Object.hasOwn(INTEGERS, format) ? INTEGERS[format]! : undefined;
  return limit === undefined || (value >= -limit && value < limit);
}
