import { describe, expect, it } from 'vitest';
import { customResourceDefinitions } from '../../../../src/resources/custom-resource-definition.js';
import type { JsonObject } from '../../../../src/resources/json.js';
import { finalizerWarnings } from '../../../../src/resources/warnings/custom.js';
import { created } from '../objects.js';
import { changed, draft, kindOf, type Plain } from '../plain.js';

const FRACTION = (value: string) => `fractional byte value "${value}" is invalid, must be an integer`;
const FUTURE = 'will be considered invalid in a future Kubernetes release';
const OLD_ARCH = 'deprecated since v1.14; use "kubernetes.io/arch" instead';
const ARCH = 'beta.kubernetes.io/arch';
const annotation = (key: string) => ({ 'metadata.annotations': { [key]: '' } });
const template = { spec: { containers: [{ name: 'main', image: 'a:1' }], terminationGracePeriodSeconds: -1 } };
const PERIOD = 'must be >= 0; negative values are invalid and will be treated as 1';
const LABEL =
  'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]';
const SIZE =
  'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail';

/** The object as a client would make it: `changes` are paths and what is there (see {@link changed}). */
function made(resource: string, spec: JsonObject, changes: JsonObject = {}): Plain {
  return created(kindOf(resource), draft(resource, spec, changes));
}

const warned = (resource: string, object: Plain, old?: Plain): string[] | undefined =>
  kindOf(resource).strategy.warnings?.(object, old);

