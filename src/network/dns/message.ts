import { type Answer, decode, encode, type OptAnswer } from 'dns-packet';
import type { DnsRecord, Question, Rcode, Reply } from './records.js';

/** As long as a message can be: what TCP can say of its length. */
export const LARGEST_MESSAGE = 65_535;
const HEADER_BYTES = 12;
/** An OPT record without options. */
const OPT_BYTES = 11;
/** What a pointer to an earlier name can reach. */
const FURTHEST_POINTER = 0x3fff;
/** How large a datagram of a question may be. */
const RECEIVED_BYTES = 4096;

const RCODES: Readonly<Record<Rcode, number>> = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
};

const FLAGS = { response: 0x8000, opcode: 0x7800, authoritative: 0x0400, truncated: 0x0200, recursionDesired: 0x0100 };
const CLASS_IN = 1;
/** Types that are no data: transfers and ANY among them (128 to 255), and OPT. */
const isMeta = (type: number): boolean => type === 41 || (type >= 128 && type <= 255);

/** A message that wants an answer. */
export interface Query {
  readonly id: number;
  /** What of its flags comes back: the opcode, and whether recursion is desired, which we never do. */
  readonly flags: number;
  /** Undefined where {@link problem} says why nothing is looked up. */
  readonly question: Question | undefined;
  readonly problem: Rcode | undefined;
  /** The question as it was sent, and the labels in it. */
  readonly written: { readonly bytes: Buffer; readonly labels: readonly string[] } | undefined;
  readonly edns: { readonly size: number; readonly dnssec: boolean } | undefined;
}

/**
 * Reads a message that somebody sent. What is wrong with it is told as the server beneath CoreDNS does.
 * @returns undefined for what deserves no answer: something else, or an answer
 */
export function readQuery(packet: Buffer): Query | undefined {
  if (packet.length < HEADER_BYTES) return undefined;
  const id = packet.readUInt16BE(0);
  const all = packet.readUInt16BE(2);
  if (all & FLAGS.response) return undefined;
  const flags = all & (FLAGS.opcode | FLAGS.recursionDesired);
  const failed = (problem: Rcode): Query => ({
    id,
    flags,
    problem,
    question: undefined,
    written: undefined,
    edns: undefined,
  });
  if (all & FLAGS.opcode) return failed('NOTIMP');
  const [questions = 0, answers = 0, authorities = 0, additionals = 0] = [4, 6, 8, 10].map(at =>
    packet.readUInt16BE(at),
  );
  if (questions !== 1 || answers > 1 || authorities > 1 || additionals > 2) return failed('FORMERR');
  const labels = readLabels(packet, HEADER_BYTES);
  const message = labels && decoded(packet);
  if (!labels || !message) return failed('FORMERR');
  const options = (message.additionals ?? []).filter((record): record is OptAnswer => record.type === 'OPT');
  if (options.length > 1) return failed('FORMERR');
  const [option] = options;
  const written = { bytes: packet.subarray(HEADER_BYTES, labels.end + 4), labels: labels.texts };
  const query = {
    id,
    flags,
    written,
    edns: option && { size: option.udpPayloadSize, dnssec: option.flag_do },
    question: undefined,
  };
  if (option && option.ednsVersion !== 0) return { ...query, problem: 'BADVERS' };
  const isOurs = packet.readUInt16BE(labels.end + 2) === CLASS_IN && !isMeta(packet.readUInt16BE(labels.end));
  if (!isOurs) return { ...query, problem: 'REFUSED' };
  const question = { name: labels.texts.join('.'), type: message.questions![0]!.type };
  return { ...query, question, problem: undefined };
}

/** The codec reads what strangers send, and throws what comes up when it is nonsense. */
function decoded(packet: Buffer): ReturnType<typeof decode> | undefined {
  try {
    return decode(packet);
  } catch {
    return undefined;
  }
}

/** A name as it is written without pointers, and where it ends; undefined if it is none. Unusual bytes are `\DDD`, also a dot in a label. */
function readLabels(packet: Buffer, start: number): { texts: string[]; end: number } | undefined {
  const texts: string[] = [];
  for (let at = start; at < packet.length && at - start < 255; ) {
    const length = packet[at]!;
    if (length === 0) return at + 5 <= packet.length ? { texts, end: at + 1 } : undefined;
    if (length > 63) return undefined;
    texts.push(
      packet
        .toString('latin1', at + 1, at + 1 + length)
        .replaceAll(/[^!-~]|[.\\]/g, byte => `\\${String(byte.charCodeAt(0)).padStart(3, '0')}`),
    );
    at += 1 + length;
  }
  return undefined;
}

/**
 * Writes an answer of at most `limit` bytes: what does not fit is left out from the end, and that is said.
 * @param reply what was found, or why nothing was looked for
 */
