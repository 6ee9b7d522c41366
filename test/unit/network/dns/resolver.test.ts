import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DnsRecord } from '../../../../src/network/dns/records.js';
import { answer } from '../../../../src/network/dns/resolver.js';
import { registryView } from '../../../../src/network/dns/view.js';
import { endpointSlices, services } from '../../../../src/resources/index.js';
import type { TestRegistry } from '../../../support/registry.js';
import { addService, addSlice, openNames } from './objects.js';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await openNames();
});
afterAll(() => registry.log.close());

function written({ name, type, ttl, data }: DnsRecord): string {
  if (typeof data === 'string') return `${name} ${ttl} ${type} ${data}`;
  if ('target' in data) return `${name} ${ttl} ${type} ${data.priority} ${data.weight} ${data.port} ${data.target}`;
  return `${name} ${ttl} ${type} ${data.mname} ${data.rname} ${data.refresh} ${data.retry} ${data.expire} ${data.minimum}`;
}

/** An answer as text: its code where that is another than NOERROR, records, what is beside them after a plus, of the authority after a minus. */
function ask(type: string, name: string): string[] {
  const { rcode, answers, authorities, additionals } = answer({ name, type }, registryView(registry));
  return [
    ...(rcode === 'NOERROR' ? [] : [rcode]),
    ...answers.map(written),
    ...additionals.map(record => `+ ${written(record)}`),
    ...authorities.map(record => `- ${written(record)}`),
  ];
}

const SOA = '- cluster.local 5 SOA ns.dns.cluster.local hostmaster.cluster.local 7200 1800 86400 5';
const NODATA = [SOA];
const NXDOMAIN = ['NXDOMAIN', SOA];
const T = 'testns.svc.cluster.local';