describe('warnings about', () => {
  const headless = { type: 'ClusterIP', clusterIP: 'None', clusterIPs: ['None'] };

  it.each<[string, JsonObject, JsonObject, string[]]>([
    ['services', headless, {}, []],
    [
      'services',
      { ...headless, sessionAffinity: 'ClientIP', loadBalancerIP: '1.2.3.4', externalIPs: ['1.2.3.4'] },
      {},
      [
        'spec.loadBalancerIP is ignored for headless services',
        'spec.externalIPs is ignored for headless services',
        'spec.SessionAffinity is ignored for headless services',
      ],
    ],
    [
      'services',
      {
        clusterIP: '010.96.0.5',
        externalIPs: ['2001:DB8::1'],
        loadBalancerIP: '1.2.3.04',
        loadBalancerSourceRanges: ['10.0.0.1/8', '::ffff:1.2.3.0/120', '2001:DB8::/32'],
        externalName: 'x.example.com',
        trafficDistribution: 'PreferClose',
      },
      annotation('service.kubernetes.io/topology-aware-hints'),
      [
        'annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead',
        `spec.clusterIPs[0]: non-standard IP address "010.96.0.5" ${FUTURE}: use "10.96.0.5"`,
        'spec.externalIPs[0]: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")',
        `spec.loadBalancerIP: non-standard IP address "1.2.3.04" ${FUTURE}: use "1.2.3.4"`,
        'spec.loadBalancerSourceRanges[0]: CIDR value "10.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.0.0.1/32"?)',
        `spec.loadBalancerSourceRanges[1]: non-standard CIDR value "::ffff:1.2.3.0/120" ${FUTURE}: use "1.2.3.0/24"`,
        'spec.loadBalancerSourceRanges[2]: IPv6 CIDR value "2001:DB8::/32" should be in RFC 5952 canonical format ("2001:db8::/32")',
        'spec.externalName is ignored when spec.type is not "ExternalName"',
        'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
      ],
    ],
    [
      'services',
      { type: 'ExternalName', externalName: 'a.b', externalIPs: ['1.2.3.4'] },
      {},
      ['spec.externalIPs is ignored when spec.type is "ExternalName"'],
    ],
    [
      'ingresses.networking.k8s.io',
      {},
      annotation('kubernetes.io/ingress.class'),
      [`annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`],
    ],
    ['ingresses.networking.k8s.io', { ingressClassName: 'a' }, annotation('kubernetes.io/ingress.class'), []],
    [
      'networkpolicies.networking.k8s.io',
      {
        ingress: [{ from: [{}, { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.1/16'] } }] }],
        egress: [{ to: [{ ipBlock: { cidr: '010.0.0.0/8' } }] }],
      },
      {},
      [
        'spec.ingress[0].from[1].ipBlock.except[0]: CIDR value "10.1.0.1/16" is ambiguous in this context (should be "10.1.0.0/16" or "10.1.0.1/32"?)',
        `spec.egress[0].to[0].ipBlock.cidr: non-standard CIDR value "010.0.0.0/8" ${FUTURE}: use "10.0.0.0/8"`,
      ],
    ],
    [
      'persistentvolumeclaims',
      { resources: { requests: { storage: '200m' }, limits: { storage: '1500m' } } },
      annotation('volume.beta.kubernetes.io/storage-class'),
      [
        'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead',
        `spec.resources.requests[storage]: ${FRACTION('200m')}`,
        `spec.resources.limits[storage]: ${FRACTION('1500m')}`,
      ],
    ],
    [
      'persistentvolumes',
      {
        persistentVolumeReclaimPolicy: 'Recycle',
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: ARCH, operator: 'Exists' }] }] } },
        rbd: {},
      },
      annotation('volume.beta.kubernetes.io/mount-options'),
      [
        'metadata.annotations[volume.beta.kubernetes.io/mount-options]: deprecated since v1.31; use "mountOptions" attribute instead',
        'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
        `spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].key: ${ARCH} is ${OLD_ARCH}`,
        'spec.rbd: deprecated in v1.28, non-functional in v1.31+',
      ],
    ],
    [
      'storageclasses.storage.k8s.io',
      {},
      { allowedTopologies: [{ matchLabelExpressions: [{ key: 'a' }, { key: ARCH }] }] },
      [`allowedTopologies[0].matchLabelExpressions[1].key: ${OLD_ARCH}`],
    ],
    [
      'csistoragecapacities.storage.k8s.io',
      {},
      { nodeTopology: { matchExpressions: [{ key: ARCH, operator: 'Exists' }], matchLabels: { [ARCH]: 'arm' } } },
      [`nodeTopology.matchExpressions[0].key: ${ARCH} is ${OLD_ARCH}`, `nodeTopology.matchLabels.${ARCH}: ${OLD_ARCH}`],
    ],
    [
      'runtimeclasses.node.k8s.io',
      {},
      { scheduling: { nodeSelector: { [ARCH]: 'arm' } } },
      [`scheduling.nodeSelector: ${OLD_ARCH}`],
    ],
    [
      'nodes',
      { externalID: 'x', podCIDRs: ['10.0.0.8/24'] },
      {},
      [
        'spec.externalID: this field is deprecated, and is unused by Kubernetes',
        'spec.podCIDRs[0]: CIDR value "10.0.0.8/24" is ambiguous in this context (should be "10.0.0.0/24" or "10.0.0.8/32"?)',
      ],
    ],
    [
      'endpoints',
      {},
      {
        subsets: [
          { addresses: [{ ip: '1.2.3.4' }, { ip: '1.2.3.04' }], notReadyAddresses: [{ ip: '::ffff:1.2.3.4' }] },
        ],
      },
      [
        `subsets[0].addresses[1].ip: non-standard IP address "1.2.3.04" ${FUTURE}: use "1.2.3.4"`,
        `subsets[0].notReadyAddresses[0].ip: non-standard IP address "::ffff:1.2.3.4" ${FUTURE}: use "1.2.3.4"`,
      ],
    ],
    [
      'endpoints',
      {},
      {
        'metadata.labels': { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' },
        subsets: [{ addresses: [{ ip: '1.2.3.04' }] }],
      },
      [],
    ],
    [
      'endpointslices.discovery.k8s.io',
      {},
      { addressType: 'FQDN', endpoints: [{ addresses: ['a.example.com'] }] },
      ['spec.addressType: FQDN endpoints are deprecated'],
    ],
    [
      'endpointslices.discovery.k8s.io',
      {},
      { addressType: 'IPv4', endpoints: [{ addresses: ['1.2.3.04'] }] },
      [`endpoints[0].addresses[0]: non-standard IP address "1.2.3.04" ${FUTURE}: use "1.2.3.4"`],
    ],
    [
      'resourceslices.resource.k8s.io',
      { driver: 'Gpu.example.com' },
      {},
      ['spec.driver: driver names should be lowercase; "Gpu.example.com" contains uppercase characters'],
    ],
    ['podtemplates', {}, { template }, [`template.spec.terminationGracePeriodSeconds: ${PERIOD}`]],
    [
      'jobs.batch',
      { template, completionMode: 'Indexed', completions: 100_001, parallelism: 10_001 },
      { 'metadata.name': 'a.b' },
      [LABEL, `spec: ${SIZE}`, `spec.template.spec.terminationGracePeriodSeconds: ${PERIOD}`],
    ],
    [
      'cronjobs.batch',
      {
        schedule: '* * * * *',
        jobTemplate: { spec: { template, completionMode: 'Indexed', completions: 100_001, parallelism: 10_001 } },
      },
      { 'metadata.name': 'a.b' },
      [
        LABEL,
        `spec.jobTemplate.spec: ${SIZE}`,
        `spec.jobTemplate.spec.template.spec.terminationGracePeriodSeconds: ${PERIOD}`,
      ],
    ],
    [
      'daemonsets.apps',
      { template },
      { 'metadata.name': 'a.b' },
      [`spec.template.spec.terminationGracePeriodSeconds: ${PERIOD}`],
    ],
    [
      'deployments.apps',
      { template },
      { 'metadata.name': 'a.b' },
      [LABEL, `spec.template.spec.terminationGracePeriodSeconds: ${PERIOD}`],
    ],
    [
      'statefulsets.apps',
      {
        template,
        revisionHistoryLimit: -1,
        volumeClaimTemplates: [{ metadata: { name: 'a' }, spec: { resources: { requests: { storage: '200m' } } } }],
      },
      {},
      [
        `spec.template.spec.terminationGracePeriodSeconds: ${PERIOD}`,
        `spec.volumeClaimTemplates[0].resources.requests[storage]: ${FRACTION('200m')}`,
        'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended',
      ],
    ],
  ])('%s %o %o', (resource, spec, changes, warnings) => {
    expect(warned(resource, made(resource, spec, changes))).toEqual(warnings);
  });
});

