import { namespaces } from '../../resources/index.js';
import { StatusError } from '../status.js';
import type { AdmissionPlugin } from './admission.js';

const IMMORTAL = new Set(['default', 'kube-system', 'kube-public']);

/** Objects live only in namespaces that exist, none are made in one that ends, and the built-in ones never end. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  admit({ operation, kind, namespace, name }, registry) {
    if (operation === 'DELETE' && kind.plural === 'namespaces' && kind.group === '' && IMMORTAL.has(name)) {
      throw StatusError.forbidden(kind, name, 'this namespace may not be deleted');
    }
    if (operation !== 'CREATE' || !kind.namespaced) return;
    const entry = registry.get(namespaces, '', namespace);
    if (!entry) throw StatusError.notFound(namespaces, namespace);
    if (entry.object.metadata.deletionTimestamp !== undefined) {
      throw StatusError.forbidden(
        kind,
        name,
        `unable to create new content in namespace ${namespace} because it is being terminated`,
        [
          {
            reason: 'NamespaceTerminating',
            message: `namespace ${namespace} is being terminated`,
            field: 'metadata.namespace',
          },
        ],
      );
    }
  },
};