describe('names are answered for as CoreDNS does', () => {
  it.each<[string, string, string[]]>([
    // Services with a cluster IP.
    ['A', `svc1.${T}`, [`svc1.${T} 5 A 10.96.0.11`]],
    ['A', `svc1.${T}.`, [`svc1.${T} 5 A 10.96.0.11`]],
    ['AAAA', `svc1.${T}`, NODATA],
    ['A', `empty.${T}`, [`empty.${T} 5 A 10.96.0.12`]],
    ['CNAME', `svc1.${T}`, NODATA],
    ['MX', `svc1.${T}`, NODATA],
    ['UNKNOWN_65', `svc1.${T}`, NODATA],
    ['SRV', `_http._tcp.svc1.${T}`, [`_http._tcp.svc1.${T} 5 SRV 0 100 80 svc1.${T}`, `+ svc1.${T} 5 A 10.96.0.11`]],
    ['SRV', `http.tcp.svc1.${T}`, [`http.tcp.svc1.${T} 5 SRV 0 100 80 svc1.${T}`, `+ svc1.${T} 5 A 10.96.0.11`]],
    [
      'SRV',
      `svc1.${T}`,
      [`svc1.${T} 5 SRV 0 50 80 svc1.${T}`, `svc1.${T} 5 SRV 0 50 53 svc1.${T}`, `+ svc1.${T} 5 A 10.96.0.11`],
    ],
    ['A', `_http._tcp.svc1.${T}`, [`_http._tcp.svc1.${T} 5 A 10.96.0.11`]],
    ['SRV', `_http._udp.svc1.${T}`, NXDOMAIN],
    ['SRV', `_https._tcp.svc1.${T}`, NXDOMAIN],
    ['A', `ep1a.svc1.${T}`, [`ep1a.svc1.${T} 5 A 10.128.0.1`]],
    // Headless ones.
    ['A', `hdls1.${T}`, [2, 3, 4, 5].map(n => `hdls1.${T} 5 A 10.128.0.${n}`)],
    ['AAAA', `hdls1.${T}`, [`hdls1.${T} 5 AAAA 5678:abcd::1`]],
    ['A', `10-128-0-2.hdls1.${T}`, [`10-128-0-2.hdls1.${T} 5 A 10.128.0.2`]],
    ['A', `dup-name.hdls1.${T}`, [4, 5].map(n => `dup-name.hdls1.${T} 5 A 10.128.0.${n}`)],
    ['AAAA', `5678-abcd--1.hdls1.${T}`, [`5678-abcd--1.hdls1.${T} 5 AAAA 5678:abcd::1`]],
    ['A', `10-128-0-6.hdls1.${T}`, NXDOMAIN],
    ['A', `bogus.hdls1.${T}`, NXDOMAIN],
    ['A', `nobody.${T}`, NXDOMAIN],
    ['A', `bare.${T}`, [`bare.${T} 5 A 10.128.0.20`]],
    ['SRV', `bare.${T}`, NODATA],
    [
      'SRV',
      `_http._tcp.hdls1.${T}`,
      [
        ...['10-128-0-2', '10-128-0-3', 'dup-name', '5678-abcd--1'].map(
          host => `_http._tcp.hdls1.${T} 5 SRV 0 20 8080 ${host}.hdls1.${T}`,
        ),
        `+ 10-128-0-2.hdls1.${T} 5 A 10.128.0.2`,
        `+ 10-128-0-3.hdls1.${T} 5 A 10.128.0.3`,
        `+ dup-name.hdls1.${T} 5 A 10.128.0.4`,
        `+ dup-name.hdls1.${T} 5 A 10.128.0.5`,
        `+ 5678-abcd--1.hdls1.${T} 5 AAAA 5678:abcd::1`,
      ],
    ],
    // Names for names.
    ['CNAME', `outside.${T}`, [`outside.${T} 5 CNAME ext.interwebs.test`]],
    ['A', `outside.${T}`, [`outside.${T} 5 CNAME ext.interwebs.test`]],
    ['SRV', `outside.${T}`, NODATA],
    ['CNAME', `endpoint.outside.${T}`, NXDOMAIN],
    ['A', `inside.${T}`, [`inside.${T} 5 CNAME svc1.${T}`, `svc1.${T} 5 A 10.96.0.11`]],
    ['AAAA', `inside.${T}`, NODATA],
    [
      'A',
      `twice.${T}`,
      [`twice.${T} 5 CNAME inside.${T}`, `inside.${T} 5 CNAME svc1.${T}`, `svc1.${T} 5 A 10.96.0.11`],
    ],
    ['A', `nowhere.${T}`, NODATA],
    ['A', `itself.${T}`, NODATA],
    ['A', `ping.${T}`, NODATA],
    ['CNAME', `long.${T}`, NODATA],
    // What there is not, and what is only on the way.
    ['A', `none.${T}`, NXDOMAIN],
    ['AAAA', `none.${T}`, NXDOMAIN],
    ['A', 'svc1.none.svc.cluster.local', NXDOMAIN],
    ['A', `a.b.c.svc1.${T}`, NXDOMAIN],
    ['A', T, NODATA],
    ['A', 'none.svc.cluster.local', NXDOMAIN],
    ['NS', 'none.svc.cluster.local', NXDOMAIN],
    ['NS', 'svc.cluster.local', NODATA],
    ['A', 'svc.cluster.local', NODATA],
    ['A', 'pod.cluster.local', NODATA],
    ['A', 'cluster.local', NODATA],
    ['A', 'foo.cluster.local', NXDOMAIN],
    ['A', `*.${T}`, NXDOMAIN],
    ['A', `any.any.svc1.${T}`, NXDOMAIN],
    ['SOA', `none.${T}`, NODATA],
    ['TXT', `none.${T}`, NODATA],
    // Pods.
    ['A', '10-240-0-1.testns.pod.cluster.local', ['10-240-0-1.testns.pod.cluster.local 5 A 10.240.0.1']],
    ['AAAA', '1234-abcd--1.testns.pod.cluster.local', ['1234-abcd--1.testns.pod.cluster.local 5 AAAA 1234:abcd::1']],
    ['A', '10-240-0-256.testns.pod.cluster.local', NXDOMAIN],
    ['A', 'blah.testns.pod.cluster.local', NXDOMAIN],
    ['HINFO', 'blah.testns.pod.cluster.local', NXDOMAIN],
    ['A', '10-240-0-1.none.pod.cluster.local', NXDOMAIN],
    ['A', 'testns.pod.cluster.local', NODATA],
    // The zone.
    ['TXT', 'dns-version.cluster.local', ['dns-version.cluster.local 28800 TXT 1.1.0']],
    ['SOA', 'cluster.local', [SOA.slice(2)]],
    ['NS', 'cluster.local', ['cluster.local 5 NS ns.dns.cluster.local', '+ ns.dns.cluster.local 5 A 127.0.0.1']],
    ['A', 'ns.dns.cluster.local', ['ns.dns.cluster.local 5 A 127.0.0.1']],
    ['AAAA', 'ns.dns.cluster.local', NODATA],
    // Case.
    ['A', 'SvC1.TeStNs.SvC.cLuStEr.LoCaL', ['SvC1.TeStNs.SvC.cLuStEr.LoCaL 5 A 10.96.0.11']],
    [
      'SRV',
      '_HtTp._TcP.sVc1.TeStNs.SvC.cLuStEr.LoCaL',
      [
        '_HtTp._TcP.sVc1.TeStNs.SvC.cLuStEr.LoCaL 5 SRV 0 100 80 svc1.testns.svc.cLuStEr.LoCaL',
        '+ svc1.testns.svc.cLuStEr.LoCaL 5 A 10.96.0.11',
      ],
    ],
    [
      'A',
      'none.testns.svc.ClUsTeR.lOcAl',
      ['NXDOMAIN', '- ClUsTeR.lOcAl 5 SOA ns.dns.ClUsTeR.lOcAl hostmaster.ClUsTeR.lOcAl 7200 1800 86400 5'],
    ],
    // Elsewhere: what a search path leads to from `svc1` is above.
    ['A', 'svc1', ['REFUSED']],
    ['A', 'svc1.testns', ['REFUSED']],
    ['A', 'svc1.testns.svc', ['REFUSED']],
    ['A', 'example.com', ['REFUSED']],
    ['A', 'xcluster.local', ['REFUSED']],
    ['NS', '', ['REFUSED']],
  ])('%s %s', (type, name, expected) => {
    expect(ask(type, name)).toEqual(expected);
  });

  const reverseSoa = (zone: string) => `- ${zone} 5 SOA ns.dns.${zone} hostmaster.${zone} 7200 1800 86400 5`;

  it.each<[string, string, string[]]>([
    ['PTR', '11.0.96.10.in-addr.arpa', [`11.0.96.10.in-addr.arpa 5 PTR svc1.${T}`]],
    ['PTR', '1.0.128.10.in-addr.arpa', [`1.0.128.10.in-addr.arpa 5 PTR ep1a.svc1.${T}`]],
    ['PTR', '2.0.128.10.IN-ADDR.arpa', [`2.0.128.10.IN-ADDR.arpa 5 PTR 10-128-0-2.hdls1.${T}`]],
    ['PTR', '6.0.128.10.in-addr.arpa', ['NXDOMAIN', reverseSoa('in-addr.arpa')]],
    ['PTR', '9.9.9.9.in-addr.arpa', ['NXDOMAIN', reverseSoa('in-addr.arpa')]],
    ['PTR', '0.128.10.in-addr.arpa', ['NXDOMAIN', reverseSoa('in-addr.arpa')]],
    ['PTR', 'in-addr.arpa', [reverseSoa('in-addr.arpa')]],
    [
      'PTR',
      `1${'.0'.repeat(23)}.d.c.b.a.8.7.6.5.ip6.arpa`,
      [`1${'.0'.repeat(23)}.d.c.b.a.8.7.6.5.ip6.arpa 5 PTR 5678-abcd--1.hdls1.${T}`],
    ],
    ['PTR', '1.0.ip6.arpa', ['NXDOMAIN', reverseSoa('ip6.arpa')]],
    ['PTR', `svc1.${T}`, NODATA],
    ['PTR', `none.${T}`, NXDOMAIN],
  ])('%s %s', (type, name, expected) => {
    expect(ask(type, name)).toEqual(expected);
  });
});

