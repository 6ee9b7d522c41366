import { type Answer, type DecodedPacket, decode, encode, type Packet, RECURSION_DESIRED } from 'dns-packet';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { respond, type Transport } from '../../../../src/network/dns/respond.js';
import { registryView } from '../../../../src/network/dns/view.js';
import type { TestRegistry } from '../../../support/registry.js';
import { addService, addSlice, openNames } from './objects.js';

let registry: TestRegistry;
const faults: unknown[] = [];
beforeAll(async () => {
  registry = await openNames();
  await addService(registry, 'crowd', { clusterIP: 'None', ports: [{ name: 'http', protocol: 'TCP', port: 80 }] });
  for (let block = 0; block < 50; block++)
    await addSlice(
      registry,
      'crowd',
      Array.from({ length: 100 }, (_, i) => `10.130.${block}.${i}`),
    );
});
afterAll(() => registry.log.close());

const CROWD = 'crowd.testns.svc.cluster.local';
const SVC1 = 'svc1.testns.svc.cluster.local';

const send = (packet: Buffer, transport: Transport = 'udp', turn = 0) =>
  respond(
    packet,
    transport,
    () => registryView(registry),
    turn,
    error => faults.push(error),
  );

const question = (name: string, type = 'A', more: Partial<Packet> = {}): Buffer =>
  encode({
    type: 'query',
    id: 4711,
    flags: RECURSION_DESIRED,
    questions: [{ name, type: type as 'A' }],
    ...more,
  });

const edns = (udpPayloadSize: number, ednsVersion = 0): Answer => ({
  type: 'OPT',
  name: '.',
  udpPayloadSize,
  extendedRcode: 0,
  ednsVersion,
  flags: 0,
  flag_do: false,
  options: [],
});

/** An answer as it is read, and its code with the half that EDNS has. */
function read(bytes: Buffer | undefined): DecodedPacket & { code: number } {
  const packet = decode(bytes!);
  const option = packet.additionals!.find(record => record.type === 'OPT');
  const upper = option?.type === 'OPT' ? option.extendedRcode : 0;
  return { ...packet, code: upper * 16 + (bytes!.readUInt16BE(2) & 15) };
}

const addresses = ({ answers = [] }: Packet): unknown[] => answers.map(record => 'data' in record && record.data);

describe('a message', () => {
  it('is answered with the question as it was written, its id, and that this is the authority', () => {
    const asked = question('SVC1.testns.Svc.cluster.local');
    const bytes = send(asked)!;
    const packet = read(bytes);
    expect(packet).toMatchObject({ id: 4711, flag_qr: true, flag_aa: true, flag_rd: true, flag_ra: false, code: 0 });
    expect(packet.answers).toEqual([
      { name: 'SVC1.testns.Svc.cluster.local', type: 'A', class: 'IN', ttl: 5, flush: false, data: '10.96.0.11' },
    ]);
    expect(bytes.subarray(12, asked.length)).toEqual(asked.subarray(12));
    // The owner of the record is a pointer.
    expect(bytes.length).toBe(asked.length + 2 + 14);
  });

  it.each<[string, number, Buffer]>([
    ['of another opcode', 4, question(SVC1, 'A', { flags: 5 << 11 })],
    ['of two questions', 1, question('', 'A', { questions: [SVC1, CROWD].map(name => ({ name, type: 'A' })) })],
    ['of none', 1, question('', 'A', { questions: [] })],
    ['with another version of EDNS', 16, question(SVC1, 'A', { additionals: [edns(1232, 1)] })],
    ['with EDNS twice', 1, question(SVC1, 'A', { additionals: [edns(1232), edns(1232)] })],
    ['of the class CHAOS', 5, question('', 'A', { questions: [{ name: 'version.bind', type: 'TXT', class: 'CH' }] })],
    ['that wants all', 5, question(SVC1, 'ANY')],
    ['that wants the zone', 5, question('cluster.local', 'AXFR')],
    ['that wants what changed of the zone', 5, question('cluster.local', 'IXFR')],
    ['about a name that is a loop', 1, withName([0xc0, 12])],
    ['about a name that is a pointer', 1, withName([0xc0, 0])],
    ['about a name with a label of another sort', 1, withName([0x40, 1, 0])],
    ['about a name that does not end', 1, withName([9, 97])],
    [
      'about a name that is too long',
      1,
      withName([
        ...Array(4)
          .fill([63, ...Array(63).fill(97)])
          .flat(),
        1,
        97,
        0,
      ]),
    ],
    ['that breaks off', 1, question(SVC1).subarray(0, -1)],
    ['with a record that breaks off', 1, question(SVC1, 'A', { additionals: [edns(512)] }).subarray(0, -1)],
    [
      'about a label with a dot in it',
      3,
      withName(['svc1.testns', 'svc', 'cluster', 'local'].flatMap(label).concat(0)),
    ],
    ['about the root', 5, question('.')],
  ])('%s gets the code %i', (_, code, packet) => {
    const got = read(send(packet));
    expect(got).toMatchObject({ code, id: packet.readUInt16BE(0), flag_qr: true });
    expect(got.answers).toEqual([]);
  });

  it('that is an answer, or hardly anything, is not answered', () => {
    expect(send(question(SVC1, 'A', { type: 'response' }))).toBeUndefined();
    expect(send(question(SVC1).subarray(0, 11))).toBeUndefined();
    expect(send(Buffer.alloc(0))).toBeUndefined();
  });

  it('that cannot be answered by a fault of ours is told of as such', () => {
    const told: unknown[] = [];
    const view = () => {
      throw new Error('planted');
    };
    const bytes = respond(question(SVC1), 'udp', view, 0, error => told.push(error));
    expect(read(bytes)).toMatchObject({ code: 2, id: 4711 });
    expect(told).toEqual([new Error('planted')]);
  });
});

