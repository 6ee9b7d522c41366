import { describe, expect, it } from 'vitest';
import type { Container, Pod, PodSpec, Volume } from '../../../../src/resources/types.js';
import { podStatusWarnings, podTemplateWarnings, podWarnings } from '../../../../src/resources/warnings/pod.js';
import { pod } from '../objects.js';

const container = { name: 'main', image: 'a:1' };
const IN = 'requiredDuringSchedulingIgnoredDuringExecution';
const WISH = 'preferredDuringSchedulingIgnoredDuringExecution';
const NULL = 'a null labelSelector results in matching no pod';
const HIDES = 'which may be dropped when using apply';
const SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead';

const withEnv = (...env: object[]) => ({ containers: [{ ...container, env }] }) as Partial<PodSpec>;
const withPorts = (...lists: object[][]) =>
  ({ containers: lists.map(ports => ({ ...container, ports })) }) as Partial<PodSpec>;
const withVolume = (volume: object) => ({ volumes: [{ name: 'v', ...volume } as Volume] });
const term = (key: string, ...values: string[]) => ({ matchExpressions: [{ key, operator: 'In', values }] });

describe('warnings about a pod', () => {
  it.each<[string, Partial<PodSpec>, string[]]>([
    ['nothing', {}, []],
    [
      'labels of old in a selector of nodes',
      {
        nodeSelector: {
          'beta.kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
          'node-role.kubernetes.io/master': '',
        },
      },
      [
        'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
        'spec.nodeSelector[node-role.kubernetes.io/master]: use "node-role.kubernetes.io/control-plane" instead',
      ],
    ],
    [
      'labels of old in an affinity for nodes',
      {
        affinity: {
          nodeAffinity: {
            [IN]: { nodeSelectorTerms: [term('a', 'b'), term('beta.kubernetes.io/arch', 'arm')] },
            [WISH]: [{ weight: 1, preference: term('failure-domain.beta.kubernetes.io/zone', 'a') }],
          },
        },
      },
      [
        `spec.affinity.nodeAffinity.${IN}.nodeSelectorTerms[1].matchExpressions[0].key: beta.kubernetes.io/arch is deprecated since v1.14; use "kubernetes.io/arch" instead`,
        `spec.affinity.nodeAffinity.${WISH}[0].preference.matchExpressions[0].key: failure-domain.beta.kubernetes.io/zone is deprecated since v1.17; use "topology.kubernetes.io/zone" instead`,
      ],
    ],
    [
      'a wish for a value that no label can have',
      { affinity: { nodeAffinity: { [WISH]: [{ weight: 1, preference: term('a', '-1') }] } } },
      [
        `spec.affinity.nodeAffinity.${WISH}[0].preference.matchExpressions[0].values[0]: -1 is invalid, a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
      ],
    ],
    [
      'spreading over an old label, and nothing',
      {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'failure-domain.beta.kubernetes.io/region',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: {},
          },
          { maxSkew: 1, topologyKey: 'a', whenUnsatisfiable: 'DoNotSchedule' },
        ],
      },
      [
        'spec.topologySpreadConstraints[0].topologyKey: failure-domain.beta.kubernetes.io/region is deprecated since v1.17; use "topology.kubernetes.io/region" instead',
        `spec.topologySpreadConstraints[1].labelSelector: ${NULL}`,
      ],
    ],
    [
      'affinity for no pods',
      {
        affinity: {
          podAffinity: {
            [IN]: [{ topologyKey: 'a', labelSelector: {} }, { topologyKey: 'a' }],
            [WISH]: [{ weight: 1, podAffinityTerm: { topologyKey: 'a' } }],
          },
          podAntiAffinity: { [IN]: [{ topologyKey: 'a' }] },
        },
      },
      [
        `spec.affinity.podAffinity.${IN}[1].labelSelector: ${NULL}`,
        `spec.affinity.podAffinity.${WISH}[0].podAffinityTerm.labelSelector: ${NULL}`,
        `spec.affinity.podAntiAffinity.${IN}[0].labelSelector: ${NULL}`,
      ],
    ],
    [
      'negative patience',
      { terminationGracePeriodSeconds: -1 },
      ['spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1'],
    ],
    [
      'hidden variables',
      withEnv(
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
        { name: 'A' },
        { name: 'A', value: '$(A)' },
        { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'A', value: '$(A) $(A)' },
      ),
      [1, 2, 3, 4].map(i => `spec.containers[0].env[${i}]: hides previous definition of "A", ${HIDES}`),
    ],
    [
      'parts of bytes',
      {
        initContainers: [
          { ...container, resources: { limits: { memory: '4m' }, requests: { memory: '4m', cpu: '4m' } } },
        ],
        containers: [{ ...container, resources: { requests: { 'ephemeral-storage': '1500m', memory: '1Gi' } } }],
        overhead: { memory: '500m' },
      },
      [
        'spec.overhead[memory]: fractional byte value "500m" is invalid, must be an integer',
        'spec.initContainers[0].resources.limits[memory]: fractional byte value "4m" is invalid, must be an integer',
        'spec.initContainers[0].resources.requests[memory]: fractional byte value "4m" is invalid, must be an integer',
        'spec.containers[0].resources.requests[ephemeral-storage]: fractional byte value "1500m" is invalid, must be an integer',
      ],
    ],
    [
      'entries that stand twice or are empty',
      {
        hostAliases: [{ ip: '1.1.1.1' }, { ip: '1.1.1.1' }],
        imagePullSecrets: [{ name: 'a' }, { name: 'a' }, {}],
      },
      [
        'spec.hostAliases[1].ip: duplicate ip "1.1.1.1"',
        'spec.imagePullSecrets[1].name: duplicate name "a"',
        'spec.imagePullSecrets[2].name: invalid empty name ""',
      ],
    ],
    [
      'addresses in forms of old',
      { dnsConfig: { nameservers: ['1.2.3.4', '05.06.07.08'] }, hostAliases: [{ ip: '::ffff:1.2.3.4' }] },
      [
        'spec.dnsConfig.nameservers[1]: non-standard IP address "05.06.07.08" will be considered invalid in a future Kubernetes release: use "5.6.7.8"',
        'spec.hostAliases[0].ip: non-standard IP address "::ffff:1.2.3.4" will be considered invalid in a future Kubernetes release: use "1.2.3.4"',
      ],
    ],
    [
      'a volume of a kind that is gone',
      withVolume({ storageos: {} }),
      ['spec.volumes[0].storageOS: deprecated in v1.22, non-functional in v1.25+'],
    ],
    [
      'a volume of a kind that is off',
      withVolume({ gitRepo: { repository: 'x' } }),
      ['spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+'],
    ],
    [
      'a claim of part of a byte',
      withVolume({ ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage: '200m' } } } } } }),
      [
        'spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources.requests[storage]: fractional byte value "200m" is invalid, must be an integer',
      ],
    ],
  ])('%s', (_, spec, warnings) => {
    expect(podWarnings(pod(spec))).toEqual(warnings);
  });

  const FIRST = 'spec.containers[0].ports[0]';
  const SECOND = 'spec.containers[0].ports[1]';
  const udp = (more: object = {}) => ({ containerPort: 80, protocol: 'UDP', ...more });
  const host = (more: object = {}) => udp({ hostPort: 80, ...more });

  it.each<[string, object[][], string[]]>([
    ['other protocols', [[udp(), udp({ protocol: 'TCP' })]], []],
    ['other ports of the host', [[host(), host({ hostPort: 81 })]], []],
    ['other addresses of the host', [[host({ hostIP: '10.0.0.1' }), host({ hostIP: '10.0.0.2' })]], []],
    ['a port twice', [[udp(), udp()]], [`${SECOND}: duplicate port definition with ${FIRST}`]],
    [
      'a port of two containers',
      [[host()], [host()]],
      [`spec.containers[1].ports[0]: duplicate port definition with ${FIRST}`],
    ],
    [
      'a port three times',
      [[udp(), udp()], [udp()]],
      [
        `${SECOND}: duplicate port definition with ${FIRST}`,
        `spec.containers[1].ports[0]: duplicate port definition with ${FIRST}`,
        `spec.containers[1].ports[0]: duplicate port definition with ${SECOND}`,
      ],
    ],
    [
      'a port with and without one of the host',
      [[host({ hostIP: '10.0.0.1' }), udp({ hostIP: '10.0.0.1' })]],
      [
        `${SECOND}: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:80 Protocol:UDP HostIP:10.0.0.1}`,
        `${SECOND}: overlapping port definition with ${FIRST}`,
      ],
    ],
    [
      'all addresses of the host, and one',
      [[host({ hostIP: '10.0.0.1' }), host(), host({ hostIP: '10.0.0.2' })]],
      [
        `${SECOND}: dangerously ambiguous port definition with ${FIRST}`,
        `spec.containers[0].ports[2]: dangerously ambiguous port definition with ${SECOND}`,
      ],
    ],
    [
      'one name in two containers',
      [[{ containerPort: 80, name: 'http' }], [{ containerPort: 81, name: 'http' }]],
      [
        `spec.containers[1].ports[0]: duplicate port name "http" with ${FIRST}, services and probes that select ports by name will use ${FIRST}`,
      ],
    ],
  ])('ports: %s', (_, lists, warnings) => {
    expect(podWarnings(pod(withPorts(...lists)))).toEqual(warnings);
  });

  const items = (...paths: string[]) => paths.map(path => ({ key: path, path }));
  const token = (path: string) => ({ serviceAccountToken: { path } });

  it.each<[string, object, string[]]>([
    [
      'apart',
      { configMap: { name: 'foo', items: items('dir/path1', 'dir/path12', 'dir') } },
      [
        '(ConfigMap "foo"): overlapping paths: "dir" with "dir/path1"',
        '(ConfigMap "foo"): overlapping paths: "dir" with "dir/path12"',
      ],
    ],
    [
      'one file twice',
      { secret: { secretName: 'foo', items: items('a', 'a/') } },
      ['(Secret "foo"): overlapping paths: "a" with "a"'],
    ],
    [
      'a file in a file',
      { downwardAPI: { items: items('a', 'a/b') } },
      ['(DownwardAPI): overlapping paths: "a/b" with "a"'],
    ],
    [
      'of several sources',
      {
        projected: {
          sources: [
            { clusterTrustBundle: { signerName: 'Test', path: 'test/test' } },
            { downwardAPI: { items: items('test') } },
            { secret: { name: 'Test', items: items('other') } },
            { podCertificate: { keyPath: 'other/key' } },
            token('test'),
          ],
        },
      },
      [
        '(Projected): overlapping paths: "test" (DownwardAPI) with "test/test" (ClusterTrustBundle "Test")',
        '(Projected): overlapping paths: "other/key" (PodCertificate key) with "other" (Secret "Test")',
        '(Projected): overlapping paths: "test" (ServiceAccountToken) with "test/test" (ClusterTrustBundle "Test")',
        '(Projected): overlapping paths: "test" (ServiceAccountToken) with "test" (DownwardAPI)',
      ],
    ],
    ['of no source', { projected: { sources: [{}] } }, ['(Projected) has no sources provided']],
    [
      'as every pod has them',
      { projected: { sources: [token('token'), { configMap: { name: 'kube-root-ca.crt', items: items('ca.crt') } }] } },
      [],
    ],
  ])('files: %s', (_, volume, warnings) => {
    expect(podWarnings(pod(withVolume(volume)))).toEqual(warnings.map(text => `volume "v" ${text}`));
  });

  const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/main';
  const annotated = (annotations: Record<string, string>, spec: Partial<PodSpec> = {}) =>
    pod(spec, { metadata: { ...pod().metadata, annotations } });

  it('tells of annotations that nobody looks at', () => {
    const annotations = {
      'scheduler.alpha.kubernetes.io/critical-pod': '',
      'security.alpha.kubernetes.io/sysctls': 'a=b',
      'seccomp.security.alpha.kubernetes.io/pod': 'x',
      'container.seccomp.security.alpha.kubernetes.io/main': 'x',
      'container.seccomp.security.alpha.kubernetes.io/other': 'x',
    };
    expect(podWarnings(annotated(annotations))).toEqual([
      'metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead',
      'metadata.annotations[security.alpha.kubernetes.io/sysctls]: non-functional in v1.11+; use the "sysctls" field instead',
      `metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: ${SECCOMP}`,
      `metadata.annotations[container.seccomp.security.alpha.kubernetes.io/main]: ${SECCOMP}`,
    ]);
    const profile = { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } };
    const fields = { ...profile, containers: [{ ...container, ...profile }] };
    const {
      'scheduler.alpha.kubernetes.io/critical-pod': _,
      'security.alpha.kubernetes.io/sysctls': __,
      ...seccomp
    } = annotations;
    expect(podWarnings(annotated(seccomp, fields))).toEqual([]);
  });

  const told = [`metadata.annotations[${APP_ARMOR}]: deprecated since v1.30; use the "appArmorProfile" field instead`];
  const profile = (type: string, more: object = {}) => ({ securityContext: { appArmorProfile: { type, ...more } } });

  it.each<[string, string, Partial<PodSpec>, string[]]>([
    ['by annotation alone', 'runtime/default', {}, told],
    ['that is none', 'sparta', {}, told],
    ['of the container', 'unconfined', { containers: [{ ...container, ...profile('Unconfined') }] }, []],
    ['that is the pod’s', 'localhost/x', profile('Localhost', { localhostProfile: 'x' }), []],
    ['that is not the pod’s', 'unconfined', profile('RuntimeDefault'), told],
    ['on Windows', 'unconfined', { os: { name: 'windows' } }, []],
  ])('AppArmor profile %s', (_, value, spec, warnings) => {
    expect(podWarnings(annotated({ [APP_ARMOR]: value }, spec))).toEqual(warnings);
  });

  it('are of its own name, and said once', () => {
    const named = pod({ terminationGracePeriodSeconds: -1 }, { metadata: { ...pod().metadata, name: 'a.b' } });
    expect(podWarnings(named)[0]).toBe(
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
    );
    expect(podWarnings(named, named)).toEqual([]);
  });

  it('are of addresses in its status', () => {
    const status = { podIPs: [{ ip: '10.0.0.1' }, { ip: '2001:DB8::1' }], hostIPs: [{ ip: '010.0.0.1' }] };
    expect(podStatusWarnings(pod({}, { status } as Partial<Pod>))).toEqual([
      'status.podIPs[1].ip: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")',
      'status.hostIPs[0].ip: non-standard IP address "010.0.0.1" will be considered invalid in a future Kubernetes release: use "10.0.0.1"',
    ]);
  });
});

describe('warnings about a template', () => {
  const ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/main';
  const template = (main: Partial<Container> = {}) => ({
    metadata: { annotations: { [ANNOTATION]: 'unconfined' } },
    spec: { containers: [{ ...container, ...main }], nodeSelector: { 'beta.kubernetes.io/os': 'linux' } },
  });

  it('tell where it stands', () => {
    expect(podTemplateWarnings('spec.template', template())).toEqual([
      'spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
      `spec.template.metadata.annotations[${ANNOTATION}]: deprecated since v1.30; use the "appArmorProfile" field instead`,
    ]);
    const withField = template({ securityContext: { appArmorProfile: { type: 'Unconfined' } } });
    expect(podTemplateWarnings('template', withField)).toHaveLength(1);
  });
});
