import { APPLY_CHANGES, type AppliedAnswer, type Outcome } from '../graph/changes.js';
import type { Graph } from '../graph/client.js';
import type { Change } from './change.js';

/** Carries changes out, one after the other. @throws GraphError with what was done before the one that is refused */
export async function carryOut(graph: Graph, ...changes: readonly Change[]): Promise<Outcome> {
  const { applyChanges } = await graph.ask<AppliedAnswer>(APPLY_CHANGES, { changes });
  return {
    messages: applyChanges.changes.flatMap(({ messages }) => messages),
    warnings: applyChanges.changes.flatMap(({ warnings }) => warnings),
  };
}
