import { kindNamed } from '../registry/kind-names.js';
import type { Registry } from '../registry/registry.js';
import { parseSelectors, select } from '../registry/selection.js';
import { StatusError } from '../registry/status.js';
import { parseJsonPath } from '../resources/custom/json-path.js';
import { qualifiedName, type ResourceDefinition } from '../resources/definition.js';
import { pods } from '../resources/index.js';
import type { Condition, KubeObject } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import { progressOf, ROLLING_KINDS, type Rolling } from './rollout.js';

/** What is waited for, in kubectl's words. */
export interface ConditionInput {
  /** `ds/agent`, as kubectl names it. */
  readonly object?: string | undefined;
  /** Of the object, or of the pods; `default` for an object if absent, and all namespaces for pods. */
  readonly namespace?: string | undefined;
  /**
   * What is to be true of the object: `rollout` (as `kubectl rollout status`), or as `kubectl wait --for`: `condition=Ready`,
   * `condition=Ready=False`, `jsonpath={.status.phase}=Running`, `jsonpath={.status.phase}`, `create`, `delete`.
   */
  readonly for?: string | undefined;
  /** How many pods there are to be. */
  readonly pods?: number | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

/** How it stands with what is waited for. */
export interface Standing {
  readonly met: boolean;
  readonly message: string;
}

const FORMS = 'rollout, condition=NAME, condition=NAME=VALUE, jsonpath={PATH}, jsonpath={PATH}=VALUE, create or delete';

/**
 * Reads what is waited for. The answer tells how it stands, each time it is asked.
 * @throws StatusError 400 for what cannot be waited for
 */
export function readCondition(registry: Registry, input: ConditionInput): () => Standing {
  if ((input.object === undefined) === (input.pods === undefined))
    throw StatusError.badRequest(
      'say what to wait for: either an object, such as {"object": "ds/agent", "for": "rollout"}, or a number of pods, such as {"pods": 3, "labelSelector": "app=agent"}',
    );
  return input.object === undefined ? ofPods(registry, input) : ofObject(registry, input.object, input);
}

function ofPods(registry: Registry, { pods: wanted, namespace, labelSelector, fieldSelector }: ConditionInput) {
  const selection = select(
    pods,
    parseSelectors({ ...(labelSelector ? { labelSelector } : {}), ...(fieldSelector ? { fieldSelector } : {}) }),
  );
  return () => {
    const count = registry.all(pods, namespace || undefined).filter(selection.matches).length;
    return { met: count === wanted, message: `${count} of ${wanted} pods` };
  };
}

function ofObject(registry: Registry, words: string, { namespace, for: wanted }: ConditionInput): () => Standing {
  const [word = '', name = '', ...rest] = words.split('/');
  if (!word || !name || rest.length > 0)
    throw StatusError.badRequest(`object must be a kind and a name, such as ds/agent, not ${JSON.stringify(words)}`);
  const kind = kindNamed(registry, word);
  const holds = testOf(kind, wanted);
  const place = kind.namespaced ? namespace || 'default' : '';
  return () => {
    const entry = registry.get(kind, place, name);
    const { met, message } = holds(entry);
    return { met, message: message ?? `${qualifiedName(kind)}/${name} ${met ? 'is' : 'is not'} ${wanted}` };
  };
}

type Test = (entry: Entry | undefined) => { readonly met: boolean; readonly message?: string };

function testOf(kind: ResourceDefinition<KubeObject>, wanted = ''): Test {
  if (wanted === 'create') return entry => ({ met: entry !== undefined });
  if (wanted === 'delete') return entry => ({ met: entry === undefined });
  const there =
    (test: (object: KubeObject) => boolean): Test =>
    entry => ({
      met: entry !== undefined && test(entry.object),
      ...(entry ? {} : { message: 'there is no such object' }),
    });
  if (wanted === 'rollout') return rolledOut(kind);
  const condition = /^condition=([^=]+)(?:=(.*))?$/.exec(wanted);
  if (condition) {
    const [, type = '', value = 'true'] = condition;
    const isAlike = (text: string | undefined) => text?.toLowerCase() === value.toLowerCase();
    // Names of conditions are compared as kubectl does, whatever their case.
    return there(object => {
      const { conditions = [] } = (object as { status?: { conditions?: readonly Condition[] } }).status ?? {};
      return isAlike(conditions.find(one => one.type.toLowerCase() === type.toLowerCase())?.status);
    });
  }
  const path = /^jsonpath='?\{(.+?)\}'?(?:=(.*))?$/.exec(wanted);
  const read = path && parseJsonPath(path[1]!);
  if (!read)
    throw StatusError.badRequest(
      wanted === ''
        ? `for is missing: what is to be true of the object: ${FORMS}`
        : `for cannot be ${JSON.stringify(wanted)}: it must be ${FORMS}`,
    );
  const value = path[2];
  return there(object => {
    const found = read(object).filter(one => one !== undefined);
    if (found.length === 0) return false;
    return value === undefined || found.map(textOf).join(' ') === value;
  });
}

function rolledOut(kind: ResourceDefinition<KubeObject>): Test {
  if (!ROLLING_KINDS.some(one => qualifiedName(one) === qualifiedName(kind)))
    throw StatusError.badRequest(`${kind.kind} has no rollouts`);
  return entry => {
    if (!entry) return { met: false, message: 'there is no such object' };
    const { done, message } = progressOf(entry as Entry<Rolling>);
    return { met: done, message };
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