it('what changes is seen at once: a Service that comes and goes, an endpoint that becomes ready, two Services for one pod', async () => {
  expect(ask('A', `late.${T}`)).toEqual(NXDOMAIN);
  await addService(registry, 'late', { clusterIP: 'None', selector: { app: 'late' } });
  await addSlice(registry, 'late', [{ addresses: ['10.128.0.2'], conditions: { ready: false } }]);
  expect(ask('A', `late.${T}`)).toEqual(NXDOMAIN);
  const slice = registry.all(endpointSlices).find(({ name }) => name.startsWith('late-'))!.object;
  // What `publishNotReadyAddresses` makes of a slice.
  const endpoints = [{ addresses: ['10.128.0.2'], conditions: { ready: true, serving: false, terminating: true } }];
  await registry.update(endpointSlices, { ...slice, endpoints });
  expect(ask('A', `late.${T}`)).toEqual([`late.${T} 5 A 10.128.0.2`]);
  const reverse = '2.0.128.10.in-addr.arpa';
  expect(ask('PTR', reverse)).toEqual(['hdls1', 'late'].map(name => `${reverse} 5 PTR 10-128-0-2.${name}.${T}`));
  await registry.delete(services, 'testns', 'late');
  expect(ask('A', `late.${T}`)).toEqual(NXDOMAIN);
});

it("the zone's server is the Service kube-dns, if there is one", async () => {
  await registry.create(services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kube-dns', namespace: 'kube-system' },
    spec: { clusterIP: '10.96.0.10', ports: [{ name: 'dns', protocol: 'UDP', port: 53 }] },
    status: {},
  });
  expect(ask('NS', 'cluster.local')).toEqual([
    'cluster.local 5 NS kube-dns.kube-system.svc.cluster.local',
    '+ kube-dns.kube-system.svc.cluster.local 5 A 10.96.0.10',
  ]);
  expect(ask('A', 'ns.dns.cluster.local')).toEqual(['ns.dns.cluster.local 5 A 10.96.0.10']);
});
