import { beforeEach, describe, expect, it } from 'vitest';
import type { AdmissionOptions } from '../../../../src/registry/admission/index.js';
import type { WriteOptions } from '../../../../src/registry/types.js';
import type { ResourceDefinition } from '../../../../src/resources/definition.js';
import { namespaces, pods } from '../../../../src/resources/index.js';
import { cloneJson } from '../../../../src/resources/json.js';
import type { Draft, KubeObject, Namespace, Pod } from '../../../../src/resources/types.js';
import { openRegistry, type TestRegistry } from '../../../support/registry.js';

const LABEL = 'pod-security.kubernetes.io/';
const HOST = { hostNetwork: true, containers: [{ name: 'main', image: 'a:1' }] };
const PLAIN = { containers: [{ name: 'main', image: 'a:1' }] };
const OF_HOST = 'PodSecurity "baseline:latest": host namespaces (hostNetwork=true)';

let registry: TestRegistry;
let warnings: string[];
const options: WriteOptions = { warn: message => warnings.push(message) };
const open = async (admission?: AdmissionOptions) => {
  registry = await openRegistry(['default'], { admission });
  warnings = [];
};
beforeEach(() => open());

/** Gives the namespace these labels, and no others of its kind. */
const label = (modes: Record<string, string>, more: WriteOptions = {}) => {
  const labels = Object.fromEntries(Object.entries(modes).map(([mode, value]) => [`${LABEL}${mode}`, value]));
  const namespace = cloneJson(registry.get(namespaces, '', 'default')!.object);
  return registry.update(
    namespaces,
    { ...namespace, metadata: { ...namespace.metadata, labels } },
    { ...options, ...more },
  );
};

const make = (resource: string, name: string, content: object, more: object = {}) => {
  const kind = registry.kinds.byResource(resource)! as ResourceDefinition<KubeObject>;
  const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version;
  const draft = { apiVersion, kind: kind.kind, metadata: { name, namespace: 'default', ...more }, ...content };
  return registry.create(kind, draft as Draft<KubeObject>, options);
};
const pod = (name: string, spec: object, more?: object) => make('pods', name, { spec }, more);

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'let in',
    error => `${error.code} ${error.message}`,
  );

