import { describe, expect, it } from 'vitest';
import type { AdmissionOptions } from '../../../../src/registry/admission/index.js';
import { type ResourceDefinition, storeKey } from '../../../../src/resources/definition.js';
import { share } from '../../../../src/resources/json.js';
import type { Draft, KubeObject, Pod, Toleration } from '../../../../src/resources/types.js';
import { openRegistry, type TestRegistry } from '../../../support/registry.js';

const open = (admission?: AdmissionOptions): Promise<TestRegistry> => openRegistry(['default'], { admission });

async function make(registry: TestRegistry, resource: string, name: string, content: object = {}): Promise<KubeObject> {
  const kind = registry.kinds.byResource(resource)! as ResourceDefinition<KubeObject>;
  const { metadata = {}, ...rest } = content as { metadata?: object };
  const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version;
  const place = kind.namespaced ? { namespace: 'default' } : {};
  const draft = { apiVersion, kind: kind.kind, metadata: { name, ...place, ...metadata }, ...rest };
  return (await registry.create(kind, draft as Draft<KubeObject>)).object;
}

const pod = (registry: TestRegistry, spec: object = {}, metadata: object = {}) =>
  make(registry, 'pods', 'p', {
    metadata,
    spec: { containers: [{ name: 'main', image: 'a:1' }], ...spec },
  }) as Promise<Pod>;

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'let in',
    error => `${error.code ?? error.name} ${error.message}`,
  );

describe('plugins are switched', () => {
  it.each<[AdmissionOptions, string]>([
    [{ enable: ['Nonsense'] }, 'TypeError enable-admission-plugins plugin "Nonsense" is unknown'],
    [{ disable: ['priority'] }, 'TypeError disable-admission-plugins plugin "priority" is unknown'],
    [
      { enable: ['ServiceAccount', 'Priority'], disable: ['Priority', 'ServiceAccount'] },
      'TypeError [Priority ServiceAccount] in enable-admission-plugins and disable-admission-plugins overlapped',
    ],
    [{ enable: ['Priority', 'ServiceAccount'], disable: ['ResourceQuota'] }, 'let in'],
  ])('%j: %s', async (options, expected) => {
    expect(await refusal(open(options))).toBe(expected);
  });

  it('off', async () => {
    const registry = await open({ disable: ['DefaultTolerationSeconds', 'Priority'] });
    const { spec } = await pod(registry, { priorityClassName: 'none' });
    expect([spec.tolerations, spec.priority]).toEqual([undefined, undefined]);
  });
});

describe('DEF-06: what the plugins that are on by default make of a pod', () => {
  const [NOT_READY, UNREACHABLE] = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'] as const;
  const ordinary = { containers: [{ name: 'main', image: 'a:1' }] };
  const minutes = (key: string) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });

  it('Priority fills in 0, or what the class says, or what the default class says', async () => {
    expect((await pod(await open(), {})).spec).toMatchObject({
      priority: 0,
      preemptionPolicy: 'PreemptLowerPriority',
    });
    const registry = await open();
    await make(registry, 'priorityclasses.scheduling.k8s.io', 'polite', { value: 7, preemptionPolicy: 'Never' });
    await make(registry, 'priorityclasses.scheduling.k8s.io', 'usual', { value: 3, globalDefault: true });
    expect((await pod(registry, { priorityClassName: 'polite' })).spec).toMatchObject({
      priority: 7,
      preemptionPolicy: 'Never',
    });
    const { spec } = (await make(registry, 'pods', 'second', { spec: ordinary })) as Pod;
    expect(spec).toMatchObject({ priority: 3, priorityClassName: 'usual', preemptionPolicy: 'PreemptLowerPriority' });
  });

  const forGood = (key: string) => ({ key, operator: 'Exists', effect: 'NoExecute' });
  it.each<[string, Toleration[], Toleration[]]>([
    ['none', [], [minutes(NOT_READY), minutes(UNREACHABLE)]],
    ['one of them', [{ ...minutes(NOT_READY), tolerationSeconds: 5 }], [minutes(UNREACHABLE)]],
    ['both for good, as daemon pods do', [forGood(NOT_READY), forGood(UNREACHABLE)], []],
    ['everything', [{ operator: 'Exists' }], []],
  ])('DefaultTolerationSeconds adds what is missing to a pod that tolerates %s', async (_what, own, added) => {
    expect((await pod(await open(), { tolerations: own })).spec.tolerations).toEqual([...own, ...added]);
  });
});

