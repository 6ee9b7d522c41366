import type { Registry } from '../registry/registry.js';
import type { Patch } from '../registry/types.js';
import { fromYaml, YamlSyntaxError } from '../registry/yaml.js';
import type { ResourceDefinition } from '../resources/definition.js';
import { equalJson, isObject } from '../resources/json.js';
import type { CompiledPatch, CompiledStep } from '../resources/stage/compile.js';
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

/** An Event, as it is to be told. */
export interface MadeEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** A step with all that templates make of the object as it was before the stage. */
interface MadeStep {
  readonly event?: MadeEvent;
  readonly finalizers?: StageFinalizers;
  readonly delete?: true;
  readonly patches?: readonly MadePatch[];
}

/**
 * What a stage does to an object, one after the other. What templates make is made first, of the object as it was.
 * @throws StageError, StatusError
 */
export async function play(
  registry: Registry,
  kind: ResourceDefinition,
  entry: Entry,
  stage: LivingStage,
  environment: Environment,
  tell: (event: MadeEvent) => void,
): Promise<void> {
  const { namespace, name, object } = entry;
  const steps = stage.steps.map(step => made(step, kind, object, environment));
  let isDeleted = false;
  for (const { event, finalizers, delete: deletes, patches = [] } of steps) {
    if (event) tell(event);
    if (isDeleted) continue;
    const next = finalizers && changedFinalizers(object.metadata.finalizers ?? [], finalizers);
    if (next) {
      const body = { metadata: { finalizers: next } };
      await registry.patch(kind, namespace, name, { type: 'merge', body }, { fieldManager });
    }
    if (deletes) {
      isDeleted = true;
      await remove(registry, kind, entry);
    }
    for (const { patch, subresource, user } of patches) {
      await registry.patch(kind, namespace, name, patch, {
        fieldManager,
        ...(subresource ? { subresource } : {}),
        ...(user ? { user: { name: user, groups: ['system:authenticated'] } } : {}),
      });
    }
  }
}

async function remove(registry: Registry, kind: ResourceDefinition, { namespace, name, uid }: Entry): Promise<void> {
  // The last finalizer may have been all that held it.
  if (registry.get(kind, namespace, name)?.uid !== uid) return;
  await registry.delete(kind, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
}

/** @throws StageError */
function made(
  { event, patch, ...others }: CompiledStep,
  kind: ResourceDefinition,
  object: KubeObject,
  environment: Environment,
): MadeStep {
  if (patch) return { patches: patchesOf(patch, kind, object, environment) };
  if (!event) return others;
  const { type, reason, message } = event;
  return { event: { type, reason, message: told(() => message.render(object, environment)) } };
}

/** The finalizers that an object has afterwards; undefined if they stay as they are. */
function changedFinalizers(
  own: readonly string[],
  { add = [], remove = [], empty }: StageFinalizers,
): string[] | undefined {
  const names = (items: readonly { value?: string }[]) => items.map(({ value = '' }) => value);
  const kept = empty ? [] : own.filter(name => !names(remove).includes(name));
  const next = [...kept, ...names(add).filter(name => !kept.includes(name))];
  return equalJson(next, own) ? undefined : next;
}

/** The patch that a template comes to; none if it comes to nothing, or would change nothing. @throws StageError */
function patchesOf(
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
  return told(() => fromYaml(render()).value);
}

/** What is wrong with what a template makes is the stage's fault. @throws StageError */
function told<T>(make: () => T): T {
  try {
    return make();
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
