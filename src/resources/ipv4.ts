/** A range of IPv4 addresses: the first one as a number, and how many there are. */
export interface Range {
  readonly base: number;
  readonly size: number;
}

/** @throws Error if `cidr` is not an IPv4 range such as `10.128.0.0/9`. */
export function parseRange(cidr: string): Range {
  const [address = '', bits = ''] = cidr.split('/');
  const base = parseAddress(address);
  const length = /^\d{1,2}$/.test(bits) ? Number(bits) : Number.NaN;
  if (base === undefined || !(length <= 32)) throw new Error(`"${cidr}" is not an IPv4 range`);
  const size = 2 ** (32 - length);
  return { base: Math.floor(base / size) * size, size };
}

/** An address in dotted form. */
export function formatAddress(address: number): string {
  return `${Math.floor(address / 2 ** 24)}.${Math.floor(address / 2 ** 16) & 255}.${Math.floor(address / 256) & 255}.${address & 255}`;
}

const ADDRESS = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** An address in dotted form as a number; undefined if it is none. */
export function parseAddress(text: string): number | undefined {
  let address = 0;
  for (const part of ADDRESS.exec(text)?.slice(1) ?? ['none']) {
    if (!(Number(part) <= 255)) return undefined;
    address = address * 256 + Number(part);
  }
  return address;
}
