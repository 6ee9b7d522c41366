import { isIPv4, isIPv6 } from 'node:net';
import { CelFailure, MapValue, Opaque, type Value } from '../values.js';
import { once, type Row, scanFirst } from './overload.js';

/** An absolute URL, or an absolute path. */
class Url extends Opaque {
  readonly type = 'kubernetes.URL';
  private readonly url: URL;
  private readonly isPath: boolean;

  constructor(readonly text: string) {
    super();
    this.isPath = text.startsWith('/');
    this.url = new URL(text, this.isPath ? 'path://path' : undefined);
  }

  static parse(text: string): Url | undefined {
    const isRelative = !text.startsWith('/') && !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(text);
    if (isRelative || /[\s\p{Cc}]/u.test(text) || /%(?![0-9a-fA-F]{2})/.test(text)) return undefined;
    try {
      return new Url(text);
    } catch {
      return undefined;
    }
  }

  override equals(other: Opaque): boolean {
    return other instanceof Url && other.text === this.text;
  }

  get scheme(): string {
    return this.isPath ? '' : this.url.protocol.slice(0, -1);
  }

  get host(): string {
    if (this.isPath) return '';
    return /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)/.exec(this.text)?.[1] ?? '';
  }

  get hostname(): string {
    return this.host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  }

  get port(): string {
    return /:(\d*)$/.exec(this.host)?.[1] ?? '';
  }

  get escapedPath(): string {
    const path = this.text.replace(/[?#].*$/s, '');
    return this.isPath ? path : path.replace(/^[^:]*:(\/\/[^/]*)?/, '');
  }

  get query(): MapValue {
    const map = new MapValue();
    for (const key of new Set(this.url.searchParams.keys())) map.set(key, this.url.searchParams.getAll(key));
    return map;
  }
}

/** An address as bytes: 4 or 16 of them. */
class Ip extends Opaque {
  readonly type = 'net.IP';

  constructor(
    readonly bytes: readonly number[],
    readonly text: string,
  ) {
    super();
  }

  static parse(text: string): Ip | undefined {
    if (isIPv4(text)) return new Ip(text.split('.').map(Number), text);
    // Neither zones, nor IPv4 addresses in the dress of IPv6.
    if (!isIPv6(text) || text.includes('%')) return undefined;
    const bytes = bytesOf(text);
    const isMapped = bytes.slice(0, 10).every(byte => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
    return isMapped ? undefined : new Ip(bytes, canonical(bytes));
  }

  override equals(other: Opaque): boolean {
    return other instanceof Ip && other.text === this.text;
  }

  get isV4(): boolean {
    return this.bytes.length === 4;
  }

  startsWith(...bytes: number[]): boolean {
    return bytes.every((byte, i) => this.bytes[i] === byte);
  }
}

/** The bytes of an IPv6 address. */
function bytesOf(text: string): number[] {
  const v4 = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const tail = v4 ? v4[2]!.split('.').map(Number) : [];
  const [before = '', after] = (v4 ? v4[1]!.replace(/([^:]):$/, '$1') : text).split('::');
  const groups = (part: string | undefined) =>
    (part || undefined)?.split(':').flatMap(group => {
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 255];
    }) ?? [];
  const [head, end] = [groups(before), [...groups(after), ...tail]];
  return after === undefined
    ? [...head, ...tail]
    : [...head, ...new Array<number>(16 - head.length - end.length).fill(0), ...end];
}

/** An IPv6 address as RFC 5952 writes it: the longest run of zeros left out. */
function canonical(bytes: readonly number[]): string {
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i]! << 8) | bytes[2 * i + 1]!);
  let [start, length] = [-1, 1];
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (groups[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
  }
  const hex = (part: readonly number[]) => part.map(group => group.toString(16)).join(':');
  return start < 0 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

class Cidr extends Opaque {
  readonly type = 'net.CIDR';

  constructor(
    readonly address: Ip,
    readonly bits: number,
  ) {
    super();
  }

  static parse(text: string): Cidr | undefined {
    const [, address = '', bits = ''] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
    const ip = Ip.parse(address);
    return ip && Number(bits) <= ip.bytes.length * 8 ? new Cidr(ip, Number(bits)) : undefined;
  }

  override equals(other: Opaque): boolean {
    return other instanceof Cidr && other.bits === this.bits && other.address.equals(this.address);
  }

  masked(): Cidr {
    const bytes = this.address.bytes.map((byte, i) => {
      const kept = Math.max(0, Math.min(8, this.bits - 8 * i));
      return byte & (0xff00 >> kept) & 255;
    });
    return new Cidr(new Ip(bytes, this.address.isV4 ? bytes.join('.') : canonical(bytes)), this.bits);
  }

  contains(ip: Ip): boolean {
    return (
      ip.bytes.length === this.address.bytes.length &&
      new Cidr(ip, this.bits).masked().address.equals(this.masked().address)
    );
  }

  containsCidr(other: Cidr): boolean {
    return other.bits >= this.bits && this.contains(other.address);
  }

  override toString(): string {
    return `${this.address.text}/${this.bits}`;
  }
}

function needed<T>(found: T | undefined, what: string, text: string): T {
  if (found === undefined) throw new CelFailure(`${what} parse error during conversion from string: "${text}"`);
  return found;
}

const url = (text: string) => needed(Url.parse(text), 'URL', text);
const ip = (text: string) => needed(Ip.parse(text), 'IP Address', text);
const cidr = (text: string) => needed(Cidr.parse(text), 'CIDR', text);

export const NETWORK: readonly Row[] = [
  ['url(string) URL', url, scanFirst],
  ['isURL(string) bool', (text: string) => Url.parse(text) !== undefined, scanFirst],
  ['URL.getScheme() string', (of: Url) => of.scheme],
  ['URL.getHost() string', (of: Url) => of.host],
  ['URL.getHostname() string', (of: Url) => of.hostname],
  ['URL.getPort() string', (of: Url) => of.port],
  ['URL.getEscapedPath() string', (of: Url) => of.escapedPath],
  ['URL.getQuery() map<string, list<string>>', (of: Url) => of.query as Value],
  ['ip(string) IP', ip, scanFirst],
  ['isIP(string) bool', (text: string) => Ip.parse(text) !== undefined, scanFirst],
  ['ip.isCanonical(string) bool', (text: string) => ip(text).text === text, scanFirst],
  ['string(IP) string', (of: Ip) => of.text],
  ['IP.family() int', (of: Ip) => (of.isV4 ? 4n : 6n)],
  ['IP.isUnspecified() bool', (of: Ip) => of.bytes.every(byte => byte === 0)],
  [
    'IP.isLoopback() bool',
    (of: Ip) => (of.isV4 ? of.startsWith(127) : of.bytes.every((byte, i) => byte === (i === 15 ? 1 : 0))),
  ],
  [
    'IP.isLinkLocalMulticast() bool',
    (of: Ip) => (of.isV4 ? of.startsWith(224, 0, 0) : of.startsWith(255) && (of.bytes[1]! & 15) === 2),
  ],
  [
    'IP.isLinkLocalUnicast() bool',
    (of: Ip) => (of.isV4 ? of.startsWith(169, 254) : of.startsWith(254) && (of.bytes[1]! & 0xc0) === 0x80),
  ],
  [
    'IP.isGlobalUnicast() bool',
    (of: Ip) =>
      !of.bytes.every(byte => byte === 0) &&
      (of.isV4
        ? !of.startsWith(127) && of.bytes[0]! < 224 && !of.startsWith(169, 254)
        : !of.startsWith(255) &&
          !(of.startsWith(254) && (of.bytes[1]! & 0xc0) === 0x80) &&
          !of.bytes.every((byte, i) => byte === (i === 15 ? 1 : 0))),
  ],
  ['cidr(string) CIDR', cidr, scanFirst],
  ['isCIDR(string) bool', (text: string) => Cidr.parse(text) !== undefined, scanFirst],
  ['string(CIDR) string', String],
  ['CIDR.ip() IP', (of: Cidr) => of.address],
  ['CIDR.prefixLength() int', (of: Cidr) => BigInt(of.bits)],
  ['CIDR.masked() CIDR', (of: Cidr) => of.masked()],
  ['CIDR.containsIP(IP) bool', (of: Cidr, other: Ip) => of.contains(other), once],
  ['CIDR.containsIP(string) bool', (of: Cidr, text: string) => of.contains(ip(text)), once],
  ['CIDR.containsCIDR(CIDR) bool', (of: Cidr, other: Cidr) => of.containsCidr(other), once],
  ['CIDR.containsCIDR(string) bool', (of: Cidr, text: string) => of.containsCidr(cidr(text)), once],
];
