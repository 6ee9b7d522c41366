import { describe, expect, it } from 'vitest';
import { violationsOf } from '../../../src/resources/pod-security/checks.js';
import { type Level, podSecurityPolicy } from '../../../src/resources/pod-security/policy.js';
import type { Container, PodSpec } from '../../../src/resources/types.js';

/** What upstream says of a pod, in detail. */
const told = (standard: string, spec: Partial<PodSpec>, annotations: Record<string, string> = {}) => {
  const [level, version = 'latest'] = standard.split(':') as [Level, string?];
  const found = violationsOf({ level, version }, { annotations }, { containers: [{ name: 'a' }], ...spec });
  return found.map(({ reason, detail }) => `${reason} (${detail})`);
};

const container = (name: string, securityContext: Container['securityContext'], more: Partial<Container> = {}) => ({
  name,
  ...(securityContext ? { securityContext } : {}),
  ...more,
});
const two = (securityContext: Container['securityContext']) => ({
  containers: [container('a', securityContext), container('b', securityContext)],
});

describe('baseline', () => {
  const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';
  it.each<[string, Partial<PodSpec>, string[], string?, Record<string, string>?]>([
    ['nothing', {}, []],
    [
      'host namespaces',
      { hostIPC: true, hostNetwork: true, hostPID: true },
      ['host namespaces (hostNetwork=true, hostPID=true, hostIPC=true)'],
    ],
    [
      'privileged',
      two({ privileged: true }),
      ['privileged (containers "a", "b" must not set securityContext.privileged=true)'],
    ],
    ['not privileged', two({ privileged: false }), []],
    [
      'containers of all sorts',
      {
        containers: [container('c', { privileged: true })],
        initContainers: [container('b', { privileged: true })],
        ephemeralContainers: [container('a', { privileged: true })],
      },
      ['privileged (containers "b", "c", "a" must not set securityContext.privileged=true)'],
    ],
    ['default capabilities', two({ capabilities: { add: ['CHOWN', 'KILL'], drop: ['ALL'] } }), []],
    [
      'capabilities',
      {
        containers: [
          container('a', { capabilities: { add: ['SYS_TIME', 'CHOWN', 'NET_RAW'] } }),
          container('b', undefined),
          container('c', { capabilities: { add: ['NET_RAW'] } }),
        ],
      },
      [
        'non-default capabilities (containers "a", "c" must not include "NET_RAW", "SYS_TIME" in securityContext.capabilities.add)',
      ],
    ],
    [
      'hostPath',
      {
        volumes: [
          { name: 'x', hostPath: { path: '/' } },
          { name: 'y', emptyDir: {} },
        ],
      },
      ['hostPath volumes (volume "x")'],
    ],
    [
      'host ports, sorted as texts',
      {
        containers: [
          container('a', undefined, {
            ports: [
              { containerPort: 1, hostPort: 9 },
              { containerPort: 2, hostPort: 10 },
            ],
          }),
          container('b', undefined, { ports: [{ containerPort: 1 }] }),
        ],
      },
      ['hostPort (container "a" uses hostPorts 10, 9)'],
    ],
    [
      'AppArmor fields',
      { ...two({ appArmorProfile: { type: 'Unconfined' } }), securityContext: { appArmorProfile: { type: 'Other' } } },
      [
        'forbidden AppArmor profiles (pod and containers "a", "b" must not set AppArmor profile type to "Other", "Unconfined")',
      ],
    ],
    [
      'AppArmor annotations',
      {},
      [`forbidden AppArmor profile (annotation must not set AppArmor profile type to "${APP_ARMOR}a="unconfined"")`],
      'baseline',
      { [`${APP_ARMOR}a`]: 'unconfined', [`${APP_ARMOR}b`]: 'localhost/x', [`${APP_ARMOR}c`]: 'runtime/default' },
    ],
    [
      'SELinux',
      { ...two({ seLinuxOptions: { type: 'spc_t' } }), securityContext: { seLinuxOptions: { user: 'u', role: 'r' } } },
      [
        'seLinuxOptions (pod and containers "a", "b" set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set; role may not be set)',
      ],
    ],
    ['a type of SELinux', two({ seLinuxOptions: { type: 'container_engine_t', level: 's0' } }), []],
    [
      'a type of SELinux before 1.31',
      { containers: [container('a', { seLinuxOptions: { type: 'container_engine_t' } })] },
      ['seLinuxOptions (container "a" set forbidden securityContext.seLinuxOptions: type "container_engine_t")'],
      'baseline:v1.30',
    ],
    [
      'procMount',
      two({ procMount: 'Unmasked' }),
      ['procMount (containers "a", "b" must not set securityContext.procMount to "Unmasked")'],
    ],
    ['procMount with users of its own', { ...two({ procMount: 'Unmasked' }), hostUsers: false }, []],
    [
      'procMount with users of its own, before 1.35',
      { containers: [container('a', { procMount: 'Unmasked' })], hostUsers: false },
      ['procMount (container "a" must not set securityContext.procMount to "Unmasked")'],
      'baseline:v1.34',
    ],
    [
      'seccomp',
      {
        ...two({ seccompProfile: { type: 'Localhost' } }),
        securityContext: { seccompProfile: { type: 'Unconfined' } },
      },
      ['seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")'],
    ],
    [
      'seccomp as annotations',
      {},
      [
        'seccompProfile (forbidden annotations container.seccomp.security.alpha.kubernetes.io/a="unconfined", seccomp.security.alpha.kubernetes.io/pod="x")',
      ],
      'baseline:v1.18',
      {
        'seccomp.security.alpha.kubernetes.io/pod': 'x',
        'container.seccomp.security.alpha.kubernetes.io/a': 'unconfined',
        'container.seccomp.security.alpha.kubernetes.io/other': 'unconfined',
      },
    ],
    [
      'seccomp as annotations today',
      {},
      [],
      'baseline:v1.19',
      { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' },
    ],
    [
      'Windows',
      { securityContext: { windowsOptions: { hostProcess: true } } },
      ['hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)'],
    ],
    [
      'hosts of probes',
      {
        containers: [
          container('b', undefined, { livenessProbe: { httpGet: { port: 1, host: 'h2' } } }),
          container('a', undefined, { lifecycle: { preStop: { tcpSocket: { port: 1, host: 'h1' } } } }),
          container('c', undefined, { readinessProbe: { httpGet: { port: 1 } } }),
        ],
      },
      ['probe or lifecycle host (containers "a", "b" use probe or lifecycle hosts "h1", "h2")'],
    ],
    [
      'hosts of probes before 1.34',
      { containers: [container('a', undefined, { livenessProbe: { httpGet: { port: 1, host: 'h' } } })] },
      [],
      'baseline:v1.33',
    ],
  ])('%s', (_, spec, expected, standard = 'baseline', annotations = {}) => {
    expect(told(standard, spec, annotations)).toEqual(expected);
    expect(told('privileged', spec, annotations)).toEqual([]);
  });

  it.each<[string, string]>([
    ['v1.26', 'net.ipv4.ip_local_reserved_ports, net.ipv4.tcp_fin_timeout, net.ipv4.tcp_rmem, kernel.msgmax'],
    ['v1.27', 'net.ipv4.tcp_fin_timeout, net.ipv4.tcp_rmem, kernel.msgmax'],
    ['v1.29', 'net.ipv4.tcp_rmem, kernel.msgmax'],
    ['v1.32', 'kernel.msgmax'],
    ['v1.99', 'kernel.msgmax'],
  ])('sysctls that are not safe, as of %s: %s', (version, expected) => {
    const names = [
      'kernel.shm_rmid_forced',
      'net.ipv4.ip_local_reserved_ports',
      'net.ipv4.tcp_fin_timeout',
      'net.ipv4.tcp_rmem',
      'kernel.msgmax',
    ];
    const securityContext = { sysctls: names.map(name => ({ name, value: '1' })) };
    expect(told(`baseline:${version}`, { securityContext })).toEqual([`forbidden sysctls (${expected})`]);
  });
});

describe('restricted', () => {
  const GOOD = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  const GOOD_POD = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
  const good = (more: Partial<PodSpec> = {}): Partial<PodSpec> => ({
    securityContext: GOOD_POD,
    ...two(GOOD),
    ...more,
  });
  const ESCALATION =
    'allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false)';
  const CAPABILITIES = 'unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"])';
  const ROOT = 'runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true)';
  const SECCOMP =
    'seccompProfile (pod or container "a" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")';

  it.each<[string, string[]]>([
    ['v1.0', [ROOT]],
    ['v1.8', [ESCALATION, ROOT]],
    ['v1.19', [ESCALATION, ROOT, SECCOMP]],
    ['v1.22', [ESCALATION, CAPABILITIES, ROOT, SECCOMP]],
    ['v1.35', [ESCALATION, CAPABILITIES, ROOT, SECCOMP]],
    ['latest', [ESCALATION, CAPABILITIES, ROOT, SECCOMP]],
  ])('says of a plain pod, as of %s', (version, expected) => {
    expect(told(`restricted:${version}`, {})).toEqual(expected);
  });

  it.each<[string, Partial<PodSpec>, string[], string?]>([
    ['a good pod', good(), []],
    ['a pod for Windows', { os: { name: 'windows' } }, [ROOT]],
    ['a pod for Windows before 1.25', { os: { name: 'windows' } }, [ESCALATION, CAPABILITIES, ROOT, SECCOMP], 'v1.24'],
    ['users of its own', { hostUsers: false, securityContext: { runAsUser: 0 } }, [ESCALATION, CAPABILITIES, SECCOMP]],
    [
      'users of its own before 1.35',
      good({ hostUsers: false, securityContext: { ...GOOD_POD, runAsUser: 0, runAsNonRoot: false } }),
      [
        'runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)',
        'runAsUser=0 (pod must not set runAsUser=0)',
      ],
      'v1.34',
    ],
    [
      'an unmasked procMount, also with users of its own',
      good({ hostUsers: false, ...two({ ...GOOD, procMount: 'Unmasked' }) }),
      ['procMount (containers "a", "b" must not set securityContext.procMount to "Unmasked")'],
    ],
    [
      'capabilities, once',
      good(two({ ...GOOD, capabilities: { add: ['NET_BIND_SERVICE', 'SYS_TIME', 'CHOWN'] } })),
      [
        'unrestricted capabilities (containers "a", "b" must set securityContext.capabilities.drop=["ALL"]; containers "a", "b" must not include "CHOWN", "SYS_TIME" in securityContext.capabilities.add)',
      ],
    ],
    [
      'capabilities, before they had to be dropped',
      good(two({ ...GOOD, capabilities: { add: ['SYS_TIME', 'CHOWN'] } })),
      [
        'non-default capabilities (containers "a", "b" must not include "SYS_TIME" in securityContext.capabilities.add)',
      ],
      'v1.21',
    ],
    [
      'volumes, once',
      good({
        volumes: [
          { name: 'x', hostPath: { path: '/' } },
          { name: 'y', nfs: { server: 's', path: '/' } },
          { name: 'z', image: { reference: 'r' } },
          { name: 'c', configMap: { name: 'c' } },
        ],
      }),
      ['restricted volume types (volumes "x", "y" use restricted volume types "hostPath", "nfs")'],
    ],
    [
      'one volume',
      good({ volumes: [{ name: 'x', hostPath: { path: '/' } }] }),
      ['restricted volume types (volume "x" uses restricted volume type "hostPath")'],
    ],
    [
      'containers that undo what the pod says',
      good(two({ ...GOOD, runAsNonRoot: false, runAsUser: 0, seccompProfile: { type: 'Unconfined' } })),
      [
        'runAsNonRoot != true (containers "a", "b" must not set securityContext.runAsNonRoot=false)',
        'runAsUser=0 (containers "a", "b" must not set runAsUser=0)',
        'seccompProfile (containers "a", "b" must not set securityContext.seccompProfile.type to "Unconfined")',
      ],
    ],
    ['containers that say it themselves', { ...two({ ...GOOD, ...GOOD_POD }) }, []],
    [
      'what baseline forbids first',
      good({ hostNetwork: true, securityContext: { ...GOOD_POD, runAsUser: 0 } }),
      ['host namespaces (hostNetwork=true)', 'runAsUser=0 (pod must not set runAsUser=0)'],
    ],
  ])('%s', (_, spec, expected, version = 'latest') => {
    expect(told(`restricted:${version}`, spec)).toEqual(expected);
  });
});

describe('labels', () => {
  const at = (mode: string) => `pod-security.kubernetes.io/${mode}`;
  const policy = (labels: Record<string, string>) =>
    podSecurityPolicy(Object.fromEntries(Object.entries(labels).map(([mode, value]) => [at(mode), value])));
  const standard = (level: Level, version = 'latest') => ({ level, version });

  it.each<[Record<string, string>, object]>([
    [{}, { enforce: standard('privileged'), warn: standard('privileged') }],
    [{ audit: 'restricted' }, { enforce: standard('privileged'), warn: standard('privileged') }],
    [{ enforce: 'baseline' }, { enforce: standard('baseline'), warn: standard('baseline') }],
    [
      { enforce: 'restricted', 'enforce-version': 'v1.30' },
      { enforce: standard('restricted', 'v1.30'), warn: standard('restricted', 'v1.30') },
    ],
    [
      { enforce: 'restricted', 'enforce-version': 'v1.30', 'warn-version': 'v1.20' },
      { enforce: standard('restricted', 'v1.30'), warn: standard('restricted', 'v1.20') },
    ],
    [
      { enforce: 'restricted', warn: 'privileged' },
      { enforce: standard('restricted'), warn: standard('privileged') },
    ],
  ])('%j', (labels, expected) => {
    expect(policy(labels)).toEqual({ ...expected, errors: [] });
  });

  it('cannot be read: enforced strictly, and told of in turn', () => {
    const { enforce, warn, errors } = policy({
      enforce: 'strict',
      'enforce-version': 'v1.01',
      'audit-version': '1.2',
      warn: '',
      'warn-version': 'v2.0',
    });
    expect([enforce, warn]).toEqual([standard('restricted'), standard('privileged')]);
    const version = 'must be "latest" or "v1.x"';
    const level = 'must be one of privileged, baseline, restricted';
    expect(errors.map(({ message }) => message)).toEqual([
      `metadata.labels[${at('enforce')}]: Invalid value: "strict": ${level}`,
      `metadata.labels[${at('enforce-version')}]: Invalid value: "v1.01": ${version}`,
      `metadata.labels[${at('audit-version')}]: Invalid value: "1.2": ${version}`,
      `metadata.labels[${at('warn')}]: Invalid value: "": ${level}`,
      `metadata.labels[${at('warn-version')}]: Invalid value: "v2.0": ${version}`,
    ]);
  });
});