describe('warnings about an update', () => {
  const bad = (resource: string, spec: JsonObject = { template }) => made(resource, spec, { 'metadata.name': 'a.b' });
  const again = (resource: string, old: Plain, changes: JsonObject) => {
    const object = changed(structuredClone(old), changes);
    kindOf(resource).strategy.prepareForUpdate?.(object, old);
    return warned(resource, object, old);
  };
  const labels = { 'metadata.labels': { a: 'b' } };
  const TOLD = `spec.template.spec.terminationGracePeriodSeconds: ${PERIOD}`;

  it.each(['deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'jobs.batch'])(
    'of %s: its template, if the spec changed',
    resource => {
      expect(again(resource, bad(resource), labels)).toEqual([]);
      expect(again(resource, bad(resource), { 'spec.minReadySeconds': 5 })).toEqual([TOLD]);
    },
  );

  it('of a DaemonSet: its template, if that changed', () => {
    expect(again('daemonsets.apps', bad('daemonsets.apps'), { 'spec.minReadySeconds': 5 })).toEqual([]);
    expect(again('daemonsets.apps', bad('daemonsets.apps'), { 'spec.template.spec.hostNetwork': true })).toEqual([
      TOLD,
    ]);
  });

  it('of a ReplicationController: the template of before', () => {
    const old = bad('replicationcontrollers');
    expect(again('replicationcontrollers', old, { 'spec.template.spec.terminationGracePeriodSeconds': 1 })).toEqual([
      TOLD,
    ]);
    expect(again('replicationcontrollers', old, labels)).toEqual([]);
  });

  it('of a StatefulSet: its claims, in a path of its own', () => {
    const claims = [{ metadata: { name: 'a' }, spec: { resources: { requests: { storage: '200m' } } } }];
    const old = made('statefulsets.apps', { template, volumeClaimTemplates: claims });
    expect(again('statefulsets.apps', old, labels)).toEqual([
      `spec.volumeClaimTemplates[0].Spec.resources.requests[storage]: ${FRACTION('200m')}`,
    ]);
  });

  it('of an Ingress and of a slice: none of what is said once', () => {
    const ingress = made('ingresses.networking.k8s.io', {}, annotation('kubernetes.io/ingress.class'));
    expect(again('ingresses.networking.k8s.io', ingress, labels)).toEqual([]);
    const slice = made('endpointslices.discovery.k8s.io', {}, { addressType: 'FQDN', endpoints: [] });
    expect(again('endpointslices.discovery.k8s.io', slice, labels)).toEqual([]);
  });

  it('of a service account: an annotation that is new', () => {
    const key = 'kubernetes.io/enforce-mountable-secrets';
    const plain = made('serviceaccounts', {});
    expect(again('serviceaccounts', plain, annotation(key))).toEqual([
      `metadata.annotations[${key}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
    ]);
    expect(again('serviceaccounts', made('serviceaccounts', {}, annotation(key)), labels)).toEqual([]);
  });

  it('through the status: the addresses there', () => {
    const ingress = [{ ip: '010.0.0.1' }, { hostname: 'a' }];
    for (const resource of ['services', 'ingresses.networking.k8s.io'])
      expect(
        kindOf(resource).strategy.statusWarnings?.(
          changed(made(resource, {}), { status: { loadBalancer: { ingress } } }),
        ),
      ).toEqual([`status.loadBalancer.ingress[0]: non-standard IP address "010.0.0.1" ${FUTURE}: use "10.0.0.1"`]);
  });
});

describe('warnings about custom kinds', () => {
  const crd = (...formats: string[]) => {
    const properties = Object.fromEntries(formats.map(format => [format, { type: 'string', format }]));
    const number = { type: 'integer', format: 'odd' };
    const openAPIV3Schema = {
      type: 'object',
      properties: { a: { type: 'array', items: { type: 'object', properties } }, number },
    };
    return { spec: { versions: [{ name: 'v1', schema: { openAPIV3Schema } }] } } as never;
  };

  it('tell of formats that mean nothing, while they are new', () => {
    const { warnings } = customResourceDefinitions.strategy;
    expect(warnings?.(crd('date-time', 'uu-id', 'password', 'k8s-short-name', 'mood'))).toEqual([
      'unrecognized format "mood"',
    ]);
    expect(warnings?.(crd('mood', 'taste'), crd('mood'))).toEqual(['unrecognized format "taste"']);
  });

  it('tell of finalizers that could be anybody’s, while they are new', () => {
    const object = (...finalizers: string[]) => ({
      ...made('configmaps', {}),
      metadata: { ...made('configmaps', {}).metadata, finalizers },
    });
    const told = (name: string) =>
      `metadata.finalizers: "${name}": prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers`;
    expect(finalizerWarnings(object('z.example.com', 'foregroundDeletion', 'example.com/a', 'mine'))).toEqual([
      told('mine'),
      told('z.example.com'),
    ]);
    expect(finalizerWarnings(object('mine'), object('mine'))).toEqual([]);
  });
});