const label = (text: string): number[] => [text.length, ...Buffer.from(text)];

function withName(name: readonly number[]): Buffer {
  return Buffer.concat([question('', 'A').subarray(0, 12), Buffer.from(name), Buffer.from([0, 1, 0, 1])]);
}

describe('an answer that is too long', () => {
  it.each<[string, Partial<Packet>, number]>([
    ['512 bytes without EDNS', {}, 512],
    ['512 bytes where EDNS says less', { additionals: [edns(100)] }, 512],
    ['what EDNS says', { additionals: [edns(1232)] }, 1232],
    ['what a datagram can hold', { additionals: [edns(65_535)] }, 65_507],
  ])('is cut at %s', (_, more, limit) => {
    const bytes = send(question(CROWD, 'A', more))!;
    const packet = read(bytes);
    expect(packet.flag_tc).toBe(true);
    expect(bytes.length).toBeLessThanOrEqual(limit);
    // As many as there is room for: a record takes 16 bytes.
    expect(bytes.length).toBeGreaterThan(limit - 16);
    expect(packet.additionals!.length).toBe(more.additionals ? 1 : 0);
  });

  it('is whole by TCP as far as a message goes', () => {
    const bytes = send(question(CROWD), 'tcp')!;
    expect(read(bytes)).toMatchObject({ flag_tc: true });
    expect(bytes.length).toBeGreaterThan(65_535 - 16);
    expect(read(send(question('hdls1.testns.svc.cluster.local'), 'tcp'))).toMatchObject({ flag_tc: false });
  });

  it('has records of names beside it while there is room', () => {
    const packet = read(send(question(`_http._tcp.${CROWD}`, 'SRV', { additionals: [edns(4096)] })));
    expect(packet.flag_tc).toBe(true);
    expect(packet.answers!.length).toBeGreaterThan(30);
    const few = read(send(question('_http._tcp.hdls1.testns.svc.cluster.local', 'SRV', { additionals: [edns(1232)] })));
    expect(few.flag_tc).toBe(false);
    expect(few.additionals!.map(({ name, type }) => `${type} ${name.split('.')[0]}`)).toEqual([
      'A 10-128-0-2',
      'A 10-128-0-3',
      'A dup-name',
      'A dup-name',
      'AAAA 5678-abcd--1',
      'OPT ',
    ]);
  });
});

it('addresses take turns at being the first, and names for names stay before them', () => {
  const name = 'hdls1.testns.svc.cluster.local';
  const firsts = [0, 1, 2, 3, 4].map(turn => addresses(read(send(question(name), 'udp', turn)))[0]);
  expect(firsts).toEqual([2, 3, 4, 5, 2].map(n => `10.128.0.${n}`));
  expect(addresses(read(send(question('inside.testns.svc.cluster.local'), 'udp', 1)))).toEqual([SVC1, '10.96.0.11']);
});

describe('whatever is sent', () => {
  /** An answer to anything fits, is one, and can be read. */
  function check(packet: Buffer, transport: Transport): void {
    const bytes = send(packet, transport);
    if (!bytes) return;
    expect(bytes.length).toBeLessThanOrEqual(65_535);
    expect(bytes.readUInt16BE(0)).toBe(packet.readUInt16BE(0));
    expect(decode(bytes).flag_qr).toBe(true);
  }
  const transport = fc.constantFrom<Transport>('udp', 'tcp');

  it('at random', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), transport, (bytes, by) => check(Buffer.from(bytes), by)),
      { numRuns: 2000 },
    );
    expect(faults).toEqual([]);
  });

  it('nearly a question', () => {
    const type = fc.constantFrom('A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'TXT', 'NS', 'SOA', 'MX', 'ANY');
    const part = fc.constantFrom(
      'svc1',
      'hdls1',
      'inside',
      'testns',
      'svc',
      'pod',
      '_http',
      '_tcp',
      '1',
      '*',
      'ns',
      'dns',
    );
    const zone = fc.constantFrom(
      'testns.svc.cluster.local',
      'cluster.local',
      '0.128.10.in-addr.arpa',
      'ip6.arpa',
      'com',
    );
    const damage = fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), zone, type, damage, transport, (parts, end, kind, changes, by) => {
        const packet = question([...parts, end].join('.'), kind, { additionals: [edns(1232)] });
        for (const [at, byte] of changes) if (at < packet.length) packet[at] = byte;
        check(packet, by);
      }),
      { numRuns: 2000 },
    );
    expect(faults).toEqual([]);
  });
});
