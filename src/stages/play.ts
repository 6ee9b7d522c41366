import type { Registry } from '../registry/registry.js';
import type { Patch } from '../registry/types.js';
import { fromYaml, YamlSyntaxError } from '../registry/yaml.js';
import type { ResourceDefinition } from '../resources/definition.js';
import { equalJson, isObject } from '../resources/json.js';
import type { CompiledPatch } from '../resources/stage/compile.js';
import type { StageFinalizers } from '../resources/stage/types.js';
import { type Environment, TemplateError } from '../resources/templates/template.js';
import type { KubeObject } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import type { LivingStage } from './stage.js';

/** Under which name stages own the fields that they set. */
const fieldManager = 'kwok';

/** What a stage makes of an object that makes no sense: nothing is tried again before the object or the stage is another. */
export class StageError extends Error {}

interface MadePatch {
  readonly patch: Patch;
  readonly subresource: string | undefined;
  readonly user: string | undefined;
}

/**
 * What a stage does to an object, in kwok's order: finalizers, then either deletion or patches, all of which are made of the object as it was.
 * @throws StageError, StatusError
 */
export async function play(
  registry: Registry,
  kind: ResourceDefinition,
  { namespace, name, object }: Entry,
  stage: LivingStage,
  environment: Environment,
): Promise<void> {
  const { delete: deletes } = stage.next;
  const patches = deletes ? [] : stage.patches.flatMap(patch => made(patch, kind, object, environment));
  const finalizers = stage.finalizers && changedFinalizers(object.metadata.finalizers ?? [], stage.finalizers);
  if (finalizers) {
    const body = { metadata: { finalizers } };
    await registry.patch(kind, namespace, name, { type: 'merge', body }, { fieldManager });
  }
  if (deletes) {
    // The last finalizer may have been all that held it.
    if (!registry.get(kind, namespace, name)) return;
    const { uid } = object.metadata;
    await registry.delete(kind, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
  }
  for (const { patch, subresource, user } of patches) {
    await registry.patch(kind, namespace, name, patch, {
      fieldManager,
      ...(subresource ? { subresource } : {}),
      ...(user ? { user: { name: user, groups: ['system:authenticated'] } } : {}),
    });
  }
}

/** The finalizers that an object has afterwards; undefined if they stay as they are. */
export function changedFinalizers(
  own: readonly string[],
  { add = [], remove = [], empty }: StageFinalizers,
): string[] | undefined {
  const names = (items: readonly { value?: string }[]) => items.map(({ value = '' }) => value);
  const kept = empty ? [] : own.filter(name => !names(remove).includes(name));
  const next = [...kept, ...names(add).filter(name => !kept.includes(name))];
  return equalJson(next, own) ? undefined : next;
}

/** The patch that a template comes to; none if it comes to nothing, or would change nothing. @throws StageError */
function made(
  { template, root, type, subresource, impersonation }: CompiledPatch,
  kind: ResourceDefinition,
  object: KubeObject,
  environment: Environment,
): MadePatch[] {
  const sort = type ?? (isPodOrNode(kind) ? 'strategic' : 'merge');
  const value = rendered(() => template.render(object, environment));
  if (value === null || value === undefined) return [];
  const body = sort === 'json' ? beneath(value, root) : root ? { [root]: value } : value;
  if (sort !== 'json' && (!isObject(body) || changesNothing(body, object, sort === 'strategic'))) return [];
  return [{ patch: { type: sort, body }, subresource, user: impersonation?.username }];
}

const isPodOrNode = ({ group, kind }: ResourceDefinition) => group === '' && (kind === 'Pod' || kind === 'Node');

/** Reads what a template has made. @throws StageError */
function rendered(render: () => string): unknown {
  try {
    return fromYaml(render()).value;
  } catch (error) {
    if (error instanceof TemplateError || error instanceof YamlSyntaxError) throw new StageError(error.message);
    throw error;
  }
}

/** A JSON patch whose paths begin at a field of the object. */
function beneath(value: unknown, root: string | undefined): unknown {
  if (!root || !Array.isArray(value)) return value;
  return value.map(operation =>
    isObject(operation) && typeof operation.path === 'string'
      ? { ...operation, path: `/${root}${operation.path}` }
      : operation,
  );
}

/** Whether a patch says only what is so already: kwok does not send it then. */
function changesNothing(patch: unknown, value: unknown, strategic: boolean): boolean {
  if (isObject(patch))
    return Object.entries(patch).every(([key, item]) => {
      const own = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
      return item === null ? own === undefined : changesNothing(item, own, strategic);
    });
  if (strategic && Array.isArray(patch) && Array.isArray(value))
    return patch.length === value.length && patch.every((item, i) => changesNothing(item, value[i], strategic));
  return equalJson(patch, value);
}
