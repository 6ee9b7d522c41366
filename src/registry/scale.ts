import { define } from '../resources/define.js';
import type { ScaleAccess } from '../resources/definition.js';
import { invalid } from '../resources/field-error.js';
import { AGE, column, NAME, printer } from '../resources/printing/printer.js';
import { SCALE_KIND, type Scale, scaleOf } from '../resources/scale.js';
import type { KubeObject } from '../resources/types.js';
import { NOT_NEGATIVE } from '../resources/validation/messages.js';
import type { Entry } from '../store/entry.js';
import { StoredJson } from '../store/stored-json.js';
import { decodePatched } from './decode.js';
import { applyPatch } from './patch/index.js';
import type { Registry } from './registry.js';
import { StatusError } from './status.js';
import type { AnyDefinition, Patch, WriteOptions } from './types.js';

/** Stands for the number of a custom object that has none, while its scale is patched. */
const UNSET = -(2 ** 31);

/** What a Scale is read and answered by: a kind of which nothing is stored. */
export const SCALE = define<Scale>({
  ...SCALE_KIND,
  plural: 'scales',
  virtual: true,
  printer: printer<Scale>(
    NAME,
    column('Desired', 'How many are wanted.', o => o.spec?.replicas ?? 0, 'integer'),
    column('Available', 'How many there are.', o => o.status?.replicas ?? 0, 'integer'),
    AGE,
  ),
});

/** The object's Scale, under its name and revision, to be answered like an object. */
export function scaleEntry(definition: AnyDefinition, entry: Entry): Entry<Scale> {
  const { resource, namespace, name, uid, revision } = entry;
  const access = accessOf(definition);
  if (access.replicasPath && access.replicas(entry.object) === undefined)
    throw StatusError.internal(`the spec replicas field ${JSON.stringify(access.replicasPath)} does not exist`);
  const object = scaleOf(access, entry.object);
  return { resource, namespace, name, uid, revision, object, bytes: StoredJson.of(object).bytes };
}

/** Scales an object by a Scale that a client sent: only `spec.replicas` of it counts, and `metadata.resourceVersion` if it is there. */
export async function putScale(
  registry: Registry,
  definition: AnyDefinition,
  live: Entry,
  scale: Partial<Scale>,
  options: WriteOptions,
): Promise<Entry<Scale>> {
  const { name } = live;
  const access = accessOf(definition);
  const replicas = scale.spec?.replicas ?? 0;
  const { replicasPath } = access;
  if (replicasPath && replicas === UNSET)
    throw StatusError.badRequest(`the spec replicas field ${JSON.stringify(replicasPath)} cannot be empty`);
  // Of custom kinds their own validation has a word for it.
  if (!replicasPath && replicas < 0)
    throw StatusError.invalid(SCALE_KIND, name, [invalid('spec.replicas', replicas, NOT_NEGATIVE)]);
  const { uid, resourceVersion } = scale.metadata ?? {};
  const scaled = access.withReplicas(live.object, replicas);
  const metadata = {
    ...live.object.metadata,
    uid: uid || live.uid,
    resourceVersion: resourceVersion || live.object.metadata.resourceVersion,
  };
  const written = await registry.update(definition, { ...scaled, metadata }, { ...options, subresource: 'scale' });
  return scaleEntry(definition, written);
}

/**
 * Scales an object by a patch of its Scale. An apply owns the field of the object that stands for `spec.replicas`.
 * @throws StatusError as patches of objects do
 */
export async function patchScale(
  registry: Registry,
  definition: AnyDefinition,
  live: Entry,
  patch: Patch,
  options: WriteOptions,
): Promise<Entry<Scale>> {
  const { type, body } = patch;
  if (type === 'apply') {
    const { apiVersion, kind } = live.object;
    const { replicas = 0 } = (body as Partial<Scale>).spec ?? {};
    const applied = accessOf(definition).withReplicas({ apiVersion, kind, metadata: {} } as KubeObject, replicas);
    const write = { ...options, subresource: 'scale' as const };
    const { entry } = await registry.patch(definition, live.namespace, live.name, { ...patch, body: applied }, write);
    return scaleEntry(definition, entry);
  }
  const access = accessOf(definition);
  const scale = scaleOf(access, live.object);
  const isUnset = access.replicasPath && access.replicas(live.object) === undefined;
  const before = isUnset ? { ...scale, spec: { replicas: UNSET } } : scale;
  const { object } = decodePatched<Scale>(applyPatch(type, before, body, SCALE.schema), SCALE, {
    fieldValidation: options.fieldValidation,
    shown: { type, patch: body },
  });
  return putScale(registry, definition, live, object, options);
}

/** Kinds that serve the subresource say how; that one does not is a mistake of ours. */
function accessOf({ scale, plural }: AnyDefinition): ScaleAccess {
  if (!scale) throw new Error(`${plural} has no scale`);
  return scale;
}
