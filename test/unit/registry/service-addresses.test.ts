import { beforeEach, describe, expect, it } from 'vitest';
import { services } from '../../../src/resources/index.js';
import type { Service } from '../../../src/resources/types.js';
import { openRegistry, type TestRegistry } from '../../support/registry.js';

type Spec = Service['spec'];

let registry: TestRegistry;
beforeEach(async () => {
  registry = await openRegistry();
});

const HTTP = [{ port: 80 }];

async function create(spec: Spec, name = 'web', options: { dryRun?: boolean } = {}): Promise<Spec> {
  const metadata = { name, namespace: 'default' };
  const draft = { apiVersion: 'v1', kind: 'Service', metadata, spec, status: {} };
  return (await registry.create(services, draft, options)).object.spec;
}

const stored = (name = 'web') => registry.get(services, 'default', name)!.object;

/** A PUT of the stored Service with other fields; those that are `undefined` are left out. */
async function update(change: Partial<Record<keyof Spec, unknown>>, name = 'web'): Promise<Spec> {
  const service = stored(name);
  return (await registry.update(services, { ...service, spec: { ...service.spec, ...(change as Spec) } })).object.spec;
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'let in',
    error => `${error.code} ${error.message}`,
  );

describe('a new Service', () => {
  it('has an address of the range, beyond those that people ask for', async () => {
    const spec = await create({ ports: HTTP });
    expect(spec).toMatchObject({ ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', clusterIPs: [spec.clusterIP] });
    const [a, b, c, d] = spec.clusterIP!.split('.').map(Number);
    expect([a, b! >= 96 && b! < 112, (b! - 96) * 65_536 + c! * 256 + d! > 256]).toEqual([10, true, true]);
  });

  it.each<[string, Spec, Partial<Spec>]>([
    ['an address that it asks for', { clusterIP: '10.96.0.77' }, { clusterIPs: ['10.96.0.77'] }],
    ['no address', { clusterIP: 'None', selector: { a: 'b' } }, { clusterIPs: ['None'], ipFamilies: ['IPv4'] }],
    [
      'neither address nor pods',
      { clusterIP: 'None' },
      { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6'] },
    ],
    [
      'a preference that cannot be had',
      { ipFamilyPolicy: 'PreferDualStack' },
      { ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv4'] },
    ],
    [
      'a node port that it asks for',
      { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] },
      { externalTrafficPolicy: 'Cluster' },
    ],
    ['external addresses', { externalIPs: ['192.0.2.1'] }, { externalTrafficPolicy: 'Cluster' }],
    ['affinity', { sessionAffinity: 'ClientIP' }, { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } }],
  ])('with %s', async (_, spec, expected) => {
    expect(await create({ ports: HTTP, ...spec })).toMatchObject(expected);
  });

  it('with a name has no address', async () => {
    const spec = await create({ type: 'ExternalName', externalName: 'example.com' });
    expect(spec).toEqual({ type: 'ExternalName', externalName: 'example.com', sessionAffinity: 'None' });
  });

  it('with a load balancer has node ports, unless it wants none', async () => {
    expect((await create({ type: 'LoadBalancer', ports: HTTP })).ports![0]!.nodePort).toBeGreaterThanOrEqual(30_086);
    const none = { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false };
    expect((await create({ ...none, ports: HTTP }, 'none')).ports![0]!.nodePort).toBeUndefined();
    const asked = await create({ ...none, ports: [{ port: 80, nodePort: 30_001 }] }, 'asked');
    expect(asked.ports![0]!.nodePort).toBe(30_001);
  });

  it('with a local load balancer has a port for its health', async () => {
    const local = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports: HTTP };
    const spec = await create(local);
    expect(spec.healthCheckNodePort).toBeGreaterThanOrEqual(30_086);
    expect(spec.healthCheckNodePort).not.toBe(spec.ports![0]!.nodePort);
    expect((await create({ ...local, healthCheckNodePort: 30_002 }, 'asked')).healthCheckNodePort).toBe(30_002);
    expect(await refusal(create({ ...local, healthCheckNodePort: 30_002 }, 'other'))).toContain(
      '500 Internal error occurred: failed to allocate requested HealthCheck NodePort 30002: provided port is already allocated',
    );
  });

  it('shares a node port among protocols', async () => {
    const ports = [
      { name: 'tcp', port: 53, protocol: 'TCP' },
      { name: 'udp', port: 53, protocol: 'UDP', nodePort: 30_053 },
    ];
    expect((await create({ type: 'NodePort', ports })).ports!.map(({ nodePort }) => nodePort)).toEqual([
      30_053, 30_053,
    ]);
  });

  const web = 'Service "web" is invalid: ';
  it.each<[string, Spec, string]>([
    [
      'an address of elsewhere',
      { clusterIP: '192.168.0.1' },
      `${web}spec.clusterIPs: Invalid value: ["192.168.0.1"]: failed to allocate IP 192.168.0.1: the provided network does not match the current range`,
    ],
    [
      'the address of the range',
      { clusterIP: '10.96.0.0' },
      `${web}spec.clusterIPs: Invalid value: ["10.96.0.0"]: failed to allocate IP 10.96.0.0: the provided IP (10.96.0.0) is not in the valid range. The range of valid IPs is 10.96.0.0/12`,
    ],
    [
      'an address that is taken',
      { clusterIP: '10.96.0.9' },
      `${web}spec.clusterIPs: Invalid value: ["10.96.0.9"]: failed to allocate IP 10.96.0.9: provided IP is already allocated`,
    ],
    [
      'a node port of elsewhere',
      { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] },
      `${web}spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767`,
    ],
    [
      'a node port that is taken',
      { type: 'NodePort', ports: [{ port: 80, nodePort: 30_009 }] },
      `${web}spec.ports[0].nodePort: Invalid value: 30009: provided port is already allocated`,
    ],
    [
      'a list without its first',
      { clusterIPs: ['10.96.0.5'] },
      `${web}spec.clusterIPs: Invalid value: ["10.96.0.5"]: must be empty when \`clusterIP\` is not specified`,
    ],
    [
      'two that differ',
      { clusterIP: '10.96.0.5', clusterIPs: ['10.96.0.6'] },
      `${web}spec.clusterIPs: Invalid value: ["10.96.0.6"]: first value must match \`clusterIP\``,
    ],
    [
      'no address at all',
      { clusterIP: 'x' },
      `${web}spec.clusterIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)`,
    ],
    [
      'IPv6',
      { ipFamilies: ['IPv6'] },
      `${web}spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster`,
    ],
    [
      'an IPv6 address',
      { clusterIP: 'fd00::1' },
      `${web}spec.clusterIPs[0]: Invalid value: ["fd00::1"]: IPv6 is not configured on this cluster`,
    ],
    [
      'both families',
      { ipFamilyPolicy: 'RequireDualStack' },
      `${web}spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services`,
    ],
    [
      'both, and one',
      { ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv4', 'IPv6'] },
      `${web}spec.ipFamilyPolicy: Invalid value: "SingleStack": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified`,
    ],
    [
      'an unknown family',
      { ipFamilies: ['IPv5'] },
      `${web}spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6"`,
    ],
    [
      'a family twice',
      { ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv4', 'IPv4'] },
      `${web}spec.ipFamilies[1]: Duplicate value: "IPv4"`,
    ],
    [
      'an address of another family',
      { clusterIP: '10.96.0.5', ipFamilies: ['IPv6'] },
      `${web}spec.clusterIPs[0]: Invalid value: "10.96.0.5": expected an IPv6 value as indicated by \`ipFamilies[0]\``,
    ],
    [
      'families for a name',
      { type: 'ExternalName', externalName: 'x.y', ipFamilies: ['IPv4'], clusterIP: '10.96.0.5' },
      `${web}[spec.clusterIPs: Forbidden: may not be set for ExternalName services, spec.ipFamilies: Forbidden: may not be set for ExternalName services]`,
    ],
    [
      'a health port without need',
      { type: 'LoadBalancer', healthCheckNodePort: 30_001 },
      `${web}spec.healthCheckNodePort: Invalid value: 30001: may only be set when \`type\` is 'LoadBalancer' and \`externalTrafficPolicy\` is 'Local'`,
    ],
    [
      'a bad policy',
      { type: 'NodePort', externalTrafficPolicy: 'x' },
      `${web}spec.externalTrafficPolicy: Unsupported value: "x": supported values: "Cluster", "Local"`,
    ],
    [
      'affinity for too long',
      { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 86_401 } } },
      `${web}spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400`,
    ],
    [
      'sources without a balancer',
      { loadBalancerSourceRanges: ['10.0.0.0/8'] },
      `${web}spec.LoadBalancerSourceRanges: Forbidden: may only be used when \`type\` is 'LoadBalancer'`,
    ],
    [
      'sources that are none',
      { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0'] },
      `${web}spec.LoadBalancerSourceRanges[0]: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)`,
    ],
    [
      'a balancer’s fields',
      { allocateLoadBalancerNodePorts: true, loadBalancerClass: 'a.b/c' },
      `${web}[spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when \`type\` is 'LoadBalancer', spec.loadBalancerClass: Forbidden: may only be used when \`type\` is 'LoadBalancer']`,
    ],
    [
      'an external address of itself',
      { externalIPs: ['127.0.0.1'] },
      `${web}spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)`,
    ],
    [
      'a bad distribution',
      { trafficDistribution: 'x' },
      `${web}spec.trafficDistribution: Unsupported value: "x": supported values: "PreferClose", "PreferSameNode", "PreferSameZone"`,
    ],
  ])('with %s is refused', async (_, spec, message) => {
    await create({ type: 'NodePort', clusterIP: '10.96.0.9', ports: [{ port: 80, nodePort: 30_009 }] }, 'other');
    expect(await refusal(create({ ports: HTTP, ...spec }))).toBe(`422 ${message}`);
  });

  it('that comes to nothing takes nothing', async () => {
    const taking: Spec = { type: 'NodePort', clusterIP: '10.96.0.9', ports: [{ port: 80, nodePort: 30_009 }] };
    expect(await refusal(create({ ...taking, sessionAffinity: 'x' }))).toMatch(/^422 .*sessionAffinity/);
    await create(taking, 'dry', { dryRun: true });
    expect(await refusal(create(taking))).toBe('let in');
    await registry.delete(services, 'default', 'web');
    expect(await refusal(create(taking, 'next'))).toBe('let in');
  });
});

describe('a Service that changes', () => {
  it('keeps what it was given when its manifest is sent again', async () => {
    const manifest: Spec = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports: [{ name: 'a', port: 80 }] };
    const given = await create(manifest);
    const service = stored();
    expect((await registry.update(services, { ...service, spec: manifest })).object.spec).toEqual(given);
  });

  it('keeps a node port by the name of its port', async () => {
    const [before] = (await create({ type: 'NodePort', ports: [{ name: 'a', port: 80 }] })).ports!;
    const after = await update({
      ports: [
        { name: 'a', port: 8080 },
        { name: 'b', port: 81 },
      ],
    });
    expect(after.ports![0]).toMatchObject({ port: 8080, nodePort: before!.nodePort });
    expect(after.ports![1]!.nodePort).not.toBe(before!.nodePort);
  });

  it('to a name gives back its address and ports, and gets others when it comes back', async () => {
    await create({ type: 'NodePort', clusterIP: '10.96.0.9', ports: [{ port: 80, nodePort: 30_009 }] });
    const named = await update({ type: 'ExternalName', externalName: 'example.com' });
    expect(named).toEqual({
      type: 'ExternalName',
      externalName: 'example.com',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    });
    await create({ type: 'NodePort', clusterIP: '10.96.0.9', ports: [{ port: 80, nodePort: 30_009 }] }, 'other');
    const back = await update({ type: 'ClusterIP', externalName: undefined });
    expect(back).toMatchObject({ ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', clusterIPs: [back.clusterIP] });
    expect(back.clusterIP).toMatch(/^10\./);
  });

  it.each<[string, Spec, Partial<Spec>, (keyof Spec)[]]>([
    ['from nodes to inside', { type: 'NodePort' }, { type: 'ClusterIP' }, ['externalTrafficPolicy']],
    [
      'from a balancer to inside',
      { type: 'LoadBalancer', externalTrafficPolicy: 'Local', loadBalancerClass: 'a.b/c' },
      { type: 'ClusterIP' },
      ['externalTrafficPolicy', 'healthCheckNodePort', 'allocateLoadBalancerNodePorts', 'loadBalancerClass'],
    ],
    [
      'from local to anywhere',
      { type: 'LoadBalancer', externalTrafficPolicy: 'Local' },
      { externalTrafficPolicy: 'Cluster' },
      ['healthCheckNodePort'],
    ],
  ])('%s loses what that has not', async (_, spec, change, gone) => {
    const before = await create({ ports: HTTP, ...spec });
    const after = await update(change);
    expect(gone.filter(field => field in before && !(field in after))).toEqual(gone);
    if (after.type === 'ClusterIP') expect(after.ports).toEqual([{ port: 80, protocol: 'TCP', targetPort: 80 }]);
  });

  it('from inside to nodes gets ports', async () => {
    await create({ ports: HTTP });
    expect((await update({ type: 'NodePort' })).ports![0]!.nodePort).toBeGreaterThanOrEqual(30_086);
  });

  it('to no balancer has none that tells of itself', async () => {
    await create({ type: 'LoadBalancer', ports: HTTP });
    const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } };
    await registry.update(services, { ...stored(), status }, { subresource: 'status' });
    expect(stored().status).toEqual({ loadBalancer: { ingress: [{ ip: '192.0.2.1', ipMode: 'VIP' }] } });
    await update({ type: 'ClusterIP' });
    expect(stored().status).toEqual({ loadBalancer: {} });
    expect(await refusal(registry.update(services, { ...stored(), status }, { subresource: 'status' }))).toContain(
      "status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'",
    );
  });

  it.each<[string, Spec, Partial<Record<keyof Spec, unknown>>, string]>([
    [
      'another address',
      {},
      { clusterIP: '10.96.0.8' },
      'spec.clusterIPs[0]: Invalid value: ["10.96.0.8"]: may not change once set',
    ],
    ['no address', {}, { clusterIP: 'None' }, 'spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set'],
    [
      'another health port',
      { type: 'LoadBalancer', externalTrafficPolicy: 'Local' },
      { healthCheckNodePort: 30_003 },
      'spec.healthCheckNodePort: Forbidden: field is immutable',
    ],
    [
      'another class',
      { type: 'LoadBalancer', loadBalancerClass: 'a.b/c' },
      { loadBalancerClass: 'a.b/d' },
      'spec.loadBalancerClass: Invalid value: "a.b/d": may not change once set',
    ],
    [
      'a node port that is taken',
      { type: 'NodePort' },
      { ports: [{ port: 80, nodePort: 30_009 }] },
      'spec.ports[0].nodePort: Invalid value: 30009: provided port is already allocated',
    ],
    [
      'a node port that it must not have',
      { type: 'NodePort' },
      { type: 'ClusterIP', ports: [{ port: 80, nodePort: 30_001 }] },
      "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
    ],
  ])('to %s is refused', async (_, spec, change, message) => {
    await create({ type: 'NodePort', ports: [{ port: 80, nodePort: 30_009 }] }, 'other');
    await create({ ports: HTTP, ...spec });
    expect(await refusal(update(change))).toContain(message);
  });
});
