import type { Change } from '../changes/change.js';
import { mutationOf } from '../changes/change.js';
import type { ObjectShape } from '../changes/forms.js';
import type { Graph } from './client.js';

export interface ObjectJsonAnswer {
  readonly object: { readonly json: ObjectShape } | null;
}

export const OBJECT_JSON = `query ObjectJson($kind: String!, $namespace: String!, $name: String!) {
  object(kind: $kind, namespace: $namespace, name: $name) { json }
}`;

/** What came of a change, line by line. */
export interface Outcome {
  readonly messages: readonly string[];
  readonly warnings: readonly string[];
}

interface ChangePayload {
  readonly warnings?: readonly string[];
  readonly changes?: readonly { readonly message: string }[];
  readonly drained?: boolean;
  readonly steps?: readonly {
    readonly namespace: string;
    readonly pod: string;
    readonly outcome: string;
    readonly message: string;
  }[];
}

/** Carries a change out. @throws GraphError */
export async function carryOut(graph: Graph, change: Change): Promise<Outcome> {
  const { query, variables } = mutationOf(change);
  const answer = await graph.ask<Record<string, ChangePayload | null>>(query, variables);
  const { changes = [], steps = [], warnings = [] } = Object.values(answer)[0] ?? {};
  return {
    messages: [
      ...changes.map(({ message }) => message),
      ...steps.map(({ namespace, pod, message }) => `${namespace}/${pod}: ${message}`),
    ],
    warnings,
  };
}
