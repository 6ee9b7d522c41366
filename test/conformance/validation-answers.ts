import { decodeObject } from '../../src/registry/decode.js';
import { StatusError } from '../../src/registry/status.js';
import type { ResourceDefinition } from '../../src/resources/definition.js';
import type { FieldError } from '../../src/resources/field-error.js';
import { BUILT_IN, KindTable } from '../../src/resources/index.js';
import { validateMetadata, validateMetadataUpdate } from '../../src/resources/metadata.js';
import type { KubeObject } from '../../src/resources/types.js';

export interface Answer {
  readonly status: number;
  readonly reason?: string;
  /** `field: reason: message`, sorted, each once. */
  readonly causes?: readonly string[];
  /** What would be stored. */
  readonly object?: KubeObject;
}

const kinds = new KindTable(BUILT_IN);

type Body = { apiVersion: string; kind: string };

/** Asks a kind, by itself, what it makes of an object that is to be created. @param path where it is sent */
export function createAnswer(body: Body, path: string): Answer {
  const definition = kinds.byKind(body.apiVersion, body.kind) as ResourceDefinition;
  return answer(() => {
    const { strategy } = definition;
    const draft = structuredClone(decodeObject<KubeObject>(body, definition).object);
    strategy.setDefaults?.(draft);
    const { name, generateName } = draft.metadata;
    if (!name && generateName) draft.metadata.name = `${generateName}x7k2p`;
    if (definition.namespaced) draft.metadata.namespace = /namespaces\/([^/]+)/.exec(path)![1]!;
    strategy.prepareForCreate?.(draft);
    const errors = [...validateMetadata(definition, draft), ...(strategy.validate?.(draft) ?? [])];
    return { errors, object: draft, status: 201 };
  });
}

/** The same of an object that replaces `old`, which is stored. */
export function updateAnswer(body: Body, old: KubeObject): Answer {
  const definition = kinds.byKind(body.apiVersion, body.kind) as ResourceDefinition;
  return answer(() => {
    const { strategy } = definition;
    const object = structuredClone(decodeObject<KubeObject>(body, definition).object);
    strategy.setDefaults?.(object);
    strategy.prepareForUpdate?.(object, old);
    const errors = [
      ...validateMetadataUpdate(definition, object, old),
      ...(strategy.validateUpdate?.(object, old) ?? []),
    ];
    return { errors, object, status: 200 };
  });
}

function answer(decide: () => { errors: FieldError[]; object: KubeObject; status: number }): Answer {
  try {
    const { errors, object, status } = decide();
    if (errors.length === 0) return { status, object };
    return { status: 422, reason: 'Invalid', causes: causesOf(errors) };
  } catch (error) {
    if (error instanceof StatusError) return { status: error.code, reason: error.reason };
    throw error;
  }
}

const causesOf = (errors: readonly FieldError[]) =>
  [...new Set(errors.map(e => `${e.field}: ${e.reason}: ${e.body}`))].sort();
