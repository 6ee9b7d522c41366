import type { ResourceDefinition } from '../../../resources/definition.js';
import { cloneJson, equalJson } from '../../../resources/json.js';
import { mutatingWebhookConfigurations } from '../../../resources/plain/admission.js';
import type { Scale } from '../../../resources/scale.js';
import type { KubeObject } from '../../../resources/types.js';
import { decodeObject } from '../../decode.js';
import { jsonPatch } from '../../patch/json-patch.js';
import type { Registry } from '../../registry.js';
import { messageOf, StatusError } from '../../status.js';
import type { AdmissionPlugin, AdmissionRequest } from '../admission.js';
import { Asked } from '../asked.js';
import { type Hook, heed, hooksOf, orFail, questionOf } from './hooks.js';
import { verdictOf } from './response.js';

/** What is remembered of the first round of a request, for the second. */
interface Round {
  /** Who wants to be asked again if others change the object afterwards, and was asked. */
  readonly invoked: Set<string>;
  /** Of those, who has to be. */
  readonly due: Set<string>;
  /** The object as the webhooks left it. */
  left: KubeObject;
}

const rounds = new WeakMap<AdmissionRequest, Round>();

/** Asks the webhooks that users configured, one after the other, how a write is to be changed. */
export const mutatingAdmissionWebhook: AdmissionPlugin = {
  name: 'MutatingAdmissionWebhook',
  isConfigurable: true,
  admit(request, registry) {
    const hooks = hooksOf(registry, mutatingWebhookConfigurations, request);
    if (hooks.length === 0) return false;
    const first = rounds.get(request);
    const round: Round = first ?? { invoked: new Set(), due: new Set(), left: request.object };
    rounds.set(request, round);
    if (first && !equalJson(first.left, request.object)) for (const id of first.invoked) first.due.add(id);
    let changed = false;
    for (const hook of hooks) {
      if (first && !first.due.has(hook.id)) continue;
      const didChange = invoke(hook, request, registry);
      if (didChange === undefined) continue;
      if (didChange) {
        changed = true;
        for (const id of round.invoked) round.due.add(id);
      }
      if (hook.webhook.reinvocationPolicy === 'IfNeeded') round.invoked.add(hook.id);
    }
    round.left = cloneJson(request.object);
    return changed;
  },
};

/** Whether the webhook changed the object; undefined if it is not concerned. @throws StatusError */
function invoke(hook: Hook, request: AdmissionRequest, registry: Registry): boolean | undefined {
  const found = questionOf(hook, request, registry);
  if (!found) return undefined;
  const { question, kind } = found;
  const [answer] = registry.answersTo([question]);
  const patch = orFail(hook, () => {
    const verdict = verdictOf(hook.name, answer!, question.review.apiVersion, true);
    heed(hook, verdict, request);
    return verdict.patch;
  });
  if (!patch?.length) return false;
  const shown = new Asked(request, registry).object(kind);
  if (!shown) {
    const what = 'attempted to modify the object, which is not supported for this operation';
    throw StatusError.internal(`admission webhook ${JSON.stringify(hook.name)} ${what}`);
  }
  const before = cloneJson(request.object);
  replace(request.object, patchedObject(request, shown, kind, patch));
  request.kind.strategy.setDefaults?.(request.object);
  return !equalJson(before, request.object);
}

/** The object as it is worked on, after a patch of what was shown. */
function patchedObject(
  { kind: worker, object, subresource }: AdmissionRequest,
  shown: KubeObject,
  kind: ResourceDefinition,
  patch: readonly unknown[],
): KubeObject {
  let result: unknown;
  try {
    result = jsonPatch(shown, patch);
  } catch (error) {
    throw StatusError.internal(messageOf(error));
  }
  if (subresource === 'scale' && worker.scale)
    return worker.scale.withReplicas(object, (result as Scale).spec?.replicas ?? 0);
  // What nobody stores has no type of its own here.
  if (shown.kind !== kind.kind) return result as KubeObject;
  const decoded = decode(result, kind);
  const { name } = object.metadata;
  const whole = { ...decoded, metadata: { ...decoded.metadata, name: decoded.metadata.name || name } } as KubeObject;
  if (kind === worker) return whole;
  if (kind.kept) return worker.kept ? worker.kept.read(kind.kept.write(whole)) : kind.kept.write(whole);
  return (kind.stored ? kind.stored.toStored(whole) : whole) as KubeObject;
}

function decode(value: unknown, kind: ResourceDefinition): KubeObject {
  try {
    return cloneJson(decodeObject(value, kind).object);
  } catch (error) {
    throw StatusError.internal(messageOf(error));
  }
}

/** Everybody else has hold of the object itself. */
function replace(object: KubeObject, by: KubeObject): void {
  for (const field of Object.keys(object)) delete (object as unknown as Record<string, unknown>)[field];
  Object.assign(object, by);
}