export function writeReply(query: Query, reply: Reply | Rcode, limit: number): Buffer {
  const writer = new Writer(query, limit);
  const { rcode, authoritative, ...sections } =
    typeof reply === 'string' ? { ...EMPTY, rcode: reply, authoritative: false } : reply;
  const counts = [sections.answers, sections.authorities, sections.additionals].map(records => writer.add(records));
  return writer.finish(rcode, authoritative, counts);
}

const EMPTY = { answers: [], authorities: [], additionals: [] };

/** Where messages are put together, one at a time, and a record before its place in one is known. */
const draft = Buffer.alloc(LARGEST_MESSAGE);
const recordDraft = Buffer.alloc(LARGEST_MESSAGE);

/** A message that grows. Names of records that were there before are pointers to them, which the codec does not do. */
class Writer {
  readonly #query: Query;
  readonly #room: number;
  /** Where a name is, or the end of one. */
  readonly #names = new Map<string, number>();
  #size = HEADER_BYTES;
  #isFull = false;

  constructor(query: Query, limit: number) {
    this.#query = query;
    this.#room = limit - (query.edns ? OPT_BYTES : 0);
    const { written } = query;
    if (!written) return;
    const { bytes, labels } = written;
    let at = 0;
    for (const [i] of labels.entries()) {
      this.#names.set(labels.slice(i).join('.'), HEADER_BYTES + at);
      at += 1 + bytes[at]!;
    }
    this.#size += bytes.copy(draft, this.#size);
  }

  /** @returns how many of the records fit */
  add(records: readonly DnsRecord[]): number {
    for (const [i, record] of records.entries()) {
      const known = this.#names.get(record.name);
      const owner = known === undefined ? this.#owner(record.name) : pointer(known);
      // As of the root, whose name is one byte.
      encode({ type: 'response', answers: [{ ...record, name: '.' } as Answer] }, recordDraft);
      const rest = recordDraft.subarray(HEADER_BYTES + 1, encode.bytes);
      this.#isFull ||= this.#size + owner.length + rest.length > this.#room;
      if (this.#isFull) return i;
      if (known === undefined) this.#remember(record.name);
      this.#size += owner.copy(draft, this.#size);
      this.#size += rest.copy(draft, this.#size);
    }
    return records.length;
  }

  /** The labels of a name up to the first that is known from where on. */
  #owner(name: string): Buffer {
    const labels = name.split('.');
    const known = labels.findIndex((_, i) => this.#names.has(labels.slice(i).join('.')));
    const own = known < 0 ? labels : labels.slice(0, known);
    const end = known < 0 ? Buffer.alloc(1) : pointer(this.#names.get(labels.slice(known).join('.'))!);
    return Buffer.concat([...own.map(label => Buffer.from([label.length, ...Buffer.from(label)])), end]);
  }

  #remember(name: string): void {
    let at = this.#size;
    const labels = name.split('.');
    for (const [i, label] of labels.entries()) {
      const text = labels.slice(i).join('.');
      if (this.#names.has(text) || at > FURTHEST_POINTER) return;
      this.#names.set(text, at);
      at += 1 + label.length;
    }
  }

  finish(rcode: Rcode, authoritative: boolean, counts: readonly number[]): Buffer {
    const { id, flags, written, edns } = this.#query;
    const code = RCODES[rcode];
    const [answers = 0, authorities = 0, additionals = 0] = counts;
    draft.writeUInt16BE(id, 0);
    draft.writeUInt16BE(
      FLAGS.response |
        flags |
        (authoritative ? FLAGS.authoritative : 0) |
        (this.#isFull ? FLAGS.truncated : 0) |
        (code & 0xf),
      2,
    );
    for (const [i, count] of [written ? 1 : 0, answers, authorities, additionals + (edns ? 1 : 0)].entries())
      draft.writeUInt16BE(count, 4 + 2 * i);
    if (edns) this.#size += ednsRecord(code, edns.dnssec).copy(draft, this.#size);
    return Buffer.from(draft.subarray(0, this.#size));
  }
}

const pointer = (at: number): Buffer => Buffer.from([0xc0 | (at >> 8), at & 0xff]);

/** What we know of extensions: the size that may be sent to us, and the upper half of a code. */
function ednsRecord(code: number, dnssec: boolean): Buffer {
  const option: OptAnswer = {
    type: 'OPT',
    name: '.',
    udpPayloadSize: RECEIVED_BYTES,
    extendedRcode: code >> 4,
    ednsVersion: 0,
    flags: dnssec ? 0x8000 : 0,
    flag_do: dnssec,
    options: [],
  };
  return encode({ type: 'response', additionals: [option] }).subarray(HEADER_BYTES);
}
