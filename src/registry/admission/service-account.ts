import { serviceAccounts } from '../../resources/index.js';
import { isMirror } from '../../resources/state.js';
import type { Container, Pod, ServiceAccount, Volume } from '../../resources/types.js';
import type { Registry } from '../registry.js';
import { StatusError } from '../status.js';
import type { AdmissionPlugin, AdmissionRequest } from './admission.js';

const DEFAULT = 'default';
/** Where a container finds its token. */
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const VOLUME_STEM = 'kube-api-access-';
/** A year, but for what tells those that were asked for by name from these; what is warned of goes on to be good. */
const TOKEN_SECONDS = 3607;
const ENFORCES_SECRETS = 'kubernetes.io/enforce-mountable-secrets';

/** Every pod has a service account, its token where it looks for it, and the secrets with which its images are pulled. */
export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  resources: ['pods'],
  // Each pod gets a volume of its own, which makes large rollouts dear; and few who try out a cluster have accounts.
  offByDefault: true,
  admit(request, registry) {
    if (request.operation !== 'CREATE') return;
    const pod = request.object as Pod;
    const { spec } = pod;
    // What a kubelet shows of its own pods is not to be changed.
    if (isMirror(pod)) return;
    spec.serviceAccountName ||= DEFAULT;
    // What it was called before.
    spec.serviceAccount = spec.serviceAccountName;
    const account = accountOf(request, registry);
    if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) mountToken(pod, registry);
    if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length)
      spec.imagePullSecrets = account.imagePullSecrets.map(({ name }) => ({ ...(name ? { name } : {}) }));
  },
  validate(request, registry) {
    if (request.operation !== 'CREATE') return undefined;
    const pod = request.object as Pod;
    const problem = isMirror(pod) ? mirrorProblem(pod) : secretProblem(pod, accountOf(request, registry));
    if (problem) throw StatusError.forbidden(request.kind, request.name, problem);
    return undefined;
  },
};

function accountOf({ kind, namespace, name, object }: AdmissionRequest, registry: Registry): ServiceAccount {
  const wanted = (object as Pod).spec.serviceAccountName!;
  const account = registry.get(serviceAccounts, namespace, wanted)?.object;
  if (account) return account;
  throw StatusError.forbidden(
    kind,
    name,
    `error looking up service account ${namespace}/${wanted}: serviceaccount ${JSON.stringify(wanted)} not found`,
  );
}

/** Mounts the account's token in each container that has nothing else in its place. */
function mountToken({ spec }: Pod, registry: Registry): void {
  const present = spec.volumes?.find(volume => volume.name.startsWith(VOLUME_STEM));
  const name = present?.name ?? VOLUME_STEM + registry.random.suffix(5);
  let isMounted = false;
  const mounted = (containers: readonly Container[]) =>
    containers.map(container => {
      const mounts = container.volumeMounts ?? [];
      if (mounts.some(({ mountPath }) => mountPath === MOUNT_PATH)) return container;
      isMounted = true;
      return { ...container, volumeMounts: [...mounts, { name, readOnly: true, mountPath: MOUNT_PATH }] };
    });
  if (spec.initContainers) spec.initContainers = mounted(spec.initContainers);
  spec.containers = mounted(spec.containers ?? []);
  if (isMounted && !present) spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)];
}

/** The token, the certificate to trust, and the namespace. */
const tokenVolume = (name: string): Volume => ({
  name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
    defaultMode: 0o644,
  },
});

type Secretive = { secretName?: string };
type Projection = { secret?: { name?: string }; serviceAccountToken?: object };

const containersOf = ({ spec }: Pod) => [
  ...(spec.initContainers ?? []).map(container => ({ container, what: 'init container' })),
  ...spec.containers.map(container => ({ container, what: 'container' })),
];

function mirrorProblem(pod: Pod): string | undefined {
  const { spec } = pod;
  if (spec.serviceAccountName) return 'a mirror pod may not reference service accounts';
  const projections = (spec.volumes ?? []).flatMap(
    volume => (volume.projected as { sources?: Projection[] } | undefined)?.sources ?? [],
  );
  const namesSecrets =
    (spec.imagePullSecrets?.length ?? 0) > 0 ||
    spec.volumes?.some(volume => volume.secret !== undefined) ||
    projections.some(({ secret }) => secret) ||
    containersOf(pod).some(
      ({ container: { env, envFrom } }) =>
        env?.some(({ valueFrom }) => valueFrom?.secretKeyRef) || envFrom?.some(({ secretRef }) => secretRef),
    );
  if (namesSecrets) return 'a mirror pod may not reference secrets';
  return projections.some(({ serviceAccountToken }) => serviceAccountToken)
    ? 'a mirror pod may not use ServiceAccountToken volume projections'
    : undefined;
}

/** Of an account that says so, pods use only the secrets that it names. */
function secretProblem(pod: Pod, { metadata, secrets, imagePullSecrets }: ServiceAccount): string | undefined {
  if (metadata.annotations?.[ENFORCES_SECRETS] !== 'true') return undefined;
  const named = new Set(secrets?.map(({ name }) => name));
  const unnamed = `is not allowed because service account ${metadata.name} does not reference that`;
  for (const { secret } of pod.spec.volumes ?? []) {
    const { secretName } = (secret ?? {}) as Secretive;
    if (secret && !named.has(secretName)) return `volume with secret.secretName="${secretName}" ${unnamed} secret`;
  }
  for (const { container, what } of containersOf(pod)) {
    for (const { name, valueFrom } of container.env ?? []) {
      const secret = valueFrom?.secretKeyRef;
      if (secret && !named.has(secret.name))
        return `${what} ${container.name} with envVar ${name} referencing secret.secretName="${secret.name}" ${unnamed} secret`;
    }
    for (const { secretRef } of container.envFrom ?? [])
      if (secretRef && !named.has(secretRef.name))
        return `${what} ${container.name} with envFrom referencing secret.secretName="${secretRef.name}" ${unnamed} secret`;
  }
  const pulls = new Set(imagePullSecrets?.map(({ name }) => name));
  for (const [i, { name }] of (pod.spec.imagePullSecrets ?? []).entries())
    if (!pulls.has(name)) return `imagePullSecrets[${i}].name="${name}" ${unnamed} imagePullSecret`;
  return undefined;
}
