import { type Manifests, parseManifests, readManifests } from '../registry/manifests.js';
import type { Registry } from '../registry/registry.js';
import { customResourceDefinitions } from '../resources/index.js';

/** The name under which manifests applied from code own their fields. */
const FIELD_MANAGER = 'kubette';

/**
 * Applies each object on the server side, in the order given; definitions of kinds first, so that objects of these can come with them.
 * @param settled resolves once definitions that were applied have been looked at
 * @throws StatusError as the API server would answer
 */
export async function applyManifests(
  registry: Registry,
  manifests: Manifests,
  settled: () => Promise<void>,
): Promise<void> {
  const objects = parseManifests(manifests);
  const definitions = objects.filter(isDefinition);
  await applyAll(registry, definitions);
  if (definitions.length > 0) await settled();
  await applyAll(
    registry,
    objects.filter(object => !isDefinition(object)),
  );
}

const isDefinition = (object: object): boolean => 'kind' in object && object.kind === customResourceDefinitions.kind;

async function applyAll(registry: Registry, objects: readonly object[]): Promise<void> {
  for (const { kind, namespace, name, body } of readManifests(registry, objects)) {
    await registry.patch(
      kind,
      namespace,
      name,
      { type: 'apply', body, force: true },
      { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' },
    );
  }
}