describe('ServiceAccount', () => {
  const on = () => open({ enable: ['ServiceAccount'] });

  it('is off unless asked for', async () => {
    const { spec } = await pod(await open());
    expect([spec.serviceAccountName, spec.volumes]).toEqual([undefined, undefined]);
  });

  it('DEF-06: gives a pod the account default, and each container its token', async () => {
    const registry = await on();
    await make(registry, 'serviceaccounts', 'default', { imagePullSecrets: [{ name: 'pull' }] });
    const containers = share([
      { name: 'main', image: 'a:1', imagePullPolicy: 'Always', terminationMessagePolicy: 'File' },
      {
        name: 'own',
        image: 'a:1',
        imagePullPolicy: 'Always',
        terminationMessagePolicy: 'File',
        volumeMounts: [{ name: 'mine', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
      },
    ]);
    const { spec } = await pod(registry, { containers, volumes: [{ name: 'mine', emptyDir: {} }] });
    const name = spec.volumes![1]!.name;
    expect(name).toMatch(/^kube-api-access-[a-z0-9]{5}$/);
    expect(spec).toMatchObject({
      serviceAccountName: 'default',
      serviceAccount: 'default',
      imagePullSecrets: [{ name: 'pull' }],
      volumes: [
        { name: 'mine' },
        {
          name,
          projected: {
            defaultMode: 420,
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
              { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
              {
                downwardAPI: {
                  items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
                },
              },
            ],
          },
        },
      ],
    });
    expect(spec.containers.map(({ volumeMounts }) => volumeMounts!.map(mount => mount.name))).toEqual([
      [name],
      ['mine'],
    ]);
    expect(spec.containers[0]!.volumeMounts).toEqual([
      { name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ]);
  });

  it.each([
    [true, false, false],
    [false, undefined, false],
    [false, true, true],
    [undefined, undefined, true],
  ])('the account says automount %j, the pod %j: %j', async (account, ofPod, expected) => {
    const registry = await on();
    const says = (value: boolean | undefined) => (value === undefined ? {} : { automountServiceAccountToken: value });
    await make(registry, 'serviceaccounts', 'robot', says(account));
    const { spec } = await pod(registry, { serviceAccountName: 'robot', ...says(ofPod) });
    expect(spec.volumes !== undefined).toBe(expected);
  });

  it.each<[string, object, object, object, string]>([
    [
      'no account',
      {},
      { serviceAccountName: 'gone' },
      {},
      'error looking up service account default/gone: serviceaccount "gone" not found',
    ],
    [
      'a mirror pod with an account',
      {},
      { serviceAccountName: 'robot' },
      { annotations: { 'kubernetes.io/config.mirror': '1' } },
      'a mirror pod may not reference service accounts',
    ],
    [
      'a mirror pod with a secret',
      {},
      { volumes: [{ name: 'v', secret: { secretName: 's' } }] },
      { annotations: { 'kubernetes.io/config.mirror': '1' } },
      'a mirror pod may not reference secrets',
    ],
    [
      'a secret that may not be mounted',
      { secrets: [{ name: 'other' }] },
      { serviceAccountName: 'robot', volumes: [{ name: 'v', secret: { secretName: 's' } }] },
      {},
      'volume with secret.secretName="s" is not allowed because service account robot does not reference that secret',
    ],
    [
      'a secret in an environment',
      {},
      {
        serviceAccountName: 'robot',
        containers: [
          { name: 'main', image: 'a', env: [{ name: 'E', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] },
        ],
      },
      {},
      'container main with envVar E referencing secret.secretName="s" is not allowed because service account robot does not reference that secret',
    ],
    [
      'a secret to pull with',
      { imagePullSecrets: [{ name: 'p' }] },
      { serviceAccountName: 'robot', imagePullSecrets: [{ name: 's' }] },
      {},
      'imagePullSecrets[0].name="s" is not allowed because service account robot does not reference that imagePullSecret',
    ],
    [
      'secrets that are named',
      { secrets: [{ name: 's' }] },
      { serviceAccountName: 'robot', volumes: [{ name: 'v', secret: { secretName: 's' } }] },
      {},
      '',
    ],
  ])('%s', async (_, account, spec, metadata, why) => {
    const registry = await on();
    await make(registry, 'serviceaccounts', 'robot', {
      metadata: { annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } },
      ...account,
    });
    expect(await refusal(pod(registry, spec, metadata))).toBe(why ? `403 pods "p" is forbidden: ${why}` : 'let in');
  });
});

describe('RuntimeClass', () => {
  const gvisor = {
    handler: 'runsc',
    overhead: { podFixed: { cpu: '250m' } },
    scheduling: {
      nodeSelector: { runtime: 'gvisor' },
      tolerations: [{ key: 'gvisor', operator: 'Exists' }],
    },
  };
  it.each<[string, object, object | string]>([
    [
      'overhead, selector and tolerations',
      { runtimeClassName: 'gvisor', nodeSelector: { disk: 'ssd' } },
      { overhead: { cpu: '250m' }, nodeSelector: { disk: 'ssd', runtime: 'gvisor' } },
    ],
    ['the same overhead', { runtimeClassName: 'gvisor', overhead: { cpu: '0.25' } }, { overhead: { cpu: '250m' } }],
    [
      'another overhead',
      { runtimeClassName: 'gvisor', overhead: { cpu: '1' } },
      "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
    ],
    [
      'overhead of its own',
      { overhead: { cpu: '1' } },
      'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
    ],
    ['an unknown class', { runtimeClassName: 'kata' }, 'pod rejected: RuntimeClass "kata" not found'],
    [
      'another selector',
      { runtimeClassName: 'gvisor', nodeSelector: { runtime: 'runc' } },
      'conflict: runtimeClass.scheduling.nodeSelector[runtime] = gvisor; pod.spec.nodeSelector[runtime] = runc',
    ],
  ])('%s', async (_, spec, expected) => {
    const registry = await open();
    await make(registry, 'runtimeclasses.node.k8s.io', 'gvisor', gvisor);
    const made = pod(registry, spec);
    if (typeof expected === 'string') expect(await refusal(made)).toBe(`403 pods "p" is forbidden: ${expected}`);
    else expect((await made).spec).toMatchObject(expected);
  });

  it('leaves out tolerations that others contain', async () => {
    const registry = await open();
    await make(registry, 'runtimeclasses.node.k8s.io', 'gvisor', gvisor);
    const tolerations = [
      { key: 'gvisor', operator: 'Equal', value: 'x', effect: 'NoSchedule' },
      { key: 'gvisor', operator: 'Exists' },
      { key: 'other', operator: 'Exists' },
    ];
    const { spec } = await pod(registry, { runtimeClassName: 'gvisor', tolerations });
    expect(spec.tolerations!.map(({ key, operator }) => `${key} ${operator}`)).toEqual([
      'gvisor Exists',
      'other Exists',
      'node.kubernetes.io/not-ready Exists',
      'node.kubernetes.io/unreachable Exists',
    ]);
  });
});

describe('default classes', () => {
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  const ingress = { defaultBackend: { service: { name: 'web', port: { number: 80 } } } };
  const storage = [
    'persistentvolumeclaims',
    'storageclasses.storage.k8s.io',
    'storageClassName',
    { provisioner: 'x' },
  ] as const;
  const network = [
    'ingresses.networking.k8s.io',
    'ingressclasses.networking.k8s.io',
    'ingressClassName',
    { spec: { controller: 'a.b/c' } },
  ] as const;
  const cases = [
    [...storage, 'storageclass.kubernetes.io/is-default-class', claim, 'volume.beta.kubernetes.io/storage-class'],
    [...network, 'ingressclass.kubernetes.io/is-default-class', ingress, 'kubernetes.io/ingress.class'],
  ] as const;
  it.each(cases)('%s of %s', async (resource, classes, field, content, mark, spec, oldName) => {
    const registry = await open();
    const classOf = async (name: string, more: object = {}, metadata: object = {}) =>
      (
        (await make(registry, resource, name, { metadata, spec: { ...spec, ...more } })) as KubeObject & {
          spec: Record<string, unknown>;
        }
      ).spec[field];
    const marked = { metadata: { annotations: { [mark]: 'true' } } };
    await make(registry, classes, 'plain', content);
    expect(await classOf('none')).toBeUndefined();
    await make(registry, classes, 'one', { ...content, ...marked });
    expect(await classOf('first')).toBe('one');
    registry.clock.moveTo(registry.clock.now() + 5000);
    await make(registry, classes, 'a-newer', { ...content, ...marked });
    expect(await classOf('second')).toBe('a-newer');
    expect(await classOf('named', { [field]: 'plain' })).toBe('plain');
    expect(await classOf('old-way', {}, { annotations: { [oldName]: 'plain' } })).toBeUndefined();
  });

  it('an empty storage class asks for none', async () => {
    const registry = await open();
    await make(registry, 'storageclasses.storage.k8s.io', 'one', {
      provisioner: 'x',
      metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    });
    const made = await make(registry, 'persistentvolumeclaims', 'c', { spec: { ...claim, storageClassName: '' } });
    expect(made).toMatchObject({ spec: { storageClassName: '' } });
  });
});

describe('PersistentVolumeClaimResize', () => {
  it.each([
    ['Bound', 'grows', '2Gi', 'let in'],
    // Who may not change at all is told so first.
    [
      'Pending',
      'grows',
      '2Gi',
      '422 PersistentVolumeClaim "c" is invalid: spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
    ],
    [
      'Bound',
      'fixed',
      '2Gi',
      '403 persistentvolumeclaims "c" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    ],
    ['Pending', 'fixed', '1Gi', 'let in'],
  ])('a claim that is %s of a class that %s to %s: %s', async (phase, storageClassName, storage, expected) => {
    const registry = await open();
    for (const name of ['grows', 'fixed'])
      await make(registry, 'storageclasses.storage.k8s.io', name, {
        provisioner: 'x',
        allowVolumeExpansion: name === 'grows',
      });
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName };
    const claim = await make(registry, 'persistentvolumeclaims', 'c', { spec });
    const kind = registry.kinds.byResource('persistentvolumeclaims')!;
    const told = (await registry.update(kind, { ...claim, status: { phase } } as KubeObject, { subresource: 'status' }))
      .object;
    const wanted = { ...told, spec: { ...spec, volumeMode: 'Filesystem', resources: { requests: { storage } } } };
    expect(await refusal(registry.update(kind, wanted as KubeObject))).toBe(expected);
  });
});

it.each([
  [
    'persistentvolumeclaims',
    'kubernetes.io/pvc-protection',
    { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1' } } } },
  ],
  [
    'persistentvolumes',
    'kubernetes.io/pv-protection',
    { spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1' }, hostPath: { path: '/x' } } },
  ],
  [
    'volumeattributesclasses.storage.k8s.io',
    'kubernetes.io/vac-protection',
    { driverName: 'x', parameters: { a: 'b' } },
  ],
])('StorageObjectInUseProtection of %s', async (resource, finalizer, content) => {
  const registry = await open();
  expect((await make(registry, resource, 'it', content)).metadata.finalizers).toEqual([finalizer]);
  expect(storeKey(registry.kinds.byResource(resource)!)).toBe(resource);
});
