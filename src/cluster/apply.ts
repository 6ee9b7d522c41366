import { type Manifests, readManifests } from '../registry/manifests.js';
import type { Registry } from '../registry/registry.js';

/** The name under which manifests applied from code own their fields. */
const FIELD_MANAGER = 'kubette';

/** Applies each object on the server side, in the order given. */
export async function applyManifests(registry: Registry, manifests: Manifests): Promise<void> {
  for (const { kind, namespace, name, body } of readManifests(registry, manifests)) {
    await registry.patch(
      kind,
      namespace,
      name,
      { type: 'apply', body, force: true },
      { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' },
    );
  }
}