describe('pods', () => {
  it.each<[Record<string, string>, string, string[]]>([
    [{}, 'let in', []],
    [{ audit: 'restricted' }, 'let in', []],
    [{ enforce: 'privileged', warn: 'baseline' }, 'let in', [`would violate ${OF_HOST}`]],
    [{ enforce: 'baseline', warn: 'restricted' }, `403 pods "p" is forbidden: violates ${OF_HOST}`, []],
  ])('%j: %s', async (modes, expected, warned) => {
    await label(modes);
    expect(await outcome(pod('p', HOST))).toBe(expected);
    expect(warnings).toEqual(warned);
  });

  it('are told of all that is wrong, in upstream’s order', async () => {
    await label({ enforce: 'restricted', 'enforce-version': 'v1.35' });
    expect(await outcome(pod('p', HOST))).toBe(
      '403 pods "p" is forbidden: violates PodSecurity "restricted:v1.35": host namespaces (hostNetwork=true), allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "main" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "main" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "main" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    );
  });

  it('that are let in are warned of what is stricter', async () => {
    await label({ enforce: 'baseline', warn: 'restricted', 'warn-version': 'v1.0' });
    expect(await outcome(pod('p', PLAIN))).toBe('let in');
    expect(warnings).toEqual([
      'would violate PodSecurity "restricted:v1.0": runAsNonRoot != true (pod or container "main" must set securityContext.runAsNonRoot=true)',
    ]);
  });

  it('are asked again only when they run something else', async () => {
    await pod('p', HOST);
    await label({ enforce: 'baseline' });
    warnings = [];
    const update = (change: (pod: Pod) => void, subresource?: string) => {
      const draft = cloneJson(registry.get(pods, 'default', 'p')!.object);
      change(draft);
      return outcome(registry.update(pods, draft, { ...options, subresource }));
    };
    const refused = `403 pods "p" is forbidden: violates ${OF_HOST}`;
    expect(await update(p => (p.metadata.labels = { a: 'b' }))).toBe('let in');
    expect(await update(p => (p.status.phase = 'Running'), 'status')).toBe('let in');
    expect(await update(p => (p.spec.containers[0]!.image = 'a:2'))).toBe(refused);
    const debug = { name: 'debug', image: 'sh' };
    const attach = (p: Pod) => {
      p.spec.ephemeralContainers = [debug];
    };
    expect(await update(attach, 'ephemeralcontainers')).toBe(refused);
    await label({});
    expect(await update(attach, 'ephemeralcontainers')).toBe('let in');
    await label({ enforce: 'baseline' });
    expect(await update(p => (p.metadata.labels = { a: 'c' }))).toBe('let in');
    expect(warnings.filter(text => text.startsWith('would'))).toEqual([]);
  });

  it('are let in by a server that does not look', async () => {
    await open({ disable: ['PodSecurity'] });
    await label({ enforce: 'nonsense' });
    expect(await outcome(pod('p', HOST))).toBe('let in');
  });
});

describe('templates are let in, and told of', () => {
  const labels = { app: 'a' };
  const template = { metadata: { labels }, spec: HOST };
  const set = { selector: { matchLabels: labels }, template };
  const job = { template: { spec: { ...HOST, restartPolicy: 'Never' } } };
  it.each<[string, object]>([
    ['daemonsets.apps', { spec: set }],
    ['deployments.apps', { spec: set }],
    ['replicasets.apps', { spec: set }],
    ['statefulsets.apps', { spec: { ...set, serviceName: 's' } }],
    ['replicationcontrollers', { spec: { selector: labels, template } }],
    ['jobs.batch', { spec: job }],
    ['cronjobs.batch', { spec: { schedule: '* * * * *', jobTemplate: { spec: job } } }],
    ['podtemplates', { template }],
  ])('%s', async (resource, content) => {
    await label({ enforce: 'baseline' });
    expect(await outcome(make(resource, 'x', content))).toBe('let in');
    expect(warnings).toEqual([`would violate ${OF_HOST}`]);
    await label({ enforce: 'baseline', warn: 'privileged' });
    warnings = [];
    expect(await outcome(make(resource, 'y', content))).toBe('let in');
    expect(warnings).toEqual([]);
  });
});

describe('namespaces', () => {
  const NEW = 'existing pods in namespace "default" violate the new PodSecurity enforce level';

  it('have labels that mean something', async () => {
    const message = `metadata.labels[${LABEL}enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted`;
    expect(await outcome(label({ enforce: 'strict' }))).toBe(`422 Namespace "default" is invalid: ${message}`);
    const draft = {
      metadata: { name: 'new', labels: { [`${LABEL}warn-version`]: 'v2' } },
    } as unknown as Draft<Namespace>;
    expect(await outcome(registry.create(namespaces, draft))).toBe(
      `422 Namespace "new" is invalid: metadata.labels[${LABEL}warn-version]: Invalid value: "v2": must be "latest" or "v1.x"`,
    );
  });

  it.each<[Record<string, string>, Record<string, string>, string[]]>([
    [{}, { enforce: 'privileged' }, []],
    [{}, { warn: 'restricted' }, []],
    [{}, { enforce: 'baseline' }, [`${NEW} "baseline:latest"`, 'h1 (and 1 other pod): host namespaces']],
    [
      {},
      { enforce: 'restricted', 'enforce-version': 'v1.0' },
      [
        `${NEW} "restricted:v1.0"`,
        'h1 (and 1 other pod): host namespaces, runAsNonRoot != true',
        'p1 (and 2 other pods): runAsNonRoot != true',
      ],
    ],
    [{ enforce: 'restricted' }, { enforce: 'baseline' }, []],
    [{ enforce: 'baseline' }, { enforce: 'baseline', warn: 'restricted' }, []],
    [
      { enforce: 'restricted' },
      { enforce: 'baseline', 'enforce-version': 'v1.20' },
      [`${NEW} "baseline:v1.20"`, 'h1 (and 1 other pod): host namespaces'],
    ],
  ])('%j become %j: %j', async (before, after, expected) => {
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid: 'u', controller: true };
    for (const name of ['p3', 'p2', 'p1']) await pod(name, PLAIN, { ownerReferences: [owner] });
    for (const name of ['h2', 'h1']) await pod(name, HOST);
    await label(before);
    for (const dryRun of [true, false]) {
      warnings = [];
      await label(after, { dryRun });
      expect(warnings).toEqual(expected);
    }
  });
});
