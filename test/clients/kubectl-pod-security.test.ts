import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { Client } from './kubectl.js';

let cluster: Cluster;
let kubectl: Client;
beforeAll(async () => {
  cluster = await createCluster();
  kubectl = new Client('kubectl', (await cluster.listen()).url);
});
afterAll(() => cluster.close());

const k = (args: string) => kubectl.ok(args.split(' '));
const label = (text: string, ...more: string[]) =>
  kubectl.run(['label', 'namespace', 'shop', `pod-security.kubernetes.io/${text}`, '--overwrite', ...more]);

/** What a node exporter is: it looks at the node by way of its files and its network. */
const exporter = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'exporter', namespace: 'shop' },
  spec: {
    selector: { matchLabels: { app: 'exporter' } },
    template: {
      metadata: { labels: { app: 'exporter' } },
      spec: {
        hostNetwork: true,
        hostPID: true,
        containers: [
          {
            name: 'main',
            image: 'exporter:1',
            ports: [{ containerPort: 9100, hostPort: 9100 }],
            volumeMounts: [{ name: 'proc', mountPath: '/host/proc', readOnly: true }],
          },
        ],
        volumes: [
          { name: 'proc', hostPath: { path: '/proc' } },
          { name: 'sys', hostPath: { path: '/sys' } },
        ],
      },
    },
  },
};
const EXPORTER =
  'host namespaces (hostNetwork=true, hostPID=true), hostPath volumes (volumes "proc", "sys"), hostPort (container "main" uses hostPort 9100)';

it('a namespace says what pods may be', async () => {
  await k('create namespace shop');
  await k('run old -n shop --image=web');
  const raised = [
    'Warning: existing pods in namespace "shop" violate the new PodSecurity enforce level "restricted:latest"',
    'Warning: old: allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile',
    '',
  ].join('\n');
  const asked = await label('enforce=restricted', '--dry-run=server');
  expect([asked.stdout, asked.stderr]).toEqual(['namespace/shop labeled (server dry run)\n', raised]);
  const done = await label('enforce=restricted');
  expect([done.stdout, done.stderr]).toEqual(['namespace/shop labeled\n', raised]);
  expect((await kubectl.run(['run', 'new', '-n', 'shop', '--image=web'])).stderr).toBe(
    'Error from server (Forbidden): pods "new" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "new" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "new" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "new" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "new" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")\n',
  );
  expect((await label('enforce=strict')).stderr).toBe(
    'The Namespace "shop" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted\n',
  );
});

it('a DaemonSet is let in with a warning, and tells why it has no pods', async () => {
  await label('enforce=baseline');
  const applied = await kubectl.run(['apply', '-f', '-'], { input: JSON.stringify(exporter) });
  expect([applied.stdout, applied.stderr]).toEqual([
    'daemonset.apps/exporter created\n',
    `Warning: would violate PodSecurity "baseline:latest": ${EXPORTER}\n`,
  ]);
  const refused = `Error creating: pods "exporter-[a-z0-9]{5}" is forbidden: violates PodSecurity "baseline:latest": ${EXPORTER}`;
  await expect
    .poll(() => k('describe daemonset exporter -n shop'), { timeout: 20_000 })
    .toMatch(new RegExp(`FailedCreate .*${refused.replace(/[().]/g, '\\$&')}\n`));
  await label('enforce=privileged');
  await k('rollout status daemonset exporter -n shop --timeout=60s');
});
