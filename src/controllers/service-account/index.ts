import { StatusError } from '../../registry/status.js';
import type { ResourceDefinition } from '../../resources/definition.js';
import { configMaps, namespaces, serviceAccounts } from '../../resources/index.js';
import type { ConfigMap, KubeObject, ServiceAccount } from '../../resources/types.js';
import { type Controller, type ControllerContext, source } from '../runtime/types.js';

/** Every namespace has the ServiceAccount `default`; it comes back when it is deleted. */
export function serviceAccountController(context: ControllerContext): Controller {
  return inEveryNamespace<ServiceAccount>(context, 'service-account', serviceAccounts, 'default', existing =>
    existing ? undefined : { apiVersion: 'v1', kind: 'ServiceAccount' },
  );
}

const DESCRIPTION = 'kubernetes.io/description';
const ABOUT_THE_BUNDLE =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/**
 * Every namespace has the ConfigMap `kube-root-ca.crt`; it comes back when it is deleted or changed.
 * @param certificate of the authority, in PEM
 */
export function rootCAPublisher(context: ControllerContext, certificate: string): Controller {
  const data = { 'ca.crt': certificate };
  return inEveryNamespace<ConfigMap>(
    context,
    'root-ca-certificate-publisher',
    configMaps,
    'kube-root-ca.crt',
    existing => {
      const annotations = existing?.metadata.annotations ?? {};
      const entries = Object.entries(existing?.data ?? {});
      const isRight = entries.length === 1 && existing?.data?.['ca.crt'] === data['ca.crt'];
      if (isRight && annotations[DESCRIPTION] !== undefined) return undefined;
      const metadata = { annotations: { ...annotations, [DESCRIPTION]: ABOUT_THE_BUNDLE } };
      return { apiVersion: 'v1', kind: 'ConfigMap', ...existing, metadata, data };
    },
  );
}

/** What an object should be, less its name; undefined if it is so. */
type Wanted<T extends KubeObject> = (
  existing: T | undefined,
) => (Omit<T, 'metadata'> & { metadata?: Partial<T['metadata']> }) | undefined;

/** Sees to it that every namespace has an object called `name`, unless it is being deleted. */
function inEveryNamespace<T extends KubeObject>(
  { registry }: ControllerContext,
  controller: string,
  kind: ResourceDefinition<T>,
  name: string,
  wanted: Wanted<T>,
): Controller {
  return {
    name: controller,
    workers: 10,
    watches: [
      source(namespaces, ({ type, entry }) => (type === 'DELETED' ? [] : [entry.name])),
      source(kind, ({ entry }) => (entry.name === name ? [entry.namespace] : [])),
    ],
    async reconcile(namespace: string) {
      const parent = registry.get(namespaces, '', namespace)?.object;
      if (!parent || parent.metadata.deletionTimestamp !== undefined) return;
      const existing = registry.get(kind, namespace, name)?.object;
      const object = wanted(existing);
      if (!object) return;
      try {
        if (existing)
          await registry.update(kind, {
            ...existing,
            ...object,
            metadata: { ...existing.metadata, ...object.metadata },
          });
        else await registry.create(kind, { ...object, metadata: { ...object.metadata, name, namespace } });
      } catch (error) {
        // The namespace went, or is about to.
        if (!StatusError.is(error, 'NotFound') && !StatusError.is(error, 'Forbidden')) throw error;
      }
    },
  };
}
